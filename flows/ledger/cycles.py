"""Cycles in the ledger: their facts, what a pass records, and who wakes which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, case, func, insert, or_, select, update

from flows.core.demand import Demand
from flows.core.state import RequestFacts, RequestKey, Status
from flows.ledger import bulletins, outbox, plans, tables
from flows.ledger.database import Transaction
from flows.ledger.plans import CycleState, facts_of

LEASE = timedelta(seconds=60)
"""How long a claim on a cycle holds without a word from its holder."""


@dataclass(frozen=True, kw_only=True)
class StoredCycle:
    """A cycle's own row."""

    id: int
    plan_id: str
    key: str
    version_id: int
    state: CycleState
    wake_at: datetime | None
    run_id: str | None
    run_no: int
    pass_no: int
    shown: Mapping[str, str]
    """How each task stood when it was last drawn, by task id."""
    result: Mapping[str, Any] | None
    next_action: str | None
    """What the next waking is for, as the journal names actions."""
    demand: Demand | None = None
    """What a person asked for, when it is no period of the plan."""


@dataclass(frozen=True, kw_only=True)
class StoredRequest:
    """A request's own row; values are as JSON keeps them."""

    id: int
    facts: RequestFacts
    kept: Mapping[str, Any]
    accepted: Mapping[str, Any] | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A cycle whose time has come, and its run if it has one."""

    plan_id: str
    key: str
    version_id: int
    run_id: str | None
    run_no: int
    demand: Demand | None = None


def find(tx: Transaction, plan_id: str, key: str, *, lock: bool = False) -> StoredCycle | None:
    """The cycle of that name; with `lock`, nobody else changes it until the transaction ends."""
    query = select(tables.cycle).where(tables.cycle.c.plan_id == plan_id, tables.cycle.c.key == key)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return stored_cycle(row) if row is not None else None


def by_id(tx: Transaction, cycle_id: int, *, lock: bool = False) -> StoredCycle:
    """The cycle with that id."""
    query = select(tables.cycle).where(tables.cycle.c.id == cycle_id)
    return stored_cycle(tx.execute(query.with_for_update() if lock else query).one())


def locked(tx: Transaction, cycle_ids: Iterable[int]) -> Sequence[StoredCycle]:
    """The cycles with these ids, by id; nobody else changes them until the transaction ends."""
    query = select(tables.cycle).where(tables.cycle.c.id.in_(list(cycle_ids))).order_by(tables.cycle.c.id)
    return [stored_cycle(row) for row in tx.execute(query.with_for_update())]


def all_cycles(tx: Transaction) -> Sequence[StoredCycle]:
    """Every cycle, by plan and in the order of time."""
    query = select(tables.cycle).order_by(tables.cycle.c.plan_id, tables.cycle.c.to_on, tables.cycle.c.key)
    return [stored_cycle(row) for row in tx.execute(query)]


def demands(tx: Transaction, plan_id: str, *, lock: bool = False) -> Sequence[StoredCycle]:
    """What was ever asked for on demand in a plan, by due date."""
    query = select(tables.cycle).where(tables.cycle.c.plan_id == plan_id, tables.cycle.c.demand.is_not(None))
    query = query.order_by(tables.cycle.c.to_on, tables.cycle.c.id)
    return [stored_cycle(row) for row in tx.execute(query.with_for_update() if lock else query)]


def requests(tx: Transaction, cycle_id: int) -> Mapping[RequestKey, StoredRequest]:
    """Every request of a cycle."""
    rows = tx.execute(select(tables.request).where(tables.request.c.cycle_id == cycle_id))
    return {(row.task, row.agency): stored_request(row) for row in rows}


def request(tx: Transaction, request_id: int) -> StoredRequest:
    """One request."""
    return stored_request(tx.execute(_REQUEST, {"request_id": request_id}).one())


def offered(tx: Transaction, cycle: StoredCycle) -> Mapping[RequestKey, tuple[int, Mapping[str, Any]]]:
    """Consolidated results of child plans that wait for a place in this cycle: landing id and answer."""
    rows = tx.execute(
        select(tables.landing).where(
            tables.landing.c.plan_id == cycle.plan_id,
            tables.landing.c.cycle_key == cycle.key,
            tables.landing.c.status == "pending",
        )
    )
    return {(row.task, row.agency): (row.id, row.answer) for row in rows}


def settled_tasks(tx: Transaction, plan_id: str, keys: Iterable[str]) -> Mapping[tuple[str, str], datetime]:
    """For each task of these cycles of a plan whose requests are all settled: when the last one was.

    In a cycle that a person stopped, or that was past before it was applied, nothing is asked any more: what
    waits for it need not wait longer.
    """
    settled = [status for status in Status if status.settled]
    quiet = [CycleState.STOPPED, CycleState.PAST]
    over = or_(tables.request.c.status.in_(settled), tables.cycle.c.state.in_(quiet))
    rows = tx.execute(
        select(
            tables.cycle.c.key,
            tables.request.c.task,
            func.max(func.coalesce(tables.request.c.settled_at, tables.cycle.c.ended_at)).label("at"),
            func.sum(case((over, 0), else_=1)).label("open_ones"),
        )
        .join(tables.request, tables.request.c.cycle_id == tables.cycle.c.id)
        .where(tables.cycle.c.plan_id == plan_id, tables.cycle.c.key.in_(list(keys)))
        .group_by(tables.cycle.c.key, tables.request.c.task)
    )
    return {(row.key, row.task): row.at for row in rows if not row.open_ones and row.at is not None}


def record_facts(tx: Transaction, changed: Mapping[int, RequestFacts]) -> None:
    """Write the facts of requests, by request id."""
    if not changed:
        return
    tx.execute(_FACTS, [{"row_id": id_, **plans.columns_of(facts)} for id_, facts in changed.items()])


def record_pass(tx: Transaction, cycle: StoredCycle, **columns: object) -> None:
    """Write what a pass leaves on the cycle's row, count the pass, and give the claim back."""
    tx.execute(
        update(tables.cycle)
        .where(tables.cycle.c.id == cycle.id)
        .values(pass_no=cycle.pass_no + 1, claimed_by=None, claimed_until=None, **columns)
    )


def record_shown(tx: Transaction, cycle_id: int, shown: Mapping[str, str]) -> None:
    """Write how each task stood when it was drawn."""
    tx.execute(update(tables.cycle).where(tables.cycle.c.id == cycle_id).values(shown=dict(shown)))


def record_result(tx: Transaction, cycle_id: int, result: Mapping[str, Any]) -> None:
    """Write the consolidated result."""
    tx.execute(update(tables.cycle).where(tables.cycle.c.id == cycle_id).values(result=dict(result)))


def record_escalations(tx: Transaction, rows: Sequence[tables.Row]) -> None:
    """Write rungs that were climbed: request_id, step, to_agency, to_mailbox, at."""
    if rows:
        tx.execute(insert(tables.escalation), list(rows))


def record_journal(tx: Transaction, rows: Sequence[tables.Row]) -> None:
    """Write events: at, cycle_id, request_id, event, detail."""
    if rows:
        tx.execute(_JOURNAL, list(rows))


def wake(tx: Transaction, cycle_ids: Iterable[int], at: datetime) -> None:
    """Have these cycles look again at `at`, unless they would earlier, or have ended."""
    ids = list(cycle_ids)
    if ids:
        tx.execute(_WAKE, {"cycle_ids": ids, "at": at})


def claim_due(
    tx: Transaction, *, owner: str, now: datetime, wall_now: datetime, limit: int
) -> Sequence[Claimed]:
    """Claim cycles whose time has come, the longest waiting first; each is claimed by one process only."""
    free = or_(tables.cycle.c.claimed_until.is_(None), tables.cycle.c.claimed_until < wall_now)
    rows = tx.execute(
        select(tables.cycle)
        .where(
            tables.cycle.c.state.in_([CycleState.PLANNED, CycleState.ACTIVE]),
            tables.cycle.c.wake_at <= now,
            free,
        )
        .order_by(tables.cycle.c.wake_at, tables.cycle.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        tx.execute(
            update(tables.cycle)
            .where(tables.cycle.c.id.in_([row.id for row in rows]))
            .values(claimed_by=owner, claimed_until=wall_now + LEASE)
        )
    return [_claimed(row) for row in rows]


def begun(tx: Transaction) -> Sequence[Claimed]:
    """Cycles that have begun and not ended."""
    rows = tx.execute(select(tables.cycle).where(tables.cycle.c.state == CycleState.ACTIVE))
    return [_claimed(row) for row in rows]


def active_ids(tx: Transaction, limit: int) -> Sequence[int]:
    """Ids of cycles that have begun and not ended, at most so many."""
    query = select(tables.cycle.c.id).where(tables.cycle.c.state == CycleState.ACTIVE)
    return tx.execute(query.order_by(tables.cycle.c.id).limit(limit)).scalars().all()


def active_of(tx: Transaction, plan_ids: Sequence[str], limit: int) -> Sequence[int]:
    """Ids of cycles of these plans that have begun and not ended, at most so many."""
    if not plan_ids:
        return ()
    mine = (tables.cycle.c.state == CycleState.ACTIVE, tables.cycle.c.plan_id.in_(plan_ids))
    return (
        tx.execute(select(tables.cycle.c.id).where(*mine).order_by(tables.cycle.c.id).limit(limit))
        .scalars()
        .all()
    )


def latest_id(tx: Transaction) -> int | None:
    """The id of the cycle that was added last."""
    return tx.execute(select(func.max(tables.cycle.c.id))).scalar()


def release(tx: Transaction, plan_id: str, key: str) -> None:
    """Give a claim back."""
    tx.execute(
        update(tables.cycle)
        .where(tables.cycle.c.plan_id == plan_id, tables.cycle.c.key == key)
        .values(claimed_by=None, claimed_until=None)
    )


def release_owners(tx: Transaction, owners: Iterable[str]) -> None:
    """Give back all claims of processes that are gone."""
    tx.execute(
        update(tables.cycle)
        .where(tables.cycle.c.claimed_by.in_(list(owners)))
        .values(claimed_by=None, claimed_until=None)
    )


def claim_owners(tx: Transaction) -> frozenset[str]:
    """Who holds claims on cycles or on mails."""
    query = select(tables.cycle.c.claimed_by).where(tables.cycle.c.claimed_by.is_not(None))
    mails = select(tables.outbox.c.claimed_by).where(tables.outbox.c.claimed_by.is_not(None)).distinct()
    return frozenset(tx.execute(query).scalars()) | frozenset(tx.execute(mails).scalars())


def bind_run(tx: Transaction, plan_id: str, key: str, run_id: str, run_no: int) -> None:
    """Note which Prefect run shows a cycle."""
    tx.execute(
        update(tables.cycle)
        .where(tables.cycle.c.plan_id == plan_id, tables.cycle.c.key == key)
        .values(run_id=run_id, run_no=run_no)
    )


def stop(tx: Transaction, plan_id: str, key: str, why: str, at: datetime) -> None:
    """Stop a cycle at a person's word: nothing more is sent for it, and the plan's others look whether they
    waited for it.
    """
    stopped = tx.execute(
        update(tables.cycle)
        .where(
            tables.cycle.c.plan_id == plan_id,
            tables.cycle.c.key == key,
            tables.cycle.c.state.in_([CycleState.PLANNED, CycleState.ACTIVE]),
        )
        .values(
            state=CycleState.STOPPED,
            stopped_why=why,
            ended_at=at,
            wake_at=None,
            claimed_by=None,
            claimed_until=None,
        )
        .returning(tables.cycle.c.id)
    ).scalar()
    if stopped is not None:
        outbox.withdraw(tx, stopped)
        bulletins.withdraw(tx, stopped)
        beside = select(tables.cycle.c.id).where(
            tables.cycle.c.plan_id == plan_id, tables.cycle.c.state == CycleState.ACTIVE
        )
        wake(tx, tx.execute(beside).scalars().all(), at)
        record_journal(tx, [{"at": at, "cycle_id": stopped, "event": "stopped", "detail": {"why": why}}])


def active(tx: Transaction, plan_id: str, keys: Iterable[str]) -> Sequence[int]:
    """Ids of the cycles of a plan with these keys that have begun and not ended; locks all of these cycles.

    One that is just beginning elsewhere has not seen what this transaction did: its beginning is waited for.
    """
    rows = tx.execute(
        select(tables.cycle.c.id, tables.cycle.c.state)
        .where(tables.cycle.c.plan_id == plan_id, tables.cycle.c.key.in_(list(keys)))
        .order_by(tables.cycle.c.id)
        .with_for_update()
    )
    return [row.id for row in rows if row.state == CycleState.ACTIVE]


def next_wake(tx: Transaction) -> datetime | None:
    """When the next cycle wants to be woken; None when none ever does."""
    return tx.execute(
        select(func.min(tables.cycle.c.wake_at)).where(
            tables.cycle.c.state.in_([CycleState.PLANNED, CycleState.ACTIVE])
        )
    ).scalar()


def stored_cycle(row: Row[Any]) -> StoredCycle:
    """The row of a cycle."""
    return StoredCycle(
        id=row.id,
        plan_id=row.plan_id,
        key=row.key,
        version_id=row.version_id,
        state=CycleState(row.state),
        wake_at=row.wake_at,
        run_id=row.run_id,
        run_no=row.run_no,
        pass_no=row.pass_no,
        shown=row.shown or {},
        result=row.result,
        next_action=(row.outlook or {}).get("action"),
        demand=Demand.from_json(row.demand) if row.demand else None,
    )


# Built once: each mail that comes in runs all of them, and to build one takes longer than to run it.
_REQUEST = select(tables.request).where(tables.request.c.id == bindparam("request_id"))
_FACTS = update(tables.request).where(tables.request.c.id == bindparam("row_id"))
_JOURNAL = insert(tables.journal)
_WAKE = (
    update(tables.cycle)
    .where(
        tables.cycle.c.id.in_(bindparam("cycle_ids", expanding=True)),
        tables.cycle.c.state.in_([CycleState.PLANNED, CycleState.ACTIVE]),
        or_(tables.cycle.c.wake_at.is_(None), tables.cycle.c.wake_at > bindparam("at")),
    )
    .values(wake_at=bindparam("at"))
)


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        plan_id=row.plan_id,
        key=row.key,
        version_id=row.version_id,
        run_id=row.run_id,
        run_no=row.run_no,
        demand=Demand.from_json(row.demand) if row.demand else None,
    )


def stored_request(row: Row[Any]) -> StoredRequest:
    """The request of a row."""
    return StoredRequest(
        id=row.id,
        facts=facts_of(row),
        kept=row.kept or {},
        accepted=row.accepted,
        text=row.text,
    )
