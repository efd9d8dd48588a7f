"""Due dates counted from the completion of another task: earlier or later than planned, never guessed."""

from __future__ import annotations

from datetime import date

from flows.core.amendment import compare
from flows.core.cycle import CyclePlan
from flows.core.state import CycleFacts, RequestFacts, Status
from tests.bundles import at, cycle, task
from tests.stories import Story

KEY = ("sau", "xa-2")


def plan(span: str = "5 working days", *, lead: str | list[str] = "xa-1", on: str = "completed") -> CyclePlan:
    """`truoc` is due on 29/11; `sau` so long after it."""
    counted = {"after_task": {"task": "truoc", "span": span, "on": on}}
    return cycle(task("sau", lead="xa-2", report={"due": counted}), task("truoc", lead=lead))


def begun(span: str = "5 working days", **more: str | list[str]) -> Story:
    story = Story(plan(span, **more))  # type: ignore[arg-type] - what a plan takes
    story.look(at("2024-11-15"))
    return story


def test_it_is_planned_from_the_due_date_and_waits() -> None:
    found = plan().by_id["sau"]
    assert found.schedule.due_on == date(2024, 12, 6)
    assert [wait.task for wait in found.waits] == ["truoc"]
    assert plan(on="due").by_id["sau"].waits == ()


def test_completed_early_it_is_due_early() -> None:
    story = begun()
    story.answer(at("2024-11-18 09:00"), "truoc")
    assert story.look(at("2024-11-18 09:00")) == ["open sau/xa-2 due 25/11"]
    assert story.next() == ("22/11 08:00", ["remind sau/xa-2 2/2, 1 left"])
    assert story.next() == ("26/11 08:00", ["markoverdue sau/xa-2"])


def test_completed_late_it_is_due_late() -> None:
    story = begun()
    while story.wake_at is not None and story.wake_at < at("2024-12-03"):
        story.next()
    assert story.request("sau", "xa-2").status is Status.WAITING
    story.answer(at("2024-12-03 10:00"), "truoc")
    assert story.look(at("2024-12-03 10:00")) == ["open sau/xa-2 due 10/12"]


def test_the_last_of_several_reports_completes_it() -> None:
    story = begun(lead=["xa-1", "xa-3"])
    story.answer(at("2024-11-18 09:00"), "truoc", "xa-1")
    assert story.look(at("2024-11-18 09:00")) == []
    story.answer(at("2024-11-20 09:00"), "truoc", "xa-3")
    assert story.look(at("2024-11-20 09:00")) == ["open sau/xa-2 due 27/11"]


def test_a_long_span_asks_only_when_the_new_date_comes_near() -> None:
    story = begun("2 months")
    story.answer(at("2024-11-18 09:00"), "truoc")
    assert story.look(at("2024-11-18 09:00")) == []
    assert story.next() == ("06/01 08:00", ["open sau/xa-2 due 18/01"])


def test_what_was_closed_as_missing_counts_from_that_day() -> None:
    story = begun()
    happened = dict(story.until_the_end())
    assert happened["11/12 17:00"][0] == "close truoc/xa-1"
    assert happened["12/12 08:00"] == ["open sau/xa-2 due 18/12"]


def test_what_was_withdrawn_leaves_the_dates_as_planned() -> None:
    story = begun()
    gone = RequestFacts(status=Status.WITHDRAWN, settled_at=at("2024-11-18"))
    story.facts = CycleFacts(requests={**story.facts.requests, ("truoc", "xa-1"): gone})
    assert story.look(at("2024-11-18")) == []
    assert story.next() == ("22/11 08:00", ["open sau/xa-2 due 06/12"])


def test_a_new_version_that_changes_only_the_plan_keeps_a_date_once_counted() -> None:
    story = begun()
    story.answer(at("2024-11-18 09:00"), "truoc")
    story.look(at("2024-11-18 09:00"))
    facts, now = story.facts.requests, at("2024-11-19")
    later = cycle(
        task(
            "sau", lead="xa-2", report=plan().by_id["sau"].report.model_dump(mode="json", exclude_none=True)
        ),
        task("truoc", report={"due": {"by": "2024-12-13"}}),
    )
    assert [one for one in compare(plan(), later, facts, now, with_past=False) if one.key == KEY] == []


def test_a_new_version_with_another_span_moves_it_from_the_day_of_completion() -> None:
    story = begun()
    story.answer(at("2024-11-18 09:00"), "truoc")
    story.look(at("2024-11-18 09:00"))
    (change,) = compare(
        plan(), plan("10 working days"), story.facts.requests, at("2024-11-19"), with_past=False
    )
    assert (change.key, change.was_due_on, change.due_on) == (KEY, date(2024, 11, 25), date(2024, 12, 2))
    assert change.told


def test_tasks_stand_after_those_that_they_are_counted_from() -> None:
    found = cycle(
        task("ba", after="hai"),
        task("hai", report={"due": {"after_task": {"task": "mot", "span": "1 day", "on": "completed"}}}),
        task("mot"),
    )
    assert [one.id for one in found.tasks] == ["mot", "hai", "ba"]
