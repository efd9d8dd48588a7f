"""The lines of our fill-in block that were answered inside the quote, found without knowing the form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from notifiers.replies.folding import fold
from notifiers.replies.understood import Line, LinePart

_START = re.compile(r"(?:phan tra loi|your answers)(?: (?:ma|ref) [a-z0-9]+)?")
_END = ("het phan tra loi", "end of your answers")
_LONGEST_EDGE = 80
_NUMBERED = re.compile(r"[\s*_]{0,8}\d{1,2}[.)][\s*_]")
_MOST_LINES = 400


def filled_lines(lines: Sequence[Line]) -> tuple[str, ...]:
    """The answered fields of the block in the mail that is answered, labels included; empty ones left out."""
    found: list[str] = []
    for field in _fields(lines):
        if not _is_left(_answer(" ".join(field))):
            found.extend(field)
    return tuple(found)


@lru_cache(maxsize=1024)
def opens_block(text: str) -> bool | None:
    """True for the line above a block, False for the one below it, None for any other."""
    if len(text) >= _LONGEST_EDGE:
        return None
    folded = fold(text)
    if folded in _END:
        return False
    return True if _START.fullmatch(folded) else None


def _fields(lines: Sequence[Line]) -> Iterator[list[str]]:
    """Each numbered field of the block with the lines that belong to it, guidance left out."""
    field: list[str] = []
    inside = guiding = False
    for line in lines:
        if line.depth != 1 or line.part is LinePart.SIGNATURE:
            continue
        text = line.text.strip()
        opens = opens_block(text)
        if opens is not None:
            yield field
            field, inside = [], opens
            continue
        if not inside or not text or len(field) > _MOST_LINES:
            continue
        if _NUMBERED.match(text):
            yield field
            field, guiding = [text], False
        elif field and (guiding or (text.startswith("(") and _separator(" ".join(field)) is not None)):
            guiding = not text.endswith(")")
        elif field:
            field.append(text)
    yield field


def _is_left(answer: str) -> bool:
    """Whether nothing was put behind the label: our letters print nothing there, and some forms dots."""
    return not answer.strip(" \t*_.…")


def _answer(field: str) -> str:
    place = _separator(field)
    return field[place + 1 :].strip() if place is not None else ""


def _separator(field: str) -> int | None:
    """Where the first colon outside brackets stands."""
    depth = 0
    for place, letter in enumerate(field[:2000]):
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth = max(0, depth - 1)
        elif letter == ":" and not depth:
            return place
    return None
