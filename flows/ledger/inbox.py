"""The inbox: raw mails kept before anybody looks at them, and what was made of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.ledger import tables
from flows.ledger.database import Transaction


class Placing(StrEnum):
    """What was made of a mail."""

    NEW = "new"  # kept, not yet looked at
    PLACED = "placed"  # belongs to a request
    UNPLACED = "unplaced"  # a person must look
    IGNORED = "ignored"  # our own loop, or a notice that asks for nothing


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """A mail as it was kept."""

    id: int
    raw: bytes
    envelope_from: str
    envelope_to: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class ListedMail:
    """A mail in a list for people."""

    id: int
    received_at: datetime
    sender: str
    subject: str
    placing: Placing
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Requested:
    """The request that a mail may belong to."""

    id: int
    cycle_id: int
    task: str
    agency: str


def keep(
    tx: Transaction, *, raw: bytes, envelope_from: str, envelope_to: Sequence[str], received_at: datetime
) -> bool:
    """Store a mail as it came; False when exactly these bytes came to the same address before."""
    digest = hashlib.sha256(b"\0".join([*(one.encode() for one in sorted(envelope_to)), raw])).hexdigest()
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(tables.inbox)
        .values(
            content_hash=digest,
            raw=raw,
            envelope_from=envelope_from,
            envelope_to=list(envelope_to),
            received_at=received_at,
            status=Placing.NEW,
        )
        .on_conflict_do_nothing(index_elements=["content_hash"])
        .returning(tables.inbox.c.id)
    )
    return tx.execute(statement).first() is not None


def new_mails(tx: Transaction, limit: int) -> Sequence[KeptMail]:
    """Mails nobody has looked at, in the order they came; whoever deals with one asks `still_new` first."""
    rows = tx.execute(
        select(tables.inbox)
        .where(tables.inbox.c.status == Placing.NEW)
        .order_by(tables.inbox.c.id)
        .limit(limit)
    )
    return [
        KeptMail(
            id=row.id,
            raw=row.raw,
            envelope_from=row.envelope_from,
            envelope_to=tuple(row.envelope_to),
            received_at=row.received_at,
        )
        for row in rows
    ]


def still_new(tx: Transaction, inbox_id: int) -> bool:
    """Whether nobody else has dealt with the mail; locks its row."""
    row = tx.execute(
        select(tables.inbox.c.status).where(tables.inbox.c.id == inbox_id).with_for_update()
    ).scalar_one()
    return bool(row == Placing.NEW)


def waiting(tx: Transaction) -> int:
    """How many mails nobody has looked at."""
    query = select(func.count()).select_from(tables.inbox)
    return int(tx.execute(query.where(tables.inbox.c.status == Placing.NEW)).scalar_one())


def place(
    tx: Transaction,
    inbox_id: int,
    placing: Placing,
    *,
    kind: str,
    sender: str,
    subject: str,
    reason: str,
    request_id: int | None = None,
) -> None:
    """Note what was made of a mail, and why."""
    tx.execute(
        update(tables.inbox)
        .where(tables.inbox.c.id == inbox_id)
        .values(
            status=placing, kind=kind, sender=sender, subject=subject, reason=reason, request_id=request_id
        )
    )


def listed(tx: Transaction, placings: Sequence[Placing], limit: int) -> Sequence[ListedMail]:
    """Mails of these kinds of placing, the newest first."""
    rows = tx.execute(
        select(tables.inbox)
        .where(tables.inbox.c.status.in_(list(placings)))
        .order_by(tables.inbox.c.id.desc())
        .limit(limit)
    )
    return [
        ListedMail(
            id=row.id,
            received_at=row.received_at,
            sender=row.sender or row.envelope_from,
            subject=row.subject or "",
            placing=Placing(row.status),
            kind=row.kind or "",
            reason=row.reason or "",
        )
        for row in rows
    ]


def raw_mail(tx: Transaction, inbox_id: int) -> bytes | None:
    """The bytes of a kept mail; None when there is none of that number."""
    return tx.execute(select(tables.inbox.c.raw).where(tables.inbox.c.id == inbox_id)).scalar()


def request(tx: Transaction, request_id: int) -> Requested | None:
    """The request of that id."""
    row = tx.execute(select(tables.request).where(tables.request.c.id == request_id)).first()
    if row is None:
        return None
    return Requested(id=row.id, cycle_id=row.cycle_id, task=row.task, agency=row.agency)


def request_of_message(tx: Transaction, message_ids: Sequence[str]) -> int | None:
    """The request about which we wrote one of these Message-IDs, the last named first."""
    if not message_ids:
        return None
    rows = tx.execute(
        select(tables.outbox.c.message_id, tables.outbox.c.request_id).where(
            tables.outbox.c.message_id.in_(list(message_ids)), tables.outbox.c.request_id.is_not(None)
        )
    )
    by_id = {row.message_id: row.request_id for row in rows}
    return next((by_id[one] for one in reversed(message_ids) if one in by_id), None)


def written_to(tx: Transaction, request_id: int) -> frozenset[str]:
    """The addresses that we wrote to about a request, in one case."""
    rows = tx.execute(select(tables.outbox.c.envelope_to).where(tables.outbox.c.request_id == request_id))
    return frozenset(address.casefold() for addresses in rows.scalars() for address in addresses)


def record_reply(tx: Transaction, **columns: object) -> int:
    """Write a reply; its id."""
    row = tx.execute(insert(tables.reply).values(**columns).returning(tables.reply.c.id))
    return int(row.scalar_one())


def record_values(tx: Transaction, request_id: int, **columns: object) -> None:
    """Write the values and the text that a request holds."""
    tx.execute(update(tables.request).where(tables.request.c.id == request_id).values(**columns))
