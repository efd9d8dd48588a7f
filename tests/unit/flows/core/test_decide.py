"""Decisions, told as stories: expect a mail, fast-forward, expect the next."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.core.actions import Close, Open
from flows.core.cycle import cycles
from flows.core.decide import decide
from flows.core.state import CycleFacts, RequestFacts, Status
from schemas.model import Escalation
from tests.bundles import POLICY, at, bundle, cycle, task
from tests.stories import Story


def policy(**changed: object) -> Escalation:
    return Escalation.model_validate(POLICY.model_dump(mode="json") | changed)


def test_a_report_that_never_comes_is_asked_for_chased_rung_by_rung_and_closed_as_missing() -> None:
    story = Story(cycle())
    assert story.look(at("2024-11-14 12:00")) == []
    assert story.until_the_end() == [
        ("15/11 08:00", ["open bao-cao/xa-1 due 29/11"]),
        ("22/11 08:00", ["remind bao-cao/xa-1 1/2, 5 left"]),
        ("28/11 08:00", ["remind bao-cao/xa-1 2/2, 1 left"]),
        ("02/12 08:00", ["markoverdue bao-cao/xa-1"]),
        ("03/12 08:00", ["escalate bao-cao/xa-1 1/3 to head, 2 late"]),
        ("05/12 08:00", ["escalate bao-cao/xa-1 2/3 to superior, 4 late"]),
        ("09/12 08:00", ["escalate bao-cao/xa-1 3/3 to superior, 6 late"]),
        ("11/12 17:00", ["close bao-cao/xa-1", "end"]),
    ]
    assert story.request().status is Status.MISSING
    assert story.facts.ended
    assert story.look(at("2030-01-01")) == []


def test_a_report_in_time_ends_the_chase_and_the_cycle_ends_only_after_the_due_date() -> None:
    story = Story(cycle())
    story.look(at("2024-11-15"))
    assert story.answer(at("2024-11-18 10:00")) is Status.REPORTED
    assert story.look(at("2024-11-18 10:00")) == []
    assert not story.facts.ended  # corrections are still possible
    assert story.next() == ("02/12 08:00", ["end"])


@pytest.mark.parametrize(
    ("received", "status"),
    [
        ("2024-11-29 23:59", Status.REPORTED),
        ("2024-11-30 00:00", Status.REPORTED_LATE),
        ("2024-12-04 09:00", Status.REPORTED_LATE),
    ],
)
def test_the_last_second_of_the_due_date_is_in_time_and_the_next_is_not(
    received: str, status: Status
) -> None:
    story = Story(cycle())
    story.look(at("2024-11-15"))
    assert story.answer(at(received)) is status


def test_a_late_report_stops_the_ladder_where_it_stands() -> None:
    story = Story(cycle())
    for _ in range(5):
        story.next()
    assert story.request().rung == 1
    assert story.answer(at("2024-12-04 09:00")) is Status.REPORTED_LATE
    assert story.look(at("2024-12-04 09:00")) == ["resolve bao-cao/xa-1", "end"]
    assert story.request().rung == 1


def test_those_above_hear_the_next_working_morning_that_a_report_came_after_all() -> None:
    story = Story(cycle(task(lead=["xa-1", "xa-2"])))
    while story.request().rung < 2:
        story.next()
    assert story.answer(at("2024-12-06 16:00")) is Status.REPORTED_LATE
    assert story.look(at("2024-12-06 16:00")) == []
    assert story.next() == (
        "09/12 08:00",
        ["resolve bao-cao/xa-1", "escalate bao-cao/xa-2 3/3 to superior, 6 late"],
    )
    assert story.request().resolved == 2
    assert "resolve" not in str(story.until_the_end())


def test_nobody_above_hears_of_a_report_that_they_were_never_told_of() -> None:
    story = Story(cycle(task(lead=["xa-1", "xa-2"])))
    while story.request().status is not Status.OVERDUE:
        story.next()
    story.answer(at("2024-12-02 16:00"))
    assert "resolve" not in str(story.until_the_end())


def test_a_correction_keeps_the_standing_of_the_first_report() -> None:
    story = Story(cycle())
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-18 10:00"))
    before = story.request()
    story.answer(at("2024-12-01 10:00"))
    assert story.request() == before


def test_a_report_after_it_was_closed_as_missing_counts_as_late_while_the_cycle_is_open() -> None:
    story = Story(cycle(task(), task("sau", report={"due": {"by": "2024-12-20"}})))
    while story.request().status is not Status.MISSING:
        story.next()
    assert not story.facts.ended
    assert story.answer(at("2024-12-12 09:00")) is Status.REPORTED_LATE
    assert story.look(at("2024-12-12 09:00")) == []


def test_agencies_are_chased_each_by_itself() -> None:
    story = Story(cycle(task(lead=["xa-1", "xa-2"])))
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-18 09:00"), agency="xa-1")
    assert story.next() == ("22/11 08:00", ["remind bao-cao/xa-2 1/2, 5 left"])


def test_a_dependency_holds_a_task_back_and_moves_a_due_date_that_would_leave_too_little_time() -> None:
    story = Story(
        cycle(task("truoc"), task("sau", lead="xa-2", after="truoc", report={"due": {"by": "2024-12-02"}}))
    )
    assert story.look(at("2024-11-15")) == ["open truoc/xa-1 due 29/11"]
    assert story.look(at("2024-11-18")) == ["hold sau/xa-2"]
    assert story.request("sau", "xa-2").status is Status.WAITING
    story.answer(at("2024-12-02 10:00"), "truoc")
    assert story.look(at("2024-12-02 10:00")) == ["open sau/xa-2 due 05/12 moved"]  # 3 working days at least
    assert story.next() == ("04/12 08:00", ["remind sau/xa-2 2/2, 1 left"])
    assert story.next() == ("06/12 08:00", ["markoverdue sau/xa-2"])
    assert story.next()[1] == ["escalate sau/xa-2 1/3 to head, 2 late"]


def test_a_dependency_that_is_over_early_moves_nothing() -> None:
    story = Story(
        cycle(task("truoc"), task("sau", lead="xa-2", after="truoc", report={"due": {"by": "2024-12-20"}}))
    )
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-20 09:00"), "truoc")
    assert story.look(at("2024-11-20 09:00")) == []
    while story.request("sau", "xa-2").status is Status.SCHEDULED:
        when, happened = story.next()
    assert (when, happened[0]) == ("06/12 08:00", "open sau/xa-2 due 20/12")


def test_a_report_at_night_opens_what_waited_for_it_in_the_morning() -> None:
    story = Story(
        cycle(task("truoc"), task("sau", lead="xa-2", after="truoc", report={"due": {"by": "2024-11-29"}}))
    )
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-15 22:10"), "truoc")  # a Friday
    assert story.look(at("2024-11-15 22:10")) == []
    assert story.next() == ("18/11 08:00", ["open sau/xa-2 due 29/11"])


def test_what_is_closed_as_missing_no_longer_holds_anybody_back() -> None:
    story = Story(
        cycle(task("truoc"), task("sau", lead="xa-2", after="truoc", report={"due": {"by": "2024-11-29"}}))
    )
    happened = dict(story.until_the_end())
    assert happened["11/12 17:00"] == ["close truoc/xa-1"]
    assert happened["12/12 08:00"] == ["open sau/xa-2 due 17/12 moved"]
    assert story.request("sau", "xa-2").status is Status.MISSING


def test_on_due_waits_for_the_date_and_not_for_the_report() -> None:
    story = Story(
        cycle(
            task("truoc"),
            task(
                "sau",
                lead="xa-2",
                after={"task": "truoc", "on": "due"},
                report={"due": {"by": "2024-12-06"}},
            ),
        )
    )
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-18 09:00"), "truoc")
    assert story.look(at("2024-11-25")) == []
    assert story.next() == ("02/12 08:00", ["open sau/xa-2 due 06/12"])


@pytest.mark.parametrize(
    ("lag", "opened"), [("2 working days", "20/11"), ("1 day", "19/11"), ("5 days", "25/11")]
)
def test_a_lag_is_counted_after_the_dependency_and_ends_on_a_working_day(lag: str, opened: str) -> None:
    story = Story(
        cycle(
            task("truoc"),
            task(
                "sau",
                lead="xa-2",
                after={"task": "truoc", "lag": lag},
                report={"due": {"by": "2024-11-29"}},
            ),
        )
    )
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-18 15:00"), "truoc")
    assert story.look(at("2024-11-18 15:00")) == []
    when, happened = story.next()
    while not happened or "open sau" not in happened[0]:
        when, happened = story.next()
    assert when == f"{opened} 08:00"


def test_a_chain_of_tasks_that_waited_for_each_other_opens_link_by_link() -> None:
    links = [f"n-{n}" for n in range(12)]
    chain = cycle(task(links[0]), *(task(one, after=before) for before, one in itertools.pairwise(links)))
    story = Story(chain)
    story.look(at("2024-11-15"))
    for before, one in itertools.pairwise(links):
        story.answer(at("2024-11-18 09:00"), before)
        assert story.look(at("2024-11-18 09:00"))[0].startswith(f"open {one}/")


def test_a_chain_of_results_from_below_is_taken_over_at_one_instant() -> None:
    links = [f"n-{n}" for n in range(30)]
    chain = cycle(task(links[0]), *(task(one, after=before) for before, one in itertools.pairwise(links)))
    story = Story(chain)
    for one in links:
        story.offer(one)
    assert story.look(at("2024-11-15")) == [f"takeover {one}/xa-1" for one in links]


def test_a_dependency_in_another_cycle_is_waited_for() -> None:
    plan = bundle(
        task("quy", report={"every": "quarter", "due": None}),
        task("nam", after="quy", report={"every": "year", "due": None}),
    )
    yearly = next(one for one in cycles(plan) if one.key == "2024")
    story = Story(yearly)
    assert story.next()[1] == ["hold nam/xa-1"]
    assert story.wake_at is None
    assert story.look(at("2024-12-30")) == []
    story.facts = replace(story.facts, elsewhere={("2024-Q4", "quy"): at("2025-01-06 10:00")})
    assert story.look(at("2025-01-06 10:00")) == ["open nam/xa-1 due 09/01 moved"]


def test_nobody_is_asked_for_a_report_that_is_late_already() -> None:
    story = Story(cycle(issued_on="2024-12-10"))
    assert story.look(at("2024-12-10")) == ["open bao-cao/xa-1 due 13/12 moved"]


def test_a_request_that_opens_late_because_the_plan_was_issued_late_keeps_the_date_in_the_plan() -> None:
    story = Story(cycle(issued_on="2024-11-28"))
    assert story.look(at("2024-11-28")) == ["open bao-cao/xa-1 due 29/11"]


def test_after_a_month_of_downtime_only_the_latest_reminder_goes_out() -> None:
    story = Story(cycle())
    story.look(at("2024-11-15"))
    assert story.look(at("2024-11-28 15:00")) == ["remind bao-cao/xa-1 2/2, 1 left"]
    assert story.next() == ("02/12 08:00", ["markoverdue bao-cao/xa-1"])


def test_after_a_month_of_downtime_the_ladder_is_climbed_one_rung_a_working_day() -> None:
    story = Story(cycle())
    story.look(at("2024-11-15"))
    assert story.look(at("2025-01-06 09:30")) == [
        "markoverdue bao-cao/xa-1",
        "escalate bao-cao/xa-1 1/3 to head, 25 late",
    ]
    assert story.until_the_end() == [
        ("07/01 08:00", ["escalate bao-cao/xa-1 2/3 to superior, 26 late"]),
        ("08/01 08:00", ["escalate bao-cao/xa-1 3/3 to superior, 27 late"]),
        ("09/01 17:00", ["close bao-cao/xa-1", "end"]),
    ]


def test_a_request_that_should_have_opened_during_the_downtime_gets_its_least_time() -> None:
    story = Story(cycle())
    assert story.look(at("2025-01-06 09:30")) == ["open bao-cao/xa-1 due 09/01 moved"]
    assert [happened for _, happened in story.until_the_end()][-1] == ["close bao-cao/xa-1", "end"]


def test_a_result_from_below_waits_for_the_request_to_open() -> None:
    story = Story(cycle())
    story.offer()
    assert story.look(at("2024-11-01")) == []
    assert story.next() == ("15/11 08:00", ["takeover bao-cao/xa-1"])
    assert story.request().status is Status.REPORTED
    assert story.request().opened_at == at("2024-11-15")


@pytest.mark.parametrize(
    ("now", "action", "status"),
    [
        ("2024-11-20 10:00", "takeover bao-cao/xa-1", Status.REPORTED),
        ("2024-11-30 00:00", "takeover bao-cao/xa-1 late", Status.REPORTED_LATE),
        ("2024-12-04 10:00", "takeover bao-cao/xa-1 late", Status.REPORTED_LATE),
    ],
)
def test_a_result_from_below_answers_an_open_or_overdue_request(
    now: str, action: str, status: Status
) -> None:
    story = Story(cycle())
    while story.wake_at is not None and story.wake_at < at(now):
        story.next()
    story.offer()
    assert story.look(at(now))[0] == action
    assert story.request().status is status


def test_a_result_from_below_does_not_replace_a_report_that_came_by_mail() -> None:
    story = Story(cycle())
    story.look(at("2024-11-15"))
    story.answer(at("2024-11-18 09:00"))
    before = story.request()
    story.offer()
    assert story.look(at("2024-11-18 09:00")) == []
    assert story.request() == before


def test_a_result_taken_over_late_still_leaves_time_for_corrections() -> None:
    story = Story(cycle())
    story.offer()
    assert story.look(at("2025-01-06 09:30")) == ["takeover bao-cao/xa-1"]
    assert story.next() == ("10/01 08:00", ["end"])  # its due date was moved to the 9th


def test_a_policy_without_a_ladder_closes_and_one_without_reminders_is_silent_until_late() -> None:
    story = Story(cycle(policy=policy(ladder=[], reminders=[])))
    assert [happened for _, happened in story.until_the_end()] == [
        ["open bao-cao/xa-1 due 29/11"],
        ["markoverdue bao-cao/xa-1"],
        ["close bao-cao/xa-1", "end"],
    ]


def test_a_cycle_is_never_closed_before_its_ladder_was_climbed() -> None:
    story = Story(cycle(policy=policy(closes="1 working day")))
    happened = [action for _, actions in story.until_the_end() for action in actions]
    assert [one.split()[0] for one in happened] == [
        "open", "remind", "remind", "markoverdue", "escalate", "escalate", "escalate", "close", "end",
    ]  # fmt: skip


def test_it_says_what_the_next_waking_is_for() -> None:
    plan = cycle()
    first = decide(plan, CycleFacts(), at("2024-11-01"))
    assert first.actions == ()
    assert first.wake_at == at("2024-11-15")
    assert isinstance(first.next_action, Open)
    late = RequestFacts(
        status=Status.OVERDUE,
        opened_at=at("2024-11-15"),
        due_on=date(2024, 11, 29),
        rung=3,
        escalated_at=at("2024-12-09"),
    )
    last = decide(plan, CycleFacts(requests={("bao-cao", "xa-1"): late}), at("2024-12-10"))
    assert last.wake_at == at("2024-12-11 17:00")
    assert isinstance(last.next_action, Close)


def test_a_decision_reads_each_request_a_fixed_number_of_times() -> None:
    class Counted(dict[tuple[str, str], RequestFacts]):
        reads = 0

        def get(self, key, default=None):  # noqa: ANN001, ANN202
            Counted.reads += 1
            return super().get(key, default)

    open_one = RequestFacts(status=Status.OPEN, opened_at=at("2024-11-15"), due_on=date(2024, 11, 29))
    costs = []
    for tasks in (10, 40):
        plan = cycle(*(task(f"n-{n}", lead=["xa-1", "xa-2", "xa-3"]) for n in range(tasks)))
        Counted.reads = 0
        facts = Counted({(f"n-{n}", f"xa-{x}"): open_one for n in range(tasks) for x in (1, 2, 3)})
        decide(plan, CycleFacts(requests=facts), at("2024-11-15") + timedelta(hours=1))
        costs.append(Counted.reads / (tasks * 3))
    assert costs[0] == costs[1] <= 6
