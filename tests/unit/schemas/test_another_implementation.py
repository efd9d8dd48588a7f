"""check-jsonschema, another program with its own patterns and formats, agrees with the published schemas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schemas import publish

SPECS = publish.FOLDER.parent / "plan_specs"
FILES = {
    "plan.schema.json": sorted((SPECS / "plans").glob("*.yaml")),
    "directory.schema.json": sorted((SPECS / "agencies").glob("*.yaml")),
    "library.schema.json": sorted((SPECS / "library").glob("*.yaml")),
}


def validate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("schema", FILES)
def test_every_spec_is_valid_for_another_program(schema: str) -> None:
    assert FILES[schema]
    result = validate("--schemafile", publish.FOLDER / schema, *FILES[schema])

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("schema", publish.FILES)
def test_the_published_schemas_are_themselves_valid(schema: str) -> None:
    result = validate("--check-metaschema", publish.FOLDER / schema)

    assert result.returncode == 0, result.stdout


def test_a_misspelt_key_is_found_by_another_program_too(tmp_path: Path) -> None:
    text = FILES["plan.schema.json"][0].read_text(encoding="utf-8").replace("    lead:", "    leed:")
    (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
    result = validate("--schemafile", publish.FOLDER / "plan.schema.json", tmp_path / "wrong.yaml")

    assert result.returncode == 1
    assert "leed" in result.stdout
