"""A made-up future of the language: two steps, each kept to what it changes."""

from __future__ import annotations

import pytest

from schemas.loader import load
from schemas.migrations import STEPS, TooNew, migrate
from schemas.model.base import LANGUAGE_VERSION
from schemas.rewriting import Rewriting

OLD = """\
# đầu tệp
dondoc: 1 # phiên bản

tasks: # các nhiệm vụ
  - id: mot   # nhiệm vụ một
    lead: 'xa-dong'
    report: {every: year, form: ket-qua} # trên một dòng

  - id: hai
    lead: xa-tay
    report:
      every: quarter
"""
NEW = """\
# đầu tệp
dondoc: 3 # phiên bản

tasks: # các nhiệm vụ
  - id: mot   # nhiệm vụ một
    owner: 'xa-dong'
    report: {kind: "2", every: annual, form: ket-qua} # trên một dòng

  - id: hai
    owner: xa-tay
    report:
      kind: "2"
      every: quarter
"""


def lead_becomes_owner(change: Rewriting) -> None:
    for number in range(2):
        change.rename(("tasks", number, "lead"), "owner")


def year_becomes_annual_and_kinds_are_said(change: Rewriting) -> None:
    for number in range(2):
        path = ("tasks", number, "report")
        change.add(path, "kind", "2")
        node = change.source.root
        assert node is not None
        if node.value["tasks"][number]["report"]["every"] == "year":  # type: ignore[index,call-overload]
            change.replace((*path, "every"), "annual")


FUTURE = {1: lead_becomes_owner, 2: year_becomes_annual_and_kinds_are_said}


def test_each_step_changes_what_it_names_and_nothing_else() -> None:
    done = migrate(load("a.yaml", OLD.encode()), steps=FUTURE, spoken=3)

    assert done is not None
    assert (done.was, done.text) == (1, NEW)


def test_a_file_on_the_way_takes_only_the_steps_that_it_lacks() -> None:
    half = migrate(load("a.yaml", OLD.encode()), steps=FUTURE, spoken=2)
    assert half is not None

    done = migrate(load("a.yaml", half.text.encode()), steps=FUTURE, spoken=3)
    assert done is not None
    assert (done.was, done.text) == (2, NEW)


def test_a_file_that_says_no_version_is_of_the_first_and_says_one_afterwards() -> None:
    done = migrate(
        load("a.yaml", OLD.replace("dondoc: 1 # phiên bản\n", "").encode()), steps=FUTURE, spoken=3
    )

    assert done is not None
    assert done.text == NEW.replace("dondoc: 3 # phiên bản\n\n", "\ndondoc: 3\n")


def test_a_newer_file_is_refused() -> None:
    with pytest.raises(TooNew, match=r"a\.yaml: version 4 .* speaks 3"):
        migrate(load("a.yaml", b"dondoc: 4\ntasks: []\n"), steps=FUTURE, spoken=3)


@pytest.mark.parametrize(
    "content", [b"", b"- a\n", b"a: [\n", b"dondoc: two\n", b"dondoc: 0\n", b"dondoc: true\n"]
)
def test_what_cannot_be_read_is_left_alone(content: bytes) -> None:
    assert migrate(load("a.yaml", content), steps=FUTURE, spoken=3) is None


def test_the_chain_leads_from_the_first_version_to_the_one_spoken_without_a_gap() -> None:
    assert set(STEPS) == set(range(1, LANGUAGE_VERSION))
