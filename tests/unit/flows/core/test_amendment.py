"""Amendments: which requests a new version opens, dates anew, withdraws, or leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.core.amendment import Fate, RequestChange, amended, compare, same_otherwise, with_earlier
from flows.core.cycle import CyclePlan
from flows.core.state import RequestFacts, RequestKey, Status
from tests.bundles import AGENCIES, POLICY, at, cycle, task

NOW = at("2024-11-18")
KEY = ("bao-cao", "xa-1")
OPEN = RequestFacts(status=Status.OPEN, opened_at=at("2024-11-15"), due_on=date(2024, 11, 29), reminders=1)
REPORTED = replace(OPEN, status=Status.REPORTED, settled_at=NOW)
PROMISED = cycle()


def due(day: str, *, lead: str = "xa-1", **more: object) -> CyclePlan:
    return cycle(task(lead=lead, report={"due": {"by": day}}, **more))


def told(
    new: CyclePlan | None,
    facts: RequestFacts | None = OPEN,
    *,
    old: CyclePlan | None = PROMISED,
    now: str = "2024-11-18",
    with_past: bool = False,
) -> list[str]:
    known: dict[RequestKey, RequestFacts] = {KEY: facts} if facts is not None else {}
    found = compare(old, new, known, at(now), with_past=with_past)
    return [_told(one) for one in found]


def _told(one: RequestChange) -> str:
    was = f"{one.was_due_on:%d/%m} → " if one.was_due_on else ""
    return f"{one.agency} {one.fate} {was}{one.due_on:%d/%m}{' by letter' if one.told else ''}"


@pytest.mark.parametrize("facts", [OPEN, REPORTED, RequestFacts(), replace(OPEN, status=Status.OVERDUE)])
def test_the_same_version_changes_nothing(facts: RequestFacts) -> None:
    assert told(cycle(), facts) == []
    assert same_otherwise(PROMISED, cycle())


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.SCHEDULED, ["xa-1 withdrawn 29/11"]),
        (Status.WAITING, ["xa-1 withdrawn 29/11"]),
        (Status.OPEN, ["xa-1 withdrawn 29/11 by letter"]),
        (Status.OVERDUE, ["xa-1 withdrawn 29/11 by letter"]),
        (Status.REPORTED, ["xa-1 answered 29/11"]),
        (Status.REPORTED_LATE, ["xa-1 answered 29/11"]),
        (Status.MISSING, ["xa-1 withdrawn 29/11"]),
        (Status.WITHDRAWN, []),
    ],
)
def test_of_a_dropped_agency_only_what_was_asked_and_not_answered_needs_a_letter(
    status: Status, expected: list[str]
) -> None:
    facts = replace(OPEN, status=status)
    assert told(due("2024-11-29", lead="xa-2"), facts) == ["xa-2 opened 29/11", *expected]
    assert told(None, facts) == expected


@pytest.mark.parametrize(
    ("status", "new", "now", "expected"),
    [
        (Status.SCHEDULED, "2024-12-10", "2024-11-18", ["xa-1 re-dated 29/11 → 10/12"]),
        (Status.OPEN, "2024-12-10", "2024-11-18", ["xa-1 re-dated 29/11 → 10/12 by letter"]),
        (Status.OPEN, "2024-11-25", "2024-11-18", ["xa-1 re-dated 29/11 → 25/11 by letter"]),
        # nearer than the least time: three working days from today
        (Status.OPEN, "2024-11-19", "2024-11-18", ["xa-1 re-dated 29/11 → 21/11 by letter"]),
        (Status.OPEN, "2024-11-19", "2024-11-27", []),  # less than the least time was left anyway
        (Status.OVERDUE, "2024-12-10", "2024-12-04", ["xa-1 re-dated 29/11 → 10/12 by letter"]),
        (Status.OVERDUE, "2024-12-04", "2024-12-04", ["xa-1 re-dated 29/11 → 04/12 by letter"]),
        (Status.OVERDUE, "2024-12-03", "2024-12-04", []),  # late by the new date as well
        (Status.OVERDUE, "2024-11-25", "2024-12-04", []),
        (Status.REPORTED, "2024-12-10", "2024-12-04", ["xa-1 answered 29/11"]),
        (Status.MISSING, "2024-12-10", "2024-12-30", ["xa-1 answered 29/11"]),
    ],
)
def test_a_due_date_moves_for_those_who_have_not_answered(
    status: Status, new: str, now: str, expected: list[str]
) -> None:
    assert told(due(new), replace(OPEN, status=status), now=now) == expected


def test_a_date_that_was_moved_for_one_agency_is_moved_again_only_when_the_plan_moves() -> None:
    facts = replace(OPEN, due_on=date(2024, 12, 6))  # what it waited for ended late
    assert told(cycle(), facts) == []
    assert told(due("2024-12-20"), facts) == ["xa-1 re-dated 06/12 → 20/12 by letter"]


def test_what_was_over_before_it_came_is_not_asked_for_unless_somebody_says_so() -> None:
    assert told(cycle(), None, old=None, now="2024-11-29 23:59") == ["xa-1 opened 29/11"]
    assert told(cycle(), None, old=None, now="2024-11-30 00:00") == ["xa-1 past 29/11"]
    assert told(cycle(), None, old=None, now="2024-12-02", with_past=True) == ["xa-1 opened 29/11"]


def test_what_was_not_asked_for_then_is_not_asked_for_later_unless_somebody_says_so() -> None:
    skipped = RequestFacts(status=Status.WITHDRAWN, settled_at=NOW)
    assert told(cycle(), skipped, now="2024-12-02") == []
    assert told(cycle(), skipped, now="2024-12-02", with_past=True) == ["xa-1 opened 29/11"]
    assert told(due("2024-12-20"), skipped, now="2024-12-02") == ["xa-1 opened 20/12"]


def test_a_request_that_goes_on_though_its_date_has_passed_is_not_past() -> None:
    assert told(cycle(), RequestFacts(), now="2024-12-02") == []


def test_a_re_dated_request_begins_its_reminders_again_and_those_behind_us_are_not_sent_late() -> None:
    new = due("2024-12-10")
    (change,) = compare(PROMISED, new, {KEY: OPEN}, NOW, with_past=False)
    facts = amended(OPEN, change, new, NOW)
    assert (facts.status, facts.due_on, facts.reminders, facts.edition) == (
        Status.OPEN,
        date(2024, 12, 10),
        0,
        1,
    )
    soon = due("2024-11-22")  # its first reminder would have gone out on the 15th
    (change,) = compare(PROMISED, soon, {KEY: OPEN}, NOW, with_past=False)
    assert amended(OPEN, change, soon, NOW).reminders == 1


def test_rungs_once_climbed_stay_climbed_when_an_agency_is_asked_anew() -> None:
    gone = replace(OPEN, status=Status.WITHDRAWN, rung=2, escalated_at=at("2024-11-15"), reminders=2)
    change = RequestChange(task="bao-cao", agency="xa-1", fate=Fate.OPENED, due_on=date(2024, 11, 29))
    facts = amended(gone, change, PROMISED, NOW)
    assert (facts.status, facts.rung, facts.edition, facts.reminders) == (Status.SCHEDULED, 2, 1, 0)
    assert amended(None, change, PROMISED, NOW) == RequestFacts()


@pytest.mark.parametrize(
    "other",
    [
        cycle(task(text="Nội dung cụ thể hơn")),
        cycle(title="Tên khác"),
        cycle(policy=POLICY.model_copy(update={"reminders": []})),
        cycle(task(report={"form": "bieu-mau"})),
        cycle(
            agencies=AGENCIES | {"xa-1": AGENCIES["xa-1"].model_copy(update={"mailbox": "moi@xa.example"})}
        ),
    ],
    ids=["text", "title", "policy", "form", "mailbox"],
)
def test_other_words_are_noticed_although_no_request_changes(other: CyclePlan) -> None:
    assert told(other) == []
    assert not same_otherwise(PROMISED, other)


@pytest.mark.parametrize(
    "other",
    [due("2024-12-10"), due("2024-11-29", lead="xa-2"), cycle(task(), task("khac"))],
    ids=["date", "owner", "task"],
)
def test_dates_owners_and_further_tasks_are_told_as_requests_and_not_twice(other: CyclePlan) -> None:
    assert same_otherwise(PROMISED, other)


def test_a_cycle_goes_on_knowing_what_only_earlier_versions_asked_for() -> None:
    new = cycle(task(lead="xa-2"), agencies={k: v for k, v in AGENCIES.items() if k != "xa-1"})
    whole = with_earlier(new, {KEY: PROMISED, ("viec-cu", "xa-3"): cycle(task("viec-cu", lead="xa-3"))})
    assert [(one.id, one.owners) for one in whole.tasks] == [
        ("bao-cao", ("xa-2", "xa-1")),
        ("viec-cu", ("xa-3",)),
    ]
    assert whole.bundle.agencies["xa-1"].name == "UBND xã 1"
    assert with_earlier(new, {}) is new
