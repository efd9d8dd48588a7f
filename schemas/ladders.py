"""Escalation policies whose steps cannot be meant: reminders before the request, rungs out of order."""

from __future__ import annotations

from schemas.declared import Declared
from schemas.findings import Code, Thing
from schemas.model import Span, SpanUnit


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


def _length(span: Span) -> float:
    """About how many days."""
    unit = {SpanUnit.WORKING_DAY: 1.4, SpanUnit.DAY: 1.0, SpanUnit.WEEK: 7.0, SpanUnit.MONTH: 30.4}
    return span.count * unit[span.unit]
