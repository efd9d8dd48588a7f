"""Mail that a person sent to many, and to us among them: invitations, congratulations, offers."""

from __future__ import annotations

import re

from notifiers.replies.folding import fold

_TO_GUESTS = re.compile(
    r"\b(?:giay moi|thu moi|kinh moi|tran trong moi|moi (?:quy \w+ )?(?:tham )?du|thiep moi|invitation|"
    r"you are invited|cordially invite|save the date|webinar|thiep chuc|thu chuc mung|chuc mung nam moi|"
    r"khuyen mai|uu dai|giam gia|bao gia|quang cao|chao hang|special offer|discount)\b"
)
_ABOUT_REPORTS = re.compile(
    r"\b(?:bao cao|so lieu|bieu mau|ket qua thuc hien|gia han|han nop|report|deadline|figures)\b"
)
_ANSWERS = re.compile(r"\s*(?:re|aw|sv|antw|tr|fwd?|fw|trả lời|chuyển tiếp|phúc đáp)\s?:", re.IGNORECASE)
_LONGEST = 4000


def is_unasked(subject: str, text: str, *, refers: bool) -> bool:
    """Whether a mail invites or offers and is not about reports; `refers`: it names an earlier mail."""
    if refers or _ANSWERS.match(subject):
        return False
    told = fold(f"{subject} {text[:_LONGEST]}")
    return _TO_GUESTS.search(told) is not None and _ABOUT_REPORTS.search(told) is None
