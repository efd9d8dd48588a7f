"""Deciding: the part of a pass that happens in one transaction, from the facts to the intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.clock import Clock, WallClock
from flows.core.actions import Action, Close, Decision, EndCycle, Escalate, TakeOver, name_of
from flows.core.cycle import CyclePlan
from flows.core.fold import settle
from flows.core.ladder import addressee
from flows.core.rollup import Value
from flows.core.state import CycleFacts, RequestKey, Status
from flows.ledger import bulletins, correspondence, cycles, failures, inbox, landings, outbox
from flows.ledger.chase import chases
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.landings import Landing
from flows.ledger.plans import CycleState
from flows.ledger.tables import Row
from flows.shell.announcing import announced
from flows.shell.board import Board
from flows.shell.bundling import Posted, bundled, rows, threaded
from flows.shell.identity import Identity
from flows.shell.letters import Desk, mailed
from flows.shell.noting import notes
from flows.shell.passing_up import pass_up
from flows.shell.values import from_json
from flows.shell.versions import Versions
from flows.shell.view import TaskStanding
from schemas.model import DependsOn

Landed = tuple[int, Mapping[str, Any]]
"""A result from below that waits for a place: its id, and its answer."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a decision left behind: how the cycle stands, and the tasks that have mails to send."""

    board: Board
    mailed_tasks: frozenset[str]


@dataclass(kw_only=True)
class Decider:
    """Decides for one cycle within one transaction, in which its row is locked."""

    versions: Versions
    clock: Clock
    identity: Identity
    owner: str
    """The process that will send what is decided."""
    tx: Transaction
    stored: StoredCycle
    plan: CyclePlan = field(init=False)
    requests: Mapping[RequestKey, StoredRequest] = field(init=False)

    def decide(self) -> Decided:
        """Decide, and write down all that follows: facts, mails to send, history, results that go up."""
        self.plan = self.versions.standing(self.tx, self.stored)
        self.requests = cycles.requests(self.tx, self.stored.id)
        before = {key: request.facts for key, request in self.requests.items()}
        values = {
            key: from_json(self.plan.form(key[0]), request.accepted)
            for key, request in self.requests.items()
            if request.accepted is not None
        }
        if self.stored.state.over:
            facts = CycleFacts(requests=before, ended=self.stored.state is CycleState.ENDED)
            cycles.record_pass(self.tx, self.stored)
            return self._decided(facts, Decision(actions=(), wake_at=None, next_action=None), values, ())
        now = self.clock.now()
        offered = cycles.offered(self.tx, self.stored)
        facts = CycleFacts(
            requests=before, offered=frozenset(offered), elsewhere=self._elsewhere(), ended=False
        )
        settled = settle(self.plan, facts, now)
        for action in settled.actions:
            if isinstance(action, TakeOver):
                values[action.task, action.agency] = self._take_over(action, offered)
        self._settle_offers(settled.facts, offered, settled.actions)
        changed = {
            self.requests[key].id: request
            for key, request in settled.facts.requests.items()
            if before[key] != request
        }
        cycles.record_facts(self.tx, changed)
        tasks = self._write_letters(settled.actions, offered)
        self._write_history(settled.actions)
        if settled.facts.ended:
            pass_up(
                self.tx,
                self.versions,
                plan=self.plan,
                stored=self.stored,
                facts=settled.facts,
                values=values,
                at=now,
            )
        self._wake_dependents(settled.facts)
        outlook = settled.outlook
        cycles.record_pass(
            self.tx,
            self.stored,
            state=CycleState.ENDED if settled.facts.ended else CycleState.ACTIVE,
            wake_at=outlook.wake_at,
            ended_at=now if settled.facts.ended else None,
            outlook={"action": name_of(outlook.next_action)} if outlook.next_action is not None else None,
        )
        return self._decided(settled.facts, outlook, values, tasks)

    def _decided(
        self,
        facts: CycleFacts,
        outlook: Decision,
        values: Mapping[RequestKey, Mapping[str, Value]],
        tasks: tuple[str, ...],
    ) -> Decided:
        board = Board(
            cycle=self.plan,
            facts=facts,
            outlook=outlook,
            values=values,
            stopped=self.stored.state is CycleState.STOPPED,
            notes=notes(self.tx, self.plan, self.stored, self.requests),
        )
        unsent = outbox.tasks_unsent(self.tx, self.stored.id)
        return Decided(board=board, mailed_tasks=frozenset(tasks) | unsent)

    def _elsewhere(self) -> dict[tuple[str, str], datetime]:
        watched = [wait for task in self.plan.tasks for wait in task.waits if wait.cycle_key != self.plan.key]
        if not watched:
            return {}
        found = dict(cycles.settled_tasks(self.tx, self.stored.plan_id, {wait.cycle_key for wait in watched}))
        others = self.versions.cycles(self.tx, self.stored.version_id)
        for wait in watched:
            if wait.rule.on is DependsOn.DUE and wait.task in others[wait.cycle_key].by_id:
                found[wait.cycle_key, wait.task] = others[wait.cycle_key].by_id[wait.task].schedule.due_at
        return found

    def _take_over(self, action: TakeOver, offered: Mapping[RequestKey, Landed]) -> dict[str, Value]:
        """Record the child plan's result as the report of the agency that issued that plan."""
        key = (action.task, action.agency)
        landing_id, answer = offered[key]
        request = self.requests[key]
        now = self.clock.now()
        inbox.record_reply(
            self.tx,
            request_id=request.id,
            from_cycle_id=landings.source_cycle(self.tx, landing_id),
            received_at=now,
            verdict="accepted",
            given=answer["values"],
            problems=[],
            text="",
        )
        inbox.record_values(self.tx, request.id, kept=answer["values"], accepted=answer["values"])
        landings.settle(self.tx, [landing_id], Landing.LANDED, now)
        return from_json(self.plan.form(action.task), answer["values"])

    def _settle_offers(
        self, facts: CycleFacts, offered: Mapping[RequestKey, Landed], actions: tuple[Action, ...]
    ) -> None:
        """Offers that cannot land any more are told apart: answered by mail before, or closed."""
        taken = {(one.task, one.agency) for one in actions if isinstance(one, TakeOver)}
        now = self.clock.now()
        for key, (landing_id, _) in offered.items():
            status = facts.requests[key].status if key in facts.requests else None
            if key in taken:
                continue
            if status is None:
                landings.settle(self.tx, [landing_id], Landing.NO_PLACE, now)
            elif status in (Status.REPORTED, Status.REPORTED_LATE):
                landings.settle(self.tx, [landing_id], Landing.KEPT_ASIDE, now)
            elif status is Status.WITHDRAWN:
                landings.settle(self.tx, [landing_id], Landing.NO_PLACE, now)
            elif status is Status.MISSING or facts.ended:
                landings.settle(self.tx, [landing_id], Landing.TOO_LATE, now)

    def _write_letters(
        self, actions: tuple[Action, ...], offered: Mapping[RequestKey, Landed]
    ) -> tuple[str, ...]:
        letters = [one for action in actions if (one := mailed(action)) is not None]
        if not letters:
            return ()
        desk = Desk(cycle=self.plan, identity=self.identity)
        now = self.clock.now()
        ids = {(one.task, one.agency): self.requests[one.task, one.agency].id for one in letters}
        written = correspondence.so_far(self.tx, ids.values())
        told_on = [ids[one.task, one.agency] for one in letters if isinstance(one, Escalate | Close)]
        steps = chases(self.tx, told_on)
        dead = failures.dead(self.tx, ids.values())
        posted: list[Posted] = []
        for action in letters:
            key = (action.task, action.agency)
            request_id = ids[key]
            answer = offered[key][1] if isinstance(action, TakeOver) else None
            draft = desk.about(
                action,
                request_id=request_id,
                before=written.get(request_id, ()),
                at=now,
                values=from_json(self.plan.form(action.task), answer["values"]) if answer else None,
                replaced_by=answer["plan"] if answer else None,
                edition=self.requests[key].facts.edition,
                chase=steps.get(request_id, ()),
                unreached=dead.get(request_id, ()),
            )
            if draft is None:
                self._note(request_id, "no-mailbox", {"action": name_of(action)})
                continue
            posted.append(Posted(draft=draft, request_id=request_id, task=action.task, agency=action.agency))
        self._post(posted)
        return tuple(dict.fromkeys(action.task for action in letters))

    def _post(self, posted: Sequence[Posted]) -> None:
        """Put the mails into the outbox, one for all that goes to one place."""
        there = outbox.written(self.tx, [one.draft.key for one in posted])
        wall_now = WallClock().now()
        new = [one for one in posted if one.draft.key not in there]
        for bundle in threaded(self.identity, bundled(new)):
            mail = rows(self.identity, bundle, cycle_id=self.stored.id, at=self.clock.now())
            outbox.enqueue_parcel(self.tx, mail, owner=self.owner, wall_now=wall_now)
        drafts = [one.draft for one in new]
        bulletins.enqueue(self.tx, announced(drafts, cycle_id=self.stored.id, at=self.clock.now()))

    def _write_history(self, actions: tuple[Action, ...]) -> None:
        now = self.clock.now()
        climbed: list[Row] = []
        events: list[Row] = []
        for action in actions:
            if isinstance(action, EndCycle):
                events.append({"at": now, "cycle_id": self.stored.id, "event": "ended", "detail": {}})
                continue
            request_id = self.requests[action.task, action.agency].id
            detail: dict[str, object] = {}
            if isinstance(action, Escalate):
                on = self.plan.by_id[action.task].as_of_on
                asked = self.plan.answering(action.task, action.agency)
                to = addressee(self.plan.bundle, asked, action.rung, on)
                climbed.append(
                    {
                        "request_id": request_id,
                        "step": action.step,
                        "to_agency": to.agency.id,
                        "to_mailbox": to.mailbox,
                        "at": now,
                    }
                )
                detail = {"step": action.step, "to": to.agency.id}
            events.append(
                {
                    "at": now,
                    "cycle_id": self.stored.id,
                    "request_id": request_id,
                    "event": name_of(action),
                    "detail": detail,
                }
            )
        cycles.record_escalations(self.tx, climbed)
        cycles.record_journal(self.tx, [{"request_id": None, **event} for event in events])

    def _wake_dependents(self, facts: CycleFacts) -> None:
        """Wake the plan's other cycles that wait for a task which has come to its end here."""
        board = Board(
            cycle=self.plan,
            facts=facts,
            outlook=Decision(actions=(), wake_at=None, next_action=None),
            values={},
        )
        over = {
            task.id
            for task in self.plan.tasks
            if board.standing(task.id) in (TaskStanding.DONE, TaskStanding.MISSING)
            and self.stored.shown.get(task.id) != board.signature(task.id)
        }
        if not over:
            return
        others = self.versions.cycles(self.tx, self.stored.version_id).values()
        keys = {
            other.key
            for other in others
            for task in other.tasks
            for wait in task.waits
            if wait.cycle_key == self.plan.key and other.key != self.plan.key and wait.task in over
        }
        if keys:
            waiting = cycles.active(self.tx, self.stored.plan_id, keys)
            cycles.wake(self.tx, waiting, self.clock.now())

    def _note(self, request_id: int, event: str, detail: dict[str, object]) -> None:
        cycles.record_journal(
            self.tx,
            [
                {
                    "at": self.clock.now(),
                    "cycle_id": self.stored.id,
                    "request_id": request_id,
                    "event": event,
                    "detail": detail,
                }
            ],
        )
