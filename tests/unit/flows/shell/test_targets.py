"""Targets: the consolidated result says whether it reaches what the plan asks for."""

from __future__ import annotations

import pytest

from flows.core.state import CycleFacts, RequestFacts, Status
from flows.shell.showing.consolidation import markdown
from schemas.model import Form
from tests.bundles import cycle, task


def page(target: float | None, *values: int) -> str:
    form = Form.model_validate(
        {
            "title": "Kết quả",
            "fields": [
                {"id": "so-tin", "label": "Số tin", "type": "integer", "target": target},
                {"id": "so-buoi", "label": "Số buổi", "type": "integer"},
            ],
        }
    )
    leads = [f"xa-{n}" for n in range(1, len(values) + 1)]
    plan = cycle(task(lead=leads, report={"form": "bieu-mau"}), forms={"bieu-mau": form})
    told = {
        ("bao-cao", who): {"so-tin": value, "so-buoi": 1} for who, value in zip(leads, values, strict=True)
    }
    done = {key: RequestFacts(status=Status.REPORTED) for key in told}
    return markdown(plan, told, CycleFacts(requests=done))


@pytest.mark.parametrize(
    ("target", "values", "said"),
    [
        (12, (5, 7), "12: đạt"),
        (12, (5, 6), "12: chưa đạt"),
        (1_250.5, (1_250,), "1.250,5: chưa đạt"),
        (0, (0,), "0: đạt"),
    ],
)
def test_a_total_is_held_against_its_target(target: float, values: tuple[int, ...], said: str) -> None:
    rows = [line for line in page(target, *values).splitlines() if line.startswith("| Số")]
    assert rows[0].endswith(f"| {said} |")
    assert rows[1].endswith("|  |"), "a field without a target says nothing"


def test_without_targets_there_is_no_column_for_them() -> None:
    assert "Mục tiêu" not in page(None, 5)
