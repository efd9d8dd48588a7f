"""The dates of one request: when it opens, is reminded of, is late, climbs, and is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flows.core.calendar import WorkCalendar
from flows.core.periods import Period
from schemas.model import Due, Escalation, Regime, Report, Task


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When what happens to a request, as long as nobody answers. All instants but `due_at` lie in the hours
    of a working day: a reminder that would fall on a day off goes out before it, all else after it.
    """

    opens_at: datetime
    reminders_at: tuple[datetime, ...]
    """In the order of time, each after `opens_at`."""
    due_on: date
    """The last day on which a report is in time."""
    due_at: datetime
    """The first instant at which a report is late: the end of `due_on`."""
    overdue_at: datetime
    """The morning of the first working day after `due_on`."""
    rungs_at: tuple[datetime, ...]
    """When each rung of the ladder is climbed."""
    closes_at: datetime
    """When what has not come is closed as missing."""


def cut_off_on(report: Report, period: Period) -> date:
    """The last day of the data: the report's own, or the period's."""
    if report.cut_off is not None:
        own = _nearest(report.cut_off, period)
        if own is not None:
            return own
    return period.to_on


def dues(task: Task, report: Report, period: Period) -> Iterator[Due]:
    """What may say when the report is due, the first that gives a day going before the others."""
    for due in (report.due, period.due, task.due if period.frequency == "once" else None):
        if due is not None:
            yield due


class Anchors(Protocol):
    """The days that due dates may be counted from."""

    @property
    def issued_on(self) -> date:
        """When the plan was issued."""

    def task_due_on(self, task_id: str, period: Period) -> date | None:
        """When another task of the plan is due in that period; None when it owes nothing in it."""

    def parent_due_on(self, period: Period) -> date | None:
        """When the report that the period's result goes into is due, the earliest of several."""


def due_on(
    task: Task,
    report: Report,
    period: Period,
    regime: Regime,
    calendar: WorkCalendar,
    anchors: Anchors | None = None,
) -> date:
    """The last day on which the report is in time.

    The report's own date, or that of a period which the plan lists; for a one-off report else the task's;
    else the regime's time after the cut-off.
    A one-off report without any date is due on the last day of the plan.
    """
    for due in dues(task, report, period):
        if due.after_cut_off is not None:
            return calendar.move(cut_off_on(report, period), due.after_cut_off)
        day = _nearest(due, period) or (_counted(due, period, calendar, anchors) if anchors else None)
        if day is not None:
            return day
    if period.frequency == "once":
        return period.to_on
    return calendar.move(cut_off_on(report, period), regime.due_after)


def schedule(
    due: date, policy: Escalation, calendar: WorkCalendar, *, earliest: date, at_once: bool = False
) -> Schedule:
    """All dates that follow from the last day in time; nothing opens before `earliest`, and with `at_once`
    it opens then, however far the due date is.
    """
    planned = earliest if at_once else calendar.move(due, policy.opens, back=True)
    opening = calendar.working_day(max(planned, earliest))
    opens_at = calendar.opening(opening)
    reminders = sorted(
        {
            calendar.opening(calendar.working_day(calendar.move(due, span, back=True), back=True))
            for span in policy.reminders
        }
    )
    return Schedule(
        opens_at=opens_at,
        reminders_at=tuple(at for at in reminders if at > opens_at),
        due_on=due,
        due_at=calendar.end_of(due),
        overdue_at=calendar.opening(calendar.next_working_day(due)),
        rungs_at=tuple(
            calendar.opening(calendar.working_day(calendar.move(due, rung.after))) for rung in policy.ladder
        ),
        closes_at=calendar.closing(calendar.working_day(calendar.move(due, policy.closes))),
    )


def _counted(due: Due, period: Period, calendar: WorkCalendar, anchors: Anchors) -> date | None:
    """The day counted from another; None when there is none to count from."""
    if due.after_issue is not None:
        return calendar.move(anchors.issued_on, due.after_issue)
    if due.after_task is not None:
        first = anchors.task_due_on(due.after_task.task, period)
        return calendar.move(first, due.after_task.span) if first is not None else None
    if due.before_parent is not None:
        parent = anchors.parent_due_on(period)
        return calendar.move(parent, due.before_parent, back=True) if parent is not None else None
    return None


def _nearest(due: Due, period: Period) -> date | None:
    """The day meant: one written without a year is the one nearest to the period's last calendar day."""
    days = [due.last_day(year=period.nominal_end_on.year + shift) for shift in (-1, 0, 1)]
    known = [day for day in days if day is not None]
    return min(known, key=lambda day: abs(day - period.nominal_end_on)) if known else None
