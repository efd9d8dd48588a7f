"""A plan: what it is, its tasks, who leads each, what each hangs on, and the reports that are owed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.model.agencies import Contact, Owner
from schemas.model.base import LANGUAGE_VERSION, Id, Language, Sourced, SpecModel, Text
from schemas.model.dates import Day, DependsOn, Due, Span
from schemas.model.forms import Form


def _as_list(value: object) -> Any:
    return [value] if isinstance(value, str | dict) else value


Owners = Annotated[list[Owner], BeforeValidator(_as_list, json_schema_input_type=Owner | list[Owner])]
"""One agency, group or selector, or a list of them."""

Leads = Annotated[
    list[Owner],
    Field(min_length=1),
    BeforeValidator(_as_list, json_schema_input_type=Owner | Annotated[list[Owner], Field(min_length=1)]),
]
"""The same, and not an empty list."""


class Classification(StrEnum):
    """How secret the content is; only public and internal content travels by mail."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"
    TOP_SECRET = "top-secret"


class Frequency(StrEnum):
    """How often a report is owed; each names the reporting period of a regime."""

    ONCE = "once"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    NINE_MONTHS = "nine-months"
    YEAR = "year"
    LISTED = "listed"  # the periods that the plan itself lists


class ReportKind(StrEnum):
    """Decree 09/2019/NĐ-CP: periodic (định kỳ), thematic (chuyên đề), on demand (đột xuất)."""

    PERIODIC = "periodic"
    THEMATIC = "thematic"
    ON_DEMAND = "on-demand"


class Dependency(SpecModel):
    """A task that must come first. Nhiệm vụ phải xong trước."""

    task: Id
    on: DependsOn = DependsOn.COMPLETED
    lag: Span | None = None
    """How long to wait after it."""


def _as_dependencies(value: object) -> Any:
    listed = _as_list(value)
    return (
        [{"task": one} if isinstance(one, str) else one for one in listed]
        if isinstance(listed, list)
        else listed
    )


Dependencies = Annotated[
    list[Dependency],
    BeforeValidator(_as_dependencies, json_schema_input_type=Id | Dependency | list[Id | Dependency]),
]
"""Ids of tasks, or mappings with `task`, `on` and `lag`."""


class Report(Sourced):
    """The report that a task owes. Chế độ báo cáo của nhiệm vụ."""

    kind: ReportKind = ReportKind.PERIODIC
    every: Frequency = Frequency.ONCE
    """once, week, month, quarter, half-year, nine-months, year; listed: in the plan's own `periods`."""
    since: Day | None = None
    """The first period reported is the one that ends on or after this day; earlier ones owe nothing."""
    due: Due | None = None
    """When; without it, the regime's time after the cut-off."""
    cut_off: Due | None = None
    """The last day of the data reported, when it is not the regime's. Ngày chốt số liệu."""
    form: Id | None = None
    """Which form; without one, the report is a text."""
    to: Id | None = None
    """The agency that the report is addressed to; by default the plan's issuer. Nơi nhận báo cáo."""
    via: Id | None = None
    """The agency that gathers the reports on the way (qua)."""
    escalation: Id | None = None
    """A policy other than the plan's."""
    classification: Classification | None = None
    """Of this report, when it is not the plan's."""

    @property
    def dated(self) -> bool:
        """Whether a calendar says when it is owed; one on demand without a date waits to be asked for."""
        on_demand = self.kind is ReportKind.ON_DEMAND
        return not on_demand or self.every is not Frequency.ONCE or self.due is not None


class Task(Sourced):
    """A task of the plan. Nhiệm vụ."""

    id: Id
    title: Text
    text: Text | None = None
    """What is to be done, in the document's words. Nội dung."""
    lead: Leads
    """Who answers for it (chủ trì): an agency, a group, a selector (`under`, `level`), or a list; each agency
    owes its own report."""
    coordinating: Owners = Field(default_factory=list)
    """Who works with the lead (phối hợp)."""
    after: Dependencies = Field(default_factory=list)
    """What must come first."""
    due: Due | None = None
    """When the task itself must be done."""
    report: Report | Literal["none"] | None = None
    """The report owed; without it, the plan's default; `none` when there is none."""


class Superior(SpecModel):
    """A task of another plan that this plan implements. Văn bản cấp trên mà kế hoạch này thực hiện."""

    plan: Id
    task: Id | None = None
    """The task of that plan whose report this plan's consolidated result answers; without it, the plan is
    only cited."""
    fields: dict[Id, Id] = Field(default_factory=dict)
    """Fields of the superior's form and the fields of this plan's that fill them, when their ids differ."""


class PlanPeriod(SpecModel):
    """The time a plan runs. Thời gian thực hiện."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("period_backwards", "the period ends before it begins", {})
        return self


class ListedPeriod(SpecModel):
    """A reporting period of the plan's own, for reports owed `every: listed`. Kỳ báo cáo riêng."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=20)]
    """Its name in references, once in the plan, beginning with a letter."""
    name: Text
    """What people call it, such as "Đợt 1". Tên kỳ."""
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    """The last day of the data. Ngày chốt số liệu."""
    due: Due | None = None
    """When reports on it are due, unless the report says so itself. Hạn báo cáo của kỳ."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("period_backwards", "the period ends before it begins", {})
        return self


class SharedDefaults(SpecModel):
    """What holds for every task of each plan that uses it. Mặc định dùng chung cho nhiều kế hoạch."""

    report: Report | None = None
    """The report owed by each task that has none of its own. Báo cáo."""
    coordinating: Owners = Field(default_factory=list)
    """Who works with the lead of tasks that name nobody. Phối hợp."""


class PlanDefaults(SharedDefaults):
    """What holds for every task that says nothing else. Mặc định cho mọi nhiệm vụ."""

    use: Id | None = None
    """Defaults of a library to start from; what is given here goes before them. Mặc định dùng chung."""


class PlanRecipient(SpecModel):
    """One line of "Nơi nhận"."""

    agency: Id | None = None
    text: Text | None = None
    """The line as written, such as "UBND tỉnh (b/c)"."""
    for_report: StrictBool = False
    """Whether it stands there "để báo cáo" (b/c)."""

    @model_validator(mode="after")
    def _says_whom(self) -> Self:
        if self.agency is None and self.text is None:
            raise PydanticCustomError("recipient_empty", "give the agency, the text, or both", {})
        return self


class Plan(Sourced):
    """What the plan is. Thông tin chung của kế hoạch."""

    id: Id
    number: Text
    """Số, ký hiệu, such as 99/KH-UBND."""
    title: Text
    issuer: Id
    """The agency that issues it, and to which reports are addressed."""
    issued_on: Day
    signer: Contact | None = None
    """Who signed."""
    period: PlanPeriod
    periods: list[ListedPeriod] = Field(default_factory=list)
    """Reporting periods of its own, for reports owed `every: listed`. Các kỳ báo cáo riêng."""
    language: Language = Language.VI
    classification: Classification = Classification.PUBLIC
    coordinator: Id | None = None
    """The agency that follows the plan up for the issuer (cơ quan theo dõi, tổng hợp); else the issuer."""
    implements: list[Superior] = Field(default_factory=list)
    recipients: list[PlanRecipient] = Field(default_factory=list)
    """Nơi nhận."""
    regime: Id
    calendar: Id
    escalation: Id


_UNDATED: dict[str, Any] = {"every": Frequency.ONCE, "since": None, "due": None, "cut_off": None}
"""What a report on demand does not take from the plan's default: when it is owed."""


class PlanFile(SpecModel):
    """A file with one plan. Một kế hoạch."""

    dondoc: Literal[1] = LANGUAGE_VERSION
    """The version of the language."""
    plan: Plan
    defaults: PlanDefaults = PlanDefaults()
    forms: dict[Id, Form] = Field(default_factory=dict)
    """Forms of this plan alone."""
    tasks: list[Task] = Field(min_length=1)

    def report(self, task: Task) -> Report | None:
        """The report that `task` owes, the plan's default filling the keys it leaves out; None for none."""
        default = self.defaults.report
        if task.report == "none":
            return None
        if task.report is None or default is None:
            return task.report or default
        own = {key: getattr(task.report, key) for key in task.report.model_fields_set}
        if task.report.kind is ReportKind.ON_DEMAND and not {"every", "due"} & own.keys():
            default = default.model_copy(update=_UNDATED)
        return default.model_copy(update=own | {"assumed": default.assumed | task.report.assumed})
