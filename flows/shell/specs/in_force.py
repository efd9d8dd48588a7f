"""Dates in force: what the ledger knows of a task's due dates in a period that the specs do not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.core.cycle import CyclePlan
from flows.core.state import Status
from flows.ledger import cycles, petitions
from flows.ledger.cycles import StoredRequest
from flows.ledger.database import Ledger
from flows.ledger.petitions import Petition, Standing
from flows.shell.versions import Versions


class Reason(StrEnum):
    """Why a due date in force is not the one that the specs say."""

    EXTENDED = "extended"  # more time was granted
    MOVED = "moved"  # it opened late, or another version of the plan moved it
    NOT_APPLIED = "not-applied"  # the specs have changed, and nobody has applied them


@dataclass(frozen=True, kw_only=True)
class InForce:
    """One agency's due date as the ledger has it."""

    agency: str
    called: str
    due_on: date
    reason: Reason


def in_force(ledger: Ledger, cycle: CyclePlan, task_id: str) -> Sequence[InForce]:
    """The due dates of a task in a period, as `cycle` has it in the specs, that are others in the ledger;
    those that are open or were answered, in the order of the agencies.
    """
    versions = Versions(ledger)
    with ledger.read() as tx:
        stored = cycles.find(tx, cycle.plan_id, cycle.key)
        if stored is None:
            return ()
        applied = versions.standing(tx, stored)
        requests = cycles.requests(tx, stored.id)
        asked = petitions.of_cycle(tx, stored.id)
    if task_id not in applied.by_id:
        return ()
    desk = _Desk(cycle=cycle, applied=applied, task_id=task_id)
    owners = applied.by_id[task_id].owners
    found = ((agency, requests[task_id, agency]) for agency in owners if (task_id, agency) in requests)
    return tuple(one for agency, request in found for one in desk.look(agency, request, asked))


@dataclass(frozen=True, kw_only=True)
class _Desk:
    cycle: CyclePlan
    applied: CyclePlan
    task_id: str

    def look(
        self, agency: str, request: StoredRequest, asked: Mapping[int, Sequence[Petition]]
    ) -> Iterator[InForce]:
        applied_on = self.applied.by_id[self.task_id].schedule.due_on
        due_on = request.facts.due_on or applied_on
        if (
            request.facts.status is Status.WITHDRAWN
            or due_on == self.cycle.by_id[self.task_id].schedule.due_on
        ):
            return
        granted = (one.until_on for one in asked.get(request.id, ()) if one.standing is Standing.GRANTED)
        if due_on in granted:
            reason = Reason.EXTENDED
        else:
            reason = Reason.NOT_APPLIED if due_on == applied_on else Reason.MOVED
        called = self.applied.bundle.agencies[agency].called
        yield InForce(agency=agency, called=called, due_on=due_on, reason=reason)
