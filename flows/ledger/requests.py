"""Requests as a person names them, and what was made of the mails about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from flows.core.state import Absence, Status
from flows.ledger import tables
from flows.ledger.correspondence import Concerned, concerned_of
from flows.ledger.database import Transaction
from flows.ledger.inbox import KeptMail, Placing
from flows.ledger.plans import CycleState, facts_of

_PAGE = 100
_NOT_LOOKED_AT = (Placing.NEW, Placing.DUPLICATE)


@dataclass(frozen=True, kw_only=True)
class NamedRequest:
    """A request with the names that a person calls it by."""

    id: int
    cycle_id: int
    plan_id: str
    cycle_key: str
    cycle_state: CycleState
    task: str
    agency: str
    status: Status


@dataclass(frozen=True, kw_only=True)
class RecordedReply:
    """What a mail was taken for at one request."""

    id: int
    request_id: int
    verdict: str
    given: Mapping[str, Any]
    last: bool
    """Whether no other answer to that request came after it."""


@dataclass(frozen=True, kw_only=True)
class KnownMail:
    """A mail with what was made of it."""

    mail: KeptMail
    placing: Placing
    kind: str
    sender: str
    subject: str
    decided: bool
    """Whether a person decided what becomes of it."""


def of_plan(tx: Transaction, plan_id: str, cycle_key: str | None = None) -> Sequence[NamedRequest]:
    """Every request of a plan, or of one of its cycles, in the order of time."""
    query = (
        select(tables.request, tables.cycle.c.plan_id, tables.cycle.c.key, tables.cycle.c.state)
        .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
        .where(tables.cycle.c.plan_id == plan_id)
        .order_by(tables.cycle.c.to_on, tables.request.c.id)
    )
    if cycle_key is not None:
        query = query.where(tables.cycle.c.key == cycle_key)
    return [
        NamedRequest(
            id=row.id,
            cycle_id=row.cycle_id,
            plan_id=row.plan_id,
            cycle_key=row.key,
            cycle_state=CycleState(row.state),
            task=row.task,
            agency=row.agency,
            status=Status(row.status),
        )
        for row in tx.execute(query)
    ]


def last_verdict(tx: Transaction, inbox_id: int, request_id: int) -> str | None:
    """What a mail was last taken for at a request."""
    query = (
        select(tables.reply.c.verdict)
        .where(tables.reply.c.inbox_id == inbox_id, tables.reply.c.request_id == request_id)
        .order_by(tables.reply.c.id.desc())
    )
    return tx.execute(query.limit(1)).scalar()


def received(tx: Transaction, cycle_id: int) -> Mapping[int, datetime]:
    """When agencies of a cycle first said that they had got the request, by request id."""
    rows = tx.execute(
        select(tables.reply.c.request_id, func.min(tables.reply.c.received_at).label("at"))
        .join(tables.request, tables.request.c.id == tables.reply.c.request_id)
        .where(tables.request.c.cycle_id == cycle_id, tables.reply.c.verdict == "received")
        .group_by(tables.reply.c.request_id)
    )
    return {row.request_id: row.at for row in rows}


def with_absent(tx: Transaction) -> Sequence[tuple[Concerned, Mapping[str, Absence]]]:
    """The requests of periods under way that are asked for and that somebody asked is away from, with who is,
    by address.
    """
    asked = [Status.OPEN, Status.OVERDUE]
    rows = tx.execute(
        select(tables.request, tables.cycle.c.plan_id)
        .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
        .where(
            tables.cycle.c.state == CycleState.ACTIVE,
            tables.request.c.status.in_(asked),
            tables.request.c.away.is_not(None),
        )
        .order_by(tables.request.c.id)
    )
    return [(concerned_of(row), facts_of(row).away) for row in rows]


def replies_to(tx: Transaction, inbox_id: int) -> Sequence[RecordedReply]:
    """What a mail was taken for, at each request, when it was last looked at."""
    beside = tables.reply.alias()
    latest = (
        select(func.max(beside.c.id))
        .where(beside.c.request_id == tables.reply.c.request_id)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(tables.reply, latest.label("latest"))
        .where(tables.reply.c.inbox_id == inbox_id)
        .order_by(tables.reply.c.id)
    )
    by_request = {
        row.request_id: RecordedReply(
            id=row.id,
            request_id=row.request_id,
            verdict=row.verdict,
            given=row.given,
            last=row.id == row.latest,
        )
        for row in rows
    }
    return list(by_request.values())


def known_mails(tx: Transaction) -> Iterator[KnownMail]:
    """Every mail that was looked at, in the order they came, a page at a time; none twice."""
    after = 0
    while True:
        page = tx.execute(
            select(tables.inbox)
            .where(tables.inbox.c.id > after, tables.inbox.c.status.not_in(_NOT_LOOKED_AT))
            .order_by(tables.inbox.c.id)
            .limit(_PAGE)
        ).all()
        for row in page:
            yield KnownMail(
                mail=KeptMail(
                    id=row.id,
                    raw=row.raw,
                    envelope_from=row.envelope_from,
                    envelope_to=tuple(row.envelope_to),
                    received_at=row.received_at,
                ),
                placing=Placing(row.status),
                kind=row.kind or "",
                sender=row.sender or row.envelope_from,
                subject=row.subject or "",
                decided=row.decided_at is not None,
            )
        if len(page) < _PAGE:
            return
        after = page[-1].id
