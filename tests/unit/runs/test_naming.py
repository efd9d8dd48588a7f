"""Names that Prefect accepts, and that can be read back."""

from __future__ import annotations

import re
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from flows.runs import naming
from flows.shell.showing.view import PlanOutline

IDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


def _outline(number: str, title: str) -> PlanOutline:
    return PlanOutline(plan_id="p", number=number, title=title, issuer="UBND", tasks=())


@given(IDS)
def test_a_plans_attribute_is_an_identifier_and_leads_back_to_the_plan(plan_id: str) -> None:
    attribute = naming.attribute(plan_id)
    assert attribute.isidentifier()
    assert attribute.isascii()
    assert naming.plan_of(attribute) == plan_id


def test_a_usual_plan_id_stays_readable() -> None:
    assert naming.attribute("dak-lak-143") == "p_dak_lak_143"
    assert naming.entrypoint("dak-lak-143") == "flows.runs.plans.p_dak_lak_143"


def test_other_attributes_name_no_plan() -> None:
    assert naming.plan_of("__path__") is None
    assert naming.plan_of("p_") is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_flow_name_holds_nothing_that_prefect_refuses(number: str, title: str) -> None:
    assert not re.search(r"[/%&<>]", naming.flow_name(_outline(number, title)))


def test_a_flow_is_named_by_number_and_title_and_cut_at_a_word() -> None:
    assert naming.flow_name(_outline("143/KH-UBND", "Kế hoạch A")) == "143-KH-UBND Kế hoạch A"
    long = naming.flow_name(_outline("143/KH-UBND", "Kế hoạch thông tin đối ngoại " * 10))
    assert long.removesuffix("…").split()[-1] in {"Kế", "hoạch", "thông", "tin", "đối", "ngoại"}
    assert len(long) <= 121


@given(IDS, IDS)
def test_an_artifact_key_is_accepted_by_prefect(plan_id: str, cycle_key: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", naming.artifact_key("ket-qua", plan_id, cycle_key))


def test_artifact_keys_of_different_cycles_differ() -> None:
    keys = {
        naming.artifact_key("ket-qua", plan, cycle)
        for plan, cycle in (("a", "năm"), ("a", "nam"), ("a", "NAM"), ("a-nam", "x"), ("a", "nam-x"))
    }
    assert len(keys) == 5
    assert naming.artifact_key("ket-qua", "dak-lak-143", "nam-2024") == "ket-qua-dak-lak-143--nam-2024"


def test_a_node_is_the_same_on_every_pass_and_another_in_another_run() -> None:
    run = uuid4()
    assert naming.node_id(run, "t1") == naming.node_id(run, "t1")
    assert len({naming.node_id(run, "t1"), naming.node_id(run, "t2"), naming.node_id(uuid4(), "t1")}) == 3
