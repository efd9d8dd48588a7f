"""The copy of our own mail inside a bounce: where it begins, whom it was sent to, and its Message-ID."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold
from notifiers.replies.mime.message import ADDRESS, Message, addresses, header, message_ids
from notifiers.replies.mime.parts import Parts

_LINES = 600
_LONGEST = 240_000

_OF_TRANSPORT = re.compile(
    r"[ \t>|]{0,8}(?:received|return-path|mime-version|delivered-to|dkim-signature|domainkey-signature|"
    r"arc-seal)\s?:",
    re.IGNORECASE,
)
_OF_CONTENT = re.compile(r"[ \t>|]{0,8}content-(?:type|transfer-encoding)\s?:", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"[ \t>|]{0,8}(?:to|cc|from|sender|reply-to|subject|date|message-id|return-path)\s?:", re.IGNORECASE
)
_HEADER = re.compile(r"[ \t>|]{0,8}[A-Za-z][A-Za-z0-9-]{1,60}\s?:(?:\s|$)")
_MARK = re.compile(
    r"below (?:this line|is)|this is a copy|copy of (?:the|your) (?:\w+ )?(?:message|mail)|original message|"
    r"message (?:header|text|follows)|(?:start|beginning) of (?:the )?(?:returned|message)|unsent message|"
    r"returned message|undelivered mail|the headers? of|contents of|message contents|attached|"
    r"your (?:original )?(?:message|mail) (?:is|follows)|thu goc|noi dung thu|en tetes|"
    r"ursprungliche nachricht|mensaje original|messaggio originale|mensagem original"
)
_SENT_TO = re.compile(
    r"^[ \t>|]{0,8}(?:to|cc|apparently-to|envelope-to|x-original-to)\s?:(.{3,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_SENT_ID = re.compile(
    r"^[ \t>|]{0,8}(?:x-)?(?:original[- ])?message[- ]id\s?:\s{0,5}(?:\r?\n[ \t]{1,8})?(<[^<>\s]{1,300}>)",
    re.IGNORECASE | re.MULTILINE,
)


def is_header_of_people(line: str) -> bool:
    """Whether a line tells who wrote what to whom, as headers of mails do: its address did not fail."""
    return _OF_PEOPLE.match(line) is not None


def before_copy(text: str) -> str:
    """What the server says, without the copy of the mail below it."""
    lines = text.split("\n")[:_LINES]
    place = 0
    told = False
    for number, line in enumerate(lines):
        if place and _begins_copy(lines, number, told=told):
            return text[:place]
        told = told or ("@" in line and not _OF_PEOPLE.match(line))
        place += len(line) + 1
    return text


def _begins_copy(lines: Sequence[str], number: int, *, told: bool) -> bool:
    line = lines[number]
    # of a report whose parts nobody told apart, the first part's headers are not yet the copy
    if _OF_TRANSPORT.match(line) or (told and _OF_CONTENT.match(line)):
        return True
    words = fold(line[:120])
    if _MARK.search(words):
        if line.lstrip()[:2] in ("--", "==", "__", "**"):
            return True
        below = [one for one in lines[number + 1 : number + 6] if one.strip()]
        if len(line) < 90 and below and _HEADER.match(below[0]):
            return True
    # headers that nothing announces: below an address that has been told of, they are the copy
    if told and _OF_PEOPLE.match(line):
        run = 0
        for one in lines[number : number + 8]:
            if not _HEADER.match(one) and one[:1] not in (" ", "\t"):
                break
            run += 1
        return run >= 3
    return False


def sent_to(parts: Parts, text: str, body: str) -> tuple[str, ...]:
    """Whom the mail that came back was sent to, in one case."""
    if parts.original is not None:
        found = [address for _, address in addresses(parts.original, "to", "cc")]
        if found:
            return tuple(found)
    copy = text[len(before_copy(text)) :] or body
    lines = _SENT_TO.findall(copy) or _SENT_TO.findall(body[:_LONGEST])
    return tuple(one.casefold() for line in lines[:3] for one in ADDRESS.findall(line))


def original_id(message: Message, parts: Parts, text: str, body: str) -> str | None:
    """The Message-ID of the mail that came back: of its copy, of the text, or of what the bounce answers."""
    if parts.original is not None:
        ids = message_ids(header(parts.original, "message-id"))
        if ids:
            return ids[0]
    own = message_ids(header(message, "message-id"))
    for place in (parts.feedback or "", parts.delivery_status or "", text, body[:_LONGEST]):
        for told in _SENT_ID.findall(place):
            if told not in own:
                return str(told)
    answered = message_ids(header(message, "in-reply-to")) or message_ids(header(message, "references"))
    return answered[-1] if answered else None
