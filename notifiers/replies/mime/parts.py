"""What a mail is made of: its texts, reports and files, each part looked at once and within limits."""

from __future__ import annotations

import binascii
import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from notifiers.replies.mime import sheets, tnef
from notifiers.replies.mime.decoding import MAX_TEXT, decode, text_of
from notifiers.replies.mime.macros import holds_macros
from notifiers.replies.mime.message import Message, TooMuch, header, parameter, parse
from notifiers.replies.mime.sheets import Sheet
from notifiers.replies.patience import UNLIMITED, Patience
from notifiers.replies.understood import Attachment

_MAILS = ("message/rfc822", "message/global")
MAX_PARTS = 200
MAX_DEPTH = 20
_LONGEST_NAME = 200
_STUFFED = re.compile(r"^ (?=[^\n])", re.MULTILINE)
"""A space that a program put in front of a line (RFC 3676, 4.4)."""


@dataclass(kw_only=True)
class Parts:
    """What a mail is made of, once walked."""

    plain: str | None = None
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    delivery_status: str | None = None
    disposition: bool = False
    """A read receipt (RFC 8098)."""
    feedback: str | None = None
    """A provider's report that somebody called a mail of ours spam (RFC 5965)."""
    calendar: bool = False
    """An answer to an invitation (RFC 5546)."""
    original: Message | None = None
    """The mail that a bounce returns, or its headers."""
    sheets: list[Sheet] = field(default_factory=list)
    """Of workbooks that came along."""
    workbooks: int = 0
    """How many of those there were."""
    troubles: list[str] = field(default_factory=list)


def walk(message: Message, patience: Patience = UNLIMITED) -> Parts:
    """Look at every part once, within the limits, and keep the first text of each form."""
    parts = Parts()
    if any(isinstance(one, TooMuch) for one in message.defects):
        parts.troubles.append("too much for a mail: the rest was not looked at")
    for count, (part, depth) in enumerate(_walk(message, 0), start=1):
        patience.check()
        if count > MAX_PARTS or depth > MAX_DEPTH:
            parts.troubles.append("too many parts: the rest was not looked at")
            break
        _take(part, parts, patience)
    return parts


def _walk(message: Message, depth: int) -> Iterator[tuple[Message, int]]:
    yield message, depth
    kind = message.kind
    payload = message.get_payload() if message.is_multipart() else None
    # a mail that is attached is looked at by whoever asks for the original, its texts are not this mail's
    if isinstance(payload, list) and not kind.startswith("message/") and depth <= MAX_DEPTH:
        for part in payload:
            if isinstance(part, Message):
                yield from _walk(part, depth + 1)


def _take(part: Message, parts: Parts, patience: Patience) -> None:
    kind = part.kind
    if kind.startswith("multipart/") or _take_report(part, kind, parts):
        return
    name = _file_name(part)
    disposition = header(part, "content-disposition").lower()
    attached = disposition.startswith("attachment") or (name and not kind.startswith("text/"))
    if kind in _MAILS and isinstance(part.get_payload(), list):
        _take_mail(part, name, parts)
    elif kind == "text/plain" and not attached and parts.plain is None:
        parts.plain = _text(part, parts)
    elif kind == "text/html" and not attached and parts.html is None:
        parts.html = _text(part, parts)
    elif kind in ("text/plain", "text/html") and not attached and not name:
        more = _text(part, parts)
        if kind == "text/plain" and parts.plain is not None:
            parts.plain = f"{parts.plain}\n{more}"[:MAX_TEXT]
    else:
        _take_file(name or kind.replace("/", "."), kind, _octets_of(part, parts), parts, patience)


def _take_file(name: str, kind: str, octets: bytes, parts: Parts, patience: Patience) -> None:
    """A file: what Outlook wrapped up is taken out, and a workbook's sheets are read."""
    ending = name.lower()
    if kind in _WRAPPED or ending == "winmail.dat":
        held = tnef.unpack(octets)
        if held is None:
            parts.troubles.append(f"{name} could not be unpacked")
        else:
            parts.plain = parts.plain if parts.plain and parts.plain.strip() else held.plain
            parts.html = parts.html if parts.html and parts.html.strip() else held.html
            for inner, content in held.files:
                inner_name = file_name(inner) or "tep.dat"
                if inner_name.lower() != "winmail.dat":
                    guessed = mimetypes.guess_type(inner_name)[0] or "application/octet-stream"
                    _take_file(inner_name, guessed, content, parts, patience)
            return
    elif (kind in sheets.TYPES or ending.endswith(sheets.ENDINGS)) and parts.workbooks < _MOST_WORKBOOKS:
        parts.workbooks += 1
        read = sheets.read_workbook(octets, patience)
        if isinstance(read, sheets.Unreadable):
            parts.troubles.append(f"{name} was not read: {read.why}")
        else:
            parts.sheets.extend(read)
    macros = holds_macros(name, octets)
    parts.attachments.append(
        Attachment(name=name, content_type=kind, size=len(octets), content=octets, macros=macros)
    )


_WRAPPED = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_MOST_WORKBOOKS = 5


def _take_report(part: Message, kind: str, parts: Parts) -> bool:
    """Keep what a machine tells in a part made for machines; whether it was one."""
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        parts.delivery_status = parts.delivery_status or _embedded_text(part)
    elif kind in ("message/disposition-notification", "message/global-disposition-notification"):
        parts.disposition = True
    elif kind == "message/feedback-report":
        parts.feedback = parts.feedback or _embedded_text(part)
    elif kind == "text/calendar" and parameter(part, "method").lower() in ("reply", "counter"):
        parts.calendar = True
    elif kind in _HEADERS_ONLY:
        parts.original = parts.original or parse(_octets_of(part, parts))
    else:
        return False
    return True


_HEADERS_ONLY = frozenset(
    ("text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers", "message/global-headers")
)


def mails_in(message: Message) -> Iterator[Message]:
    """The mails that came along, in the order of the attachments that stand for them."""
    for part, _ in islice(_walk(message, 0), MAX_PARTS):
        if part.kind in _MAILS and isinstance(part.get_payload(), list):
            inner = _mail_in(part)
            if inner is not None:
                yield inner


def _mail_in(part: Message) -> Message | None:
    inner = part.get_payload(0)
    if not isinstance(inner, Message):
        return None
    if not inner.keys() and header(part, "content-transfer-encoding").lower() == "base64":
        # against RFC 2046, and done all the same
        return parse(_decoded_base64(inner))
    return inner


def _take_mail(part: Message, name: str, parts: Parts) -> None:
    """A mail that came along: what a bounce returns, or what somebody passes on."""
    inner = _mail_in(part)
    if inner is None:
        return
    parts.original = parts.original or inner
    title = header(inner, "subject") or "mail"
    parts.attachments.append(
        Attachment(name=name or file_name(f"{title}.eml"), content_type="message/rfc822", size=0)
    )


def _decoded_base64(inner: Message) -> bytes:
    try:
        return binascii.a2b_base64(str(inner.get_payload()).encode("ascii", "replace"))
    except (ValueError, binascii.Error):
        return b""


def _file_name(part: Message) -> str:
    return file_name(parameter(part, "filename", "content-disposition") or parameter(part, "name"))


def file_name(name: str) -> str:
    """The name without folders, and never one that a file system takes for something else."""
    last = name.replace("\\", "/").rpartition("/")[2].strip().strip(".").strip()
    if len(last) <= _LONGEST_NAME:
        return last
    stem, dot, ending = last.rpartition(".")
    return f"{stem[: _LONGEST_NAME - 20]}{dot}{ending[:19]}" if dot else last[:_LONGEST_NAME]


def _text(part: Message, parts: Parts) -> str:
    charset = parameter(part, "charset") or "utf-8"
    text = text_of(_octets_of(part, parts)[: MAX_TEXT * 4], charset)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_TEXT]
    return _STUFFED.sub("", text) if parameter(part, "format").lower() == "flowed" else text


def _octets_of(part: Message, parts: Parts) -> bytes:
    """The part's content, its transfer encoding undone as far as it can be."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AttributeError, IndexError, binascii.Error):
        parts.troubles.append("a part could not be decoded")
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _embedded_text(part: Message) -> str:
    """The fields of a report, which the parser has taken for messages, one or many."""
    payload = part.get_payload() if part.is_multipart() else part.get_payload(decode=True)
    if isinstance(payload, list):
        blocks: list[str] = []
        for one in payload:
            if not isinstance(one, Message):
                continue
            blocks.append("\n".join(f"{name}: {decode(value)}" for name, value in one.raw_items()))
            below = None if one.is_multipart() else one.get_payload(decode=True)
            if isinstance(below, bytes) and below.strip():
                blocks.append(text_of(below, "utf-8"))
        return "\n\n".join(blocks)[:MAX_TEXT]
    return text_of(payload, "utf-8")[:MAX_TEXT] if isinstance(payload, bytes) else ""
