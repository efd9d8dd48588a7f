"""What the command says is there in both languages, once."""

from __future__ import annotations

from collections import Counter
from string import Formatter

import pytest

from flows.cli import texts
from schemas.model import Language


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("room", texts.ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_every_sentence_is_there_in_both_languages_with_the_same_places(room: object) -> None:
    assert list(room.EN) == list(room.VI)
    for key in room.EN:
        assert _places(room.EN[key]) == _places(room.VI[key]), key


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
