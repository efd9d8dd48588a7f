"""`dondoc check` and `dondoc simulate` as whole processes, on the plans that come with dondoc."""

from __future__ import annotations

import pytest

from tests.benchmarks.measured import ROOT, cost_of

_MAIN = "from flows.cli import main; main()"
_PLANS = sorted(path.stem for path in (ROOT / "plan_specs" / "plans").glob("*.yaml"))


def test_check_plan_specs() -> None:
    cost = cost_of("-c", _MAIN, "check", "plan_specs")
    print(f"\ndondoc check plan_specs (goal: under 1 s): {cost}")
    assert cost.status == 0, cost.output


@pytest.mark.parametrize("plan", _PLANS)
def test_simulate(plan: str) -> None:
    cost = cost_of("-c", _MAIN, "simulate", plan, "--silent", "all")
    print(f"\ndondoc simulate {plan} --silent all (goal: under 1 s): {cost}")
    assert cost.status == 0, cost.output
