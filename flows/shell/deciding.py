"""Deciding: the part of a pass that happens in one transaction, from the facts to the intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.clock import Clock, WallClock
from flows.core.absence import missed
from flows.core.actions import Action, Close, Decision, EndCycle, Escalate, Resolve, TakeOver, name_of
from flows.core.cycle import CyclePlan
from flows.core.fold import Settled, settle
from flows.core.ladder import addressee
from flows.core.rollup import Value
from flows.core.state import CycleFacts, RequestKey, Status
from flows.ledger import bulletins, correspondence, cycles, failures, inbox, joining, landings, outbox
from flows.ledger.chase import chases
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.landings import Landing
from flows.ledger.plans import CycleState
from flows.ledger.tables import Row
from flows.shell.astray.stranded import Stranded
from flows.shell.passing_up import pass_up
from flows.shell.resolving import Resolving
from flows.shell.showing.board import Board
from flows.shell.showing.noting import notes
from flows.shell.showing.view import TaskStanding
from flows.shell.values import from_json
from flows.shell.versions import Versions
from flows.shell.writing.announcing import announced, ended
from flows.shell.writing.bundling import Posted, bundled, rows, threaded
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk, letters_of
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
    values: dict[RequestKey, Mapping[str, Value]] = field(init=False)
    offered: Mapping[RequestKey, Landed] = field(init=False)
    settled: Settled = field(init=False)

    def look(self) -> Settled | None:
        """Load the cycle and decide, without writing anything; None for one that is over."""
        self.plan = self.versions.standing(self.tx, self.stored)
        self.requests = cycles.requests(self.tx, self.stored.id)
        self.values = {
            key: from_json(self.plan.form(key[0]), request.accepted)
            for key, request in self.requests.items()
            if request.accepted is not None
        }
        if self.stored.state.over:
            return None
        self.offered = cycles.offered(self.tx, self.stored)
        facts = CycleFacts(
            requests={key: request.facts for key, request in self.requests.items()},
            offered=frozenset(self.offered),
            elsewhere=self._elsewhere(),
            ended=False,
        )
        self.settled = settle(self.plan, facts, self.clock.now())
        return self.settled

    def decide(self, beside: Sequence[Decider] = ()) -> Decided:
        """Write down all that follows from the look: facts, mails to send, history, results that go up.

        What was looked at for others `beside` is carried out with it, so that their letters and these go out
        together.
        """
        if self.stored.state.over:
            before = {key: request.facts for key, request in self.requests.items()}
            facts = CycleFacts(requests=before, ended=self.stored.state is CycleState.ENDED)
            cycles.record_pass(self.tx, self.stored)
            return self._decided(facts, Decision(actions=(), wake_at=None, next_action=None), ())
        now, settled = self.clock.now(), self.settled
        posted = self._carry_out()
        for other in beside:
            posted += other.go_along()
        self._post(posted)
        if not settled.facts.ended:
            Stranded(plan=self.plan, identity=self.identity, tx=self.tx, at=now).ask_again(self.stored.id)
        if settled.facts.ended:
            pass_up(
                self.tx,
                self.versions,
                plan=self.plan,
                stored=self.stored,
                facts=settled.facts,
                values=self.values,
                at=now,
            )
            bulletins.enqueue(
                self.tx, ended(self.plan, settled.facts, cycle_id=self.stored.id, at=self.clock.now())
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
        tasks = tuple(dict.fromkeys(one.task for one in letters_of(settled)))
        return self._decided(settled.facts, outlook, tasks)

    def go_along(self) -> list[Posted]:
        """Carry out what was decided in the pass of another cycle, which posts the letters; the cycle's own
        pass, woken at once, finds it done and shows it.
        """
        posted = self._carry_out()
        joining.record(self.tx, self.stored.id, self.clock.now())
        return posted

    def _carry_out(self) -> list[Posted]:
        """Write down the facts and the history; the letters that are to be posted."""
        actions, facts = self.settled.actions, self.settled.facts
        for action in actions:
            if isinstance(action, TakeOver):
                self.values[action.task, action.agency] = self._take_over(action, self.offered)
        self._settle_offers(facts, self.offered, actions)
        changed = {
            self.requests[key].id: request
            for key, request in facts.requests.items()
            if self.requests[key].facts != request
        }
        cycles.record_facts(self.tx, changed)
        posted = self._letters(self.offered)
        resolved = [one for one in actions if isinstance(one, Resolve)]
        if resolved:
            Resolving(
                plan=self.plan,
                cycle_id=self.stored.id,
                identity=self.identity,
                tx=self.tx,
                at=self.clock.now(),
            ).write(resolved, self.requests)
        self._write_history(actions)
        return posted

    def _decided(
        self,
        facts: CycleFacts,
        outlook: Decision,
        tasks: tuple[str, ...],
    ) -> Decided:
        board = Board(
            cycle=self.plan,
            facts=facts,
            outlook=outlook,
            values=self.values,
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

    def _letters(self, offered: Mapping[RequestKey, Landed]) -> list[Posted]:
        letters = letters_of(self.settled)
        if not letters:
            return []
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
                unreached={
                    **missed(self.plan, key, self.requests[key].facts, now),
                    **dict.fromkeys(dead.get(request_id, ())),
                },
            )
            if draft is None:
                self._note(request_id, "no-mailbox", {"action": name_of(action)})
                continue
            posted.append(
                Posted(
                    draft=draft,
                    cycle_id=self.stored.id,
                    request_id=request_id,
                    task=action.task,
                    agency=action.agency,
                )
            )
        return posted

    def _post(self, posted: Sequence[Posted]) -> None:
        """Put the mails into the outbox, one for all that goes to one place. This pass sends those that lie
        with its cycle; whoever comes first sends the others.
        """
        now, wall_now = self.clock.now(), WallClock().now()
        there = outbox.written(self.tx, [one.draft.key for one in posted])
        new = [one for one in posted if one.draft.key not in there]
        for bundle in threaded(self.identity, bundled(new)):
            mail = rows(self.identity, bundle, at=now)
            owner = self.owner if bundle[0].cycle_id == self.stored.id else None
            outbox.enqueue_parcel(self.tx, mail, owner=owner, wall_now=wall_now)
        told = [(one.draft, one.cycle_id) for one in new]
        for cycle_id in dict.fromkeys(cycle_id for _, cycle_id in told):
            drafts = [draft for draft, its in told if its == cycle_id]
            bulletins.enqueue(self.tx, announced(drafts, cycle_id=cycle_id, at=now))

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
