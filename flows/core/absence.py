"""Absences: what follows when whoever is asked for a report answers that they are away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.core.ladder import Addressee
from flows.core.schedule import Schedule
from flows.core.state import Absence, RequestFacts, RequestKey, Status
from schemas.model import Agency, Contact


def leaves_time(plan: CyclePlan, key: RequestKey, facts: RequestFacts, back_on: date) -> bool:
    """Whether whoever is back on that day still has the least time that the policy gives for a report."""
    task = plan.by_id[key[0]]
    due_on = facts.due_on or task.schedule.due_on
    if facts.status is not Status.OPEN or back_on > due_on:
        return False  # nor is a day counted that lies beyond all calendars
    first_day = plan.calendar.working_day(back_on)
    return plan.calendar.move(first_day, task.policy.at_least) <= due_on


def reminded_from(plan: CyclePlan, key: RequestKey, facts: RequestFacts, dates: Schedule) -> datetime:
    """Before when no reminder is sent: when whoever is asked is back, if that leaves enough time, and else
    when the request opens.
    """
    mailbox = ladder.owner(plan.bundle, plan.answering(*key)).mailbox if facts.away else None
    absence = facts.away.get(mailbox.casefold()) if mailbox is not None else None
    if absence is None or absence.back_on is None or not leaves_time(plan, key, facts, absence.back_on):
        return dates.opens_at
    return plan.calendar.opening(plan.calendar.working_day(absence.back_on))


def missed(plan: CyclePlan, key: RequestKey, facts: RequestFacts, now: datetime) -> Mapping[str, Absence]:
    """The addresses, in one case, whose readers are away and come back too late for the report."""
    today = plan.calendar.day_of(now)
    return {
        address: absence
        for address, absence in facts.away.items()
        if absence.back_on is not None
        and absence.back_on > today
        and not leaves_time(plan, key, facts, absence.back_on)
    }


def returned(facts: RequestFacts, address: str | None) -> RequestFacts:
    """A request once somebody has written from that address, in one case: they are away no more."""
    return replace(facts, away={one: absence for one, absence in facts.away.items() if one != address})


def stand_in(agency: Agency, absence: Absence, unreached: Collection[str]) -> Addressee | None:
    """Who of an agency is written to in the place of somebody away: whom the notice names, if that is an
    address on file for the agency, else its next contact; None when nobody is left. `unreached` are addresses
    that are not tried, in one case.
    """
    known = ladder.people(agency)
    if absence.instead is not None and absence.instead not in unreached:
        named = next((one for one in known if _folded(one.mailbox) == absence.instead), None)
        alias = next((one for one in agency.aliases if one.casefold() == absence.instead), None)
        if named is not None:
            return named
        if alias is not None:
            return Addressee(agency=agency, contact=Contact(mailbox=alias))
    return ladder.first_but(known, unreached)


def is_on_file(agency: Agency, address: str) -> bool:
    """Whether an address, in one case, is the agency's, one of its people's, or an alias of it."""
    known = [*(one.mailbox for one in ladder.people(agency)), *agency.aliases]
    return address in map(_folded, known)


def _folded(mailbox: str | None) -> str | None:
    return mailbox.casefold() if mailbox is not None else None
