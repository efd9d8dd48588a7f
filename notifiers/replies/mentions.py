"""Mentions: what a mail names in its own words: codes, addresses and ids of ours, and reporting periods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from notifiers.replies.folding import fold
from notifiers.replies.understood import Line, Understood

TAG = re.compile(r"\[#([a-z0-9]{1,40})\]", re.IGNORECASE)
"""A request's code as our subjects carry it."""
BLOCK_CODE = re.compile(r"\((?:mã|ma|ref) ([a-z0-9]{1,40})\)", re.IGNORECASE)
"""The same as our fill-in blocks carry it."""

_ADDRESS = re.compile(r"[a-z0-9._-]{1,40}\+[a-z0-9]{1,40}-[a-z2-7]{16}@[a-z0-9.-]{1,200}", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<?(dd\.[0-9a-f]{32}@[a-z0-9.-]{1,200})>?")
_MOST = 20
"""How many of each are looked at: nobody answers more of ours in one mail."""

_QUARTER = r"(?:iv|i{1,3}|[1-4])"
_BEFORE_A_YEAR = rf"(?:(?:nam|year|of)|(?:thang|month|week|tuan) \d\d?|(?:quy|quarter) {_QUARTER})"
_NAMED = (
    ("half", re.compile(r"\b(?:6|sau) thang\b|\bfirst half\b")),
    ("nine", re.compile(r"\b(?:9|chin) thang\b|\bfirst nine months\b")),
    ("week", re.compile(r"\b(?:tuan|week)(?: thu)? (\d{1,2})\b")),
    # "ngày 30 tháng 11" is a day, no month's report
    ("month", re.compile(r"(?<!ngay \d )(?<!ngay \d\d )\b(?:thang|month) (\d{1,2})\b")),
    ("quarter", re.compile(rf"\b(?:quy|quarter) ({_QUARTER})\b")),
    ("year", re.compile(rf"\b{_BEFORE_A_YEAR} ((?:19|20)\d\d)\b")),
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """What stands in a mail besides its own address lines; none of it is proof by itself."""

    tags: tuple[str, ...] = ()
    """Codes in the subject."""
    codes: tuple[str, ...] = ()
    """Codes of the fill-in blocks that are answered, in the mail or in the quote right below."""
    addresses: tuple[str, ...] = ()
    """What looks like a signed address, anywhere in the text."""
    message_ids: tuple[str, ...] = ()
    """What looks like a Message-ID of ours, anywhere in the text, in angle brackets."""


def mentions(mail: Understood) -> Mentions:
    """What a mail names; linear in its length."""
    codes = [code for line in mail.lines if line.depth <= 1 for code in _codes(line)]
    bodies = [line.text for line in mail.lines if "@" in line.text]
    addresses = (found[0] for text in bodies if "+" in text for found in _ADDRESS.finditer(text))
    ids = (f"<{found[1]}>" for text in bodies if "dd." in text for found in _MESSAGE_ID.finditer(text))
    return Mentions(
        tags=_first(code.lower() for code in TAG.findall(mail.subject)),
        codes=_first(codes),
        addresses=_first(one.lower() for one in addresses),
        message_ids=_first(ids),
    )


def periods_named(text: str) -> Mapping[str, frozenset[int]]:
    """The reporting periods that a text names, by unit: "Tháng 3/2024" is month 3 and year 2024."""
    folded = fold(text[:1_000])
    found: dict[str, set[int]] = {}
    for unit, pattern in _NAMED:
        for match in pattern.finditer(folded):
            said = match[1] if match.re.groups else "1"
            found.setdefault(unit, set()).add(_ROMAN.get(said) or int(said))
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def other_period(subject: str, period: str) -> bool:
    """Whether a subject names a reporting period that is not the one called `period`."""
    own, named = periods_named(period), periods_named(subject)
    if any(unit in named and named[unit].isdisjoint(numbers) for unit, numbers in own.items()):
        return True
    units, others = own.keys() - {"year"}, named.keys() - {"year"}
    return bool(units and others and units.isdisjoint(others))


def same_period(text: str, period: str) -> bool:
    """Whether a text names the period called `period`; the year may be left out."""
    own, named = periods_named(period), periods_named(text)
    wanted = own.keys() - {"year"} or own.keys()
    return bool(wanted) and wanted <= named.keys() and not other_period(text, period)


def _codes(line: Line) -> Iterator[str]:
    if "(" in line.text:
        for code in BLOCK_CODE.findall(line.text):
            yield code.lower()


def _first(found: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]
