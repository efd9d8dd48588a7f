"""Simulation: a plan played through in memory, every mail told before any is sent."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from flows.core.actions import Open
from flows.core.cycle import CyclePlan, cycles
from flows.core.fold import answered, settle
from flows.core.state import CycleFacts, RequestFacts, RequestKey
from flows.shell.letters import Desk, Draft, Identity, mailed
from notifiers.ports import LetterKind, Party
from schemas.catalogue import Bundle
from schemas.model import DependsOn

_Turn = tuple[datetime, int, int, str, RequestKey | None]
"""When, the cycle's place among those of its plan, a running number, the cycle, and the request reported on
(None for a pass). At one instant things happen as the engine does them: what came in is read first, then the
cycles pass in the order of time."""

_REPORTS_FIRST = -1

EVERYBODY = "all"
"""`--silent all`: nobody answers."""


@dataclass(frozen=True, kw_only=True)
class SimulatedMail:
    """A mail that would go out."""

    at: datetime
    kind: LetterKind
    to: Party
    cc: tuple[Party, ...]
    subject: str
    plan: str
    cycle: str
    task: str
    agency: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """One object: at, kind, to, cc, subject, plan, cycle, task, agency, why."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "to": self.to.mailbox,
            "cc": [party.mailbox for party in self.cc],
            "subject": self.subject,
            "plan": self.plan,
            "cycle": self.cycle,
            "task": self.task,
            "agency": self.agency,
            "why": self.why,
        }


def simulate(
    bundle: Bundle, silent: Collection[str], identity: Identity, *, asked: Sequence[CyclePlan] = ()
) -> Sequence[SimulatedMail]:
    """Every mail of a plan in the order of time, when nothing unforeseen happens.

    The agencies in `silent` never answer; every other one reports in full at the opening of the working day
    after it was asked. `asked` are reports on demand beside the plan's own periods. Works on what `bundle`
    says alone: results of plans below are taken as such reports.
    """
    return tuple(_Play(bundle=bundle, silent=frozenset(silent), identity=identity, asked=asked).run())


@dataclass(kw_only=True)
class _Play:
    bundle: Bundle
    silent: frozenset[str]
    identity: Identity
    asked: Sequence[CyclePlan]
    plans: Mapping[str, CyclePlan] = field(init=False)
    places: Mapping[str, int] = field(init=False)
    facts: dict[str, CycleFacts] = field(default_factory=dict, init=False)
    queue: list[_Turn] = field(default_factory=list, init=False)
    order: Iterator[int] = field(default_factory=count, init=False)
    ids: dict[tuple[str, RequestKey], int] = field(default_factory=dict, init=False)
    threads: dict[int, tuple[str, ...]] = field(default_factory=dict, init=False)

    def run(self) -> Iterator[SimulatedMail]:
        self.plans = {cycle.key: cycle for cycle in (*cycles(self.bundle), *self.asked)}
        self.places = {key: place for place, key in enumerate(self.plans)}
        for cycle in self.plans.values():
            self.facts[cycle.key] = CycleFacts()
            self._look(min(task.schedule.opens_at for task in cycle.tasks), cycle.key)
        while self.queue:
            at, place, _, key, report = heapq.heappop(self.queue)
            while report is None and self.queue and self.queue[0][:2] == (at, place):
                heapq.heappop(self.queue)
            if report is not None:
                yield from self._report(at, key, report)
            else:
                yield from self._pass(at, key)

    def _look(self, at: datetime, key: str) -> None:
        heapq.heappush(self.queue, (at, self.places[key], next(self.order), key, None))

    def _pass(self, at: datetime, key: str) -> Iterator[SimulatedMail]:
        plan = self.plans[key]
        done = settle(plan, replace(self.facts[key], elsewhere=self._elsewhere(plan)), at)
        self.facts[key] = done.facts
        desk = Desk(cycle=plan, identity=self.identity)
        for action in done.actions:
            letter = mailed(action)
            if letter is None:
                continue
            request = (letter.task, letter.agency)
            id_ = self._id(key, request)
            draft = desk.about(letter, request_id=id_, thread=self.threads.get(id_, ()), at=at)
            if draft is not None:
                yield self._mail(plan, request, draft, at)
            if isinstance(action, Open) and not self.silent & {action.agency, EVERYBODY}:
                calendar = plan.calendar
                answer_at = calendar.opening(calendar.next_working_day(calendar.day_of(at)))
                heapq.heappush(self.queue, (answer_at, _REPORTS_FIRST, next(self.order), key, request))
        if done.outlook.wake_at is not None:
            self._look(done.outlook.wake_at, key)
        if done.actions:
            self._wake_dependents(key, at)

    def _report(self, at: datetime, key: str, request: RequestKey) -> Iterator[SimulatedMail]:
        plan = self.plans[key]
        facts = self.facts[key]
        task = plan.by_id[request[0]]
        before = facts.requests.get(request, RequestFacts())
        if before.status.settled:
            return
        dates = plan.rescheduled(task, before.due_on or task.schedule.due_on)
        requests = {**facts.requests, request: answered(before, at, dates.due_at)}
        self.facts[key] = replace(facts, requests=requests)
        id_ = self._id(key, request)
        draft = Desk(cycle=plan, identity=self.identity).answer(
            LetterKind.ACCEPTED,
            task_id=task.id,
            agency=request[1],
            key=f"simulated/{key}/{task.id}/{request[1]}",
            due_on=dates.due_on,
            request_id=id_,
            thread=self.threads.get(id_, ()),
            at=at,
            values={},
        )
        if draft is not None:
            yield self._mail(plan, request, draft, at)
        self._look(at, key)
        self._wake_dependents(key, at)

    def _mail(self, plan: CyclePlan, request: RequestKey, draft: Draft, at: datetime) -> SimulatedMail:
        id_ = self._id(plan.key, request)
        self.threads[id_] = (*self.threads.get(id_, ()), draft.letter.message_id)
        return SimulatedMail(
            at=at,
            kind=draft.letter.kind,
            to=draft.letter.to,
            cc=draft.letter.cc,
            subject=draft.subject(),
            plan=plan.plan_id,
            cycle=plan.key,
            task=request[0],
            agency=request[1],
            why=draft.why,
        )

    def _id(self, key: str, request: RequestKey) -> int:
        return self.ids.setdefault((key, request), len(self.ids) + 1)

    def _elsewhere(self, plan: CyclePlan) -> dict[tuple[str, str], datetime]:
        found: dict[tuple[str, str], datetime] = {}
        for task in plan.tasks:
            for wait in task.waits:
                if wait.cycle_key == plan.key:
                    continue
                other = self.plans[wait.cycle_key].by_id.get(wait.task)
                if other is None:
                    continue
                if wait.rule.on is DependsOn.DUE:
                    found[wait.cycle_key, wait.task] = other.schedule.due_at
                    continue
                requests = self.facts[wait.cycle_key].requests
                settled = [
                    requests.get((wait.task, agency), RequestFacts()).settled_at for agency in other.owners
                ]
                if all(at is not None for at in settled):
                    found[wait.cycle_key, wait.task] = max(at for at in settled if at is not None)
        return found

    def _wake_dependents(self, key: str, at: datetime) -> None:
        for other in self.plans.values():
            if other.key != key and any(wait.cycle_key == key for task in other.tasks for wait in task.waits):
                begun = any(
                    request.status != "scheduled" for request in self.facts[other.key].requests.values()
                )
                if begun and not self.facts[other.key].ended:
                    self._look(at, other.key)
