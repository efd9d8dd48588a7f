"""A letter becomes a mail: words from templates, text, HTML and headers; one letter always gives one mail."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from notifiers import headers, wording
from notifiers.address import token
from notifiers.ports import Enclosure, Letter, LetterKind, Mail, Party, Value
from schemas.forms import FieldProblem, Rule
from schemas.model import Field, FieldType, Form, Language

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment, Template
    from jinja2.runtime import Context

LETTER_HEADER = "X-Dondoc-Letter"
"""Marks a mail as one of ours, with its kind: a mail that comes in with it is a loop."""

_SUBJECT_TITLE = 70
_REFERENCES = 20
"""How many of a thread's ids are named: the first, which the thread hangs on, and the latest."""

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
_SHOWS_VALUES = frozenset((LetterKind.ACCEPTED, LetterKind.PARTLY, LetterKind.TAKEN_OVER))
_SHOWS_PROBLEMS = frozenset((LetterKind.PARTLY, LetterKind.REFUSED))
_NO_LONGER_DUE = frozenset((LetterKind.WITHDRAWN, LetterKind.HANDED_OVER))
_TELLS_TASK = frozenset((LetterKind.REQUEST,))


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who a mail comes from: the name and mailbox of From, and the address that bounces come back to."""

    name: str
    mailbox: str
    return_path: str


def compose(letter: Letter, sender: Sender) -> Mail:
    """The mail for `letter`: envelope and bytes, ASCII only, lines ended with CRLF.

    A classified letter says that a report is owed and through which channel; neither task nor values nor
    form stand in it. Raises UnusableAddress when an address or message id cannot stand in a mail.
    """
    line, text, html = _render(letter)
    recipients = tuple(dict.fromkeys(headers.address(party.mailbox) for party in (letter.to, *letter.cc)))
    copies = [party for party in letter.cc if party.mailbox != letter.to.mailbox]
    boundary = "=_dondoc_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    thread = (
        letter.thread
        if len(letter.thread) <= _REFERENCES
        else (letter.thread[0], *letter.thread[1 - _REFERENCES :])
    )
    head = (
        headers.mailboxes("From", [Party(name=sender.name, mailbox=sender.mailbox)])
        + headers.mailboxes("To", [letter.to])
        + headers.mailboxes("Cc", copies)
        + headers.mailboxes("Reply-To", [Party(name=sender.name, mailbox=letter.reply_to)])
        + headers.line("Subject", line)
        + f"Date: {format_datetime(letter.sent_at)}\r\n"
        + headers.message_ids("Message-ID", [letter.message_id])
        + headers.message_ids("In-Reply-To", thread[-1:])
        + headers.message_ids("References", thread)
        # RFC 3834: no auto-responder answers this; no Precedence, which filters take for bulk mail
        + "Auto-Submitted: auto-generated\r\n"
        + f"{LETTER_HEADER}: {letter.kind}\r\n"
        + f"Content-Language: {letter.language}\r\n"
        + "MIME-Version: 1.0\r\n"
    )
    inner = (
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
        + _part(boundary, "plain", text)
        + _part(boundary, "html", html)
        + f"--{boundary}--\r\n"
    )
    enclosures = () if letter.classified else letter.enclosures
    body = _enclosing(boundary, inner, enclosures) if enclosures else inner
    return Mail(
        message_id=letter.message_id,
        envelope_from=headers.address(sender.return_path),
        envelope_to=recipients,
        raw=(head + body).encode("utf-8"),
    )


def _part(boundary: str, subtype: str, text: str) -> str:
    encoded = _base64(text.replace("\n", "\r\n").encode("utf-8", "replace"))
    return (
        f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
    )


def _enclosing(boundary: str, inner: str, enclosures: Sequence[Enclosure]) -> str:
    """The text with the files behind it."""
    outer = f"{boundary}_files"
    files = "".join(
        f"--{outer}\r\nContent-Type: {one.content_type}{headers.parameter('name', one.name)}\r\n"
        f"Content-Disposition: attachment{headers.parameter('filename', one.name)}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(one.content)}\r\n"
        for one in enclosures
    )
    opening = f'Content-Type: multipart/mixed; boundary="{outer}"\r\n\r\n--{outer}\r\n'
    return f"{opening}{inner}\r\n{files}--{outer}--\r\n"


def _base64(content: bytes) -> str:
    return base64.encodebytes(content).decode("ascii").replace("\n", "\r\n")


def subject(letter: Letter) -> str:
    """The subject that `compose` gives the letter, without composing it."""
    return _titled(letter)[0]


def _titled(letter: Letter) -> tuple[str, _Words, _Words]:
    """The subject, and the words that all letters share and those of this kind, knowing what it needs."""
    language = letter.language
    shared = _Words(f"{language}/words.j2", {"letter": letter})
    own = _Words(f"{language}/{letter.kind}.j2", shared.known)
    prefix = " ".join(own("prefix").split())
    shared.add(
        document=wording.document(letter.plan_number, language),
        token=token(letter.reply_to),
        prefix=f"{prefix} " if prefix else "",
        title=wording.shortened(letter.task_title, _SUBJECT_TITLE),
        cycle=letter.cycle_name,
    )
    line = " ".join(shared("subject_classified" if letter.classified else "subject").split())
    return line, shared, own


def _worded(letter: Letter) -> tuple[str, _Words, _Words]:
    """The subject, the words that all letters share, and those of this kind, with all known that they use."""
    line, shared, own = _titled(letter)
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


def _render(letter: Letter) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    line, shared, own = _worded(letter)
    form, values = _contents(letter)
    language = letter.language
    whole: dict[str, Any] = {
        "language": str(language),
        "subject": line,
        "salutation": shared("salutation"),
        "attention": shared("attention"),
        "opening": [*shared.paragraphs("redirected"), *own.paragraphs("opening")],
        "facts": _facts(letter, shared),
        "late": letter.days_late > 0,
        "values": _values(form, values, language),
        "problems": _problems(letter, shared),
        "asking": own.paragraphs("asking"),
        "fields": _fields(letter, form, shared),
        "closing": own.paragraphs("closing"),
        # the issuer does not sign a letter to itself: its coordinator does
        "signer": letter.coordinator.name if letter.to.name == letter.issuer.name else letter.issuer.name,
        "contact": shared("contact"),
        "words": {
            name: shared(name)
            for name in ("recorded", "to_check", "block_start", "block_end", "regards", "footer", "due")
        },
    }
    return line, _template("letter.txt.j2").render(whole), _template("letter.html.j2").render(whole)


def _how(letter: Letter, shared: _Words) -> str:
    """The one sentence on how to answer."""
    if letter.classified:
        return shared("proper_channel")
    return shared("write_text" if letter.form is None else "fill_in")


def _facts(letter: Letter, shared: _Words) -> list[tuple[str, str]]:
    """What, who, to whom, when: rows without a value are left out."""
    tells_task = letter.kind in _TELLS_TASK and not letter.classified
    rows = (
        (shared("plan"), shared("plan_value")),
        (shared("task"), shared("task_value")),
        (shared("task_text"), (letter.task_text or "") if tells_task else ""),
        (shared("note"), "" if letter.classified else letter.note or ""),
        (shared("agency"), letter.agency.name),
        (shared("report_to"), shared("report_to_value")),
        (shared("cycle"), shared("cycle_value")),
        (shared("handed_from"), letter.handed_from.name if letter.handed_from else ""),
        (shared("due"), "" if letter.kind in _NO_LONGER_DUE else shared("due_value")),
        (shared("enclosed"), "" if letter.classified else "; ".join(one.name for one in letter.enclosures)),
    )
    return [(name, value) for name, value in rows if value]


def _values(
    form: Form | None, values: Mapping[str, Value], language: Language
) -> list[dict[str, str | None]]:
    """What was understood, in the order of the form; a report without a form is its text."""
    if form is None:
        return [
            {"label": "", "value": wording.value(given, language), "unit": None} for given in values.values()
        ]
    return [
        {
            "label": wording.label(field, language),
            "value": wording.value(values[field.id], language),
            "unit": field.unit if field.type in (FieldType.INTEGER, FieldType.NUMBER) else None,
        }
        for field in form.fields
        if field.id in values
    ]


def _example(form: Form | None, values: Mapping[str, Value], language: Language) -> str | None:
    """A line as it would be sent again, such as "Số tin, bài: 45"."""
    for field in form.fields if form is not None else ():
        if field.id in values and field.type in (FieldType.INTEGER, FieldType.NUMBER):
            return f"{wording.label(field, language)}: {wording.value(values[field.id], language)}"
    return None


def _problems(letter: Letter, shared: _Words) -> list[str]:
    if letter.classified or letter.kind not in _SHOWS_PROBLEMS:
        return []
    return [_problem(problem, letter, shared) for problem in letter.problems]


def _problem(problem: FieldProblem, letter: Letter, shared: _Words) -> str:
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


def _fields(letter: Letter, form: Form | None, shared: _Words) -> list[dict[str, str | None]]:
    """The fill-in block; numbers are those of the whole form, also when only some fields are asked again."""
    if form is None or letter.kind not in _ASKS_FOR_FORM:
        return []
    wanted = {problem.field_id for problem in letter.problems} if letter.kind is LetterKind.PARTLY else None
    return [
        {"line": _line(place, field, letter.language, shared), "help": field.help}
        for place, field in enumerate(form.fields, start=1)
        if wanted is None or field.id in wanted
    ]


def _line(place: int, field: Field, language: Language, shared: _Words) -> str:
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


class _Words:
    """The blocks of one template file, each rendered by itself with what is known so far."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        self._template = _template(name)
        self.known = dict(known)

    def add(self, **more: object) -> None:
        self.known.update(more)

    def __call__(self, block: str) -> str:
        language = self.known["letter"].language
        context = self._template.new_context({**self.known, "language": language})
        return "".join(self._template.blocks[block](context)).strip()

    def paragraphs(self, block: str) -> list[str]:
        return [" ".join(one.split()) for one in self(block).split("\n\n") if one.strip()]


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import PackageLoader, StrictUndefined, pass_context, select_autoescape
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("notifiers"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("day", "weekday", "number", "inline"):
        write = getattr(wording, name)

        @pass_context
        def in_language(context: Context, given: object, write: Callable[..., object] = write) -> str:
            return str(write(given, context["language"]))

        environment.filters[name] = in_language
    return environment
