"""Receiving: what a placed mail does to its request, and the answer that its sender gets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.core.cycle import CyclePlan
from flows.core.fold import answered
from flows.core.rollup import Value
from flows.core.schedule import Schedule
from flows.core.state import Status
from flows.ledger import cycles, inbox, outbox
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.inbox import KeptMail, Requested
from flows.ledger.plans import CycleState
from flows.shell.letters import Desk, Identity
from flows.shell.values import from_json, to_json
from flows.shell.versions import Versions
from notifiers.ports import LetterKind
from notifiers.replies import ReplyKind, Understood, is_courtesy, read_values
from schemas.forms import FieldProblem

_ANSWERS_A_DAY = 6
"""More answers about one request in a day are not written: two machines may be talking."""

_ANSWERS = (LetterKind.ACCEPTED, LetterKind.PARTLY, LetterKind.REFUSED, LetterKind.CLOSED)
_TELLING_ON = (LetterKind.ESCALATION, LetterKind.MISSING)
_NOT_ASKED = (Status.SCHEDULED, Status.WAITING, Status.WITHDRAWN)
_DAY = timedelta(days=1)
_FOR_A_PERSON = {
    ReplyKind.EXTENSION_REQUEST: "asks for more time",
    ReplyKind.DELEGATION: "says that somebody else answers for it",
    ReplyKind.QUESTION: "asks a question",
    ReplyKind.FORWARD: "passes a mail on",
}
"""What somebody must decide or answer; a mail that says only that ours came waits for nobody."""


@dataclass(frozen=True, kw_only=True)
class _Matter:
    """A request with its cycle, as one mail finds them."""

    place: Requested
    cycle: StoredCycle
    plan: CyclePlan
    stored: StoredRequest

    @property
    def dates(self) -> Schedule:
        """The request's dates."""
        task = self.plan.by_id[self.place.task]
        due = self.stored.facts.due_on
        return self.plan.rescheduled(task, due) if due is not None else task.schedule


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Deals with a mail in one transaction, at one time."""

    versions: Versions
    identity: Identity
    tx: Transaction
    at: datetime

    def answered(self, request_id: int, mail: KeptMail, understood: Understood) -> str | None:
        """A person answered: keep the good values, accept the report when it is whole, say what is not.

        A report that was accepted stands until a correction is whole as well; thanks are none. Returns why a
        person must read the mail too, when that is so: it came too late, or from somebody above who was told
        of the delay.
        """
        matter = self._matter(request_id)
        facts = matter.stored.facts
        if matter.cycle.state is not CycleState.ACTIVE or facts.status in _NOT_ASKED:
            self._record(matter, mail, understood, "closed", {}, ())
            self._write(matter, mail, LetterKind.CLOSED, {}, ())
            return "the period is closed"
        form = matter.plan.form(matter.place.task)
        known = from_json(form, matter.stored.kept)
        reading = read_values(understood, form, known)
        if self._is_from_above(matter, understood) and (form is None or not reading.found):
            self._record(matter, mail, understood, "noted", {}, ())
            return "from somebody above the agency, who was told that its report is late"
        told_nothing = is_courtesy(understood.text) and not understood.attachments
        reports_nothing = told_nothing or understood.kind is not ReplyKind.REPLY
        if reports_nothing and (form is None or not reading.found):
            self._record(matter, mail, understood, "noted", {}, ())
            return _FOR_A_PERSON.get(understood.kind)
        kept = known | dict(reading.values)
        problems = reading.problems
        accepted_before = matter.stored.accepted is not None
        if reading.values and not problems:
            kind, verdict = LetterKind.ACCEPTED, "corrected" if accepted_before else "accepted"
        elif reading.values or (reading.problems and reading.found):
            kind, verdict = LetterKind.PARTLY, "partly"
        else:
            kind, verdict = LetterKind.REFUSED, "refused"
        columns: dict[str, Any] = {"kept": to_json(kept)}
        if kind is LetterKind.ACCEPTED:
            columns |= {"accepted": to_json(kept), "text": understood.text}
            now_stands = answered(facts, mail.received_at, matter.dates.due_at)
            if now_stands != facts:
                cycles.record_facts(self.tx, {request_id: now_stands})
        if reading.values:
            inbox.record_values(self.tx, request_id, **columns)
        self._record(matter, mail, understood, verdict, to_json(reading.values), problems)
        self._write(matter, mail, kind, kept, problems, correction=accepted_before)
        if kind is LetterKind.ACCEPTED:
            cycles.wake(self.tx, [matter.cycle.id], self.at)
        return None

    def bounced(self, request_id: int, understood: Understood) -> None:
        """A server says that a mail about the request was not delivered."""
        matter = self._matter(request_id)
        bounce = understood.bounce
        detail = {
            "recipient": bounce.recipient if bounce else None,
            "action": bounce.action if bounce else None,
            "status": bounce.status if bounce else None,
        }
        self._journal(matter, "bounced", detail)

    def auto_replied(self, request_id: int, understood: Understood) -> None:
        """A machine answered for somebody who is away: neither a report nor silence."""
        matter = self._matter(request_id)
        back = understood.return_on.isoformat() if understood.return_on else None
        self._journal(matter, "auto-reply", {"sender": understood.sender, "return_on": back})

    def _is_from_above(self, matter: _Matter, understood: Understood) -> bool:
        """Whether the sender was only ever told about the agency's delay, and owes no report himself."""
        if understood.sender not in outbox.addressees(self.tx, matter.place.id, _TELLING_ON):
            return False
        agency = matter.plan.bundle.agencies[matter.place.agency]
        people = (agency, agency.focal_point, agency.deputy, agency.head)
        own = {one.mailbox.casefold() for one in people if one is not None and one.mailbox is not None}
        return understood.sender not in own

    def _matter(self, request_id: int) -> _Matter:
        place = inbox.request(self.tx, request_id)
        if place is None:
            raise LookupError(request_id)
        cycle = cycles.by_id(self.tx, place.cycle_id, lock=True)
        return _Matter(
            place=place,
            cycle=cycle,
            plan=self.versions.standing(self.tx, cycle),
            stored=cycles.request(self.tx, request_id),
        )

    def _record(
        self,
        matter: _Matter,
        mail: KeptMail,
        understood: Understood,
        verdict: str,
        given: dict[str, Any],
        problems: tuple[FieldProblem, ...],
    ) -> None:
        inbox.record_reply(
            self.tx,
            request_id=matter.place.id,
            inbox_id=mail.id,
            received_at=mail.received_at,
            verdict=verdict,
            given=given,
            problems=[asdict(problem) for problem in problems],
            text=understood.text,
        )
        self._journal(matter, f"reply-{verdict}", {"inbox": mail.id, "sender": understood.sender})

    def _write(
        self,
        matter: _Matter,
        mail: KeptMail,
        kind: LetterKind,
        values: dict[str, Value],
        problems: tuple[FieldProblem, ...],
        *,
        correction: bool = False,
    ) -> None:
        """Answer, to the agency's address on file, unless it was answered too often today."""
        request_id = matter.place.id
        written = outbox.answers_since(self.tx, request_id, _ANSWERS, self.at - _DAY)
        if written >= _ANSWERS_A_DAY:
            self._journal(matter, "answer-withheld", {"inbox": mail.id})
            return
        draft = Desk(cycle=matter.plan, identity=self.identity).answer(
            kind,
            task_id=matter.place.task,
            agency=matter.place.agency,
            key=f"{matter.plan.plan_id}/{matter.plan.key}/{matter.place.task}/{matter.place.agency}/{kind}/{mail.id}",
            due_on=matter.dates.due_on,
            request_id=request_id,
            thread=outbox.thread(self.tx, [request_id]).get(request_id, ()),
            at=self.at,
            values=values,
            problems=problems,
            correction=correction,
        )
        if draft is None:
            self._journal(matter, "no-mailbox", {"action": kind})
            return
        row = draft.row(
            self.identity,
            cycle_id=matter.cycle.id,
            request_id=request_id,
            task=matter.place.task,
            at=self.at,
        )
        outbox.enqueue(self.tx, [row])

    def _journal(self, matter: _Matter, event: str, detail: dict[str, Any]) -> None:
        row = {
            "at": self.at,
            "cycle_id": matter.cycle.id,
            "request_id": matter.place.id,
            "event": event,
            "detail": detail,
        }
        cycles.record_journal(self.tx, [row])
