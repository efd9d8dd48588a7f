"""The dates of a request: which day the words of a plan mean, and all that follows from it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.cycle import CyclePlan, cycles
from flows.core.schedule import schedule
from schemas.model import Escalation
from tests.bundles import CALENDAR_PERIODS, DECREE_09, POLICY, at, bundle, cycle, task, work_calendar

VIET_NAM = work_calendar()


def yearly(**report: object) -> CyclePlan:
    return cycle(task(report={"every": "year", "due": None, **report}))


@pytest.mark.parametrize(
    ("due", "last_day"),
    [
        ({"before": "30/11"}, date(2024, 11, 29)),  # "trước ngày 30/11": the 30th is too late
        ({"by": "30/11"}, date(2024, 11, 30)),  # "chậm nhất ngày 30/11": the 30th is in time
        ({"in_month": "2024-12"}, date(2024, 12, 31)),
        ({"after_cut_off": "3 working days"}, date(2024, 12, 18)),  # cut-off Saturday 14/12
        ({"by": "15/1"}, date(2025, 1, 15)),  # of the next year: nearest to the end of the period
        ({"before": "1/1"}, date(2024, 12, 31)),
        ({"by": "2024-07-01"}, date(2024, 7, 1)),
    ],
)
def test_the_words_of_a_yearly_report_mean_this_day(due: dict[str, str], last_day: date) -> None:
    assert yearly(due=due).tasks[0].schedule.due_on == last_day


def test_a_report_without_a_date_is_due_by_its_regime() -> None:
    assert yearly().tasks[0].schedule.due_on == date(2024, 12, 18)
    found = cycles(bundle(task(report={"every": "month", "due": None}), regime=CALENDAR_PERIODS))
    assert found[0].tasks[0].schedule.due_on == date(2024, 2, 5)


def test_a_cut_off_of_its_own_moves_what_is_counted_from_it() -> None:
    own = yearly(cut_off={"by": "20/11"}, due={"after_cut_off": "2 working days"}).tasks[0]
    assert own.cut_off_on == date(2024, 11, 20)
    assert own.schedule.due_on == date(2024, 11, 22)
    assert yearly().tasks[0].cut_off_on == date(2024, 12, 14)


def test_a_one_off_report_takes_the_date_of_its_task_and_else_the_plan_s_last_day() -> None:
    by_task = cycle({"id": "a", "title": "A", "lead": "xa-1", "due": {"in_month": "3/2024"}, "report": {}})
    assert by_task.tasks[0].schedule.due_on == date(2024, 3, 31)
    by_plan = cycle({"id": "a", "title": "A", "lead": "xa-1", "report": {}})
    assert by_plan.tasks[0].schedule.due_on == date(2024, 12, 31)
    both = cycle(task(due={"by": "2024-03-01"}))
    assert both.tasks[0].schedule.due_on == date(2024, 11, 29)


def test_every_date_of_a_request() -> None:
    dates = schedule(date(2024, 11, 29), POLICY, VIET_NAM, earliest=date(2024, 1, 2))
    assert dates.opens_at == at("2024-11-15")
    assert dates.reminders_at == (at("2024-11-22"), at("2024-11-28"))
    assert dates.due_at == at("2024-11-30 00:00")
    assert dates.overdue_at == at("2024-12-02")
    assert dates.rungs_at == (at("2024-12-03"), at("2024-12-05"), at("2024-12-09"))
    assert dates.closes_at == at("2024-12-11 17:00")


def test_nothing_opens_before_the_plan_was_issued_and_no_reminder_before_that() -> None:
    dates = schedule(date(2024, 11, 29), POLICY, VIET_NAM, earliest=date(2024, 11, 23))
    assert dates.opens_at == at("2024-11-25")
    assert dates.reminders_at == (at("2024-11-28"),)


SPANS = st.builds(
    "{} {}".format, st.integers(0, 30), st.sampled_from(["working days", "days", "weeks", "months"])
)


@given(
    due=st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    opens=SPANS,
    reminders=st.lists(SPANS, max_size=4),
    rungs=st.lists(SPANS, max_size=4),
    closes=SPANS,
)
def test_nobody_is_written_to_out_of_hours_however_the_spans_are_counted(
    due: date, opens: str, reminders: list[str], rungs: list[str], closes: str
) -> None:
    policy = Escalation.model_validate(
        {
            "title": "x",
            "opens": opens,
            "reminders": reminders,
            "ladder": [{"after": rung, "to": "head"} for rung in rungs],
            "closes": closes,
        }
    )
    dates = schedule(due, policy, VIET_NAM, earliest=date(2020, 1, 1))
    mornings = (dates.opens_at, *dates.reminders_at, dates.overdue_at, *dates.rungs_at)
    assert all(VIET_NAM.opening(VIET_NAM.day_of(one)) == one for one in mornings)
    assert all(VIET_NAM.is_working(VIET_NAM.day_of(one)) for one in (*mornings, dates.closes_at))
    assert list(dates.reminders_at) == sorted(set(dates.reminders_at))
    assert all(dates.opens_at < one < dates.due_at for one in dates.reminders_at)
    assert dates.due_at < dates.overdue_at


def test_the_cycles_of_a_plan_come_in_the_order_of_their_cut_offs() -> None:
    found = cycles(
        bundle(
            task("nam", report={"every": "year", "due": None}),
            task("quy", report={"every": "quarter", "due": None}),
            task("mot-lan"),
        )
    )
    assert [one.key for one in found] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024", "2024-Q4", "once"]


def test_a_report_begins_with_the_first_period_that_ends_on_or_after_its_since() -> None:
    found = cycles(bundle(task(report={"every": "quarter", "due": None, "since": "2024-06-30"})))
    assert [one.key for one in found] == ["2024-Q2", "2024-Q3", "2024-Q4"]


def test_a_task_waits_in_the_same_period_and_else_for_the_last_one_before_it() -> None:
    found = {
        one.key: one
        for one in cycles(
            bundle(
                task("thang", report={"every": "month", "due": None}),
                task("quy", after="thang", report={"every": "quarter", "due": None}),
                task("nua-nam", after=["quy", "mot-lan"], report={"every": "half-year", "due": None}),
                task("quy-sau", after="quy", report={"every": "quarter", "due": None}),
                task("mot-lan"),
                regime=DECREE_09,
            )
        )
    }
    watched = {
        (key, one.id): [(wait.task, wait.cycle_key) for wait in one.waits]
        for key, plan in found.items()
        for one in plan.tasks
    }
    assert watched["2024-Q1", "quy"] == [("thang", "2024-M03")]
    assert watched["2024-Q1", "quy-sau"] == [("quy", "2024-Q1")]
    assert watched["2024-H1", "nua-nam"] == [("quy", "2024-Q2"), ("mot-lan", "once")]


def test_nobody_waits_for_a_task_that_owes_nothing_in_that_period() -> None:
    found = {
        one.key: one
        for one in cycles(
            bundle(
                task("truoc", report={"every": "quarter", "due": None, "since": "2024-09-30"}),
                task("sau", after="truoc", report={"every": "quarter", "due": None}),
                task("nua-nam", after="truoc", report={"every": "half-year", "due": None}),
            )
        )
    }
    assert found["2024-Q1"].by_id["sau"].waits == ()
    assert found["2024-H1"].by_id["nua-nam"].waits == ()
    assert [wait.cycle_key for wait in found["2024-Q3"].by_id["sau"].waits] == ["2024-Q3"]
