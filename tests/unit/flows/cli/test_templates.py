from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.commands import app
from flows.cli.texts.templates import EN, VI
from notifiers.fields import NAMES, fields_of


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["templates", "check", *args])
    return result.exit_code, result.output


def test_good_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi/request.txt").write_text("[opening]\nKính gửi {{ to }}\n", encoding="utf-8")
    code, said = run(str(tmp_path))
    assert code == 0
    assert "1 sections can be used" in said or "Dùng được 1 phần" in said


def test_each_mistake_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "vi").mkdir()
    path = tmp_path / "vi/request.txt"
    path.write_text("[opening]\nKính gửi\n{{ nguoi_nhan }}\n[mo dau]\n", encoding="utf-8")
    code, said = run(str(tmp_path))
    assert code == 1
    lines = said.replace("\n", " ").replace("  ", " ")
    assert f"{path}:3: " in lines
    assert "nguoi_nhan" in lines
    assert f"{path}:4: " in lines


def test_without_a_folder_the_setting_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DONDOC_TEMPLATES", raising=False)
    assert run()[0] == 2
    monkeypatch.setenv("DONDOC_TEMPLATES", str(tmp_path))
    assert run()[0] == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, said = run(str(tmp_path / "no"))
    assert code == 2
    assert "no" in said


def test_the_mails_and_the_fields_of_each_can_be_listed() -> None:
    listed = CliRunner().invoke(app, ["templates", "fields"])
    assert listed.exit_code == 0
    assert {line.split()[0] for line in listed.output.splitlines()} >= set(NAMES)
    of_one = CliRunner().invoke(app, ["templates", "fields", "petition"])
    assert [line.split()[0] for line in of_one.output.splitlines()] == list(fields_of("petition"))
    unknown = CliRunner().invoke(app, ["templates", "fields", "xin-loi"])
    assert unknown.exit_code == 2
    assert "xin-loi" in unknown.output


@pytest.mark.parametrize("catalogue", [EN, VI])
def test_every_mail_and_every_field_has_words(catalogue: dict[str, str]) -> None:
    mails = {f"template_{name.replace('-', '_')}" for name in NAMES}
    assert mails | {f"field_{one}" for name in NAMES for one in fields_of(name)} <= set(catalogue)
