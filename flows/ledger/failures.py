"""Failures: mails of the outbox that cannot be delivered, refused by a server or sent back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from flows.core.state import Status
from flows.ledger import outgoing, tables
from flows.ledger.correspondence import Concerned, concerned_of
from flows.ledger.database import Transaction
from flows.ledger.outbox import MailStatus
from flows.ledger.plans import CycleState

_BOUNCE = "bounce"
"""The kind of a mail that says nothing about whether its sender is there."""


@dataclass(frozen=True, kw_only=True)
class Dead:
    """An address that mail does not reach."""

    address: str
    """As it was written to."""
    since_at: datetime
    """When the first mail in a row was found not to arrive."""
    answer: str
    """What a server said last."""


def dead(tx: Transaction, request_ids: Iterable[int]) -> Mapping[int, Mapping[str, Dead]]:
    """For each request, the addresses, in one case, that mails about it could not be delivered to. One that
    has written since is none of them any more.
    """
    ids = list(request_ids)
    if not ids:
        return {}
    known = tables.outbox.c
    rows = tx.execute(
        select(known.request_id, known.envelope_to, known.answer, known.created_at, known.failure_seen_at)
        .where(known.status == MailStatus.FAILED, known.request_id.in_(ids))
        .order_by(known.id)
    ).all()
    last = heard(tx, {row.envelope_to[0].casefold() for row in rows})
    found: dict[int, dict[str, Dead]] = {}
    for row in rows:
        to, at = row.envelope_to[0], row.failure_seen_at or row.created_at
        if to.casefold() in last and last[to.casefold()] > at:
            continue
        of_request = found.setdefault(row.request_id, {})
        first = of_request.get(to.casefold())
        since_at = first.since_at if first is not None else at
        of_request[to.casefold()] = Dead(address=to, since_at=since_at, answer=row.answer or "")
    return found


def heard(tx: Transaction, addresses: Collection[str]) -> Mapping[str, datetime]:
    """When these addresses last wrote to us, those that did."""
    if not addresses:
        return {}
    known = tables.inbox.c
    rows = tx.execute(
        select(known.sender, func.max(known.received_at).label("at"))
        .where(known.sender.in_(sorted(addresses)), known.kind != _BOUNCE)
        .group_by(known.sender)
    )
    return {row.sender: row.at for row in rows}


def came_back(
    tx: Transaction, request_id: int, *, message_id: str | None, recipient: str | None, answer: str
) -> bool:
    """Note that a mail about a request was sent back for good. False when there is none, or when only
    somebody who had a copy was not reached.
    """
    found = meant(tx, request_id, message_id=message_id, recipient=recipient)
    if found is not None:
        columns = {"status": MailStatus.FAILED, "answer": answer}
        tx.execute(update(tables.outbox).where(tables.outbox.c.id == found).values(**columns))
    return found is not None


def meant(tx: Transaction, request_id: int, *, message_id: str | None, recipient: str | None) -> int | None:
    """The mail about a request that a server speaks of: the one of that Message-ID, or else the last one to
    that recipient. None when there is none, or when it is about somebody who had a copy.
    """
    rows = tx.execute(
        select(tables.outbox.c.id, tables.outbox.c.message_id, tables.outbox.c.envelope_to)
        .where(tables.outbox.c.request_id == request_id, tables.outbox.c.status == MailStatus.SENT)
        .order_by(tables.outbox.c.id.desc())
    ).all()
    to = recipient.casefold() if recipient else None
    named = [row for row in rows if row.message_id == message_id]
    if to is None and not named:
        return None
    found = (row.id for row in named or rows if to in (None, row.envelope_to[0].casefold()))
    return next(found, None)


def troubled(tx: Transaction, cycle_id: int | None = None) -> Mapping[int, Concerned]:
    """The requests, of a cycle or of all under way, that are asked for and that a mail about could not be
    delivered, by their ids.
    """
    query: Select[Any] = (
        select(
            tables.request.c.id,
            tables.request.c.cycle_id,
            tables.request.c.task,
            tables.request.c.agency,
            tables.request.c.status,
            tables.cycle.c.plan_id,
        )
        .join(tables.outbox, tables.outbox.c.request_id == tables.request.c.id)
        .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
        .where(
            tables.outbox.c.status == MailStatus.FAILED,
            tables.cycle.c.state == CycleState.ACTIVE,
            tables.request.c.status.in_([Status.OPEN, Status.OVERDUE]),
        )
        .order_by(tables.request.c.id)
        .distinct()
    )
    if cycle_id is not None:
        query = query.where(tables.outbox.c.cycle_id == cycle_id)
    return {row.id: concerned_of(row) for row in tx.execute(query)}


def sent_on(tx: Transaction, request_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """For each request, to which addresses mails went instead of those that could not be delivered, and left;
    each once, in the order of time.
    """
    known = tables.outbox.c
    rows = tx.execute(
        select(known.request_id, known.envelope_to)
        .where(
            known.request_id.in_(list(request_ids)),
            outgoing.marked(outgoing.NEXT),
            known.status == MailStatus.SENT,
        )
        .order_by(known.id)
    )
    found: dict[int, dict[str, None]] = {}
    for row in rows:
        found.setdefault(row.request_id, {})[row.envelope_to[0]] = None
    return {request_id: tuple(addresses) for request_id, addresses in found.items()}
