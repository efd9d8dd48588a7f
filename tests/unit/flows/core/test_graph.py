"""The order of tasks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.graph import DependencyCycle, in_order


def test_each_task_stands_after_what_it_depends_on_and_strangers_are_left_out() -> None:
    assert in_order({"c": ["b"], "b": ["a", "khac"], "a": []}) == ("a", "b", "c")
    assert in_order({"x": [], "y": []}) == ("x", "y")


@given(st.dictionaries(st.integers(0, 30), st.sets(st.integers(0, 30)), max_size=30))
def test_any_graph_without_a_circle_is_ordered(edges: dict[int, set[int]]) -> None:
    after = {f"t{n}": [f"t{m}" for m in others if m < n] for n, others in edges.items()}
    order = in_order(after)
    assert sorted(order) == sorted(after)
    places = {one: place for place, one in enumerate(order)}
    assert all(places[one] < places[id_] for id_, others in after.items() for one in others if one in places)


def test_a_circle_is_named_step_by_step() -> None:
    with pytest.raises(DependencyCycle) as caught:
        in_order({"a": ["c"], "b": ["a"], "c": ["b"], "d": []})
    path = caught.value.path
    assert path[0] == path[-1]
    assert set(path) == {"a", "b", "c"}
    assert " → ".join(path) in str(caught.value)


def test_a_chain_of_thousands_is_no_deep_recursion() -> None:
    chain = {f"t{n}": [f"t{n - 1}"] for n in range(1, 5000)} | {"t0": []}
    assert in_order(chain)[-1] == "t4999"
