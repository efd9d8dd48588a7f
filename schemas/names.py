"""What was probably meant: the nearest known name, or an id made of free text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was probably meant to be; None when nothing is near."""
    import difflib

    found = difflib.get_close_matches(word.casefold()[:100], list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def as_id(text: str) -> str | None:
    """`text` as an id: `Phòng VH-TT` becomes `phong-vh-tt`. None when no letter or digit is left."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or None
