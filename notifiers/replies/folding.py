"""Text as it is compared, without accents, case and punctuation: "so tin bai" is "Số tin, bài"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOWER = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in bytes(range(256)).lower())
"""What each octet of ASCII is compared as: letters small, and a blank for all that is no letter or digit."""
_OTHER_SCRIPTS = re.compile("[\u0483-\u1fff\u20d0-\U0010ffff]")
"""Where marks may stand that are none of Latin letters; general punctuation has none."""
_NO_MARK = re.compile("[\u0080-\u02ff\u034f\u0370-\U0010ffff]+")
"""What is no ASCII, and no mark above or below a Latin letter."""
_WITHOUT_PARTS = {
    "ð": "d", "Ð": "d", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "ß": "ss", "æ": "ae",
    "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i",
}  # fmt: skip
_UNPARTED = re.compile(f"[{''.join(_WITHOUT_PARTS)}]")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower-case ASCII words with one space between them: "Số tin, bài (đã đăng)" → "so tin bai da dang"."""
    if not text.isascii():
        text = text.replace("đ", "d").replace("Đ", "d")
        if _UNPARTED.search(text):
            text = _UNPARTED.sub(lambda found: _WITHOUT_PARTS[found[0]], text)
        text = unicodedata.normalize("NFD", text)
        if _OTHER_SCRIPTS.search(text):
            text = "".join(one for one in text if not unicodedata.combining(one))
        text = _NO_MARK.sub(" ", text)
    return b" ".join(text.encode("ascii", "ignore").translate(_LOWER).split()).decode("ascii")
