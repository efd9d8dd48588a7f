"""Correspondence: whom we wrote to about which request and under which subject, looked up from either end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.state import Status
from flows.ledger import listings, tables
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


def live(tx: Transaction, *, address: str, plan_ids: Sequence[str]) -> Sequence[Concerned]:
    """The requests of periods under way that are asked for or reported: those about which we wrote to an
    address, those of agencies that the directory has it for, and all of these plans.
    """
    ours = select(tables.correspondent.c.request_id).where(
        tables.correspondent.c.address == bindparam("address")
    )
    about = or_(
        tables.request.c.id.in_(ours),
        tables.request.c.id.in_(listings.OWED_BY),
        tables.cycle.c.plan_id.in_(list(plan_ids)),
    )
    rows = tx.execute(
        _CONCERNED.where(
            about, tables.cycle.c.state == CycleState.ACTIVE, tables.request.c.status.in_(_LIVE)
        ).order_by(tables.request.c.due_on, tables.request.c.id),
        {"address": address},
    )
    return [concerned_of(row) for row in rows]


def plans_written_to(tx: Transaction, addresses: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The plans about whose requests we wrote to these addresses, by address in one case."""
    wanted = sorted({one.casefold() for one in addresses})
    found: dict[str, set[str]] = {}
    for start in range(0, len(wanted), _MOST):
        for row in tx.execute(_PLANS_WRITTEN_TO, {"addresses": wanted[start : start + _MOST]}):
            found.setdefault(row.address, set()).add(row.plan_id)
    return {address: frozenset(plans) for address, plans in found.items()}


def so_far(tx: Transaction, request_ids: Iterable[int]) -> Mapping[int, tuple[Written, ...]]:
    """The mails written about each request so far, the oldest first."""
    found: dict[int, list[Written]] = {}
    for row in tx.execute(_SO_FAR, {"ids": list(request_ids)}):
        one = Written(
            message_id=row.message_id, kind=row.kind, subject=row.subject, to=tuple(row.envelope_to)
        )
        found.setdefault(row.request_id, []).append(one)
    return {id_: tuple(mails) for id_, mails in found.items()}


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
_PLANS_WRITTEN_TO = (
    select(tables.correspondent.c.address, tables.cycle.c.plan_id)
    .join(tables.request, tables.request.c.id == tables.correspondent.c.request_id)
    .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
    .where(tables.correspondent.c.address.in_(bindparam("addresses", expanding=True)))
    .distinct()
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


def concerned_of(row: Row[Any]) -> Concerned:
    """A request from its row, with its plan."""
    return Concerned(
        id=row.id,
        cycle_id=row.cycle_id,
        plan_id=row.plan_id,
        task=row.task,
        agency=row.agency,
        status=Status(row.status),
    )
