"""What a server's words come to as an enhanced status (RFC 3463): 5 for good, 4 for now.

Codes go before words, and what stands beside the recipient goes before the rest of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from notifiers.replies.folding import fold
from notifiers.replies.machines.refusals import NOT_YET, OVER, REASONS, WAITING

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)")
_CERTAIN = re.compile(
    r"(?:\b[45]\d\d[ -]{1,2}|#|[(\[\"']|\b(?:status|code|errore?|dsn)[ :=-]{1,3})"
    r"([45]\.[0-7]\.\d{1,3})(?![\d]|\.\d)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\d.])(?<![vV] )(?<![vV-])([45]\.[0-7]\.\d{1,2})(?![\d]|\.\d)")
_VERSION = re.compile(
    r"(?:version|server|mailer|release|build|exim|postfix|running)[ \t]{1,3}\S{0,20}$", re.IGNORECASE
)
_REPLY = re.compile(
    r"(?<![\d.:/-])([45])([0-5]\d)(?=[ \-#:,;.)\]>]|$)(?! ?(?:bytes|lines|kb|hours|"
    r"days|octets))",
    re.MULTILINE,
)
_OF_CODE = {"552": "5.2.2", "452": "4.2.2", "450": "4.2.0", "451": "4.3.0", "421": "4.3.2"}
"""What a reply code alone comes to (RFC 5321 section 4.2.2)."""
_OF_RCPT = frozenset(("550", "551", "553"))
"""Codes that in answer to RCPT mean that the mailbox is not there."""
_BESIDE = 700
_LOOKED_AT = 8000


def is_delay(subject: str, text: str) -> bool:
    """Whether the words warn of a delay, and the mail is still being tried."""
    title, told = _words(subject), _words(text)
    return NOT_YET.search(title) is not None or (
        NOT_YET.search(told) is not None and OVER.search(f"{title} {told}") is None
    )


def status_of(block: Mapping[str, str], text: str, action: str, recipient: str | None = None) -> str:
    """The status of a recipient, from the report's field, the server's answer, or its words.

    `block` has the report's fields about this recipient, `text` is what the server says to people.
    """
    status = _found(block, text, recipient)
    if status is None:
        return "4.0.0" if action == "delayed" else "2.0.0" if action in _GOOD else "5.0.0"
    # what is still being tried has not failed for good, whatever the last answer was
    return f"4{status[1:]}" if action == "delayed" and status[0] == "5" else status


_GOOD = ("delivered", "relayed", "expanded")


def _found(block: Mapping[str, str], text: str, recipient: str | None) -> str | None:
    field = _ENHANCED.search(block.get("status", ""))
    status = field[1] if field else None
    if status and not status.endswith(".0.0"):
        return status
    diagnosis = block.get("diagnostic-code", "")
    at = text.lower().find(recipient) if recipient else -1
    beside = text[at : at + _BESIDE] if at >= 0 else ""
    places = (diagnosis, beside, text[:_LOOKED_AT])
    if status is None:
        return next((said for read in (_enhanced, _told) for one in places if (said := read(one))), None)
    # a field that says only for how long is made more exact by words of the same class
    for read in (_enhanced, _told):
        for one in (diagnosis, beside):
            said = read(one)
            if said and said[0] == status[0] and not said.endswith(".0.0"):
                return said
    return status


def _enhanced(text: str) -> str | None:
    """An enhanced code in the text; numbers of versions are none."""
    certain = _CERTAIN.search(text)
    if certain:
        return certain[1]
    for bare in _BARE.finditer(text):
        if not _VERSION.search(text[max(0, bare.start() - 40) : bare.start()]):
            return bare[1]
    return None


def _told(text: str) -> str | None:
    """The status that a reply code and well-known words come to."""
    if not text:
        return None
    words = _words(text)
    phrase = next((status for pattern, status in REASONS if pattern.search(words)), None)
    code = _REPLY.search(text)
    if code is None:
        return phrase or ("4.4.7" if WAITING.search(words) else None)
    if phrase:
        return f"{code[1]}{phrase[1:]}"
    number = f"{code[1]}{code[2]}"
    if number in _OF_RCPT and "rcpt" in words:
        return "5.1.1"
    return _OF_CODE.get(number, f"{code[1]}.0.0")


def _words(text: str) -> str:
    """Folded, and for scripts without a folded form as it stands."""
    return fold(text) if text.isascii() else f"{fold(text)}\n{text.lower()}"
