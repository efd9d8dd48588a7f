"""What of a report's form stands in a letter: the part to fill in, what was understood, what was not."""

from __future__ import annotations

from collections.abc import Mapping

from notifiers import wording
from notifiers.phrases import Phrases
from notifiers.ports import Letter, LetterKind, Value
from schemas.forms import FieldProblem, Rule
from schemas.model import Field, FieldType, Form, Language

ASKS_FOR_FORM = frozenset(
    (
        LetterKind.REQUEST,
        LetterKind.REMINDER,
        LetterKind.OVERDUE,
        LetterKind.PARTLY,
        LetterKind.REFUSED,
        LetterKind.REDATED,
        LetterKind.EXTENDED,
        LetterKind.DECLINED,
        LetterKind.ANSWERED,
    )
)
"""Kinds that ask for values."""

_LONGEST_VALUE = 600
_SHOWS_VALUES = frozenset((LetterKind.ACCEPTED, LetterKind.PARTLY, LetterKind.TAKEN_OVER))
_SHOWS_PROBLEMS = frozenset((LetterKind.PARTLY, LetterKind.REFUSED))


def contents(letter: Letter) -> tuple[Form | None, Mapping[str, Value]]:
    """The form and the values that the letter may show."""
    if letter.classified:
        return None, {}
    return letter.form, letter.values if letter.kind in _SHOWS_VALUES else {}


def told_values(
    form: Form | None, values: Mapping[str, Value], language: Language
) -> list[dict[str, str | None]]:
    """What was understood, in the order of the form; a report without a form is its text."""
    if form is None:
        return [{"label": "", "value": told(given, language), "unit": None} for given in values.values()]
    return [
        {
            "label": wording.label(field, language),
            "value": told(values[field.id], language),
            "unit": field.unit if field.type in (FieldType.INTEGER, FieldType.NUMBER) else None,
        }
        for field in form.fields
        if field.id in values
    ]


def told(given: Value, language: Language) -> str:
    """A value as it is told back; of a long text, the beginning."""
    return wording.capped(wording.value(given, language), _LONGEST_VALUE)


def example(form: Form | None, values: Mapping[str, Value], language: Language) -> str | None:
    """A line as it would be sent again, such as "Số tin, bài: 45"."""
    for field in form.fields if form is not None else ():
        if field.id in values and field.type in (FieldType.INTEGER, FieldType.NUMBER):
            return f"{wording.label(field, language)}: {wording.value(values[field.id], language)}"
    return None


def told_problems(letter: Letter, shared: Phrases) -> list[str]:
    """What was wrong with an answer, a sentence for each."""
    if letter.classified or letter.kind not in _SHOWS_PROBLEMS:
        return []
    return [_problem(problem, letter, shared) for problem in letter.problems]


def _problem(problem: FieldProblem, letter: Letter, shared: Phrases) -> str:
    field = (
        next((one for one in letter.form.fields if one.id == problem.field_id), None) if letter.form else None
    )
    limit = problem.limit
    if field is not None and problem.rule is Rule.NOT_A_CHOICE:
        limit = " / ".join(field.choices)
    elif field is not None and problem.rule in (Rule.BELOW, Rule.ABOVE):
        bound = field.min if problem.rule is Rule.BELOW else field.max
        limit = wording.number(bound, letter.language) if bound is not None else limit
    shown = {"label": wording.label(field, letter.language) if field else problem.label}
    shared.add(problem=shown, given=wording.shortened(problem.given, 80), limit=limit)
    return shared(problem.rule.value.replace("-", "_"))


def fields(letter: Letter, form: Form | None, shared: Phrases) -> list[dict[str, str | None]]:
    """The fill-in block; numbers are those of the whole form, also when only some fields are asked again."""
    if form is None or letter.kind not in ASKS_FOR_FORM:
        return []
    wanted = {problem.field_id for problem in letter.problems} if letter.kind is LetterKind.PARTLY else None
    return [
        {"line": _line(place, field, letter.language, shared), "help": field.help}
        for place, field in enumerate(form.fields, start=1)
        if wanted is None or field.id in wanted
    ]


def _line(place: int, field: Field, language: Language, shared: Phrases) -> str:
    """`3. Kinh phí thực hiện (triệu đồng; nếu có):`, to be written behind."""
    shared.add(field=field)
    hints = [field.unit or ""]
    if field.type is FieldType.CHOICE:
        hints.append(shared("choose"))
    elif field.type is FieldType.DATE:
        hints.append(shared("date_hint"))
    elif field.type is FieldType.YES_NO:
        hints.append(shared("yes_no_hint"))
    if not field.required:
        hints.append(shared("optional"))
    told = "; ".join(hint for hint in hints if hint)
    name = wording.label(field, language)
    return f"{place}. {name} ({told}): " if told else f"{place}. {name}: "
