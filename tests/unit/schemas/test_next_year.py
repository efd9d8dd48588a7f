"""Last year's plan becomes this year's draft: dates move, comments stay, and what is left open is marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.check import check, check_contents
from schemas.loader import load
from schemas.next_year import Draft, next_year
from schemas.rewriting import Rewriting, scalar

SPECS = Path(__file__).parents[3] / "plan_specs"
CHECKED = check([SPECS])
FILES = {
    path.as_posix(): path.read_bytes() for path in SPECS.rglob("*.*") if path.suffix in (".yaml", ".csv")
}
PERIODS = {name: plan.plan.period for name, plan in CHECKED.catalogue.plans.items()}


def moved(plan: str, year: int, *, alone: bool = False) -> Draft:
    entry = CHECKED.origins.declared.plans.entries[plan]
    return next_year(entry.reading.source, entry.thing, year, {} if alone else PERIODS)


@pytest.mark.parametrize("plan", CHECKED.catalogue.plans)
def test_the_draft_of_every_plan_is_without_errors_and_runs_a_year_later(plan: str) -> None:
    old = CHECKED.catalogue.plans[plan].plan.period
    draft = moved(plan, old.start.year + 1, alone=True)
    result = check_contents({**FILES, "new.yaml": draft.text.encode()})

    assert [
        one.render() for one in result.findings if one.file == "new.yaml" and one.code.severity == "error"
    ] == []
    new = result.catalogue.plans[draft.plan_id].plan.period
    assert (new.start.year, new.end.year) == (old.start.year + 1, old.end.year + 1)


def test_dates_titles_and_ids_move_and_what_only_the_document_says_is_marked() -> None:
    draft = moved("cau-ngang-99-2024", 2025)

    assert draft.plan_id == "cau-ngang-99-2025"
    assert draft.marked == ("number", "issued_on", "source", "signer", "implements")
    assert draft.text.count("CẦN ĐIỀN") == 4
    assert "  title: Công tác thông tin đối ngoại năm 2025\n" in draft.text
    assert "  period: {from: 2025-01-01, to: 2025-12-31}\n" in draft.text
    assert "  # implements:\n  #   - plan: tra-vinh-1466-2024\n" in draft.text


def test_a_superior_plan_that_still_runs_is_kept() -> None:
    assert "\n  implements:\n" in moved("dak-lak-143-2024", 2025).text


def test_all_else_stays_as_it_stood() -> None:
    old = CHECKED.origins.declared.plans.entries["kien-giang-97-2023"].reading.source.lines
    new = moved("kien-giang-97-2023", 2024).text.split("\n")

    assert len(old) == len(new)
    changed = [line for line, other in zip(new, old, strict=True) if line != other]
    assert "      due: {before: 10/4/2025} # hạn cuối là ngày 09/4/2025" in changed
    assert len(changed) == 13


def test_the_29th_of_february_moves_to_the_28th() -> None:
    text = FILES[(SPECS / "plans" / "cau-ngang-99-2024.yaml").as_posix()].decode()
    leap = text.replace("issued_on: 12/10/2023", "issued_on: 29/2/2024").replace("2024-01-01", "2024-02-29")
    source = load("leap.yaml", leap.encode())
    draft = next_year(source, CHECKED.catalogue.plans["cau-ngang-99-2024"], 2025, {})

    assert "issued_on: 28/2/2025 #" in draft.text
    assert "from: 2025-02-28," in draft.text


def test_without_changes_a_file_is_written_as_it_was() -> None:
    for name, content in FILES.items():
        if name.endswith(".yaml"):
            assert Rewriting(source=load(name, content)).text().encode() == content


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30))
def test_any_text_written_as_a_value_reads_back_as_itself(text: str) -> None:
    """Only what `check` warns of, invisible and decomposed characters, is not asked for."""
    root = load("a.yaml", f"key: {scalar(text)}\nflow: {{key: {scalar(text)}, other: 1}}\n".encode()).root

    if root is not None and text.isprintable():
        import unicodedata

        meant = unicodedata.normalize("NFC", text)
        assert root.value == {"key": meant, "flow": {"key": meant, "other": 1}}
