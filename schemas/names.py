"""What was probably meant: the nearest known name, or an id made of free text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_LEAST = 4
"""A shorter name is no part of another one."""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was probably meant to be; None when nothing is near."""
    import difflib

    names, sought = list(known), word.casefold()[:100]
    found = difflib.get_close_matches(sought, names, n=1, cutoff=0.6)
    if found:
        return found[0]
    longer = [name for name in names if len(sought) >= _LEAST and name.startswith(sought)]
    shorter = [name for name in names if len(name) >= _LEAST and sought.startswith(name)]
    only = longer or shorter
    return only[0] if len(only) == 1 else None


def meant(word: str, known: Iterable[str], called: Mapping[str, tuple[str, ...]]) -> str | None:
    """The same, for a word that may be what `known` things are `called` in another language."""
    names, folded = list(known), as_id(word)
    for name in names:
        if folded is not None and any(as_id(way) == folded for way in called.get(name, ())):
            return name
    return closest(word, names)


def as_id(text: str) -> str | None:
    """`text` as an id: `Phòng VH-TT` becomes `phong-vh-tt`. None when no letter or digit is left."""
    plain = plain_letters(text.casefold())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or None


def plain_letters(text: str) -> str:
    """`text` without its accents: `Thị trấn` becomes `Thi tran`."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in plain if not unicodedata.combining(character))
