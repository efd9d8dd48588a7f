"""What a report must contain: forms of fields, each with its type, bounds and way to be added up."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field as Key
from pydantic import StrictBool, model_validator
from pydantic_core import PydanticCustomError

from schemas.model.base import Id, Sourced, SpecModel, Text

Bound = Annotated[float, Key(strict=True, allow_inf_nan=False)]
"""A number that values are compared with."""


class FieldType(StrEnum):
    """What a field holds."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    YES_NO = "yes-no"


class Aggregate(StrEnum):
    """How the values of many agencies become one."""

    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    LIST = "list"
    BY_AGENCY = "by-agency"


class Field(SpecModel):
    """One thing asked for. Một chỉ tiêu, một mục của đề cương."""

    id: Id
    label: Text
    """What the agency reads, in the plan's language. Tên chỉ tiêu."""
    label_en: Text | None = None
    """The label for agencies written to in English."""
    type: FieldType = FieldType.TEXT
    unit: Text | None = None
    """Đơn vị tính."""
    required: StrictBool = True
    min: Bound | None = None
    max: Bound | None = None
    target: Bound | None = None
    """What the consolidated result is to reach at least. Mục tiêu."""
    choices: list[Text] = Key(default_factory=list)
    """The answers to choose from, when `type: choice`."""
    aggregate: Aggregate | None = None
    """sum, mean, min, max, list, by-agency; by default numbers are summed, all else is told by agency."""
    help: Text | None = None
    """A line of guidance under the field. Hướng dẫn ghi."""

    @property
    def rolled_up_by(self) -> Aggregate:
        """`aggregate`, or the default for the type."""
        if self.aggregate is not None:
            return self.aggregate
        numeric = self.type in (FieldType.INTEGER, FieldType.NUMBER)
        return Aggregate.SUM if numeric else Aggregate.BY_AGENCY

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        numeric = self.type in (FieldType.INTEGER, FieldType.NUMBER)
        if (self.type is FieldType.CHOICE) != bool(self.choices):
            raise PydanticCustomError("choices", "choices go with type: choice, and only with it", {})
        if not numeric and (self.min is not None or self.max is not None):
            raise PydanticCustomError("bounds_not_number", "min and max go with numbers only", {})
        if self.target is not None and self.rolled_up_by in (Aggregate.LIST, Aggregate.BY_AGENCY):
            raise PydanticCustomError("target_not_number", "target goes with a number that is added up", {})
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("bounds_crossed", "min is greater than max", {})
        if not numeric and self.aggregate in (Aggregate.SUM, Aggregate.MEAN, Aggregate.MIN, Aggregate.MAX):
            raise PydanticCustomError(
                "aggregate_not_number", "{how} needs a number field", {"how": str(self.aggregate)}
            )
        return self


class Form(Sourced):
    """The fields of a report. Biểu mẫu, đề cương báo cáo."""

    title: Text
    fields: list[Field] = Key(min_length=1)

    def __hash__(self) -> int:
        """So that what is prepared once for a form can be kept by it: equal forms have one hash."""
        return hash((self.title, *(field.id for field in self.fields)))

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        seen: set[str] = set()
        for field in self.fields:
            if field.id in seen:
                raise PydanticCustomError("field_twice", 'two fields are called "{id}"', {"id": field.id})
            seen.add(field.id)
        return self
