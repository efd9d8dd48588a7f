"""Every code can be explained: its wrong example gives that code, and its right example nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.check import check, check_contents
from schemas.codes import Code
from schemas.examples import COMMAND, base, example
from schemas.model import Language

WRITTEN = [code for code in Code if example(code).frame != COMMAND]


def test_what_the_examples_stand_among_is_sound() -> None:
    assert [finding.render() for finding in check_contents(base()).findings] == []


@pytest.mark.parametrize("code", WRITTEN)
def test_the_wrong_example_gives_its_code(code: Code) -> None:
    one = example(code)
    found = {finding.code for finding in check_contents(one.files(right=False)).findings}

    assert found == {code, *one.along}


@pytest.mark.parametrize("code", WRITTEN)
def test_the_right_example_gives_nothing(code: Code) -> None:
    assert [finding.render() for finding in check_contents(example(code).files(right=True)).findings] == []


def test_the_wrong_command_gives_its_code_and_the_right_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = example(Code.UNREADABLE)
    monkeypatch.chdir(tmp_path)
    Path("plan_specs").mkdir()
    Path("plan_specs", "lich.yaml").write_text("calendars: {c: {title: C}}\n", encoding="utf-8")

    wrong, right = (Path(text.split()[-1]) for text in (one.wrong, one.right))
    assert [finding.code for finding in check([wrong]).findings] == [Code.UNREADABLE]
    assert check([right]).findings == ()


@pytest.mark.parametrize("code", Code)
def test_every_code_says_why_in_both_languages(code: Code) -> None:
    why = example(code).why

    assert all(why[language].endswith((".", "…")) for language in Language)
    assert why[Language.VI] != why[Language.EN]
