from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from flows.documents.due_date import DueDate, due_date_ics

DUE = DueDate(
    uid="r12@dondoc.example",
    sequence=2,
    on=date(2024, 11, 29),
    summary="Hạn báo cáo: Tuyên truyền; quảng bá, " + "rất dài " * 20,
    description="Dòng một\nDòng hai",
    organizer_name='Phòng "VH-TT"',
    organizer_mailbox="baocao@dondoc.example",
)
AT = datetime(2024, 11, 1, 1, 0, tzinfo=UTC)


def read(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(calendar, Calendar)
    assert isinstance(event, Event)
    return calendar, event


def test_the_due_date_is_a_whole_day_with_a_reminder_the_morning_before() -> None:
    content = due_date_ics(DUE, AT)
    calendar, event = read(content)
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert (event["UID"], int(event["SEQUENCE"])) == ("r12@dondoc.example", 2)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2024, 11, 29), date(2024, 11, 30))
    assert str(event["SUMMARY"]) == DUE.summary
    assert str(event["DESCRIPTION"]) == DUE.description
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-16)
    assert event["ORGANIZER"] == "mailto:baocao@dondoc.example"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_report_no_longer_owed_is_struck_out_of_the_calendar() -> None:
    calendar, event = read(due_date_ics(replace(DUE, cancelled=True, sequence=3), AT))
    assert str(calendar["METHOD"]) == "CANCEL"
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 3)
    assert event["UID"] == DUE.uid
    assert event.walk("VALARM") == []


def test_the_same_due_date_gives_the_same_bytes() -> None:
    assert due_date_ics(DUE, AT) == due_date_ics(DUE, AT)
