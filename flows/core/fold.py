"""Facts after actions: what a cycle's facts become once a decision was carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.core.actions import (
    Action,
    Close,
    Decision,
    EndCycle,
    Escalate,
    Hold,
    MarkOverdue,
    Open,
    Redate,
    Remind,
    Resolve,
    TakeOver,
    Withdraw,
)
from flows.core.cycle import CyclePlan
from flows.core.decide import decide
from flows.core.state import CycleFacts, RequestFacts, RequestKey, Status

_ROUNDS = 8
"""More rounds than any chain of consequences at one instant: hold, open, overdue, escalate, close, end."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A decision with all that follows from it at the same instant, and the facts afterwards."""

    actions: tuple[Action, ...]
    facts: CycleFacts
    outlook: Decision
    """The last look, which found nothing more to do: when to wake, and for what."""


class Unsettled(RuntimeError):
    """Deciding found something new to do again and again: a fault of the engine, never of a plan."""

    def __init__(self, cycle: CyclePlan) -> None:
        self.plan_id = cycle.plan_id
        self.cycle_key = cycle.key
        super().__init__(f"{cycle.plan_id}/{cycle.key}: decisions do not come to rest")


def settle(cycle: CyclePlan, facts: CycleFacts, now: datetime) -> Settled:
    """Decide until nothing more is to be done at `now`. Raises Unsettled."""
    done: list[Action] = []
    for _ in range(_ROUNDS):
        decision = decide(cycle, facts, now)
        if not decision.actions:
            return Settled(actions=tuple(done), facts=facts, outlook=decision)
        done.extend(decision.actions)
        facts = fold(facts, decision.actions, now)
    raise Unsettled(cycle)


def fold(facts: CycleFacts, actions: Sequence[Action], now: datetime) -> CycleFacts:
    """The facts once `actions` were carried out at `now`."""
    requests = dict(facts.requests)
    ended = facts.ended
    for action in actions:
        if isinstance(action, EndCycle):
            ended = True
            continue
        key: RequestKey = (action.task, action.agency)
        requests[key] = _after(requests.get(key, RequestFacts()), action, now)
    return replace(facts, requests=requests, ended=ended)


def answered(facts: RequestFacts, received_at: datetime, due_at: datetime) -> RequestFacts:
    """A request after a report was accepted for it; one that was accepted before keeps its first standing."""
    if facts.status in (Status.REPORTED, Status.REPORTED_LATE):
        return facts
    status = Status.REPORTED if received_at < due_at else Status.REPORTED_LATE
    return replace(facts, status=status, settled_at=received_at)


def _after(request: RequestFacts, action: Action, now: datetime) -> RequestFacts:
    match action:
        case Hold() | MarkOverdue():
            waiting = isinstance(action, Hold)
            return replace(request, status=Status.WAITING if waiting else Status.OVERDUE)
        case Open(due_on=due_on):
            return replace(request, status=Status.OPEN, opened_at=now, due_on=due_on)
        case TakeOver(due_on=due_on, late=late):
            status = Status.REPORTED_LATE if late else Status.REPORTED
            opened_at = request.opened_at or now
            return replace(request, status=status, opened_at=opened_at, due_on=due_on, settled_at=now)
        case Remind(step=step):
            return replace(request, reminders=step)
        case Escalate(step=step):
            return replace(request, rung=step, escalated_at=now)
        case Close():
            return replace(request, status=Status.MISSING, settled_at=now)
        case Resolve():
            return replace(request, resolved=request.rung)
        case EndCycle() | Redate() | Withdraw():  # what amended the facts before anything was decided
            return request
