"""The words of the plan language as types; the published JSON Schemas are generated from these."""

from schemas.model.agencies import NO_SUCCESSOR, Agency, Contact, DirectoryFile, Group, Validity
from schemas.model.base import LANGUAGE_VERSION, Id, Language, SpecModel
from schemas.model.dates import AnnualDay, Due, Span, SpanUnit
from schemas.model.forms import Aggregate, Field, FieldType, Form
from schemas.model.library import Calendar, Escalation, LibraryFile, OfficeHours, Recipient, Regime, Rung
from schemas.model.plan import (
    Classification,
    Dependency,
    DependsOn,
    Frequency,
    Plan,
    PlanDefaults,
    PlanFile,
    PlanPeriod,
    PlanRecipient,
    Report,
    ReportKind,
    Superior,
    Task,
)

__all__ = [
    "LANGUAGE_VERSION",
    "NO_SUCCESSOR",
    "Agency",
    "Aggregate",
    "AnnualDay",
    "Calendar",
    "Classification",
    "Contact",
    "Dependency",
    "DependsOn",
    "DirectoryFile",
    "Due",
    "Escalation",
    "Field",
    "FieldType",
    "Form",
    "Frequency",
    "Group",
    "Id",
    "Language",
    "LibraryFile",
    "OfficeHours",
    "Plan",
    "PlanDefaults",
    "PlanFile",
    "PlanPeriod",
    "PlanRecipient",
    "Recipient",
    "Regime",
    "Report",
    "ReportKind",
    "Rung",
    "Span",
    "SpanUnit",
    "SpecModel",
    "Superior",
    "Task",
    "Validity",
]
