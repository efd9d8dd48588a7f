"""Mail that lies in a mailbox or a file: its envelope, as far as the delivering server wrote it down."""

from __future__ import annotations

from notifiers.ports import RawMail
from notifiers.replies.mime import message

_HEAD = 256 * 1024
"""Octets that are looked at: headers beyond them are no evidence of anything."""

LEFT_BEHIND = "X-Dondoc-Left-Behind"
"""Marks the headers of a mail that was too large to fetch, with its octets. Whoever forges it only has a mail
of his own put before a person.
"""

_OF_A_MAIL = ("from", "received", "return-path", "message-id")
_TO = ("delivered-to", "x-original-to", "envelope-to")


def delivered(raw: bytes) -> RawMail:
    """The mail, octet for octet, with the envelope that its headers tell; the same octets give the same.

    Recipients are those of Delivered-To, X-Original-To and Envelope-To, or without any of To and Cc. The
    sender is that of Return-Path (empty for a bounce), or without one of From. None of it is proof: whoever
    wrote the mail may have written these lines.
    """
    head = _head(raw)
    recipients = _addresses(head, *_TO) or _addresses(head, "to", "cc")
    return RawMail(envelope_from=_sender(head), envelope_to=tuple(dict.fromkeys(recipients)), raw=raw)


def left_behind(head: bytes, octets: int) -> RawMail:
    """What is kept of a mail that stays where it lies, because it is too large: its headers, marked."""
    lines = head.rstrip(b"\r\n")
    return delivered(f"{LEFT_BEHIND}: {octets}\r\n".encode() + lines + b"\r\n\r\n")


def is_left_behind(raw: bytes) -> bool:
    """Whether these are only the headers of a mail that was too large."""
    marked = LEFT_BEHIND.lower()
    return marked.encode() in raw[:_HEAD].lower() and bool(message.headers(_head(raw), marked))


def looks_like_mail(raw: bytes) -> bool:
    """Whether the octets begin with headers of a mail."""
    head = _head(raw)
    return any(message.headers(head, name) for name in _OF_A_MAIL)


def _head(raw: bytes) -> message.Message:
    ends = [at for at in (raw.find(b"\r\n\r\n", 0, _HEAD), raw.find(b"\n\n", 0, _HEAD)) if at >= 0]
    return message.parse(raw[: min(ends, default=_HEAD)] + b"\r\n\r\n")


def _sender(head: message.Message) -> str:
    paths = message.headers(head, "return-path")
    if paths:
        return next(iter(_addresses(head, "return-path")), "")
    return next(iter(_addresses(head, "from")), "")


def _addresses(head: message.Message, *names: str) -> list[str]:
    return [_storable(address) for _, address in message.addresses(head, *names)]


def _storable(address: str) -> str:
    """Without what no ledger takes: NUL, and octets that are no text."""
    return address.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
