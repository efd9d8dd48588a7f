"""What a server's words come to as an enhanced status (RFC 3463): 5 for good, 4 for now."""

from __future__ import annotations

import re
from collections.abc import Mapping

from notifiers.replies.folding import fold

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)")
_PLAUSIBLE = re.compile(r"(?<![\d.])([45]\.[0-7]\.\d{1,2})(?![\d]|\.\d)")
_REPLY = re.compile(
    r"(?<![\d.:/-])([45])([0-5]\d)(?=[ \-#:,;.)\]>]|$)(?! ?(?:bytes|lines|kb|hours|"
    r"days))",
    re.MULTILINE,
)
_SAID = (
    (re.compile(r"mailbox (?:is )?full|over ?quota|quota exceeded|exceed\w* .{0,30}quota|full mailbox|"
                r"insufficient (?:disk|system) "
                r"(?:space|storage)|hop thu (?:da )?day|out of storage"), "5.2.2"),
    (re.compile(r"user (?:is )?unknown|unknown user|no such (?:user|account|recipient|address|mailbox)|"
                r"not listed in|"
                r"(?:address|account|user|recipient|mailbox|domain) .{0,60}(?:does ?n[o ]?t exist|"
                r"not found|unknown|disabled|"
                r"not (?:a )?valid|inactive)|unknown (?:address|recipient|local part)|"
                r"invalid (?:recipient|address|mailbox)|"
                r"khong ton tai|address rejected|recipient rejected|does ?n[o ]?t have (?:a|"
                r"an) \w+ account"), "5.1.1"),
    (re.compile(r"host (?:or domain )?(?:name )?(?:is )?(?:unknown|not found)|unknown host|unrout|"
                r"name (?:service )?error|"
                r"domain .{0,40}not (?:found|exist)|no (?:mx|dns)|bad destination|"
                r"nameserver error"), "5.1.2"),
    (re.compile(r"too (?:large|big)|size limit|exceeds? .{0,30}size|message size"), "5.3.4"),
    (re.compile(r"(?:mail|routing) loop|too many hops|hop count"), "5.4.6"),
    (re.compile(r"spam|blocked|blacklist|block list|policy|virus|content reject|not (?:authori[sz]ed|"
                r"permitted|allowed)|"
                r"relay(?:ing)? denied|access denied|bi tu choi"), "5.7.1"),
)  # fmt: skip
_FOR_NOW = re.compile(
    r"time(?:d )?[ -]?out|retry timeout|too long|could not (?:be )?connect|connection (?:refused|timed|"
    r"reset|lost)|"
    r"temporar|try (?:again|later)|no route to host|network (?:is )?unreachable|not respond|expired|"
    r"not been able to|unable to connect|tam thoi|thu lai"
)
_DELAYED = re.compile(
    r"\bdelay|will (?:be )?(?:retr|tried|keep|continue|attempt)|still (?:being )?(?:re)?tr(?:y|ied)|"
    r"warning (?:message )?only|"
    r"not (?:yet )?been delivered (?:yet|after)|(?:not|no) need to resend|do not (?:need to )?(?:resend|"
    r"send)|"
    r"has not yet been|could not be delivered (?:yet|for)|continue (?:to )?try|keep trying|"
    r"delivery attempts will|"
    r"tam thoi chua|se (?:duoc )?(?:tiep tuc )?thu (?:gui )?lai|tri hoan|chua gui duoc"
)


_FINAL = re.compile(
    r"permanent|(?<!non )fatal|g(?:iv|av)\w{1,3} up|final|has failed|not be (?:retried|tried again)|"
    r"unknown user|user unknown|"
    r"no such|will not be|being returned|returned to|undeliverable"
)


def is_delay(subject: str, text: str) -> bool:
    """Whether the words, folded, warn of a delay, and the mail is still being tried."""
    return _DELAYED.search(subject) is not None or (
        _DELAYED.search(text) is not None and _FINAL.search(f"{subject} {text}") is None
    )


def status_of(block: Mapping[str, str], text: str, action: str) -> str:
    """The status of the first recipient, from the report's field, the server's answer, or its words."""
    status = _ENHANCED.search(block.get("status", ""))
    diagnosis = block.get("diagnostic-code", "")
    if status and not status[1].endswith(".0.0"):
        return status[1]
    said = _PLAUSIBLE.search(diagnosis)
    if said and (not status or said[1][0] == status[1][0]):
        return said[1]
    if status:
        return status[1]
    return _told(diagnosis) or _told(text[:8000]) or ("4.0.0" if action == "delayed" else "5.0.0")


def _told(text: str) -> str | None:
    """The status that words come to: an enhanced code, a reply code, a well-known phrase."""
    if not text:
        return None
    enhanced = _PLAUSIBLE.search(text)
    if enhanced:
        return enhanced[1]
    code = _REPLY.search(text)
    folded = fold(text)
    phrase = next((status for pattern, status in _SAID if pattern.search(folded)), None)
    if code:
        return f"{code[1]}{phrase[1:]}" if phrase else f"{code[1]}.0.0"
    if phrase:
        return phrase
    return "4.4.7" if _FOR_NOW.search(folded) else None
