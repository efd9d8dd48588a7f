"""Failures: mails of the outbox that cannot be delivered, refused by a server or sent back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from flows.core.state import Status
from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.outbox import MailStatus

_UNREACHABLE = "unreachable"
"""The kind of the letter that tells a coordinator that nobody of an agency can be reached."""
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
    heard = _heard(tx, {row.envelope_to[0].casefold() for row in rows})
    found: dict[int, dict[str, Dead]] = {}
    for row in rows:
        to, at = row.envelope_to[0], row.failure_seen_at or row.created_at
        if to.casefold() in heard and heard[to.casefold()] > at:
            continue
        of_request = found.setdefault(row.request_id, {})
        first = of_request.get(to.casefold())
        since_at = first.since_at if first is not None else at
        of_request[to.casefold()] = Dead(address=to, since_at=since_at, answer=row.answer or "")
    return found


def _heard(tx: Transaction, addresses: Collection[str]) -> Mapping[str, datetime]:
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
