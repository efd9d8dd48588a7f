"""Roll-up: many agencies' values become one result, always with how many reported and who did not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from flows.core.cycle import CyclePlan
from flows.core.state import RequestKey, Status
from schemas.model import Aggregate, Field, FieldType, Form

Value = int | float | str | bool | date

_PRECISION = 700
"""Digits: the sum of any two floats is exact in so many, and a mean of them can be rounded."""

TEXT_FIELD = Field(id="text", label="Nội dung báo cáo", label_en="Report", type=FieldType.TEXT)
"""The one field of a report without a form."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One agency's value of a field, for one task."""

    task: str
    agency: str
    value: Value


@dataclass(frozen=True, kw_only=True)
class FieldResult:
    """One field over all requests that ask for it."""

    field: Field
    value: Value | None
    """The aggregate of a number; None for what is told by agency, and where nobody reported the field."""
    told: tuple[Told, ...]
    reported: int
    owed: int


@dataclass(frozen=True, kw_only=True)
class Consolidated:
    """The result of a cycle so far."""

    fields: tuple[FieldResult, ...]
    reported: int
    owed: int
    missing: tuple[RequestKey, ...]
    """Requests without a report, in the order of the plan."""


def fields_of(form: Form | None) -> Sequence[Field]:
    """The fields of a form; a report without one is a text."""
    return form.fields if form is not None else (TEXT_FIELD,)


def roll_up(
    cycle: CyclePlan,
    values: Mapping[RequestKey, Mapping[str, Value]],
    standing: Mapping[RequestKey, Status],
) -> Consolidated:
    """The aggregates over a cycle; `values` hold each accepted report by field id.

    A field that several tasks ask for under the same id is one field of the result.
    """
    asked: dict[str, tuple[Field, list[Told], int]] = {}
    missing: list[RequestKey] = []
    owed = 0
    for task in cycle.tasks:
        form_fields = fields_of(cycle.form(task.id))
        for agency in task.owners:
            key = (task.id, agency)
            if standing.get(key) is Status.WITHDRAWN:
                continue
            owed += 1
            report = values.get(key, {})
            if standing.get(key) not in (Status.REPORTED, Status.REPORTED_LATE):
                missing.append(key)
            for field in form_fields:
                first, told, count = asked.get(field.id, (field, [], 0))
                if field.id in report:
                    told.append(Told(task=task.id, agency=agency, value=report[field.id]))
                asked[field.id] = (first, told, count + 1)
    return Consolidated(
        fields=tuple(
            FieldResult(
                field=field,
                value=aggregate(field, [one.value for one in told]),
                told=tuple(told),
                reported=len(told),
                owed=count,
            )
            for field, told, count in asked.values()
        ),
        reported=owed - len(missing),
        owed=owed,
        missing=tuple(missing),
    )


def aggregate(field: Field, values: Sequence[Value]) -> int | float | None:
    """One number from many, exact for decimals as written; a mean is rounded half up to two places.

    None for fields that are not numbers, and for no values.
    """
    how = field.rolled_up_by
    numbers = [
        Decimal(str(value))
        for value in values
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if not numbers or how in (Aggregate.LIST, Aggregate.BY_AGENCY):
        return None
    with localcontext(prec=_PRECISION):
        match how:
            case Aggregate.MIN:
                result = min(numbers)
            case Aggregate.MAX:
                result = max(numbers)
            case Aggregate.MEAN:
                result = (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            case _:
                result = sum(numbers, Decimal(0))
    return int(result) if result == result.to_integral_value() else float(result)


def passed_up(
    result: Consolidated,
    form: Form | None,
    names: Mapping[str, str],
    given: Mapping[str, str],
    say: Callable[[Value], str] = str,
) -> dict[str, Value]:
    """A result as the answer to a superior's form: field by field under the same id, or as `given` maps them.

    Numbers go up as aggregated; what was told by agency goes up as one text, a line for each agency, with
    values as `say` writes them. For a superior who asks for a text only, it is all texts of the result.
    """
    by_id = {one.field.id: one for one in result.fields}
    answer: dict[str, Value] = {}
    for field in fields_of(form):
        source = by_id.get(given.get(field.id, field.id))
        if source is None:
            if field.id == TEXT_FIELD.id:
                lines = [
                    line
                    for one in result.fields
                    if one.value is None
                    for line in _told_lines(one, names, say)
                ]
                if lines:
                    answer[field.id] = "\n".join(lines)
            continue
        if source.value is not None:
            answer[field.id] = source.value
        elif source.told:
            answer[field.id] = "\n".join(_told_lines(source, names, say))
    return answer


def _told_lines(result: FieldResult, names: Mapping[str, str], say: Callable[[Value], str]) -> list[str]:
    return [f"- {names[one.agency]}: {say(one.value)}" for one in result.told]
