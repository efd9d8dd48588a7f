"""Escalation policies whose steps cannot be meant: reminders before the request, rungs that lead nowhere."""

from __future__ import annotations

from schemas.declared import Declared, Entry
from schemas.findings import Code, Thing
from schemas.model import PlanFile, Recipient, Span, SpanUnit
from schemas.references import task_paths


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


def _length(span: Span) -> float:
    """About how many days."""
    unit = {SpanUnit.WORKING_DAY: 1.4, SpanUnit.DAY: 1.0, SpanUnit.WEEK: 7.0, SpanUnit.MONTH: 30.4}
    return span.count * unit[span.unit]
