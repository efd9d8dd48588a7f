"""Dates and spans as offices write them: "30/11", "before", "in month 2024-03", "5 working days"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, LiteralString, Self

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from schemas.model.base import Id, SpecModel

_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_VIETNAMESE = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_ANNUAL = re.compile(r"^(\d{1,2})/(\d{1,2})$")
_MONTH = re.compile(r"^(?:(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4}))$")
_SPAN = re.compile(r"^(\d{1,4})\s+(working days?|days?|weeks?|months?|ngày làm việc|ngày|tuần|tháng)$")


def read_day(value: object) -> object:
    """`2024-04-10` and `10/4/2024` (day first) as a date; anything else is refused."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("day", "write the day as 2024-04-10 or 10/4/2024", {})
    text = value.strip()
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _VIETNAMESE.match(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise PydanticCustomError(
            "day", 'write the day as 2024-04-10 or 10/4/2024, not "{text}"', {"text": text}
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise PydanticCustomError("no_such_day", 'there is no day "{text}"', {"text": text}) from None


_DAY_PATTERN = r"(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4})"

Day = Annotated[
    date,
    BeforeValidator(read_day),
    WithJsonSchema(
        {"type": "string", "pattern": f"^{_DAY_PATTERN}$", "examples": ["2024-04-10", "10/4/2024"]}
    ),
]
"""A calendar day: `2024-04-10` or, day first as offices write it, `10/4/2024`."""


class _Scalar:
    """A value written as one short text; subclasses give `pattern`, `parse` and their `kind` of mistake."""

    kind: LiteralString
    pattern: str
    description: str

    @classmethod
    def parse(cls, text: str) -> Self:
        raise PydanticCustomError("unwritten", "no reading for {text}", {"text": text})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> object:
            if isinstance(value, cls):
                return value
            if isinstance(value, str):
                return cls.parse(value.strip())
            raise PydanticCustomError(cls.kind, "write this as one short text", {})

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": cls.pattern, "description": cls.description}


class SpanUnit(StrEnum):
    """What a span is counted in."""

    WORKING_DAY = "working day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_UNITS = {
    "working day": SpanUnit.WORKING_DAY,
    "ngày làm việc": SpanUnit.WORKING_DAY,
    "day": SpanUnit.DAY,
    "ngày": SpanUnit.DAY,
    "week": SpanUnit.WEEK,
    "tuần": SpanUnit.WEEK,
    "month": SpanUnit.MONTH,
    "tháng": SpanUnit.MONTH,
}


class Span(_Scalar):
    """A length of time such as "5 working days" or "5 ngày làm việc"."""

    kind = "span"
    pattern = r"^\d{1,4} +(working days?|days?|weeks?|months?|ngày làm việc|ngày|tuần|tháng)$"
    description = 'A length of time: "5 working days", "10 days", "2 weeks", "1 month" ("5 ngày làm việc").'

    __slots__ = ("count", "unit")

    def __init__(self, count: int, unit: SpanUnit) -> None:
        self.count = count
        self.unit = unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the short text; raises `PydanticCustomError` with how to write it."""
        match = _SPAN.match(text)
        if match is None:
            raise PydanticCustomError(
                "span", 'write "5 working days" or "5 ngày làm việc", not "{text}"', {"text": text}
            )
        unit = match[2].removesuffix("s")
        return cls(int(match[1]), _UNITS[unit])

    def __str__(self) -> str:
        return f"{self.count} {self.unit.value}{'' if self.count == 1 else 's'}"

    def __repr__(self) -> str:
        return f"Span({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and (self.count, self.unit) == (other.count, other.unit)

    def __hash__(self) -> int:
        return hash((self.count, self.unit))


class AnnualDay(_Scalar):
    """A day of any year, day first: "30/11"."""

    kind = "annual_day"
    pattern = r"^\d{1,2}/\d{1,2}$"
    description = 'A day of every year, day first: "30/11".'

    __slots__ = ("day", "month")

    def __init__(self, day: int, month: int) -> None:
        self.day = day
        self.month = month

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the short text; raises `PydanticCustomError` with how to write it."""
        match = _ANNUAL.match(text)
        if match is None:
            raise PydanticCustomError(
                "annual_day", 'write a day of the year as 30/11, not "{text}"', {"text": text}
            )
        day, month = int(match[1]), int(match[2])
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2024, month)[1]:
            raise PydanticCustomError("no_such_day", 'there is no day "{text}"', {"text": text})
        return cls(day, month)

    def on(self, year: int) -> date:
        """That day in `year`; 29/2 is the 28th where there is no 29th."""
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))

    def __str__(self) -> str:
        return f"{self.day:02d}/{self.month:02d}"

    def __repr__(self) -> str:
        return f"AnnualDay({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnnualDay) and (self.day, self.month) == (other.day, other.month)

    def __hash__(self) -> int:
        return hash((self.day, self.month))


class Month(_Scalar):
    """A month: "2024-03" or "3/2024"."""

    kind = "month"
    pattern = r"^(\d{4}-\d{1,2}|\d{1,2}/\d{4})$"
    description = 'A month: "2024-03" or "3/2024".'

    __slots__ = ("month", "year")

    def __init__(self, year: int, month: int) -> None:
        self.year = year
        self.month = month

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the short text; raises `PydanticCustomError` with how to write it."""
        match = _MONTH.match(text)
        year, month = (int(match[1] or match[4]), int(match[2] or match[3])) if match else (0, 0)
        if not 1 <= month <= 12:
            raise PydanticCustomError(
                "month", 'write the month as 2024-03 or 3/2024, not "{text}"', {"text": text}
            )
        return cls(year, month)

    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __repr__(self) -> str:
        return f"Month({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Month) and (self.year, self.month) == (other.year, other.month)

    def __hash__(self) -> int:
        return hash((self.year, self.month))


def _read_named_day(value: object) -> object:
    if isinstance(value, AnnualDay):
        return value
    if isinstance(value, str) and _ANNUAL.match(value.strip()):
        return AnnualDay.parse(value.strip())
    return read_day(value)


NamedDay = Annotated[
    date | AnnualDay,
    BeforeValidator(_read_named_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^({_DAY_PATTERN}|\d{{1,2}}/\d{{1,2}})$",
            "examples": ["2024-04-10", "30/11"],
        }
    ),
]
"""A day of one year (`2024-04-10`) or of every year (`30/11`)."""


class DependsOn(StrEnum):
    """Which event of another task is meant."""

    COMPLETED = "completed"  # every report of that task is in, or closed as missing
    DUE = "due"  # its due date has passed


class AfterTask(SpecModel):
    """A date counted from another task. Tính từ nhiệm vụ khác."""

    task: Id
    """A task of the same plan, whose report is owed as often."""
    span: Span
    """How long after it. Sau bao lâu."""
    on: DependsOn = DependsOn.DUE
    """due: after its due date; completed: after it was completed. Tính từ thời hạn hay từ khi xong."""


class Due(SpecModel):
    """When something is due: exactly one of the keys below. Thời hạn: chỉ một trong các khóa sau."""

    before: NamedDay | None = None
    """Before this day, which is itself too late ("trước ngày 30/11"): the last day is the day before."""

    by: NamedDay | None = None
    """By this day at the latest, the day included ("chậm nhất ngày 30/11")."""

    in_month: Month | None = None
    """Within this month ("trong tháng 3/2024"): the last day is the last of the month."""

    after_cut_off: Span | None = None
    """So long after the cut-off of the period's data ("sau ngày chốt số liệu 3 ngày làm việc")."""

    after_issue: Span | None = None
    """So long after the plan was issued ("trong vòng 10 ngày làm việc kể từ ngày ban hành")."""

    after_task: AfterTask | None = None
    """So long after the due date of another task, or after it was completed. Sau nhiệm vụ khác."""

    before_parent: Span | None = None
    """So long before the report of the plan above is due, the earliest of them when there are several
    ("trước hạn báo cáo cấp trên 5 ngày làm việc")."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "one_due",
                "give exactly one way to say when; here: {given}",
                {"given": ", ".join(given) or "none"},
            )
        return self

    @property
    def counted(self) -> bool:
        """Whether the day is counted from another, and not written."""
        return self.in_month is None and self.before is None and self.by is None

    def last_day(self, *, year: int) -> date | None:
        """The last day on which it is in time; `year` completes a day written without one.

        None when the day is counted from another.
        """
        if self.in_month is not None:
            return self.in_month.last_day()
        named = self.before if self.before is not None else self.by
        if named is None:
            return None
        day = named.on(year) if isinstance(named, AnnualDay) else named
        return day - timedelta(days=1) if self.before is not None else day
