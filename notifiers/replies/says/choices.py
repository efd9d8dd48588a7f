"""Choices: which of several reports a short answer names, by its number or by what it is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from notifiers.replies.folding import fold
from notifiers.replies.mentions import same_period

_OPENING = 300
"""Characters in which the choice is looked for: whoever writes on writes about the report itself."""
_LONGEST_NUMBER = 60
"""Characters of a line that says nothing but a number."""
_SHORTEST_NAME = 6
_LONGEST_NO = 12
"""Words of an answer that only says no."""

_GREETING = re.compile(r"(?:kinh gui|kinh chao|kinh thua|chao|dear|hi|hello|thua)\b")
_ONLY_A_NUMBER = re.compile(
    r"(?:(?:da|vang|thua|thu|do|nay|la|thuoc|bao|cao|bc|so|muc|chon|it|is|this|that|the|report|number|no|"
    r"for) )*"
    r"(\d{1,2})(?: (?:a|nhe|please|thanks|thank you))?"
)
_NUMBERED = re.compile(
    r"\b(?:bao cao|bc|muc|report|item) (?:so |no |number |thu )?(\d{1,2})\b(?! (?:thang|ngay))"
)
_NONE = re.compile(
    r"(?:da |thua )?(?:khong(?: a| (?:thuoc|phai|co|lien quan|bao cao nao).*)?|ko|none(?: of .*)?|"
    r"neither.*|no)"
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """One of the reports to choose from, as people would call it."""

    title: str
    """Empty for one that has no name in mails."""
    period: str
    """The reporting period by its name; empty for what is owed once."""
    plan_number: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A plain answer to the question which one is meant."""

    place: int | None
    """Which one, from 0; None for none of them."""


def read_choice(text: str, reports: Sequence[Named]) -> Choice | None:
    """What a person chose in what they wrote, quotes and signature left out; None when it is not plain.

    A number goes before names. Two numbers, a number that nobody offered, or a question choose nothing.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and _GREETING.match(fold(lines[0])):
        lines = lines[1:]
    said = "\n".join(lines)[:_OPENING]
    if not said or "?" in said:
        return None
    folded = fold(said)
    only = _ONLY_A_NUMBER.fullmatch(fold(lines[0])) if len(lines[0]) <= _LONGEST_NUMBER else None
    numbers = {int(only[1])} if only else {int(one) for one in _NUMBERED.findall(folded)}
    refused = len(folded.split()) <= _LONGEST_NO and _NONE.fullmatch(folded) is not None
    if numbers:
        (first, *others) = numbers
        plain = not others and 1 <= first <= len(reports) and not folded.startswith(("khong ", "not "))
        return Choice(place=first - 1) if plain else None
    if refused:
        return Choice(place=None)
    return _by_name(said, folded, reports)


def _by_name(said: str, folded: str, reports: Sequence[Named]) -> Choice | None:
    """The one that is called by its title, its plan's number or its period, when that leaves only one."""
    words = f" {folded} "
    left, named = list(enumerate(reports)), False
    for called in (
        [one for one in left if _stands_in(words, one[1].title)],
        [one for one in left if _stands_in(words, one[1].plan_number)],
        [one for one in left if one[1].period and same_period(said, one[1].period)],
    ):
        both = [one for one in left if one in called]
        if both:
            left, named = both, True
    return Choice(place=left[0][0]) if named and len(left) == 1 else None


def _stands_in(words: str, name: str) -> bool:
    folded = fold(name)
    return len(folded) >= _SHORTEST_NAME and f" {folded} " in words
