"""Extensions: what more time does to a request, and what speaks against granting it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from flows.core.amendment import Fate, RequestChange, amended
from flows.core.cycle import CyclePlan
from flows.core.state import RequestFacts, RequestKey


class Objection(StrEnum):
    """What speaks against a new due date."""

    NOT_ASKED = "not-asked"  # the report is settled, or not asked for yet
    PAST = "past"  # the day is over
    NOT_LATER = "not-later"  # no more time than there is already
    AFTER_CLOSING = "after-closing"  # by then the report would have been closed as missing
    AFTER_ABOVE = "after-above"  # the report that it goes into is due earlier

    @property
    def final(self) -> bool:
        """Whether no confirmation helps."""
        return self in (Objection.NOT_ASKED, Objection.PAST, Objection.NOT_LATER)


def objections(
    plan: CyclePlan, key: RequestKey, facts: RequestFacts, until: date, now: datetime, above: date | None
) -> tuple[Objection, ...]:
    """What speaks against `until` as the last day in time of a request, the gravest first; `above` is when
    the report that the cycle's result goes into is due, if any.
    """
    if not facts.status.asked:
        return (Objection.NOT_ASKED,)
    task = plan.by_id[key[0]]
    if until < plan.calendar.day_of(now):
        return (Objection.PAST,)
    if until <= (facts.due_on or task.schedule.due_on):
        return (Objection.NOT_LATER,)
    found = []
    if until > plan.calendar.day_of(task.schedule.closes_at):
        found.append(Objection.AFTER_CLOSING)
    if above is not None and until >= above:
        found.append(Objection.AFTER_ABOVE)
    return tuple(found)


def extended(
    plan: CyclePlan, key: RequestKey, facts: RequestFacts, until: date, now: datetime
) -> RequestFacts:
    """A request that was asked for, with more time: it is in time until then, is reminded anew before it, and
    is not late any more; rungs once climbed are not climbed again.
    """
    change = RequestChange(task=key[0], agency=key[1], fate=Fate.REDATED, due_on=until)
    return amended(facts, change, plan, now)


def least_time(plan: CyclePlan, key: RequestKey, facts: RequestFacts, now: datetime) -> date:
    """Until when whoever is asked now in the place of another has time: nobody begins with a report that is
    overdue already.
    """
    task = plan.by_id[key[0]]
    today = plan.calendar.working_day(plan.calendar.day_of(now))
    return max(facts.due_on or task.schedule.due_on, plan.calendar.move(today, task.policy.at_least))
