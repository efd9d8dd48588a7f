"""Delays: mails that left, and that a server on their way says are held up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from flows.ledger import failures, tables
from flows.ledger.database import Transaction
from flows.ledger.outbox import MailStatus


def note(
    tx: Transaction,
    request_id: int,
    *,
    message_id: str | None,
    recipient: str | None,
    answer: str,
    at: datetime,
) -> None:
    """Note that a mail about a request is held up, for the first time or again."""
    found = failures.meant(tx, request_id, message_id=message_id, recipient=recipient)
    if found is not None:
        mail = tables.outbox.c
        first = update(tables.outbox).where(mail.id == found, mail.delayed_at.is_(None))
        tx.execute(first.values(delayed_at=at))
        tx.execute(update(tables.outbox).where(mail.id == found).values(answer=answer))


def end(tx: Transaction, request_id: int, *, message_id: str | None, recipient: str | None) -> None:
    """Note that a mail about a request arrived after all."""
    found = failures.meant(tx, request_id, message_id=message_id, recipient=recipient)
    if found is not None:
        tx.execute(update(tables.outbox).where(tables.outbox.c.id == found).values(delayed_at=None))


def any_since(tx: Transaction, before: datetime) -> bool:
    """Whether `give_up` would find something."""
    return tx.execute(select(tables.outbox.c.id).where(*_held_up(before)).limit(1)).first() is not None


def give_up(tx: Transaction, before: datetime) -> None:
    """Count mails that were held up before an instant, and never heard of again, as not delivered; but for
    those whose addressee has written since.
    """
    mail = tables.outbox.c
    rows = tx.execute(select(mail.id, mail.envelope_to, mail.delayed_at).where(*_held_up(before))).all()
    heard = failures.heard(tx, {row.envelope_to[0].casefold() for row in rows})
    for row in rows:
        last = heard.get(row.envelope_to[0].casefold())
        there = last is not None and last > row.delayed_at
        change = {"delayed_at": None} if there else {"status": MailStatus.FAILED}
        tx.execute(update(tables.outbox).where(mail.id == row.id).values(**change))


def _held_up(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return tables.outbox.c.delayed_at < before, tables.outbox.c.status == MailStatus.SENT
