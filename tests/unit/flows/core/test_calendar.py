"""Working days: weekends, Tết, make-up Saturdays, and what a spec overrides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.model import Span
from tests.bundles import at, work_calendar

VIET_NAM = work_calendar()
DAYS = st.dates(date(2020, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 11, 29), True),
        (date(2024, 11, 30), False),  # Saturday
        (date(2024, 1, 1), False),
        (date(2024, 2, 8), False),  # Tết Giáp Thìn: 8/2 to 14/2
        (date(2024, 2, 14), False),
        (date(2024, 2, 15), True),
        (date(2024, 4, 18), False),  # Giỗ Tổ Hùng Vương
        (date(2024, 4, 29), False),  # exchanged for the Saturday below
        (date(2024, 5, 4), True),
        (date(2024, 9, 2), False),
    ],
)
def test_an_office_works_monday_to_friday_less_holidays_plus_make_up_saturdays(
    day: date, *, works: bool
) -> None:
    assert VIET_NAM.is_working(day) is works


def test_what_a_spec_says_wins_over_the_country_s_calendar() -> None:
    calendar = work_calendar(
        holidays={"2024-11-28": "Ngày truyền thống", "2024-05-04": "Không làm bù"},
        working_days={"2024-11-30": "Làm bù"},
    )
    assert not calendar.is_working(date(2024, 11, 28))
    assert calendar.is_working(date(2024, 11, 30))
    assert not calendar.is_working(date(2024, 5, 4))


@pytest.mark.parametrize(
    ("start", "span", "back", "end"),
    [
        (date(2024, 2, 7), "1 working day", False, date(2024, 2, 15)),  # across Tết
        (date(2024, 2, 15), "1 working day", True, date(2024, 2, 7)),
        (date(2024, 5, 3), "1 working day", False, date(2024, 5, 4)),  # the make-up Saturday counts
        (date(2024, 5, 3), "2 working days", False, date(2024, 5, 6)),
        (date(2024, 11, 30), "1 working day", False, date(2024, 12, 2)),
        (date(2024, 11, 30), "0 working days", False, date(2024, 11, 30)),
        (date(2024, 11, 29), "3 days", False, date(2024, 12, 2)),
        (date(2024, 11, 29), "2 weeks", True, date(2024, 11, 15)),
        (date(2024, 1, 31), "1 month", False, date(2024, 2, 29)),
        (date(2024, 3, 31), "1 tháng", True, date(2024, 2, 29)),
        (date(2024, 11, 30), "2 months", False, date(2025, 1, 30)),
    ],
)
def test_a_span_is_counted_from_its_day(start: date, span: str, *, back: bool, end: date) -> None:
    assert VIET_NAM.move(start, Span.parse(span), back=back) == end


@given(day=DAYS, count=st.integers(1, 40), back=st.booleans())
def test_a_span_of_working_days_ends_on_a_working_day_with_as_many_between(
    day: date, count: int, *, back: bool
) -> None:
    end = VIET_NAM.move(day, Span.parse(f"{count} working days"), back=back)
    assert VIET_NAM.is_working(end)
    if back:
        assert VIET_NAM.working_days_between(end, day) == count - 1 + VIET_NAM.is_working(day)
    else:
        assert VIET_NAM.working_days_between(day, end) == count


@given(DAYS)
def test_the_nearest_working_day_leaves_no_working_day_between(day: date) -> None:
    ahead, back = VIET_NAM.working_day(day), VIET_NAM.working_day(day, back=True)
    assert back <= day <= ahead
    inside = [back + timedelta(days=n) for n in range(1, (ahead - back).days)]
    assert not any(VIET_NAM.is_working(one) for one in inside)
    assert VIET_NAM.next_working_day(day) > day


@pytest.mark.parametrize(
    ("instant", "open_at"),
    [
        ("2024-11-29 06:00", "2024-11-29 08:00"),
        ("2024-11-29 08:00", "2024-11-29 08:00"),
        ("2024-11-29 16:59", "2024-11-29 16:59"),
        ("2024-11-29 17:00", "2024-12-02 08:00"),
        ("2024-11-30 10:00", "2024-12-02 08:00"),
        ("2024-02-07 23:00", "2024-02-15 08:00"),
    ],
)
def test_what_happens_out_of_hours_waits_for_the_office_to_open(instant: str, open_at: str) -> None:
    assert VIET_NAM.in_office(at(instant)) == at(open_at)


def test_a_day_begins_at_midnight_in_its_own_zone() -> None:
    assert VIET_NAM.end_of(date(2024, 11, 29)).isoformat() == "2024-11-30T00:00:00+07:00"
    assert VIET_NAM.day_of(at("2024-11-29 23:59")) == date(2024, 11, 29)
    elsewhere = work_calendar(time_zone="Europe/Berlin", office_hours={"from": "09:30", "to": "16:00"})
    assert elsewhere.day_of(at("2024-11-29 05:00")) == date(2024, 11, 28)
    assert elsewhere.opening(date(2024, 11, 29)).isoformat() == "2024-11-29T09:30:00+01:00"
    assert elsewhere.closing(date(2024, 11, 29)).isoformat() == "2024-11-29T16:00:00+01:00"
