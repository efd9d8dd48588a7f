"""Plans in the ledger: versions by content, and the cycles and requests that a version brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from flows.core.cycle import CyclePlan
from flows.core.state import Status
from flows.ledger import tables
from flows.ledger.database import Transaction
from schemas.catalogue import Bundle


class CycleState(StrEnum):
    """Where a cycle stands."""

    PLANNED = "planned"  # nothing has happened yet
    ACTIVE = "active"
    ENDED = "ended"
    STOPPED = "stopped"  # a person cancelled it


class Change(StrEnum):
    """What applying a plan did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The outcome of applying one plan: how many cycles it has that were added or rebuilt, and how many in
    flight or past keep the version they were begun under.
    """

    plan_id: str
    change: Change
    cycles: int
    kept: int


def apply_plan(tx: Transaction, bundle: Bundle, cycles: Sequence[CyclePlan], at: datetime) -> Applied:
    """Record a plan's version with its cycles; those that have begun keep the version they were begun
    under.
    """
    spec = bundle.spec.plan
    content_hash = bundle.content_hash()
    current = tx.execute(
        select(tables.version.c.id, tables.version.c.content_hash)
        .join(tables.plan, tables.plan.c.version_id == tables.version.c.id)
        .where(tables.plan.c.plan_id == spec.id)
        .with_for_update()
    ).first()
    if current is not None and current.content_hash == content_hash:
        return Applied(plan_id=spec.id, change=Change.SAME, cycles=0, kept=0)
    version_id = _version(tx, spec.id, content_hash, bundle, at)
    if current is None:
        tx.execute(
            insert(tables.plan).values(
                plan_id=spec.id, version_id=version_id, number=spec.number, title=spec.title
            )
        )
    else:
        tx.execute(
            update(tables.plan)
            .where(tables.plan.c.plan_id == spec.id)
            .values(version_id=version_id, number=spec.number, title=spec.title)
        )
    kept = _drop_planned(tx, spec.id)
    fresh = [cycle for cycle in cycles if cycle.key not in kept]
    _insert(tx, version_id, fresh)
    change = Change.NEW if current is None else Change.CHANGED
    return Applied(plan_id=spec.id, change=change, cycles=len(fresh), kept=len(kept))


def plan_versions(tx: Transaction) -> Mapping[str, int]:
    """The version each plan stands at, in the order of their ids."""
    rows = tx.execute(select(tables.plan.c.plan_id, tables.plan.c.version_id).order_by(tables.plan.c.plan_id))
    return {row.plan_id: row.version_id for row in rows}


def bundle_json(tx: Transaction, version_id: int) -> str:
    """The content of a version."""
    query = select(tables.version.c.bundle).where(tables.version.c.id == version_id)
    return str(tx.execute(query).scalar_one())


def _version(tx: Transaction, plan_id: str, content_hash: str, bundle: Bundle, at: datetime) -> int:
    known = tx.execute(
        select(tables.version.c.id).where(
            tables.version.c.plan_id == plan_id, tables.version.c.content_hash == content_hash
        )
    ).scalar()
    if known is not None:
        return int(known)
    row = tx.execute(
        insert(tables.version)
        .values(
            plan_id=plan_id,
            content_hash=content_hash,
            bundle=bundle.model_dump_json(by_alias=True),
            applied_at=at,
        )
        .returning(tables.version.c.id)
    )
    return int(row.scalar_one())


def _drop_planned(tx: Transaction, plan_id: str) -> frozenset[str]:
    """Remove the plan's cycles that have not begun; the keys of the others. Locked, lest one begins."""
    rows = tx.execute(
        select(tables.cycle.c.id, tables.cycle.c.key, tables.cycle.c.state)
        .where(tables.cycle.c.plan_id == plan_id)
        .with_for_update()
    ).all()
    planned = [row.id for row in rows if row.state == CycleState.PLANNED]
    if planned:
        tx.execute(delete(tables.request).where(tables.request.c.cycle_id.in_(planned)))
        tx.execute(delete(tables.cycle).where(tables.cycle.c.id.in_(planned)))
    return frozenset(row.key for row in rows if row.state != CycleState.PLANNED)


def _insert(tx: Transaction, version_id: int, cycles: Iterable[CyclePlan]) -> None:
    listed = list(cycles)
    if not listed:
        return
    rows = [
        {
            "version_id": version_id,
            "plan_id": cycle.plan_id,
            "key": cycle.key,
            "from_on": cycle.period.from_on,
            "to_on": cycle.period.to_on,
            "state": CycleState.PLANNED,
            "wake_at": min(task.schedule.opens_at for task in cycle.tasks),
        }
        for cycle in listed
    ]
    tx.execute(insert(tables.cycle), rows)
    ids = {
        row.key: row.id
        for row in tx.execute(
            select(tables.cycle.c.id, tables.cycle.c.key).where(tables.cycle.c.plan_id == listed[0].plan_id)
        )
    }
    tx.execute(
        insert(tables.request),
        [
            {"cycle_id": ids[cycle.key], "task": task.id, "agency": agency, "status": Status.SCHEDULED}
            for cycle in listed
            for task in cycle.tasks
            for agency in task.owners
        ],
    )
