"""What the engine and the mail floor say to each other: plain values and the protocols of adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from schemas.forms import FieldProblem
from schemas.model import Form, Language

Value = int | float | str | bool | date
"""A value of a report's field, typed by its form."""


class LetterKind(StrEnum):
    """Why a mail is written."""

    REQUEST = "request"  # a report is asked for
    REMINDER = "reminder"  # the due date comes nearer
    OVERDUE = "overdue"  # to the agency itself: the due date has passed
    ESCALATION = "escalation"  # to somebody above: a report of theirs is late
    MISSING = "missing"  # to the coordinator: closed without the report
    ACCEPTED = "accepted"  # the answer was understood, whole
    PARTLY = "partly"  # some fields were kept, others must be sent again
    REFUSED = "refused"  # nothing of it could be used, and why
    CLOSED = "closed"  # the cycle is closed; what came was handed to the coordinator
    TAKEN_OVER = "taken-over"  # the consolidated result of the agency's own plan was taken as its report
    REDATED = "re-dated"  # the plan has moved the due date of a report that was asked for
    RESOLVED = "resolved"  # to somebody above who was told of a delay: the report came, or is not owed
    UNREACHABLE = "unreachable"  # to the coordinator: no mail reaches anybody of the agency
    WITHDRAWN = "withdrawn"  # the plan no longer asks for a report that was asked for
    PETITION = "petition"  # to the coordinator: an agency asks for something that a person must decide
    NOT_DECIDED = "not-decided"  # to whoever decides: somebody did, from an address that is not on file
    EXTENDED = "extended"  # more time was granted
    DECLINED = "declined"  # what the agency asked for was not granted
    HANDED_OVER = "handed-over"  # another agency answers from now on
    ANSWERED = "answered"  # the coordinator's answer to a question
    WHICH_REPORT = "which-report"  # to the sender of a mail that may be about several reports: which is meant


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody a mail goes to or speaks of."""

    name: str
    mailbox: str | None = None
    attention: str | None = None
    """The person meant, such as "Chủ tịch Nguyễn Văn A", when the mailbox is the agency's."""


class Step(StrEnum):
    """What happened about a report before a letter to somebody above it."""

    ASKED = "asked"
    REMINDED = "reminded"
    TOLD_OVERDUE = "told-overdue"
    TOLD_ABOVE = "told-above"
    ANSWERED = "answered"  # by a mail that was no whole report


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """One step of the chase so far."""

    step: Step
    on: date
    number: int = 1
    """Which reminder or rung it was."""


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file that goes with a letter."""

    name: str
    """As the reader sees it, accents and all."""
    content_type: str
    """Such as "text/calendar; charset=utf-8"."""
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A report that is owed, or was."""

    title: str
    due_on: date
    plan_number: str = ""
    """Of the plan that asks for it; told where the reports are of several."""
    agency: str = ""
    came_on: date | None = None
    """RESOLVED: the day on which it came; None when it is no longer owed."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an agency asks for besides reporting."""

    kind: str
    """As the kinds of mail are named: extension-request, delegation, question, forward."""
    number: int
    """Of the mail, in the inbox."""
    sender: str
    """Who wrote; whoever wrote may have made it up."""
    text: str = ""
    until_on: date | None = None
    """The last day until which more time is asked for."""
    handed_to: str | None = None
    """Who shall answer instead, as the sender names them."""
    reports: tuple[Owed, ...] = ()
    """What it is asked about, where that is more than one report."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A report that a mail may be about."""

    plan_number: str
    title: str
    """Of its task; empty when the report is classified."""
    cycle_name: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Doubted:
    """A mail of which nobody knows yet what it is about."""

    received_on: date
    subject: str
    """As its sender wrote it."""
    reports: tuple[Meant, ...]
    """What it may be about, by the numbers that the sender is asked for, from 1."""


@dataclass(frozen=True, kw_only=True)
class RecipientRefusal:
    """Somebody who should have had a copy of a mail, and whom the server would not take it for."""

    recipient: str
    code: int
    """0 where none was heard."""
    answer: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Everything a mail says, before it has words; the same letter always gives the same bytes."""

    kind: LetterKind
    language: Language
    to: Party
    cc: tuple[Party, ...] = ()
    agency: Party
    """Whose report it is about."""
    issuer: Party
    """The agency that issued the plan."""
    report_to: Party
    """Whom the report is addressed to."""
    via: Party | None = None
    """Who gathers the reports on the way."""
    coordinator: Party
    plan_number: str
    plan_title: str
    task_title: str
    task_text: str | None = None
    note: str | None = None
    """What whoever asked for it on demand wrote to the agencies."""
    cycle_name: str
    """The reporting period as people call it: "Tháng 3/2024"; empty for a plan's one-off reports."""
    period_from_on: date | None = None
    period_to_on: date | None = None
    """The last day of the data (ngày chốt số liệu)."""
    due_on: date
    """The last day on which the report is in time."""
    was_due_on: date | None = None
    """REDATED, EXTENDED: the last day in time until now."""
    asked: Asked | None = None
    """PETITION, DECLINED: what the agency asks for. NOT_DECIDED: the same, in the words of who decided."""
    doubted: Doubted | None = None
    """WHICH_REPORT: the mail that is asked about."""
    said: str | None = None
    """DECLINED, ANSWERED: what whoever decides wrote: the reason, or the answer."""
    handed_to: Party | None = None
    """HANDED_OVER: who answers from now on."""
    handed_from: Party | None = None
    """In whose place the agency answers, when the request was handed over to it."""
    step: int = 1
    """Which reminder or rung this is, from 1."""
    steps: int = 1
    """Of how many."""
    days_late: int = 0
    """Working days since the due date."""
    form: Form | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    """What was understood so far, by field id."""
    problems: tuple[FieldProblem, ...] = ()
    correction: bool = False
    """Whether the answer replaced an earlier accepted one."""
    classified: bool = False
    """Classified content never travels by mail: the letter says only that a report is owed."""
    replaced_by: str | None = None
    """TAKEN_OVER: number and title of the plan whose result was taken."""
    instead_of: str | None = None
    """The address that reaches nobody now, when that is why the letter goes to somebody else."""
    back_on: date | None = None
    """When whoever reads that address is back, where it is not dead."""
    undelivered: tuple[RecipientRefusal, ...] = ()
    """UNREACHABLE: the addresses that were tried, and what was answered."""
    reports: tuple[Owed, ...] = ()
    """UNREACHABLE, RESOLVED: the reports that it is about."""
    sent_at: datetime
    """Aware; the Date of the mail."""
    message_id: str
    """With angle brackets, under 70 characters, deterministic."""
    reply_to: str
    """The signed address that answers come back to."""
    thread: tuple[str, ...] = ()
    """Message-IDs of the mails before this one in its thread, oldest first."""
    conversation: str | None = None
    """The subject that the conversation began with; None for a letter that begins one."""
    history: tuple[Earlier, ...] = ()
    """ESCALATION and MISSING: what was written before, and what came back, in the order of time."""
    enclosures: tuple[Enclosure, ...] = ()
    """Files that go with it; a classified letter has none."""

    @property
    def several(self) -> tuple[Owed, ...]:
        """The reports that it is about, where those are more than one and none of them is classified."""
        reports = self.asked.reports if self.asked is not None else self.reports
        return reports if len(reports) > 1 else ()

    @property
    def of_several_plans(self) -> bool:
        """Whether these reports are of more than one plan."""
        return len({one.plan_number for one in self.several}) > 1

    @property
    def times_asked(self) -> int:
        """ESCALATION and MISSING: how often the agency was written to for the report."""
        return sum(one.step in (Step.ASKED, Step.REMINDED, Step.TOLD_OVERDUE) for one in self.history)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One report in a parcel."""

    letter: Letter
    answered: bool = True
    """Whether the mail that is answered was about this report too; else it is told only how it stands."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Letters of one kind about several reports that go to one mailbox as one mail, none of them classified.

    Each letter keeps an address of its own in its section; the mail as a whole is answered to `reply_to`.
    """

    kind: LetterKind
    sections: tuple[Section, ...]
    """In the order of their numbers, which is the same in all mails about these reports."""
    unclear: tuple[str, ...] = ()
    """Lines of the mail that is answered which may belong to more than one of the reports."""
    message_id: str
    reply_to: str
    thread: tuple[str, ...] = ()
    conversation: str | None = None
    """The subject that the conversation began with; None for a mail that begins one."""

    @property
    def first(self) -> Letter:
        """The letter that speaks for what they have in common."""
        return self.sections[0].letter

    @property
    def to(self) -> Party:
        """Whom it is written to."""
        return self.first.to

    @property
    def cc(self) -> tuple[Party, ...]:
        """Nobody gets a copy."""
        return ()

    @property
    def language(self) -> Language:
        """In which it is written."""
        return self.first.language

    @property
    def classified(self) -> bool:
        """Never: a classified letter goes alone."""
        return False

    @property
    def sent_at(self) -> datetime:
        """Aware; the Date of the mail."""
        return self.first.sent_at

    @property
    def enclosures(self) -> tuple[Enclosure, ...]:
        """The files of all the letters."""
        return tuple(file for section in self.sections for file in section.letter.enclosures)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as it leaves: the envelope and the bytes."""

    message_id: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The server took the mail for its addressee; `answer` is its last line."""

    answer: str
    refused: tuple[RecipientRefusal, ...] = ()
    """Those of the copies that it did not take it for."""


@dataclass(frozen=True, kw_only=True)
class Deferred:
    """A temporary refusal (4xx, or the line broke before the server answered): try again later."""

    code: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A permanent refusal (5xx): this mail will never be taken as it is."""

    code: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class InDoubt:
    """The line broke after the mail's data went out and before the answer came: it may have arrived."""

    reason: str


Outcome = Accepted | Deferred | Refused | InDoubt


class MailSession(Protocol):
    """A connection over which mails go out one after the other; it reconnects by itself when dropped."""

    async def send(self, mail: Mail) -> Outcome:
        """Send one mail. Raises MailServerUnavailable when no connection can be had at all."""
        ...


class Mailer(Protocol):
    """Opens sessions to the outgoing server."""

    def session(self) -> AbstractAsyncContextManager[MailSession]:
        """A session; its connection is opened when first needed and closed at the end."""
        ...


@dataclass(frozen=True, kw_only=True)
class RawMail:
    """A mail as it came in, not yet looked at."""

    envelope_from: str
    envelope_to: tuple[str, ...]
    raw: bytes
    arrived_at: datetime | None = None
    """When a server of ours took it in, where that was before we got it; aware."""


Keep = Callable[[RawMail], None]
"""Stores a mail for good before it is acknowledged; raising means the sender must try again later."""
