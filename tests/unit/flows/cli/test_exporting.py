"""`dondoc calendar` and `dondoc graph` write every plan of the specs as files that other programs open."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.core.cycle import cycles
from schemas.check import check

FOLDER = Path(__file__).parents[4] / "plan_specs"
CATALOGUE = check([FOLDER]).catalogue
SPECS = ["--specs", str(FOLDER)]


def run(*arguments: str, status: int = 0) -> bytes:
    result = CliRunner().invoke(app, [*arguments, *SPECS])
    assert result.exit_code == status, result.output
    return result.stdout_bytes if status == 0 else result.output.encode()


@pytest.mark.parametrize("plan", CATALOGUE.plans)
def test_the_calendar_of_a_plan_holds_each_due_date_and_reminder_once(plan: str) -> None:
    events = Calendar.from_ical(run("calendar", plan)).walk("VEVENT")
    tasks = [task for cycle in cycles(CATALOGUE.bundle(plan)) for task in cycle.tasks]
    days = [event.decoded("DTSTART") for event in events]

    assert len({event["UID"] for event in events}) == len(events)
    assert len(events) == sum(1 + len(task.schedule.reminders_at) for task in tasks)
    assert days == sorted(days)
    assert sorted(
        event.decoded("DTSTART") for event in events if event["UID"].endswith(".due@dondoc")
    ) == sorted(task.schedule.due_on for task in tasks)


def test_uids_stay_the_same_so_that_a_new_file_replaces_the_old() -> None:
    first, second = (Calendar.from_ical(run("calendar", "cau-ngang-99-2024")) for _ in range(2))

    assert [one["UID"] for one in first.walk("VEVENT")] == [one["UID"] for one in second.walk("VEVENT")]


@pytest.mark.parametrize("plan", CATALOGUE.plans)
def test_the_picture_of_a_plan_shows_every_task_and_every_plan_above(plan: str) -> None:
    root = ET.fromstring(run("graph", plan))
    told = "\n".join(one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}title"))
    spec = CATALOGUE.plans[plan]

    assert all(task.title in told for task in spec.tasks)
    assert all(CATALOGUE.plans[above.plan].plan.number in told for above in spec.plan.implements)
    arrows = [one for one in root.iter() if "arrow" in one.attrib.get("class", "")]
    assert len(arrows) == sum(len(task.after) for task in spec.tasks) + len(spec.plan.implements)


def test_a_file_is_written_when_one_is_named(tmp_path: Path) -> None:
    for command, name, begins in (("graph", "a.svg", b"<svg"), ("calendar", "a.ics", b"BEGIN:VCALENDAR")):
        told = run(command, "cau-ngang-99-2024", "--out", str(tmp_path / name))
        assert name in told.decode()
        assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("command", ["graph", "calendar"])
def test_an_unknown_plan_and_a_place_that_cannot_be_written_are_misuse(command: str, tmp_path: Path) -> None:
    assert b"cau-ngang-99-2024" in run(command, "no-such-plan", status=2)
    run(command, "cau-ngang-99-2024", "--out", str(tmp_path / "no" / "folder"), status=2)
