"""The values that an answer gives to a form's fields, wherever in the mail they were written.

Lines that the sender wrote count, and lines inside the fill-in block of the mail that is answered. Figures in
older quotes, and in the tables of what had been recorded before, do not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from notifiers.ports import Value
from notifiers.replies.mime.sheets import Sheet
from notifiers.replies.understood import Line, LinePart, Understood
from notifiers.replies.values import tables
from notifiers.replies.values.answers import is_blank, read_answer
from notifiers.replies.values.filled import opens_block
from notifiers.replies.values.labels import Found, Labels
from schemas.forms import FieldProblem, Rule, validate_values
from schemas.model import Field, FieldType, Form

TEXT_FIELD = "text"
"""The one field of a report that has no form: what the sender wrote."""

_WRAPPED = 3
_SHORT = 60


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an answer says to a form."""

    values: Mapping[str, Value]
    """By field id; only those that the form allows."""
    problems: tuple[FieldProblem, ...]
    """What was given and cannot be used, and what is required and was neither given nor known."""
    found: frozenset[str]
    """The fields that were answered at all, well or not."""


@dataclass(slots=True)
class _Entry:
    """A label with what stands behind and below it."""

    field: Field
    depth: int
    by_number: bool
    year: int
    first: str
    below: list[str] = dataclasses.field(default_factory=list)
    answers: list[str] = dataclasses.field(default_factory=list)
    """Lines written below a quoted label, less deep than it."""

    def text(self) -> str:
        long = self.field.type is FieldType.TEXT
        if self.answers and (long or is_blank(self.first)):
            return _joined([self.first, *self.answers]) if long else _first(self.answers)
        if long:
            return _joined([self.first, *self.below])
        return self.first if not is_blank(self.first) else _first(self.below)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Lower is believed first."""
        depth = 0 if any(not is_blank(one) for one in self.answers) else self.depth
        return self.by_number, depth, -self.year


def read_values(
    understood: Understood, form: Form | None, known: Mapping[str, Value] | None = None
) -> Reading:
    """What the mail answers to `form`; without a form, the text is the report.

    `known` are values accepted from earlier answers: what they hold is not missing. Good values are kept even
    when others are not.
    """
    if form is None:
        values: dict[str, Value] = {TEXT_FIELD: understood.text} if understood.text else {}
        return Reading(values=values, problems=(), found=frozenset(values))
    ids = {one.id for one in form.fields}
    known = {name: value for name, value in (known or {}).items() if name in ids}
    typed_in_mail = _given(understood.lines, form)
    in_sheets = _of_sheets(understood.sheets, form)
    sent_on = understood.sent_at.date() if understood.sent_at else None
    given: dict[str, str] = {}
    typed: dict[str, Value] = {}
    problems: dict[str, FieldProblem] = {}
    for one in form.fields:
        told = [held[one.id] for held in (typed_in_mail, in_sheets) if one.id in held]
        if not told:
            continue
        # what was typed into the mail goes before a file, unless only the file can be read ("see the file")
        answers = [(read_answer(one, text, sent_on), text) for text in told]
        answer, given[one.id] = next((had for had in answers if not isinstance(had[0], Rule)), answers[0])
        if isinstance(answer, Rule):
            problems[one.id] = FieldProblem(
                field_id=one.id, label=one.label, rule=answer, limit=None, given=given[one.id]
            )
        else:
            typed[one.id] = answer
    for problem in validate_values(form, {**known, **typed}):
        if problem.field_id in given:
            problems.setdefault(problem.field_id, replace(problem, given=given[problem.field_id]))
        elif problem.field_id not in known:
            problems.setdefault(problem.field_id, problem)
    return Reading(
        values={name: value for name, value in typed.items() if name not in problems},
        problems=tuple(problems[one.id] for one in form.fields if one.id in problems),
        found=frozenset(given),
    )


def _given(lines: Sequence[Line], form: Form) -> dict[str, str]:
    """The text answered to each field; unanswered fields are left out."""
    best: dict[str, tuple[tuple[bool, int, int], str]] = {}
    labels = _labels(form)
    for entry in _entries(_apart(lines, labels), labels):
        text = entry.text()
        if is_blank(text):
            continue
        held = best.get(entry.field.id)
        if held is None or entry.rank < held[0]:
            best[entry.field.id] = (entry.rank, text)
    return {name: text for name, (_, text) in best.items()}


def _of_sheets(sheets: Sequence[Sheet], form: Form) -> dict[str, str]:
    """The text answered to each field in workbooks: in our own form, else in rows that name a field in full.

    A field that several rows answer differently is left out.
    """
    given = tables.answers_by_id(sheets, form)
    if given or not sheets:
        return given
    labels = _labels(form)
    found: dict[str, set[str]] = {}
    head: list[str] = []
    for line in tables.rows_as_lines(sheets, form):
        cells = [cell.strip() for cell in line.split("\t")]
        row = labels.row(cells, head)
        head = head or (cells if row is None else [])
        named = labels.find(row) if row is not None else None
        if named and not is_blank(named.answer):
            found.setdefault(named.field.id, set()).add(named.answer)
    return {name: answers.pop() for name, answers in found.items() if len(answers) == 1}


def _apart(lines: Sequence[Line], labels: Labels) -> list[Line]:
    """The sender's lines, those that answer several fields taken apart, and a table's rows as lines."""
    spread: list[Line] = []
    head: list[str] = []
    for line in lines:
        if line.depth or line.part is not LinePart.OWN:
            spread.append(line)
            head = []
        elif "\t" in line.text:
            cells = [cell.strip() for cell in line.text.split("\t")]
            row = labels.row(cells, head)
            head = head or (cells if row is None else [])
            spread.append(line if row is None else replace(line, text=row))
        else:
            head = head if not line.text.strip() else []
            pieces = labels.apart(line.text)
            spread.extend([line] if pieces == [line.text] else (replace(line, text=one) for one in pieces))
    return spread


def _entries(lines: Sequence[Line], labels: Labels) -> Iterator[_Entry]:
    """All labels, each with its answer lines, in the order of the mail."""
    in_block = False
    current: _Entry | None = None
    place = 0
    while place < len(lines):
        line, place = lines[place], place + 1
        opens = opens_block(line.text)
        if opens is not None:
            in_block = opens and line.depth == 1
            if current:
                yield current
            current = None
            continue
        counts = _counts(line, in_block=in_block)
        found, used = _asked(lines, place - 1, labels, counts=counts)
        if found and found.by_number and not _fits(found, current):
            found = None
        if found:
            if current:
                yield current
            current = _Entry(found.field, line.depth, found.by_number, found.year, found.answer)
            place += used - 1
        elif current and not _goes_on(line, current, counts=counts):
            yield current
            current = None
        elif current and not labels.is_help(line.text):
            (current.answers if line.depth < current.depth else current.below).append(line.text)
    if current:
        yield current


def _counts(line: Line, *, in_block: bool) -> bool:
    """Whether labels in this line are answers of this mail."""
    if line.depth == 0:
        return line.part is LinePart.OWN
    return line.depth == 1 and line.part is LinePart.QUOTE and in_block


def _asked(lines: Sequence[Line], place: int, labels: Labels, *, counts: bool) -> tuple[Found | None, int]:
    """The field of this line, when the answer is this mail's; a quoted one must have been left empty."""
    if counts:
        return _found(lines, place, labels)
    if not _answered_below(lines, place):
        return None, 1
    found, used = _found(lines, place, labels)
    return (found, used) if found and is_blank(found.answer) else (None, 1)


def _answered_below(lines: Sequence[Line], place: int) -> bool:
    """Whether the sender wrote right below a quoted line, the block's marks having been cut off."""
    if lines[place].depth != 1 or lines[place].part is not LinePart.QUOTE:
        return False
    for below in lines[place + 1 : place + 3]:
        if below.text.strip():
            return below.depth == 0 and below.part is LinePart.OWN
    return False


def _goes_on(line: Line, current: _Entry, *, counts: bool) -> bool:
    """Whether a line without a label still belongs to the answer above it."""
    if line.depth > current.depth or line.part in (LinePart.SIGNATURE, LinePart.INTRODUCTION):
        return False
    return counts or line.depth < current.depth


def _found(lines: Sequence[Line], place: int, labels: Labels) -> tuple[Found | None, int]:
    """The field that this line answers, and over how many lines its label was wrapped by a client."""
    line = lines[place]
    text = line.text
    for used in range(1, _WRAPPED + 1):
        if used == 1 and not text.strip():
            break
        if not labels.begins(text):
            return labels.find(text), used
        below = lines[place + used] if place + used < len(lines) else None
        if below is None or below.depth != line.depth or not below.text.strip():
            break
        text = f"{text} {below.text}"
    return labels.find(line.text), 1


def _fits(found: Found, current: _Entry | None) -> bool:
    """Whether a line with only a number may be an answer: not in a text, and only when it reads well."""
    if (current and current.field.type is FieldType.TEXT) or found.field.type is FieldType.TEXT:
        return False
    return not isinstance(read_answer(found.field, found.answer), Rule)


def _first(lines: Sequence[str]) -> str:
    """The first line that says something; a long one is prose that happens to follow."""
    line = next((one.strip() for one in lines if not is_blank(one)), "")
    return line if len(line) <= _SHORT else ""


def _joined(lines: Sequence[str]) -> str:
    """Lines of a text, blank ones at both ends removed and never two in a row."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line.strip())
    return "\n".join(kept).strip()


@lru_cache(maxsize=500)
def _labels(form: Form) -> Labels:
    """The labels of a form, prepared once."""
    return Labels(form)
