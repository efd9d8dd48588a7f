"""A plan's due dates and reminders as appointments, one for each task and period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.core.cycle import CyclePlan, TaskPlan, cycles
from flows.documents.appointments import Appointment
from flows.shell import wording
from notifiers.wording import says_report
from schemas.catalogue import Bundle
from schemas.model import Frequency, Language

_NAMED = 12
"""Agencies named in an appointment; of more, how many."""

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "due": "Hạn báo cáo: {task}",
        "due_report": "Đến hạn: {task}",
        "reminder": "Nhắc việc lần {step}/{steps}: {task}, hạn {due}",
        "in_cycle": "{task} ({cycle})",
        "owners": "Đơn vị báo cáo: {owners}",
        "until": "Hạn: hết ngày {due}",
        "data": "Số liệu chốt đến hết ngày {cut_off}",
        "provisional": "Ngày dự kiến: hạn thực tế tính từ khi nhiệm vụ trước hoàn thành",
        "more": "{names} và {more} đơn vị khác",
        "due_category": "Hạn báo cáo",
        "reminder_category": "Nhắc việc",
    },
    Language.EN: {
        "due": "Report due: {task}",
        "due_report": "Due: {task}",
        "reminder": "Reminder {step} of {steps}: {task}, due {due}",
        "in_cycle": "{task} ({cycle})",
        "owners": "Reporting: {owners}",
        "until": "Due: to the end of {due}",
        "data": "Data up to the end of {cut_off}",
        "provisional": "Planned: it is counted from the day on which the task before is completed",
        "more": "{names} and {more} more",
        "due_category": "Report due",
        "reminder_category": "Reminder",
    },
}


def deadlines(bundle: Bundle, language: Language) -> Sequence[Appointment]:
    """Every due date and reminder of a plan, in the order of time; uids are the same each time."""
    found = (one for cycle in cycles(bundle) for task in cycle.tasks for one in _of(cycle, task, language))
    return tuple(sorted(found, key=lambda one: (one.on, one.uid)))


def _of(cycle: CyclePlan, task: TaskPlan, language: Language) -> Iterator[Appointment]:
    texts, plan = _TEXTS[language], cycle.bundle.spec.plan
    due_on = task.schedule.due_on
    once = cycle.period.frequency is Frequency.ONCE
    title = task.task.title
    due = "due_report" if says_report(title, language) else "due"
    if not once:
        title = texts["in_cycle"].format(task=title, cycle=wording.cycle_name(cycle.period, language))
    said = {"task": title, "due": wording.day(due_on, language)}
    lines = [
        f"{plan.number} {plan.title}",
        texts["owners"].format(owners=_owners(cycle, task, texts["more"])),
        texts["until"].format(due=said["due"]),
    ]
    if not once or task.report.cut_off is not None:
        lines.append(texts["data"].format(cut_off=wording.day(task.cut_off_on, language)))
    if task.counted_from is not None:
        lines.append(texts["provisional"])
    description = "\n".join(lines)
    uid = f"{plan.id}.{cycle.key}.{task.id}"
    yield Appointment(
        uid=f"{uid}.due@dondoc",
        on=due_on,
        summary=texts[due].format(**said),
        description=description,
        category=texts["due_category"],
    )
    steps = len(task.schedule.reminders_at)
    for step, at in enumerate(task.schedule.reminders_at, start=1):
        yield Appointment(
            uid=f"{uid}.reminder-{step}@dondoc",
            on=cycle.calendar.day_of(at),
            summary=texts["reminder"].format(step=step, steps=steps, **said),
            description=description,
            category=texts["reminder_category"],
        )


def _owners(cycle: CyclePlan, task: TaskPlan, more: str) -> str:
    names = [cycle.bundle.agencies[agency].called for agency in task.owners]
    shown = ", ".join(names[:_NAMED])
    return more.format(names=shown, more=len(names) - _NAMED) if len(names) > _NAMED else shown
