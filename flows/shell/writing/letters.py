"""Letters: an action, or an answer to a reply, becomes everything that a mail has to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flows.core import ladder
from flows.core.absence import stand_in
from flows.core.actions import (
    Action,
    Close,
    Escalate,
    MarkOverdue,
    Open,
    Redate,
    Remind,
    TakeOver,
    Withdraw,
)
from flows.core.cycle import CyclePlan, TaskPlan
from flows.core.fold import Settled
from flows.core.ladder import Addressee
from flows.core.state import Absence, RequestKey
from flows.shell import wording
from flows.shell.writing.drafts import Draft
from flows.shell.writing.identity import Identity
from notifiers.conversation import OF_THEIR_OWN, Written
from notifiers.ports import Earlier, Letter, LetterKind, Party, Step, Value
from schemas.forms import FieldProblem
from schemas.model import Agency, Classification, Contact, Frequency, Language

if TYPE_CHECKING:
    from flows.ledger.chase import Happened

MAILED = (Open, TakeOver, Remind, MarkOverdue, Escalate, Close, Redate, Withdraw)
"""Actions that somebody is written to about."""

MailedAction = Open | TakeOver | Remind | MarkOverdue | Escalate | Close | Redate | Withdraw

KINDS: dict[type[MailedAction], LetterKind] = {
    Open: LetterKind.REQUEST,
    TakeOver: LetterKind.TAKEN_OVER,
    Remind: LetterKind.REMINDER,
    MarkOverdue: LetterKind.OVERDUE,
    Escalate: LetterKind.ESCALATION,
    Close: LetterKind.MISSING,
    Redate: LetterKind.REDATED,
    Withdraw: LetterKind.WITHDRAWN,
}
"""The letter that each action calls for."""


ASKING = (LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE, LetterKind.REDATED)
"""Letters that another of the agency can answer as well."""

_STEPS: dict[str, Step] = {
    LetterKind.REQUEST: Step.ASKED,
    LetterKind.REMINDER: Step.REMINDED,
    LetterKind.OVERDUE: Step.TOLD_OVERDUE,
    LetterKind.ESCALATION: Step.TOLD_ABOVE,
    "reply": Step.ANSWERED,
}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Writes the letters of one cycle."""

    cycle: CyclePlan
    identity: Identity

    def about(
        self,
        action: MailedAction,
        *,
        request_id: int,
        before: Sequence[Written],
        at: datetime,
        values: Mapping[str, Value] | None = None,
        replaced_by: str | None = None,
        edition: int = 0,
        chase: Sequence[Happened] = (),
        unreached: Mapping[str, Absence | None] = MappingProxyType({}),
    ) -> Draft | None:
        """The letter that an action calls for; None when nobody it could go to has a mailbox. Those above are
        told of the `chase` so far.

        A request that was asked for or dated anew (`edition`) has its letters a second time. Of somebody
        whose address is `unreached` (in one case; dead, or of somebody away) the next contact is written to,
        if there is one.
        """
        task = self.cycle.by_id[action.task]
        kind = KINDS[type(action)]
        asked = self.cycle.answering(task.id, action.agency)
        meant = addressee(self.cycle, action)
        if meant.mailbox is None:
            return None
        to = self._reached(kind, action, meant, unreached)
        step = getattr(action, "step", 1)
        key = f"{self.cycle.plan_id}/{self.cycle.key}/{task.id}/{action.agency}/{kind}/{step}"
        key += f"/{edition}" if edition else ""
        letter = replace(
            self._letter(kind, task, asked, to, due_on=action.due_on, request_id=request_id),
            step=step,
            steps=getattr(action, "steps", 1),
            days_late=self._days_late(action, at),
            cc=self._copies(action, to, unreached),
            values=values or {},
            replaced_by=replaced_by,
            history=self._history(chase) if isinstance(action, Escalate | Close) else (),
            was_due_on=action.was_due_on if isinstance(action, Redate) else None,
            instead_of=meant.mailbox if to != meant else None,
            back_on=self._back_on(meant, to, unreached),
            handed_from=self._owner(action.agency) if asked != action.agency else None,
            sent_at=at.astimezone(self.cycle.calendar.zone),
            message_id=self.identity.message_id(key),
        )
        why = wording.why(action, self.language)
        return Draft(key=key, letter=letter, why=why, to=to, edition=edition).after(before)

    def answer(
        self,
        kind: LetterKind,
        *,
        task_id: str,
        agency: str,
        key: str,
        due_on: date,
        request_id: int,
        before: Sequence[Written],
        at: datetime,
        values: Mapping[str, Value],
        problems: tuple[FieldProblem, ...] = (),
        correction: bool = False,
        unreached: Collection[str] = (),
    ) -> Draft | None:
        """The answer to a reply, written to the agency's own address on file whoever it was that wrote; to
        another of it where that address is `unreached` (in one case).
        """
        answering = self.cycle.answering(task_id, agency)
        meant, to = ladder.owner(self.cycle.bundle, answering), self._there(answering, unreached)
        return self.told(
            kind,
            task_id=task_id,
            agency=answering,
            to=to,
            key=key,
            due_on=due_on,
            request_id=request_id,
            before=before,
            at=at,
            said={
                "values": values,
                "problems": problems,
                "correction": correction,
                "instead_of": meant.mailbox if to != meant else None,
            },
        )

    def told(
        self,
        kind: LetterKind,
        *,
        task_id: str,
        agency: str,
        key: str,
        due_on: date,
        request_id: int,
        before: Sequence[Written],
        at: datetime,
        to: Addressee | None = None,
        edition: int = 0,
        said: Mapping[str, Any] | None = None,
        why: str | None = None,
    ) -> Draft | None:
        """A letter about what a person did, or a server: to the agency that is asked, or to somebody else.

        `said` are fields of the letter that only its kind has; `why` names the reason when the kind does not.
        """
        written_to = to or ladder.owner(self.cycle.bundle, agency)
        if written_to.mailbox is None:
            return None
        task = self.cycle.by_id[task_id]
        letter = replace(
            self._letter(kind, task, agency, written_to, due_on=due_on, request_id=request_id),
            sent_at=at.astimezone(self.cycle.calendar.zone),
            message_id=self.identity.message_id(key),
            **(said or {}),
        )
        reason = wording.text(f"why_{why or kind}", self.language)
        return Draft(key=key, letter=letter, why=reason, to=written_to, edition=edition).after(before)

    def standing(
        self, kind: LetterKind, *, task_id: str, agency: str, due_on: date, request_id: int, at: datetime
    ) -> Letter:
        """How a report stands that is told of beside others, as the letter of that kind would say it."""
        asked = self.cycle.answering(task_id, agency)
        to = ladder.owner(self.cycle.bundle, asked)
        task = self.cycle.by_id[task_id]
        letter = self._letter(kind, task, asked, to, due_on=due_on, request_id=request_id)
        return replace(letter, sent_at=at.astimezone(self.cycle.calendar.zone))

    @property
    def language(self) -> Language:
        """The plan's language, in which reasons are told."""
        return self.cycle.bundle.spec.plan.language

    def _letter(
        self, kind: LetterKind, task: TaskPlan, agency: str, to: Addressee, *, due_on: date, request_id: int
    ) -> Letter:
        bundle = self.cycle.bundle
        plan = bundle.spec.plan
        language = to.agency.language
        report = task.report
        demand = self.cycle.period.demand
        once = self.cycle.period.frequency is Frequency.ONCE
        return Letter(
            kind=kind,
            language=language,
            to=party(to),
            agency=party(ladder.owner(bundle, agency)),
            issuer=party(ladder.issuer(bundle, task.as_of_on)),
            report_to=party(Addressee(agency=bundle.acting(report.to or plan.issuer, task.as_of_on))),
            via=party(Addressee(agency=bundle.acting(report.via, task.as_of_on))) if report.via else None,
            coordinator=party(ladder.coordinator(bundle, task.as_of_on)),
            plan_number=plan.number,
            plan_title=plan.title,
            task_title=task.task.title,
            task_text=task.task.text,
            note=demand.note if demand is not None else None,
            cycle_name="" if once and demand is None else wording.cycle_name(self.cycle.period, language),
            period_from_on=None if once else self.cycle.period.from_on,
            period_to_on=None if once else task.cut_off_on,
            due_on=due_on,
            form=self.cycle.form(task.id),
            classified=is_classified(self.cycle, task.id),
            sent_at=self.cycle.calendar.opening(due_on),
            message_id="<unset@unset>",
            reply_to=self.identity.reply_address(request_id),
        )

    def _reached(
        self,
        kind: LetterKind,
        action: MailedAction,
        meant: Addressee,
        unreached: Mapping[str, Absence | None],
    ) -> Addressee:
        """Whom the letter goes to: the one it is meant for, unless another contact is reached instead."""
        if meant.mailbox is None or meant.mailbox.casefold() not in unreached:
            return meant
        absence = unreached[meant.mailbox.casefold()]
        if absence is not None:
            return (kind in ASKING and stand_in(meant.agency, absence, unreached)) or meant
        others = contacts(self.cycle, kind, (action.task, action.agency), meant.agency)
        return ladder.first_but(others, unreached) or meant

    @staticmethod
    def _back_on(meant: Addressee, to: Addressee, unreached: Mapping[str, Absence | None]) -> date | None:
        """When the one is back in whose place somebody else is written to."""
        if to == meant or meant.mailbox is None:
            return None
        absence = unreached[meant.mailbox.casefold()]
        return absence.back_on if absence is not None else None

    def _there(self, agency: str, unreached: Collection[str]) -> Addressee:
        """The agency for the attention of its focal point, or of whoever of it is reached instead."""
        meant = ladder.owner(self.cycle.bundle, agency)
        if meant.mailbox is None or meant.mailbox.casefold() not in unreached:
            return meant
        return ladder.first_but(ladder.people(meant.agency), unreached) or meant

    def _owner(self, agency: str) -> Party:
        return party(ladder.owner(self.cycle.bundle, agency))

    def _history(self, chase: Sequence[Happened]) -> tuple[Earlier, ...]:
        """The steps of a chase that somebody above wants to know of."""
        day_of = self.cycle.calendar.day_of
        return tuple(
            Earlier(step=_STEPS[one.kind], on=day_of(one.at), number=one.step)
            for one in chase
            if one.kind in _STEPS
        )

    def _copies(self, action: MailedAction, to: Addressee, unreached: Collection[str]) -> tuple[Party, ...]:
        """An escalation goes in copy to the agency, so that nobody is told on behind his back."""
        if not isinstance(action, Escalate):
            return ()
        agency = self._there(self.cycle.answering(action.task, action.agency), unreached)
        return (party(agency),) if agency.mailbox not in (None, to.mailbox) else ()

    def _days_late(self, action: MailedAction, at: datetime) -> int:
        if isinstance(action, Escalate):
            return action.days_late
        if isinstance(action, MarkOverdue | Close):
            calendar = self.cycle.calendar
            return calendar.working_days_between(action.due_on, calendar.day_of(at))
        return 0


def addressee(cycle: CyclePlan, action: MailedAction) -> Addressee:
    """Whom an action is written to about."""
    bundle = cycle.bundle
    on = cycle.by_id[action.task].as_of_on
    asked = cycle.answering(action.task, action.agency)
    if isinstance(action, Escalate):
        return ladder.addressee(bundle, asked, action.rung, on)
    if isinstance(action, Close):
        return ladder.coordinator(bundle, on)
    return ladder.owner(bundle, asked)


def contacts(cycle: CyclePlan, kind: str, key: RequestKey, told: Agency | None = None) -> Sequence[Addressee]:
    """Who can be written to with a letter about a request, whoever it is meant for among them, in the order
    they are turned to: the people of the agency that is `told` of another, or whoever can be asked.
    """
    if kind in OF_THEIR_OWN and told is not None:
        return ladder.in_charge(told)
    return ladder.contacts(cycle.bundle, cycle.answering(*key), cycle.by_id[key[0]].as_of_on)


def is_classified(cycle: CyclePlan, task_id: str) -> bool:
    """Whether the content of a task's report may not travel by mail."""
    classification = cycle.bundle.classification(cycle.by_id[task_id].report)
    return classification not in (Classification.PUBLIC, Classification.INTERNAL)


def letters_of(settled: Settled) -> list[MailedAction]:
    """The actions of a decision that somebody is written to about."""
    return [one for action in settled.actions if (one := mailed(action)) is not None]


def mailed(action: Action) -> MailedAction | None:
    """The action itself if somebody is written to about it."""
    return action if isinstance(action, MAILED) else None


def party(addressee: Addressee) -> Party:
    """Somebody as mails name them."""
    return Party(
        name=addressee.agency.called,
        mailbox=addressee.mailbox,
        attention=attention(addressee.contact),
    )


def attention(contact: Contact | None) -> str | None:
    """The person meant: "Chủ tịch Nguyễn Văn A"."""
    if contact is None:
        return None
    said = " ".join(part for part in (contact.title, contact.name) if part)
    return said or None
