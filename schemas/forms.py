"""Forms at work: the JSON Schema of a report's values, and what is wrong with values that were reported."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schemas.model import Field, FieldType, Form

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

Value = str | int | float | bool | date
"""What a report says in one field."""


class Rule(StrEnum):
    """What a field asks for and a value does not keep."""

    MISSING = "missing"
    EMPTY = "empty"
    NOT_A_NUMBER = "not-a-number"
    NOT_WHOLE = "not-whole"
    BELOW = "below"
    ABOVE = "above"
    NOT_A_CHOICE = "not-a-choice"
    NOT_A_DATE = "not-a-date"
    NOT_YES_NO = "not-yes-no"


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One field of a report that cannot be taken as it is."""

    field_id: str
    label: str
    """As the agency reads it."""
    rule: Rule
    limit: str | None = None
    """The bound that is crossed, or the choices, separated by " / "."""
    given: str = ""
    """What was given, as text; empty when nothing was."""


def form_schema(form: Form) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a report's values: an object by field id.

    Dates are texts "YYYY-MM-DD", yes-no is a boolean, numbers are numbers. A field that is not required may
    be left out or null.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title,
        "type": "object",
        "properties": {field.id: _field_schema(field) for field in form.fields},
        "required": [field.id for field in form.fields if field.required],
        "additionalProperties": False,
    }


def validate_values(form: Form, values: Mapping[str, object]) -> tuple[FieldProblem, ...]:
    """What is wrong with `values`, by field id, typed already: one problem a field, in the form's order.

    A date may be a `datetime.date` or a text "YYYY-MM-DD"; None stands for nothing given. What is not in the
    result is good and can be kept. Values of fields that the form does not have are not looked at.
    """
    fields = {field.id: field for field in form.fields}
    plain: dict[str, Any] = {name: _plain(fields[name], values[name]) for name in values if name in fields}
    found: dict[str, FieldProblem] = {}
    for error in _validator(form).iter_errors(plain):
        for problem in _problems(error, fields):
            found.setdefault(problem.field_id, problem)
    return tuple(found[name] for name in fields if name in found)


def _field_schema(field: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label}
    if field.help:
        schema["description"] = field.help
    schema |= _TYPES[field.type]
    if field.min is not None:
        schema["minimum"] = _trimmed(field.min)
    if field.max is not None:
        schema["maximum"] = _trimmed(field.max)
    if field.choices:
        schema["enum"] = list(field.choices)
    if not field.required:
        schema["type"] = [schema["type"], "null"]
        if field.choices:
            schema["enum"].append(None)
    return schema


_TYPES: Mapping[FieldType, Mapping[str, object]] = {
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.TEXT: {"type": "string", "minLength": 1, "pattern": r"\S"},
    FieldType.CHOICE: {"type": "string"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.YES_NO: {"type": "boolean"},
}


@lru_cache(maxsize=256)
def _validator(form: Form) -> Validator:
    """The validator of a form, built once for all that are equal to it."""
    from jsonschema import Draft202012Validator, FormatChecker

    dates = FormatChecker(formats=())
    dates.checks("date")(_is_day)
    return Draft202012Validator(form_schema(form), format_checker=dates)


def _is_day(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _plain(field: Field, value: object) -> object:
    """A value as JSON has it; whatever is said in a text field is a text."""
    if isinstance(value, date):
        return value.isoformat()
    endless = isinstance(value, float) and not math.isfinite(value)
    return str(value) if endless or (field.type is FieldType.TEXT and value is not None) else value


def _problems(error: ValidationError, fields: Mapping[str, Field]) -> list[FieldProblem]:
    keyword = str(error.validator)
    instance: Any = error.instance
    if keyword == "required":
        return [_missing(fields[name]) for name in fields if fields[name].required and name not in instance]
    field = fields[str(error.absolute_path[0])]
    if instance is None:
        return [_missing(field)]
    rule = _RULES.get(keyword) or _BY_TYPE[field.type]
    if keyword == "type" and field.type is FieldType.INTEGER and isinstance(instance, float):
        rule = Rule.NOT_WHOLE
    if rule is Rule.NOT_A_CHOICE or field.type is FieldType.CHOICE:
        return [_problem(field, Rule.NOT_A_CHOICE, instance, " / ".join(field.choices))]
    limit = {Rule.BELOW: field.min, Rule.ABOVE: field.max}.get(rule)
    return [_problem(field, rule, instance, None if limit is None else str(_trimmed(limit)))]


_RULES: Mapping[str, Rule] = {
    "minimum": Rule.BELOW,
    "maximum": Rule.ABOVE,
    "enum": Rule.NOT_A_CHOICE,
    "minLength": Rule.EMPTY,
    "pattern": Rule.EMPTY,
    "format": Rule.NOT_A_DATE,
}
_BY_TYPE: Mapping[FieldType, Rule] = {
    FieldType.INTEGER: Rule.NOT_A_NUMBER,
    FieldType.NUMBER: Rule.NOT_A_NUMBER,
    FieldType.TEXT: Rule.EMPTY,
    FieldType.CHOICE: Rule.NOT_A_CHOICE,
    FieldType.DATE: Rule.NOT_A_DATE,
    FieldType.YES_NO: Rule.NOT_YES_NO,
}


def _missing(field: Field) -> FieldProblem:
    return FieldProblem(field_id=field.id, label=field.label, rule=Rule.MISSING)


def _problem(field: Field, rule: Rule, given: object, limit: str | None) -> FieldProblem:
    return FieldProblem(field_id=field.id, label=field.label, rule=rule, limit=limit, given=_told(given))


def _trimmed(number: float) -> int | float:
    """A bound as people write it: 0, not 0.0."""
    return int(number) if number == int(number) else number


def _told(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"
