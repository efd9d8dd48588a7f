"""Promises about plan_specs: what the five source documents oblige stands there, dates and owners alike."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from flows.core.cycle import CyclePlan, cycles
from schemas.catalogue import Bundle, Catalogue
from schemas.check import check
from schemas.model import Frequency

SPECS = Path(__file__).parents[2] / "plan_specs"
SOURCES = ("cau-ngang-99-2024", "dak-lak-143-2024", "cao-bang-2020", "kien-giang-97-2023", "kon-tum-ca-2024")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    result = check([SPECS])
    assert [finding.render() for finding in result.findings] == []
    return result.catalogue


def cycle(catalogue: Catalogue, plan: str, key: str) -> CyclePlan:
    return next(one for one in cycles(catalogue.bundle(plan)) if one.key == key)


def due(cycle_plan: CyclePlan) -> dict[str, date]:
    return {task.id: task.schedule.due_on for task in cycle_plan.tasks}


def owners(bundle: Bundle) -> dict[str, int]:
    return {task.id: len(bundle.owners(task)) for task in bundle.spec.tasks}


def test_the_communes_of_cau_ngang_report_by_29_november_through_the_culture_office(
    catalogue: Catalogue,
) -> None:
    year = cycle(catalogue, "cau-ngang-99-2024", "2024")
    communes = year.by_id["xa-thi-tran"]
    assert len(communes.owners) == 15
    assert communes.report.via == "phong-vhtt-cau-ngang"
    assert communes.schedule.due_on == date(2024, 11, 29), "before 30/11 leaves the 30th out"
    assert communes.cut_off_on < communes.schedule.due_on
    assert "cut_off" in communes.report.assumed


def test_cau_ngang_has_its_four_owners_and_an_interim_review(catalogue: Catalogue) -> None:
    bundle = catalogue.bundle("cau-ngang-99-2024")
    assert {task.source for task in bundle.spec.tasks} == {"III.1", "III.2", "III.3", "III.4"}
    assert due(cycle(catalogue, "cau-ngang-99-2024", "2024-H1")) == {"so-ket-6-thang": date(2024, 6, 19)}


def test_dak_lak_has_sixteen_sections_and_eight_of_them_say_that_their_lead_is_inferred(
    catalogue: Catalogue,
) -> None:
    tasks = catalogue.plans["dak-lak-143-2024"].tasks
    assert len(tasks) == 16
    lost = [number for number, task in enumerate(tasks, start=1) if "mất tiêu đề" in (task.source or "")]
    assert lost == [1, 4, 5, 7, 8, 9, 10, 15]
    assert all("lead" in tasks[number - 1].assumed for number in lost)


def test_every_district_of_dak_lak_names_a_leader_and_a_part_time_officer(catalogue: Catalogue) -> None:
    districts = [catalogue.agencies[one] for one in catalogue.members("dak-lak-cap-huyen")]
    assert len(districts) == 15
    for district in districts:
        assert district.head is not None
        assert "lãnh đạo phụ trách" in (district.head.title or "")
        assert district.focal_point is not None
        assert "kiêm nhiệm" in (district.focal_point.title or "")


def test_dak_lak_answers_two_superiors_and_cau_ngang_one(catalogue: Catalogue) -> None:
    landing = {
        plan: {(one.plan, one.task) for one in catalogue.plans[plan].plan.implements if one.task}
        for plan in SOURCES
    }
    assert landing["dak-lak-143-2024"] == {("nq-47-2024", "dia-phuong"), ("ctr-55-2024", "thuc-hien")}
    assert landing["cau-ngang-99-2024"] == {("tra-vinh-1466-2024", "cap-huyen")}
    assert all(landing.values()), "every source's result has a place to land in"


def test_kien_giang_goes_step_by_step_and_reports_before_10_april(catalogue: Catalogue) -> None:
    once = cycle(catalogue, "kien-giang-97-2023", "once")
    assert due(once) == {"iii-1-trien-khai": date(2023, 12, 31), "iii-2-quan-triet": date(2024, 4, 9)}
    assert [wait.task for wait in once.by_id["iii-2-quan-triet"].waits] == ["iii-1-trien-khai"]
    assert once.by_id["iii-2-quan-triet"].report.via == "ban-tuyen-giao-duk-kien-giang"
    yearly = [
        one
        for one in cycles(catalogue.bundle("kien-giang-97-2023"))
        if one.period.frequency is Frequency.YEAR
    ]
    assert [one.key for one in yearly] == ["2024", "2025"], "no yearly report before the first two steps"
    assert [wait.task for wait in yearly[0].by_id["iii-3-hang-nam"].waits] == ["iii-2-quan-triet"]


def test_kon_tum_has_eight_groups_of_which_the_fourth_reports_monthly(catalogue: Catalogue) -> None:
    bundle = catalogue.bundle("kon-tum-ca-2024")
    every = [report.every for task in bundle.spec.tasks if (report := bundle.report(task)) is not None]
    assert every == [Frequency.MONTH if number == 4 else Frequency.YEAR for number in range(1, 9)]
    working_with = {task.id: set(bundle.coordinating(task)) for task in bundle.spec.tasks}
    both = {"so-tttt-kon-tum", "ban-tuyen-giao-tu-kon-tum"}
    assert working_with["nhom-3-nen-tang-tu-tuong"] == working_with["nhom-8-du-luan"] == both
    assert working_with["nhom-5-bien-gioi"] == {"bch-bdbp-kon-tum"}
    months = [one for one in cycles(bundle) if one.period.frequency is Frequency.MONTH]
    assert len(months) == 12
    assert (months[1].period.from_on, months[1].period.to_on) == (date(2024, 1, 15), date(2024, 2, 14))


def test_cao_bang_gives_work_of_the_whole_year_to_the_whole_province(catalogue: Catalogue) -> None:
    bundle = catalogue.bundle("cao-bang-2020")
    assert owners(bundle)["trien-khai"] == 20
    assert all(task.due is None for task in bundle.spec.tasks), "the source gives no date"
    assert set(due(cycle(catalogue, "cao-bang-2020", "2020")).values()) == {date(2020, 12, 17)}


def test_every_plan_closes_before_the_report_that_it_feeds_is_due(catalogue: Catalogue) -> None:
    landings = 0
    for plan in catalogue.plans.values():
        for above in plan.plan.implements:
            if above.task is None:
                continue
            theirs = {one.key: one for one in cycles(catalogue.bundle(above.plan)) if above.task in one.by_id}
            for own in cycles(catalogue.bundle(plan.plan.id)):
                if own.key in theirs:
                    target = theirs[own.key].by_id[above.task]
                    assert plan.plan.issuer in target.owners
                    assert max(task.schedule.closes_at for task in own.tasks) < target.schedule.due_at, (
                        own.key
                    )
                    assert target.schedule.opens_at < max(task.schedule.due_at for task in own.tasks), own.key
                    landings += 1
    assert landings >= len(SOURCES)


def test_every_form_says_that_it_is_assumed_because_no_source_has_one(catalogue: Catalogue) -> None:
    forms = {**catalogue.forms}
    for plan in catalogue.plans.values():
        forms |= plan.forms
    assert [name for name, form in forms.items() if "fields" not in form.assumed] == []


def test_mail_goes_to_example_domains_only_and_each_mailbox_belongs_to_one_agency(
    catalogue: Catalogue,
) -> None:
    seen: dict[str, str] = {}
    for agency in catalogue.agencies.values():
        people = (agency.head, agency.deputy, agency.focal_point)
        for mailbox in (agency.mailbox, *(person.mailbox for person in people if person is not None)):
            assert mailbox is not None
            assert mailbox.endswith(".example")
            assert seen.setdefault(mailbox, agency.id) == agency.id
        assert not any(person.name for person in people if person is not None), "no names are invented"


def test_all_texts_are_composed_so_that_accents_compare_equal() -> None:
    for path in SPECS.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path
