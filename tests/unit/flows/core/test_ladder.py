"""Whom a rung reaches."""

from __future__ import annotations

from datetime import date

import pytest

from flows.core import ladder
from schemas.model import Agency, Rung
from tests.bundles import bundle

AGENCIES = {
    one["id"]: Agency.model_validate(one)
    for one in (
        {"id": "tinh", "name": "Tỉnh", "mailbox": "t@t.example", "head": {"name": "T"}},
        {
            "id": "huyen",
            "name": "Huyện",
            "superior": "tinh",
            "mailbox": "h@h.example",
            "head": {"name": "H", "mailbox": "chu-tich@h.example"},
        },
        {
            "id": "xa",
            "name": "Xã",
            "superior": "huyen",
            "mailbox": "x@x.example",
            "head": {"name": "X"},
            "focal_point": {"name": "Y", "mailbox": "y@x.example"},
        },
        {"id": "le", "name": "Lẻ", "mailbox": "le@le.example"},
        {"id": "cam", "name": "Câm", "superior": "diec"},
        {"id": "diec", "name": "Điếc"},
    )
}
ON = date(2024, 11, 29)
PLAN = bundle({"id": "a", "title": "A", "lead": "xa", "report": {}}, agencies=AGENCIES)


@pytest.mark.parametrize(
    ("agency", "rung", "mailbox"),
    [
        ("xa", {"to": "agency"}, "x@x.example"),
        ("xa", {"to": "focal-point"}, "y@x.example"),
        ("xa", {"to": "head"}, "x@x.example"),  # the head has no mailbox of his own
        ("xa", {"to": "deputy"}, "x@x.example"),  # nor is there a deputy
        ("xa", {"to": "superior"}, "chu-tich@h.example"),
        ("xa", {"to": "superior", "up": 2}, "t@t.example"),
        ("xa", {"to": "superior", "up": 9}, "t@t.example"),
        ("xa", {"to": "issuer"}, "h@h.example"),
        ("le", {"to": "superior"}, "h@h.example"),  # nobody above: the plan's issuer
        ("cam", {"to": "head"}, "h@h.example"),  # nobody to write to: the plan's issuer
        ("cam", {"to": "superior"}, "h@h.example"),
    ],
)
def test_a_rung_reaches(agency: str, rung: dict[str, object], mailbox: str) -> None:
    found = ladder.addressee(PLAN, agency, Rung.model_validate({"after": "1 day"} | rung), ON)
    assert found.mailbox == mailbox


def test_a_person_without_a_mailbox_is_reached_through_the_agency_by_name() -> None:
    found = ladder.addressee(PLAN, "xa", Rung.model_validate({"after": "1 day", "to": "head"}), ON)
    assert found.contact is not None
    assert (found.agency.id, found.contact.name) == ("xa", "X")


@pytest.mark.parametrize(
    ("agency", "rungs", "climbed"),
    [
        ("xa", [{"to": "head"}, {"to": "superior"}, {"to": "superior", "up": 2}], (0, 1, 2)),
        ("huyen", [{"to": "head"}, {"to": "superior"}, {"to": "superior", "up": 2}], (0, 1)),
        ("le", [{"to": "agency"}, {"to": "head"}, {"to": "superior"}, {"to": "issuer"}], (0, 2)),
        ("cam", [{"to": "head"}, {"to": "superior"}, {"to": "superior", "up": 2}], (0,)),
        ("huyen", [{"to": "superior"}, {"to": "head"}, {"to": "superior", "up": 2}], (0, 1)),
        ("huyen", [{"to": "superior"}, {"to": "superior"}], (0, 1)),  # the same rung twice is meant
        ("xa", [], ()),
    ],
)
def test_nobody_is_told_by_two_different_rungs(
    agency: str, rungs: list[dict[str, object]], climbed: tuple[int, ...]
) -> None:
    found = [Rung.model_validate({"after": "1 day"} | rung) for rung in rungs]
    assert ladder.rungs_for(PLAN, agency, found, ON) == climbed
