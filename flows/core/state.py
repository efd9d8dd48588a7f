"""The facts of a cycle that a decision is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

RequestKey = tuple[str, str]
"""Task id and agency id: who owes what."""


class Status(StrEnum):
    """Where a report request stands. The four words of official follow-up are reported, reported-late
    (done on time, done late), open and overdue (in progress within the deadline, in progress overdue).
    """

    SCHEDULED = "scheduled"  # opens later
    WAITING = "waiting"  # a task it depends on is still open
    OPEN = "open"
    OVERDUE = "overdue"
    REPORTED = "reported"
    REPORTED_LATE = "reported-late"
    MISSING = "missing"  # closed without a report
    WITHDRAWN = "withdrawn"  # the plan no longer asks for it, or never did in time: owed by nobody

    @property
    def settled(self) -> bool:
        """Whether nothing more is asked of the agency."""
        return self in (Status.REPORTED, Status.REPORTED_LATE, Status.MISSING, Status.WITHDRAWN)

    @property
    def asked(self) -> bool:
        """Whether a report is being asked for."""
        return self in (Status.OPEN, Status.OVERDUE)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """What an automatic answer says of whoever reads a mailbox."""

    back_on: date | None = None
    """The first day back, if it says so."""
    instead: str | None = None
    """The address, in one case, that it names for the meantime."""

    def as_json(self) -> dict[str, str | None]:
        """As the ledger keeps it."""
        return {"back_on": self.back_on.isoformat() if self.back_on else None, "instead": self.instead}

    @classmethod
    def from_json(cls, kept: Mapping[str, str | None]) -> Absence:
        """From what the ledger keeps."""
        back_on = kept["back_on"]
        return cls(back_on=date.fromisoformat(back_on) if back_on else None, instead=kept["instead"])


@dataclass(frozen=True, kw_only=True)
class RequestFacts:
    """What has happened to one request so far."""

    status: Status = Status.SCHEDULED
    opened_at: datetime | None = None
    due_on: date | None = None
    """The last day in time once opened; it may differ from the plan's."""
    reminders: int = 0
    """How many of the scheduled reminders are behind us, sent or overtaken."""
    rung: int = 0
    """The highest rung climbed."""
    escalated_at: datetime | None = None
    """When it was climbed."""
    settled_at: datetime | None = None
    edition: int = 0
    """How often it was asked for or dated anew: each time has letters of its own."""
    resolved: int = 0
    """The highest rung of which those above were told that it is settled."""
    away: Mapping[str, Absence] = field(default_factory=dict)
    """By address, in one case: who was asked for it and is away."""


@dataclass(frozen=True, kw_only=True)
class CycleFacts:
    """What has happened in one cycle so far."""

    requests: Mapping[RequestKey, RequestFacts] = field(default_factory=dict)
    """Requests without an entry are as planned."""
    offered: frozenset[RequestKey] = frozenset()
    """Requests for which the agency's own plan has already ended with a consolidated result."""
    elsewhere: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """For tasks watched in other cycles, by cycle key and task id: when the last of its requests was settled.
    A task without an entry is still open there."""
    ended: bool = False
