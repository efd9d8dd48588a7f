"""Every date of a task is told with the line and the rule that made it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.core.cycle import CyclePlan, cycles
from flows.shell.showing.explaining import Explained, Moment, explain
from schemas.check import CheckResult, check, check_contents
from schemas.examples import base
from schemas.model import Language

SPECS = check([Path(__file__).parents[4] / "plan_specs"])
PLAN = """\
dondoc: 1
plan:
  id: thu
  number: 02/KH-UBND
  title: Thử
  issuer: ubnd-huyen
  issued_on: 5/1/2024
  period: {from: 1/1/2024, to: 31/12/2024}
  regime: nd-09-2019
  calendar: viet-nam
  escalation: don-doc
defaults:
  report: {every: year, due: {before: 30/11}, cut_off: {by: 20/11}, form: ket-qua}
tasks:
  - {id: mac-dinh, title: Theo mặc định, lead: [xa-dong, xa-tay]}
  - {id: quy, title: Theo chế độ, lead: xa-dong, report: {every: quarter, due: null, cut_off: null}}
  - id: sau
    title: Sau
    lead: xa-dong
    after: mac-dinh
    report: {due: {by: 4/9}, cut_off: {by: 31/7}}
  - {id: mot-lan, title: Một lần, lead: xa-dong, due: {in_month: 3/2024}, report: {every: once, due: null}}
"""


def explained(
    task: str, cycle: str | None = None, language: Language = Language.EN, plan: str = PLAN
) -> list[Explained]:
    result = check_contents({**base(), "thu.yaml": plan.encode()})
    theirs = {one.key: one for one in cycles(result.catalogue.bundle("thu")) if task in one.by_id}
    return list(explain(theirs[cycle or next(iter(theirs))], task, result.origins, language))


def one(moment: Moment, found: list[Explained]) -> Explained:
    (only,) = (date for date in found if date.moment is moment)
    return only


def where(found: Explained) -> str:
    assert found.place is not None
    return f"{found.place.file}:{found.place.line}"


def test_a_date_from_the_defaults_is_told_at_their_line_and_says_that_the_day_is_excluded() -> None:
    due = one(Moment.DUE, explained("mac-dinh"))

    assert str(due.at) == "2024-11-29"
    assert where(due) == "thu.yaml:13"
    assert due.why == (
        '"before 30 Nov 2024": 30 Nov 2024 itself is too late, the last day is 29 Nov 2024; '
        "written without a year: the one nearest to the end of the period"
    )


def test_a_date_that_the_plan_leaves_open_is_told_by_the_regime() -> None:
    found = explained("quy", "2024-Q1")

    assert str(one(Moment.PERIOD, found).from_on) == "2023-12-15"
    assert str(one(Moment.DUE, found).at) == "2024-03-19"
    assert where(one(Moment.DUE, found)).startswith("thu-vien.yaml:")
    assert "3 working days after the cut-off 14 Mar 2024" in one(Moment.DUE, found).why
    assert "Saturdays and Sundays left out" in one(Moment.DUE, found).why


def test_holidays_that_were_passed_over_are_named() -> None:
    vi = one(Moment.OPENS, explained("sau", language=Language.VI))
    en = one(Moment.OPENS, explained("sau"))

    assert "02/09/2024 (Quốc khánh)" in vi.why
    assert "02 Sep 2024 (National Day)" in en.why


def test_what_a_task_waits_for_is_told() -> None:
    waits = one(Moment.WAITS, explained("sau"))

    assert waits.at is None
    assert where(waits) == "thu.yaml:20"
    assert "“Theo mặc định” (Year 2024) is completed" in waits.why


def test_the_completion_that_a_date_is_counted_from_is_waited_for_by_the_same_line() -> None:
    due = "due: {after_task: {task: mac-dinh, span: 1 week, on: completed}}"
    plan = PLAN.replace("due: {by: 4/9}", due).replace("    after: mac-dinh\n", "")
    found = explained("sau", plan=plan)
    assert "is completed" in one(Moment.WAITS, found).why
    assert where(one(Moment.WAITS, found)) == where(one(Moment.DUE, found))


def test_a_one_off_date_in_a_month_ends_with_its_last_day() -> None:
    due = one(Moment.DUE, explained("mot-lan"))

    assert str(due.at) == "2024-03-31"
    assert due.why == '"in month March 2024": to the end of its last day'


def test_a_rung_says_whom_it_reaches_each_once() -> None:
    rungs = [date for date in explained("mac-dinh") if date.moment is Moment.RUNG]

    assert [len(rung.reaches) for rung in rungs] == [2, 1]
    assert rungs[1].reaches == ("Ủy ban nhân dân huyện <vanthu@huyen.example>",)


@pytest.mark.parametrize(
    ("due", "why"),
    [
        ("after_issue: 10 working days", "10 working days after the plan was issued on 05 Jan 2024"),
        (
            "after_task: {task: mac-dinh, span: 1 week}",
            "1 week after the due date of the task “Theo mặc định”, 29 Nov 2024",
        ),
        (
            "after_task: {task: mac-dinh, span: 1 week, on: completed}",
            "1 week after the day on which the task “Theo mặc định” is completed; planned until then",
        ),
        (
            "before_parent: 5 working days",
            "5 working days before the report of the plan above is due, 24 Jan 2025",
        ),
    ],
)
def test_a_date_counted_from_another_names_it(due: str, why: str) -> None:
    plan = PLAN.replace("due: {by: 4/9}", f"due: {{{due}}}").replace("by: 31/7", "by: 10/1")
    plan = plan.replace("  regime:", "  implements: [{plan: cap-tren, task: bao-cao-nam}]\n  regime:")
    found = one(Moment.DUE, explained("sau", plan=plan))

    assert found.why.startswith(why)
    assert found.place is not None
    assert "span" in found.place.text or "working days" in found.place.text


def test_a_week_and_a_period_of_the_plans_own_are_told_as_such() -> None:
    plan = PLAN.replace("every: quarter", "every: week").replace(
        "  regime:",
        "  periods: [{id: d-1, name: Đợt 1, from: 1/1/2024, to: 31/5/2024, due: {by: 5/6/2024}}]\n  regime:",
    )
    plan = plan.replace("every: once", "every: listed").replace("due: {in_month: 3/2024}, ", "")
    week = one(Moment.PERIOD, explained("quy", plan=plan))
    listed = explained("mot-lan", plan=plan)

    assert "data close at the end of each Sunday" in week.why
    assert one(Moment.PERIOD, listed).why == "the period “Đợt 1”, listed by the plan itself"
    assert one(Moment.DUE, listed).why == '"by 05 Jun 2024": the day included'
    assert where(one(Moment.DUE, listed)) == "thu.yaml:9"


def every_task(result: CheckResult) -> list[tuple[CyclePlan, str]]:
    return [
        (cycle, task.id)
        for plan in result.catalogue.plans
        for cycle in cycles(result.catalogue.bundle(plan))
        for task in cycle.tasks
    ]


@pytest.mark.parametrize("language", Language)
def test_for_every_task_of_the_plans_the_dates_told_are_those_of_the_engine(language: Language) -> None:
    told = 0
    for cycle, task in every_task(SPECS):
        dates = cycle.by_id[task].schedule
        found = explain(cycle, task, SPECS.origins, language)
        at = {moment: [one.at for one in found if one.moment is moment and one.at] for moment in Moment}
        assert at[Moment.DUE] == [dates.due_on]
        assert at[Moment.OPENS] == [dates.opens_at]
        assert sorted(when for when in at[Moment.REMINDER] if isinstance(when, datetime)) == list(
            dates.reminders_at
        )
        assert at[Moment.OVERDUE] == [dates.overdue_at]
        rungs = [one for one in found if one.moment is Moment.RUNG]
        assert [one.step for one in rungs] == list(range(1, len(dates.rungs_at) + 1))
        for rung, rung_at in zip(rungs, dates.rungs_at, strict=True):
            assert rung.at == (rung_at if rung.reaches else None)
        assert at[Moment.CLOSES] == [dates.closes_at]
        assert at[Moment.CUT_OFF] == [cycle.by_id[task].cut_off_on]
        assert all(one.place is not None for one in found)
        told += len(found)
    assert told > 300
