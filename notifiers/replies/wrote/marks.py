"""Plain text becomes lines that know how deep they are quoted, by the marks that stand in front of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.wrote.clients import is_between_arrows

_MARKS = re.compile(r"[ \t]{0,3}(>[> \t]*)")
_INITIALS = re.compile(r"[ \t]{0,8}([A-Z]{2,4}|[A-Z][a-z]{2,11})>(?=[ \t>]|$)")
_MAX_LINE = 2000
_INVISIBLE = re.compile("[\u200b\ufeff\u2060-\u2064]")
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_ARMOUR = ("-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP PUBLIC KEY BLOCK-----")
_ARMOUR_END = ("-----END PGP SIGNATURE-----", "-----END PGP PUBLIC KEY BLOCK-----")
_STUFFED = re.compile(r"\A (?=[^\s\d+*•–-])")
"""One space in front of words: programs put it there, often untold (RFC 3676, 4.4); an item's stays."""
_FILLED = 69
"""A program that wraps at 72 or more has no reason to break a line that is shorter than this."""
_MOST_WRAPPED = 3
_UNFINISHED = re.compile(r"[^.?!:…\s]$")


def read(text: str) -> list[tuple[int, str]]:
    """Lines with the depth that their marks (`>`, or a name's initials as in `LK>`) tell, marks removed.

    The armour of a signed text is taken off. A quoted line that a program broke in two is quoted as a whole.
    """
    raw = _unarmoured([line[:_MAX_LINE].rstrip() for line in _cleaned(text).split("\n")])
    initials = _initials(raw)
    lines: list[tuple[int, str]] = []
    for place, line in enumerate(raw):
        marks = _MARKS.match(line)
        if marks and _is_mark(raw, place, line[marks.end() :]):
            lines.append((marks[1].count(">"), line[marks.end() :].rstrip()))
            continue
        named = _INITIALS.match(line) if initials else None
        if named and named[1] in initials:
            lines.append((1, line[named.end() :].strip(" \t>")))
        else:
            lines.append((0, _STUFFED.sub("", line)))
    return _mended(raw, lines)


def _cleaned(text: str) -> str:
    """The text with plain blanks, and without characters that nobody sees."""
    return _INVISIBLE.sub("", text).replace("\xa0", " ")


def _is_mark(raw: Sequence[str], place: int, rest: str) -> bool:
    """Whether `>` is a quote's mark: not when a mailbox file hid a "From", or a line broke before it."""
    if rest == ":":
        # an address that was cut off from its introduction: "… skrev A <a@b.example⏎>:"
        return not (place and "<" in raw[place - 1] and not _MARKS.match(raw[place - 1]))
    if is_between_arrows(raw[place]):
        return False
    if raw[place].startswith(">From "):
        around = [*raw[max(0, place - 1) : place], *raw[place + 1 : place + 2]]
        return any(line.startswith(">") for line in around)
    return True


def _unarmoured(lines: list[str]) -> list[str]:
    """The text of a signed mail without what the signing added; other texts as they are."""
    if not any(line.startswith("-----BEGIN PGP ") for line in lines):
        return lines
    kept: list[str] = []
    armour = head = dashed = False
    for line in lines:
        if line == _SIGNED:
            head = dashed = True
        elif line in _ARMOUR:
            armour, dashed = True, False
        elif line in _ARMOUR_END:
            armour = False
        elif head:
            head = bool(line)
        elif not armour:
            kept.append(line[2:] if dashed and line.startswith("- ") else line)
    return kept


def _initials(raw: Sequence[str]) -> frozenset[str]:
    """The names that lines are marked with, where a line above them introduces who is quoted."""
    found = set()
    introduced = ""
    for line in raw:
        named = _INITIALS.match(line)
        if named and introduced.endswith(":"):
            found.add(named[1])
        if line:
            introduced = line
    return frozenset(found)


def _mended(raw: Sequence[str], lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines that a program cut off quoted ones, put back to the depth where they belong."""
    place = 1
    while place < len(lines):
        depth = lines[place - 1][0]
        length = _cut_off(raw, lines, place) if depth and not lines[place][0] else 0
        for at in range(place, place + length):
            lines[at] = (depth, lines[at][1])
        place += length + 1
    return lines


def _cut_off(raw: Sequence[str], lines: Sequence[tuple[int, str]], place: int) -> int:
    """How many lines from here on are the end of the quoted line above, which was too long for a program."""
    length = 0
    while length < _MOST_WRAPPED and place + length < len(lines):
        depth, text = lines[place + length]
        if depth or not text:
            break
        above = raw[place + length - 1]
        if not _UNFINISHED.search(above) or len(above) + 1 + len(text.split()[0]) < _FILLED:
            break
        length += 1
    if not length or len(raw[place + length - 1]) >= _FILLED:
        return 0
    below = lines[place + length] if place + length < len(lines) else (0, "")
    goes_on = below[0] > 0
    begins_small = lines[place][1][:1].islower()
    return length if goes_on or (length == 1 and begins_small and not below[1]) else 0
