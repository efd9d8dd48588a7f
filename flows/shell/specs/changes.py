"""Changes: what applying specs would change, plan by plan and cycle by cycle, and the token that names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from flows.core.actions import Action, Open
from flows.core.amendment import RequestChange
from flows.core.cycle import CyclePlan
from flows.core.periods import Period
from flows.core.state import RequestFacts, RequestKey
from flows.ledger.plans import CycleState
from notifiers.ports import LetterKind
from schemas.catalogue import Bundle


class Change(StrEnum):
    """What applying does to a plan."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class CycleChange(StrEnum):
    """What applying does to a cycle."""

    NEW = "new"
    CHANGED = "changed"  # it has not begun, and is set up again
    DROPPED = "dropped"  # it has not begun, and the plan has it no longer
    RUNNING = "running"  # it is under way: it changes only when somebody says so
    PAST = "past"  # its due dates have passed before it came into the ledger: nothing is asked
    SAME = "same"  # it has not begun, and nothing of it changes but the version it stands under


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What a person has said yes to."""

    running: bool = False
    """Change cycles that are under way."""
    past: bool = False
    """Ask also for reports whose due date had passed before they came into the ledger."""

    @property
    def letters(self) -> str:
        """The same in a token."""
        return ("r" if self.running else "") + ("p" if self.past else "")

    @classmethod
    def in_token(cls, token: str) -> Confirmed:
        """What the plan with that token was made with."""
        letters = token.partition("-")[2]
        return cls(running="r" in letters, past="p" in letters)


@dataclass(frozen=True, kw_only=True)
class CycleStand:
    """A cycle of the ledger: `plan` as it was promised, and what has happened to its requests."""

    id: int
    state: CycleState
    plan: CyclePlan
    requests: Mapping[RequestKey, RequestFacts]
    offered: frozenset[RequestKey] = frozenset()
    unreached: frozenset[RequestKey] = frozenset()
    """Requests about which no mail has left yet: nobody need hear that they are withdrawn."""


@dataclass(frozen=True, kw_only=True)
class PlanStand:
    """A plan of the ledger; `cycles` only where something about them may change."""

    content_hash: str
    cycles: Mapping[str, CycleStand] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlannedCycle:
    """What would change in one cycle, and what would follow."""

    period: Period
    change: CycleChange
    requests: tuple[RequestChange, ...]
    otherwise: bool = False
    """Whether forms, titles, mailboxes or the policy of those who stay differ as well."""
    carried_out: bool = True
    """False for a cycle under way that nobody said to change."""
    letters: Mapping[LetterKind, int] = field(default_factory=dict)
    """Mails that go out at once."""
    opened: Mapping[RequestKey, Open] = field(default_factory=dict)
    """Requests that open at once, with the due date that they get."""
    next_at: datetime | None = None
    next_action: Action | None = None
    plan: CyclePlan = field(compare=False, repr=False)
    """The version that is to hold; for a dropped cycle, the one that held."""
    was: CyclePlan | None = field(default=None, compare=False, repr=False)
    """The version that held until now."""


@dataclass(frozen=True, kw_only=True)
class PlannedPlan:
    """What would change in one plan."""

    plan_id: str
    number: str
    title: str
    change: Change
    content_hash: str
    was_content_hash: str | None
    cycles: tuple[PlannedCycle, ...]
    bundle: Bundle = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What applying would change; exactly that is what `dondoc apply` does."""

    plans: tuple[PlannedPlan, ...]
    gone: tuple[str, ...]
    """Plans of the ledger that these specs do not have: they go on as they are."""
    confirmed: Confirmed

    @property
    def nothing(self) -> bool:
        """Whether applying would change nothing."""
        return all(
            plan.change is Change.SAME and not any(cycle.carried_out for cycle in plan.cycles)
            for plan in self.plans
        )

    @property
    def waiting(self) -> tuple[PlannedCycle, ...]:
        """Cycles under way that would change if somebody said so."""
        return tuple(cycle for plan in self.plans for cycle in plan.cycles if not cycle.carried_out)

    @property
    def token(self) -> str:
        """A name for exactly these changes: the same as long as neither the specs nor what the ledger says
        about them moves; with what a person has said yes to.
        """
        told = [
            [
                plan.plan_id,
                plan.content_hash,
                plan.was_content_hash,
                *(
                    [
                        one.period.key,
                        one.change,
                        one.otherwise,
                        [_in_token(change) for change in one.requests],
                    ]
                    for one in plan.cycles
                ),
            ]
            for plan in self.plans
        ]
        name = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
        return f"{name}-{self.confirmed.letters}" if self.confirmed.letters else name


def _in_token(change: RequestChange) -> list[Any]:
    was = change.was_due_on.isoformat() if change.was_due_on is not None else None
    return [change.task, change.agency, change.fate, change.due_on.isoformat(), was, change.told]
