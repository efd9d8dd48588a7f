"""What the command says is there in both languages, once."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from string import Formatter
from types import ModuleType

import pytest

from flows.cli import texts
from flows.core.correlation import Clue, Verdict, Writer
from flows.ledger.inbox import KeptMail
from flows.shell.desk import deciding_by_mail
from flows.shell.incoming import receiving
from flows.shell.incoming.placing import Place, no_answer
from flows.shell.incoming.receiving_parcels import UNATTRIBUTED
from notifiers.delivered import left_behind
from notifiers.errors import TookTooLong
from notifiers.replies import ReplyKind, understand
from schemas.model import Language
from tests.bundles import at


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("room", texts.ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_every_sentence_is_there_in_both_languages_with_the_same_places(room: object) -> None:
    assert list(room.EN) == list(room.VI)
    for key in room.EN:
        assert _places(room.EN[key]) == _places(room.VI[key]), key


def test_what_is_in_the_ledger_has_a_name_in_vietnamese() -> None:
    assert set(texts.inbox.KINDS) == set(ReplyKind)
    assert set(texts.inbox.EVIDENCE) == {*Clue, *Verdict, *Writer}


def _why_no_answer(raw: bytes, sender: str) -> str | None:
    mail = KeptMail(id=1, raw=raw, envelope_from=sender, envelope_to=(), received_at=at("2024-11-18"))
    return no_answer(mail, understand(raw), Place(reason=""))


def test_why_a_mail_waits_for_a_person_is_said_in_vietnamese() -> None:
    report = b"From: xa-1@xa.example\r\nSubject: Bao cao\r\n\r\nDa lam xong.\r\n"
    reasons = [
        UNATTRIBUTED,
        str(TookTooLong()),
        _why_no_answer(left_behind(report, 99).raw, "xa-1@xa.example"),
        _why_no_answer(report, ""),
        *_sentences(receiving),
        *_sentences(deciding_by_mail),
    ]
    assert len(reasons) > 12
    assert [one for one in reasons if one not in texts.inbox.REASONS] == []


def _sentences(module: ModuleType) -> list[str]:
    """The reasons that a module gives: whole texts of several words that are no docstrings."""
    tree = ast.parse(inspect.getsource(module))
    apart = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    apart |= {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
    said = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in apart]
    return [one for one in said if isinstance(one, str) and one.count(" ") > 1]


def test_no_sentence_is_kept_in_two_rooms() -> None:
    counted = Counter(key for room in texts.ROOMS for key in room.EN)
    assert [key for key, count in counted.items() if count > 1] == []


def test_one_of_a_thing_is_told_in_the_singular(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LANGUAGE", Language.EN)
    assert texts.say("found", errors=1, warnings=2, files=1) == "1 error, 2 warnings in 1 file."
    noted = texts.say("found_with_notes", errors=0, warnings=0, notes=1, files=2)
    assert noted == "0 errors, 0 warnings, 1 note in 2 files."
    assert texts.say("total", mails=0) == "0 mails"
    monkeypatch.setattr(texts, "LANGUAGE", Language.VI)
    assert texts.say("found", errors=1, warnings=2, files=1) == "1 lỗi, 2 cảnh báo trong 1 tệp."
