"""`dondoc check` as a whole process: on one large plan, and on a plan for every unit of a country."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.generated import national_tree, one_large_plan, same_for_taskjuggler
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


_TASKJUGGLER = shutil.which("tj3")


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


def test_beside_taskjuggler(tmp_path: Path) -> None:
    """The same tasks, owners and dependencies for both, checked in turns, each as a whole process."""
    specs, project = tmp_path / "specs", tmp_path / "ke-hoach.tjp"
    one_large_plan(specs)
    same_for_taskjuggler(project)
    print("\ndondoc check beside tj3 --check-syntax: 1,000 tasks, 100 agencies")
    if _TASKJUGGLER is None:
        print("  tj3 is not installed here (on Debian: apt install tj3); nothing to measure beside")
        return
    check = tj3 = None
    for _ in range(3):
        check = _better(check, cost_of("-c", CHECK, "check", str(specs), runs=1))
        tj3 = _better(tj3, cost_of("--check-syntax", str(project), runs=1, program=_TASKJUGGLER))
    assert check is not None
    assert tj3 is not None
    assert check.status == 0, check.output[:2_000]
    assert tj3.status == 0, tj3.output[:2_000]
    _told("dondoc check", check, check)
    _told("tj3 --check-syntax", tj3, check)
    print(f"  memory: check needed {check.peak_mb / tj3.peak_mb:.2f} times as much")


def _better(known: Cost | None, cost: Cost) -> Cost:
    return cost if known is None or cost.seconds < known.seconds else known


def _told(what: str, cost: Cost, check: Cost) -> None:
    ratio = "" if cost is check else f"; check took {check.seconds / cost.seconds:.2f} times as long"
    print(f"  {what}:\n    {cost}{ratio}")
