"""How wide a text will be when a browser draws it, and where to break it; no font file is needed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

FONT = "'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
"""Fonts that draw Vietnamese, of about the widths below."""

_WIDTHS: Mapping[str, float] = {
    **dict.fromkeys("ijl.,:;|!'’", 0.30),
    **dict.fromkeys("frt()[]-/ I", 0.40),
    **dict.fromkeys("mwMW%@", 0.92),
}
_CAPITAL, _OTHER = 0.72, 0.60


def width(text: str, size: float) -> float:
    """Roughly, and rather too much than too little, in the unit of `size`."""
    letters = (one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return size * sum(_WIDTHS.get(one, _CAPITAL if one.isupper() else _OTHER) for one in letters)


def wrapped(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """`text` in lines no wider than `room`, at the most so many; what is left out is told by "…"."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and width(longer, size) > room:
            lines.append(current)
            current = word
        else:
            current = longer
    lines.append(current)
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and width(last + " …", size) > room:
        last = last[:-1].rstrip()
    return (*lines[: most - 1], last.rstrip(" ,;") + " …")
