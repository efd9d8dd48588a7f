"""Receiving: what a placed mail does to its request, and the answer that its sender gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows.core.absence import returned
from flows.core.cycle import CyclePlan
from flows.core.fold import answered
from flows.core.rollup import Value
from flows.core.schedule import Schedule
from flows.core.state import Status
from flows.ledger import delays, failures
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.dossier import Dossier
from flows.ledger.inbox import KeptMail, Requested
from flows.ledger.plans import CycleState
from flows.shell.astray.standing_in import StandingIn
from flows.shell.desk.petitions import Petitions
from flows.shell.incoming.answering import written_to_many
from flows.shell.incoming.sitting import Sitting
from flows.shell.values import from_json, to_json
from flows.shell.versions import Versions
from flows.shell.writing.drafts import Draft
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk
from notifiers.ports import Letter, LetterKind
from notifiers.replies import ReplyKind, Understood, is_courtesy, read_values
from schemas.forms import FieldProblem

_ANSWERS_A_DAY = 6
"""More answers about one request in a day are not written: two machines may be talking."""
_ANSWERS_TO_ONE_A_DAY = 30
"""Nor more to one address, whatever they are about."""

_ANSWERS = (
    LetterKind.ACCEPTED,
    LetterKind.PARTLY,
    LetterKind.REFUSED,
    LetterKind.CLOSED,
    LetterKind.WITHDRAWN,
)
_TELLING_ON = (LetterKind.ESCALATION, LetterKind.MISSING, LetterKind.PETITION)
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
class Matter:
    """A request with its cycle, as one mail finds them."""

    place: Requested
    cycle: StoredCycle
    plan: CyclePlan
    stored: StoredRequest

    @property
    def running(self) -> bool:
        """Whether its cycle is under way."""
        return self.cycle.state is CycleState.ACTIVE

    @property
    def dates(self) -> Schedule:
        """The request's dates."""
        task = self.plan.by_id[self.place.task]
        due = self.stored.facts.due_on
        return self.plan.rescheduled(task, due) if due is not None else task.schedule


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What an answer is worth to its request, before anything is written."""

    verdict: str
    letter: LetterKind | None = None
    """The answer that its sender gets, if any."""
    kept: Mapping[str, Value] = field(default_factory=dict)
    """The values that the request holds then."""
    given: Mapping[str, Value] = field(default_factory=dict)
    """Those of them that this mail gave."""
    problems: tuple[FieldProblem, ...] = ()
    for_a_person: str | None = None
    """Why a person must read the mail too."""
    petition: bool = False
    """Whether it asks for something that is to be decided."""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Deals with a mail in one transaction, at one time."""

    sitting: Sitting
    identity: Identity
    at: datetime
    by_stranger: bool = False
    """Whether nobody knows who wrote: what was accepted before is then not touched."""

    @property
    def tx(self) -> Transaction:
        """The transaction, for what the dossier does not keep. Ask for it anew for each use."""
        return self.sitting.tx

    @property
    def versions(self) -> Versions:
        """The versions of plans."""
        return self.sitting.versions

    @property
    def dossier(self) -> Dossier:
        """What is known of the requests, and what follows for them."""
        return self.sitting.dossier

    @property
    def petitions(self) -> Petitions:
        """The desk before which what agencies ask for is put."""
        return Petitions(versions=self.versions, identity=self.identity, tx=self.tx, at=self.at)

    def take(self, request_id: int, mail: KeptMail, understood: Understood) -> str | None:
        """Deal with a mail about a request; why a person must read it too, when that is so."""
        if understood.kind is ReplyKind.BOUNCE:
            self.bounced(request_id, understood)
            return None
        if understood.kind is ReplyKind.AUTO_REPLY:
            self.auto_replied(request_id, understood)
            return None
        return self.answered(request_id, mail, understood)

    def answered(self, request_id: int, mail: KeptMail, understood: Understood) -> str | None:
        """A person answered: keep the good values, accept the report when it is whole, say what is not.

        A report that was accepted stands until a correction is whole as well; thanks are none. Returns why a
        person must read the mail too, when that is so: it came too late, or from somebody above who was told
        of the delay.
        """
        matter = self.matter(request_id, lock=True)
        found = self.assessed(matter, understood)
        self.settle(matter, mail, understood, found)
        self._write(matter, mail, understood, found)
        return found.for_a_person

    def settle(self, matter: Matter, mail: KeptMail, understood: Understood, found: Assessment) -> None:
        """Write down what an answer was worth, all but the letter about it."""
        stored = matter.stored
        if understood.sender in stored.facts.away:
            stored = replace(stored, facts=returned(stored.facts, understood.sender))
        if found.given:
            stored = replace(stored, kept=to_json(found.kept))
        if found.letter is LetterKind.ACCEPTED:
            facts = answered(stored.facts, mail.received_at, matter.dates.due_at)
            stored = replace(stored, facts=facts, accepted=stored.kept, text=understood.text)
        if stored is not matter.stored:
            self.dossier.change(stored)
        self._record(matter, mail, understood, found)
        if found.letter is LetterKind.ACCEPTED:
            if self.dossier.petitioned(matter.place.id):
                self.petitions.overtake(matter.place.id)
            self.dossier.upshot.wake(matter.cycle.id, self.at)
        elif found.verdict == "received":
            self.dossier.upshot.wake(matter.cycle.id, self.at)
        elif found.petition:
            self.petitions.file(matter.place.id, mail, understood)

    def assess(self, request_id: int, understood: Understood) -> Assessment:
        """What an answer would be worth; writes nothing."""
        return self.assessed(self.matter(request_id, lock=False), understood)

    def assessed(self, matter: Matter, understood: Understood) -> Assessment:
        """The same, of a request at hand."""
        status = matter.stored.facts.status
        if status is Status.WITHDRAWN and matter.running:
            why = "the plan no longer asks for it"
            return Assessment(verdict="closed", letter=LetterKind.WITHDRAWN, for_a_person=why)
        if not matter.running or status in _NOT_ASKED:
            return Assessment(verdict="closed", letter=LetterKind.CLOSED, for_a_person="the period is closed")
        form = matter.plan.form(matter.place.task)
        known = from_json(form, matter.stored.kept)
        reading = read_values(understood, form, known)
        if self.is_from_above(matter, understood) and (form is None or not reading.found):
            return Assessment(
                verdict="noted",
                for_a_person="from somebody above the agency, who was told that its report is late",
            )
        told_nothing = is_courtesy(understood.text) and not understood.attachments
        reports_nothing = told_nothing or understood.kind is not ReplyKind.REPLY
        if reports_nothing and (form is None or not reading.found):
            return self.nothing_reported(understood)
        if self.by_stranger and matter.stored.accepted is not None:
            return Assessment(verdict="noted", for_a_person="a correction from an address not on file")
        if reading.values and not reading.problems:
            letter, verdict = (
                LetterKind.ACCEPTED,
                "accepted" if matter.stored.accepted is None else "corrected",
            )
        elif reading.values or (reading.problems and reading.found):
            letter, verdict = LetterKind.PARTLY, "partly"
        else:
            letter, verdict = LetterKind.REFUSED, "refused"
        return Assessment(
            verdict=verdict,
            letter=letter,
            kept=known | dict(reading.values),
            given=reading.values,
            problems=reading.problems,
        )

    @staticmethod
    def nothing_reported(understood: Understood) -> Assessment:
        """What a mail is worth that reports nothing."""
        return Assessment(
            verdict="received" if understood.kind is ReplyKind.ACKNOWLEDGEMENT else "noted",
            for_a_person=_FOR_A_PERSON.get(understood.kind),
            petition=understood.kind in _FOR_A_PERSON,
        )

    def bounced(self, request_id: int, understood: Understood) -> None:
        """A server says that a mail about the request was not delivered."""
        matter = self.matter(request_id, lock=True)
        bounce = understood.bounce
        detail = {
            "recipient": bounce.recipient if bounce else None,
            "action": bounce.action if bounce else None,
            "status": bounce.status if bounce else None,
        }
        self.journal(matter, "bounced", detail)
        if bounce is None:
            return
        mail = {"message_id": bounce.original_message_id, "recipient": bounce.recipient}
        if bounce.action == "failed":
            failures.came_back(self.tx, request_id, answer=bounce.status or "bounced", **mail)
        elif bounce.action == "delayed":
            delays.note(self.tx, request_id, answer=bounce.status or "delayed", at=self.at, **mail)
        else:
            delays.end(self.tx, request_id, **mail)

    def auto_replied(self, request_id: int, understood: Understood) -> None:
        """A machine answered for somebody who is away: neither a report nor silence."""
        matter = self.matter(request_id, lock=True)
        told = StandingIn(identity=self.identity, tx=self.tx, at=self.at).note(matter, understood)
        self.journal(matter, "auto-reply", told)

    def is_from_above(self, matter: Matter, understood: Understood) -> bool:
        """Whether the sender was only ever told about the agency, and owes no report himself."""
        told = self.dossier.addressees(matter.place.id, _TELLING_ON)
        if understood.sender is None or understood.sender not in told:
            return False
        agencies = matter.plan.bundle.agencies
        own = (matter.place.agency, matter.plan.answering(matter.place.task, matter.place.agency))
        people = [
            person
            for agency in own
            for person in (
                agencies[agency],
                agencies[agency].focal_point,
                agencies[agency].deputy,
                agencies[agency].head,
            )
        ]
        return understood.sender not in {
            one.mailbox.casefold() for one in people if one is not None and one.mailbox is not None
        }

    def matter(self, request_id: int, *, lock: bool) -> Matter:
        """A request with its cycle, which is locked when something is to be written."""
        place = self.dossier.request(request_id)
        if place is None:
            raise LookupError(request_id)
        if lock:
            self.sitting.lock(place.cycle_id)
        return Matter(
            place=place,
            cycle=self.sitting.cycle(place.cycle_id),
            plan=self.sitting.plan(place.cycle_id),
            stored=self.dossier.stored(request_id),
        )

    def _record(
        self,
        matter: Matter,
        mail: KeptMail,
        understood: Understood,
        found: Assessment,
    ) -> None:
        self.dossier.upshot.replies.append(
            {
                "request_id": matter.place.id,
                "inbox_id": mail.id,
                "received_at": mail.received_at,
                "verdict": found.verdict,
                "given": to_json(found.given),
                "problems": [asdict(problem) for problem in found.problems],
                "text": understood.text,
            }
        )
        self.journal(matter, f"reply-{found.verdict}", {"inbox": mail.id, "sender": understood.sender})

    def _write(self, matter: Matter, mail: KeptMail, understood: Understood, found: Assessment) -> None:
        """Answer, to the agency's address on file, unless it was answered too often today."""
        if found.letter is None:
            return
        if (why := written_to_many(self.identity, understood)) is not None:
            self.journal(matter, "answer-withheld", {"inbox": mail.id, "why": why})
            return
        if self.answered_enough(matter.place.id):
            self.journal(matter, "answer-withheld", {"inbox": mail.id})
            return
        draft = self.draft(matter, mail, found)
        if draft is None:
            self.journal(matter, "no-mailbox", {"action": found.letter})
            return
        if self.wrote_enough(draft):
            self.journal(matter, "answer-withheld", {"inbox": mail.id})
            return
        row = draft.row(
            self.identity,
            cycle_id=matter.cycle.id,
            request_id=matter.place.id,
            task=matter.place.task,
            at=self.at,
        )
        self.dossier.enqueue(row)

    def answered_enough(self, request_id: int) -> bool:
        """Whether so many answers about a request were written today that two machines may be talking."""
        return self.dossier.answers_since(request_id, _ANSWERS, self.at - _DAY) >= _ANSWERS_A_DAY

    def wrote_enough(self, draft: Draft) -> bool:
        """Whether so many answers were written today to the address of a letter, whatever they are about."""
        to, since = draft.letter.to.mailbox or "", self.at - _DAY
        return self.dossier.answers_to(to, _ANSWERS, since) >= _ANSWERS_TO_ONE_A_DAY

    def count_answers(self, addresses: Iterable[str]) -> None:
        """Look up at once how often these addresses were answered today."""
        self.dossier.read_answers(addresses, _ANSWERS, self.at - _DAY)

    def draft(self, matter: Matter, mail: KeptMail, found: Assessment) -> Draft | None:
        """The letter about an answer, to the agency's address on file; None when there is none to write, or
        nowhere to write to.
        """
        if found.letter is None:
            return None
        place, plan = matter.place, matter.plan
        # the letter that withdrew the request is numbered under the same kind
        which = f"mail-{mail.id}" if found.letter is LetterKind.WITHDRAWN else mail.id
        return Desk(cycle=plan, identity=self.identity).answer(
            found.letter,
            task_id=place.task,
            agency=place.agency,
            key=f"{plan.plan_id}/{plan.key}/{place.task}/{place.agency}/{found.letter}/{which}",
            due_on=matter.dates.due_on,
            request_id=place.id,
            before=self.dossier.so_far(place.id),
            at=self.at,
            values=found.kept,
            problems=found.problems,
            correction=found.verdict == "corrected",
            unreached=self.dossier.dead(place.id) - {mail.envelope_from.casefold()},
        )

    def standing(self, matter: Matter, kind: LetterKind) -> Letter:
        """How a report stands that an answer said nothing about."""
        return Desk(cycle=matter.plan, identity=self.identity).standing(
            kind,
            task_id=matter.place.task,
            agency=matter.place.agency,
            due_on=matter.dates.due_on,
            request_id=matter.place.id,
            at=self.at,
        )

    def journal(self, matter: Matter, event: str, detail: dict[str, Any]) -> None:
        """Note something about a request."""
        row = {
            "at": self.at,
            "cycle_id": matter.cycle.id,
            "request_id": matter.place.id,
            "event": event,
            "detail": detail,
        }
        self.dossier.upshot.journal.append(row)
