"""The calendar file reads back as what was put in, and keeps to RFC 5545's form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from flows.documents.appointments import Appointment, ics

AT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
ONE = Appointment(
    uid="a.2024.b.due@dondoc",
    on=date(2024, 11, 29),
    summary="Hạn báo cáo: Ủy ban nhân dân các xã, thị trấn; " + "thông tin đối ngoại " * 5,
    description="Dòng một\nDòng hai, có dấu phẩy",
    category="Hạn báo cáo",
)


def test_an_appointment_reads_back_as_a_whole_day() -> None:
    (event,) = Calendar.from_ical(ics("Kế hoạch", [ONE], AT)).walk("VEVENT")

    assert event["UID"] == ONE.uid
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2024, 11, 29), date(2024, 11, 30))
    assert event["SUMMARY"] == ONE.summary
    assert event["DESCRIPTION"] == ONE.description
    assert event["TRANSP"] == "TRANSPARENT"
    assert event.decoded("DTSTAMP") == AT


def test_it_is_brought_to_mind_in_the_morning_of_the_day() -> None:
    (alarm,) = Calendar.from_ical(ics("Kế hoạch", [ONE], AT)).walk("VALARM")

    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", ONE.summary)
    assert alarm.decoded("TRIGGER") == timedelta(hours=8)


def test_lines_end_in_crlf_and_are_no_longer_than_75_bytes() -> None:
    """RFC 5545, 3.1: lines SHOULD NOT be longer than 75 octets, excluding the line break."""
    text = ics("Kế hoạch", [ONE], AT)

    assert text.startswith(b"BEGIN:VCALENDAR\r\n")
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"DTSTART;VALUE=DATE:20241129" in text
