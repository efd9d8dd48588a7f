"""A first spec, written from a few answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic_core import PydanticCustomError

from schemas.model import Span
from schemas.rewriting import scalar

_DUE = re.compile(r"^(before|trước|by|chậm nhất)(?:\s+ngày)?\s+(\d{1,2}/\d{1,2}(?:/\d{4})?)$", re.IGNORECASE)
_IN_MONTH = re.compile(r"^(?:in month|in|trong tháng)\s+(\d{1,2})(?:/(\d{4}))?$", re.IGNORECASE)
_LAST_MONTH = 12
_AFTER_CUT_OFF = re.compile(
    r"^(\d{1,3} \D{1,20}?)\s+(?:after the cut-off|sau (?:ngày |khi )?chốt(?: số liệu)?)$", re.IGNORECASE
)
_WORDS = {"before": "before", "trước": "before", "by": "by", "chậm nhất": "by"}


@dataclass(frozen=True, kw_only=True)
class TaskAnswers:
    """What was answered about one task."""

    id: str
    title: str
    lead: Sequence[str]
    every: str
    due: str = ""
    """Such as "before: 30/11"; empty for the regime's."""
    form: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was answered about a plan."""

    id: str
    number: str
    title: str
    issuer: str
    issued_on: date
    year: int
    regime: str
    calendar: str
    escalation: str
    tasks: Sequence[TaskAnswers] = field(default_factory=tuple)


def due_of(text: str, year: int) -> str | None:
    """An answer ("before 30/11", "chậm nhất ngày 30/11", "trong tháng 3", "3 ngày làm việc sau ngày chốt") as
    the inside of a due mapping; a month without a year is one of `year`. None for what is no such answer.
    """
    said = text.strip()
    if match := _DUE.match(said):
        return f"{_WORDS[match[1].lower()]}: {match[2]}"
    if (match := _IN_MONTH.match(said)) and 1 <= int(match[1]) <= _LAST_MONTH:
        return f"in_month: {int(match[1])}/{match[2] or year}"
    if match := _AFTER_CUT_OFF.match(said):
        try:
            return f"after_cut_off: {Span.parse(match[1])}"
        except PydanticCustomError:
            return None
    return None


def draft(answers: Answers, schema: str) -> str:
    """The text of the plan's file; `schema` is where the published schema lies, seen from the file."""
    issued = answers.issued_on
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "dondoc: 1",
        "",
        "plan:",
        f"  id: {answers.id}",
        f"  number: {scalar(answers.number)}",
        f"  title: {scalar(answers.title)}",
        f"  issuer: {answers.issuer}",
        f"  issued_on: {issued.day}/{issued.month}/{issued.year}",
        f"  period: {{from: 1/1/{answers.year}, to: 31/12/{answers.year}}}",
        f"  regime: {answers.regime}",
        f"  calendar: {answers.calendar}",
        f"  escalation: {answers.escalation}",
        "",
        "tasks:",
    ]
    for task in answers.tasks:
        lead = task.lead[0] if len(task.lead) == 1 else f"[{', '.join(task.lead)}]"
        lines += [
            f"  - id: {task.id}",
            f"    title: {scalar(task.title)}",
            f"    lead: {lead}",
            "    report:",
            f"      every: {task.every}",
            *([f"      due: {{{task.due}}}"] if task.due else []),
            *([f"      form: {task.form}"] if task.form else []),
        ]
    return "\n".join([*lines, ""])
