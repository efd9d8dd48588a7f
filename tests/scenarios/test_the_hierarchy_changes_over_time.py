"""Promises about time: an abolished agency owes nothing, and denominators are right for the period."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.core.cycle import CyclePlan, cycles
from schemas.catalogue import Catalogue
from schemas.check import check

SPECS = Path(__file__).parents[2] / "plan_specs"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return check([SPECS]).catalogue


def owed(cycle: CyclePlan) -> int:
    return sum(len(task.owners) for task in cycle.tasks)


def test_the_districts_of_dak_lak_owe_the_year_2024_and_no_year_after_their_end(catalogue: Catalogue) -> None:
    years = {one.key: one for one in cycles(catalogue.bundle("dak-lak-143-2024"))}
    districts = set(catalogue.members("dak-lak-cap-huyen"))

    assert {one for task in years["2024"].tasks for one in task.owners} >= districts
    for year in range(2025, 2031):
        owners = {one for task in years[str(year)].tasks for one in task.owners}
        assert not owners & districts
        assert owners, "the departments of the province go on"
    assert owed(years["2024"]) - owed(years["2026"]) >= len(districts) == 15


def test_what_kon_tum_and_tra_vinh_owe_passes_to_the_provinces_they_went_into(catalogue: Catalogue) -> None:
    bundle = catalogue.bundle("kon-tum-ubnd-2024")
    assert "ubnd-tinh-quang-ngai" in bundle.agencies, (
        "a bundle holds successors, so that the ledger knows them"
    )
