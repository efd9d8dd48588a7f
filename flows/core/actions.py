"""What a decision may ask for: one value for each thing that can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schemas.model import Rung


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A request's time has come, but a task that it depends on is still open."""

    task: str
    agency: str
    waits_for: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Open:
    """Ask for the report."""

    task: str
    agency: str
    due_on: date
    moved: bool
    """Whether the due date was moved because a dependency ended late."""


@dataclass(frozen=True, kw_only=True)
class TakeOver:
    """Take the consolidated result of the agency's own plan as its report."""

    task: str
    agency: str
    due_on: date
    late: bool
    """Whether the due date had passed."""


@dataclass(frozen=True, kw_only=True)
class Remind:
    """Remind of a report that is not due yet."""

    task: str
    agency: str
    due_on: date
    step: int
    steps: int
    days_left: int
    """Working days until the last day in time."""


@dataclass(frozen=True, kw_only=True)
class MarkOverdue:
    """Tell the agency that its report is late."""

    task: str
    agency: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """Climb one rung: tell somebody above that a report is late."""

    task: str
    agency: str
    due_on: date
    rung: Rung
    step: int
    steps: int
    """The last step that tells somebody who has not been told."""
    days_late: int
    """Working days since the last day in time."""


@dataclass(frozen=True, kw_only=True)
class Close:
    """Stop asking: the report is missing."""

    task: str
    agency: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Redate:
    """Tell an agency that was asked for a report that its due date is another."""

    task: str
    agency: str
    due_on: date
    was_due_on: date


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """Tell an agency that was asked for a report that it is no longer owed."""

    task: str
    agency: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Resolve:
    """Tell those above who were told of a delay that the report came after all, or is no longer owed."""

    task: str
    agency: str
    due_on: date
    came_at: datetime | None
    """When the report came; None when it was withdrawn."""


@dataclass(frozen=True, kw_only=True)
class EndCycle:
    """Consolidate what came and end the cycle."""


Action = (
    Hold | Open | TakeOver | Remind | MarkOverdue | Escalate | Close | Resolve | EndCycle | Redate | Withdraw
)
"""`Redate` and `Withdraw` come from a new version of the plan, all others from a decision."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to do now, in order, and when to look again; `wake_at` is None when only a reply, another cycle or
    nothing at all can bring news.
    """

    actions: tuple[Action, ...]
    wake_at: datetime | None
    next_action: Action | None
    """What the next waking is for, as far as it can be foreseen."""


def name_of(action: Action) -> str:
    """The action's name in the journal and in JSON: "open", "take-over"."""
    words = "".join(f"-{char.lower()}" if char.isupper() else char for char in type(action).__name__)
    return words.lstrip("-")
