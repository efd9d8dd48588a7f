"""Escalation policies whose steps cannot be meant: reminders before the request, requests before the period,
rungs that lead nowhere.
"""

from __future__ import annotations

from schemas.declared import Declared, Entry
from schemas.findings import Code, Place, Thing
from schemas.model import Frequency, PlanFile, Recipient, Report, Span, SpanUnit
from schemas.references import task_paths

_SHORTEST = {Frequency.WEEK: 7, Frequency.MONTH: 28, Frequency.QUARTER: 89}
"""Days of the shortest period of each kind that may be shorter than the time a request is sent ahead."""
_AHEAD = {
    Frequency.WEEK: Span(2, SpanUnit.WORKING_DAY),
    Frequency.MONTH: Span(10, SpanUnit.WORKING_DAY),
    Frequency.QUARTER: Span(20, SpanUnit.WORKING_DAY),
}
"""How far ahead it may well be sent instead."""


def check_ladders(declared: Declared) -> None:
    """Look at the order of every ladder."""
    for entry in declared.escalations.entries.values():
        policy = entry.thing
        for number, reminder in enumerate(policy.reminders):
            if _length(reminder) >= _length(policy.opens):
                declared.say(
                    Code.REMINDER_TOO_EARLY,
                    entry.value_place("reminders", number),
                    span=reminder,
                    opens=policy.opens,
                )
        for number, rung in enumerate(policy.ladder):
            where = Thing("escalation", entry.name, f"ladder[{number + 1}]")
            place = entry.value_place("ladder", number, "after")
            above = policy.ladder[number - 1] if number else None
            if above is not None and _length(rung.after) < _length(above.after):
                declared.say(
                    Code.LADDER_ORDER,
                    place,
                    "order",
                    where=where,
                    span=rung.after,
                    above=above.after,
                )
            if _length(rung.after) > _length(policy.closes):
                declared.say(
                    Code.LADDER_ORDER,
                    place,
                    "closed",
                    where=where,
                    span=rung.after,
                    closes=policy.closes,
                )


def check_climbs(declared: Declared) -> None:
    """Look at plans whose issuer leads a task itself: for want of a superior the issuer is told of delays."""
    for entry in declared.plans.entries.values():
        issuer = declared.agencies.entries.get(entry.thing.plan.issuer)
        if not entry.reading.is_broken(()) and issuer is not None and issuer.thing.superior is None:
            _climb(declared, entry, issuer.name)


def _climb(declared: Declared, entry: Entry[PlanFile], issuer: str) -> None:
    """Tell of the first task of a plan that its issuer leads, if its delays are to climb."""
    climbing = {
        name
        for name, policy in declared.escalations.entries.items()
        if any(rung.to is Recipient.SUPERIOR for rung in policy.thing.ladder)
    }
    for number, index in task_paths(entry):
        task = entry.thing.tasks[index]
        if not any(issuer == owner or issuer in declared.members(owner) for owner in task.lead):
            continue
        report = entry.thing.report(task)
        name = report.escalation or entry.thing.plan.escalation if report is not None else ""
        if name in climbing:
            place = entry.place("tasks", number, "lead")
            where = Thing("task", task.id, "lead")
            declared.say(Code.LADDER_WITHOUT_SUPERIOR, place, where=where, name=issuer, policy=name)
            return


def check_lead_times(declared: Declared) -> None:
    """Look at reports that are asked for before their period has begun: the first of each kind in a plan."""
    for entry in declared.plans.entries.values():
        if entry.reading.is_broken(()):
            continue
        spec = entry.thing
        regime = declared.regimes.entries.get(spec.plan.regime)
        told: set[tuple[str, Frequency]] = set()
        for number, index in task_paths(entry):
            report = spec.report(spec.tasks[index])
            if report is None or regime is None or report.every not in _SHORTEST:
                continue
            name = report.escalation or spec.plan.escalation
            policy = declared.escalations.entries.get(name)
            after = report.due.after_cut_off if report.due is not None else regime.thing.due_after
            if policy is None or after is None or (name, report.every) in told:
                continue
            if _length(policy.thing.opens) > _SHORTEST[report.every] + _length(after):
                told.add((name, report.every))
                declared.say(
                    Code.ASKED_BEFORE_PERIOD,
                    _every_place(entry, number, index),
                    where=Thing("task", spec.tasks[index].id),
                    policy=name,
                    opens=policy.thing.opens,
                    every=report.every.value,
                    ahead=_AHEAD[report.every],
                )


def _every_place(entry: Entry[PlanFile], number: int, index: int) -> Place:
    """Where it is written how often a task's report is owed."""
    own = entry.thing.tasks[index].report
    if isinstance(own, Report) and "every" in own.model_fields_set:
        return entry.place("tasks", number, "report", "every")
    return entry.place("defaults", "report", "every")


def _length(span: Span) -> float:
    """About how many days."""
    unit = {SpanUnit.WORKING_DAY: 1.4, SpanUnit.DAY: 1.0, SpanUnit.WEEK: 7.0, SpanUnit.MONTH: 30.4}
    return span.count * unit[span.unit]
