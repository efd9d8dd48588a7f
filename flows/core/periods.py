"""Reporting periods: which spans of time a regime divides a year into, and what they are called."""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.core.demand import Demand
from schemas.model import Due, Frequency, ListedPeriod, PlanPeriod, Regime, Weekday

ONCE = "once"

_SPANS: dict[Frequency, tuple[tuple[int, int], ...]] = {
    Frequency.MONTH: tuple((month, month) for month in range(1, 13)),
    Frequency.QUARTER: ((1, 3), (4, 6), (7, 9), (10, 12)),
    Frequency.HALF_YEAR: ((1, 6),),
    Frequency.NINE_MONTHS: ((1, 9),),
    Frequency.YEAR: ((1, 12),),
}
"""First and last month of each period of a year. Decree 09/2019/NĐ-CP has a first half-year and nine months;
the rest of the year is told by the yearly report."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """A reporting period. `key` names its cycle; `nominal_end_on` is the last day of its last calendar
    month.
    """

    frequency: Frequency
    key: str
    year: int
    number: int
    from_on: date
    to_on: date
    """The cut-off: the last day of the data."""
    nominal_end_on: date
    name: str = ""
    """What people call it, when the plan itself lists it."""
    due: Due | None = None
    """When reports on it are due, when the plan's list says so."""
    demand: Demand | None = None
    """What a person asked for, when it is no period of the calendar but that."""


def periods(
    frequency: Frequency, plan: PlanPeriod, regime: Regime, listed: Sequence[ListedPeriod] = ()
) -> tuple[Period, ...]:
    """The periods of `frequency` that fall within a plan, in the order of time; `listed` are the plan's own.

    A period belongs to the plan when its last calendar month (or week) does. Decree 09/2019/NĐ-CP Art. 12:
    month M runs from day 15 of M-1 to day 14 of M, a quarter, half-year, nine months and year likewise.
    """
    if frequency is Frequency.LISTED:
        return tuple(
            Period(
                frequency=frequency,
                key=one.id,
                year=one.end.year,
                number=number,
                from_on=one.start,
                to_on=one.end,
                nominal_end_on=one.end,
                name=one.name,
                due=one.due,
            )
            for number, one in enumerate(sorted(listed, key=lambda one: (one.end, one.start)), start=1)
        )
    if frequency is Frequency.WEEK:
        return tuple(_weeks(plan, regime))
    if frequency is Frequency.ONCE:
        return (
            Period(
                frequency=frequency,
                key=ONCE,
                year=plan.end.year,
                number=1,
                from_on=plan.start,
                to_on=plan.end,
                nominal_end_on=plan.end,
            ),
        )
    found = []
    for year in range(plan.start.year, plan.end.year + 1):
        for number, (first, last) in enumerate(_SPANS[frequency], start=1):
            nominal_end_on = _last_of(year, last)
            if plan.start <= nominal_end_on <= plan.end:
                found.append(
                    Period(
                        frequency=frequency,
                        key=_key(frequency, year, number),
                        year=year,
                        number=number,
                        from_on=_cut_off(year, first - 1, regime) + timedelta(days=1),
                        to_on=_cut_off(year, last, regime),
                        nominal_end_on=nominal_end_on,
                    )
                )
    return tuple(found)


def _weeks(plan: PlanPeriod, regime: Regime) -> Iterator[Period]:
    """The weeks whose Sunday lies in the plan, numbered as ISO 8601 numbers them."""
    sunday = plan.start + timedelta(days=6 - plan.start.weekday())
    early = timedelta(days=6 - list(Weekday).index(regime.week_ends))
    while sunday <= plan.end:
        year, number, _ = sunday.isocalendar()
        yield Period(
            frequency=Frequency.WEEK,
            key=f"{year}-W{number:02d}",
            year=year,
            number=number,
            from_on=sunday - early - timedelta(days=6),
            to_on=sunday - early,
            nominal_end_on=sunday,
        )
        sunday += timedelta(days=7)


def _key(frequency: Frequency, year: int, number: int) -> str:
    marks = {
        Frequency.MONTH: f"{year}-M{number:02d}",
        Frequency.QUARTER: f"{year}-Q{number}",
        Frequency.HALF_YEAR: f"{year}-H{number}",
        Frequency.NINE_MONTHS: f"{year}-9M",
        Frequency.YEAR: f"{year}",
    }
    return marks[frequency]


def _cut_off(year: int, month: int, regime: Regime) -> date:
    """The cut-off in that month; month 0 is December of the year before."""
    if month == 0:
        year, month = year - 1, 12
    return _last_of(year, month) if regime.cut_off_day == "last" else date(year, month, regime.cut_off_day)


def _last_of(year: int, month: int) -> date:
    return date(year, month, month_lengths.monthrange(year, month)[1])
