"""Planning: a pure comparison of the ledger's facts with specs, and a token for exactly its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flows.core.amendment import Fate
from flows.core.cycle import CyclePlan, cycles
from flows.core.state import RequestFacts, RequestKey, Status
from flows.ledger.plans import CycleState
from flows.shell.specs.changes import Change, Changes, Confirmed, CycleChange, CycleStand, PlanStand
from flows.shell.specs.planning import facts_after, plan_changes
from schemas.catalogue import Bundle
from tests.bundles import at, bundle, task

NOW = "2024-11-18"
PROMISED = bundle(task(lead=["xa-1", "xa-2"]))
OPEN = RequestFacts(status=Status.OPEN, opened_at=at("2024-11-15"), due_on=date(2024, 11, 29))
ASKED: dict[RequestKey, RequestFacts] = {("bao-cao", "xa-1"): OPEN, ("bao-cao", "xa-2"): OPEN}


def stand(
    promised: Bundle,
    state: CycleState,
    requests: Mapping[RequestKey, RequestFacts] | None = None,
    **more: frozenset[RequestKey],
) -> dict[str, PlanStand]:
    known = {
        cycle.key: CycleStand(
            id=number,
            state=state,
            plan=cycle,
            requests=requests if requests is not None else _scheduled(cycle),
            **more,
        )
        for number, cycle in enumerate(cycles(promised), start=1)
    }
    return {promised.spec.plan.id: PlanStand(content_hash=promised.content_hash(), cycles=known)}


def _scheduled(cycle: CyclePlan) -> dict[RequestKey, RequestFacts]:
    return {(one.id, agency): RequestFacts() for one in cycle.tasks for agency in one.owners}


def planned(
    stands: dict[str, PlanStand],
    *bundles: Bundle,
    now: str = NOW,
    confirmed: Confirmed = Confirmed(),  # noqa: B008 - frozen
) -> Changes:
    return plan_changes(stands, bundles, at(now), confirmed)


def test_a_new_plan_says_what_goes_out_now_and_what_comes_next() -> None:
    changes = planned({}, PROMISED)
    (one,) = changes.plans
    (cycle,) = one.cycles
    assert (one.change, one.was_content_hash, cycle.change) == (Change.NEW, None, CycleChange.NEW)
    assert cycle.letters == {"request": 2}
    assert cycle.next_at == at("2024-11-22")
    assert not changes.nothing
    early = planned({}, PROMISED, now="2024-11-01").plans[0].cycles[0]
    assert (early.letters, early.opened, early.next_at) == ({}, {}, at("2024-11-15"))


def test_a_new_plan_whose_time_is_short_moves_its_dates_and_says_so() -> None:
    (cycle,) = planned({}, PROMISED, now="2024-11-28").plans[0].cycles
    assert {(one.due_on, one.moved) for one in cycle.opened.values()} == {(date(2024, 12, 3), True)}


def test_a_plan_that_stands_as_it_is_changes_nothing() -> None:
    changes = planned(stand(PROMISED, CycleState.ACTIVE, ASKED), PROMISED)
    assert changes.nothing
    assert changes.plans[0].change is Change.SAME
    assert changes.plans[0].cycles == ()


def test_a_cycle_that_has_not_begun_is_set_up_again_freely() -> None:
    new = bundle(task(lead="xa-2", report={"due": {"by": "2024-12-06"}}), task("them", lead="xa-3"))
    (cycle,) = planned(stand(PROMISED, CycleState.PLANNED), new, now="2024-11-01").plans[0].cycles
    assert (cycle.change, cycle.carried_out, cycle.letters) == (CycleChange.CHANGED, True, {})
    assert [(one.task, one.agency, one.fate) for one in cycle.requests] == [
        ("bao-cao", "xa-2", Fate.REDATED),
        ("them", "xa-3", Fate.OPENED),
        ("bao-cao", "xa-1", Fate.WITHDRAWN),
    ]
    assert not any(one.told for one in cycle.requests)


def test_a_cycle_that_the_plan_no_longer_has_is_dropped_before_it_begins() -> None:
    quarterly = bundle(task(report={"every": "quarter", "due": None}))
    gone = [
        one
        for one in planned(stand(PROMISED, CycleState.PLANNED), quarterly).plans[0].cycles
        if one.change is CycleChange.DROPPED
    ]
    assert [one.period.key for one in gone] == ["once"]


def test_a_cycle_under_way_changes_only_when_somebody_says_so() -> None:
    new = bundle(task(lead="xa-1", report={"due": {"by": "2024-12-06"}}))
    stands = stand(PROMISED, CycleState.ACTIVE, ASKED)
    kept = planned(stands, new)
    (cycle,) = kept.waiting
    assert cycle.letters == {}
    said = planned(stands, new, confirmed=Confirmed(running=True))
    (cycle,) = said.plans[0].cycles
    assert (cycle.carried_out, cycle.letters) == (True, {"re-dated": 1, "withdrawn": 1})
    assert said.waiting == ()
    after = facts_after(cycle, stands["ke-hoach"].cycles["once"], at(NOW))
    assert after["bao-cao", "xa-2"].status is Status.WITHDRAWN
    assert after["bao-cao", "xa-1"].due_on == date(2024, 12, 6)


def test_nobody_hears_of_a_withdrawal_whom_no_request_has_reached() -> None:
    stands = stand(PROMISED, CycleState.ACTIVE, ASKED, unreached=frozenset(ASKED))
    new = bundle(task(lead="xa-1"))
    (cycle,) = planned(stands, new, confirmed=Confirmed(running=True)).plans[0].cycles
    assert cycle.letters == {}


def test_what_is_over_stays_over_whatever_the_specs_say() -> None:
    new = bundle(task(lead="xa-5", report={"due": {"by": "2024-12-06"}}))
    for state in (CycleState.ENDED, CycleState.STOPPED):
        changes = planned(stand(PROMISED, state, ASKED), new, confirmed=Confirmed(running=True, past=True))
        assert changes.plans[0].cycles == ()


def test_a_period_that_was_past_is_asked_for_once_its_dates_lie_ahead_again() -> None:
    later = bundle(task(lead=["xa-1", "xa-2"], report={"due": {"by": "2024-12-27"}}))
    skipped = {key: RequestFacts(status=Status.WITHDRAWN, settled_at=at(NOW)) for key in ASKED}
    stands = stand(PROMISED, CycleState.PAST, skipped)
    assert planned(stands, PROMISED, now="2024-12-10").nothing
    (cycle,) = planned(stands, later, now="2024-12-16").plans[0].cycles
    assert (cycle.change, cycle.letters) == (CycleChange.NEW, {"request": 2})


def test_a_token_stays_while_nothing_moves_and_changes_with_what_would_be_done() -> None:
    new = bundle(task(lead="xa-1"))
    stands = stand(PROMISED, CycleState.ACTIVE, ASKED)
    token = planned(stands, new).token
    assert token == planned(stands, new, now="2024-11-18 16:59").token
    reported = ASKED | {
        ("bao-cao", "xa-2"): RequestFacts(status=Status.REPORTED, due_on=OPEN.due_on, settled_at=at(NOW))
    }
    others = {
        "spec": planned(stands, bundle(task(lead="xa-1"), title="Khác")),
        "ledger": planned(stand(PROMISED, CycleState.ACTIVE, reported), new),
        "confirmed": planned(stands, new, confirmed=Confirmed(running=True)),
        "plans": planned(stands, new, bundle(id="khac")),
    }
    assert len({token, *(one.token for one in others.values())}) == 5


def test_a_token_knows_what_was_confirmed_when_it_was_made() -> None:
    for confirmed in (Confirmed(), Confirmed(running=True), Confirmed(running=True, past=True)):
        assert Confirmed.in_token(planned({}, PROMISED, confirmed=confirmed).token) == confirmed


def test_plans_of_the_ledger_that_the_specs_do_not_have_are_named() -> None:
    changes = planned(stand(PROMISED, CycleState.ACTIVE, ASKED))
    assert (changes.gone, changes.nothing) == (("ke-hoach",), True)
