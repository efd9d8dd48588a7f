"""Characters that stand in the way: accents typed apart, invisible ones, and those that YAML refuses."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from schemas.codes import Code
from schemas.tree import Mark, Source

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_BREAK = "\u00a0"
_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def lines_of(text: str) -> list[str]:
    """The lines of a text as YAML counts them."""
    return _LINE_BREAK.split(text)


def find_decomposed(source: Source) -> None:
    """Tell of accents that are characters of their own, once for the file."""
    wrong = [n for n, line in enumerate(source.lines, 1) if not unicodedata.is_normalized("NFC", line)]
    line = source.lines[wrong[0] - 1] if wrong else ""
    for column, (character, following) in enumerate(pairwise(line), 1):
        if not unicodedata.is_normalized("NFC", character + following):
            source.report(Code.DECOMPOSED, Mark(wrong[0], column, 2), lines=len(wrong))
            return
    source.report(Code.DECOMPOSED, Mark(wrong[0] if wrong else 1, 1, 1), lines=len(wrong))


def find_unprintable(source: Source) -> bool:
    """Whether a character stands in the text that YAML refuses, which is told."""
    for number, line in enumerate(source.lines, 1):
        if line.isascii() and line.isprintable():
            continue
        if match := _UNPRINTABLE.search(line):
            mark = Mark(number, match.start() + 1, 1)
            source.report(Code.SYNTAX, mark, "control", character=f"U+{ord(match[0]):04X}")
            return True
    return False


def without_invisible(source: Source, text: str) -> str:
    """The text as it is seen: without characters of no width, and with blanks for those of Word.

    What was there is told, once for the file.
    """
    if text.isascii() or not _INVISIBLE.search(text):
        return text
    wrong = [(n, found) for n, line in enumerate(source.lines, 1) if (found := _INVISIBLE.search(line))]
    if wrong:
        number, found = wrong[0]
        variant = "no-break" if found[0] == _NO_BREAK else ""
        mark = Mark(number, found.start() + 1, 1)
        source.report(Code.INVISIBLE, mark, variant, character=f"U+{ord(found[0]):04X}", lines=len(wrong))
    return _INVISIBLE.sub(lambda one: " " if one[0] == _NO_BREAK else "", text)
