"""What the command says is there in both languages, once."""

from __future__ import annotations

from collections import Counter
from string import Formatter

import pytest

from flows.cli import texts


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
