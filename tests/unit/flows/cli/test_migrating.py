"""`dondoc migrate` rewrites what is older, refuses what is newer, and touches nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

import schemas.migrations
from flows.cli.commands import app
from schemas.rewriting import Rewriting

AGENCIES = "# ghi chú\ndondoc: {}\nagencies:\n  - {{id: xa-nam, name: Xã Nam}} # cuối\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["migrate", *arguments])


def test_with_one_version_there_is_nothing_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(AGENCIES.format(1), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    result = run(str(tmp_path))

    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 2
    assert file.read_text(encoding="utf-8") == AGENCIES.format(1)


def test_a_newer_file_is_refused_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(AGENCIES.format(7), encoding="utf-8")
    result = run(str(tmp_path))

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert "new.yaml" in result.output


@pytest.mark.parametrize("options", [["--dry-run"], []])
def test_an_older_file_is_rewritten_unless_only_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    def rename(change: Rewriting) -> None:
        change.rename(("agencies", 0, "name"), "called")

    real = schemas.migrations.migrate
    monkeypatch.setattr("schemas.migrations.migrate", lambda one: real(one, steps={1: rename}, spoken=2))
    monkeypatch.setattr("schemas.model.LANGUAGE_VERSION", 2)
    file = tmp_path / "a.yaml"
    file.write_text(AGENCIES.format(1), encoding="utf-8")
    result = run(str(tmp_path), *options)

    assert result.exit_code == 0
    assert "a.yaml" in result.output
    expected = AGENCIES.format(1) if options else AGENCIES.format(2).replace("name:", "called:")
    assert file.read_text(encoding="utf-8") == expected


def test_a_path_where_nothing_is_is_told(tmp_path: Path) -> None:
    result = run(str(tmp_path / "khong-co"))

    assert result.exit_code == 2
    assert "khong-co" in result.output
