"""What holds for any plan, any silence and any downtime."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.actions import Close, Escalate, Hold, MarkOverdue, Open, Remind, Resolve, TakeOver
from flows.core.cycle import CyclePlan
from flows.core.decide import decide
from flows.core.fold import answered, settle
from flows.core.state import CycleFacts, RequestFacts, Status
from schemas.model import Escalation
from tests.bundles import at, cycle, task

SPANS = st.builds("{} {}".format, st.integers(0, 12), st.sampled_from(["working days", "days"]))
START = at("2024-01-02")
LONG_AFTER = at("2032-01-05")


@st.composite
def plans(draw: st.DrawFn) -> CyclePlan:
    policy = Escalation.model_validate(
        {
            "title": "x",
            "opens": draw(SPANS),
            "reminders": draw(st.lists(SPANS, max_size=3)),
            "ladder": [{"after": span, "to": "superior"} for span in draw(st.lists(SPANS, max_size=3))],
            "closes": draw(SPANS),
            "at_least": draw(SPANS),
        }
    )
    tasks = []
    for n in range(draw(st.integers(1, 4))):
        after: list[dict[str, Any]] = []
        for earlier in draw(st.lists(st.sampled_from(range(n)), unique=True)) if n else []:
            after.append({"task": f"n-{earlier}", "on": draw(st.sampled_from(["completed", "due"]))})
            if draw(st.booleans()):
                after[-1]["lag"] = draw(SPANS)
        day = draw(st.dates(at("2024-01-02").date(), at("2024-12-31").date()))
        lead = [f"xa-{x}" for x in range(1, draw(st.integers(1, 3)) + 1)]
        tasks.append(task(f"n-{n}", lead=lead, after=after, report={"due": {"by": day.isoformat()}}))
    return cycle(*tasks, policy=policy)


@st.composite
def lives(draw: st.DrawFn) -> tuple[CyclePlan, list[tuple[Any, tuple[Any, ...]]], CycleFacts]:
    """A plan played to its end, with reports, results from below and downtimes as chance has it."""
    plan = draw(plans())
    keys = [(one.id, agency) for one in plan.tasks for agency in one.owners]
    chance = draw(st.randoms(use_true_random=False))
    facts, now, happened = CycleFacts(), START, []
    for _ in range(400):
        done = settle(plan, facts, now)
        again = settle(plan, done.facts, now)
        assert again.actions == (), "deciding twice at the same time gives something new"
        assert again.outlook == done.outlook
        happened.append((now, done.actions))
        facts, wake_at = done.facts, done.outlook.wake_at
        assert wake_at is None or wake_at > now
        if wake_at is None:
            break
        key = chance.choice(keys)
        match chance.randrange(6):
            case 0 if facts.requests.get(key, RequestFacts()).status.asked:
                received = now + (wake_at - now) / 2
                due = plan.rescheduled(plan.by_id[key[0]], facts.requests[key].due_on).due_at
                facts = replace(
                    facts, requests={**facts.requests, key: answered(facts.requests[key], received, due)}
                )
                now = received
            case 1:
                facts, now = replace(facts, offered=facts.offered | {key}), now + (wake_at - now) / 2
            case 2:
                now = wake_at + timedelta(days=chance.randrange(60), hours=chance.randrange(24))
            case _:
                now = wake_at
    return plan, happened, facts


@settings(max_examples=120)
@given(lives())
def test_every_request_is_settled_in_the_end_and_the_cycle_ends(life) -> None:  # noqa: ANN001
    plan, happened, facts = life
    assert facts.ended
    assert happened[-1][0] < LONG_AFTER
    for one in plan.tasks:
        assert all(facts.requests[one.id, agency].status.settled for agency in one.owners)


@settings(max_examples=120)
@given(lives())
def test_what_happens_to_a_request_happens_once_and_in_order(life) -> None:  # noqa: ANN001
    plan, happened, _facts = life
    story: dict[tuple[str, str], list[tuple[Any, Any]]] = defaultdict(list)
    for now, actions in happened:
        for action in actions:
            if hasattr(action, "task"):
                story[action.task, action.agency].append((now, action))
    for (task_id, _), events in story.items():
        kinds = [type(action) for _, action in events]
        order = [Hold, Open, Remind, MarkOverdue, Escalate, Close, TakeOver, Resolve]
        assert [order.index(kind) for kind in kinds] == sorted(order.index(kind) for kind in kinds)
        assert all(kinds.count(kind) <= 1 for kind in (Hold, Open, MarkOverdue, Close, TakeOver, Resolve))
        assert not {Close, TakeOver} <= set(kinds)
        reminders = [action.step for _, action in events if isinstance(action, Remind)]
        assert reminders == sorted(set(reminders))
        rungs = [(now, action.step) for now, action in events if isinstance(action, Escalate)]
        assert [step for _, step in rungs] == list(range(1, len(rungs) + 1))
        day_of = plan.calendar.day_of
        assert all(day_of(one[0]) < day_of(following[0]) for one, following in pairwise(rungs))
        assert Resolve not in kinds or (rungs and Close not in kinds)
        if Close in kinds:
            assert len(rungs) == len(plan.by_id[task_id].policy.ladder)
        opened = [(now, action) for now, action in events if isinstance(action, Open)]
        assert all(day_of(now) <= action.due_on for now, action in opened)


@settings(max_examples=60)
@given(plans())
def test_a_task_opens_only_after_what_it_waits_for(plan: CyclePlan) -> None:
    facts, now = CycleFacts(), START
    while True:
        done = settle(plan, facts, now)
        for action in done.actions:
            if isinstance(action, Open):
                for wait in plan.by_id[action.task].waits:
                    before = plan.by_id[wait.task]
                    if wait.rule.on == "completed":
                        settled = [done.facts.requests[wait.task, one].settled_at for one in before.owners]
                        assert all(one is not None and one <= now for one in settled)
                    else:
                        assert before.schedule.due_at <= now
        facts = done.facts
        if done.outlook.wake_at is None:
            break
        now = done.outlook.wake_at
    assert facts.ended


@settings(max_examples=60)
@given(plans(), st.integers(0, 700))
def test_silence_and_downtime_of_any_length_lead_to_the_same_end(plan: CyclePlan, days: int) -> None:
    facts, now = CycleFacts(), START + timedelta(days=days)
    while (done := settle(plan, facts, now)).outlook.wake_at is not None:
        facts, now = done.facts, done.outlook.wake_at
    assert done.facts.ended
    assert {one.status for one in done.facts.requests.values()} == {Status.MISSING}
    assert decide(plan, done.facts, LONG_AFTER).actions == ()
