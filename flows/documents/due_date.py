"""The due date of one report as a calendar file (.ics, RFC 5545), to be put into an office's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class DueDate:
    """The last day on which a report is in time."""

    uid: str
    """The same for one report from first to last: a later file replaces the entry of an earlier one."""
    sequence: int
    """Rises with every change."""
    on: date
    summary: str
    description: str
    organizer_name: str
    organizer_mailbox: str
    cancelled: bool = False
    """Whether the report is no longer owed: the entry is struck out."""


def due_date_ics(due: DueDate, written_at: datetime) -> bytes:
    """The file; `written_at` is aware. The entry takes the whole day and no time of anybody's, and reminds
    at eight in the morning of the day before.
    """
    from icalendar import Alarm, Calendar, Event, vCalAddress, vText

    event = Event()
    event.add("uid", due.uid)
    event.add("sequence", due.sequence)
    event.add("dtstamp", written_at)
    event.add("dtstart", due.on)
    event.add("dtend", due.on + timedelta(days=1))
    event.add("summary", due.summary)
    event.add("description", due.description)
    event.add("status", "CANCELLED" if due.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    organizer = vCalAddress(f"mailto:{due.organizer_mailbox}")
    organizer.params["CN"] = vText(due.organizer_name.replace('"', "'"))
    event["organizer"] = organizer
    if not due.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", due.summary)
        alarm.add("trigger", timedelta(hours=-16))
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//dondoc//due date//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if due.cancelled else "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
