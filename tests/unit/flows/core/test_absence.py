"""What follows when whoever is asked is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.core.absence import is_on_file, leaves_time, missed, stand_in
from flows.core.state import Absence, RequestFacts, Status
from schemas.model import Agency
from tests.bundles import at, cycle
from tests.stories import Story

KEY = ("bao-cao", "xa-1")
OPEN = RequestFacts(status=Status.OPEN, opened_at=at("2024-11-15"), due_on=date(2024, 11, 29))
MAILBOX = "xa-1@xa.example"
AGENCY = Agency.model_validate(
    {
        "id": "xa-1",
        "name": "UBND xã 1",
        "mailbox": MAILBOX,
        "aliases": ["Van.Phong@xa.example"],
        "domains": ["xa.example"],
        "focal_point": {"name": "Lê Thị B", "mailbox": "canbo@xa.example"},
        "deputy": {"title": "Phó Chủ tịch"},
        "head": {"title": "Chủ tịch", "mailbox": "chutich@xa.example"},
    }
)


@pytest.mark.parametrize(
    ("back_on", "enough"),
    [
        ("2024-11-25", True),
        ("2024-11-26", True),  # three working days later is the last day in time
        ("2024-11-27", False),
        ("2024-11-23", True),  # a Saturday: Monday is the first day back
        ("2024-12-02", False),
        ("9999-12-31", False),
    ],
)
def test_who_is_back_must_have_the_least_time_of_the_policy(back_on: str, enough: bool) -> None:  # noqa: FBT001 - of the parametrisation
    assert leaves_time(cycle(), KEY, OPEN, date.fromisoformat(back_on)) is enough


def test_an_overdue_report_waits_for_nobody() -> None:
    late = replace(OPEN, status=Status.OVERDUE)
    assert not leaves_time(cycle(), KEY, late, date(2024, 11, 25))


def test_more_time_lets_reminders_wait_again() -> None:
    longer = replace(OPEN, due_on=date(2024, 12, 13))
    assert leaves_time(cycle(), KEY, longer, date(2024, 12, 2))


def away_until(day: str) -> dict[str, Absence]:
    return {MAILBOX: Absence(back_on=date.fromisoformat(day))}


def asked(back_on: str) -> Story:
    story = Story(cycle())
    story.next()
    facts = replace(story.request(), away=away_until(back_on))
    story.facts = replace(story.facts, requests={KEY: facts})
    story.look(at("2024-11-18"))
    return story


def test_the_reminder_of_a_day_away_waits_for_the_day_of_return_and_the_next_stays() -> None:
    story = asked("2024-11-26")
    assert story.next() == ("26/11 08:00", ["remind bao-cao/xa-1 1/2, 3 left"])
    assert story.next() == ("28/11 08:00", ["remind bao-cao/xa-1 2/2, 1 left"])


def test_reminders_are_as_planned_for_who_is_back_before_them_or_too_late() -> None:
    for back_on in ("2024-11-20", "2024-11-27", "2025-01-06"):
        assert asked(back_on).next()[0] == "22/11 08:00"


def test_the_absence_of_somebody_else_delays_no_reminder() -> None:
    story = asked("2024-11-26")
    facts = replace(story.request(), away={"phochutich@xa.example": Absence(back_on=date(2024, 11, 26))})
    story.facts = replace(story.facts, requests={KEY: facts})
    story.look(at("2024-11-18"))
    assert story.next()[0] == "22/11 08:00"


def test_missed_are_those_who_are_still_away_and_too_long() -> None:
    away = away_until("2024-12-02") | {
        "a@x.example": Absence(),
        "b@x.example": Absence(back_on=date(2024, 11, 25)),
    }
    facts = replace(OPEN, away=away)
    assert set(missed(cycle(), KEY, facts, at("2024-11-18"))) == {MAILBOX}
    assert missed(cycle(), KEY, facts, at("2024-12-02")) == {}


def test_who_is_named_and_on_file_comes_first_and_then_the_contacts_in_their_order() -> None:
    def chosen(instead: str | None, *unreached: str) -> str | None:
        found = stand_in(AGENCY, Absence(instead=instead), unreached)
        return found.mailbox if found is not None else None

    assert chosen("chutich@xa.example") == "chutich@xa.example"
    assert chosen("van.phong@xa.example") == "Van.Phong@xa.example"
    assert chosen("nguoi-la@xa.example") == "canbo@xa.example"  # of its domain, and not listed
    assert chosen("chutich@xa.example", "chutich@xa.example", "canbo@xa.example") == MAILBOX
    assert chosen(None, "canbo@xa.example", MAILBOX) == "chutich@xa.example"
    assert chosen(None, "canbo@xa.example", MAILBOX, "chutich@xa.example") is None


def test_an_address_is_on_file_when_it_is_listed() -> None:
    assert is_on_file(AGENCY, "van.phong@xa.example")
    assert is_on_file(AGENCY, "canbo@xa.example")
    assert not is_on_file(AGENCY, "nguoi-la@xa.example")
