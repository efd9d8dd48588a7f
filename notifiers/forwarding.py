"""Forwarding: a mail of ours that did not reach whom it was for goes to somebody else, whole, with the reason
above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from html import escape

from notifiers import headers
from notifiers.compose import LETTER_HEADER, contents, referring
from notifiers.fields import FORWARDED, forward_fields
from notifiers.overrides import NONE, Overrides, parts
from notifiers.phrases import template, wrapped
from notifiers.ports import Enclosure, Mail, Party
from schemas.model import Language

_BODY = re.compile(r"<body\b[^>]*>")
_ABOVE = (
    "<div style=\"max-width:680px;margin:0 auto;padding:16px 16px 0;font-family:'Segoe UI',Arial,Helvetica,"
    'sans-serif;font-size:15px;line-height:1.5;color:#1f2328">\n{}</div>\n'
)
_PARAGRAPH = '<p style="margin:0 0 12px">{}</p>\n'


@dataclass(frozen=True, kw_only=True)
class Forward:
    """To whom a mail goes instead, and why; the same forward of the same mail always gives the same bytes."""

    to: Party
    language: Language
    addresses: tuple[str, ...]
    """The address that it was for, and others that it could not be delivered to either."""
    agency: str
    """Whose addresses those are."""
    person: str | None = None
    """Who reads it there, such as "Phó Chủ tịch Lê Thị B"."""
    away: bool = False
    """Whether that person has answered automatically; else the address is dead."""
    back_on: date | None = None
    """The first day on which that person is back, as far as is known."""
    named: bool = False
    """Whether the automatic answer named the address that it goes to now."""
    settled: tuple[str, ...] = ()
    """Titles of reports that it asks for and that need not be sent any more: in by now, or withdrawn."""
    copies: bool = False
    """Whether those who should have had a copy get theirs now."""
    message_id: str
    sent_at: datetime


def forwarded(raw: bytes, forward: Forward, *, envelope_from: str, overrides: Overrides = NONE) -> Mail:
    """A mail that `notifiers.compose` or `notifiers.notice` wrote, as it goes to somebody else: words, files,
    subject and the address that answers come back to are the same; above stands why, in the words of
    `overrides` where it has any. Raises UnusableAddress.
    """
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    above = _above(forward, overrides)
    text = "\n\n".join(map(wrapped, above)) + "\n\n\n" + (_content(mail, "plain") or "")
    page = _content(mail, "html")
    copies = [one for one in _parties(mail, "Cc") if forward.copies and one.mailbox != forward.to.mailbox]
    head = (
        headers.mailboxes("From", _parties(mail, "From"))
        + headers.mailboxes("To", [forward.to])
        + headers.mailboxes("Cc", copies)
        + headers.mailboxes("Reply-To", _parties(mail, "Reply-To"))
        + headers.line("Subject", str(mail["Subject"]))
        + f"Date: {format_datetime(forward.sent_at)}\r\n"
        + headers.message_ids("Message-ID", [forward.message_id])
        + referring((*str(mail["References"] or "").split(), str(mail["Message-ID"])))
        + "Auto-Submitted: auto-generated\r\n"
        + f"{LETTER_HEADER}: {mail[LETTER_HEADER]}\r\n"
        + f"Content-Language: {mail['Content-Language']}\r\n"
        + "MIME-Version: 1.0\r\n"
    )
    body = contents(forward.message_id, text, _under(above, page), _enclosures(mail))
    return Mail(
        message_id=forward.message_id,
        envelope_from=headers.address(envelope_from),
        envelope_to=tuple(headers.address(one.mailbox) for one in (forward.to, *copies)),
        raw=(head + body).encode("utf-8"),
    )


def _above(forward: Forward, overrides: Overrides) -> Sequence[str]:
    """The paragraphs above the mail."""
    fields = forward_fields(
        forward.to,
        forward.language,
        address=", ".join(forward.addresses),
        agency=forward.agency,
        person=forward.person,
        away=forward.away,
        back_on=forward.back_on,
        settled=forward.settled,
    )
    own = overrides.said(forward.language, FORWARDED, "opening", fields) or ""
    told = template(f"{forward.language}/forwarded.txt.j2").render(
        forward=forward, to=forward.to, language=forward.language, own="\n\n".join(parts(own))
    )
    return [one.strip() for one in re.split(r"\n{2,}", told) if one.strip()]


def _under(above: Sequence[str], page: str | None) -> str | None:
    """The page with the paragraphs above all that stands in it."""
    if page is None:
        return None
    told = _ABOVE.format("".join(_PARAGRAPH.format(escape(one).replace("\n", "<br>")) for one in above))
    begins = _BODY.search(page)
    place = begins.end() if begins else 0
    return f"{page[:place]}\n{told}{page[place:].lstrip()}"


def _content(mail: EmailMessage, subtype: str) -> str | None:
    part = mail.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else None


def _enclosures(mail: EmailMessage) -> tuple[Enclosure, ...]:
    found = []
    for part in mail.iter_attachments():
        charset = part.get_content_charset()
        content = part.get_payload(decode=True)
        found.append(
            Enclosure(
                name=part.get_filename() or "",
                content_type=part.get_content_type() + (f"; charset={charset}" if charset else ""),
                content=content if isinstance(content, bytes) else b"",
            )
        )
    return tuple(found)


def _parties(mail: EmailMessage, name: str) -> list[Party]:
    header = mail[name]
    return [Party(name=one.display_name, mailbox=one.addr_spec) for one in header.addresses] if header else []
