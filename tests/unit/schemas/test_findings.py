"""Findings as people and machines read them."""

from __future__ import annotations

import string

import pytest

from schemas.codes import Code, Severity
from schemas.findings import Finding, Place, Thing, explain, spoken_language
from schemas.model import Language
from schemas.texts import en, vi

FINDING = Finding(
    code=Code.UNKNOWN_KEY,
    place=Place(file="plan_specs/q1.yaml", line=3, column=5, length=5, text="    onwer: phong-vhtt"),
    args={"key": "onwer", "where": Thing("task", "report"), "known": ("owner", "due")},
    guess="owner",
)


def test_a_finding_shows_its_line_with_a_mark_and_what_was_meant() -> None:
    assert FINDING.render() == (
        'error[D102]: unknown key "onwer" in task "report"\n'
        " --> plan_specs/q1.yaml:3:5\n"
        "  |\n"
        "3 |     onwer: phong-vhtt\n"
        "  |     ^^^^^ did you mean `owner`?\n"
        "  = help: keys here: owner, due"
    )


def test_a_finding_speaks_vietnamese() -> None:
    assert (
        FINDING.render(Language.VI).splitlines()[0]
        == 'lỗi[D102]: không có khóa "onwer" trong nhiệm vụ "report"'
    )
    assert "có phải là `owner`?" in FINDING.render(Language.VI)


def test_the_other_place_is_shown() -> None:
    twice = Finding(
        code=Code.ID_TWICE,
        place=Place(file="b.yaml", line=12, column=3, length=2, text="  - {id: a}"),
        args={"thing": Thing("agency", "a")},
        also=Place(file="a.yaml", line=4, column=1, text="  - id: a"),
    )

    assert "   = also at: a.yaml:4:1\n     - id: a\n" in twice.render()


def test_a_mark_never_runs_over_the_end_of_its_line() -> None:
    finding = Finding(
        code=Code.TAG, place=Place(file="a", column=4, length=99, text="a: !x b"), args={"tag": "!x"}
    )

    assert finding.render().splitlines()[4] == "  |    ^^^^"


def test_a_finding_for_machines() -> None:
    assert FINDING.as_dict() == {
        "code": "D102",
        "severity": "error",
        "file": "plan_specs/q1.yaml",
        "line": 3,
        "column": 5,
        "cell": None,
        "message": 'unknown key "onwer" in task "report"',
        "help": "keys here: owner, due",
        "guess": "owner",
        "also": None,
    }
    assert FINDING.as_github() == (
        "::error file=plan_specs/q1.yaml,line=3,col=5,title=D102::"
        'unknown key "onwer" in task "report" did you mean `owner`? keys here: owner, due'
    )


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "vi_VN.UTF-8"}, Language.VI),
        ({"LANG": "C.UTF-8"}, Language.EN),
        ({"DONDOC_LANG": "vi", "LANG": "en_GB.UTF-8"}, Language.VI),
        ({"DONDOC_LANG": "en", "LANG": "vi_VN.UTF-8"}, Language.EN),
        ({"DONDOC_LANG": "", "LANG": "vi_VN.UTF-8"}, Language.VI),
    ],
)
def test_the_language_follows_the_environment(environment: dict[str, str], language: Language) -> None:
    assert spoken_language(environment) is language


def test_both_languages_say_the_same_things() -> None:
    assert en.TEXTS.keys() == vi.TEXTS.keys()
    assert en.WORDS.keys() == vi.WORDS.keys()
    assert list(en.TITLES) == list(vi.TITLES) == [code.value for code in Code]
    for key in en.TEXTS:
        assert _names(en.TEXTS[key]) == _names(vi.TEXTS[key]), key


def test_every_code_has_a_text() -> None:
    assert {key.split(":")[0] for key in en.TEXTS} == {code.value for code in Code}


@pytest.mark.parametrize("code", Code)
def test_every_code_can_be_explained(code: Code) -> None:
    for language, texts in ((Language.EN, en), (Language.VI, vi)):
        told = explain(code, language)
        assert told.startswith(
            f"{code.value} ({texts.WORDS[code.severity.value]}): {texts.TITLES[code.value]}"
        )
        assert "{" not in told


def test_notes_ask_for_nothing_where_they_stand() -> None:
    notes = [code for code in Code if code.severity is Severity.NOTE]

    assert notes == [Code.LEFT_OUT, Code.DUE_ON_DAY_OFF, Code.DUE_OF_TASK_ALONE]


def _names(texts: tuple[str, str]) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
