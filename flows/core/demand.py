"""Demands: reports that a person asks for on a day that no calendar knew (báo cáo đột xuất)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What was asked, of whom, and by when; each is a cycle of its own."""

    task: str
    agencies: tuple[str, ...]
    """Those that each owe a report."""
    due_on: date
    """The last day in time."""
    asked_on: date
    """The day whose agencies and hierarchy hold."""
    number: int = 1
    """Which one of its day in this plan, from 1."""
    note: str | None = None
    """What the agencies are told beside the task."""

    @property
    def key(self) -> str:
        """The cycle's name within its plan. The keys of calendar periods begin with a digit, and those of
        listed periods with a small letter.
        """
        return f"D{self.asked_on.isoformat()}" + (f"-{self.number}" if self.number > 1 else "")

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "task": self.task,
            "agencies": list(self.agencies),
            "due_on": self.due_on.isoformat(),
            "asked_on": self.asked_on.isoformat(),
            "number": self.number,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The demand that was kept."""
        return cls(
            task=kept["task"],
            agencies=tuple(kept["agencies"]),
            due_on=date.fromisoformat(kept["due_on"]),
            asked_on=date.fromisoformat(kept["asked_on"]),
            number=kept["number"],
            note=kept["note"],
        )
