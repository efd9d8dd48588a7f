"""A calendar file (.ics, RFC 5545) of days to keep in mind, for Outlook, Google Calendar and the like."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

_MORNING = timedelta(hours=8)
"""When the day's appointments are brought to mind."""


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A day with something on it. The same `uid` written again replaces the older appointment."""

    uid: str
    on: date
    summary: str
    description: str
    category: str


def ics(name: str, appointments: Iterable[Appointment], written_at: datetime) -> bytes:
    """The file, lines ended and folded as RFC 5545 asks; `written_at` is aware. Whole days take no time from
    anybody's calendar (TRANSP:TRANSPARENT).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//dondoc//plans//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in appointments:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", written_at)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("summary", one.summary)
        event.add("description", one.description)
        event.add("categories", [one.category])
        event.add("transp", "TRANSPARENT")
        event.add_component(_alarm(one.summary))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _alarm(summary: str) -> Alarm:
    """In the morning of the day itself: a whole day begins at midnight, when nobody would see it."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", _MORNING)
    return alarm
