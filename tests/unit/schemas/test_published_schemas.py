"""The published JSON Schemas are those of the models, and agree with `check` about the corpora."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas.check import check_contents
from schemas.codes import Code
from schemas.loader import load
from schemas.publish import FILES, FOLDER, main, published, schema_of
from schemas.structure import kind_of
from tests.unit.schemas.corpus import right, wrong

SPECS = Path(__file__).parents[3] / "plan_specs"
VALIDATORS = {model: Draft202012Validator(schema_of(model)) for model in FILES.values()}
STRUCTURE = {
    Code.UNKNOWN_KEY,
    Code.MISSING_KEY,
    Code.WRONG_KIND,
    Code.NOT_A_CHOICE,
    Code.VERSION,
    Code.OUT_OF_RANGE,
}
"""What a JSON Schema sees as well."""
BEYOND = {Code.NOT_WRITTEN_SO, Code.CONTRADICTION}
"""What it sees in part: no pattern tells that there is no 31/4, or that one of four keys must be given."""


def accepted(name: str, content: bytes) -> bool | None:
    """Whether the published schema accepts a file; None when it cannot be asked."""
    source = load(name, content)
    kind = kind_of(source.top_keys)
    if source.root is None or kind is None:
        return None
    return VALIDATORS[kind].is_valid(source.root.value)


@pytest.mark.parametrize("name", FILES)
def test_the_committed_schema_is_the_one_that_the_models_make(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == published(FILES[name]), (
        "run: python -m schemas.publish"
    )


def test_publishing_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", FILES)
def test_an_editor_shows_each_key_with_a_title_and_a_description_in_both_languages(name: str) -> None:
    schema = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    parts = [schema, *schema["$defs"].values()]
    keys = [(key, one) for part in parts for key, one in part.get("properties", {}).items()]

    assert len(keys) > 20
    for key, one in keys:
        vietnamese, english = one["title"].split(" · ")
        assert english == key.replace("_", " ")
        assert vietnamese.casefold() in one["description"].casefold()
    lead = schema["$defs"].get("Task", {}).get("properties", {}).get("lead")
    assert lead is None or lead["title"] == "Chủ trì · lead"


@pytest.mark.parametrize("model", FILES.values())
def test_each_schema_is_json_schema(model: type) -> None:
    Draft202012Validator.check_schema(VALIDATORS[model].schema)


@pytest.mark.parametrize("path", sorted(SPECS.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_spec_keeps_to_its_schema(path: Path) -> None:
    source = load(path.name, path.read_bytes())
    kind = kind_of(source.top_keys)

    assert source.root is not None
    assert kind is not None
    assert [error.message for error in VALIDATORS[kind].iter_errors(source.root.value)] == []


@pytest.mark.parametrize("name", [name for name in right() if name.endswith(".yaml")])
def test_the_schema_accepts_what_is_right(name: str) -> None:
    assert accepted(name, right()[name]) is True


@pytest.mark.parametrize("name", wrong())
def test_schema_and_check_agree_about_what_is_wrong(name: str) -> None:
    content = wrong()[name]
    found = check_contents({**right(), name: content}).findings
    codes = {finding.code for finding in found if finding.file == name}
    verdict = accepted(name, content)

    if verdict is True:
        assert not codes & STRUCTURE
    elif verdict is False:
        assert codes & (STRUCTURE | BEYOND)
