"""What people type for short in a hurry, written out: "đc" is "được", "ko" is "không"."""

from __future__ import annotations

from notifiers.replies.folding import fold

_WORDS = {
    "dc": "duoc", "dk": "duoc", "dx": "duoc", "ko": "khong", "k": "khong", "kg": "khong",
    "hok": "khong", "hong": "khong", "khg": "khong", "khum": "khong", "a": "anh", "c": "chi",
    "e": "em", "m": "minh", "bc": "bao cao", "vb": "van ban", "cv": "cong van",
    "tgian": "thoi gian", "tg": "thoi gian", "ng": "nguoi", "nv": "nhiem vu", "dv": "don vi",
    "sl": "so lieu", "dvi": "don vi", "cq": "co quan", "ld": "lanh dao", "tks": "thanks",
    "thks": "thanks", "thx": "thanks", "oki": "ok", "okie": "ok", "okla": "ok", "r": "roi",
    "rui": "roi", "nha": "nhe", "nhen": "nhe", "nghen": "nhe", "nghe": "nhe", "trc": "truoc",
    "ngta": "nguoi ta", "mn": "moi nguoi", "cty": "cong ty", "hdan": "huong dan", "pb": "phong",
}  # fmt: skip


def written_out(text: str) -> str:
    """The folded text with what was typed for short written out."""
    return " ".join(_WORDS.get(word, word) for word in fold(text).split())
