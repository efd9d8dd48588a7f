"""Applying: sound plans become cycles in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from flows.clock import Clock
from flows.core.cycle import cycles
from flows.ledger.database import Ledger
from flows.ledger.plans import Applied, apply_plan
from schemas.catalogue import Catalogue


def apply(ledger: Ledger, catalogue: Catalogue, clock: Clock) -> Sequence[Applied]:
    """Record every plan of the catalogue, each in a transaction of its own, in the order of their ids.

    A plan that is already applied as it is changes nothing; of a changed one, cycles that have begun keep the
    version they were begun under.
    """
    done = []
    for plan_id in sorted(catalogue.plans):
        bundle = catalogue.bundle(plan_id)
        compiled = cycles(bundle)
        with ledger.write() as tx:
            done.append(apply_plan(tx, bundle, compiled, clock.now()))
    return done
