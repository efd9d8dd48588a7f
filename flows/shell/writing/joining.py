"""Joining: cycles of several plans that fall due together and write to the same agencies are decided in one
transaction, so that an agency which owes several reports gets one mail, whichever plans of an issuer ask.

No mail waits for another: the first pass decides for those beside it that are due as well and have not looked
yet, and their own passes, woken at once, find it done. A cycle that would end is left to its own pass, which
has a result to hand on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.clock import Clock
from flows.core.fold import Settled
from flows.ledger import cycles, joining
from flows.ledger.cycles import StoredCycle
from flows.ledger.database import Transaction
from flows.shell.deciding import Decided, Decider
from flows.shell.versions import Versions
from flows.shell.writing.bundling import Place, place_of
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import letters_of

_MOST_DUE = 500
_MOST_BESIDE = 16
"""Cycles that are looked at beside one: a pass holds the locks of all of them."""


@dataclass(frozen=True, kw_only=True)
class Joining:
    """Decides for a cycle within one transaction, together with those that it shares mails with."""

    versions: Versions
    clock: Clock
    identity: Identity
    owner: str
    """The process that will send what is decided."""
    tx: Transaction

    def decide(self, plan_id: str, cycle_key: str) -> tuple[StoredCycle, Decided] | None:
        """Decide for the cycle of that name, and write down all that follows; None when there is none."""
        found = cycles.find(self.tx, plan_id, cycle_key)
        if found is None:
            return None
        beside = self._beside(found)
        locked = {one.id: one for one in cycles.locked(self.tx, [found.id, *(one.id for one in beside)])}
        own = self._decider(locked.pop(found.id))
        places = self._places(own, own.look())
        looked = [one for stored in locked.values() if (one := self._looked(stored))] if places else []
        joined: list[Decider] = []
        while near := [(one, its) for one, its in looked if its & places]:
            # whoever shares a mail with one that goes along goes along too
            looked = [(one, its) for one, its in looked if not its & places]
            joined += [one for one, _ in near]
            places = places.union(*(its for _, its in near))
        return own.stored, own.decide(joined)

    def _beside(self, cycle: StoredCycle) -> Sequence[StoredCycle]:
        """The cycles of the issuer's other plans whose time has come as well, before they are locked."""
        if cycle.state.over:
            return ()
        due = joining.due_beside(self.tx, cycle, self.clock.now(), _MOST_DUE)
        if not due:
            return ()
        issuer = self.versions.issuer(self.tx, cycle.version_id)
        ours = [one for one in due if self.versions.issuer(self.tx, one.version_id) == issuer]
        return ours[:_MOST_BESIDE]

    def _looked(self, cycle: StoredCycle) -> tuple[Decider, frozenset[Place]] | None:
        """What decides for a cycle beside, and where it writes to; None when it is left to its own pass."""
        if cycle.state.over or cycle.wake_at is None or cycle.wake_at > self.clock.now():
            return None
        decider = self._decider(cycle)
        settled = decider.look()
        return None if settled is None or settled.facts.ended else (decider, self._places(decider, settled))

    def _places(self, decider: Decider, settled: Settled | None) -> frozenset[Place]:
        if settled is None:
            return frozenset()
        places = (place_of(decider.plan, one) for one in letters_of(settled))
        return frozenset(one for one in places if one is not None)

    def _decider(self, stored: StoredCycle) -> Decider:
        return Decider(
            versions=self.versions,
            clock=self.clock,
            identity=self.identity,
            owner=self.owner,
            tx=self.tx,
            stored=stored,
        )
