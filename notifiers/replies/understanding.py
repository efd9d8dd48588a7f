"""`understand`: raw bytes become an `Understood`, whatever they are."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from notifiers.errors import TookTooLong
from notifiers.replies import vouching
from notifiers.replies.machines import automatic, bounces
from notifiers.replies.machines.back import return_on
from notifiers.replies.mentions import BLOCK_CODE, TAG
from notifiers.replies.mime.message import Message, addresses, date_of, header, message_ids, parse
from notifiers.replies.mime.parts import Parts, walk
from notifiers.replies.mime.sheets import Sheet
from notifiers.replies.patience import Patience, patience_for
from notifiers.replies.says.intents import Intent, intent_of
from notifiers.replies.says.unasked import is_unasked
from notifiers.replies.understood import Attachment, Bounce, Line, LinePart, ReplyKind, Understood
from notifiers.replies.values import tables
from notifiers.replies.values.filled import filled_lines
from notifiers.replies.values.reading import read_values
from notifiers.replies.wrote import clients, marks, markup, quotes
from schemas.model import Form

_SECONDS = 20.0
_HEAD = 64 * 1024
_RECIPIENT_HEADERS = (
    "to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to", "resent-to",
)  # fmt: skip
_SIGNATURE_FILES = (".p7s", ".p7m", ".asc", ".sig", ".vcf", "winmail.dat")
_LOGO = re.compile(r"(?:image|outlook|logo|oledata)\w{0,20}\.(?:png|jpe?g|gif|bmp|mso)", re.IGNORECASE)


def understand(
    raw: bytes, *, form: Form | None = None, patience: Patience | None = None, server: str | None = None
) -> Understood:
    """Read a mail. Never raises; what cannot be read is left out and named in `evidence`.

    With the `form` that is answered, a mail that gives values to it is a reply whatever else it says. When
    `patience` ends before the mail does (without one, after 20 seconds), it is given up. `server` is the name
    under which the coordinator's own mail server writes down whether it vouches for a sender.
    """
    try:
        return _understood(raw, form, patience or patience_for(time.monotonic, _SECONDS), server)
    except TookTooLong as given_up:
        head = parse(raw[:_HEAD])
        senders = addresses(head, "from")
        return Understood(
            kind=ReplyKind.REPLY,
            sender=senders[0][1] if senders else None,
            sender_name=senders[0][0] if senders else "",
            recipients=_recipients(head),
            subject=header(head, "subject"),
            message_id=next(iter(message_ids(header(head, "message-id"))), None),
            in_reply_to=next(iter(message_ids(header(head, "in-reply-to"))), None),
            references=message_ids(header(head, "references")),
            sent_at=date_of(head),
            text="",
            lines=(),
            attachments=(),
            tokens=(),
            given_up=str(given_up),
            evidence=(str(given_up),),
        )


def _understood(raw: bytes, form: Form | None, patience: Patience, server: str | None) -> Understood:
    message = parse(raw, patience)
    parts = walk(message, patience)
    senders = addresses(message, "from") or addresses(message, "sender")
    sender_name, sender = senders[0] if senders else ("", None)
    lines = _lines(parts, f"{sender_name} {(sender or '').partition('@')[0]}")
    patience.check()
    own = quotes.own_text(lines)
    filled = "\n".join(filled_lines(lines))
    subject = header(message, "subject")
    sent_at = date_of(message)
    sent_on = sent_at.date() if sent_at else None
    kind, why, bounce = _machines(message, parts, lines, own, sender, raw)
    patience.check()
    tokens = _tokens(subject, lines, parts.sheets)
    refers = bool(tokens or header(message, "in-reply-to") or header(message, "references"))
    if kind is None and is_unasked(subject, own, refers=refers):
        kind, why = ReplyKind.UNRELATED, "an invitation or offer that answers nothing"
    intent = Intent(kind=kind or ReplyKind.REPLY, why=why)
    if kind is None and not filled and not tables.has_answers(parts.sheets):
        intent = intent_of(own, subject, lines, _files(parts), sent_on)
    patience.check()
    ids = message_ids(header(message, "message-id"))
    doubt = vouching.doubt_of(message, server) or _not_one(addresses(message, "from"))
    read = Understood(
        kind=intent.kind,
        sender=sender,
        sender_name=sender_name,
        recipients=_recipients(message),
        subject=subject,
        message_id=ids[0] if ids else None,
        in_reply_to=next(iter(message_ids(header(message, "in-reply-to"))), None),
        references=message_ids(header(message, "references")),
        sent_at=sent_at,
        text="\n\n".join(one for one in (own, filled) if one),
        lines=lines,
        attachments=_files(parts) if intent.kind is ReplyKind.REPLY else (),
        tokens=tokens,
        sheets=tuple(parts.sheets),
        bounce=bounce,
        return_on=_return(intent.kind, f"{subject}\n{own}", sent_on),
        asked_until_on=intent.until_on,
        handed_to=automatic.deputy_of(message, own) if intent.kind is ReplyKind.AUTO_REPLY else intent.to,
        doubt=doubt,
        lists=automatic.lists_of(message),
        evidence=(
            *([intent.why] if intent.why else []),
            *([f"the sender is in doubt: {doubt}"] if doubt else []),
            *parts.troubles,
        ),
    )
    if form is not None and intent.kind.by_person and _reports(read, form):
        return replace(
            read, kind=ReplyKind.REPLY, attachments=_files(parts), asked_until_on=None, handed_to=None
        )
    return read


def _reports(read: Understood, form: Form) -> bool:
    """Whether the mail gives a value, or names a field and asks for nothing."""
    reading = read_values(read, form)
    asks = read.kind in (ReplyKind.QUESTION, ReplyKind.EXTENSION_REQUEST)
    return bool(reading.values) or (bool(reading.found) and not asks)


def _machines(
    message: Message, parts: Parts, lines: Sequence[Line], own: str, sender: str | None, raw: bytes
) -> tuple[ReplyKind | None, str, Bounce | None]:
    """What kind of mail it is when no person wrote it to us; None when one did."""
    if automatic.is_loop(message):
        return ReplyKind.LOOP, "carries the mark of our own letters", None
    bounce = bounces.bounce_of(message, parts, "\n".join(line.text for line in lines), sender, raw)
    if bounce is not None:
        if bounces.is_complaint(message, parts):
            return ReplyKind.BOUNCE, "a complaint: the mail arrived and was called spam", bounce
        return ReplyKind.BOUNCE, f"delivery status: {bounce.action} {bounce.status or ''}".strip(), bounce
    why = automatic.auto_reply_of(message, parts, own, quotes=any(line.depth for line in lines))
    if why is not None:
        return ReplyKind.AUTO_REPLY, why, None
    if automatic.is_to_many(message):
        return ReplyKind.UNRELATED, "mail to a list", None
    return None, "", None


def _lines(parts: Parts, sender: str) -> tuple[Line, ...]:
    """The text's lines; the plain form is read unless only the HTML says where quote or signature begin."""
    plain = parts.plain if parts.plain and parts.plain.strip() else None
    if plain is not None and parts.html is not None and clients.says_see_html(plain):
        plain = None
    parted = quotes.part(marks.read(plain), sender) if plain is not None else ()
    if parts.html is None or (plain is not None and not _html_says_more(parts.html, parted)):
        return parted
    marked = markup.read(parts.html)
    if marked is None:
        parts.troubles.append("the HTML could not be read")
        return parted
    return quotes.part(marked, sender)


def _html_says_more(html: str, parted: Sequence[Line]) -> bool:
    """Whether the markup has containers for what the plain text does not show."""
    quoted = any(line.depth for line in parted)
    if not quoted and markup.has_quote(html):
        return True
    if markup.has_table(html) and (not quoted or markup.has_quote(html)):
        return True
    closed = any(line.part is LinePart.SIGNATURE and line.text.strip() for line in parted)
    return not closed and markup.has_signature(html)


def _recipients(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for _, address in addresses(message, *_RECIPIENT_HEADERS)))


def _tokens(subject: str, lines: Sequence[Line], sheets: Sequence[Sheet]) -> tuple[str, ...]:
    found = [token.lower() for token in TAG.findall(subject)]
    for line in lines:
        if "(" in line.text:
            found.extend(token.lower() for token in BLOCK_CODE.findall(line.text))
        if "[#" in line.text:
            found.extend(token.lower() for token in TAG.findall(line.text))
    return tuple(dict.fromkeys((*found, *tables.tokens(sheets))))


def _files(parts: Parts) -> tuple[Attachment, ...]:
    """The files of an answer; logos and signatures do not count."""
    return tuple(
        one
        for one in parts.attachments
        if not one.name.lower().endswith(_SIGNATURE_FILES)
        and not (_LOGO.fullmatch(one.name) and one.size < 200_000)
    )


def _not_one(named: Sequence[tuple[str, str]]) -> str | None:
    """Why a sender whom From does not name alone is in doubt: servers vouch for one, readers see another."""
    different = {address for _, address in named}
    if len(different) == 1:
        return None
    return "several senders" if different else "no From"


def _return(kind: ReplyKind, text: str, sent_on: date | None) -> date | None:
    return return_on(text, sent_on) if kind is ReplyKind.AUTO_REPLY else None
