"""The language reference names every keyword, every word to choose from and every code, and nothing else."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

import schemas.model
from schemas import publish
from schemas.codes import Code
from schemas.loader import load
from schemas.model import SpecModel
from schemas.texts import en, vi

REFERENCE = (publish.FOLDER / "README.md").read_text(encoding="utf-8")
MODELS = [
    model
    for model in vars(schemas.model).values()
    if isinstance(model, type) and issubclass(model, SpecModel) and model is not SpecModel
]
WORDS = [
    word
    for kind in vars(schemas.model).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__name__ != "SpanUnit"
    for word in kind
]


def table(model: type[SpecModel]) -> list[list[str]]:
    """The rows of the table in the section whose heading names the model."""
    (section,) = re.findall(
        rf"^### (?:[^\n:]*: )?{model.__name__} ·[^\n]*\n(.*?)(?=^##|\Z)", REFERENCE, re.MULTILINE | re.DOTALL
    )
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def test_no_model_is_missing_from_the_package() -> None:
    found: set[type] = set()
    waiting = list(SpecModel.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        found.add(model)

    assert {model for model in found if model.__module__.startswith("schemas.model.")} - {
        *MODELS,
        *(model for model in found if model.__name__ == "Sourced"),
    } == set()


@pytest.mark.parametrize("model", MODELS)
def test_every_keyword_has_a_row_and_every_row_a_keyword(model: type[SpecModel]) -> None:
    keys = {field.alias or name for name, field in model.model_fields.items()}

    assert {row[0].strip("*`") for row in table(model)} == keys


@pytest.mark.parametrize("model", MODELS)
def test_exactly_the_keys_that_must_be_given_are_bold(model: type[SpecModel]) -> None:
    needed = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}

    assert {row[0].strip("*`") for row in table(model) if row[0].startswith("**")} == needed


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_every_word_to_choose_from_is_there(word: StrEnum) -> None:
    assert f"`{word}`" in REFERENCE


@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_row(code: Code) -> None:
    row = f"| {code.value} | {code.severity.value} | {en.TITLES[code.value]} | {vi.TITLES[code.value]} |"

    assert row in REFERENCE


def test_no_code_is_there_that_does_not_exist() -> None:
    assert set(re.findall(r"\bD\d{3}\b", REFERENCE)) == {code.value for code in Code}


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", REFERENCE):
        assert Path(publish.FOLDER / target).resolve().name in {"README.md", "plan_specs"}


def test_the_example_of_assumptions_is_yaml() -> None:
    block = "\n".join(re.findall(r"^    ((?:due|source|assumed|  due).*)$", REFERENCE, re.MULTILINE))
    root = load("a.yaml", block.encode()).root

    assert root is not None
    assert root.value == {
        "due": {"by": "30/11"},
        "source": "III.3",
        "assumed": {"due": 'Văn bản chỉ ghi "theo quy định"; chọn 30/11'},
    }
