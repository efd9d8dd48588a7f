"""Reusable pieces: reporting regimes, calendars, escalation policies and forms, each under a name."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.model.base import LANGUAGE_VERSION, Id, Sourced, SpecModel, Text
from schemas.model.dates import Day, Span
from schemas.model.forms import Form
from schemas.model.plan import SharedDefaults

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day, "08:00"."""


class OfficeHours(SpecModel):
    """When an office works; mails of the engine leave at its start. Giờ làm việc."""

    start: ClockTime = Field(default="08:00", alias="from")
    end: ClockTime = Field(default="17:00", alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            raise PydanticCustomError("hours_backwards", "the day ends before it begins", {})
        return self


class Calendar(SpecModel):
    """Working days: Monday to Friday, less public holidays, plus make-up days. Lịch làm việc."""

    title: Text
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "VN"
    """Whose public holidays apply (ISO code)."""
    time_zone: Text = "Asia/Ho_Chi_Minh"
    holidays: dict[Day, Text] = Field(default_factory=dict)
    """Days off besides the country's, with their reason. Ngày nghỉ bổ sung."""
    working_days: dict[Day, Text] = Field(default_factory=dict)
    """Days worked although they would be off, such as make-up Saturdays. Ngày làm bù."""
    office_hours: OfficeHours = OfficeHours()

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        for day in self.holidays.keys() & self.working_days.keys():
            raise PydanticCustomError(
                "day_twice", "a day is off or worked, not both", {"day": f"{day:%d/%m/%Y}"}
            )
        return self


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Regime(Sourced):
    """How reporting periods run (chế độ báo cáo); a regime is data, not code."""

    title: Text
    cut_off_day: Annotated[int, Field(strict=True, ge=1, le=28)] | Literal["last"] = "last"
    """The day of a period's last month on which its data are closed (thời gian chốt số liệu): 14 under
    Decree 09/2019/NĐ-CP, "last" for calendar periods. A period begins on the day after the one before
    closed."""
    week_ends: Weekday = Weekday.SUNDAY
    """The day of the week on which the data of a weekly report are closed. Ngày chốt số liệu của tuần."""
    due_after: Span = Span.parse("3 working days")
    """How long after the cut-off a report is due when the plan gives no date of its own."""


class Recipient(StrEnum):
    """Whom a rung of the ladder turns to."""

    AGENCY = "agency"
    FOCAL_POINT = "focal-point"
    DEPUTY = "deputy"
    HEAD = "head"
    SUPERIOR = "superior"
    ISSUER = "issuer"


class Rung(SpecModel):
    """One step of an escalation. Một nấc đôn đốc."""

    after: Span
    """How long after the due date."""
    to: Recipient
    """agency, focal-point, deputy, head, superior (climb with `up`), issuer."""
    up: Annotated[int, Field(strict=True, ge=1, le=9)] = 1
    """With `to: superior`: how many steps up the hierarchy."""

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if self.up != 1 and self.to is not Recipient.SUPERIOR:
            raise PydanticCustomError("up_alone", "up goes with to: superior only", {})
        return self


class Escalation(SpecModel):
    """How a report is asked for and chased. Chính sách đôn đốc."""

    title: Text
    opens: Span = Span.parse("20 working days")
    """How long before the due date the request goes out."""
    reminders: list[Span] = Field(
        default_factory=lambda: [Span.parse("5 working days"), Span.parse("1 working day")]
    )
    """How long before the due date reminders go out."""
    ladder: list[Rung] = Field(default_factory=list)
    """Whom a delay is brought to, in the order of time."""
    closes: Span = Span.parse("15 working days")
    """How long after the due date what has not come is closed as missing."""
    at_least: Span = Span.parse("5 working days")
    """The least time an agency is given when a request opens late because of a dependency."""


class LibraryFile(SpecModel):
    """A file of reusable pieces. Thư viện dùng chung."""

    dondoc: Literal[1] = LANGUAGE_VERSION
    """The version of the language."""
    regimes: dict[Id, Regime] = Field(default_factory=dict)
    calendars: dict[Id, Calendar] = Field(default_factory=dict)
    escalations: dict[Id, Escalation] = Field(default_factory=dict)
    forms: dict[Id, Form] = Field(default_factory=dict)
    plan_defaults: dict[Id, SharedDefaults] = Field(default_factory=dict)
    """Defaults that plans use by name (`defaults: {use: …}`). Mặc định dùng chung."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not (self.regimes or self.calendars or self.escalations or self.forms or self.plan_defaults):
            raise PydanticCustomError(
                "empty_library",
                "a library holds regimes, calendars, escalations, forms or plan_defaults",
                {},
            )
        return self
