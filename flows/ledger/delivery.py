"""Delivery: mails of the outbox, claimed while they are sent and marked with the server's answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.outbox import A_MAIL, LEASE, MailStatus, reserved


@dataclass(frozen=True, kw_only=True)
class QueuedMail:
    """A mail to be sent."""

    id: int
    task: str | None
    message_id: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    raw: bytes
    attempts: int
    in_doubt: bool = False
    """Whether it may have arrived before: its answer was never heard."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What became of one attempt to send a mail."""

    id: int
    status: MailStatus
    answer: str
    attempts: int
    not_before_at: datetime | None = None
    sent_at: datetime | None = None


_CLAIMED = [
    tables.outbox.c[name]
    for name in (
        "id",
        "task",
        "message_id",
        "envelope_from",
        "envelope_to",
        "status",
        "attempts",
        "resent_in_doubt",
    )
]


def claim(
    tx: Transaction,
    *,
    owner: str,
    now: datetime,
    wall_now: datetime,
    limit: int,
    cycle_id: int | None = None,
    task: str | None = None,
) -> Sequence[QueuedMail]:
    """Claim mails that are due to be sent, oldest first: of one task of a cycle, or of any.

    A mail whose holder vanished while sending it is claimed once more, under the same Message-ID, and its row
    says so; one that was in doubt before stays in doubt for good.
    """
    free = or_(tables.outbox.c.claimed_until.is_(None), tables.outbox.c.claimed_until < wall_now)
    due = or_(tables.outbox.c.not_before_at.is_(None), tables.outbox.c.not_before_at <= now)
    mine = []
    if cycle_id is not None:
        mine = [tables.outbox.c.cycle_id == cycle_id, tables.outbox.c.task == task]
        free = or_(free, tables.outbox.c.claimed_by == reserved(owner))
    tx.execute(
        update(tables.outbox)
        .where(tables.outbox.c.status == MailStatus.SENDING, free, tables.outbox.c.resent_in_doubt.is_(True))
        .values(status=MailStatus.IN_DOUBT, claimed_by=None, claimed_until=None)
    )
    rows = tx.execute(
        select(*_CLAIMED)
        .where(A_MAIL, tables.outbox.c.status.in_([MailStatus.QUEUED, MailStatus.SENDING]), free, due, *mine)
        .order_by(tables.outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    doubtful = [row.id for row in rows if row.status == MailStatus.SENDING]
    tx.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id.in_(ids))
        .values(status=MailStatus.QUEUED, claimed_by=owner, claimed_until=wall_now + LEASE)
    )
    if doubtful:
        together = or_(tables.outbox.c.id.in_(doubtful), tables.outbox.c.carried_by.in_(doubtful))
        tx.execute(update(tables.outbox).where(together).values(resent_in_doubt=True))
    content = tables.mail_content.c
    raw = {
        one.mail_id: one.raw
        for one in tx.execute(select(content.mail_id, content.raw).where(content.mail_id.in_(ids)))
    }
    return [
        QueuedMail(
            id=row.id,
            task=row.task,
            message_id=row.message_id,
            envelope_from=row.envelope_from,
            envelope_to=tuple(row.envelope_to),
            raw=raw[row.id],
            attempts=row.attempts,
            in_doubt=row.resent_in_doubt or row.status == MailStatus.SENDING,
        )
        for row in rows
    ]


_MARKED = ("status", "answer", "attempts", "not_before_at", "sent_at")
_MARK = (
    update(tables.outbox)
    .where(or_(tables.outbox.c.id == bindparam("mail"), tables.outbox.c.carried_by == bindparam("mail")))
    .values(claimed_by=None, claimed_until=None, **{name: bindparam(f"new_{name}") for name in _MARKED})
)


def advance(
    tx: Transaction, done: Sequence[Mark], beginning: Sequence[int], *, owner: str, wall_now: datetime
) -> frozenset[int]:
    """In one step: mark the mails just attempted, and note that the next ones are being handed over.

    Returns which of the next ones are ours to send: a claim may have run out and somebody else have taken
    the mail, or its cycle was stopped.
    """
    if done:
        marks = [{"mail": one.id} | {f"new_{name}": getattr(one, name) for name in _MARKED} for one in done]
        tx.execute(_MARK, marks)
    if not beginning:
        return frozenset()
    begun = tx.execute(
        update(tables.outbox)
        .where(
            tables.outbox.c.id.in_(list(beginning)),
            tables.outbox.c.status == MailStatus.QUEUED,
            tables.outbox.c.claimed_by == owner,
        )
        .values(status=MailStatus.SENDING, claimed_until=wall_now + LEASE)
        .returning(tables.outbox.c.id)
    )
    ours = frozenset(begun.scalars())
    if ours:
        tx.execute(
            update(tables.outbox)
            .where(tables.outbox.c.carried_by.in_(list(ours)), tables.outbox.c.status == MailStatus.QUEUED)
            .values(status=MailStatus.SENDING, claimed_until=wall_now + LEASE)
        )
    return ours


def claimable(tx: Transaction, now: datetime, wall_now: datetime) -> bool:
    """Whether `claim` without a cycle would find something."""
    query = select(tables.outbox.c.id).where(
        A_MAIL,
        tables.outbox.c.status.in_([MailStatus.QUEUED, MailStatus.SENDING]),
        or_(tables.outbox.c.claimed_until.is_(None), tables.outbox.c.claimed_until < wall_now),
        or_(tables.outbox.c.not_before_at.is_(None), tables.outbox.c.not_before_at <= now),
    )
    return tx.execute(query.limit(1)).first() is not None


def give_back(tx: Transaction, ids: Iterable[int], not_before_at: datetime | None, *, owner: str) -> None:
    """Return mails that this owner claimed and could not attempt."""
    tx.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id.in_(list(ids)), tables.outbox.c.claimed_by == owner)
        .values(status=MailStatus.QUEUED, claimed_by=None, claimed_until=None, not_before_at=not_before_at)
    )


def release_owners(tx: Transaction, owners: Iterable[str]) -> None:
    """Let the mails claimed by processes that are gone be claimed at once."""
    tx.execute(
        update(tables.outbox)
        .where(tables.outbox.c.claimed_by.in_(list(owners)))
        .values(claimed_by=None, claimed_until=None)
    )
