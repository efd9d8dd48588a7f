"""Inquiries: mails whose senders were asked which report is meant, and who said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, insert, select, update

from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.inbox import Placing


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """One question about one mail."""

    id: int
    inbox_id: int
    """The mail that is asked about."""
    address: str
    """Whom we asked, in one case."""
    request_ids: tuple[int, ...]
    """What it may be about, in the order of the numbers that were offered."""
    asked_at: datetime
    answered_at: datetime | None
    answered_by: int | None
    """The mail that said which is meant."""


def ask(
    tx: Transaction,
    *,
    inbox_id: int,
    address: str,
    message_id: str,
    request_ids: Sequence[int],
    asked_at: datetime,
) -> int:
    """Write down that somebody is asked about a mail; its id. A mail is asked about once."""
    columns = {
        "inbox_id": inbox_id,
        "address": address.casefold(),
        "message_id": message_id,
        "request_ids": list(request_ids),
        "asked_at": asked_at,
    }
    made = tx.execute(insert(tables.inquiry).values(columns).returning(tables.inquiry.c.id))
    return int(made.scalar_one())


def find(tx: Transaction, inquiry_id: int) -> Inquiry | None:
    """The inquiry of that id."""
    row = tx.execute(select(tables.inquiry).where(tables.inquiry.c.id == inquiry_id)).first()
    return _inquiry(row) if row is not None else None


def of_mail(tx: Transaction, inbox_id: int) -> Inquiry | None:
    """What was asked about a mail."""
    row = tx.execute(select(tables.inquiry).where(tables.inquiry.c.inbox_id == inbox_id)).first()
    return _inquiry(row) if row is not None else None


def referred_to(tx: Transaction, message_ids: Sequence[str]) -> Inquiry | None:
    """The inquiry whose mail is the latest of these Message-IDs that any has."""
    if not message_ids:
        return None
    rows = tx.execute(select(tables.inquiry).where(tables.inquiry.c.message_id.in_(list(message_ids)))).all()
    latest = max(rows, key=lambda row: message_ids.index(row.message_id), default=None)
    return _inquiry(latest) if latest is not None else None


def alone(tx: Transaction, address: str) -> None:
    """Let nobody else ask that address anything until the transaction ends."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"asked {address.casefold()}"))))


def asked_since(tx: Transaction, address: str, since: datetime) -> int:
    """How many questions went to an address since an instant."""
    known = tables.inquiry.c
    query = select(func.count()).select_from(tables.inquiry)
    query = query.where(known.address == address.casefold(), known.asked_at >= since)
    return int(tx.execute(query).scalar_one())


def open_to(tx: Transaction, address: str, since: datetime) -> Inquiry | None:
    """What somebody was asked since an instant, last, about a mail that still waits, and has not said."""
    known = tables.inquiry.c
    waits = exists().where(tables.inbox.c.id == known.inbox_id, tables.inbox.c.status == Placing.UNPLACED)
    unsaid = select(tables.inquiry).where(
        known.address == address.casefold(), known.asked_at >= since, known.answered_at.is_(None), waits
    )
    row = tx.execute(unsaid.order_by(known.id.desc()).limit(1)).first()
    return _inquiry(row) if row is not None else None


def record_answer(tx: Transaction, inquiry_id: int, *, at: datetime, by: int) -> None:
    """Note which mail said what is meant."""
    tx.execute(
        update(tables.inquiry).where(tables.inquiry.c.id == inquiry_id).values(answered_at=at, answered_by=by)
    )


def _inquiry(row: Row[Any]) -> Inquiry:
    return Inquiry(
        id=row.id,
        inbox_id=row.inbox_id,
        address=row.address,
        request_ids=tuple(row.request_ids),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
    )
