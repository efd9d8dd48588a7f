"""A plan as a picture: the plans above it, its tasks with who owes what by when, and what waits for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flows.core.cycle import cycles
from flows.core.graph import in_order
from flows.documents.picture import Arrow, Box, Kind, Look, svg
from flows.shell import wording
from schemas.catalogue import Bundle, Catalogue
from schemas.model import Frequency, Language, Task

_PERIODS = 3
"""Periods told one by one; of more, how many there are and the first and last date."""
_OWNERS = 3

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "issuer": "{issuer} ban hành ngày {issued}; thực hiện từ {start} đến {end}",
        "coordinator": "Theo dõi, tổng hợp: {agency}",
        "lead": "Chủ trì: {owners}",
        "coordinating": "Phối hợp: {agencies}",
        "more": "{names} và {more} đơn vị khác",
        "due": "{cycle}: hạn {due}",
        "once": "Hạn {due}",
        "many": "{count} kỳ: hạn {first} … {last}",
        "on_demand": "Báo cáo đột xuất, khi có yêu cầu",
        "route": "Gửi {to}",
        "route_via": "Gửi {to}, qua {via}",
        "quiet": "Không phải báo cáo",
        "answers": "kết quả trả lời: {task}",
        "cited": "căn cứ",
        "legend_after": "Mũi tên xuống giữa các nhiệm vụ: nhiệm vụ dưới chờ nhiệm vụ trên. Khung nét đứt: không phải báo cáo.",
        "legend_up": "Mũi tên lên: kết quả tổng hợp gửi kế hoạch cấp trên; nét đứt: chỉ là căn cứ.",
    },
    Language.EN: {
        "issuer": "issued by {issuer} on {issued}; runs from {start} to {end}",
        "coordinator": "Followed up by: {agency}",
        "lead": "Lead: {owners}",
        "coordinating": "With: {agencies}",
        "more": "{names} and {more} more",
        "due": "{cycle}: due {due}",
        "once": "Due {due}",
        "many": "{count} periods: due {first} … {last}",
        "on_demand": "On demand, when it is asked for",
        "route": "To {to}",
        "route_via": "To {to}, via {via}",
        "quiet": "Owes no report",
        "answers": "its result answers: {task}",
        "cited": "cited",
        "legend_after": "Arrows down between tasks: the lower one waits for the upper. Dashed boxes owe no report.",
        "legend_up": "Arrows up: the consolidated result goes to the plan above; dashed: only cited.",
    },
}


def draw(catalogue: Catalogue, plan_id: str, language: Language) -> str:
    """The plan as SVG."""
    bundle = catalogue.bundle(plan_id)
    plan = bundle.spec.plan
    texts = _TEXTS[language]
    above, arrows = _above(catalogue, bundle, texts)
    head = Box(id="plan", kind=Kind.PLAN, wide=True, texts=_head(bundle, texts, language))
    dues = _dues(bundle, language)
    boxes = {
        task.id: _task(bundle, task, dues.get(task.id, []), texts, language) for task in bundle.spec.tasks
    }
    waits = _waits(bundle)
    depth = _depths(waits)
    followed = {first for firsts in waits.values() for first in firsts}
    layers = [
        # what another task waits for stands last, so that its arrow crosses no box of its own layer
        sorted(
            (boxes[task.id] for task in bundle.spec.tasks if depth[task.id] == level),
            key=lambda box: box.id.removeprefix("task ") in followed,
        )
        for level in range(max(depth.values()) + 1)
    ]
    arrows += [
        Arrow(start=f"task {first}", end=f"task {name}") for name, firsts in waits.items() for first in firsts
    ]
    title = f"{plan.number} · {plan.title}"
    whole = [*([above] if above else []), [head], *layers]
    legend = [texts["legend_up"]] if above else []
    return svg(title, whole, arrows, [texts["legend_after"], *legend])


def _above(catalogue: Catalogue, bundle: Bundle, texts: Mapping[str, str]) -> tuple[list[Box], list[Arrow]]:
    boxes: dict[str, Box] = {}
    arrows = []
    for superior in bundle.spec.plan.implements:
        there = catalogue.plans[superior.plan]
        issuer = catalogue.agencies[there.plan.issuer].called
        box_id = f"above {superior.plan}"
        boxes[box_id] = Box(
            id=box_id,
            kind=Kind.ABOVE,
            texts=(
                (Look.HEAD, there.plan.number),
                (Look.PLAIN, there.plan.title),
                (Look.FAINT, issuer),
                *(
                    (Look.DATE, texts["answers"].format(task=task.title))
                    for task in there.tasks
                    if task.id == superior.task
                ),
            ),
        )
        label = "" if superior.task is not None else texts["cited"]
        arrows.append(Arrow(start="plan", end=box_id, label=label, dashed=superior.task is None))
    return list(boxes.values()), arrows


def _head(bundle: Bundle, texts: Mapping[str, str], language: Language) -> tuple[tuple[Look, str], ...]:
    plan = bundle.spec.plan
    lines = [
        (Look.HEAD, f"{plan.number}: {plan.title}"),
        (
            Look.PLAIN,
            texts["issuer"].format(
                issuer=bundle.agencies[plan.issuer].called,
                issued=wording.day(plan.issued_on, language),
                start=wording.day(plan.period.start, language),
                end=wording.day(plan.period.end, language),
            ),
        ),
    ]
    if plan.coordinator is not None:
        lines.append(
            (Look.FAINT, texts["coordinator"].format(agency=bundle.agencies[plan.coordinator].called))
        )
    return tuple(lines)


def _dues(bundle: Bundle, language: Language) -> dict[str, list[tuple[str, date, tuple[str, ...]]]]:
    """Of each task its cycles: what they are called, when they are due, and who owes."""
    found: dict[str, list[tuple[str, date, tuple[str, ...]]]] = {}
    for cycle in cycles(bundle):
        for task in cycle.tasks:
            name = wording.cycle_name(cycle.period, language)
            found.setdefault(task.id, []).append((name, task.schedule.due_on, task.owners))
    return found


def _task(
    bundle: Bundle,
    task: Task,
    dues: Sequence[tuple[str, date, tuple[str, ...]]],
    texts: Mapping[str, str],
    language: Language,
) -> Box:
    owners = dues[0][2] if dues else bundle.owners(task)
    lines = [
        *([(Look.FAINT, task.source)] if task.source else []),
        (Look.HEAD, task.title),
        (Look.PLAIN, texts["lead"].format(owners=_names(bundle, owners, texts))),
    ]
    with_ = bundle.coordinating(task)
    if with_:
        lines.append((Look.FAINT, texts["coordinating"].format(agencies=_names(bundle, with_, texts))))
    report = bundle.report(task)
    if report is not None:
        called = {name: bundle.agencies[name].called for name in (report.to, report.via) if name}
        to = called[report.to] if report.to else bundle.agencies[bundle.spec.plan.issuer].called
        key = "route_via" if report.via else "route"
        lines.append((Look.FAINT, texts[key].format(to=to, via=called.get(report.via or "", ""))))
    else:
        lines.append((Look.FAINT, texts["quiet"]))
    if report is not None and not report.dated:
        lines.append((Look.DATE, texts["on_demand"]))
    if len(dues) > _PERIODS:
        first, last = (wording.day(dues[n][1], language) for n in (0, -1))
        lines.append((Look.DATE, texts["many"].format(count=len(dues), first=first, last=last)))
    else:
        told = texts["once" if report is not None and report.every is Frequency.ONCE else "due"]
        lines += [
            (Look.DATE, told.format(cycle=cycle, due=wording.day(due, language))) for cycle, due, _ in dues
        ]
    kind = Kind.QUIET if report is None else Kind.TASK
    return Box(id=f"task {task.id}", kind=kind, texts=tuple(lines))


def _names(bundle: Bundle, agencies: Sequence[str], texts: Mapping[str, str]) -> str:
    names = [bundle.agencies[agency].called for agency in agencies]
    shown = ", ".join(names[:_OWNERS])
    return texts["more"].format(names=shown, more=len(names) - _OWNERS) if len(names) > _OWNERS else shown


def _waits(bundle: Bundle) -> dict[str, list[str]]:
    """What each task waits for: what it stands after, and what its due date is counted from the end of."""
    found = {task.id: {wait.task: None for wait in task.after} for task in bundle.spec.tasks}
    for cycle in cycles(bundle):
        for task in cycle.tasks:
            if task.counted_from is not None:
                found[task.id][task.counted_from.task] = None
    return {name: list(firsts) for name, firsts in found.items()}


def _depths(waits: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many tasks must come before each, one after the other."""
    found: dict[str, int] = {}
    for name in in_order(waits):
        found[name] = max((found[other] + 1 for other in waits[name]), default=0)
    return found
