"""A set of files checked together: what is sound stays usable, what is broken is told once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schemas.check import check, check_contents
from schemas.codes import Code
from schemas.model import Language
from tests.unit.schemas.corpus import right

RIGHT = right()
DIRECTORY, LIBRARY, CHILD, PARENT = (
    "right/danh-ba.yaml",
    "right/thu-vien.yaml",
    "right/cap-duoi.yaml",
    "right/cap-tren.yaml",
)


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    text = RIGHT[name].decode()
    assert text.count(old) >= 1
    return {**RIGHT, name: text.replace(old, new, 1).encode()}


def test_a_broken_plan_leaves_the_others_in_the_catalogue() -> None:
    result = check_contents(changed(CHILD, "kind: periodic", "kin: periodic"))

    assert [finding.code for finding in result.findings] == [Code.UNKNOWN_KEY]
    assert list(result.catalogue.plans) == ["cap-tren"]
    assert "xa-1" in result.catalogue.agencies


def test_an_unreadable_directory_is_told_once_and_each_plan_says_why_it_is_left_out() -> None:
    result = check_contents({**RIGHT, DIRECTORY: b"agencies:\n  - id: a\n   name: b\n"})

    assert [finding.code for finding in result.findings] == [Code.LEFT_OUT, Code.LEFT_OUT, Code.SYNTAX]
    assert "right/danh-ba.yaml:3:" in result.findings[0].message
    assert result.catalogue.plans == {}
    assert result.errors == 1


def test_a_mistake_in_one_agency_leaves_out_only_the_plans_that_name_it() -> None:
    result = check_contents(changed(DIRECTORY, "mailbox: xa2@huyen.example", "mailbx: xa2@huyen.example"))

    assert [finding.code for finding in result.findings] == [Code.LEFT_OUT, Code.UNKNOWN_KEY]
    assert set(result.catalogue.plans) == {"cap-tren"}
    assert "xa-2" not in result.catalogue.agencies
    assert "cac-xa" not in result.catalogue.groups
    assert "xa-1" in result.catalogue.agencies


def test_a_mistake_in_a_parent_leaves_out_the_child_as_well() -> None:
    result = check_contents(changed(PARENT, "every: year", "every: yearly"))

    assert [finding.code for finding in result.findings] == [Code.LEFT_OUT, Code.NOT_A_CHOICE]
    assert 'plan "cap-tren"' in result.findings[0].message
    assert result.catalogue.plans == {}


def test_agencies_below_a_broken_one_are_left_out_with_it() -> None:
    result = check_contents(changed(DIRECTORY, "level: huyện", "levle: huyện"))

    assert "ubnd-tinh" in result.catalogue.agencies
    assert "xa-1" not in result.catalogue.agencies


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = RIGHT[CHILD].decode()
    text = (
        text.replace("regime: nd-09", "regime: nd-90")
        .replace("lead: xa-1", "lead: xa-9")
        .replace("on: due", "on: du")
    )
    result = check_contents({**RIGHT, CHILD: text.encode()})

    assert {finding.code for finding in result.findings} == {
        Code.NO_REGIME,
        Code.NO_AGENCY,
        Code.NOT_A_CHOICE,
    }


def test_what_was_meant_is_guessed_across_agencies_and_groups() -> None:
    result = check_contents(changed(CHILD, "lead: cac-xa", "lead: cacxa"))

    assert [(finding.code, finding.guess) for finding in result.findings] == [(Code.NO_AGENCY, "cac-xa")]


def test_a_cycle_of_tasks_is_printed_as_a_path() -> None:
    result = check_contents(changed(CHILD, "coordinating: [phong-vhtt, ubnd-tinh]", "after: van-xuoi"))

    (finding,) = [finding for finding in result.findings if finding.code is Code.TASK_LOOP]
    assert "cac-xa-bao-cao → van-xuoi → cac-xa-bao-cao" in finding.message


def test_a_date_is_told_as_the_day_it_means() -> None:
    result = check_contents(changed(CHILD, "cut_off: {by: 20/11}", "source: x"))

    (finding,) = result.findings
    assert finding.code is Code.DUE_BEFORE_CUT_OFF
    assert "29/11/2024" in finding.message
    assert "14/12/2024" in finding.message
    assert "29/11/2024" in finding.message_in(Language.VI)


def test_a_cut_off_in_the_year_before_is_not_an_early_due_date() -> None:
    """A yearly report of calendar periods, due in January, is about the year before."""
    text = RIGHT[PARENT].decode().replace("nd-09", "duong-lich").replace("by: 20/12", "by: 15/1")
    result = check_contents({**RIGHT, PARENT: text.encode()})

    assert [finding.code for finding in result.findings] == []


def test_folders_are_searched_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name, content in RIGHT.items():
        path = tmp_path / "deep" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_bytes(b"]")
    (tmp_path / "notes.txt").write_bytes(b"]")
    (tmp_path / "more.yml").write_bytes(b"regimes: {r: {title: R}}\n")

    result = check([tmp_path])

    assert result.findings == ()
    assert result.files == sum(name.startswith("right/") for name in RIGHT) + 1
    assert "r" in result.catalogue.regimes


def test_a_path_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    result = check([tmp_path / "none"])

    assert [finding.code for finding in result.findings] == [Code.UNREADABLE]
    assert "none" in result.findings[0].render()


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"regimes: {r: {title: R}}\n")

    assert check([path, tmp_path]).findings == ()


@pytest.mark.parametrize("heavy", ["prefect", "sqlalchemy", "jsonschema", "hypothesis"])
def test_checking_never_imports(heavy: str) -> None:
    program = f"import sys, schemas.check; sys.exit({heavy!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
