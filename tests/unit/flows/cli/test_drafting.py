"""`dondoc new` writes a plan that passes check, from answers or from last year's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.commands import app
from schemas.check import check
from schemas.model import Report

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


def test_answers_may_name_things_as_people_do(specs: Path) -> None:
    file = specs.parent / "tra-loi.yaml"
    office = check([specs]).catalogue.agencies["phong-vhtt-cau-ngang"].called
    lines = (
        "title: Phòng, chống sốt xuất huyết",
        "issuer: Ủy ban nhân dân huyện Cầu Ngang",
        "year: 2024",
        "issued_on: 8/1/2024",
        "id: sxh-2024",
        "tasks:",
        f"  - {{title: Hướng dẫn, lead: {office}, every: một lần, due: trong tháng 3}}",
        "  - title: Diệt lăng quăng",
        "    lead: cau-ngang-xa-thi-tran",
        "    every: hằng tháng",
        "    due: 3 ngày làm việc sau ngày chốt",
    )
    file.write_text("\n".join(lines), encoding="utf-8")
    result = run(specs, "--answers", str(file))
    assert result.exit_code == 0, result.output
    first, second = check([specs]).catalogue.plans["sxh-2024"].tasks
    assert first.lead == ["phong-vhtt-cau-ngang"]
    assert isinstance(first.report, Report)
    assert isinstance(second.report, Report)
    assert (first.report.every, str(first.report.due.in_month if first.report.due else "")) == (
        "once",
        "2024-03",
    )
    assert (second.report.every, str(second.report.due.after_cut_off if second.report.due else "")) == (
        "month",
        "3 working days",
    )


def test_a_plan_that_only_calls_for_a_note_is_written_and_goes_on(specs: Path) -> None:
    file = specs.parent / "tra-loi.yaml"
    tasks = "[{title: Một, lead: ubnd-huyen-cau-ngang, every: once, due: chậm nhất 14/12/2024}]"  # a Saturday
    head = "title: X\nissuer: ubnd-huyen-cau-ngang\nyear: 2024\nissued_on: 8/1/2024\n"
    file.write_text(f"{head}tasks: {tasks}\n", encoding="utf-8")
    result = run(specs, "--answers", str(file))
    assert "D316" in result.output
    assert result.exit_code == 0
    assert "dondoc simulate" in result.output


def test_an_answer_that_is_none_of_a_few_names_them_all(specs: Path) -> None:
    file = specs.parent / "tra-loi.yaml"
    tasks = "[{title: Một, lead: ubnd-huyen-cau-ngang, every: khi cần}]"
    file.write_text(f"title: X\nissuer: ubnd-huyen-cau-ngang\nyear: 2024\ntasks: {tasks}\n", encoding="utf-8")
    result = run(specs, "--answers", str(file))
    assert result.exit_code == 2
    assert "once, week, month, quarter, half-year, nine-months, year" in result.output
    assert not (specs / "plans" / "x-2024.yaml").exists()


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


FILED = """\
title: Thông tin cơ sở
number: 07/KH-UBND
issuer: ubnd-huyen-cau-ngang
year: 2024
issued_on: 5/1/2024
escalation: don-doc-co-so
tasks:
  - title: "Phát thanh: ba buổi mỗi tuần"
    lead: cau-ngang-xa-thi-tran
    every: quarter
  - title: Báo cáo năm
    lead: [phong-vhtt-cau-ngang, ubnd-xa-my-hoa]
    due: chậm nhất ngày 20/12
"""


def filed(specs: Path, text: str) -> Result:
    path = specs.parent / "tra-loi.yaml"
    path.write_text(text, encoding="utf-8")
    return run(specs, "--answers", str(path))


def test_answers_in_a_file_become_the_same_plan_without_a_question(specs: Path) -> None:
    result = filed(specs, FILED)

    assert result.exit_code == 0, result.output
    checked = check([specs])
    assert [finding.render() for finding in checked.findings] == []
    plan = checked.catalogue.plans["thong-tin-co-so-2024"]
    assert plan.plan.escalation == "don-doc-co-so"
    assert [task.lead for task in plan.tasks] == [
        ["cau-ngang-xa-thi-tran"],
        ["phong-vhtt-cau-ngang", "ubnd-xa-my-hoa"],
    ]


def test_all_that_is_wrong_with_the_answers_is_told_at_once(specs: Path) -> None:
    text = FILED.replace("ubnd-huyen-cau-ngang", "ubnd-huyen-cau-ngag").replace("5/1/2024", "hôm qua")
    text = text.replace("title: Báo cáo năm", "tilte: Báo cáo năm").replace("chậm nhất ngày 20/12", "sớm")
    result = filed(specs, text)

    assert result.exit_code == 2
    told = [line.strip().split(":")[0] for line in result.output.splitlines() if line.startswith("  ")]
    assert told == ["issuer", "issued_on", "tasks 2, title", "tasks 2, due", "tasks 2, tilte"]
    assert "ubnd-huyen-cau-ngang" in result.output
    assert not (specs / "plans" / "thong-tin-co-so-2024.yaml").exists()


@pytest.mark.parametrize("text", ["", "- a\n", "title: Chỉ có tên\n", "title: [\n", "tasks: [1, 2]\n"])
def test_a_file_that_answers_nothing_is_a_misuse(specs: Path, text: str) -> None:
    assert filed(specs, text).exit_code == 2


def test_a_file_of_answers_that_is_not_there_is_named(specs: Path) -> None:
    result = run(specs, "--answers", str(specs / "khong-co.yaml"))

    assert result.exit_code == 2
    assert "khong-co.yaml" in result.output
