"""Dates that cannot be meant: due before the data are closed, outside the plan, in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from schemas.declared import Declared, Entry
from schemas.findings import Code, Place, Thing
from schemas.misdated import is_misdated
from schemas.model import (
    AnnualDay,
    Due,
    Frequency,
    PlanFile,
    Regime,
    Report,
    Span,
    SpanUnit,
    Task,
)
from schemas.reckoning import (
    OFTEN,
    Bounds,
    cut_off_on,
    due_bounds,
    moved,
    nearest,
    nominal_end,
    period_told,
    task_counted_from,
    told,
)
from schemas.references import report_paths, task_paths
from schemas.shapes import thing_at

_EARLIER = 10
"""How many days before the due date a cut-off is proposed: time enough to write a report."""


def check_dates(declared: Declared) -> None:
    """Look at every date of every plan."""
    for entry in declared.plans.entries.values():
        if not entry.reading.is_broken(()):
            _PlanDates(declared, entry).check()


class _PlanDates:
    """Looks at the dates of one plan."""

    def __init__(self, declared: Declared, entry: Entry[PlanFile]) -> None:
        self.declared = declared
        self.entry = entry
        self.period = entry.thing.plan.period
        regime = declared.regimes.entries.get(entry.thing.plan.regime)
        self.regime = regime.thing if regime is not None and not regime.broken else None

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
            if not self.period.start <= one.end <= self.period.end and not is_misdated(self.entry.thing):
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
        self._overlaps()
        listed = [path for path, report in report_paths(self.entry) if report.every is Frequency.LISTED]
        if listed and not first:
            self._say(Code.NO_PERIODS, (*listed[0], "every"))
        elif first and not listed:
            self._say(Code.PERIODS_UNUSED, ("plan", "periods"))

    def _overlaps(self) -> None:
        """What is reported in two periods would be counted twice."""
        order = sorted(enumerate(self.entry.thing.plan.periods), key=lambda one: (one[1].start, one[1].end))
        for (_, one), (number, following) in pairwise(order):
            inside = max(one.end, following.end) <= self.period.end
            if following.start <= one.end and inside and following.id != one.id:
                path = ("plan", "periods", number, "from")
                self._say(
                    Code.PERIODS_OVERLAP,
                    path,
                    name=following.id,
                    other=one.id,
                    day=told(following.start),
                    end=told(one.end),
                )

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
        if isinstance(named, AnnualDay) or due.counted or is_misdated(self.entry.thing):
            return
        day = due.last_day(year=self.period.end.year)
        last = moved(self.period.end, 366 if report else 0)
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
        elif report.every in OFTEN and annual:
            span = self._counted(report, due)
            self._say(Code.DAY_OF_YEAR_TOO_RARE, path, every=report.every.value, day=day, span=span)
        elif not once and not annual and report.every in (*OFTEN, Frequency.LISTED):
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
        if "every" in report.model_fields_set or not report.dated:
            return
        place = self.entry.place("tasks", number, "report")
        self.declared.say(
            Code.NO_DATE,
            place,
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
            early = f"{moved(due, -_EARLIER):%d/%m}"
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
        if report is not None and report.dated and report.every is every:
            own = isinstance(task.report, Report) and task.report.due is not None
            default = entry.thing.defaults.report
            inherited = not own and default is not None and default.due is not None
            path = ("defaults", "report", "due") if inherited else ("tasks", number, "report", "due")
            yield task, report, entry.place(*path)
