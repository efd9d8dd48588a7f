"""Working days: which days an office works, and dates counted in them."""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from schemas.model import Calendar, Span, SpanUnit

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """An office's calendar: public holidays of its country, days off and make-up days of its own."""

    country: str
    zone: ZoneInfo
    off: frozenset[date]
    """Days off besides weekends and the country's holidays."""
    worked: frozenset[date]
    """Days worked although they would be off."""
    start: time
    end: time

    @classmethod
    def of(cls, spec: Calendar) -> WorkCalendar:
        """The calendar that a spec describes."""
        return cls(
            country=spec.country,
            zone=ZoneInfo(spec.time_zone),
            off=frozenset(spec.holidays),
            worked=frozenset(spec.working_days),
            start=time.fromisoformat(spec.office_hours.start),
            end=time.fromisoformat(spec.office_hours.end),
        )

    def is_working(self, day: date) -> bool:
        """Whether the office works on `day`."""
        if day in self.worked:
            return True
        if day in self.off:
            return False
        holidays, make_up = _public_days(self.country, day.year)
        if day in make_up:
            return True
        return day.weekday() < _SATURDAY and day not in holidays

    def holiday_name(self, day: date, language: str) -> str | None:
        """What the country calls that public holiday; None when it is none."""
        from holidays import country_holidays

        return country_holidays(self.country, years=day.year, language=language).get(day)

    def move(self, day: date, span: Span, *, back: bool = False) -> date:
        """The day that lies `span` after `day`, or before it with `back`; `day` itself counts as day 0.

        Counted in working days the answer is a working day, except for a span of none.
        """
        step = -1 if back else 1
        if span.unit is SpanUnit.WORKING_DAY:
            left = span.count
            while left:
                day += step * _DAY
                left -= self.is_working(day)
            return day
        if span.unit is SpanUnit.MONTH:
            months = day.year * 12 + day.month - 1 + step * span.count
            year, month = divmod(months, 12)
            last = month_lengths.monthrange(year, month + 1)[1]
            return date(year, month + 1, min(day.day, last))
        return day + step * timedelta(days=span.count * (7 if span.unit is SpanUnit.WEEK else 1))

    def working_day(self, day: date, *, back: bool = False) -> date:
        """`day` if the office works on it, else the next working day (the one before with `back`)."""
        while not self.is_working(day):
            day += -_DAY if back else _DAY
        return day

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.working_day(day + _DAY)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and including `last`; 0 when last <= first."""
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    def opening(self, day: date) -> datetime:
        """The instant at which the office opens on `day`."""
        return datetime.combine(day, self.start, self.zone)

    def closing(self, day: date) -> datetime:
        """The instant at which the office closes on `day`."""
        return datetime.combine(day, self.end, self.zone)

    def in_office(self, instant: datetime) -> datetime:
        """`instant` itself while the office is open, else the next time it opens."""
        day = self.day_of(instant)
        if self.is_working(day):
            if instant < self.closing(day):
                return max(instant, self.opening(day))
            day += _DAY
        return self.opening(self.working_day(day))

    def end_of(self, day: date) -> datetime:
        """The first instant that is no longer `day`."""
        return datetime.combine(day + _DAY, time.min, self.zone)

    def day_of(self, instant: datetime) -> date:
        """The day that an aware instant falls on, here."""
        return instant.astimezone(self.zone).date()


@lru_cache(maxsize=256)
def _public_days(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public holidays of a year, and the weekend days worked to make up for others."""
    from holidays import country_holidays

    days = country_holidays(country, years=year)
    return frozenset(days), frozenset(getattr(days, "weekend_workdays", ()))
