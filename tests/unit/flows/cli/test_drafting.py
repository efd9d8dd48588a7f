"""`dondoc new` writes a plan that passes check, from answers or from last year's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.commands import app
from schemas.check import check

ANSWERS = [
    "Thông tin cơ sở",
    "07/KH-UBND",
    "ubnd-huyen-cau-ngag",  # misspelt, so asked again
    "ubnd-huyen-cau-ngang",
    "2024",
    "5/1/2024",
    "nd-09-2019",
    "viet-nam",
    "don-doc-co-so",
    "Phát thanh: ba buổi mỗi tuần",
    "ubnd-xa-my-hoa, no-such-agency",
    "cau-ngang-xa-thi-tran",
    "quarter",
    "-",
    "-",
    "y",
    "Báo cáo năm",
    "phong-vhtt-cau-ngang",
    "year",
    "tomorrow",
    "chậm nhất ngày 20/12",
    "-",
    "n",
    "",
]


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    shutil.copytree(Path(__file__).parents[4] / "plan_specs", tmp_path / "specs")
    return tmp_path / "specs"


def run(specs: Path, *arguments: str, answers: list[str] | None = None) -> Result:
    typed = "\n".join([*(answers or []), ""])
    return CliRunner().invoke(app, ["new", *arguments, "--specs", str(specs)], input=typed)


def test_answers_become_a_plan_without_findings(specs: Path) -> None:
    result = run(specs, answers=ANSWERS)
    checked = check([specs])

    assert result.exit_code == 0, result.output
    assert [finding.render() for finding in checked.findings] == []
    plan = checked.catalogue.plans["thong-tin-co-so-2024"]
    assert plan.plan.number == "07/KH-UBND"
    assert [task.title for task in plan.tasks] == ["Phát thanh: ba buổi mỗi tuần", "Báo cáo năm"]
    assert "ubnd-huyen-cau-ngang" in result.output.split("ubnd-huyen-cau-ngag", 1)[1]
    text = (specs / "plans" / "thong-tin-co-so-2024.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")


def test_last_years_plan_becomes_this_years(specs: Path) -> None:
    result = run(specs, "--from", "cau-ngang-99-2024", "--year", "2025")

    assert result.exit_code == 0, result.output
    assert "cau-ngang-99-2025" in check([specs]).catalogue.plans
    assert "number" in result.output


def test_a_superior_plan_that_no_longer_fits_becomes_a_comment(specs: Path) -> None:
    """Moved to 2024, its reports would be due after those of the plan above."""
    result = run(specs, "--from", "kien-giang-97-2023", "--year", "2024")

    assert result.exit_code == 0, result.output
    assert "implements" in result.output
    assert "kien-giang-97-2024" in check([specs]).catalogue.plans


def test_nothing_that_is_there_is_written_over(specs: Path) -> None:
    first = run(specs, "--from", "cau-ngang-99-2024")
    target = specs / "plans" / "cau-ngang-99-2025.yaml"
    target.write_text(target.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    second = run(specs, "--from", "cau-ngang-99-2024")

    assert (first.exit_code, second.exit_code) == (0, 2)
    assert target.read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.parametrize(
    "arguments",
    [("--from", "no-such-plan"), ("--from", "cau-ngang-99-2024", "--year", "2024")],
)
def test_misuse_is_told(specs: Path, arguments: tuple[str, ...]) -> None:
    assert run(specs, *arguments).exit_code == 2


def test_without_agencies_it_says_where_to_begin(tmp_path: Path) -> None:
    result = run(tmp_path)

    assert result.exit_code == 2
    assert "README" in result.output
