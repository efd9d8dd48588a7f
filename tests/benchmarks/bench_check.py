"""`dondoc check` as a whole process: on one large plan, and on a plan for every unit of a country."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.generated import national_tree, one_large_plan
from tests.benchmarks.measured import Cost, cost_of

CHECK = "from flows.cli import main; main()"
PARSE = """
import sys
from pathlib import Path
from ruamel.yaml import YAML
for file in Path(sys.argv[1]).rglob("*.yaml"):
    for event in YAML(typ="safe").parse(file.read_text(encoding="utf-8")):
        pass
"""
SIZES = [
    pytest.param(one_large_plan, "1,000 tasks, 100 agencies", "under 0.6 s", 3, id="one-large-plan"),
    pytest.param(national_tree, "national tree, 3,355 plans", "under 20 s", 1, id="national-tree"),
]


@pytest.mark.parametrize(("generate", "size", "goal", "runs"), SIZES)
def test_check(generate: Callable[[Path], None], size: str, goal: str, runs: int, tmp_path: Path) -> None:
    generate(tmp_path)
    start = cost_of("-c", "import pydantic")
    parse = cost_of("-c", PARSE, str(tmp_path), runs=runs)
    check = cost_of("-c", CHECK, "check", str(tmp_path), runs=runs)

    print(f"\n{size} (goal: {goal})")
    _told("dondoc check", check, check)
    _told("reference: starting Python and importing pydantic", start, check)
    _told("reference: parsing the same files, nothing more", parse, check)
    assert check.status == 0, check.output[:2_000]


def _told(what: str, cost: Cost, check: Cost) -> None:
    ratio = "" if cost is check else f"; check took {check.seconds / cost.seconds:.1f} times as long"
    print(f"  {what}:\n    {cost}{ratio}")
