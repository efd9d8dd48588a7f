"""What whoever decides says in a mail: agreed, with a day perhaps, or not agreed, and why; else nothing sure.

Precision comes first: a decision that is not plain is none, and is left to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from notifiers.replies.days import day_in, foldable
from notifiers.replies.folding import fold

_LONGEST = 600
"""Characters; whoever writes more explains, and does not only decide."""

_GREETING = re.compile(r"(?:kinh gui|kinh chao|kinh thua|chao|dear|hi|hello|thua)\b")
_NO = re.compile(
    r"\b(?:khong|chua|ko|k) (?:the )?(?:dong y|nhat tri|chap thuan|chap nhan|gia han|duyet|cho phep|duoc)\b|"
    r"\b(?:tu choi|bac)\b|\b(?:not|cannot|can t|don t|do not) (?:be )?(?:agree|agreed|grant|granted|"
    r"approve|approved|accept|accepted)\b|\b(?:refuse|refused|declined?|rejected?|disagree)\b|^no\b"
)
_YES = re.compile(
    r"^(?:toi |em |phong |so |ubnd |huyen |we |i )?(?:xin )?(?:dong y|nhat tri|chap thuan|chap nhan|duyet|"
    r"ok|oke|okay|agree|agreed|approve|approved|grant|granted|yes|accepted)\b"
)
_DOUBT = re.compile(
    r"\b(?:neu|tru khi|nhung|tuy nhien|voi dieu kien|co the|xem|kiem tra|hoi|tra loi|xin y kien|cho y kien|"
    r"da nhan|nhan duoc|dong y (?:la|rang)|if|unless|but|however|provided|maybe|perhaps|let me|later|check|"
    r"look into|get back|ask|noted|received|agree that)\b"
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A plain yes or no."""

    agreed: bool
    until_on: date | None = None
    """The day named with a yes."""
    reason: str = ""
    """What was written with a no."""


def read_verdict(text: str, sent_on: date | None) -> Verdict | None:
    """The decision in what a person wrote, quotes and signature left out; None when it is not plain."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if lines and _GREETING.match(fold(lines[0])) and len(lines) > 1:
        lines = lines[1:]
    said = " ".join(lines)
    folded = fold(said)
    if not folded or len(said) > _LONGEST or "?" in said:
        return None
    refused = _NO.search(folded)
    agreed = _YES.match(folded)
    if refused is not None:
        # "no" decides where it stands at the beginning, and not somewhere in an explanation
        return Verdict(agreed=False, reason=said) if refused.start() < 40 and agreed is None else None
    if agreed is None or _DOUBT.search(folded):
        return None
    return Verdict(agreed=True, until_on=day_in(foldable(said), sent_on))
