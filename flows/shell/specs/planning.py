"""Planning: what applying specs would change against the ledger, as a pure function of facts and a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.core.actions import Open
from flows.core.amendment import Fate, RequestChange, amended, compare, same_otherwise
from flows.core.cycle import CyclePlan, cycles, demanded
from flows.core.fold import settle
from flows.core.state import CycleFacts, RequestFacts, RequestKey
from flows.ledger.plans import CycleState
from flows.shell.specs.changes import (
    Change,
    Changes,
    Confirmed,
    CycleChange,
    CycleStand,
    PlannedCycle,
    PlannedPlan,
    PlanStand,
)
from flows.shell.writing.bundling import Together, mails
from flows.shell.writing.letters import letters_of
from notifiers.ports import LetterKind
from schemas.catalogue import Bundle
from schemas.model import DependsOn


def plan_changes(
    stands: Mapping[str, PlanStand], bundles: Sequence[Bundle], now: datetime, confirmed: Confirmed
) -> Changes:
    """What changes when the plans in `bundles` are applied to a ledger where `stands` holds, at `now`."""
    found = []
    together: Together = {}
    for bundle in bundles:
        spec = bundle.spec.plan
        stand = stands.get(spec.id)
        content_hash = bundle.content_hash()
        same = stand is not None and stand.content_hash == content_hash
        known = stand.cycles if stand is not None else {}
        change = Change.NEW if stand is None else Change.SAME if same else Change.CHANGED
        planned: tuple[PlannedCycle, ...] = ()
        if not same or known:
            planned = tuple(_cycles(bundle, known, now, confirmed, together))
            if same:
                planned = tuple(one for one in planned if one.change is not CycleChange.SAME)
        found.append(
            PlannedPlan(
                plan_id=spec.id,
                number=spec.number,
                title=spec.title,
                change=change,
                content_hash=content_hash,
                was_content_hash=stand.content_hash if stand is not None else None,
                cycles=planned,
                bundle=bundle,
            )
        )
    named = {plan.plan_id for plan in found}
    return Changes(plans=tuple(found), gone=tuple(sorted(set(stands) - named)), confirmed=confirmed)


def planned_afresh(plan: CyclePlan, now: datetime) -> PlannedCycle:
    """A cycle that comes into the ledger by itself, with what follows from it."""
    requests = compare(None, plan, {}, now, with_past=True)
    added = PlannedCycle(period=plan.period, change=CycleChange.NEW, requests=requests, plan=plan)
    return _followed(added, {}, {}, now, {})


def facts_after(
    cycle: PlannedCycle, stand: CycleStand | None, now: datetime
) -> dict[RequestKey, RequestFacts]:
    """The facts of the cycle's requests once its changes are carried out."""
    facts = dict(stand.requests) if stand is not None and stand.state is not CycleState.PAST else {}
    for change in cycle.requests:
        facts[change.key] = amended(facts.get(change.key), change, cycle.plan, now)
    return facts


def _cycles(
    bundle: Bundle,
    known: Mapping[str, CycleStand],
    now: datetime,
    confirmed: Confirmed,
    together: Together,
) -> Iterator[PlannedCycle]:
    compiled = {cycle.key: cycle for cycle in cycles(bundle)}
    for key, stand in known.items():
        demand = stand.plan.period.demand
        if demand is not None and (asked := demanded(bundle, demand)) is not None:
            compiled[key] = asked
    changed = [
        planned
        for key, new in compiled.items()
        if (planned := _cycle(new, known.get(key), now, confirmed)) is not None
    ]
    beside = _after(changed, known, now)
    for planned in changed:
        yield _followed(planned, known, beside, now, together) if planned.carried_out else planned
    for key, stand in known.items():
        if key in compiled or stand.state.over:
            continue
        requests = _compare(stand, None, now, confirmed)
        running = stand.state is CycleState.ACTIVE
        if running and all(one.fate is Fate.ANSWERED for one in requests):
            continue
        gone = PlannedCycle(
            period=stand.plan.period,
            change=CycleChange.RUNNING if running else CycleChange.DROPPED,
            requests=requests if running else tuple(replace(one, told=False) for one in requests),
            carried_out=confirmed.running or not running,
            plan=stand.plan,
            was=stand.plan,
        )
        yield replace(gone, letters=_own_letters(gone)) if gone.carried_out else gone


def _cycle(
    new: CyclePlan, stand: CycleStand | None, now: datetime, confirmed: Confirmed
) -> PlannedCycle | None:
    if stand is None or stand.state is CycleState.PAST:
        requests = compare(None, new, {}, now, with_past=confirmed.past)
        past = all(one.fate is Fate.PAST for one in requests)
        if past and stand is not None:
            return None
        change = CycleChange.PAST if past else CycleChange.NEW
        return PlannedCycle(period=new.period, change=change, requests=requests, plan=new)
    if stand.state.over:
        return None
    requests = _compare(stand, new, now, confirmed)
    otherwise = not same_otherwise(stand.plan, new)
    if stand.state is CycleState.PLANNED:
        change = CycleChange.CHANGED if requests or otherwise else CycleChange.SAME
        return PlannedCycle(
            period=new.period,
            change=change,
            requests=requests,
            otherwise=otherwise,
            plan=new,
            was=stand.plan,
        )
    if not requests and not otherwise:
        return None
    return PlannedCycle(
        period=new.period,
        change=CycleChange.RUNNING,
        requests=requests,
        otherwise=otherwise,
        carried_out=confirmed.running,
        plan=new,
        was=stand.plan,
    )


def _compare(
    stand: CycleStand, new: CyclePlan | None, now: datetime, confirmed: Confirmed
) -> tuple[RequestChange, ...]:
    changes = compare(stand.plan, new, stand.requests, now, with_past=confirmed.past)
    return tuple(
        replace(one, told=False) if one.fate is Fate.WITHDRAWN and one.key in stand.unreached else one
        for one in changes
    )


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """A cycle as the others of its plan will see it."""

    plan: CyclePlan
    requests: Mapping[RequestKey, RequestFacts]
    over_at: datetime | None = None
    """When it was stopped, or left out: nothing need wait for it."""


def _after(
    changed: Sequence[PlannedCycle], known: Mapping[str, CycleStand], now: datetime
) -> Mapping[str, _Beside]:
    """All cycles of a plan as they are once the changes are carried out."""
    silent = (CycleState.STOPPED, CycleState.PAST)
    found = {
        key: _Beside(plan=stand.plan, requests=stand.requests, over_at=now if stand.state in silent else None)
        for key, stand in known.items()
    }
    for one in changed:
        if one.carried_out:
            key = one.period.key
            facts = facts_after(one, known.get(key), now)
            past = one.change is CycleChange.PAST
            found[key] = _Beside(plan=one.plan, requests=facts, over_at=now if past else None)
    return found


def _followed(
    planned: PlannedCycle,
    known: Mapping[str, CycleStand],
    beside: Mapping[str, _Beside],
    now: datetime,
    together: Together,
) -> PlannedCycle:
    """The same with what follows from it: mails that go out at once, and what comes next. `together` counts
    the letters of all cycles that go out with them.
    """
    if planned.change is CycleChange.SAME:
        return planned
    stand = known.get(planned.period.key)
    facts = CycleFacts(
        requests=facts_after(planned, stand, now),
        offered=stand.offered if stand is not None else frozenset(),
        elsewhere=_elsewhere(planned.plan, beside),
    )
    done = settle(planned.plan, facts, now)
    changed = {one.key for one in planned.requests if one.fate is not Fate.ANSWERED}
    letters = _own_letters(planned)
    opened = {}
    new = [one for one in letters_of(done) if (one.task, one.agency) in changed]
    letters += mails(planned.plan, new, together)
    for action in done.actions:
        if isinstance(action, Open):
            opened[action.task, action.agency] = action
    over = planned.change is CycleChange.PAST
    return replace(
        planned,
        letters=letters,
        opened=opened,
        next_at=None if over else done.outlook.wake_at,
        next_action=None if over else done.outlook.next_action,
    )


def _own_letters(planned: PlannedCycle) -> Counter[LetterKind]:
    """Letters about the changes themselves."""
    kinds = {Fate.REDATED: LetterKind.REDATED, Fate.WITHDRAWN: LetterKind.WITHDRAWN}
    return Counter(kinds[one.fate] for one in planned.requests if one.told and one.fate in kinds)


def _elsewhere(plan: CyclePlan, beside: Mapping[str, _Beside]) -> dict[tuple[str, str], datetime]:
    """What is over in the plan's other cycles."""
    found: dict[tuple[str, str], datetime] = {}
    for wait in (wait for task in plan.tasks for wait in task.waits):
        other = beside.get(wait.cycle_key)
        if other is None or wait.task not in other.plan.by_id:
            continue
        if wait.rule.on is DependsOn.DUE:
            found[wait.cycle_key, wait.task] = other.plan.by_id[wait.task].schedule.due_at
        elif other.over_at is not None:
            found[wait.cycle_key, wait.task] = other.over_at
        else:
            facts = [one for (task, _), one in other.requests.items() if task == wait.task]
            settled = [one.settled_at for one in facts if one.status.settled and one.settled_at is not None]
            if facts and len(settled) == len(facts):
                found[wait.cycle_key, wait.task] = max(settled)
    return found
