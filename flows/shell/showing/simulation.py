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
from flows.shell.writing.announcing import channel_beside
from flows.shell.writing.bundling import Posted, bundled, threaded, written
from flows.shell.writing.drafts import Draft
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk, letters_of
from notifiers.conversation import Written
from notifiers.ports import LetterKind, Party
from schemas.catalogue import Bundle
from schemas.model import DependsOn

_Turn = tuple[datetime, int, int, str, tuple[RequestKey, ...]]
"""When, the cycle's place among those of its plan, a running number, the cycle, and the requests reported on
in one mail (none for a pass). At one instant things happen as the engine does them: what came in is read
first, then the cycles pass in the order of time."""

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
    tasks: tuple[str, ...]
    """What it is about: more than one task when an agency owes several reports on one day."""
    agency: str
    why: str
    channel: str | None = None
    """The chat channel in which it is also told in short."""

    def as_json(self) -> dict[str, Any]:
        """at, kind, to, cc, subject, plan, cycle, task (the first), tasks, agency, why, channel."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "to": self.to.mailbox,
            "cc": [party.mailbox for party in self.cc],
            "subject": self.subject,
            "plan": self.plan,
            "cycle": self.cycle,
            "task": self.tasks[0],
            "tasks": list(self.tasks),
            "agency": self.agency,
            "why": self.why,
            "channel": self.channel,
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
    written: dict[int, tuple[Written, ...]] = field(default_factory=dict, init=False)

    def run(self) -> Iterator[SimulatedMail]:
        self.plans = {cycle.key: cycle for cycle in (*cycles(self.bundle), *self.asked)}
        self.places = {key: place for place, key in enumerate(self.plans)}
        for cycle in self.plans.values():
            self.facts[cycle.key] = CycleFacts()
            self._look(min(task.schedule.opens_at for task in cycle.tasks), cycle.key)
        while self.queue:
            at, place, _, key, report = heapq.heappop(self.queue)
            while not report and self.queue and self.queue[0][:2] == (at, place):
                heapq.heappop(self.queue)
            if report:
                yield from self._report(at, key, report)
            else:
                yield from self._pass(at, key)

    def _look(self, at: datetime, key: str) -> None:
        heapq.heappush(self.queue, (at, self.places[key], next(self.order), key, ()))

    def _pass(self, at: datetime, key: str) -> Iterator[SimulatedMail]:
        plan = self.plans[key]
        done = settle(plan, replace(self.facts[key], elsewhere=self._elsewhere(plan)), at)
        self.facts[key] = done.facts
        desk = Desk(cycle=plan, identity=self.identity)
        posted = []
        for letter in letters_of(done):
            id_ = self._id(key, (letter.task, letter.agency))
            draft = desk.about(letter, request_id=id_, before=self.written.get(id_, ()), at=at)
            if draft is not None:
                posted.append(self._posted(draft, key, (letter.task, letter.agency)))
        bundles = threaded(self.identity, bundled(posted))
        for bundle in bundles:
            yield self._mail(plan, bundle, at)
        opened = {(one.task, one.agency) for one in done.actions if isinstance(one, Open)}
        for bundle in bundles:
            asked = tuple(
                (one.task, one.agency)
                for one in bundle
                if (one.task, one.agency) in opened and not self.silent & {one.agency, EVERYBODY}
            )
            if asked and bundle[0].draft.letter.kind is LetterKind.REQUEST:
                self._answer(key, at, asked)
        unwritten = opened - {(one.task, one.agency) for one in posted}
        for request in sorted(unwritten):
            if not self.silent & {request[1], EVERYBODY}:
                self._answer(key, at, (request,))
        if done.outlook.wake_at is not None:
            self._look(done.outlook.wake_at, key)
        if done.actions:
            self._wake_dependents(key, at)

    def _answer(self, key: str, at: datetime, requests: tuple[RequestKey, ...]) -> None:
        """The agency will answer in one mail, in the next morning."""
        calendar = self.plans[key].calendar
        answer_at = calendar.opening(calendar.next_working_day(calendar.day_of(at)))
        heapq.heappush(self.queue, (answer_at, _REPORTS_FIRST, next(self.order), key, requests))

    def _report(self, at: datetime, key: str, reported: tuple[RequestKey, ...]) -> Iterator[SimulatedMail]:
        plan = self.plans[key]
        facts = self.facts[key].requests
        posted = []
        for request in reported:
            task = plan.by_id[request[0]]
            before = facts.get(request, RequestFacts())
            if before.status.settled:
                continue
            dates = plan.rescheduled(task, before.due_on or task.schedule.due_on)
            facts = {**facts, request: answered(before, at, dates.due_at)}
            id_ = self._id(key, request)
            draft = Desk(cycle=plan, identity=self.identity).answer(
                LetterKind.ACCEPTED,
                task_id=task.id,
                agency=request[1],
                key=f"simulated/{key}/{task.id}/{request[1]}",
                due_on=dates.due_on,
                request_id=id_,
                before=self.written.get(id_, ()),
                at=at,
                values={},
            )
            if draft is not None:
                posted.append(self._posted(draft, key, request))
        if facts == self.facts[key].requests:
            return
        self.facts[key] = replace(self.facts[key], requests=facts)
        if posted:
            yield self._mail(plan, posted, at)
        self._look(at, key)
        self._wake_dependents(key, at)

    def _mail(self, plan: CyclePlan, bundle: Sequence[Posted], at: datetime) -> SimulatedMail:
        first = bundle[0].draft
        mail = written(self.identity, bundle)
        for one in bundle:
            self.written[one.request_id] = (*self.written.get(one.request_id, ()), mail)
        return SimulatedMail(
            at=at,
            kind=first.letter.kind,
            to=first.letter.to,
            cc=first.letter.cc,
            subject=mail.subject,
            plan=plan.plan_id,
            cycle=plan.key,
            tasks=tuple(one.task for one in bundle),
            agency=bundle[0].agency,
            why=first.why,
            channel=channel_beside(first),
        )

    def _posted(self, draft: Draft, key: str, request: RequestKey) -> Posted:
        return Posted(
            draft=draft,
            cycle_id=self.places[key],
            request_id=self._id(key, request),
            task=request[0],
            agency=request[1],
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
