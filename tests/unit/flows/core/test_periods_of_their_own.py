"""Periods beside those of months: weeks, and those that a plan lists."""

from __future__ import annotations

from datetime import date

import pytest

from flows.core.cycle import cycles
from flows.core.periods import periods
from flows.shell.wording import cycle_name
from schemas.model import Frequency, Language, PlanPeriod, Regime
from tests.bundles import bundle, task

THURSDAYS = Regime.model_validate({"title": "Theo tuần", "cut_off_day": 14, "week_ends": "thursday"})
PLAN = PlanPeriod.model_validate({"from": "2024-12-16", "to": "2025-01-12"})


def test_a_week_is_closed_on_its_day_and_numbered_by_its_sunday() -> None:
    found = periods(Frequency.WEEK, PLAN, THURSDAYS)

    assert [one.key for one in found] == ["2024-W51", "2024-W52", "2025-W01", "2025-W02"]
    assert [(one.from_on, one.to_on) for one in found[:2]] == [
        (date(2024, 12, 13), date(2024, 12, 19)),
        (date(2024, 12, 20), date(2024, 12, 26)),
    ]
    assert found[0].nominal_end_on == date(2024, 12, 22)


def test_weeks_close_on_sundays_when_the_regime_does_not_say() -> None:
    first = periods(Frequency.WEEK, PLAN, Regime.model_validate({"title": "R"}))[0]
    assert (first.from_on, first.to_on) == (date(2024, 12, 16), date(2024, 12, 22))


def test_a_weekly_report_is_due_after_its_cut_off() -> None:
    plan = bundle(
        task(report={"every": "week", "due": {"after_cut_off": "1 working day"}}),
        regime=THURSDAYS,
        period={"from": "2024-11-04", "to": "2024-11-17"},
    )
    assert {one.key: one.tasks[0].schedule.due_on for one in cycles(plan)} == {
        "2024-W45": date(2024, 11, 8),
        "2024-W46": date(2024, 11, 15),
    }


@pytest.fixture
def rounds() -> dict[str, object]:
    return {
        "periods": [
            {"id": "dot-2", "name": "Đợt 2", "from": "2024-04-16", "to": "2024-09-30"},
            {"id": "dot-1", "name": "Đợt 1", "from": "2024-01-01", "to": "2024-04-15", "due": {"by": "22/4"}},
        ]
    }


def test_listed_periods_are_cycles_in_the_order_of_time_each_due_as_it_says(
    rounds: dict[str, object],
) -> None:
    plan = bundle(task(report={"every": "listed", "due": None}), **rounds)
    found = cycles(plan)

    assert [one.key for one in found] == ["dot-1", "dot-2"]
    assert [one.tasks[0].schedule.due_on for one in found] == [date(2024, 4, 22), date(2024, 10, 3)]
    assert [one.tasks[0].cut_off_on for one in found] == [date(2024, 4, 15), date(2024, 9, 30)]
    assert cycle_name(found[0].period, Language.VI) == "Đợt 1"


def test_the_reports_own_due_date_goes_before_that_of_the_period(rounds: dict[str, object]) -> None:
    plan = bundle(task(report={"every": "listed", "due": {"after_cut_off": "1 working day"}}), **rounds)
    assert cycles(plan)[0].tasks[0].schedule.due_on == date(2024, 4, 16)


def test_a_task_waits_for_another_of_the_same_listed_period(rounds: dict[str, object]) -> None:
    report = {"every": "listed", "due": None}
    plan = bundle(task("mot", report=report), task("hai", report=report, after="mot"), **rounds)
    assert [one.by_id["hai"].waits[0].cycle_key for one in cycles(plan)] == ["dot-1", "dot-2"]
