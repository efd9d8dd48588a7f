"""Plans as attributes of a module."""

from __future__ import annotations

import importlib

import pytest


def test_what_is_no_plan_is_no_attribute() -> None:
    plans = importlib.import_module("flows.runs.plans")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        plans.nothing  # noqa: B018 - the look-up is the test
