"""When a report can be due, as far as that is known before any calendar of working days is looked at."""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.model import (
    Due,
    Frequency,
    ListedPeriod,
    PlanFile,
    PlanPeriod,
    Regime,
    Report,
    Span,
    SpanUnit,
    Task,
    Weekday,
)

OFTEN = (Frequency.WEEK, Frequency.MONTH, Frequency.QUARTER)
"""What is owed several times a year, so that no day of the year can be its due date."""
_LAST_MONTH = {
    Frequency.MONTH: 1,
    Frequency.QUARTER: 3,
    Frequency.HALF_YEAR: 6,
    Frequency.NINE_MONTHS: 9,
    Frequency.YEAR: 12,
}
"""The last month of the first period of a year."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The earliest and the latest day that a date can be, as long as no calendar is looked at."""

    earliest: date
    latest: date


def due_bounds(
    spec: PlanFile, task: Task, report: Report, regime: Regime, *, year: int, depth: int = 0
) -> Bounds | None:
    """When the report on the first period of `year` is due (of a one-off report: when it is due).

    None when that is counted from a plan above, or from nothing, or when it waits to be asked for.
    """
    if not report.dated:
        return None
    once = report.every is Frequency.ONCE
    end = nominal_end(spec, report.every, year)
    cut_off = cut_off_on(report, regime, end)
    listed = _listed(spec)[0].due if report.every is Frequency.LISTED and spec.plan.periods else None
    for due in (report.due, listed, task.due if once else None):
        if due is not None and due.after_cut_off is not None:
            return _after(cut_off, due.after_cut_off)
        if due is not None and due.after_issue is not None:
            return _after(spec.plan.issued_on, due.after_issue)
        if due is not None and due.after_task is not None:
            first = task_counted_from(spec, due.after_task.task, report.every)
            if first is None or depth > len(spec.tasks):
                return None
            bounds = due_bounds(spec, *first, regime, year=year, depth=depth + 1)
            return bounds and Bounds(
                earliest=_after(bounds.earliest, due.after_task.span).earliest,
                latest=_after(bounds.latest, due.after_task.span).latest,
            )
        if due is not None and due.before_parent is not None:
            return None
        if due is not None:
            day = nearest(due, end)
            return Bounds(earliest=day, latest=day)
    return Bounds(earliest=end, latest=end) if once else _after(cut_off, regime.due_after)


def task_counted_from(spec: PlanFile, task_id: str, every: Frequency) -> tuple[Task, Report] | None:
    """The task that another's due date is counted from, if its report is owed as often."""
    for task in spec.tasks:
        report = spec.report(task)
        if task.id == task_id and report is not None and report.dated and report.every is every:
            return task, report
    return None


def nominal_end(spec: PlanFile, every: Frequency, year: int) -> date:
    """The last calendar day of the first period of `year`; of the plan, where periods are its own."""
    if every is Frequency.LISTED and spec.plan.periods:
        return _listed(spec)[0].end
    if every in (Frequency.ONCE, Frequency.LISTED):
        return spec.plan.period.end
    if every is Frequency.WEEK:
        return date(year, 1, 7) - timedelta(days=date(year, 1, 7).isoweekday() % 7)
    month = _LAST_MONTH[every]
    return date(year, month, month_lengths.monthrange(year, month)[1])


def nominal_ends(spec: PlanFile, every: Frequency) -> list[date]:
    """The last calendar days of all periods of a plan."""
    period = spec.plan.period
    if every is Frequency.LISTED:
        return [one.end for one in _listed(spec)]
    if every is Frequency.ONCE:
        return [period.end]
    if every is Frequency.WEEK:
        first = period.start + timedelta(days=6 - period.start.weekday())
        return [first + timedelta(days=7 * n) for n in range((period.end - first).days // 7 + 1)]
    first_month = _LAST_MONTH[every]
    months = range(first_month, 13, first_month) if every in OFTEN else [first_month]
    ends = [
        date(year, month, month_lengths.monthrange(year, month)[1])
        for year in range(period.start.year, period.end.year + 1)
        for month in months
    ]
    return [end for end in ends if period.start <= end <= period.end]


def _listed(spec: PlanFile) -> list[ListedPeriod]:
    return sorted(spec.plan.periods, key=lambda one: (one.end, one.start))


def cut_off_on(report: Report, regime: Regime, end: date) -> date:
    """The last day of the data of the period that nominally ends on `end`."""
    if report.cut_off is not None and not report.cut_off.counted:
        return nearest(report.cut_off, end)
    if report.every is Frequency.WEEK:
        return end - timedelta(days=6 - list(Weekday).index(regime.week_ends))
    if report.every in (Frequency.ONCE, Frequency.LISTED) or regime.cut_off_day == "last":
        return end
    return end.replace(day=regime.cut_off_day)


def nearest(due: Due, end: date) -> date:
    """The day meant: one written without a year is the one nearest to the end of the period."""
    days = [due.last_day(year=end.year + shift) for shift in (-1, 0, 1) if 1 <= end.year + shift <= 9999]
    return min((day for day in days if day is not None), key=lambda day: abs(day - end), default=end)


def told(day: date) -> str:
    """A day as offices write it: 30/11/2024."""
    return f"{day:%d/%m/}{day.year}"


def period_told(period: PlanPeriod) -> str:
    """A period as offices write it."""
    return f"{told(period.start)} – {told(period.end)}"


def _after(day: date, span: Span) -> Bounds:
    least, most = {
        SpanUnit.WORKING_DAY: (1.0, 2.0),
        SpanUnit.DAY: (1.0, 1.0),
        SpanUnit.WEEK: (7.0, 7.0),
        SpanUnit.MONTH: (28.0, 31.0),
    }[span.unit]
    slack = 12 if span.unit is SpanUnit.WORKING_DAY else 0  # Tết may lie between
    return Bounds(earliest=moved(day, span.count * least), latest=moved(day, span.count * most + slack))


def at_the_earliest(day: date, span: Span) -> date:
    """The earliest day that can lie `span` after `day`: working days have weekends between them."""
    weekends = 2 * ((span.count - 1) // 5) if span.unit is SpanUnit.WORKING_DAY and span.count else 0
    return moved(_after(day, span).earliest, weekends)


def is_longer(one: Span, other: Span) -> bool:
    """Whether a span is longer than another whatever the calendar."""
    if one.unit is other.unit:
        return one.count > other.count
    day = date(2024, 1, 1)
    return at_the_earliest(day, one) > _after(day, other).latest


def moved(day: date, days: float) -> date:
    """So many days after `day` (before it, when negative), as far as dates reach."""
    return day + timedelta(days=min(days, (date.max - day).days))
