"""Rendering: a letter becomes words, as subject, as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from notifiers import wording
from notifiers.address import token
from notifiers.conversation import OF_THEIR_OWN
from notifiers.overrides import NONE, Overrides
from notifiers.phrases import Phrases, template
from notifiers.ports import Letter, LetterKind, Parcel, Section, Value
from schemas.forms import FieldProblem, Rule
from schemas.model import Field, FieldType, Form, Language

_SUBJECT_TITLE = 70

_ASKS_FOR_FORM = frozenset(
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
_ANSWERS = frozenset(
    (
        LetterKind.ACCEPTED,
        LetterKind.PARTLY,
        LetterKind.REFUSED,
        LetterKind.CLOSED,
        LetterKind.WITHDRAWN,
    )
)
_MOST_UNCLEAR = 8
_MOST_STEPS = 12
_LONGEST_VALUE = 600
_SHOWS_VALUES = frozenset((LetterKind.ACCEPTED, LetterKind.PARTLY, LetterKind.TAKEN_OVER))
_SHOWS_PROBLEMS = frozenset((LetterKind.PARTLY, LetterKind.REFUSED))
_NO_LONGER_DUE = frozenset((LetterKind.WITHDRAWN, LetterKind.HANDED_OVER))
_TELLS_TASK = frozenset((LetterKind.REQUEST,))


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A letter in words."""

    subject: str
    text: str
    html: str


def subject(letter: Letter | Parcel, overrides: Overrides = NONE) -> str:
    """The subject of the letter, without the rest of it."""
    if letter.conversation is not None:
        return _again(letter.conversation)
    if isinstance(letter, Letter):
        return _titled(letter, overrides)[0]
    return _Bundle(letter, overrides).subject()


def rendered(letter: Letter | Parcel, overrides: Overrides = NONE) -> Rendered:
    """The whole letter in words: those of `overrides`, where it has any, and else those that are built in."""
    frame = _framed(letter, overrides)
    return Rendered(
        subject=frame["subject"],
        text=template("letter.txt.j2").render(frame),
        html=template("letter.html.j2").render(frame),
    )


def _again(conversation: str) -> str:
    """The subject of what follows in a conversation: equal for all clients that put mails together by it."""
    return f"Re: {conversation}"


def _framed(letter: Letter | Parcel, overrides: Overrides) -> dict[str, Any]:
    if isinstance(letter, Letter):
        return _frame(letter, overrides)
    return _Bundle(letter, overrides).frame()


def _titled(letter: Letter, overrides: Overrides = NONE) -> tuple[str, Phrases, Phrases]:
    """The subject, and the words that all letters share and those of this kind, knowing what it needs."""
    language = letter.language
    shared = Phrases(f"{language}/words.j2", {"letter": letter})
    own = Phrases(f"{language}/{letter.kind}.j2", shared.known)
    lead = " ".join(own("lead").split())
    shared.add(
        document=wording.document(letter.plan_number, language),
        token=token(letter.reply_to),
        lead=lead,
        opens=lead if letter.kind in OF_THEIR_OWN else "",
        title=wording.shortened(letter.task_title, _SUBJECT_TITLE),
        title_says_report=wording.says_report(letter.task_title, language),
        cycle=letter.cycle_name,
    )
    shared.add(said=overrides.subject(letter, letter.kind))
    if letter.conversation is not None:
        # the subject is given: a coordinator's own words for it stand above the mail instead
        shared.add(lead=shared.known["said"] or lead)
        return _again(letter.conversation), shared, own
    if _asks_about_several(letter):
        return " ".join(shared("subject_several").split()), shared, own
    block = "subject_said" if shared.known["said"] else "subject"
    line = " ".join(shared("subject_classified" if letter.classified else block).split())
    return line, shared, own


def _worded(letter: Letter, overrides: Overrides = NONE) -> tuple[str, Phrases, Phrases]:
    """The subject, the words that all letters share, and those of this kind, with all known that they use."""
    line, shared, own = _titled(letter, overrides)
    shared.add(day_after=letter.due_on + timedelta(days=1))
    shared.add(period=shared("period"), what=shared("what"), proper_channel=shared("proper_channel"))
    form, values = _contents(letter)
    shared.add(how=_how(letter, shared), example=_example(form, values, letter.language))
    own.add(**shared.known)
    return line, shared, own


def _contents(letter: Letter) -> tuple[Form | None, Mapping[str, Value]]:
    """The form and the values that the letter may show."""
    if letter.classified:
        return None, {}
    return letter.form, letter.values if letter.kind in _SHOWS_VALUES else {}


def _frame(letter: Letter, overrides: Overrides) -> dict[str, Any]:
    """What the templates of the whole letter need to know."""
    line, shared, own = _worded(letter, overrides)
    return {
        **_envelope(letter, shared),
        "subject": line,
        "opening": [
            *shared.paragraphs("redirected"),
            *(overrides.paragraphs(letter, letter.kind, "opening") or own.paragraphs("opening")),
        ],
        "facts": _facts(letter, shared),
        "sections": [_section(letter, shared, own)],
        "asking": [],
        "unclear": [],
        "closing": overrides.paragraphs(letter, letter.kind, "closing") or own.paragraphs("closing"),
    }


def _envelope(letter: Letter, shared: Phrases) -> dict[str, Any]:
    """What stands above and below what is said."""
    return {
        "language": str(letter.language),
        "lead": shared.known["lead"],
        "salutation": shared("salutation"),
        "attention": shared("attention"),
        # the issuer does not sign a letter to itself: its coordinator does
        "signer": letter.coordinator.name if letter.to.name == letter.issuer.name else letter.issuer.name,
        "contact": shared("contact"),
        "words": {name: shared(name) for name in ("regards", "footer", "unclear")},
    }


def _section(letter: Letter, shared: Phrases, own: Phrases) -> dict[str, Any]:
    """What is said about one report."""
    form, values = _contents(letter)
    words = ("recorded", "to_check", "block_start", "block_end", "due")
    return {
        "heading": "",
        "standing": "",
        "facts": [],
        "late": letter.days_late > 0,
        "recorded": _values(form, values, letter.language),
        "problems": _problems(letter, shared),
        "asking": own.paragraphs("asking"),
        "fields": _fields(letter, form, shared),
        "words": {name: shared(name) for name in words},
    }


def _how(letter: Letter, shared: Phrases) -> str:
    """The one sentence on how to answer."""
    if letter.classified:
        return shared("proper_channel")
    return shared("write_text" if letter.form is None else "fill_in")


def _facts(letter: Letter, shared: Phrases) -> list[tuple[str, str]]:
    """What, who, to whom, when."""
    return [(name, value) for _, name, value in _rows(letter, shared)]


def _rows(letter: Letter, shared: Phrases) -> list[tuple[str, str, str]]:
    """The facts with their keys; rows without a value are left out."""
    several = _asks_about_several(letter)
    tells_task = letter.kind in _TELLS_TASK and not letter.classified
    enclosed = "" if letter.classified else "; ".join(one.name for one in letter.enclosures)
    rows = {
        "plan": shared("plan_value"),
        "task": "" if several else shared("task_value"),
        "task_text": (letter.task_text or "") if tells_task else "",
        "note": "" if letter.classified else letter.note or "",
        "agency": letter.agency.name,
        "report_to": shared("report_to_value"),
        "cycle": shared("cycle_value"),
        "handed_from": letter.handed_from.name if letter.handed_from else "",
        "due": "" if several or letter.kind in _NO_LONGER_DUE else shared("due_value"),
        "history": _history(letter, shared),
        "enclosed": enclosed,
    }
    return [(key, shared(key), value) for key, value in rows.items() if value]


def _asks_about_several(letter: Letter) -> bool:
    """Whether an agency asks for the same about several reports, none of them classified."""
    return letter.asked is not None and bool(letter.asked.reports)


def _history(letter: Letter, shared: Phrases) -> str:
    """The steps of the chase so far, in one sentence: "Đề nghị báo cáo ngày 15/11/2024; …"."""
    steps = []
    for one in letter.history[-_MOST_STEPS:]:
        shared.add(earlier=one)
        steps.append(shared("earlier"))
    told = "; ".join(steps)
    return told[:1].upper() + told[1:]


def _values(
    form: Form | None, values: Mapping[str, Value], language: Language
) -> list[dict[str, str | None]]:
    """What was understood, in the order of the form; a report without a form is its text."""
    if form is None:
        return [{"label": "", "value": _told(given, language), "unit": None} for given in values.values()]
    return [
        {
            "label": wording.label(field, language),
            "value": _told(values[field.id], language),
            "unit": field.unit if field.type in (FieldType.INTEGER, FieldType.NUMBER) else None,
        }
        for field in form.fields
        if field.id in values
    ]


def _told(given: Value, language: Language) -> str:
    """A value as it is told back; of a long text, the beginning."""
    return wording.capped(wording.value(given, language), _LONGEST_VALUE)


def _example(form: Form | None, values: Mapping[str, Value], language: Language) -> str | None:
    """A line as it would be sent again, such as "Số tin, bài: 45"."""
    for field in form.fields if form is not None else ():
        if field.id in values and field.type in (FieldType.INTEGER, FieldType.NUMBER):
            return f"{wording.label(field, language)}: {wording.value(values[field.id], language)}"
    return None


def _problems(letter: Letter, shared: Phrases) -> list[str]:
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


def _fields(letter: Letter, form: Form | None, shared: Phrases) -> list[dict[str, str | None]]:
    """The fill-in block; numbers are those of the whole form, also when only some fields are asked again."""
    if form is None or letter.kind not in _ASKS_FOR_FORM:
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


_MAY_BE_COMMON = ("plan", "agency", "report_to", "cycle", "due")
"""Facts that are told once, above all sections, where they are the same for all reports."""


class _Bundle:
    """Several letters as one mail: a common opening, a numbered section for each report."""

    def __init__(self, parcel: Parcel, overrides: Overrides) -> None:
        self._parcel = parcel
        self._overrides = overrides
        first = parcel.first
        _, self._shared, _ = _worded(first)
        self._bundle = Phrases(f"{first.language}/bundle.j2", {"letter": first})
        own = Phrases(f"{first.language}/{parcel.kind}.j2", {"letter": first})
        known = {
            "document": wording.document(first.plan_number, first.language),
            "token": token(parcel.reply_to),
            "lead": " ".join(own("lead").split()),
            "cycle": first.cycle_name,
            "count": len(parcel.sections),
            "kind": str(parcel.kind),
            "correction": any(one.answered and one.letter.correction for one in parcel.sections),
        }
        self._shared.add(**known)
        self._bundle.add(**known)
        kinds = {one.letter.kind if one.answered else None for one in parcel.sections}
        if parcel.kind in _ANSWERS and kinds != {parcel.kind}:
            self._shared.add(lead=self._bundle("mixed"))

    def subject(self) -> str:
        if self._parcel.conversation is not None:
            return _again(self._parcel.conversation)
        own = self._said()
        if own is not None:
            self._shared.add(said=own, token=token(self._parcel.reply_to))
            return " ".join(self._shared("subject_said").split())
        return " ".join(self._bundle("subject").split())

    def frame(self) -> dict[str, Any]:
        parcel, bundle = self._parcel, self._bundle
        asks = any(one.answered and one.letter.kind in _ASKS_FOR_FORM for one in parcel.sections)
        rows = [_rows(one.letter, _worded(one.letter)[1]) for one in parcel.sections]
        common = [row for row in rows[0] if row[0] in _MAY_BE_COMMON and all(row in other for other in rows)]
        return {
            **_envelope(parcel.first, self._shared),
            **({"lead": said} if parcel.conversation is not None and (said := self._said()) else {}),
            "subject": self.subject(),
            "opening": self._own("opening") or bundle.paragraphs("opening"),
            "facts": [(name, value) for _, name, value in common],
            "sections": [
                self._section(place, section, [row for row in told if row not in common])
                for place, (section, told) in enumerate(zip(parcel.sections, rows, strict=True), start=1)
            ],
            "asking": bundle.paragraphs("how" if asks else "correct"),
            "unclear": [wording.shortened(line, 120) for line in parcel.unclear[:_MOST_UNCLEAR]],
            "closing": self._own("closing") or bundle.paragraphs("closing"),
        }

    @property
    def _name(self) -> str:
        """What an override for such a mail is called: "requests"."""
        return f"{self._parcel.kind}s"

    def _said(self) -> str | None:
        return self._overrides.subject(self._parcel.first, self._name, count=len(self._parcel.sections))

    def _own(self, section: str) -> list[str] | None:
        count = len(self._parcel.sections)
        return self._overrides.paragraphs(self._parcel.first, self._name, section, count=count)

    def _section(self, place: int, section: Section, rows: list[tuple[str, str, str]]) -> dict[str, Any]:
        letter = section.letter
        _, shared, own = _worded(letter)
        self._bundle.add(letter=letter, place=place)
        told = _section(letter, shared, own)
        told["asking"] = []
        told["heading"] = self._bundle("heading")
        if self._parcel.kind not in _ANSWERS:
            told["facts"] = [(name, value) for key, name, value in rows if key != "task"]
        else:
            kind = letter.kind.value if section.answered else "not_answered"
            told["standing"] = self._bundle(f"standing_{kind}")
        if not section.answered:
            told |= {"recorded": [], "problems": [], "fields": []}
        elif letter.form is None and letter.kind in _ASKS_FOR_FORM:
            told["fields"] = [{"line": self._bundle("free_text") + " ", "help": None}]
        return told
