"""Text as it is compared, without accents, case and punctuation: "so tin bai" is "Số tin, bài"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_WITHOUT_PARTS = str.maketrans(
    {
        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "ß": "ss", "æ": "ae",
        "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i",
    }
)  # fmt: skip


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower-case ASCII words with one space between them: "Số tin, bài (đã đăng)" → "so tin bai da dang"."""
    if not text.isascii():
        text = unicodedata.normalize("NFD", text.translate(_WITHOUT_PARTS))
        text = "".join(one for one in text if not unicodedata.combining(one))
    return _NOT_WORD.sub(" ", text.lower()).strip()
