"""A first spec, written from a few answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from schemas.rewriting import scalar

_DUE = re.compile(r"^(before|trước|by|chậm nhất)(?:\s+ngày)?\s+(\d{1,2}/\d{1,2}(?:/\d{4})?)$", re.IGNORECASE)
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


def due_of(text: str) -> str | None:
    """An answer ("before 30/11", "trước ngày 30/11", "chậm nhất 30/11") as the inside of a due mapping;
    None for what is no such answer.
    """
    match = _DUE.match(text.strip())
    return f"{_WORDS[match[1].lower()]}: {match[2]}" if match else None


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
