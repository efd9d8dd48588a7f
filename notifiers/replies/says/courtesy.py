"""Words that say that a mail has arrived, or thank for it, and report nothing."""

from __future__ import annotations

from notifiers.replies.folding import fold

_MOST_WORDS = 20
_MARKS = (
    "cam on", "da nhan", "se bao cao", "se gui", "vang", "ok", "oke", "thank", "thanks", "received",
    "noted",
)  # fmt: skip
_WORDS = frozenset((
    "a", "and", "anh", "ban", "bao", "cac", "cam", "cao", "cau", "chao", "chi", "cho", "chung", "co",
    "cong", "cua", "da", "de", "dear", "don", "dong", "dung", "duoc", "em", "email", "got", "gui", "han",
    "has", "have", "huyen", "i", "it", "kinh", "lai", "mail", "many", "much", "nghi", "nhan", "nhe",
    "noted", "ok", "oke", "on", "phong", "quan", "quy", "received", "report", "ro", "roi", "sau", "se",
    "so", "som", "soon", "thank", "thanks", "the", "thong", "thu", "thua", "tin", "toi", "tran", "trong",
    "ubnd", "va", "van", "vang", "ve", "very", "vi", "we", "well", "will", "with", "xa", "xin", "yeu",
    "you", "your",
))  # fmt: skip


def is_courtesy(text: str) -> bool:
    """Whether a text only acknowledges, thanks or promises: "Đã nhận, cảm ơn", "Vâng, xã sẽ báo cáo"."""
    folded = fold(text)
    words = folded.split()
    return (
        len(words) <= _MOST_WORDS
        and all(word in _WORDS for word in words)
        and any(f" {mark} " in f" {folded} " for mark in _MARKS)
    )
