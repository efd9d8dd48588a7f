"""Joining: cycles whose time has come together, and those decided about in the pass of another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from flows.ledger import tables
from flows.ledger.cycles import StoredCycle, stored_cycle
from flows.ledger.database import Transaction
from flows.ledger.plans import CycleState

_JOINED = "joined"
"""Stands in a cycle's outlook until its own pass has looked."""

_OPEN = (CycleState.PLANNED, CycleState.ACTIVE)


def due_beside(tx: Transaction, cycle: StoredCycle, now: datetime, limit: int) -> Sequence[StoredCycle]:
    """The cycles of other plans whose time has come as well, the longest waiting first; not those that have
    gone along with another pass already.
    """
    query = (
        select(tables.cycle)
        .where(
            tables.cycle.c.state.in_(_OPEN),
            tables.cycle.c.wake_at <= now,
            tables.cycle.c.plan_id != cycle.plan_id,
        )
        .order_by(tables.cycle.c.wake_at, tables.cycle.c.id)
        .limit(limit)
    )
    return [stored_cycle(row) for row in tx.execute(query) if _JOINED not in (row.outlook or {})]


def record(tx: Transaction, cycle_id: int, at: datetime) -> None:
    """Note that a cycle was decided about in the pass of another, and wakes at once to look."""
    tx.execute(
        update(tables.cycle)
        .where(tables.cycle.c.id == cycle_id)
        .values(state=CycleState.ACTIVE, wake_at=at, outlook={_JOINED: True})
    )
