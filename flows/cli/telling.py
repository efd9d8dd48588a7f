"""Changes to the ledger as they are told: a line each for people, and JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flows.cli.texts import say
from flows.core.actions import name_of
from flows.core.amendment import Fate, RequestChange
from flows.shell import wording
from flows.shell.specs.changes import Change, Changes, CycleChange, PlannedCycle, PlannedPlan
from flows.speech import LANGUAGE
from notifiers.ports import LetterKind
from notifiers.wording import shortened
from schemas.model import Language

_NAMED = 3
"""Agencies and periods told by name; of more, how many."""

_TITLE = 60
"""Letters of a task's title."""

_LETTERS: dict[Language, dict[LetterKind, str]] = {
    Language.VI: {
        LetterKind.REQUEST: "đề nghị báo cáo",
        LetterKind.REMINDER: "nhắc việc",
        LetterKind.OVERDUE: "báo quá hạn",
        LetterKind.ESCALATION: "báo cấp trên",
        LetterKind.MISSING: "báo thiếu",
        LetterKind.TAKEN_OVER: "tiếp nhận kết quả",
        LetterKind.REDATED: "báo thời hạn mới",
        LetterKind.WITHDRAWN: "rút đề nghị",
    },
    Language.EN: {
        LetterKind.REQUEST: "requests",
        LetterKind.REMINDER: "reminders",
        LetterKind.OVERDUE: "overdue notices",
        LetterKind.ESCALATION: "escalations",
        LetterKind.MISSING: "missing notices",
        LetterKind.TAKEN_OVER: "results taken over",
        LetterKind.REDATED: "new due dates",
        LetterKind.WITHDRAWN: "withdrawals",
    },
}


def told(changes: Changes) -> Iterator[str]:
    """The changes for people, a line each."""
    for one in changes.plans:
        if one.change is not Change.SAME or one.cycles:
            yield from _plan_lines(one)
    if changes.gone:
        yield _say("gone", plans=", ".join(changes.gone))
    count = Counter(one.change for one in changes.plans)
    if changes.nothing and not changes.waiting:
        yield _say("nothing", same=count[Change.SAME])
        return
    yield _say(
        "summary",
        new=count[Change.NEW],
        changed=count[Change.CHANGED],
        same=count[Change.SAME],
        letters=letters_of(changes),
    )


def in_json(changes: Changes) -> dict[str, Any]:
    """What `dondoc plan --json` prints: plans → cycles → requests; names of changes are stable."""
    return {
        "token": changes.token,
        "nothing": changes.nothing,
        "plans": [
            {
                "plan": one.plan_id,
                "number": one.number,
                "title": one.title,
                "change": one.change,
                "cycles": [cycle_json(cycle) for cycle in one.cycles if cycle.change is not CycleChange.SAME],
            }
            for one in changes.plans
        ],
        "not_in_specs": list(changes.gone),
    }


def cycle_json(cycle: PlannedCycle) -> dict[str, Any]:
    """What happens in one cycle, for programs."""
    opened = {key: action.due_on for key, action in cycle.opened.items()}
    following = None
    if cycle.next_at is not None and cycle.next_action is not None:
        following = {"action": name_of(cycle.next_action), "at": cycle.next_at.isoformat()}
    return {
        "cycle": cycle.period.key,
        "name": wording.cycle_name(cycle.period, LANGUAGE),
        "change": cycle.change,
        "carried_out": cycle.carried_out,
        "otherwise": cycle.otherwise,
        "requests": [
            {
                "task": one.task,
                "agency": one.agency,
                "change": one.fate,
                "due": opened.get(one.key, one.due_on).isoformat(),
                "was_due": one.was_due_on.isoformat() if one.was_due_on is not None else None,
                "planned_due": one.due_on.isoformat(),
                "opens_now": one.key in opened,
                "letter": one.told,
            }
            for one in cycle.requests
        ],
        "mails_now": dict(cycle.letters),
        "next": following,
    }


def _plan_lines(one: PlannedPlan) -> Iterator[str]:
    silent = all(cycle.change is CycleChange.SAME for cycle in one.cycles)
    key = "plan_noted" if silent and one.change is Change.CHANGED else f"plan_{one.change}"
    yield _say(key, number=one.number, plan=one.plan_id)
    past = [cycle for cycle in one.cycles if cycle.change is CycleChange.PAST]
    if past:
        names = [wording.cycle_name(cycle.period, LANGUAGE) for cycle in past]
        yield _say("cycles_past", names=some(names, "and_more_cycles"))
    for cycle in one.cycles:
        if cycle.change not in (CycleChange.PAST, CycleChange.SAME):
            yield from cycle_lines(cycle)


def cycle_lines(cycle: PlannedCycle) -> Iterator[str]:
    """What happens in one cycle."""
    asked = [one for one in cycle.requests if one.fate is not Fate.PAST]
    key = f"cycle_{cycle.change}" if cycle.carried_out else "cycle_kept"
    name = wording.cycle_name(cycle.period, LANGUAGE)
    yield _say(key, name=name, owed=len(asked), due=_dates([one.due_on for one in asked]))
    if cycle.change is not CycleChange.DROPPED:
        yield from _request_lines(cycle)
    if cycle.otherwise:
        yield _say("otherwise")
    now = sum(cycle.letters.values())
    if cycle.next_at is not None and cycle.next_action is not None:
        following = wording.next_step(cycle.next_action, LANGUAGE)
        at = wording.instant(cycle.next_at, cycle.plan.calendar.zone, LANGUAGE)
        yield _say("now_and_next" if now else "next", n=now, next=following, at=at)
    elif now:
        yield _say("now", n=now)


def _request_lines(cycle: PlannedCycle) -> Iterator[str]:
    """A line for all agencies that the same happens to; of a new period, only what is out of the ordinary."""
    groups: dict[tuple[str, RequestChange], list[str]] = {}
    for one in cycle.requests:
        moved = one.fate is Fate.OPENED and one.key in cycle.opened and cycle.opened[one.key].moved
        if cycle.change is CycleChange.NEW and one.fate is Fate.OPENED and not moved:
            continue
        due = cycle.opened[one.key].due_on if moved else one.due_on
        alike = RequestChange(
            task=one.task,
            agency="",
            fate=one.fate,
            due_on=due,
            was_due_on=one.due_on if moved else one.was_due_on,
            told=one.told,
        )
        key = "opened_moved" if moved else str(one.fate)
        groups.setdefault((key, alike), []).append(_agency(cycle, one.agency))
    for (key, alike), agencies in groups.items():
        was = wording.day(alike.was_due_on, LANGUAGE) if alike.was_due_on is not None else ""
        line = _say(
            key,
            who=some(agencies),
            task=_task(cycle, alike.task),
            due=wording.day(alike.due_on, LANGUAGE),
            was=was,
            planned=was,
        )
        yield line + (_say("told") if alike.told else "")


def _agency(cycle: PlannedCycle, agency: str) -> str:
    for version in (cycle.plan, cycle.was):
        if version is not None and agency in version.bundle.agencies:
            return version.bundle.agencies[agency].called
    return agency


def _task(cycle: PlannedCycle, task: str) -> str:
    for version in (cycle.plan, cycle.was):
        if version is not None and task in version.by_id:
            return shortened(version.by_id[task].task.title, _TITLE)
    return task


def some(names: Sequence[str], more: str = "and_more") -> str:
    """The first names, and of the others how many."""
    shown = ", ".join(names[:_NAMED])
    return _say(more, names=shown, n=len(names) - _NAMED) if len(names) > _NAMED else shown


def _dates(days: Sequence[date]) -> str:
    if not days:
        return "–"
    first, last = (wording.day(day, LANGUAGE) for day in (min(days), max(days)))
    return first if first == last else _say("range", first=first, last=last)


def letters_of(changes: Changes) -> str:
    """The mails that go out at once, by their kinds."""
    total: Counter[LetterKind] = Counter()
    for one in changes.plans:
        for cycle in one.cycles:
            total.update(cycle.letters)
    listed = [f"{name}: {total[kind]}" for kind, name in _LETTERS[LANGUAGE].items() if total[kind]]
    return ", ".join(listed) or _say("no_letters")


def _say(key: str, **values: object) -> str:
    return say(f"changes_{key}", **values)
