"""Where what the catalogue says was written: the line of a plan's key, or of a reusable piece's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.declared import Declared, Entry
from schemas.findings import Place
from schemas.tree import Path


@dataclass(frozen=True, kw_only=True)
class Origins:
    """The places of all that was declared in one check."""

    declared: Declared = field(repr=False)

    def plan(self, plan_id: str, *path: str | int) -> Place | None:
        """Where the key at `path` of a plan stands; None when it is not written there."""
        return _written(self.declared.plans.entries.get(plan_id), path)

    def task(self, plan_id: str, task_id: str, *path: str | int) -> Place | None:
        """Where the key at `path` of a task stands; without a path, where its id does."""
        entry = self.declared.plans.entries.get(plan_id)
        if entry is None:
            return None
        for number, task in enumerate(entry.thing.tasks):
            if task.id == task_id:
                return _written(entry, ("tasks", number, *(path or ("id",))))
        return None

    def report(self, plan_id: str, task_id: str, key: str) -> Place | None:
        """Where a key of a task's report stands: with the task, or else in the plan's defaults."""
        own = self.task(plan_id, task_id, "report", key)
        return own or self.plan(plan_id, "defaults", "report", key)

    def piece(self, kind: str, name: str, *path: str | int) -> Place | None:
        """Where the key at `path` of a regime, calendar or escalation stands; None when it is left out there.

        Without a path, where the piece begins.
        """
        for shelf in self.declared.shelves():
            if shelf.kind == kind and (entry := shelf.entries.get(name)) is not None:
                return _written(entry, path) if path else entry.place()
        return None


def _written(entry: Entry[Any] | None, path: Path) -> Place | None:
    if entry is None:
        return None
    whole = (*entry.path, *path)
    node = entry.reading.source.root
    for step in whole:
        if node is None or step not in node.items:
            return None
        node = node.items[step]
    return entry.reading.source.key_place(whole)
