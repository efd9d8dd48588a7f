"""Outgoing mails as they were written: each with the letters that it is for, and its bytes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.outbox import MailStatus

_LEAD = func.coalesce(tables.outbox.c.carried_by, tables.outbox.c.id)
"""The row that has the bytes of a mail, seen from any of its rows."""

NEXT = "next"
"""Marks, with a number behind it, the key of a mail that went on because an address is dead."""
STAND_IN = "stand-in"
"""The same, because whoever reads the address is away."""
_DIGITS = (1, 2, 8)
"""How long the number is: how many were tried before, or the day."""
_MARKS = re.compile(rf"(?:/(?:{NEXT}|{STAND_IN})-\d+)+$")

_REACHED_NOBODY = (MailStatus.FAILED, MailStatus.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class OutgoingLetter:
    """What a mail is for: one row of the outbox."""

    id: int
    key: str
    cycle_id: int
    request_id: int | None
    task: str | None
    kind: str
    step: int


@dataclass(frozen=True, kw_only=True)
class OutgoingMail:
    """A mail with all its letters, at least one, in the order of its sections."""

    id: int
    letters: tuple[OutgoingLetter, ...]
    recipient: str
    """The one it was meant for."""
    envelope_from: str
    subject: str
    parcel: str | None
    answer: str
    accepted: bool
    """Whether a server took it before it came back, for those who had a copy too."""
    raw: bytes = field(repr=False)

    @property
    def first(self) -> OutgoingLetter:
        """The letter that speaks for what they have in common."""
        return self.letters[0]


def original_key(key: str) -> str:
    """The key under which a mail was first written, from that of one that was sent on."""
    return _MARKS.sub("", key)


def marked(mark: str) -> ColumnElement[bool]:
    """Whether a mail was sent on under such a mark: its key ends with it, for a task may be called so."""
    return or_(*(tables.outbox.c.key.like(f"%/{mark}-{'_' * digits}") for digits in _DIGITS))


def failed_unseen(tx: Transaction, limit: int) -> Sequence[int]:
    """Mails that cannot be delivered and that nobody has dealt with, oldest first."""
    lead = _LEAD.label("lead")
    query = (
        select(lead)
        .where(tables.outbox.c.status == MailStatus.FAILED, tables.outbox.c.failure_seen_at.is_(None))
        .group_by(lead)
        .order_by(lead)
    )
    return tuple(tx.execute(query.limit(limit)).scalars())


def mark_seen(tx: Transaction, mail_id: int, at: datetime) -> bool:
    """Note that it is dealt with that a mail cannot be delivered; False when somebody else has done so."""
    marked = tx.execute(
        update(tables.outbox)
        .where(
            _of(mail_id),
            tables.outbox.c.status == MailStatus.FAILED,
            tables.outbox.c.failure_seen_at.is_(None),
        )
        .values(failure_seen_at=at)
    )
    return marked.rowcount > 0


def by_key(tx: Transaction, key: str) -> OutgoingMail | None:
    """The mail that the letter with this idempotency key went in; None when there is none."""
    lead = tx.execute(select(_LEAD).where(tables.outbox.c.key == key)).scalar()
    return mail(tx, lead) if lead is not None else None


def mail(tx: Transaction, mail_id: int) -> OutgoingMail:
    """The mail whose bytes that row has."""
    rows = tx.execute(select(tables.outbox).where(_of(mail_id)).order_by(tables.outbox.c.id)).all()
    lead = next(row for row in rows if row.id == mail_id)
    content = tables.mail_content.c
    raw = tx.execute(select(content.raw).where(content.mail_id == mail_id)).scalar_one()
    return OutgoingMail(
        id=lead.id,
        letters=tuple(
            OutgoingLetter(
                id=row.id,
                key=row.key,
                cycle_id=row.cycle_id,
                request_id=row.request_id,
                task=row.task,
                kind=row.kind,
                step=row.step,
            )
            for row in rows
        ),
        recipient=lead.envelope_to[0],
        envelope_from=lead.envelope_from,
        subject=lead.subject,
        parcel=lead.parcel,
        answer=lead.answer or "",
        accepted=lead.sent_at is not None,
        raw=raw,
    )


def answered(
    tx: Transaction, request_id: int, kinds: Iterable[str], *, message_ids: Collection[str], sender: str
) -> int | None:
    """The last mail of these kinds about a request that one of these Message-IDs names, or else the last that
    went to the sender; None without either.
    """
    known = tables.outbox.c
    rows = tx.execute(
        select(_LEAD.label("lead"), known.message_id, known.envelope_to)
        .where(
            known.request_id == request_id,
            known.kind.in_(list(kinds)),
            known.status.in_([MailStatus.SENT, MailStatus.IN_DOUBT]),
        )
        .order_by(known.id.desc())
    ).all()
    named = (row.lead for row in rows if row.message_id in message_ids)
    to_sender = (row.lead for row in rows if row.envelope_to[0].casefold() == sender)
    return next(named, None) or next(to_sender, None)


def reached_nobody(tx: Transaction, request_ids: Iterable[int], kinds: Collection[str]) -> Mapping[int, int]:
    """Those of the requests of whose mails of these kinds none was handed over or will be, all failures being
    dealt with; with the last of those mails.
    """
    known = tables.outbox.c
    rows = tx.execute(
        select(known.request_id, known.status, known.failure_seen_at, _LEAD.label("lead"))
        .where(known.request_id.in_(list(request_ids)), known.kind.in_(list(kinds)))
        .order_by(known.id)
    ).all()
    last = {row.request_id: row.lead for row in rows}
    for row in rows:
        if row.status not in _REACHED_NOBODY or (
            row.status == MailStatus.FAILED and row.failure_seen_at is None
        ):
            last.pop(row.request_id, None)
    return last


def _of(mail_id: int) -> ColumnElement[bool]:
    return or_(tables.outbox.c.id == mail_id, tables.outbox.c.carried_by == mail_id)
