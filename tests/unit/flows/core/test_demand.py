"""What is asked for on demand: a cycle of its own, with the dates of any other request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.core.cycle import CyclePlan, cycles, demanded
from flows.core.demand import Demand
from schemas.model import PlanFile
from tests.bundles import at, bundle, task

DEMAND = Demand(
    task="bao-cao", agencies=("xa-1", "xa-2"), due_on=date(2024, 6, 28), asked_on=date(2024, 3, 12)
)


def opened(*leads: str, demand: Demand = DEMAND, **report: object) -> CyclePlan | None:
    return demanded(bundle(task(lead=list(leads or ("xa-1", "xa-2")), report=report)), demand)


def test_it_opens_when_it_was_asked_for_however_far_the_due_date_is() -> None:
    cycle = opened()
    assert cycle is not None
    dates = cycle.by_id["bao-cao"].schedule
    assert dates.opens_at == at("2024-03-12")
    assert [f"{one:%d/%m}" for one in dates.reminders_at] == ["21/06", "27/06"]
    assert dates.due_on == date(2024, 6, 28)


def test_only_those_who_were_asked_and_lead_the_task_owe_it() -> None:
    cycle = opened("xa-2", "xa-3")
    assert cycle is not None
    assert cycle.by_id["bao-cao"].owners == ("xa-2",)
    assert opened("xa-3") is None
    assert demanded(bundle(task("khac")), DEMAND) is None


def test_a_task_without_a_report_is_answered_in_words() -> None:
    spec = task()
    spec["report"] = "none"
    cycle = demanded(bundle(spec, task("khac")), DEMAND)
    assert cycle is not None
    assert cycle.form("bao-cao") is None


def test_what_is_kept_of_it_comes_back_the_same() -> None:
    noted = replace(DEMAND, note="Gấp", number=2)
    assert Demand.from_json(noted.as_json()) == noted
    assert (DEMAND.key, noted.key) == ("D2024-03-12", "D2024-03-12-2")


def test_a_report_on_demand_without_a_date_has_no_period() -> None:
    def keys(**report: object) -> list[str]:
        return [one.key for one in cycles(bundle(task(report={"kind": "on-demand", **report})))]

    assert keys(due=None) == []
    assert keys() == ["once"]
    assert keys(due=None, every="half-year") == ["2024-H1"]


def test_a_report_on_demand_takes_no_date_from_the_plans_default() -> None:
    base = bundle(task()).spec.model_dump(mode="json")
    base["defaults"] = {"report": {"every": "year", "form": "bieu-mau", "due": {"before": "30/11"}}}
    base["tasks"] = [{"id": "mot", "title": "Một", "lead": "xa-1", "report": {"kind": "on-demand"}}]
    spec = PlanFile.model_validate(base)
    report = spec.report(spec.tasks[0])
    assert report is not None
    assert (report.dated, report.form) == (False, "bieu-mau")
