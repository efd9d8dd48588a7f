"""Letters about what agencies ask for: to whoever decides, and to the agencies about what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.core.ladder import Addressee
from flows.core.state import RequestKey
from flows.ledger import bulletins, correspondence, cycles, outbox
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.inbox import Requested
from flows.ledger.petitions import Petition
from flows.shell.writing.announcing import announced
from flows.shell.writing.drafts import Draft
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk
from notifiers.ports import Asked, LetterKind, Owed
from notifiers.replies import Understood
from notifiers.wording import printable, shortened

_DAY = timedelta(days=1)
_TOLD_A_DAY = 3
"""Of more petitions about one request in a day the coordinator hears by `dondoc inbox` and the digest."""
_TOLD_ONE_A_DAY = 100
"""And of more to one address, whatever they are about."""

_LONGEST_TEXT = 2_000
_LONGEST_DECISION = 300


@dataclass(frozen=True, kw_only=True)
class PetitionMatter:
    """A request with its cycle, as a petition finds them."""

    place: Requested
    cycle: StoredCycle
    plan: CyclePlan
    stored: StoredRequest

    @property
    def key(self) -> RequestKey:
        """Its key within its cycle."""
        return self.place.task, self.place.agency

    @property
    def answering(self) -> str:
        """The agency that answers."""
        return self.plan.answering(*self.key)

    @property
    def decider(self) -> Addressee:
        """Whoever decides what is asked about it."""
        return ladder.decider(self.plan.bundle, self.plan.by_id[self.place.task].as_of_on)

    @property
    def due_on(self) -> date:
        """The last day in time."""
        return self.stored.facts.due_on or self.plan.by_id[self.place.task].schedule.due_on


@dataclass(frozen=True, kw_only=True)
class PetitionLetters:
    """Writes them in one transaction, at one time."""

    identity: Identity
    tx: Transaction
    at: datetime

    def put_before(self, matter: PetitionMatter, petition: Petition, reports: tuple[Owed, ...]) -> None:
        """Put a petition before whoever decides, unless they had enough such mails today."""
        if self._told_enough(matter):
            return
        asked = Asked(
            kind=petition.kind,
            number=petition.inbox_id,
            sender=printable(petition.sender),
            text=printable(petition.text[:_LONGEST_TEXT]),
            until_on=petition.asked_until_on,
            handed_to=shortened(printable(petition.handed_to), 80) if petition.handed_to else None,
            reports=reports,
        )
        self._ask(matter, petition, LetterKind.PETITION, asked)

    def put_back(self, matter: PetitionMatter, petition: Petition, understood: Understood) -> None:
        """Tell whoever decides, once a petition, that somebody whom the directory does not know has decided,
        and that it was not carried out.
        """
        if self._told_enough(matter):
            return
        asked = Asked(
            kind=petition.kind,
            number=petition.inbox_id,
            sender=printable(understood.sender or ""),
            text=shortened(printable(understood.text), _LONGEST_DECISION),
        )
        self._ask(matter, petition, LetterKind.NOT_DECIDED, asked)

    def _ask(self, matter: PetitionMatter, petition: Petition, kind: LetterKind, asked: Asked) -> None:
        said = {"asked": asked, "reply_to": self.identity.petition_address(petition.id)}
        self.tell(matter, petition, kind, matter.answering, to=matter.decider, said=said)

    def _told_enough(self, matter: PetitionMatter) -> bool:
        """Whether whoever decides had so many mails today that this one is left to the digest."""
        since, kinds = self.at - _DAY, [LetterKind.PETITION, LetterKind.NOT_DECIDED]
        if outbox.answers_since(self.tx, matter.place.id, kinds, since) >= _TOLD_A_DAY:
            return True
        to = matter.decider.mailbox
        return to is not None and outbox.written_to_since(self.tx, to, kinds, since) >= _TOLD_ONE_A_DAY

    def tell(
        self,
        matter: PetitionMatter,
        petition: Petition,
        kind: LetterKind,
        agency: str,
        *,
        to: Addressee | None = None,
        due_on: date | None = None,
        said: Mapping[str, Any] | None = None,
    ) -> None:
        """Write to the agency, or to somebody else, about a petition; once a kind."""
        place = matter.place
        request_id = petition.request_id
        draft: Draft | None = Desk(cycle=matter.plan, identity=self.identity).told(
            kind,
            task_id=place.task,
            agency=agency,
            key=f"{matter.plan.plan_id}/{matter.plan.key}/{place.task}/{place.agency}/{kind}/p{petition.id}",
            due_on=due_on or matter.due_on,
            request_id=request_id,
            before=correspondence.so_far(self.tx, [request_id]).get(request_id, ()),
            at=self.at,
            to=to,
            edition=matter.stored.facts.edition + 1,
            said=said,
        )
        if draft is None:
            self.journal(matter, "no-mailbox", {"action": kind})
            return
        row = draft.row(
            self.identity, cycle_id=matter.cycle.id, request_id=request_id, task=place.task, at=self.at
        )
        outbox.enqueue(self.tx, [row])
        bulletins.enqueue(self.tx, announced([draft], cycle_id=matter.cycle.id, at=self.at))

    def journal(self, matter: PetitionMatter, event: str, detail: dict[str, Any]) -> None:
        """Note something about the request of a petition."""
        row = {
            "at": self.at,
            "cycle_id": matter.cycle.id,
            "request_id": matter.place.id,
            "event": event,
            "detail": detail,
        }
        cycles.record_journal(self.tx, [row])
