"""The settings for VS Code give every spec its published schema."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.loader import load
from schemas.publish import FILES
from schemas.structure import kind_of

ROOT = Path(__file__).parents[2]
SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))


def test_every_spec_is_matched_by_the_schema_of_its_kind_and_by_no_other() -> None:
    found: dict[Path, list[str]] = {}
    for schema, patterns in SETTINGS["yaml.schemas"].items():
        for pattern in patterns:
            for path in ROOT.glob(pattern):
                found.setdefault(path, []).append(Path(schema).name)

    specs = list((ROOT / "plan_specs").rglob("*.yaml"))
    assert set(found) == set(specs)
    for path in specs:
        kind = kind_of(load(path.name, path.read_bytes()).top_keys)
        assert [FILES[name] for name in found[path]] == [kind]


def test_the_schemas_named_are_there() -> None:
    assert all((ROOT / schema).is_file() for schema in SETTINGS["yaml.schemas"])
