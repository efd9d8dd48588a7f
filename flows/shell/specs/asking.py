"""Asking: a report on demand, from a person's word to a cycle in the ledger; nobody is asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from flows.clock import Clock
from flows.core.calendar import WorkCalendar
from flows.core.cycle import CyclePlan, demanded
from flows.core.demand import Demand
from flows.core.state import RequestFacts, Status
from flows.ledger import cycles, plans
from flows.ledger.database import Ledger, Transaction
from flows.ledger.plans import CycleState, NewCycle
from flows.shell.specs.changes import PlannedCycle
from flows.shell.specs.planning import planned_afresh
from flows.shell.versions import Versions
from schemas.catalogue import Bundle
from schemas.model import Classification, Span, Task


class Refusal(StrEnum):
    """Why something cannot be asked for."""

    NO_PLAN = "no-plan"  # no such plan has been applied
    NO_TASK = "no-task"
    NO_AGENCY = "no-agency"  # one that does not lead the task
    NOBODY = "nobody"  # nobody leads the task today
    PAST = "past"  # the due date has passed
    CLASSIFIED = "classified"  # a note would travel by mail


class NotAskable(ValueError):
    """What is asked for cannot be; `known` lists what could stand in its place."""

    def __init__(self, refusal: Refusal, name: str, known: Sequence[str] = ()) -> None:
        self.refusal = refusal
        self.name = name
        self.known = tuple(known)
        super().__init__(f"{refusal}: {name}")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a coordinator wants to be told."""

    plan_id: str
    task: str
    due: date | Span
    """The last day in time, or how long from today."""
    agencies: tuple[str, ...] = ()
    """Of whom; without any, of all that lead the task."""
    note: str | None = None
    again: bool = False
    """Ask also those who have been asked the same."""


@dataclass(frozen=True, kw_only=True)
class AskedBefore:
    """An agency that is left out, for it has been asked the same."""

    agency: str
    asked_on: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What asking opens, and who is left out of it; `cycle` is None when nobody is left to be asked."""

    bundle: Bundle
    task: Task
    cycle: PlannedCycle | None
    left_out: tuple[AskedBefore, ...]


def asking(ledger: Ledger, clock: Clock, wish: Wish) -> Asking:
    """What asking would open; reads, and writes nothing. Raises NotAskable."""
    with ledger.read() as tx:
        return _Desk(tx=tx, versions=Versions(ledger), wish=wish, now=clock.now()).asking()


def ask(ledger: Ledger, clock: Clock, wish: Wish) -> Asking:
    """Open it, in one transaction; what was opened. Raises NotAskable."""
    with ledger.write() as tx:
        desk = _Desk(tx=tx, versions=Versions(ledger), wish=wish, now=clock.now(), lock=True)
        found = desk.asking()
        if found.cycle is not None:
            desk.open(found.cycle.plan)
        return found


@dataclass(frozen=True, kw_only=True)
class _Desk:
    tx: Transaction
    versions: Versions
    wish: Wish
    now: datetime
    lock: bool = False

    def asking(self) -> Asking:
        wish = self.wish
        version_id = self._version_id()
        bundle = self.versions.bundle(self.tx, version_id)
        tasks = {task.id: task for task in bundle.spec.tasks}
        if wish.task not in tasks:
            raise NotAskable(Refusal.NO_TASK, wish.task, tuple(tasks))
        task = tasks[wish.task]
        report = bundle.report(task)
        kept_apart = bundle.classification(report) not in (Classification.PUBLIC, Classification.INTERNAL)
        if wish.note and kept_apart:
            raise NotAskable(Refusal.CLASSIFIED, wish.task)
        demand = self._demand(bundle, task)
        before = () if wish.again else self._asked_before(demand)
        named = {one.agency for one in before}
        left = tuple(agency for agency in demand.agencies if agency not in named)
        plan = demanded(bundle, replace(demand, agencies=left)) if left else None
        return Asking(
            bundle=bundle,
            task=task,
            cycle=planned_afresh(plan, self.now) if plan is not None else None,
            left_out=before,
        )

    def open(self, plan: CyclePlan) -> None:
        """Put it into the ledger."""
        demand = plan.period.demand
        requests = {(task.id, agency): RequestFacts() for task in plan.tasks for agency in task.owners}
        added = NewCycle(plan=plan, requests=requests)
        plans.add_cycles(self.tx, self._version_id(), [added], self.now)
        if demand is not None:
            # without the cycle's id: a new version may set the cycle up again before it begins
            detail = {"plan": plan.plan_id, "cycle": plan.key, **demand.as_json()}
            row = {"at": self.now, "cycle_id": None, "request_id": None, "event": "asked", "detail": detail}
            cycles.record_journal(self.tx, [row])

    def _version_id(self) -> int:
        known = plans.stored_plans(self.tx, lock=self.lock)
        if self.wish.plan_id not in known:
            raise NotAskable(Refusal.NO_PLAN, self.wish.plan_id, tuple(known))
        return known[self.wish.plan_id].version_id

    def _demand(self, bundle: Bundle, task: Task) -> Demand:
        calendar = WorkCalendar.of(bundle.calendar)
        today = calendar.day_of(self.now)
        due = self.wish.due
        due_on = calendar.move(today, due) if isinstance(due, Span) else due
        if due_on < today:
            raise NotAskable(Refusal.PAST, due_on.isoformat(), (today.isoformat(),))
        leads = bundle.owners(task, today)
        if not leads:
            raise NotAskable(Refusal.NOBODY, task.id)
        for agency in self.wish.agencies:
            if agency not in leads:
                raise NotAskable(Refusal.NO_AGENCY, agency, leads)
        asked = tuple(agency for agency in leads if agency in self.wish.agencies) or leads
        known = [one.demand for one in cycles.demands(self.tx, self.wish.plan_id) if one.demand is not None]
        of_today = [one.number for one in known if one.asked_on == today]
        return Demand(
            task=task.id,
            agencies=asked,
            due_on=due_on,
            asked_on=today,
            number=max(of_today, default=0) + 1,
            note=self.wish.note,
        )

    def _asked_before(self, demand: Demand) -> tuple[AskedBefore, ...]:
        """Who owes a report on the task already, asked for on demand, or had one to give by the same day."""
        found: dict[str, AskedBefore] = {}
        for stored in cycles.demands(self.tx, self.wish.plan_id):
            earlier = stored.demand
            if earlier is None or earlier.task != demand.task or stored.state is CycleState.STOPPED:
                continue
            for (_, agency), one in cycles.requests(self.tx, stored.id).items():
                same = one.facts.status is not Status.WITHDRAWN and earlier.due_on == demand.due_on
                if agency in demand.agencies and (same or not one.facts.status.settled):
                    found[agency] = AskedBefore(
                        agency=agency,
                        asked_on=earlier.asked_on,
                        due_on=one.facts.due_on or earlier.due_on,
                    )
        return tuple(found[agency] for agency in demand.agencies if agency in found)


def demands_known(ledger: Ledger, plan_id: str) -> Mapping[str, CyclePlan]:
    """What was ever asked for on demand in a plan, by the keys of the cycles."""
    versions = Versions(ledger)
    with ledger.read() as tx:
        return {one.key: versions.cycle(tx, one) for one in cycles.demands(tx, plan_id)}
