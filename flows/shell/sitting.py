"""A sitting: what one transaction has looked up about cycles, so that it is looked up once."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.core.cycle import CyclePlan
from flows.ledger import cycles
from flows.ledger.cycles import StoredCycle
from flows.ledger.database import Transaction
from flows.shell.versions import Versions


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Looks cycles up for the mails that are dealt with in one transaction."""

    tx: Transaction
    versions: Versions
    _plans: dict[int, CyclePlan] = field(default_factory=dict, init=False)
    _locked: dict[int, StoredCycle] = field(default_factory=dict, init=False)

    def plan(self, cycle_id: int) -> CyclePlan:
        """A cycle as it stands."""
        if cycle_id not in self._plans:
            stored = self._locked.get(cycle_id) or cycles.by_id(self.tx, cycle_id)
            self._plans[cycle_id] = self.versions.standing(self.tx, stored)
        return self._plans[cycle_id]

    def cycle(self, cycle_id: int, *, lock: bool) -> StoredCycle:
        """A cycle's own row; with `lock`, nobody else changes it until the transaction ends."""
        if cycle_id in self._locked:
            return self._locked[cycle_id]
        stored = cycles.by_id(self.tx, cycle_id, lock=lock)
        if lock:
            self._locked[cycle_id] = stored
            self._plans.pop(cycle_id, None)  # it may have changed before it was locked
        return stored

    def forget(self) -> None:
        """Look everything up anew: what was just done may have changed it."""
        self._plans.clear()
        self._locked.clear()
