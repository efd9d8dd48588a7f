"""A letter becomes a mail: its words, files and headers as bytes; one letter always gives one mail."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from notifiers import headers
from notifiers.overrides import NONE, Overrides
from notifiers.ports import Enclosure, Letter, Mail, Parcel, Party
from notifiers.rendering import rendered

LETTER_HEADER = "X-Dondoc-Letter"
"""Marks a mail as one of ours, with its kind: a mail that comes in with it is a loop."""

_REFERENCES = 20
"""How many of a thread's ids are named: the first, which the thread hangs on, and the latest."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who a mail comes from: the name and mailbox of From, and the address that bounces come back to."""

    name: str
    mailbox: str
    return_path: str


def compose(letter: Letter | Parcel, sender: Sender, overrides: Overrides = NONE) -> Mail:
    """The mail for a letter, or for several that go as one: envelope and bytes, ASCII only, lines ended
    with CRLF.

    A classified letter says that a report is owed and through which channel; neither task nor values nor
    form stand in it. Raises UnusableAddress when an address or message id cannot stand in a mail.
    """
    said = rendered(letter, overrides)
    recipients = tuple(dict.fromkeys(headers.address(party.mailbox) for party in (letter.to, *letter.cc)))
    copies = [party for party in letter.cc if party.mailbox != letter.to.mailbox]
    head = (
        headers.mailboxes("From", [Party(name=sender.name, mailbox=sender.mailbox)])
        + headers.mailboxes("To", [letter.to])
        + headers.mailboxes("Cc", copies)
        + headers.mailboxes("Reply-To", [Party(name=sender.name, mailbox=letter.reply_to)])
        + headers.line("Subject", said.subject)
        + f"Date: {format_datetime(letter.sent_at)}\r\n"
        + headers.message_ids("Message-ID", [letter.message_id])
        + referring(letter.thread)
        # RFC 3834: no auto-responder answers this; no Precedence, which filters take for bulk mail
        + "Auto-Submitted: auto-generated\r\n"
        + f"{LETTER_HEADER}: {letter.kind}\r\n"
        + f"Content-Language: {letter.language}\r\n"
        + "MIME-Version: 1.0\r\n"
    )
    enclosures = () if letter.classified else letter.enclosures
    body = contents(letter.message_id, said.text, said.html, enclosures)
    return Mail(
        message_id=letter.message_id,
        envelope_from=headers.address(sender.return_path),
        envelope_to=recipients,
        raw=(head + body).encode("utf-8"),
    )


def referring(thread: Sequence[str]) -> str:
    """The headers that put a mail behind those of a thread, oldest first. Raises UnusableAddress."""
    named = thread if len(thread) <= _REFERENCES else (thread[0], *thread[1 - _REFERENCES :])
    return headers.message_ids("In-Reply-To", named[-1:]) + headers.message_ids("References", named)


def contents(message_id: str, text: str, page: str | None, enclosures: Sequence[Enclosure]) -> str:
    """The headers of the content, and the content: the text, the same as a page of HTML where there is one,
    and files.
    """
    boundary = "=_dondoc_" + hashlib.sha256(message_id.encode()).hexdigest()[:24]
    inner = _text("plain", text)
    if page is not None:
        inner = (
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
            + _part(boundary, "plain", text)
            + _part(boundary, "html", page)
            + f"--{boundary}--\r\n"
        )
    return _enclosing(boundary, inner, enclosures) if enclosures else inner


def _part(boundary: str, subtype: str, text: str) -> str:
    return f"--{boundary}\r\n{_text(subtype, text)}\r\n"


def _text(subtype: str, text: str) -> str:
    encoded = _base64(text.replace("\n", "\r\n").encode("utf-8", "replace"))
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}"
    )


def _enclosing(boundary: str, inner: str, enclosures: Sequence[Enclosure]) -> str:
    """The text with the files behind it."""
    # neither boundary may begin with the other: some readers compare no further
    outer = boundary.replace("_dondoc_", "_dondoc-files_")
    files = "".join(
        f"--{outer}\r\nContent-Type: {one.content_type}{headers.parameter('name', one.name)}\r\n"
        f"Content-Disposition: attachment{headers.parameter('filename', one.name)}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(one.content)}\r\n"
        for one in enclosures
    )
    opening = f'Content-Type: multipart/mixed; boundary="{outer}"\r\n\r\n--{outer}\r\n'
    return f"{opening}{inner}\r\n{files}--{outer}--\r\n"


def _base64(content: bytes) -> str:
    encoded = base64.b64encode(content).decode("ascii")
    return "".join(f"{encoded[begin : begin + 76]}\r\n" for begin in range(0, len(encoded), 76))
