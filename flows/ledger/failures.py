"""Failures: mails of the outbox that cannot be delivered, refused by a server or sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from flows.core.state import Status
from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.outbox import MailStatus

_UNREACHABLE = "unreachable"
"""The kind of the letter that tells a coordinator that nobody of an agency can be reached."""


@dataclass(frozen=True, kw_only=True)
class FailedMail:
    """A mail that cannot be delivered, and that nobody has dealt with."""

    id: int
    key: str
    cycle_id: int
    request_id: int | None
    task: str | None
    kind: str
    step: int
    recipient: str
    """The one it was meant for."""
    answer: str


def unseen(tx: Transaction, limit: int) -> Sequence[FailedMail]:
    """Failed mails that nobody has dealt with, oldest first."""
    rows = tx.execute(
        select(tables.outbox)
        .where(tables.outbox.c.status == MailStatus.FAILED, tables.outbox.c.failure_seen_at.is_(None))
        .order_by(tables.outbox.c.id)
        .limit(limit)
    )
    return [
        FailedMail(
            id=row.id,
            key=row.key,
            cycle_id=row.cycle_id,
            request_id=row.request_id,
            task=row.task,
            kind=row.kind,
            step=row.step,
            recipient=row.envelope_to[0],
            answer=row.answer or "",
        )
        for row in rows
    ]


def mark_seen(tx: Transaction, mail_id: int, at: datetime) -> bool:
    """Note that a failure is dealt with; False when somebody else has done so."""
    marked = tx.execute(
        update(tables.outbox)
        .where(tables.outbox.c.id == mail_id, tables.outbox.c.failure_seen_at.is_(None))
        .values(failure_seen_at=at)
    )
    return marked.rowcount == 1


def recipients(tx: Transaction, request_id: int) -> Mapping[str, str]:
    """Whom mails about a request could not be delivered to, in one case, with what was answered last."""
    rows = tx.execute(
        select(tables.outbox.c.envelope_to, tables.outbox.c.answer)
        .where(tables.outbox.c.request_id == request_id, tables.outbox.c.status == MailStatus.FAILED)
        .order_by(tables.outbox.c.id)
    )
    return {row.envelope_to[0].casefold(): row.answer or "" for row in rows}


def came_back(
    tx: Transaction, request_id: int, *, message_id: str | None, recipient: str | None, answer: str
) -> bool:
    """Note that a mail about a request was sent back for good: the one of that Message-ID, or else the last
    one to that recipient. False when there is none, or when only somebody who had a copy was not reached.
    """
    rows = tx.execute(
        select(tables.outbox.c.id, tables.outbox.c.message_id, tables.outbox.c.envelope_to)
        .where(tables.outbox.c.request_id == request_id, tables.outbox.c.status == MailStatus.SENT)
        .order_by(tables.outbox.c.id.desc())
    ).all()
    to = recipient.casefold() if recipient else None
    named = [row for row in rows if row.message_id == message_id]
    for row in named or rows:
        if to is None and not named:
            return False
        if to in (None, row.envelope_to[0].casefold()):
            tx.execute(
                update(tables.outbox)
                .where(tables.outbox.c.id == row.id)
                .values(status=MailStatus.FAILED, answer=answer)
            )
            return True
    return False


def unreachable(tx: Transaction) -> int:
    """How many reports are asked for of agencies that no mail reaches any more."""
    asked = [Status.OPEN, Status.OVERDUE]
    query = (
        select(func.count(tables.request.c.id.distinct()))
        .join(tables.outbox, tables.outbox.c.request_id == tables.request.c.id)
        .where(tables.outbox.c.kind == _UNREACHABLE, tables.request.c.status.in_(asked))
    )
    return int(tx.execute(query).scalar_one())
