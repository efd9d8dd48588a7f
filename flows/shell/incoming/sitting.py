"""A sitting: some mails dealt with in one transaction. What it looks up is looked up once, and what follows
from the mails is written when it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flows.core.cycle import CyclePlan
from flows.ledger.cycles import StoredCycle
from flows.ledger.database import Transaction
from flows.ledger.dossier import Dossier
from flows.shell.versions import Versions


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Looks up what mails are about; `sitting` opens one."""

    dossier: Dossier
    versions: Versions
    _plans: dict[int, CyclePlan] = field(default_factory=dict, init=False)

    @property
    def tx(self) -> Transaction:
        """The transaction, for what the dossier does not keep. Ask for it anew for each use."""
        return self.dossier.tx

    def plan(self, cycle_id: int) -> CyclePlan:
        """A cycle as it stands."""
        if cycle_id not in self._plans:
            stored = self.dossier.cycle(cycle_id)
            self._plans[cycle_id] = self.versions.standing(self.dossier.beside, stored)
        return self._plans[cycle_id]

    def cycle(self, cycle_id: int) -> StoredCycle:
        """A cycle's own row."""
        return self.dossier.cycle(cycle_id)

    def lock(self, *cycle_ids: int) -> None:
        """Let nobody else change these cycles until the transaction ends."""
        for id_ in self.dossier.lock(cycle_ids):
            self._plans.pop(id_, None)  # it may have changed before it was locked

    def forget(self) -> None:
        """Look everything up anew: what was just done may have changed it."""
        self._plans.clear()
        self.dossier.release()


@contextmanager
def sitting(tx: Transaction, versions: Versions) -> Iterator[Sitting]:
    """A sitting; at its end all is written that follows, unless it fails."""
    opened = Sitting(dossier=Dossier(tx), versions=versions)
    yield opened
    opened.dossier.write()
