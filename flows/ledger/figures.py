"""Figures: counts over all cycles, read in a few queries however many there are."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from flows.core.state import Status
from flows.ledger import tables
from flows.ledger.database import Transaction


def requests_by_status(tx: Transaction) -> Mapping[int, Mapping[Status, int]]:
    """For each cycle id, how many requests stand at each status."""
    found: dict[int, dict[Status, int]] = {}
    query = select(tables.request.c.cycle_id, tables.request.c.status, func.count().label("n"))
    for row in tx.execute(query.group_by(tables.request.c.cycle_id, tables.request.c.status)):
        found.setdefault(row.cycle_id, {})[Status(row.status)] = row.n
    return found


def escalations_by_rung(tx: Transaction) -> Mapping[int, Mapping[int, int]]:
    """For each cycle id, how many times each rung was climbed."""
    found: dict[int, dict[int, int]] = {}
    query = (
        select(tables.request.c.cycle_id, tables.escalation.c.step, func.count().label("n"))
        .join(tables.request, tables.request.c.id == tables.escalation.c.request_id)
        .group_by(tables.request.c.cycle_id, tables.escalation.c.step)
        .order_by(tables.escalation.c.step)
    )
    for row in tx.execute(query):
        found.setdefault(row.cycle_id, {})[row.step] = row.n
    return found


def mails_by_status(tx: Transaction) -> Mapping[str, int]:
    """How many mails of the outbox stand at each status; one about several requests is one mail."""
    query = select(tables.outbox.c.status, func.count().label("n")).where(
        tables.outbox.c.carried_by.is_(None)
    )
    return {row.status: row.n for row in tx.execute(query.group_by(tables.outbox.c.status))}
