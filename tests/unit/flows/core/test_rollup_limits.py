"""Roll-up at the limits of what numbers can be: a pass must never stop at one."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.rollup import aggregate
from schemas.model import Aggregate, Field, FieldType

NUMERIC = (Aggregate.SUM, Aggregate.MEAN, Aggregate.MIN, Aggregate.MAX)


def number(how: Aggregate) -> Field:
    return Field(id="so", label="Số", type=FieldType.NUMBER, aggregate=how)


@pytest.mark.parametrize("how", NUMERIC)
@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False, max_value=1e300, min_value=-1e300)))
def test_no_finite_numbers_stop_it(how: Aggregate, values: list[float]) -> None:
    assert (aggregate(number(how), values) is None) is (not values)


def test_a_mean_of_giants_is_a_mean() -> None:
    assert aggregate(number(Aggregate.MEAN), [1e40, 10**40]) == 10**40


def test_small_change_is_not_lost_beside_a_giant() -> None:
    assert aggregate(number(Aggregate.SUM), [10**40, 1]) == 10**40 + 1


def test_a_sum_beyond_all_floats_is_still_a_number() -> None:
    assert aggregate(number(Aggregate.SUM), [sys.float_info.max] * 2) == 2 * Decimal(str(sys.float_info.max))
