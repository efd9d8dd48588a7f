"""Days that were hardly meant: mistyped years, last year's period, dues before the plan, days off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from schemas.declared import Declared, Entry
from schemas.findings import Argument, Code
from schemas.model import Calendar, Due, Frequency, PlanFile, Report
from schemas.reckoning import moved, nearest, period_told, told
from schemas.references import task_paths
from schemas.shapes import thing_at
from schemas.tree import Path

_YEARS = range(1945, 2101)
"""Of agencies, plans and days off; what lies outside is a slip of the finger."""
_APART = 5
"""A plan is issued at most so many years before its period, or after the period's beginning."""
_SATURDAY = 5
_ALWAYS_OFF = frozenset({(1, 1), (30, 4), (1, 5), (2, 9)})
"""Public holidays of Viet Nam that fall on the same day each year (Labour Code 2019 Art. 112); those of the
lunar calendar are left to `dondoc explain`, which has the time to work them out."""


def check_misdated(declared: Declared) -> None:
    """Look at the days that plans, agencies and calendars name."""
    for entry in declared.plans.entries.values():
        if not entry.reading.is_broken(()):
            _PlanDays(declared, entry).check()
    for agency in declared.agencies.entries.values():
        valid = agency.thing.valid
        for key, day in (("from", valid.since), ("until", valid.until)) if valid is not None else ():
            if day is not None and day.year not in _YEARS:
                _odd(declared, agency, ("valid", key), day)
    for calendar in declared.calendars.entries.values():
        named = {"holidays": calendar.thing.holidays, "working_days": calendar.thing.working_days}
        for key, days in named.items():
            written = dict(zip(days, _keys(calendar, key), strict=False))
            for day in days:
                if day.year not in _YEARS:
                    _odd(declared, calendar, (key, written.get(day, "")), day)


def is_last_years(spec: PlanFile) -> bool:
    """Whether the plan's period was over when the plan was issued: copied from last year's, most often."""
    return spec.plan.period.end < spec.plan.issued_on


def is_misdated(spec: PlanFile) -> bool:
    """Whether the plan's own days cannot be meant, so that nothing can be said of others beside them."""
    issued, period = spec.plan.issued_on, spec.plan.period
    odd = any(day.year not in _YEARS for day in (issued, period.start, period.end))
    return odd or is_last_years(spec) or not -_APART <= period.start.year - issued.year <= _APART


class _PlanDays:
    """Looks at the days of one plan."""

    def __init__(self, declared: Declared, entry: Entry[PlanFile]) -> None:
        self.declared = declared
        self.entry = entry
        self.plan = entry.thing.plan
        found = declared.calendars.entries.get(self.plan.calendar)
        self.calendar = found.thing if found is not None else None

    def check(self) -> None:
        if self._head():
            return
        for path, due, end in self._once():
            if due.counted:
                continue
            day = nearest(due, end)
            if not self.plan.period.start <= day <= moved(self.plan.period.end, 366):
                continue  # told as outside the plan
            if day < self.plan.issued_on:
                self._say("issued", path, day=told(day), issued=told(self.plan.issued_on))
            elif _has_year(due) and self.calendar is not None and _is_off(day, self.calendar):
                self._day_off(path, day, self.calendar)

    def _head(self) -> bool:
        """Whether the plan's own days cannot be meant; then the others are not looked at."""
        issued, start, end = self.plan.issued_on, self.plan.period.start, self.plan.period.end
        for path, day in (("issued_on",), issued), (("period", "from"), start), (("period", "to"), end):
            if day.year not in _YEARS:
                _odd(self.declared, self.entry, ("plan", *path), day)
                return True
        if is_last_years(self.entry.thing):
            period = period_told(self.plan.period)
            self._say("over", ("plan", "period"), issued=told(issued), period=period)
            return True
        if not -_APART <= start.year - issued.year <= _APART:
            self._say("apart", ("plan", "issued_on"), issued=told(issued), start=told(start))
            return True
        return False

    def _once(self) -> Iterator[tuple[Path, Due, date]]:
        """Each day that something is due on once, with its path and the end of its time."""
        spec, end = self.entry.thing, self.plan.period.end
        for number, index in task_paths(self.entry):
            task = spec.tasks[index]
            if task.due is not None:
                yield ("tasks", number, "due"), task.due, end
            if isinstance(task.report, Report) and task.report.due is not None:
                report = spec.report(task) or task.report
                single = end.year == self.plan.period.start.year and report.every is Frequency.YEAR
                if single or report.every is Frequency.ONCE:
                    yield ("tasks", number, "report", "due"), task.report.due, end
        for number, one in enumerate(self.plan.periods):
            if one.due is not None:
                yield ("plan", "periods", number, "due"), one.due, one.end

    def _day_off(self, path: Path, day: date, calendar: Calendar) -> None:
        before = moved(day, -1)
        while _is_off(before, calendar):
            before = moved(before, -1)
        where = thing_at(self.entry.reading.source.root, path)
        place = self.entry.place(*path)
        self.declared.say(Code.DUE_ON_DAY_OFF, place, where=where, day=told(day), before=told(before))

    def _say(self, variant: str, path: Path, **args: Argument) -> None:
        where = thing_at(self.entry.reading.source.root, path)
        place = self.entry.place(*path)
        self.declared.tell(Code.HARDLY_MEANT, place, variant, {"where": where, **args})


def _has_year(due: Due) -> bool:
    """Whether the very day is written: one of every year may fall on a day off now and then."""
    return isinstance(due.before or due.by, date)


def _is_off(day: date, calendar: Calendar) -> bool:
    """Whether it is certain, without looking the year's holidays up, that nobody works on `day`."""
    if day in calendar.working_days:
        return False
    fixed = calendar.country == "VN" and (day.day, day.month) in _ALWAYS_OFF
    return day.weekday() >= _SATURDAY or day in calendar.holidays or fixed


def _odd(declared: Declared, entry: Entry[Any], path: Path, day: date) -> None:
    where = thing_at(entry.reading.source.root, (*entry.path, *path))
    declared.say(Code.HARDLY_MEANT, entry.value_place(*path), "year", where=where, day=told(day))


def _keys(entry: Entry[Calendar], key: str) -> list[str]:
    """The days of a calendar as they are written, in the same order."""
    node = entry.reading.source.root
    for step in (*entry.path, key):
        node = node.items.get(step) if node is not None else None
    return [str(one) for one in node.items] if node is not None else []
