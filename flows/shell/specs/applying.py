"""Applying: sound plans become cycles in the ledger, exactly as it was planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.clock import Clock
from flows.core.actions import Redate, Withdraw
from flows.core.amendment import Fate, RequestChange, with_acting
from flows.core.cycle import CyclePlan
from flows.core.state import RequestFacts, RequestKey
from flows.ledger import correspondence, cycles, outbox, plans
from flows.ledger.cycles import StoredCycle
from flows.ledger.database import Ledger, Transaction
from flows.ledger.plans import CycleState, NewCycle, StandingRequest
from flows.ledger.tables import Row
from flows.shell.specs.changes import (
    Change,
    Changes,
    Confirmed,
    CycleChange,
    CycleStand,
    PlannedCycle,
    PlannedPlan,
    PlanStand,
)
from flows.shell.specs.planning import facts_after, plan_changes
from flows.shell.versions import Versions
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk
from schemas.catalogue import Bundle, Catalogue
from schemas.model import Agency


class ApplyingError(RuntimeError):
    """The specs cannot be applied as asked."""


class PlanOutdated(ApplyingError):
    """What would change now is not what was planned under that token."""

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(
            f"the ledger or the specs have changed since plan {token} was made, and nothing was applied;"
            " look at dondoc plan again"
        )


def bundles_of(catalogue: Catalogue) -> Sequence[Bundle]:
    """Every plan of the catalogue with all that it names, in the order of their ids."""
    return [catalogue.bundle(plan_id) for plan_id in sorted(catalogue.plans)]


def plan(ledger: Ledger, bundles: Sequence[Bundle], clock: Clock, confirmed: Confirmed) -> Changes:
    """What applying these plans would change; reads, and writes nothing."""
    with ledger.read() as tx:
        stands = _Stands(tx, Versions(ledger), bundles, confirmed).read()
        return plan_changes(stands, bundles, clock.now(), confirmed)


def apply(
    ledger: Ledger,
    bundles: Sequence[Bundle],
    clock: Clock,
    identity: Identity,
    *,
    confirmed: Confirmed | None = None,
    token: str | None = None,
) -> Changes:
    """Record these plans, in one transaction; what was changed.

    With `token`, exactly what was planned under it: raises PlanOutdated, and changes nothing, when that would
    be anything else now. Letters about changes to cycles under way are committed with the changes.
    """
    said = Confirmed.in_token(token) if token is not None else confirmed or Confirmed()
    versions = Versions(ledger)
    with ledger.write() as tx:
        reading = _Stands(tx, versions, bundles, said, lock=True)
        stands = reading.read()
        now = clock.now()
        changes = plan_changes(stands, bundles, now, said)
        if token is not None and token != changes.token:
            raise PlanOutdated(token)
        for one in changes.plans:
            known = stands[one.plan_id].cycles if one.plan_id in stands else {}
            _Applier(tx=tx, now=now, identity=identity, reading=reading, planned=one, known=known).apply()
        return changes


class _Stands:
    """Reads how things stand in a handful of queries, however many plans there are."""

    def __init__(
        self,
        tx: Transaction,
        versions: Versions,
        bundles: Sequence[Bundle],
        confirmed: Confirmed,
        *,
        lock: bool = False,
    ) -> None:
        self._tx = tx
        self._versions = versions
        self._confirmed = confirmed
        self._lock = lock
        self._hashes = {bundle.spec.plan.id: bundle.content_hash() for bundle in bundles}
        self.stored: dict[int, StoredCycle] = {}
        self.requests: Mapping[int, Mapping[RequestKey, StandingRequest]] = {}

    def read(self) -> dict[str, PlanStand]:
        """How each plan of the ledger stands."""
        known = plans.stored_plans(self._tx, lock=self._lock)
        by_plan: dict[str, list[StoredCycle]] = {}
        for cycle in cycles.all_cycles(self._tx):
            by_plan.setdefault(cycle.plan_id, []).append(cycle)
        concerned = {
            plan_id: by_plan.get(plan_id, [])
            for plan_id, plan in known.items()
            if plan_id in self._hashes and self._concerns(plan, by_plan.get(plan_id, []))
        }
        self.stored = {cycle.id: cycle for listed in concerned.values() for cycle in listed}
        self.requests = plans.standing_requests(self._tx, list(self.stored))
        return {
            plan_id: PlanStand(
                content_hash=plan.content_hash,
                cycles={cycle.key: self._stand(cycle) for cycle in concerned.get(plan_id, [])},
            )
            for plan_id, plan in known.items()
        }

    def acting(self, cycle_id: int) -> Mapping[RequestKey, Agency]:
        """Who answers in the place of whom in a cycle."""
        return self._versions.acting(self._tx, cycle_id)

    def _concerns(self, plan: plans.StoredPlan, listed: Sequence[StoredCycle]) -> bool:
        """Whether anything of a plan may change: its content differs, or something was held back before."""
        held_back = any(
            cycle.state is CycleState.ACTIVE and cycle.version_id != plan.version_id for cycle in listed
        )
        return plan.content_hash != self._hashes[plan.plan_id] or held_back or self._confirmed.past

    def _stand(self, cycle: StoredCycle) -> CycleStand:
        running = cycle.state is CycleState.ACTIVE
        return CycleStand(
            id=cycle.id,
            state=cycle.state,
            plan=self._versions.cycle(self._tx, cycle),
            requests={key: request.facts for key, request in self.requests[cycle.id].items()},
            offered=frozenset(cycles.offered(self._tx, cycle)) if running else frozenset(),
            unreached=self._unreached(cycle.id) if running else frozenset(),
        )

    def _unreached(self, cycle_id: int) -> frozenset[RequestKey]:
        """Requests about which no mail has left yet."""
        reached = outbox.reached(self._tx, cycle_id)
        return frozenset(key for key, one in self.requests[cycle_id].items() if one.id not in reached)


@dataclass(frozen=True, kw_only=True)
class _Applier:
    """Writes the changes of one plan."""

    tx: Transaction
    now: datetime
    identity: Identity
    reading: _Stands
    planned: PlannedPlan
    known: Mapping[str, CycleStand]

    def apply(self) -> None:
        changed = [cycle for cycle in self.planned.cycles if cycle.carried_out]
        if self.planned.change is Change.SAME and not changed:
            return
        version_id = plans.record_version(self.tx, self.planned.bundle, self.planned.content_hash, self.now)
        begun = [cycle for cycle in changed if cycle.change is CycleChange.RUNNING]
        afresh = [cycle for cycle in changed if cycle.change is not CycleChange.RUNNING]
        replaced = [self.known[one.period.key].id for one in afresh if one.period.key in self.known]
        plans.remove_cycles(self.tx, replaced)
        plans.add_cycles(
            self.tx,
            version_id,
            [
                NewCycle(plan=one.plan, requests=self._asked(one))
                for one in afresh
                if one.change is not CycleChange.DROPPED
            ],
            self.now,
        )
        for one in begun:
            self._amend(one, version_id)
        running = [stand.id for stand in self.known.values() if stand.state is CycleState.ACTIVE]
        cycles.wake(self.tx, running, self.now)

    def _asked(self, planned: PlannedCycle) -> dict[RequestKey, RequestFacts]:
        """The facts that the requests of a cycle set up (again) begin with."""
        facts = facts_after(planned, self.known.get(planned.period.key), self.now)
        keys = [(task.id, agency) for task in planned.plan.tasks for agency in task.owners]
        return {key: facts.get(key, RequestFacts()) for key in keys}

    def _amend(self, planned: PlannedCycle, version_id: int) -> None:
        """Change a cycle under way, and write the letters about it."""
        stand = self.known[planned.period.key]
        before = self.reading.requests[stand.id]
        after = facts_after(planned, stand, self.now)
        plans.add_requests(self.tx, stand.id, {key: after[key] for key in after if key not in before})
        changed = {one.id: after[key] for key, one in before.items() if after[key] != one.facts}
        cycles.record_facts(self.tx, changed)
        if planned.plan is not stand.plan:
            plans.move_cycle(self.tx, stand.id, version_id)
            asked = {(task.id, agency) for task in planned.plan.tasks for agency in task.owners}
            was = self.reading.stored[stand.id].version_id
            last = {key: None if key in asked else one.version_id or was for key, one in before.items()}
            moved = {one.id: last[key] for key, one in before.items() if one.version_id != last[key]}
            plans.record_last_versions(self.tx, moved)
        gone = [before[one.key].id for one in planned.requests if one.fate is Fate.WITHDRAWN]
        outbox.withdraw_about(self.tx, gone)
        self._write(planned, stand, after)

    def _write(
        self, planned: PlannedCycle, stand: CycleStand, after: Mapping[RequestKey, RequestFacts]
    ) -> None:
        before = self.reading.requests[stand.id]
        told = [one for one in planned.requests if one.told and one.fate in _LETTERS]
        written = correspondence.so_far(self.tx, [before[one.key].id for one in told])
        rows: list[Row] = []
        acting = self.reading.acting(stand.id)
        for one in told:
            speaking = with_acting(_LETTERS[one.fate](planned, stand), acting)
            desk = Desk(cycle=speaking, identity=self.identity)
            request_id = before[one.key].id
            draft = desk.about(
                _action(one),
                request_id=request_id,
                before=written.get(request_id, ()),
                at=self.now,
                edition=after[one.key].edition,
            )
            if draft is not None:
                row = draft.row(
                    self.identity, cycle_id=stand.id, request_id=request_id, task=one.task, at=self.now
                )
                rows.append(row)
        outbox.enqueue(self.tx, rows)
        events = [self._event(stand, "amended", None, {"plan": self.planned.content_hash})]
        for change in planned.requests:
            if change.fate in (Fate.REDATED, Fate.WITHDRAWN) and change.key in before:
                was = change.was_due_on.isoformat() if change.was_due_on is not None else None
                detail: dict[str, object] = {"due_on": change.due_on.isoformat(), "was_due_on": was}
                events.append(self._event(stand, change.fate, before[change.key].id, detail))
        cycles.record_journal(self.tx, events)

    def _event(self, stand: CycleStand, event: str, request_id: int | None, detail: dict[str, object]) -> Row:
        return {
            "at": self.now,
            "cycle_id": stand.id,
            "request_id": request_id,
            "event": event,
            "detail": detail,
        }


_LETTERS: dict[Fate, Callable[[PlannedCycle, CycleStand], CyclePlan]] = {
    Fate.REDATED: lambda planned, _: planned.plan,
    Fate.WITHDRAWN: lambda _, stand: stand.plan,
}
"""Which version of the cycle a letter speaks for."""


def _action(change: RequestChange) -> Redate | Withdraw:
    if change.fate is Fate.WITHDRAWN:
        return Withdraw(task=change.task, agency=change.agency, due_on=change.due_on)
    return Redate(
        task=change.task,
        agency=change.agency,
        due_on=change.due_on,
        was_due_on=change.was_due_on or change.due_on,
    )
