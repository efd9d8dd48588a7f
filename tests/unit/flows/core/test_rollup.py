"""Roll-up: each aggregate, always with how many reported and who did not."""

from __future__ import annotations

from datetime import date

import pytest

from flows.core.rollup import Value, aggregate, passed_up, roll_up
from flows.core.state import Status
from schemas.model import Field, Form
from tests.bundles import cycle, task


def field(how: str | None = None, type_: str = "number", **more: object) -> Field:
    return Field.model_validate({"id": "f", "label": "F", "type": type_, "aggregate": how} | more)


@pytest.mark.parametrize(
    ("how", "values", "result"),
    [
        ("sum", [0.1, 0.2], 0.3),
        ("sum", [0.1] * 10, 1),
        ("sum", [1_000_000_000_000_001, 2], 1_000_000_000_000_003),
        ("sum", [12.5, 7], 19.5),
        (None, [3, 4], 7),  # numbers are summed unless the form says otherwise
        ("mean", [1, 2], 1.5),
        ("mean", [1, 1, 2], 1.33),
        ("mean", [2, 2, 1], 1.67),
        ("mean", [0.01, 0.02], 0.02),  # 0.015 is rounded half up
        ("mean", [0.02, 0.03], 0.03),  # 0.025 too, and not to the even digit
        ("min", [3, 1.5, 2], 1.5),
        ("max", [3, 1.5, 2], 3),
        ("list", [3, 4], None),
        ("by-agency", [3, 4], None),
        ("sum", [], None),
    ],
)
def test_numbers_are_aggregated_exactly_as_written(
    how: str | None, values: list[Value], result: float | None
) -> None:
    got = aggregate(field(how), values)
    assert got == result
    assert type(got) is type(result)


def test_what_is_no_number_is_told_by_agency() -> None:
    assert aggregate(field(type_="yes-no"), [True, True]) is None
    assert aggregate(field(type_="text"), ["45"]) is None
    assert aggregate(field(type_="date"), [date(2024, 1, 1)]) is None


PLAN = cycle(
    task("b", lead=["xa-2", "xa-1"], report={"form": "bieu-mau"}),
    task("a", lead="xa-3", report={"form": "bieu-mau"}),
    task("loi", lead="xa-4"),
)
VALUES: dict[tuple[str, str], dict[str, Value]] = {
    ("b", "xa-1"): {"so-tin": 12, "kinh-phi": 0.1, "ket-qua": "Tốt"},
    ("a", "xa-3"): {"so-tin": 30, "kinh-phi": 0.2, "ket-qua": "Khá"},
    ("loi", "xa-4"): {"text": "Đã làm"},
}
STANDING = {
    ("b", "xa-1"): Status.REPORTED,
    ("b", "xa-2"): Status.MISSING,
    ("a", "xa-3"): Status.REPORTED_LATE,
    ("loi", "xa-4"): Status.REPORTED,
}


def test_a_result_says_how_many_of_how_many_and_names_the_missing_in_the_order_of_the_plan() -> None:
    result = roll_up(PLAN, VALUES, STANDING)
    assert (result.reported, result.owed) == (3, 4)
    assert result.missing == (("b", "xa-2"),)
    assert roll_up(PLAN, {}, {}).missing == (("b", "xa-2"), ("b", "xa-1"), ("a", "xa-3"), ("loi", "xa-4"))


def test_a_field_that_several_tasks_ask_for_is_one_field_of_the_result() -> None:
    by_id = {one.field.id: one for one in roll_up(PLAN, VALUES, STANDING).fields}
    assert list(by_id) == ["so-tin", "kinh-phi", "ket-qua", "text"]
    assert (by_id["so-tin"].value, by_id["so-tin"].reported, by_id["so-tin"].owed) == (42, 2, 3)
    assert by_id["kinh-phi"].value == 0.3
    assert by_id["ket-qua"].value is None
    assert [(one.agency, one.value) for one in by_id["ket-qua"].told] == [("xa-1", "Tốt"), ("xa-3", "Khá")]
    assert (by_id["text"].reported, by_id["text"].owed) == (1, 1)


NAMES = {f"xa-{n}": f"xã {n}" for n in range(1, 6)}


def above(*fields: dict[str, object]) -> Form:
    return Form.model_validate({"title": "Cấp trên", "fields": list(fields)})


def test_a_result_goes_up_field_by_field_or_as_the_plan_maps_it() -> None:
    result = roll_up(PLAN, VALUES, STANDING)
    form = above(
        {"id": "so-tin", "label": "Tin", "type": "integer"},
        {"id": "tien", "label": "Tiền", "type": "number"},
        {"id": "ket-qua", "label": "Kết quả"},
        {"id": "khac", "label": "Khác", "required": False},
    )
    assert passed_up(result, form, NAMES, {"tien": "kinh-phi"}) == {
        "so-tin": 42,
        "tien": 0.3,
        "ket-qua": "- xã 1: Tốt\n- xã 3: Khá",
    }
    assert passed_up(result, form, NAMES, {"so-tin": "kinh-phi"})["so-tin"] == 0.3


def test_a_superior_who_asks_for_a_text_gets_all_that_was_told() -> None:
    result = roll_up(PLAN, VALUES, STANDING)
    assert passed_up(result, None, NAMES, {}) == {"text": "- xã 4: Đã làm"}
    without = roll_up(PLAN, {key: one for key, one in VALUES.items() if key[0] != "loi"}, STANDING)
    assert passed_up(without, None, NAMES, {"text": "ket-qua"}) == {"text": "- xã 1: Tốt\n- xã 3: Khá"}
    assert passed_up(roll_up(PLAN, {}, {}), None, NAMES, {}) == {}


def test_values_go_up_in_the_words_that_the_caller_gives_them() -> None:
    form = Form.model_validate({"title": "x", "fields": [{"id": "co", "label": "Có", "type": "yes-no"}]})
    plan = cycle(task(report={"form": "bieu-mau"}), forms={"bieu-mau": form})
    result = roll_up(plan, {("bao-cao", "xa-1"): {"co": True}}, {("bao-cao", "xa-1"): Status.REPORTED})
    answer = passed_up(
        result, above({"id": "co", "label": "Có"}), NAMES, {}, lambda one: "Có" if one else "Không"
    )
    assert answer == {"co": "- xã 1: Có"}
