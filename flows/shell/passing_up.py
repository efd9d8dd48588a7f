"""Passing up: the consolidated result of a cycle on its way to the plans that it implements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flows.core.cycle import CyclePlan
from flows.core.rollup import Value, passed_up
from flows.core.state import CycleFacts, RequestKey
from flows.ledger import cycles, landings
from flows.ledger.cycles import StoredCycle
from flows.ledger.database import Transaction
from flows.ledger.landings import Landing
from flows.ledger.plans import CycleState
from flows.ledger.tables import Row
from flows.shell.showing.consolidation import consolidated, shown
from flows.shell.values import to_json
from flows.shell.versions import Versions
from schemas.forms import validate_values
from schemas.model import Form


def pass_up(
    tx: Transaction,
    versions: Versions,
    *,
    plan: CyclePlan,
    stored: StoredCycle,
    facts: CycleFacts,
    values: Mapping[RequestKey, Mapping[str, Value]],
    at: datetime,
) -> None:
    """Offer the consolidated result to the plans above, each in the cycle of the same period.

    A task above that is reported with another frequency is answered by another cycle of this plan.
    """
    spec = plan.bundle.spec.plan
    result = consolidated(plan, values, facts)
    names = {agency: found.called for agency, found in plan.bundle.agencies.items()}

    def say(value: Value) -> str:
        return value if isinstance(value, str) else shown(value, spec.language)

    rows: list[Row] = []
    woken: list[int] = []
    for superior in spec.implements:
        if superior.task is None:
            continue
        above = _above(tx, superior.plan, superior.task, plan)
        if above is None:
            continue
        there = versions.cycle(tx, above)
        task = there.by_id.get(superior.task)
        if task is None:
            continue
        issuer = plan.bundle.acting(spec.issuer, task.as_of_on).id
        status = Landing.PENDING
        if issuer not in task.owners:
            status = Landing.NO_PLACE
        elif above.state.over:
            status = Landing.TOO_LATE
        form = there.form(superior.task)
        answer = passed_up(result, form, names, superior.fields, say)
        if status is Landing.PENDING and _lacks_something(form, answer):
            status = Landing.INCOMPLETE
        if status is Landing.PENDING and above.state is CycleState.ACTIVE:
            woken.append(above.id)
        rows.append(
            {
                "from_cycle_id": stored.id,
                "plan_id": superior.plan,
                "cycle_key": above.key,
                "task": superior.task,
                "agency": issuer,
                "status": status,
                "answer": {"values": to_json(answer), "plan": f"{spec.number} – {spec.title}"},
                "created_at": at,
            }
        )
    landings.offer(tx, rows)
    cycles.wake(tx, woken, at)
    cycles.record_result(
        tx,
        stored.id,
        {
            "reported": result.reported,
            "owed": result.owed,
            "fields": {one.field.id: one.value for one in result.fields if one.value is not None},
        },
    )


def _above(tx: Transaction, plan_id: str, task_id: str, plan: CyclePlan) -> StoredCycle | None:
    """Where the result goes: to the cycle of the same period; of what was asked for on demand, to the first
    that the plan above still waits for from the issuer.
    """
    demand = plan.period.demand
    if demand is None:
        return cycles.find(tx, plan_id, plan.key, lock=True)
    issuer = plan.bundle.acting(plan.bundle.spec.plan.issuer, demand.asked_on).id
    for above in cycles.demands(tx, plan_id, lock=True):
        asked = above.demand
        if asked is None or above.state.over or asked.task != task_id or issuer not in asked.agencies:
            continue
        request = cycles.requests(tx, above.id).get((task_id, issuer))
        if request is not None and not request.facts.status.settled:
            return above
    return None


def _lacks_something(form: Form | None, answer: Mapping[str, Value]) -> bool:
    """Whether the answer would not be accepted from anybody else either."""
    return bool(validate_values(form, answer)) if form is not None else not answer
