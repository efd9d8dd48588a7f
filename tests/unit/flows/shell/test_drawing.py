"""The picture tells what waits for what, and what is owed only on demand."""

from __future__ import annotations

from flows.shell.showing.deadlines import deadlines
from flows.shell.showing.drawing import draw
from schemas.catalogue import Bundle, Catalogue
from schemas.check import check_contents
from schemas.examples import base
from schemas.model import Language

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
tasks:
  - {id: mot, title: Một, lead: xa-a, report: {due: {by: 15/3/2024}}}
  - id: hai
    title: Hai
    lead: xa-a
    report: {due: {after_task: {task: mot, span: 5 days, on: completed}}}
  - {id: ba, title: Ba, lead: xa-a, report: {kind: on-demand}}
  - {id: bon, title: Bốn, lead: xa-a, report: {every: year}}
"""


def catalogue() -> Catalogue:
    lead = next(name for name in check_contents(base()).catalogue.agencies if name != "ubnd-huyen")
    found = check_contents({**base(), "thu.yaml": PLAN.replace("xa-a", lead).encode()})
    assert "thu" in found.catalogue.plans, [one.render() for one in found.findings]
    return found.catalogue


def bundle() -> Bundle:
    return catalogue().bundle("thu")


def test_what_a_date_is_counted_from_has_an_arrow_and_stands_last_above_it() -> None:
    picture = draw(catalogue(), "thu", Language.VI)
    assert picture.index(">Một<") > picture.index(">Bốn<")
    assert picture.index(">Hai<") > picture.index(">Một<")
    assert picture.count("marker-end") == 1


def test_a_report_on_demand_is_called_so() -> None:
    assert "Báo cáo đột xuất, khi có yêu cầu" in draw(catalogue(), "thu", Language.VI)


def test_an_appointment_of_what_is_owed_once_names_no_period() -> None:
    due = {one.uid: one for one in deadlines(bundle(), Language.VI) if ".due@" in one.uid}
    once, counted, yearly = (due[f"thu.{name}.due@dondoc"] for name in ("once.mot", "once.hai", "2024.bon"))
    assert once.summary == "Hạn báo cáo: Một"
    assert "Số liệu" not in once.description
    assert "Ngày dự kiến" in counted.description
    assert yearly.summary == "Hạn báo cáo: Bốn (Năm 2024)"
    assert "Số liệu chốt đến hết ngày 14/12/2024" in yearly.description
