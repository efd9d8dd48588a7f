"""Reporting periods. Decree 09/2019/NĐ-CP, Art. 12: a period's data close on the 14th of its last month."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from flows.core.periods import periods
from schemas.model import Frequency, PlanPeriod, Regime
from tests.bundles import CALENDAR_PERIODS, DECREE_09

YEAR = PlanPeriod.model_validate({"from": "2024-01-01", "to": "2024-12-31"})


@pytest.mark.parametrize(
    ("frequency", "key", "first", "last"),
    [
        (Frequency.MONTH, "2024-M01", date(2023, 12, 15), date(2024, 1, 14)),
        (Frequency.MONTH, "2024-M03", date(2024, 2, 15), date(2024, 3, 14)),
        (Frequency.QUARTER, "2024-Q1", date(2023, 12, 15), date(2024, 3, 14)),
        (Frequency.QUARTER, "2024-Q4", date(2024, 9, 15), date(2024, 12, 14)),
        (Frequency.HALF_YEAR, "2024-H1", date(2023, 12, 15), date(2024, 6, 14)),
        (Frequency.NINE_MONTHS, "2024-9M", date(2023, 12, 15), date(2024, 9, 14)),
        (Frequency.YEAR, "2024", date(2023, 12, 15), date(2024, 12, 14)),
    ],
)
def test_a_period_of_decree_09_runs_from_the_15th_to_the_14th(
    frequency: Frequency, key: str, first: date, last: date
) -> None:
    found = {one.key: one for one in periods(frequency, YEAR, DECREE_09)}
    assert (found[key].from_on, found[key].to_on) == (first, last)


@pytest.mark.parametrize(
    ("frequency", "key", "first", "last"),
    [
        (Frequency.MONTH, "2024-M02", date(2024, 2, 1), date(2024, 2, 29)),
        (Frequency.QUARTER, "2024-Q2", date(2024, 4, 1), date(2024, 6, 30)),
        (Frequency.YEAR, "2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_regime_of_calendar_periods_closes_on_the_last_day(
    frequency: Frequency, key: str, first: date, last: date
) -> None:
    found = {one.key: one for one in periods(frequency, YEAR, CALENDAR_PERIODS)}
    assert (found[key].from_on, found[key].to_on) == (first, last)


@pytest.mark.parametrize("regime", [DECREE_09, CALENDAR_PERIODS])
@pytest.mark.parametrize(("frequency", "a_year"), [(Frequency.MONTH, 12), (Frequency.QUARTER, 4)])
def test_periods_follow_each_other_without_a_gap(regime: Regime, frequency: Frequency, a_year: int) -> None:
    plan = PlanPeriod.model_validate({"from": "2024-01-01", "to": "2026-12-31"})
    found = periods(frequency, plan, regime)
    assert len(found) == 3 * a_year
    assert all(
        one.to_on + timedelta(days=1) == following.from_on for one, following in itertools.pairwise(found)
    )
    assert len({one.key for one in found}) == len(found)


def test_a_period_belongs_to_the_plan_when_its_last_month_ends_within_it() -> None:
    plan = PlanPeriod.model_validate({"from": "2024-08-05", "to": "2025-11-30"})
    assert [one.key for one in periods(Frequency.YEAR, plan, DECREE_09)] == ["2024"]
    assert [one.key for one in periods(Frequency.QUARTER, plan, DECREE_09)] == [
        "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3",
    ]  # fmt: skip
    assert periods(Frequency.MONTH, plan, DECREE_09)[0].key == "2024-M08"


def test_one_off_reports_share_one_period_as_long_as_the_plan() -> None:
    (only,) = periods(Frequency.ONCE, YEAR, DECREE_09)
    assert (only.key, only.from_on, only.to_on) == ("once", date(2024, 1, 1), date(2024, 12, 31))
