"""Selectors: all agencies below one, in the hierarchy of each period, without anybody listing them."""

from __future__ import annotations

from datetime import date

import pytest

from flows.core.cycle import cycles
from schemas.catalogue import Bundle, Catalogue
from schemas.check import check_contents
from schemas.model import Agency, Selector
from schemas.selection import Hierarchy, candidates, selected
from tests.bundles import bundle, task
from tests.unit.schemas.corpus import right

END = date(2025, 6, 30)
AFTER = date(2025, 7, 1)


def agency(id_: str, **more: object) -> Agency:
    return Agency.model_validate({"id": id_, "name": id_, "mailbox": f"{id_}@xa.example", **more})


AGENCIES = {
    one.id: one
    for one in (
        agency("tinh-cu", valid={"until": "2025-06-30", "successor": "tinh-moi"}),
        agency("tinh-moi"),
        agency("so", superior="tinh-cu", level="department"),
        agency(
            "huyen", superior="tinh-cu", level="district", valid={"until": "2025-06-30", "successor": "none"}
        ),
        agency(
            "xa-1", superior="huyen", level="commune", valid={"until": "2025-06-30", "successor": "xa-moi"}
        ),
        agency("xa-2", superior="huyen", level="commune"),
        agency("xa-moi", superior="tinh-moi", level="commune", valid={"from": "2025-07-01"}),
        agency("xa-khac", superior="tinh-moi", level="commune"),
    )
}


@pytest.mark.parametrize(
    ("selector", "on", "meant"),
    [
        ({"under": "tinh-cu", "level": "commune"}, END, ("xa-1", "xa-2")),
        ({"under": "tinh-cu"}, END, ("huyen", "so", "xa-1", "xa-2")),
        ({"under": "tinh-moi", "level": "commune"}, END, ("xa-khac",)),
        ({"under": "tinh-moi", "level": "commune"}, AFTER, ("xa-2", "xa-khac", "xa-moi")),
        ({"under": "tinh-cu", "level": "commune"}, AFTER, ("xa-2", "xa-khac", "xa-moi")),
        ({"under": "huyen"}, None, ("xa-1", "xa-2")),
        ({"under": "xa-1"}, END, ()),
    ],
)
def test_who_is_meant_on_a_day(selector: dict[str, str], on: date | None, meant: tuple[str, ...]) -> None:
    one = Selector.model_validate(selector)
    assert selected(AGENCIES, one, on) == meant
    assert set(meant) <= set(candidates(AGENCIES, Hierarchy.of(AGENCIES), one))


def test_a_predecessor_is_not_below_its_successor() -> None:
    found = candidates(AGENCIES, Hierarchy.of(AGENCIES), Selector.model_validate({"under": "xa-moi"}))
    assert found == ()


def test_each_period_is_owed_by_those_who_stand_below_then() -> None:
    plan = bundle(
        task(lead={"under": "tinh-cu", "level": "commune"}, report={"every": "half-year", "due": None}),
        task(
            "nam",
            lead=["so", {"under": "tinh-cu", "level": "commune"}],
            report={"every": "year", "due": None},
        ),
        agencies=AGENCIES,
        issuer="tinh-cu",
        period={"from": "2025-01-01", "to": "2025-12-31"},
    )
    owners = {one.key: one.tasks[0].owners for one in cycles(plan)}
    assert owners == {"2025-H1": ("xa-1", "xa-2"), "2025": ("so", "xa-2", "xa-khac", "xa-moi")}


def test_a_bundle_that_was_kept_as_json_means_the_same_agencies() -> None:
    catalogue = check_contents(right()).catalogue
    plan = catalogue.bundle("cap-duoi")
    again = Bundle.model_validate_json(plan.model_dump_json(by_alias=True))
    chosen = next(one for one in plan.spec.tasks if one.id == "chon-xa")

    assert again.content_hash() == plan.content_hash()
    assert again.owners(chosen) == plan.owners(chosen) == ("xa-1", "xa-2")
    assert again.owners(chosen, AFTER) == ("xa-1", "xa-2")


def test_a_group_may_hold_selectors() -> None:
    catalogue: Catalogue = check_contents(right()).catalogue

    assert catalogue.members("tat-ca") == ("phong-vhtt", "xa-1", "xa-2")
