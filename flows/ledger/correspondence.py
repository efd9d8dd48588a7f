"""Correspondence: whom we wrote to about which request and under which subject, looked up from either end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.state import Status
from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.plans import CycleState
from notifiers.conversation import Written

_LIVE = (Status.OPEN, Status.OVERDUE, Status.REPORTED, Status.REPORTED_LATE)
_MOST = 500
"""Requests of one correspondent that are looked at; nobody owes more at a time."""


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """A request that a mail may concern."""

    id: int
    cycle_id: int
    plan_id: str
    task: str
    agency: str
    status: Status


def record(tx: Transaction, mails: Iterable[tables.Row]) -> None:
    """Note to whom these rows of the outbox go, and about which requests."""
    pairs = {
        (address.casefold(), mail["request_id"])
        for mail in mails
        if mail.get("request_id") is not None
        for address in mail["envelope_to"]
    }
    if pairs:
        rows = [{"address": address, "request_id": request_id} for address, request_id in sorted(pairs)]
        tx.execute(_RECORD[tx.dialect.name], rows)


def concerned(tx: Transaction, ids: Sequence[int]) -> Sequence[Concerned]:
    """The requests of these ids; ids of none are left out."""
    return [_concerned(row) for row in tx.execute(_CONCERNED_OF, {"ids": list(ids)})] if ids else ()


def live(tx: Transaction, *, address: str, plan_ids: Sequence[str]) -> Sequence[Concerned]:
    """The requests of periods under way that are asked for or reported: those about which we wrote to an
    address, and all of these plans.
    """
    ours = select(tables.correspondent.c.request_id).where(tables.correspondent.c.address == address)
    about = or_(tables.request.c.id.in_(ours), tables.cycle.c.plan_id.in_(list(plan_ids)))
    rows = tx.execute(
        _CONCERNED.where(
            about, tables.cycle.c.state == CycleState.ACTIVE, tables.request.c.status.in_(_LIVE)
        ).order_by(tables.request.c.due_on, tables.request.c.id)
    )
    return [_concerned(row) for row in rows]


def written_to(tx: Transaction, request_id: int) -> frozenset[str]:
    """The addresses that we wrote to about a request, in one case."""
    known = tables.correspondent.c
    return frozenset(tx.execute(select(known.address).where(known.request_id == request_id)).scalars())


def about(tx: Transaction, message_ids: Sequence[str]) -> tuple[str | None, tuple[int, ...]]:
    """What we wrote one of these Message-IDs about, the last named first: the token of a mail about several
    requests, None for any other; and the requests, none when we wrote none of them.
    """
    if not message_ids:
        return None, ()
    rows = tx.execute(_ABOUT, {"message_ids": list(message_ids)}).all()
    last = next((one for one in reversed(message_ids) if any(row.message_id == one for row in rows)), None)
    found = [row for row in rows if row.message_id == last]
    return (found[0].parcel if found else None), tuple(row.request_id for row in found)


def so_far(tx: Transaction, request_ids: Iterable[int]) -> Mapping[int, tuple[Written, ...]]:
    """The mails written about each request so far, the oldest first."""
    found: dict[int, list[Written]] = {}
    for row in tx.execute(_SO_FAR, {"ids": list(request_ids)}):
        one = Written(
            message_id=row.message_id, kind=row.kind, subject=row.subject, to=tuple(row.envelope_to)
        )
        found.setdefault(row.request_id, []).append(one)
    return {id_: tuple(mails) for id_, mails in found.items()}


def answers_to(tx: Transaction, address: str, kinds: Iterable[str], since: datetime) -> int:
    """How many mails of these kinds were written since an instant about whatever concerns an address."""
    asked = {"address": address.casefold(), "kinds": list(kinds), "since": since}
    return int(tx.execute(_ANSWERS, asked).scalar_one())


def plan_numbers(tx: Transaction) -> Sequence[tuple[str, str]]:
    """The id and the number of every plan."""
    rows = tx.execute(select(tables.plan.c.plan_id, tables.plan.c.number).order_by(tables.plan.c.plan_id))
    return [(row.plan_id, row.number) for row in rows]


_CONCERNED: Select[Any] = (
    select(
        tables.request.c.id,
        tables.request.c.cycle_id,
        tables.request.c.task,
        tables.request.c.agency,
        tables.request.c.status,
        tables.cycle.c.plan_id,
    )
    .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
    .limit(_MOST)
)

# Built once: each mail that comes in runs all of them, and to build one takes longer than to run it.
_RECORD = {
    name: table.on_conflict_do_nothing()
    for name, table in (
        ("postgresql", postgresql.insert(tables.correspondent)),
        ("sqlite", sqlite.insert(tables.correspondent)),
    )
}
_CONCERNED_OF: Select[Any] = _CONCERNED.where(
    tables.request.c.id.in_(bindparam("ids", expanding=True))
).order_by(tables.request.c.id)
_ABOUT = (
    select(tables.outbox.c.message_id, tables.outbox.c.request_id, tables.outbox.c.parcel)
    .where(
        tables.outbox.c.message_id.in_(bindparam("message_ids", expanding=True)),
        tables.outbox.c.request_id.is_not(None),
    )
    .order_by(tables.outbox.c.id)
)
_ANSWERS = (
    select(func.count())
    .select_from(tables.outbox)
    .where(
        tables.outbox.c.request_id.in_(
            select(tables.correspondent.c.request_id).where(
                tables.correspondent.c.address == bindparam("address")
            )
        ),
        tables.outbox.c.kind.in_(bindparam("kinds", expanding=True)),
        tables.outbox.c.created_at >= bindparam("since"),
    )
)

_SO_FAR = (
    select(
        tables.outbox.c.request_id,
        tables.outbox.c.message_id,
        tables.outbox.c.kind,
        tables.outbox.c.subject,
        tables.outbox.c.envelope_to,
    )
    .where(tables.outbox.c.request_id.in_(bindparam("ids", expanding=True)))
    .order_by(tables.outbox.c.id)
)


def _concerned(row: Row[Any]) -> Concerned:
    return Concerned(
        id=row.id,
        cycle_id=row.cycle_id,
        plan_id=row.plan_id,
        task=row.task,
        agency=row.agency,
        status=Status(row.status),
    )
