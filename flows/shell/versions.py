"""Applied versions in memory: bundles and the cycles compiled from them, each read once per process."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from flows.core.amendment import with_acting, with_earlier
from flows.core.cycle import CyclePlan, cycles, demanded
from flows.core.state import RequestKey
from flows.ledger import petitions, plans
from flows.ledger.cycles import Claimed, StoredCycle
from flows.ledger.database import Ledger, Transaction
from schemas.catalogue import Bundle
from schemas.model import Agency

_KEPT = 256


class Versions:
    """A shelf of plan versions for the threads of a process; content never changes, so nothing goes stale."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._shelf: OrderedDict[int, tuple[Bundle, Mapping[str, CyclePlan]]] = OrderedDict()
        self._issuers: dict[int, str] = {}
        self._lock = threading.Lock()

    def bundle(self, tx: Transaction, version_id: int) -> Bundle:
        """The content of a version."""
        return self._get(tx, version_id)[0]

    def issuer(self, tx: Transaction, version_id: int) -> str:
        """The id of the agency that issued a version's plan; of many versions, without reading each whole."""
        if version_id not in self._issuers:
            plan = json.loads(plans.bundle_json(tx, version_id))["spec"]["plan"]
            self._issuers[version_id] = plan["issuer"]
        return self._issuers[version_id]

    def cycle(self, tx: Transaction, stored: StoredCycle | Claimed) -> CyclePlan:
        """A cycle as its version has it. Raises KeyError when the version has none of that key."""
        bundle, by_key = self._get(tx, stored.version_id)
        if stored.demand is None:
            return by_key[stored.key]
        asked = demanded(bundle, stored.demand)
        if asked is None:
            raise KeyError(stored.key)
        return asked

    def standing(self, tx: Transaction, stored: StoredCycle) -> CyclePlan:
        """A cycle as it stands: under its version, with what only earlier versions of it asked for, and with
        the agencies that answer in the place of others.
        """
        left = plans.left_behind(tx, stored.id)
        before = {key: self.cycle(tx, replace(stored, version_id=id_)) for key, id_ in left.items()}
        return with_acting(with_earlier(self.cycle(tx, stored), before), self.acting(tx, stored.id))

    def acting(self, tx: Transaction, cycle_id: int) -> Mapping[RequestKey, Agency]:
        """The agencies that answer in the place of others in a cycle, by who owes what."""
        others = petitions.acting(tx, cycle_id)
        return {key: Agency.model_validate(agency) for key, agency in others.items()}

    def cycles(self, tx: Transaction, version_id: int) -> Mapping[str, CyclePlan]:
        """All cycles of a version by key, in the order of time."""
        return self._get(tx, version_id)[1]

    def _get(self, tx: Transaction, version_id: int) -> tuple[Bundle, Mapping[str, CyclePlan]]:
        with self._lock:
            if version_id in self._shelf:
                self._shelf.move_to_end(version_id)
                return self._shelf[version_id]
        bundle = Bundle.model_validate_json(plans.bundle_json(tx, version_id))
        entry = (bundle, {cycle.key: cycle for cycle in cycles(bundle)})
        with self._lock:
            self._shelf[version_id] = entry
            if len(self._shelf) > _KEPT:
                self._shelf.popitem(last=False)
        return entry
