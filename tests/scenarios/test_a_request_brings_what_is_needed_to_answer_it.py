"""A request brings its form as a workbook and its due date for the calendar; a classified one neither."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from flows.shell.specs.applying import apply
from flows.shell.specs.changes import Confirmed
from notifiers import form_sheet
from schemas.catalogue import Bundle
from tests.bundles import at, bundle, task
from tests.driving import IDENTITY, Driven, driven, text_of

REPORT = {"form": "bieu-mau"}


def files(message: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def event(message: EmailMessage) -> dict[str, str]:
    (content,) = [content for name, content in files(message).items() if name.endswith(".ics")]
    calendar = Calendar.from_ical(content)
    (found,) = calendar.walk("VEVENT")
    day = found.decoded("DTSTART").isoformat()
    return {"method": calendar["METHOD"], "uid": found["UID"], "sequence": found["SEQUENCE"], "day": day}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), bundle(task(report=REPORT))) as found:
        found.run_until(at("2024-11-15 09:00"))
        yield found


def test_a_request_brings_its_form_and_its_due_date(engine: Driven) -> None:
    (message,) = engine.letters("request")
    form, date = files(message)
    token = f"r{engine.request()['id']}"
    assert (form, date) == (f"Biểu mẫu báo cáo {token}.xlsx", f"Hạn báo cáo {token}.ics")
    sheet = load_workbook(io.BytesIO(files(message)[form])).worksheets[0]
    assert sheet[form_sheet.TOKEN_CELL].value == token
    assert "Hết ngày 29/11/2024" in text_of(message)
    assert event(message)["day"] == "2024-11-29"


def test_the_entry_in_the_calendar_moves_with_the_due_date_and_goes_when_nothing_is_owed(
    engine: Driven,
) -> None:
    moved = bundle(task(report={**REPORT, "due": {"by": "2024-12-06"}}))
    dropped = bundle(task(lead="xa-2", report=REPORT))
    for changed in (moved, dropped):
        change(engine, changed)
    (asked,) = engine.letters("request")[:1]
    (redated,) = engine.letters("re-dated")
    (withdrawn,) = engine.letters("withdrawn")
    first, second, third = event(asked), event(redated), event(withdrawn)
    assert first["uid"] == second["uid"] == third["uid"]
    assert first["sequence"] < second["sequence"] < third["sequence"]
    assert (first["day"], second["day"]) == ("2024-11-29", "2024-12-06")
    assert (first["method"], second["method"], third["method"]) == ("PUBLISH", "PUBLISH", "CANCEL")


def change(engine: Driven, changed: Bundle) -> None:
    said = Confirmed(running=True)
    apply(engine.ledger, [changed], engine.clock, IDENTITY, confirmed=said)
    engine.run_until(engine.clock.now())


def test_a_report_without_a_form_brings_only_its_due_date(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), bundle(task())) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        (message,) = engine.letters("request")
        assert [Path(name).suffix for name in files(message)] == [".ics"]


def test_a_classified_request_brings_nothing(tmp_path: Path) -> None:
    secret = bundle(task(report={**REPORT, "classification": "secret"}))
    with driven(tmp_path, at("2024-11-15"), secret) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        (message,) = engine.letters("request")
        assert files(message) == {}
