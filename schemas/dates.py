"""Dates that cannot be meant: due before the data are closed, outside the plan, in the wrong order."""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.declared import Declared, Entry
from schemas.findings import Code, Place, Thing
from schemas.model import (
    AnnualDay,
    Due,
    Frequency,
    ListedPeriod,
    PlanFile,
    PlanPeriod,
    Regime,
    Report,
    ReportKind,
    Span,
    SpanUnit,
    Task,
    Weekday,
)
from schemas.references import report_paths, task_paths
from schemas.shapes import thing_at

_OFTEN = (Frequency.WEEK, Frequency.MONTH, Frequency.QUARTER)
_LAST_MONTH = {
    Frequency.MONTH: 1,
    Frequency.QUARTER: 3,
    Frequency.HALF_YEAR: 6,
    Frequency.NINE_MONTHS: 9,
    Frequency.YEAR: 12,
}
"""The last month of the first period of a year."""
_EARLIER = 10
"""How many days before the due date a cut-off is proposed: time enough to write a report."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The earliest and the latest day that a date can be, as long as no calendar is looked at."""

    earliest: date
    latest: date


def check_dates(declared: Declared) -> None:
    """Look at every date of every plan, and at the order of every ladder."""
    _check_ladders(declared)
    for entry in declared.plans.entries.values():
        if not entry.reading.is_broken(()):
            _PlanDates(declared, entry).check()


def due_bounds(
    spec: PlanFile, task: Task, report: Report, regime: Regime, *, year: int, depth: int = 0
) -> Bounds | None:
    """When the report on the first period of `year` is due (of a one-off report: when it is due).

    None when that is counted from a plan above, or from nothing.
    """
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
        if task.id == task_id and report is not None and report.every is every:
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
    months = range(first_month, 13, first_month) if every in _OFTEN else [first_month]
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
    return Bounds(earliest=_moved(day, span.count * least), latest=_moved(day, span.count * most + slack))


def _moved(day: date, days: float) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def _length(span: Span) -> float:
    """About how many days."""
    unit = {SpanUnit.WORKING_DAY: 1.4, SpanUnit.DAY: 1.0, SpanUnit.WEEK: 7.0, SpanUnit.MONTH: 30.4}
    return span.count * unit[span.unit]


def _check_ladders(declared: Declared) -> None:
    for entry in declared.escalations.entries.values():
        policy = entry.thing
        for number, reminder in enumerate(policy.reminders):
            if _length(reminder) >= _length(policy.opens):
                declared.say(
                    Code.REMINDER_TOO_EARLY,
                    entry.value_place("reminders", number),
                    span=reminder,
                    opens=policy.opens,
                )
        for number, rung in enumerate(policy.ladder):
            where = Thing("escalation", entry.name, f"ladder[{number + 1}]")
            place = entry.value_place("ladder", number, "after")
            above = policy.ladder[number - 1] if number else None
            if above is not None and _length(rung.after) < _length(above.after):
                declared.say(
                    Code.LADDER_ORDER,
                    place,
                    "order",
                    where=where,
                    span=rung.after,
                    above=above.after,
                )
            if _length(rung.after) > _length(policy.closes):
                declared.say(
                    Code.LADDER_ORDER,
                    place,
                    "closed",
                    where=where,
                    span=rung.after,
                    closes=policy.closes,
                )


class _PlanDates:
    """Looks at the dates of one plan."""

    def __init__(self, declared: Declared, entry: Entry[PlanFile]) -> None:
        self.declared = declared
        self.entry = entry
        self.period = entry.thing.plan.period
        regime = declared.regimes.entries.get(entry.thing.plan.regime)
        self.regime = regime.thing if regime is not None else None

    def check(self) -> None:
        self._own_periods()
        for path, report in report_paths(self.entry):
            self._written(path, report)
        dues: dict[str, tuple[Report, Bounds | None, Place]] = {}
        for number, index in task_paths(self.entry):
            task = self.entry.thing.tasks[index]
            if task.due is not None:
                self._in_period(("tasks", number, "due"), task.due, report=False)
            owed = self.entry.thing.report(task)
            self._anchors(number, task, owed)
            if owed is not None:
                self._undated(number, task, owed)
            if owed is not None and self.regime is not None:
                dues[task.id] = self._report(number, task, owed, self.regime)
        for task in self.entry.thing.tasks:
            self._order(task, dues)

    def _anchors(self, number: int, task: Task, owed: Report | None) -> None:
        """What a due date is counted from must be there, with a date of its own."""
        every = owed.every if owed is not None else Frequency.ONCE
        own = self._due_path(number, task)
        for path, due in ((own, owed.due if owed else None), (("tasks", number, "due"), task.due)):
            if due is not None and due.after_task is not None:
                name = due.after_task.task
                if task_counted_from(self.entry.thing, name, every) is None:
                    self._say(Code.NOTHING_TO_COUNT_FROM, path, "task", name=name, every=every.value)
            elif due is not None and due.before_parent is not None and not self._dated_above(every):
                self._say(Code.NOTHING_TO_COUNT_FROM, path, "parent", every=every.value)

    def _dated_above(self, every: Frequency) -> bool:
        """Whether a plan above asks for a report owed so often; yes, when one is not known."""
        for superior in self.entry.thing.plan.implements:
            above = self.declared.plans.entries.get(superior.plan)
            if above is None or above.reading.is_broken(()):
                return True
            if superior.task is not None and task_counted_from(above.thing, superior.task, every):
                return True
        return False

    def _own_periods(self) -> None:
        """The periods that the plan lists: each once, within the plan, and due after it."""
        first: dict[str, int] = {}
        for number, one in enumerate(self.entry.thing.plan.periods):
            path = ("plan", "periods", number)
            if one.id in first or one.id == Frequency.ONCE:
                again = self.entry.value_place("plan", "periods", first.get(one.id, number), "id")
                self.declared.say(
                    Code.ID_TWICE,
                    self.entry.value_place(*path, "id"),
                    also=again if one.id in first else None,
                    thing=Thing("period", one.id),
                )
                self.entry.broken = True
            first.setdefault(one.id, number)
            if not self.period.start <= one.end <= self.period.end:
                self._say(
                    Code.OUTSIDE_PERIOD, (*path, "to"), due=told(one.end), period=period_told(self.period)
                )
            if one.due is not None and not one.due.counted:
                due = nearest(one.due, one.end)
                if due <= one.end:
                    self._say(
                        Code.DUE_BEFORE_CUT_OFF,
                        (*path, "due"),
                        "period",
                        due=told(due),
                        cut_off=told(one.end),
                    )
        listed = [path for path, report in report_paths(self.entry) if report.every is Frequency.LISTED]
        if listed and not first:
            self._say(Code.NO_PERIODS, (*listed[0], "every"))
        elif first and not listed:
            self._say(Code.PERIODS_UNUSED, ("plan", "periods"))

    def _written(self, path: tuple[str | int, ...], report: Report) -> None:
        """What is wrong with the keys as they are written, whatever the periods are."""
        if report.cut_off is not None and report.cut_off.after_cut_off is not None:
            self._say(Code.CUT_OFF_AFTER_ITSELF, (*path, "cut_off"))
        elif report.cut_off is not None and report.cut_off.counted:
            self._say(Code.CUT_OFF_AFTER_ITSELF, (*path, "cut_off"), "counted")
        if report.due is not None:
            self._in_period((*path, "due"), report.due, report=True)

    def _in_period(self, path: tuple[str | int, ...], due: Due, *, report: bool) -> None:
        """A day of one year must lie in the plan; a report on the last period comes a little later."""
        named = due.before or due.by
        if isinstance(named, AnnualDay) or due.counted:
            return
        day = due.last_day(year=self.period.end.year)
        last = _moved(self.period.end, 366 if report else 0)
        if day is not None and not self.period.start <= day <= last:
            self._say(Code.OUTSIDE_PERIOD, path, due=told(day), period=period_told(self.period))

    def _report(
        self, number: int, task: Task, report: Report, regime: Regime
    ) -> tuple[Report, Bounds | None, Place]:
        path = self._due_path(number, task)
        if report.due is not None and not self._fits(path, report, report.due):
            return report, None, self.entry.place(*path)
        once = report.every is Frequency.ONCE
        year = self.period.end.year if once else self.period.start.year
        bounds = due_bounds(self.entry.thing, task, report, regime, year=year)
        if bounds is not None and report.due is not None and not report.due.counted:
            self._against_cut_off(path, report, regime, bounds.latest, year)
        return report, bounds, self.entry.place(*path)

    def _fits(self, path: tuple[str | int, ...], report: Report, due: Due) -> bool:
        """Whether a date written this way can serve a report owed so often."""
        named = due.before or due.by
        annual = isinstance(named, AnnualDay)
        once = report.every is Frequency.ONCE
        years = self.period.end.year - self.period.start.year + 1
        if due.counted and (once or due.after_issue is None):
            return True
        written = str(named or due.in_month or f"after_issue: {due.after_issue}")
        day = told(named) if isinstance(named, date) else written
        if report.every is Frequency.LISTED and (annual or len(self.entry.thing.plan.periods) < 2):
            return True
        if once and annual and years > 1:
            guess = told(nearest(due, self.period.end))
            self._say(Code.YEAR_NEEDED, path, day=day, period=period_told(self.period), guess_day=guess)
        elif report.every in _OFTEN and annual:
            span = self._counted(report, due)
            self._say(Code.DAY_OF_YEAR_TOO_RARE, path, every=report.every.value, day=day, span=span)
        elif not once and not annual and report.every in (*_OFTEN, Frequency.LISTED):
            span = self._counted(report, due)
            self._say(Code.YEAR_NOT_WANTED, path, "often", every=report.every.value, day=day, span=span)
        elif not once and not annual and years > 1:
            example = f"{named:%d/%m}" if isinstance(named, date) else "30/11"
            self._say(Code.YEAR_NOT_WANTED, path, every=report.every.value, day=day, example=example)
        else:
            return True
        return False

    def _counted(self, report: Report, due: Due) -> Span:
        """How long after the cut-off of its month the day lies that was written for a single period."""
        if report.every in (Frequency.WEEK, Frequency.LISTED):
            return Span(1, SpanUnit.WORKING_DAY)
        day = due.last_day(year=self.period.start.year)
        closed = self.regime.cut_off_day if self.regime is not None else "last"
        days = day.day - closed if day is not None and closed != "last" else 0
        return Span(days, SpanUnit.DAY) if days > 0 else Span(3, SpanUnit.WORKING_DAY)

    def _undated(self, number: int, task: Task, report: Report) -> None:
        """A report whose period and date are both left open is asked for once, at the plan's end."""
        if report.due is not None or task.due is not None or report.every is not Frequency.ONCE:
            return
        demanded = report.kind is ReportKind.ON_DEMAND
        if "every" in report.model_fields_set and not demanded:
            return
        place = self.entry.place("tasks", number, "report")
        self.declared.say(
            Code.NO_DATE,
            place,
            "on-demand" if demanded else "",
            where=Thing("task", task.id),
            day=told(self.period.end),
        )

    def _against_cut_off(
        self, path: tuple[str | int, ...], report: Report, regime: Regime, due: date, year: int
    ) -> None:
        once = report.every is Frequency.ONCE
        if once and report.cut_off is None:
            return
        end = nominal_end(self.entry.thing, report.every, year)
        cut_off = cut_off_on(report, regime, end)
        if due <= cut_off:
            variant = "own" if report.cut_off is not None else ""
            early = f"{_moved(due, -_EARLIER):%d/%m}"
            self._say(
                Code.DUE_BEFORE_CUT_OFF, path, variant, due=told(due), cut_off=told(cut_off), early=early
            )

    def _order(self, task: Task, dues: dict[str, tuple[Report, Bounds | None, Place]]) -> None:
        """A report must not be due before the reports of the tasks that come first."""
        if task.id not in dues:
            return
        report, bounds, place = dues[task.id]
        for dependency in task.after:
            first, theirs, _ = dues.get(dependency.task, (None, None, None))
            if bounds is None or theirs is None or first is None or first.every is not report.every:
                continue
            if bounds.latest < theirs.earliest:
                self.declared.say(
                    Code.BEFORE_WHAT_IT_NEEDS,
                    place,
                    where=Thing("task", task.id),
                    due=told(bounds.latest),
                    task=dependency.task,
                    theirs=told(theirs.earliest),
                )

    def _due_path(self, number: int, task: Task) -> tuple[str | int, ...]:
        """Where the due date that holds for a task is written: with the task, or in the defaults."""
        if isinstance(task.report, Report) and task.report.due is not None:
            return ("tasks", number, "report", "due")
        default = self.entry.thing.defaults.report
        if default is not None and default.due is not None:
            return ("defaults", "report", "due")
        return ("tasks", number)

    def _say(self, code: Code, path: tuple[str | int, ...], variant: str = "", **args: str | Span) -> None:
        where = thing_at(self.entry.reading.source.root, path)
        self.declared.tell(code, self.entry.place(*path), variant, {"where": where, **args})
        if code.severity == "error":
            self.entry.broken = True


def dated_reports(entry: Entry[PlanFile], every: Frequency) -> Iterator[tuple[Task, Report, Place]]:
    """The reports of a plan that are owed `every` so often, each with the place of its due date."""
    for number, index in task_paths(entry):
        task = entry.thing.tasks[index]
        report = entry.thing.report(task)
        if report is not None and report.every is every:
            own = isinstance(task.report, Report) and task.report.due is not None
            default = entry.thing.defaults.report
            inherited = not own and default is not None and default.due is not None
            path = ("defaults", "report", "due") if inherited else ("tasks", number, "report", "due")
            yield task, report, entry.place(*path)
