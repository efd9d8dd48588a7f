"""Agencies in time: who stands in whose place on a day, and who owes a report in each period."""

from __future__ import annotations

from datetime import date

import pytest

from flows.core.cycle import cycles
from flows.core.ladder import addressee, issuer
from schemas.model import Agency, Rung
from schemas.succession import in_place_of, line, superiors
from tests.bundles import bundle, task

END = date(2025, 6, 30)
AFTER = date(2025, 7, 1)


def agency(id_: str, **more: object) -> Agency:
    return Agency.model_validate({"id": id_, "name": id_, "mailbox": f"{id_}@xa.example", **more})


AGENCIES = {
    one.id: one
    for one in (
        agency("tinh-cu", valid={"until": "2025-06-30", "successor": "tinh-moi"}),
        agency("tinh-moi", valid={"from": "2025-07-01"}),
        agency("huyen", superior="tinh-cu", valid={"until": "2025-06-30", "successor": "none"}),
        agency("xa-1", superior="huyen", valid={"until": "2025-06-30", "successor": "xa-moi"}),
        agency("xa-2", superior="huyen", valid={"until": "2025-06-30", "successor": "xa-moi"}),
        agency("xa-3", superior="huyen"),
        agency("xa-moi", superior="tinh-moi", valid={"from": "2025-07-01"}),
        agency("vong-1", valid={"until": "2020-01-01", "successor": "vong-2"}),
        agency("vong-2", valid={"until": "2020-01-01", "successor": "vong-1"}),
    )
}


@pytest.mark.parametrize(
    ("name", "on", "there"),
    [
        ("xa-3", AFTER, "xa-3"),
        ("xa-1", END, "xa-1"),
        ("xa-1", AFTER, "xa-moi"),
        ("huyen", END, "huyen"),
        ("huyen", AFTER, None),
        ("xa-moi", END, None),
        ("vong-1", AFTER, None),
        ("khong-co", AFTER, None),
    ],
)
def test_who_stands_there_on_a_day(name: str, on: date, there: str | None) -> None:
    assert in_place_of(AGENCIES, name, on) == there


def test_a_successor_that_begins_later_leaves_a_gap() -> None:
    agencies = {
        "cu": agency("cu", valid={"until": "2025-06-30", "successor": "moi"}),
        "moi": agency("moi", valid={"from": "2025-09-01"}),
    }
    assert in_place_of(agencies, "cu", date(2025, 8, 1)) is None
    assert in_place_of(agencies, "cu", date(2025, 9, 1)) == "moi"
    assert line(agencies, "cu", date(2025, 1, 1), date(2025, 12, 31)) == ("cu", "moi")
    assert line(agencies, "cu", date(2025, 7, 1), date(2025, 12, 31)) == ("moi",)


def test_the_hierarchy_is_that_of_the_day() -> None:
    assert superiors(AGENCIES, "xa-3", None) == ("huyen", "tinh-cu")
    assert superiors(AGENCIES, "xa-3", END) == ("huyen", "tinh-cu")
    assert superiors(AGENCIES, "xa-3", AFTER) == ("tinh-moi",), "the district tier is passed over"


def test_each_period_is_owed_by_those_who_exist_when_its_data_are_closed() -> None:
    plan = bundle(
        task(lead=["xa-1", "xa-2", "xa-3", "xa-moi"], report={"every": "quarter", "due": None}),
        agencies=AGENCIES,
        issuer="tinh-cu",
        period={"from": "2025-01-01", "to": "2025-12-31"},
    )
    owners = {one.key: one.by_id["bao-cao"].owners for one in cycles(plan)}
    assert owners["2025-Q1"] == owners["2025-Q2"] == ("xa-1", "xa-2", "xa-3")
    assert owners["2025-Q3"] == owners["2025-Q4"] == ("xa-moi", "xa-3"), "two merged into one owe one report"


def test_a_task_whose_owners_have_all_ended_is_not_in_later_periods_and_nothing_waits_for_it() -> None:
    plan = bundle(
        task("cap-huyen", lead="huyen", report={"every": "quarter", "due": None}),
        task("tong-hop", lead="xa-3", after="cap-huyen", report={"every": "quarter", "due": None}),
        agencies=AGENCIES,
        issuer="tinh-cu",
        period={"from": "2025-01-01", "to": "2025-12-31"},
    )
    found = {one.key: one for one in cycles(plan)}
    assert set(found["2025-Q2"].by_id) == {"cap-huyen", "tong-hop"}
    assert [wait.task for wait in found["2025-Q2"].by_id["tong-hop"].waits] == ["cap-huyen"]
    assert set(found["2025-Q3"].by_id) == {"tong-hop"}
    assert found["2025-Q3"].by_id["tong-hop"].waits == ()


def test_a_one_off_report_is_owed_by_those_who_exist_when_it_is_due() -> None:
    plan = bundle(
        task(lead="xa-1", report={"due": {"by": "2025-06-16"}}),
        agencies=AGENCIES,
        issuer="tinh-cu",
        period={"from": "2025-01-01", "to": "2030-12-31"},
    )
    (once,) = cycles(plan)
    assert once.by_id["bao-cao"].owners == ("xa-1",)


def test_a_delay_climbs_to_who_took_the_superiors_place() -> None:
    plan = bundle(task(lead="xa-3"), agencies=AGENCIES, issuer="tinh-cu")
    rung = Rung.model_validate({"after": "1 day", "to": "superior", "up": 2})
    assert addressee(plan, "xa-3", rung, END).agency.id == "tinh-cu"
    assert addressee(plan, "xa-3", rung, AFTER).agency.id == "tinh-moi"
    assert issuer(plan, AFTER).agency.id == "tinh-moi"
