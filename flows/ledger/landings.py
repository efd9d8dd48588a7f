"""Landings: consolidated results on their way into the plan above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update

from flows.ledger import tables
from flows.ledger.database import Transaction


class Landing(StrEnum):
    """What became of a result that went up."""

    PENDING = "pending"  # its request has not opened yet
    LANDED = "landed"
    KEPT_ASIDE = "kept-aside"  # the agency had answered by mail before
    TOO_LATE = "too-late"  # the request above was closed
    INCOMPLETE = (
        "incomplete"  # it does not fill what the form above requires: the agency is asked as any other
    )
    NO_PLACE = "no-place"  # the plan above asks nothing of this agency for this period


@dataclass(frozen=True, kw_only=True)
class Landed:
    """Where the result of a cycle went."""

    plan_id: str
    cycle_key: str
    task: str
    status: Landing


def offer(tx: Transaction, rows: Sequence[tables.Row]) -> None:
    """Send results up: from_cycle_id, plan_id, cycle_key, task, agency, status, answer, created_at."""
    if rows:
        tx.execute(insert(tables.landing), list(rows))


def settle(tx: Transaction, landing_ids: Iterable[int], status: Landing, at: datetime) -> None:
    """Note what became of results."""
    ids = list(landing_ids)
    if ids:
        tx.execute(
            update(tables.landing)
            .where(tables.landing.c.id.in_(ids))
            .values(status=status, landed_at=at if status is Landing.LANDED else None)
        )


def source_cycle(tx: Transaction, landing_id: int) -> int:
    """The cycle that a result came from."""
    query = select(tables.landing.c.from_cycle_id).where(tables.landing.c.id == landing_id)
    return int(tx.execute(query).scalar_one())


def by_cycle(tx: Transaction) -> Mapping[int, Sequence[Landed]]:
    """Where the result of each cycle went, by the id of the cycle that it came from."""
    found: dict[int, list[Landed]] = {}
    for row in tx.execute(select(tables.landing).order_by(tables.landing.c.id)):
        found.setdefault(row.from_cycle_id, []).append(
            Landed(plan_id=row.plan_id, cycle_key=row.cycle_key, task=row.task, status=Landing(row.status))
        )
    return found
