from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.commands import app


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
