"""`dondoc explain` prints what is known about a code, and every date of a task."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from schemas.codes import Code

SPECS = ["--specs", str(Path(__file__).parents[4] / "plan_specs")]


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["explain", *arguments])
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize("code", Code)
def test_every_code_is_explained_with_both_examples(code: Code) -> None:
    told = json.loads(run(code.value, "--json"))

    assert told["code"] == code.value
    assert told["wrong"] != told["right"]
    assert told["message"]
    assert told["right"].splitlines()[0] in run(code.value.lower())


def test_a_task_is_told_with_line_and_rule() -> None:
    told = json.loads(run("cau-ngang-99-2024", "xa-thi-tran", "--json", *SPECS))
    (due,) = (one for one in told["dates"] if one["moment"] == "due")

    assert due["at"] == "2024-11-29"
    assert due["text"].startswith("due: {before: 30/11}")
    assert due["file"].endswith("cau-ngang-99-2024.yaml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["D999"], "D999"),
        (["no-such-plan", "x"], "cau-ngang-99-2024"),
        (["cau-ngang-99-2024", "no-such-task"], "xa-thi-tran"),
        (["cau-ngang-99-2024"], "xa-thi-tran"),
        (["cau-ngang-99-2024", "xa-thi-tran", "--cycle", "1999"], "2024"),
    ],
)
def test_what_does_not_exist_is_a_misuse_that_names_what_does(arguments: list[str], said: str) -> None:
    assert said in run(*arguments, *SPECS, status=2)
