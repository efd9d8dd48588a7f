from __future__ import annotations

import dataclasses
import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notifiers.replies import ReplyKind, read_values, understand
from schemas.forms import Rule
from tests.unit.notifiers.letters import FORM

CORPUS = Path(__file__).parents[2] / "corpora" / "mail"
MAILS = sorted(CORPUS.glob("*.eml"))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", MAILS, ids=[path.stem for path in MAILS])
def test_every_mail_of_the_corpus_is_understood_as_expected(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    mail = understand(path.read_bytes())

    assert mail.kind == expected["kind"]
    if "text" in expected:
        assert mail.text == expected["text"]
    if "attachments" in expected:
        assert [one.name for one in mail.attachments] == expected["attachments"]
    if "tokens" in expected:
        assert list(mail.tokens) == expected["tokens"]
    if "return_on" in expected:
        assert _plain(mail.return_on) == expected["return_on"]
    if "asked_until_on" in expected:
        assert _plain(mail.asked_until_on) == expected["asked_until_on"]
    if "handed_to" in expected:
        assert mail.handed_to == expected["handed_to"]
    if "bounce" in expected:
        assert mail.bounce is not None
        assert dataclasses.asdict(mail.bounce) == expected["bounce"]
    if mail.kind is ReplyKind.REPLY:
        reading = read_values(mail, FORM if expected.get("form", True) else None)
        assert {name: _plain(value) for name, value in reading.values.items()} == expected["values"]
        problems = {one.field_id: one.rule for one in reading.problems}
        wrong = {name: str(rule) for name, rule in problems.items() if rule is not Rule.MISSING}
        assert wrong == expected.get("problems", {})
        if "missing" in expected:
            assert [name for name, rule in problems.items() if rule is Rule.MISSING] == expected["missing"]


def test_the_corpus_has_an_expectation_for_each_mail_and_no_other() -> None:
    assert {path.stem for path in MAILS} == {path.stem for path in CORPUS.glob("*.json")}
    assert len(MAILS) >= 60


def test_what_was_understood_can_be_handed_to_another_process() -> None:
    read = [understand(path.read_bytes()) for path in MAILS]

    handed = pickle.loads(pickle.dumps(read))  # noqa: S301 - our own octets

    assert handed == read
    assert [one.content for mail in handed for one in mail.attachments] == [
        one.content for mail in read for one in mail.attachments
    ]
