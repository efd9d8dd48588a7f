"""Reports' values against their form: each problem told with the field's label, good values left alone."""

from __future__ import annotations

from datetime import date

import pytest
from jsonschema import Draft202012Validator

from schemas.forms import FieldProblem, Rule, form_schema, validate_values
from schemas.model import Form

FORM = Form.model_validate(
    {
        "title": "Kết quả",
        "fields": [
            {"id": "so-tin", "label": "Số tin", "type": "integer", "min": 0, "max": 500},
            {"id": "kinh-phi", "label": "Kinh phí", "type": "number", "min": 0.5, "required": False},
            {"id": "muc-do", "label": "Mức độ", "type": "choice", "choices": ["Tốt", "Khá"]},
            {"id": "ngay", "label": "Ngày", "type": "date"},
            {"id": "da-xong", "label": "Đã xong", "type": "yes-no"},
            {"id": "noi-dung", "label": "Nội dung", "help": "Ngắn gọn"},
            {
                "id": "xep-loai",
                "label": "Xếp loại",
                "type": "choice",
                "choices": ["A", "B"],
                "required": False,
            },
        ],
    }
)
GOOD: dict[str, object] = {
    "so-tin": 12,
    "muc-do": "Tốt",
    "ngay": date(2024, 11, 29),
    "da-xong": False,
    "noi-dung": "Đã làm",
}


def test_good_values_have_no_problem() -> None:
    assert validate_values(FORM, GOOD) == ()
    assert validate_values(FORM, {**GOOD, "kinh-phi": 12.5, "xep-loai": "A", "ngay": "2024-11-29"}) == ()


def test_fields_that_are_not_required_may_be_left_empty() -> None:
    assert validate_values(FORM, {**GOOD, "kinh-phi": None, "xep-loai": None}) == ()


def test_nothing_given_names_every_required_field_in_the_forms_order() -> None:
    problems = validate_values(FORM, {})

    assert [problem.field_id for problem in problems] == ["so-tin", "muc-do", "ngay", "da-xong", "noi-dung"]
    assert {problem.rule for problem in problems} == {Rule.MISSING}
    assert problems[0].label == "Số tin"


@pytest.mark.parametrize(
    ("field", "given", "rule", "limit"),
    [
        ("so-tin", "mười", Rule.NOT_A_NUMBER, None),
        ("so-tin", True, Rule.NOT_A_NUMBER, None),
        ("so-tin", 1.5, Rule.NOT_WHOLE, None),
        ("so-tin", -1, Rule.BELOW, "0"),
        ("so-tin", 501, Rule.ABOVE, "500"),
        ("so-tin", None, Rule.MISSING, None),
        ("kinh-phi", "12 triệu", Rule.NOT_A_NUMBER, None),
        ("kinh-phi", 0.25, Rule.BELOW, "0.5"),
        ("kinh-phi", float("nan"), Rule.NOT_A_NUMBER, None),
        ("kinh-phi", float("inf"), Rule.NOT_A_NUMBER, None),
        ("muc-do", "Kém", Rule.NOT_A_CHOICE, "Tốt / Khá"),
        ("muc-do", 3, Rule.NOT_A_CHOICE, "Tốt / Khá"),
        ("ngay", "2024-02-30", Rule.NOT_A_DATE, None),
        ("ngay", "30/11/2024", Rule.NOT_A_DATE, None),
        ("da-xong", "có", Rule.NOT_YES_NO, None),
        ("da-xong", 1, Rule.NOT_YES_NO, None),
        ("noi-dung", "", Rule.EMPTY, None),
        ("noi-dung", " \n ", Rule.EMPTY, None),
        ("xep-loai", "C", Rule.NOT_A_CHOICE, "A / B"),
    ],
)
def test_a_bad_value_is_one_problem_with_its_rule_and_limit(
    field: str, given: object, rule: Rule, limit: str | None
) -> None:
    (problem,) = validate_values(FORM, {**GOOD, field: given})

    assert (problem.field_id, problem.rule, problem.limit) == (field, rule, limit)
    assert problem.given == ("" if rule is Rule.MISSING else str(given))


def test_values_of_other_fields_are_not_looked_at() -> None:
    assert validate_values(FORM, {**GOOD, "la": object()}) == ()


def test_a_number_in_a_text_field_is_a_text() -> None:
    assert validate_values(FORM, {**GOOD, "noi-dung": 12}) == ()


def test_a_long_value_is_told_shortened() -> None:
    (problem,) = validate_values(FORM, {**GOOD, "so-tin": "x" * 1000})

    assert problem == FieldProblem(
        field_id="so-tin", label="Số tin", rule=Rule.NOT_A_NUMBER, given="x" * 199 + "…"
    )


def test_the_schema_is_json_schema_and_carries_the_labels() -> None:
    schema = form_schema(FORM)

    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "Kết quả"
    assert schema["properties"]["so-tin"] == {
        "title": "Số tin",
        "type": "integer",
        "minimum": 0,
        "maximum": 500,
    }
    assert schema["properties"]["noi-dung"]["description"] == "Ngắn gọn"
    assert schema["properties"]["xep-loai"]["enum"] == ["A", "B", None]
    assert schema["required"] == ["so-tin", "muc-do", "ngay", "da-xong", "noi-dung"]


def test_what_is_kept_for_a_form_is_found_by_any_that_is_equal_to_it() -> None:
    same, other = Form.model_validate(FORM.model_dump()), FORM.model_copy(update={"title": "Khác"})

    assert {FORM: "kept"}[same] == "kept"
    assert other not in {FORM: "kept"}
