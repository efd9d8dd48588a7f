"""The words of the UI: the same set in each locale, with the same places to fill."""

from __future__ import annotations

from string import Formatter

import pytest

from flows.runs.words import _CATALOGUE, say
from flows.shell.showing.view import TaskStanding


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_locale_says_the_same_things() -> None:
    vietnamese, english = _CATALOGUE["vi"], _CATALOGUE["en"]
    assert set(vietnamese) == set(english)
    assert {key: _places(text) for key, text in vietnamese.items()} == {
        key: _places(text) for key, text in english.items()
    }


@pytest.mark.parametrize("standing", TaskStanding)
def test_every_standing_has_a_name(standing: TaskStanding) -> None:
    assert say(standing)
    assert say(standing, locale="en") != say(standing)
