"""Plans in the ledger: versions by content, and the cycles and requests that a version brings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from flows.core.cycle import CyclePlan
from flows.core.state import Absence, RequestFacts, RequestKey, Status
from flows.ledger import listings, tables
from flows.ledger.database import Transaction
from schemas.catalogue import Bundle

_PAGE = 500


class CycleState(StrEnum):
    """Where a cycle stands."""

    PLANNED = "planned"  # nothing has happened yet
    ACTIVE = "active"
    ENDED = "ended"
    STOPPED = "stopped"  # a person cancelled it
    PAST = "past"  # all its due dates had passed before it came into the ledger: nothing is asked

    @property
    def over(self) -> bool:
        """Whether nothing more happens in it."""
        return self in (CycleState.ENDED, CycleState.STOPPED, CycleState.PAST)


@dataclass(frozen=True, kw_only=True)
class StoredPlan:
    """A plan as it was last applied."""

    plan_id: str
    number: str
    title: str
    version_id: int
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class StandingRequest:
    """A request as an amendment finds it."""

    id: int
    cycle_id: int
    facts: RequestFacts
    version_id: int | None
    """The last version that asked for it, when the one its cycle stands under does not."""


@dataclass(frozen=True, kw_only=True)
class NewCycle:
    """A cycle to be added, with the facts that its requests begin with."""

    plan: CyclePlan
    requests: Mapping[RequestKey, RequestFacts]


def stored_plans(tx: Transaction, *, lock: bool = False) -> Mapping[str, StoredPlan]:
    """Every applied plan, by id. With `lock`, no plan is applied and no cycle begins, passes or ends until
    the transaction ends.
    """
    query = (
        select(
            tables.plan.c.plan_id,
            tables.plan.c.number,
            tables.plan.c.title,
            tables.plan.c.version_id,
            tables.version.c.content_hash,
        )
        .join(tables.version, tables.plan.c.version_id == tables.version.c.id)
        .order_by(tables.plan.c.plan_id)
    )
    rows = tx.execute(query.with_for_update() if lock else query).all()
    if lock:
        live = tables.cycle.c.state.in_([CycleState.PLANNED, CycleState.ACTIVE])
        tx.execute(select(tables.cycle.c.id).where(live).order_by(tables.cycle.c.id).with_for_update())
    return {
        row.plan_id: StoredPlan(
            plan_id=row.plan_id,
            number=row.number,
            title=row.title,
            version_id=row.version_id,
            content_hash=row.content_hash,
        )
        for row in rows
    }


def plan_versions(tx: Transaction) -> Mapping[str, int]:
    """The version each plan stands at, in the order of their ids."""
    rows = tx.execute(select(tables.plan.c.plan_id, tables.plan.c.version_id).order_by(tables.plan.c.plan_id))
    return {row.plan_id: row.version_id for row in rows}


def bundle_json(tx: Transaction, version_id: int) -> str:
    """The content of a version."""
    query = select(tables.version.c.bundle).where(tables.version.c.id == version_id)
    return str(tx.execute(query).scalar_one())


def standing_requests(
    tx: Transaction, cycle_ids: Sequence[int]
) -> Mapping[int, Mapping[RequestKey, StandingRequest]]:
    """The requests of many cycles, by cycle id."""
    found: dict[int, dict[RequestKey, StandingRequest]] = {id_: {} for id_ in cycle_ids}
    for start in range(0, len(cycle_ids), _PAGE):
        page = cycle_ids[start : start + _PAGE]
        for row in tx.execute(select(tables.request).where(tables.request.c.cycle_id.in_(page))):
            found[row.cycle_id][row.task, row.agency] = StandingRequest(
                id=row.id,
                cycle_id=row.cycle_id,
                facts=facts_of(row),
                version_id=row.version_id,
            )
    return found


def facts_of(row: Row[Any]) -> RequestFacts:
    """The facts that a request's row holds."""
    return RequestFacts(
        status=Status(row.status),
        opened_at=row.opened_at,
        due_on=row.due_on,
        reminders=row.reminders,
        rung=row.rung,
        escalated_at=row.escalated_at,
        settled_at=row.settled_at,
        edition=row.edition,
        resolved=row.resolved,
        away={address: Absence.from_json(one) for address, one in (row.away or {}).items()},
    )


def columns_of(facts: RequestFacts) -> tables.Row:
    """The columns of a request that hold its facts."""
    return {
        "status": facts.status,
        "opened_at": facts.opened_at,
        "due_on": facts.due_on,
        "reminders": facts.reminders,
        "rung": facts.rung,
        "escalated_at": facts.escalated_at,
        "settled_at": facts.settled_at,
        "edition": facts.edition,
        "resolved": facts.resolved,
        "away": {address: one.as_json() for address, one in facts.away.items()} or None,
    }


def left_behind(tx: Transaction, cycle_id: int) -> Mapping[RequestKey, int]:
    """Requests of a cycle that its own version does not ask for, and the last version that did."""
    rows = tx.execute(
        select(tables.request.c.task, tables.request.c.agency, tables.request.c.version_id)
        .where(tables.request.c.cycle_id == cycle_id, tables.request.c.version_id.is_not(None))
        .order_by(tables.request.c.id)
    )
    return {(row.task, row.agency): row.version_id for row in rows}


def record_version(tx: Transaction, bundle: Bundle, content_hash: str, at: datetime) -> int:
    """Note that the plan now stands at this content; the id of the version, which may be one known before."""
    spec = bundle.spec.plan
    version_id = _version(tx, spec.id, content_hash, bundle, at)
    columns = {"version_id": version_id, "number": spec.number, "title": spec.title}
    known = tx.execute(update(tables.plan).where(tables.plan.c.plan_id == spec.id).values(**columns))
    if not known.rowcount:
        tx.execute(insert(tables.plan).values(plan_id=spec.id, **columns))
    listings.record(tx, bundle)
    return version_id


def add_cycles(tx: Transaction, version_id: int, added: Sequence[NewCycle], at: datetime) -> None:
    """Add cycles of one plan; one in which nothing is left to be asked is past."""
    if not added:
        return
    plan_id = added[0].plan.plan_id
    tx.execute(insert(tables.cycle), [_cycle_row(version_id, one, at) for one in added])
    keys = select(tables.cycle.c.id, tables.cycle.c.key).where(tables.cycle.c.plan_id == plan_id)
    ids = {row.key: row.id for row in tx.execute(keys)}
    for one in added:
        add_requests(tx, ids[one.plan.key], one.requests)


def add_requests(tx: Transaction, cycle_id: int, requests: Mapping[RequestKey, RequestFacts]) -> None:
    """Add requests to a cycle."""
    if requests:
        tx.execute(
            insert(tables.request),
            [
                {
                    "cycle_id": cycle_id,
                    "task": task,
                    "agency": agency,
                    "status": facts.status,
                    "settled_at": facts.settled_at,
                }
                for (task, agency), facts in requests.items()
            ],
        )


def remove_cycles(tx: Transaction, cycle_ids: Collection[int]) -> None:
    """Remove cycles in which nothing has happened."""
    ids = list(cycle_ids)
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        tx.execute(delete(tables.request).where(tables.request.c.cycle_id.in_(page)))
        tx.execute(delete(tables.cycle).where(tables.cycle.c.id.in_(page)))


def move_cycle(tx: Transaction, cycle_id: int, version_id: int) -> None:
    """Let a cycle under way go on under another version of its plan."""
    tx.execute(update(tables.cycle).where(tables.cycle.c.id == cycle_id).values(version_id=version_id))


def record_last_versions(tx: Transaction, versions: Mapping[int, int | None]) -> None:
    """Note by request id which version was the last to ask for it; None for that of its cycle."""
    if versions:
        tx.execute(
            update(tables.request).where(tables.request.c.id == bindparam("row_id")),
            [{"row_id": id_, "version_id": version_id} for id_, version_id in versions.items()],
        )


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


def _cycle_row(version_id: int, added: NewCycle, at: datetime) -> tables.Row:
    asked = _asked_tasks(added)
    opens_at = [task.schedule.opens_at for task in added.plan.tasks if task.id in asked]
    demand = added.plan.period.demand
    return {
        "version_id": version_id,
        "plan_id": added.plan.plan_id,
        "key": added.plan.key,
        "from_on": added.plan.period.from_on,
        "to_on": added.plan.period.to_on,
        "state": CycleState.PLANNED if opens_at else CycleState.PAST,
        "demand": demand.as_json() if demand is not None else None,
        "wake_at": min(opens_at, default=None),
        "ended_at": None if opens_at else at,
    }


def _asked_tasks(added: NewCycle) -> set[str]:
    return {task for (task, _), facts in added.requests.items() if facts.status is not Status.WITHDRAWN}
