from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from flows.cli.commands import app

MAILS = Path(__file__).parents[3] / "corpora" / "mail"
FORM = """\
title: Báo cáo
fields:
  - {id: so-tin-bai, label: "Số tin, bài đã đăng, phát", type: integer, unit: "tin, bài"}
"""
KEYS = ["file", "kind", "text", "values", "attachments", "bounce", "return_on"]


def test_each_mail_of_a_folder_is_told_on_a_line_of_its_own() -> None:
    result = CliRunner().invoke(app, ["inbox", "parse", str(MAILS), "--json"])

    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [one["file"] for one in told] == sorted(path.as_posix() for path in MAILS.glob("*.eml"))
    assert all(list(one)[: len(KEYS)] == KEYS and "evidence" in one for one in told)


def test_the_values_are_those_of_the_form_given_as_a_file(tmp_path: Path) -> None:
    form = tmp_path / "form.yaml"
    form.write_text(FORM, encoding="utf-8")
    mail = MAILS / "gmail-filled-in-quote.eml"

    result = CliRunner().invoke(app, ["inbox", "parse", str(mail), "--json", "--form", str(form)])

    assert json.loads(result.stdout)["values"] == {"so-tin-bai": 45}


def test_a_bounce_is_told_with_all_that_is_known_of_it() -> None:
    mail = MAILS / "bounce-no-such-user.eml"

    told = json.loads(CliRunner().invoke(app, ["inbox", "parse", str(mail), "--json"]).stdout)

    assert told["kind"] == "bounce"
    assert set(told["bounce"]) == {"recipient", "action", "status", "original_message_id"}


def test_a_form_that_nobody_knows_is_a_wrong_use_and_a_missing_mail_a_failure(tmp_path: Path) -> None:
    unknown = CliRunner().invoke(app, ["inbox", "parse", str(MAILS), "--form", "khong-co"])
    missing = CliRunner().invoke(app, ["inbox", "parse", str(tmp_path / "none.eml")])

    assert (unknown.exit_code, missing.exit_code) == (2, 1)
    assert "none.eml" in missing.stderr
