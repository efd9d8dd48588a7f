"""Amendments: what a new version of a plan does to the requests of a cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from flows.core.cycle import CyclePlan, TaskPlan
from flows.core.state import RequestFacts, RequestKey, Status
from schemas.model import Agency, Frequency


class Fate(StrEnum):
    """What becomes of one request."""

    OPENED = "opened"  # it was not asked for before; it is asked for at its time
    REDATED = "re-dated"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"  # dated otherwise or dropped by the new version, but settled: it stays as it is
    PAST = "past"  # its due date had passed before it came into the ledger: it is not asked for


@dataclass(frozen=True, kw_only=True)
class RequestChange:
    """What becomes of one request, and whether its agency is written to about that."""

    task: str
    agency: str
    fate: Fate
    due_on: date
    """The last day in time from now on."""
    was_due_on: date | None = None
    """The last day in time until now, when it was another."""
    told: bool = False
    """Whether the agency gets a letter about the change itself."""

    @property
    def key(self) -> RequestKey:
        """Who owes what."""
        return (self.task, self.agency)


def compare(
    old: CyclePlan | None,
    new: CyclePlan | None,
    facts: Mapping[RequestKey, RequestFacts],
    now: datetime,
    *,
    with_past: bool,
) -> tuple[RequestChange, ...]:
    """What changes for the requests of a cycle when `new` takes the place of `old`, in the order of the plan.

    None stands for a version that has no such cycle. A request whose due date has passed by `now` is added
    only with `with_past`; one that was in the cycle already goes on.
    """
    found = [] if new is None else list(_asked(old, new, facts, now, with_past=with_past))
    return (*found, *(_dropped(old, new, facts) if old is not None else ()))


def amended(
    facts: RequestFacts | None, change: RequestChange, plan: CyclePlan, now: datetime
) -> RequestFacts:
    """The facts of a request after its change under `plan`, the version that asks for it."""
    before = facts or RequestFacts()
    match change.fate:
        case Fate.OPENED if facts is not None:
            # asked for anew: its letters are others than the first time, rungs once climbed are not again
            return RequestFacts(
                edition=before.edition + 1,
                rung=before.rung,
                escalated_at=before.escalated_at,
                resolved=before.resolved,
            )
        case Fate.REDATED if before.status.asked:
            dates = plan.rescheduled(plan.by_id[change.task], change.due_on)
            return replace(
                before,
                status=Status.OPEN,
                due_on=change.due_on,
                reminders=sum(at <= now for at in dates.reminders_at),
                edition=before.edition + 1,
            )
        case Fate.WITHDRAWN | Fate.PAST:
            return replace(before, status=Status.WITHDRAWN, settled_at=now)
        case _:
            return before


def same_otherwise(old: CyclePlan, new: CyclePlan) -> bool:
    """Whether two versions of a cycle say the same to those asked in both, owners and due dates apart."""
    return _said(old, new) == _said(new, old)


def with_earlier(plan: CyclePlan, earlier: Mapping[RequestKey, CyclePlan]) -> CyclePlan:
    """A cycle together with requests that only earlier versions of it asked for.

    They were withdrawn, or answered before they could be; what was answered still counts.
    """
    if not earlier:
        return plan
    tasks = {task.id: task for task in plan.tasks}
    bundle = plan.bundle
    for (task_id, agency), before in earlier.items():
        task = tasks.get(task_id) or replace(before.by_id[task_id], owners=(), waits=(), counted_from=None)
        if agency not in task.owners:
            tasks[task_id] = replace(task, owners=(*task.owners, agency))
        bundle = bundle.model_copy(
            update={
                "agencies": {**before.bundle.agencies, **bundle.agencies},
                "forms": {**before.bundle.forms, **bundle.forms},
            }
        )
    return replace(plan, bundle=bundle, tasks=tuple(tasks.values()))


def with_acting(plan: CyclePlan, acting: Mapping[RequestKey, Agency]) -> CyclePlan:
    """A cycle of which other agencies answer some requests; each stays owed by the agency that it names."""
    if not acting:
        return plan
    others = {agency.id: agency for agency in acting.values()}
    bundle = plan.bundle.model_copy(update={"agencies": {**others, **plan.bundle.agencies}})
    return replace(plan, bundle=bundle, acting={key: agency.id for key, agency in acting.items()})


def _asked(
    old: CyclePlan | None,
    new: CyclePlan,
    facts: Mapping[RequestKey, RequestFacts],
    now: datetime,
    *,
    with_past: bool,
) -> Iterator[RequestChange]:
    for task in new.tasks:
        dates = new.counted(task, facts)
        due = dates.due_on
        for agency in task.owners:
            key = (task.id, agency)
            before = facts.get(key)
            if before is None or before.status is Status.WITHDRAWN:
                past = dates.due_at <= now and not with_past
                if past and before is not None:
                    continue  # not asked for, as before
                fate = Fate.PAST if past else Fate.OPENED
                yield RequestChange(task=task.id, agency=agency, fate=fate, due_on=due)
                continue
            planned = _planned(old, task, agency, facts, due)
            if before.status.asked:
                moved = (
                    _moved(new, task, due, before.due_on or planned, before, now) if due != planned else None
                )
                if moved is not None:
                    was = before.due_on or planned
                    yield _redated(task, agency, moved, was, told=True)
            elif due != planned and before.status.settled:
                yield RequestChange(task=task.id, agency=agency, fate=Fate.ANSWERED, due_on=planned)
            elif due != planned:
                yield _redated(task, agency, due, planned, told=False)


def _dropped(
    old: CyclePlan, new: CyclePlan | None, facts: Mapping[RequestKey, RequestFacts]
) -> Iterator[RequestChange]:
    kept = {(task.id, agency) for task in new.tasks for agency in task.owners} if new is not None else set()
    for task in old.tasks:
        for agency in task.owners:
            before = facts.get((task.id, agency), RequestFacts())
            if (task.id, agency) in kept or before.status is Status.WITHDRAWN:
                continue
            answered = before.status in (Status.REPORTED, Status.REPORTED_LATE)
            yield RequestChange(
                task=task.id,
                agency=agency,
                fate=Fate.ANSWERED if answered else Fate.WITHDRAWN,
                due_on=before.due_on or task.schedule.due_on,
                told=before.status.asked,
            )


def _planned(
    old: CyclePlan | None, task: TaskPlan, agency: str, facts: Mapping[RequestKey, RequestFacts], due: date
) -> date:
    """The due date that the version so far gives the request; `due` when it did not ask for it."""
    before = old.by_id.get(task.id) if old is not None else None
    if old is None or before is None or agency not in before.owners:
        return due
    return old.counted(before, facts).due_on


def _moved(
    cycle: CyclePlan, task: TaskPlan, planned: date, current: date, facts: RequestFacts, now: datetime
) -> date | None:
    """The new due date of a report that was asked for; None when it keeps the one it has.

    A date that comes nearer leaves the least time from today, unless less was left anyway; a report that is
    overdue stays so unless the new date lies ahead.
    """
    calendar = cycle.calendar
    today = calendar.day_of(now)
    if facts.status is Status.OVERDUE:
        return planned if planned > current and planned >= today else None
    soonest = calendar.move(calendar.working_day(today), task.policy.at_least)
    due = max(planned, min(current, soonest))
    return due if due != current else None


def _redated(task: TaskPlan, agency: str, due: date, was: date, *, told: bool) -> RequestChange:
    return RequestChange(
        task=task.id, agency=agency, fate=Fate.REDATED, due_on=due, was_due_on=was, told=told
    )


def _said(cycle: CyclePlan, other: CyclePlan) -> tuple[object, ...]:
    """What a cycle says that its letters and decisions use, as far as the other version is asked the same."""
    plan = cycle.bundle.spec.plan
    whole = plan.model_dump(exclude={"period", "recipients", "assumed", "regime", "calendar", "escalation"})
    tasks = [
        (
            task.id,
            task.task.title,
            task.task.text,
            task.report.model_dump(exclude={"due", "cut_off", "since", "assumed", "escalation", "form"}),
            task.cut_off_on,
            task.waits,
            task.policy,
            cycle.form(task.id),
        )
        for task in cycle.tasks
        if task.id in other.by_id
    ]
    agencies = [
        agency.model_dump(exclude={"assumed"})
        for name, agency in sorted(cycle.bundle.agencies.items())
        if name in other.bundle.agencies
    ]
    # a one-off period is the whole plan's, and no letter tells it
    period = None if cycle.period.frequency is Frequency.ONCE else cycle.period
    return (whole, sorted(tasks, key=lambda one: one[0]), cycle.calendar, agencies, period)
