"""`dondoc explain` prints what is known about a code, and every date of a task."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from schemas.codes import Code
from tests.unit.flows.cli import test_changes
from tests.unit.flows.cli.test_changes import PLAN, Terminal

terminal = test_changes.terminal

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


def test_dates_that_the_ledger_has_otherwise_are_told(terminal: Terminal) -> None:
    explained = ("explain", "thu-nghiem", "phat-thanh", "--cycle", "2027-Q1")
    assert "đang áp dụng" not in terminal.run(*explained)
    assert not (terminal.folder / "home" / "ledger.db").exists()
    terminal.run("apply")
    assert "đang áp dụng" not in terminal.run(*explained)
    terminal.write(
        plan=PLAN.replace("{every: quarter}", "{every: quarter, due: {after_cut_off: 5 working days}}")
    )
    told = terminal.run(*explained)
    assert "Hạn, đến hết ngày: 19/03/2027" in told
    assert "UBND xã Đông, UBND xã Tây: hết ngày 17/03/2027; tệp kế hoạch đã sửa nhưng chưa áp dụng" in told
    (first, _) = json.loads(terminal.run(*explained, "--json"))["in_force"]
    assert first == {"agency": "xa-dong", "due": "2027-03-17", "why": "not-applied"}
    terminal.run("apply")
    assert "đang áp dụng" not in terminal.run(*explained)


def test_a_ledger_that_cannot_be_read_is_told_and_the_rest_explained(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", "postgresql+psycopg://dondoc:bi-mat@127.0.0.1:1/ledger")
    done = CliRunner().invoke(app, ["explain", "thu-nghiem", "phat-thanh"])
    assert done.exit_code == 0
    assert "17/03/2027" in done.stdout
    assert "Không đọc được sổ theo dõi" in done.stderr
    assert "bi-mat" not in done.output
