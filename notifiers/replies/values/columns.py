"""Which column of a table holds this period's figures: by its head, never last year's, and none in doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold

_NEVER = re.compile(
    r"(?:(?:nam|ky|quy|thang) (?:truoc|ngoai)|cung ky|ke hoach|chi tieu (?:giao|duoc giao)|duoc giao|"
    r"(?:don vi )?(?:tinh)|dvt|don vi|stt|tt|so tt|ghi chu|ty le|ti le|tang giam|so sanh|dat|muc tieu|"
    r"unit|target|plan(?:ned)?|previous|last year|no|notes?|remarks?)\b"
)
_ALWAYS = re.compile(
    r"(?:(?:nam|ky|quy|thang) nay|(?:trong )?ky(?: bao cao)?|ket qua|thuc hien|so lieu|so luong|"
    r"tra loi|gia tri|"
    r"noi dung (?:bao cao|tra loi)|tong(?: so| cong)?|luy ke|value|answer|result|actual|this year|total)\b"
)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


def answer_column(head: Sequence[str]) -> int | None:
    """The place of the column whose figures are reported; None when the heads do not say.

    The first column names the fields.
    """
    folded = [fold(cell) for cell in head]
    open_to = [at for at in range(1, len(folded)) if folded[at] and not _NEVER.match(folded[at])]
    if len(open_to) == 1:
        return open_to[0]
    years = {at: int(year[1]) for at in open_to if (year := _YEAR.search(folded[at]))}
    if len(years) == len(open_to) and years:
        latest = max(years.values())
        named = [at for at, year in years.items() if year == latest]
    else:
        named = [at for at in open_to if _ALWAYS.match(folded[at])]
        totals = [at for at in named if folded[at].startswith(("tong", "total", "luy ke"))]
        named = totals if totals and len(named) > 1 else named
    return named[0] if len(named) == 1 else None
