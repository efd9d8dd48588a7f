"""The inbox: raw mails kept before anybody looks at them, and what was made of each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.ledger import tables
from flows.ledger.database import Transaction
from notifiers.ports import RawMail

_AT_ONCE = 64 * 1024 * 1024
"""Octets of mails that are held in memory together, unless one alone is larger."""


class Placing(StrEnum):
    """What was made of a mail."""

    NEW = "new"  # kept, not yet looked at
    PLACED = "placed"  # belongs to a request
    UNPLACED = "unplaced"  # a person must look
    IGNORED = "ignored"  # our own loop, or a notice that asks for nothing
    DISCARDED = "discarded"  # a person looked, and it counts for nothing
    DUPLICATE = "duplicate"  # came before by another way: dealt with once


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """A mail as it was kept."""

    id: int
    raw: bytes
    envelope_from: str
    envelope_to: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class Requested:
    """The request that a mail may belong to."""

    id: int
    cycle_id: int
    plan_id: str
    cycle_key: str
    task: str
    agency: str


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
    request: Requested | None = None
    """What it is about, as far as that is known."""
    decided_at: datetime | None = None
    """When a person last decided what becomes of it."""
    decided_by: str | None = None
    note: str | None = None
    """What that person said."""


def keep(tx: Transaction, mails: Sequence[tuple[RawMail, datetime]]) -> list[bool]:
    """Store mails as they came, each with when it did; False for one when exactly these bytes came to the
    same address before.
    """
    digests = [_digest(mail) for mail, _ in mails]
    rows: dict[str, tables.Row] = {}
    for digest, (mail, at) in zip(digests, mails, strict=True):
        row = {"envelope_from": mail.envelope_from, "envelope_to": list(mail.envelope_to), "raw": mail.raw}
        rows.setdefault(digest, {"content_hash": digest, "status": Placing.NEW, "received_at": at, **row})
    new = set(tx.execute(_KEEP[tx.dialect.name], list(rows.values())).scalars()) if rows else set()
    return [digest in new and digest not in digests[:place] for place, digest in enumerate(digests)]


def _digest(mail: RawMail) -> str:
    return hashlib.sha256(
        b"\0".join([*(one.encode() for one in sorted(mail.envelope_to)), mail.raw])
    ).hexdigest()


def new_mails(tx: Transaction, limit: int) -> Sequence[KeptMail]:
    """Mails nobody has looked at, in the order they came, as many as fit into memory; whoever deals with them
    asks `still_new` first.
    """
    known = tables.inbox.c
    waiting_ones = select(known.id, func.length(known.raw).label("size")).where(known.status == Placing.NEW)
    ids: list[int] = []
    size = 0
    for row in tx.execute(waiting_ones.order_by(known.id).limit(limit)):
        size += row.size
        if ids and size > _AT_ONCE:
            break
        ids.append(row.id)
    rows = tx.execute(select(tables.inbox).where(known.id.in_(ids)).order_by(known.id)) if ids else ()
    return [_kept(row) for row in rows]


def kept(tx: Transaction, inbox_id: int) -> KeptMail | None:
    """A mail as it was kept; None when there is none of that number. Locks its row."""
    row = tx.execute(select(tables.inbox).where(tables.inbox.c.id == inbox_id).with_for_update()).first()
    return _kept(row) if row is not None else None


def still_new(tx: Transaction, inbox_ids: Sequence[int]) -> frozenset[int]:
    """Those of the mails that nobody has dealt with; locks their rows, and waits for whoever has them."""
    known = tables.inbox.c
    query = select(known.id, known.status).where(known.id.in_(list(inbox_ids))).order_by(known.id)
    return frozenset(row.id for row in tx.execute(query.with_for_update()) if row.status == Placing.NEW)


def waiting(tx: Transaction) -> int:
    """How many mails nobody has looked at."""
    return count(tx, Placing.NEW)


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
    message_id: str | None = None,
    said_hash: str | None = None,
) -> None:
    """Note what was made of a mail, and why; what tells it from others is not forgotten once it is known."""
    told = {"message_id": message_id, "said_hash": said_hash}
    columns = {
        "status": placing,
        "kind": kind,
        "sender": sender,
        "subject": subject,
        "reason": reason,
        "request_id": request_id,
        **{name: value for name, value in told.items() if value is not None},
    }
    tx.execute(_PLACE, {"row_id": inbox_id, **columns})


def record_decision(tx: Transaction, inbox_id: int, *, by: str, at: datetime, note: str | None) -> None:
    """Note that a person decided what becomes of a mail, and what was said."""
    tx.execute(
        update(tables.inbox)
        .where(tables.inbox.c.id == inbox_id)
        .values(decided_by=by, decided_at=at, note=note)
    )


def discard(tx: Transaction, inbox_id: int) -> None:
    """Let a mail count for nothing; what was made of it before stays to be read."""
    tx.execute(update(tables.inbox).where(tables.inbox.c.id == inbox_id).values(status=Placing.DISCARDED))


def settle(tx: Transaction, inbox_id: int, reason: str) -> None:
    """Let a mail that is about a request wait for nobody any more."""
    tx.execute(
        update(tables.inbox)
        .where(tables.inbox.c.id == inbox_id, tables.inbox.c.status == Placing.UNPLACED)
        .values(status=Placing.PLACED, reason=reason)
    )


def explain(tx: Transaction, inbox_id: int, reason: str) -> None:
    """Note anew why a mail waits for a person."""
    tx.execute(update(tables.inbox).where(tables.inbox.c.id == inbox_id).values(reason=reason))


def listed(tx: Transaction, placings: Sequence[Placing], limit: int) -> Sequence[ListedMail]:
    """Mails of these kinds of placing, the newest first: at most so many that are about a request, and as
    many that are about none, so that no flood of these hides those.
    """
    found: list[ListedMail] = []
    for about in (tables.inbox.c.request_id.is_not(None), tables.inbox.c.request_id.is_(None)):
        query = _LISTED.where(tables.inbox.c.status.in_(list(placings)), about)
        found += map(_listed, tx.execute(query.order_by(tables.inbox.c.id.desc()).limit(limit)))
    return sorted(found, key=lambda mail: mail.id, reverse=True)


def listed_one(tx: Transaction, inbox_id: int) -> ListedMail | None:
    """One mail as lists show it."""
    row = tx.execute(_LISTED.where(tables.inbox.c.id == inbox_id)).first()
    return _listed(row) if row is not None else None


def count(tx: Transaction, placing: Placing) -> int:
    """How many mails are placed so."""
    query = select(func.count()).select_from(tables.inbox)
    return int(tx.execute(query.where(tables.inbox.c.status == placing)).scalar_one())


def raw_mail(tx: Transaction, inbox_id: int) -> bytes | None:
    """The bytes of a kept mail; None when there is none of that number."""
    return tx.execute(select(tables.inbox.c.raw).where(tables.inbox.c.id == inbox_id)).scalar()


def request(tx: Transaction, request_id: int) -> Requested | None:
    """The request of that id."""
    row = tx.execute(_REQUESTED, {"request_id": request_id}).first()
    return requested(row) if row is not None else None


def requested(row: Row[Any]) -> Requested:
    """The request that a row tells of, with the plan and the key of its cycle."""
    return Requested(
        id=row.id,
        cycle_id=row.cycle_id,
        plan_id=row.plan_id,
        cycle_key=row.key,
        task=row.task,
        agency=row.agency,
    )


def record_reply(tx: Transaction, **columns: object) -> int:
    """Write a reply; its id."""
    return int(tx.execute(_REPLY, columns).scalar_one())


def record_values(tx: Transaction, request_id: int, **columns: object) -> None:
    """Write the values and the text that a request holds."""
    tx.execute(_VALUES, {"row_id": request_id, **columns})


# Built once: each mail runs all of them, and to build one takes longer than to run it.
_KEEP = {
    name: table.on_conflict_do_nothing(index_elements=["content_hash"]).returning(tables.inbox.c.content_hash)
    for name, table in (
        ("postgresql", postgresql.insert(tables.inbox)),
        ("sqlite", sqlite.insert(tables.inbox)),
    )
}
_PLACE = update(tables.inbox).where(tables.inbox.c.id == bindparam("row_id"))
_REQUESTED: Select[Any] = (
    select(
        tables.request.c.id,
        tables.request.c.cycle_id,
        tables.request.c.task,
        tables.request.c.agency,
        tables.cycle.c.plan_id,
        tables.cycle.c.key,
    )
    .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
    .where(tables.request.c.id == bindparam("request_id"))
)
_REPLY = insert(tables.reply).returning(tables.reply.c.id)
_VALUES = update(tables.request).where(tables.request.c.id == bindparam("row_id"))

_LISTED: Select[Any] = (
    select(
        tables.inbox.c.id,
        tables.inbox.c.received_at,
        tables.inbox.c.envelope_from,
        tables.inbox.c.sender,
        tables.inbox.c.subject,
        tables.inbox.c.status,
        tables.inbox.c.kind,
        tables.inbox.c.reason,
        tables.inbox.c.request_id,
        tables.inbox.c.decided_at,
        tables.inbox.c.decided_by,
        tables.inbox.c.note,
        tables.request.c.cycle_id,
        tables.request.c.task,
        tables.request.c.agency,
        tables.cycle.c.plan_id,
        tables.cycle.c.key,
    )
    .outerjoin(tables.request, tables.request.c.id == tables.inbox.c.request_id)
    .outerjoin(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
)


def _kept(row: Row[Any]) -> KeptMail:
    return KeptMail(
        id=row.id,
        raw=row.raw,
        envelope_from=row.envelope_from,
        envelope_to=tuple(row.envelope_to),
        received_at=row.received_at,
    )


def _listed(row: Row[Any]) -> ListedMail:
    about = None
    if row.request_id is not None:
        about = Requested(
            id=row.request_id,
            cycle_id=row.cycle_id,
            plan_id=row.plan_id,
            cycle_key=row.key,
            task=row.task,
            agency=row.agency,
        )
    return ListedMail(
        id=row.id,
        received_at=row.received_at,
        sender=row.sender or row.envelope_from,
        subject=row.subject or "",
        placing=Placing(row.status),
        kind=row.kind or "",
        reason=row.reason or "",
        request=about,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        note=row.note,
    )
