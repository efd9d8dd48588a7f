"""Due dates along the chain: counted from the issue, from other tasks, and backwards from plans above."""

from __future__ import annotations

from datetime import date

from flows.core.cycle import CyclePlan, cycles
from schemas.catalogue import Bundle, Catalogue
from schemas.check import check_contents
from tests.bundles import bundle, task
from tests.unit.schemas.corpus import right


def due(cycle: CyclePlan) -> dict[str, date]:
    return {one.id: one.schedule.due_on for one in cycle.tasks}


def checked(plans: dict[str, str]) -> Catalogue:
    files = {name: content for name, content in right().items() if "cap-" not in name}
    result = check_contents(files | {name: text.encode() for name, text in plans.items()})
    assert [finding.render() for finding in result.findings if finding.severity == "error"] == []
    return result.catalogue


def plan(id_: str, issuer: str, tasks: str, implements: str = "[]") -> str:
    return f"""
plan:
  id: {id_}
  number: 1/KH
  title: Kế hoạch
  issuer: {issuer}
  issued_on: 2024-01-02
  period: {{from: 2024-01-01, to: 2024-12-31}}
  implements: {implements}
  regime: nd-09
  calendar: viet-nam
  escalation: thuong
tasks: {tasks}
"""


def test_a_date_counted_from_the_issue_and_one_counted_from_that() -> None:
    (once,) = cycles(
        bundle(
            task("sau", report={"due": {"after_task": {"task": "truoc", "span": "1 month"}}}),
            task("truoc", report={"due": {"after_issue": "10 working days"}}),
            issued_on="2024-03-01",
        )
    )
    assert due(once) == {"truoc": date(2024, 3, 15), "sau": date(2024, 4, 15)}


def test_each_period_counts_from_the_task_of_the_same_period() -> None:
    found = cycles(
        bundle(
            task(
                "gom", report={"every": "quarter", "due": {"after_task": {"task": "gui", "span": "2 days"}}}
            ),
            task("gui", report={"every": "quarter", "due": {"after_cut_off": "3 days"}}),
        )
    )
    assert [due(one)["gom"] for one in found][:2] == [date(2024, 3, 19), date(2024, 6, 19)]


def test_a_child_is_due_so_long_before_its_parent_in_each_period() -> None:
    catalogue = checked(
        {
            "tinh.yaml": plan(
                "tinh",
                "ubnd-tinh",
                "[{id: nam, title: N, lead: ubnd-huyen, report: {every: year, due: {by: 20/12}}},"
                " {id: quy, title: Q, lead: ubnd-huyen, report: {every: quarter}}]",
            ),
            "huyen.yaml": plan(
                "huyen",
                "ubnd-huyen",
                "[{id: nam, title: N, lead: xa-1,"
                " report: {every: year, due: {before_parent: 5 working days}}},"
                " {id: quy, title: Q, lead: cac-xa, report: {every: quarter, due: {before_parent: 1 day}}}]",
                "[{plan: tinh, task: nam}, {plan: tinh, task: quy}]",
            ),
        }
    )
    found = {one.key: one for one in cycles(catalogue.bundle("huyen"))}
    parent = {one.key: one for one in cycles(catalogue.bundle("tinh"))}

    assert due(found["2024"])["nam"] == date(2024, 12, 13), "five working days before Friday 20/12"
    for key in ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"):
        assert (due(parent[key])["quy"] - due(found[key])["quy"]).days == 1


def test_the_earliest_of_several_parents_counts_and_the_chain_goes_all_the_way_up() -> None:
    year = "[{{id: nam, title: N, lead: {lead}, report: {{every: year, due: {{{due}}}}}}}]"
    catalogue = checked(
        {
            "a.yaml": plan("a", "ubnd-tinh", year.format(lead="ubnd-huyen", due="by: 25/12")),
            "b.yaml": plan("b", "ubnd-tinh", year.format(lead="ubnd-huyen", due="by: 23/12")),
            "c.yaml": plan(
                "c",
                "ubnd-huyen",
                year.format(lead="phong-vhtt", due="before_parent: 2 days"),
                "[{plan: a, task: nam}, {plan: b, task: nam}]",
            ),
            "d.yaml": plan(
                "d",
                "phong-vhtt",
                year.format(lead="cac-xa", due="before_parent: 3 days"),
                "[{plan: c, task: nam}]",
            ),
        }
    )
    kept = Bundle.model_validate_json(catalogue.bundle("d").model_dump_json(by_alias=True))
    (only,) = cycles(kept)
    assert due(only) == {"nam": date(2024, 12, 18)}, "23/12, less 2 days, less 3 days"


def test_a_bundle_knows_nothing_of_the_plans_above_unless_a_date_hangs_on_them() -> None:
    catalogue = check_contents(right()).catalogue
    assert catalogue.bundle("cap-tren").above == []
    (above, *_) = catalogue.bundle("cap-duoi").above
    assert above.task == "bao-cao"
