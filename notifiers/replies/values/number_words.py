"""Numbers written in words, Vietnamese first: "một trăm hai mươi lăm", "mười hai", "twelve"."""

from __future__ import annotations

from collections.abc import Sequence

_ONES = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6,
    "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_FILLERS = frozenset(("linh", "le"))
_HIGHER = {"tram": 100, "nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000}
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50,
}  # fmt: skip


def read_words(words: Sequence[str]) -> tuple[int | None, int]:
    """The number that folded words begin with, and how many of them it takes; None and 0 when they do not."""
    if words and words[0] in _ENGLISH:
        return _ENGLISH[words[0]], 1
    total = below = ones = used = 0
    seen = False
    for word in words:
        if word in ("muoi", "chuc"):
            # mười hai, and hai mươi: the tone that tells ten from tens is lost in folding
            below += (ones or 1) * 10
            ones = 0
        elif word == "mot" and seen and not ones:
            ones = 1
        elif word in _ONES and not ones:
            ones = _ONES[word]
        elif word == "tram" and ones:
            below, ones = below + ones * 100, 0
        elif word in _HIGHER and word != "tram" and seen:
            total, below, ones = total + (below + ones) * _HIGHER[word], 0, 0
        elif not (word in _FILLERS and seen):
            break
        seen = True
        used += 1
    return (total + below + ones, used) if seen and total + below + ones else (None, 0)
