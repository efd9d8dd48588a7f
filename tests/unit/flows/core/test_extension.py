"""More time for a request: what speaks against it, and what becomes of its facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.core.extension import Objection, extended, least_time, objections
from flows.core.state import RequestFacts, Status
from tests.bundles import at, cycle
from tests.stories import Story

PLAN = cycle()
KEY = ("bao-cao", "xa-1")
OPEN = RequestFacts(status=Status.OPEN, opened_at=at("2024-11-15"), due_on=date(2024, 11, 29))
NOW = at("2024-11-20 10:00")


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2024-11-19", [Objection.PAST]),
        ("2024-11-20", [Objection.NOT_LATER]),
        ("2024-11-29", [Objection.NOT_LATER]),
        ("2024-11-30", []),
        ("2024-12-11", []),  # the day on which it is closed
        ("2024-12-12", [Objection.AFTER_CLOSING]),
    ],
)
def test_a_day_is_weighed_against_today_the_due_date_and_the_closing(
    until: str, expected: list[Objection]
) -> None:
    assert list(objections(PLAN, KEY, OPEN, date.fromisoformat(until), NOW, None)) == expected


@pytest.mark.parametrize(
    ("above", "expected"),
    [("2024-12-06", []), ("2024-12-05", [Objection.AFTER_ABOVE]), ("2024-12-02", [Objection.AFTER_ABOVE])],
)
def test_the_plan_above_needs_the_result_after_it(above: str, expected: list[Objection]) -> None:
    found = objections(PLAN, KEY, OPEN, date(2024, 12, 5), NOW, date.fromisoformat(above))
    assert list(found) == expected


@pytest.mark.parametrize(
    "status", [Status.SCHEDULED, Status.WAITING, Status.REPORTED, Status.MISSING, Status.WITHDRAWN]
)
def test_time_is_given_only_for_what_is_asked(status: Status) -> None:
    facts = replace(OPEN, status=status)
    assert objections(PLAN, KEY, facts, date(2024, 12, 5), NOW, None) == (Objection.NOT_ASKED,)


def test_an_extended_request_is_in_time_again_and_reminded_anew_but_climbs_no_rung_twice() -> None:
    story = Story(PLAN)
    while story.request().rung < 1:
        story.next()
    late = story.request()
    assert late.status is Status.OVERDUE
    now = at("2024-12-03 10:00")
    facts = extended(PLAN, KEY, late, date(2024, 12, 13), now)
    assert (facts.status, facts.due_on, facts.rung, facts.reminders) == (
        Status.OPEN,
        date(2024, 12, 13),
        1,
        0,
    )
    assert facts.edition == late.edition + 1
    story.facts = replace(story.facts, requests={KEY: facts})
    story.wake_at = now
    told = [line for _, lines in story.until_the_end() for line in lines]
    assert [line.split()[0] for line in told] == [
        "remind", "remind", "markoverdue", "escalate", "escalate", "close", "end",
    ]  # fmt: skip


def test_who_is_asked_late_in_the_place_of_another_has_the_least_time() -> None:
    assert least_time(PLAN, KEY, OPEN, NOW) == date(2024, 11, 29)
    assert least_time(PLAN, KEY, OPEN, at("2024-11-28 10:00")) == date(2024, 12, 3)
