"""Petitions: what agencies ask for besides reporting, put before whoever decides, and carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flows.core import ladder
from flows.core.extension import extended, least_time, objections
from flows.core.state import RequestFacts
from flows.ledger import cycles, inbox, outbox, petitions
from flows.ledger.database import Transaction
from flows.ledger.inbox import KeptMail, Placing, Requested
from flows.ledger.petitions import Petition, Standing
from flows.ledger.plans import CycleState
from flows.shell.desk.deputies import as_kept, as_named
from flows.shell.desk.petition_letters import PetitionLetters, PetitionMatter
from flows.shell.desk.refusals import (
    DealtWith,
    NoSuchAgency,
    NotAskedFor,
    NothingAsked,
    Objected,
    PeriodOver,
    UnknownMail,
    UntilWhen,
)
from flows.shell.versions import Versions
from flows.shell.writing.identity import Identity
from notifiers.ports import Asked, LetterKind, Owed
from notifiers.replies import ReplyKind, Understood
from schemas.model import Agency


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was decided about one request."""

    place: Requested
    standing: Standing
    until_on: date | None = None
    to_agency: str | None = None


@dataclass(frozen=True, kw_only=True)
class Petitions:
    """Files and decides petitions in one transaction, at one time."""

    versions: Versions
    identity: Identity
    tx: Transaction
    at: datetime

    def file(self, request_id: int, mail: KeptMail, understood: Understood) -> None:
        """Write down what a mail asks for and put it before the coordinator; once a mail and request."""
        self.file_all([request_id], [request_id], mail, understood)

    def file_all(
        self, filed: Sequence[int], meant: Sequence[int], mail: KeptMail, understood: Understood
    ) -> None:
        """The same of several requests at once, with one mail that lists all that may be meant."""
        of_them = [one for id_ in filed if (one := self._file(id_, mail, understood)) is not None]
        if not of_them:
            return
        matters = [self._matter(id_) for id_ in meant] if len(meant) > 1 else []
        owed = tuple(
            Owed(
                title=one.plan.by_id[one.place.task].task.title,
                due_on=one.due_on,
                plan_number=one.plan.bundle.spec.plan.number,
            )
            for one in matters
        )
        self._letters.put_before(self._matter(of_them[0].request_id), of_them[0], owed)

    def put_back(self, petition: Petition, understood: Understood) -> None:
        """Tell whoever decides that somebody whom the directory does not know has decided."""
        if petition.standing is Standing.WAITING:
            self._letters.put_back(self._matter(petition.request_id), petition, understood)

    @property
    def _letters(self) -> PetitionLetters:
        return PetitionLetters(identity=self.identity, tx=self.tx, at=self.at)

    def together(self, petition: Petition) -> Sequence[Petition]:
        """The undecided petitions of the same mail that ask for the very same, this one among them."""

        def what(one: Petition) -> tuple[object, ...]:
            return one.kind, one.text, one.asked_until_on, one.handed_to, one.standing

        return [one for one in petitions.of_mail(self.tx, petition.inbox_id) if what(one) == what(petition)]

    def _file(self, request_id: int, mail: KeptMail, understood: Understood) -> Petition | None:
        inbox_id, kind = mail.id, understood.kind
        if any(one.request_id == request_id for one in petitions.of_mail(self.tx, inbox_id)):
            return None
        petition_id = petitions.file(
            self.tx,
            request_id=request_id,
            inbox_id=inbox_id,
            kind=kind,
            asked_at=self.at,
            sender=understood.sender or mail.envelope_from,
            text=understood.text,
            asked_until_on=understood.asked_until_on,
            handed_to=understood.handed_to,
        )
        matter = self._matter(request_id)
        self._letters.journal(matter, "asked", {"inbox": inbox_id, "kind": kind, "petition": petition_id})
        cycles.wake(self.tx, [matter.cycle.id], self.at)
        return petitions.find(self.tx, petition_id)

    def waiting(self, inbox_id: int) -> list[Petition]:
        """What a mail asks for and nobody has decided; locks the mail. Raises DeskError."""
        listed = inbox.listed_one(self.tx, inbox_id) if inbox.kept(self.tx, inbox_id) is not None else None
        if listed is None:
            raise UnknownMail(number=inbox_id)
        found = petitions.of_mail(self.tx, inbox_id)
        left = [one for one in found if one.standing is Standing.WAITING]
        if not left and (found or listed.placing is not Placing.UNPLACED):
            raise DealtWith(number=inbox_id, placing=listed.placing)
        if not left:
            raise NothingAsked(number=inbox_id)
        return left

    def held(self, petition_id: int) -> Petition | None:
        """A petition as it stands, its mail locked: until the end nobody else decides about it."""
        found = petitions.find(self.tx, petition_id)
        if found is None or inbox.kept(self.tx, found.inbox_id) is None:
            return None
        return petitions.find(self.tx, petition_id)

    def today(self, petition: Petition) -> date:
        """The day that it is where the plan of a petition is followed."""
        return self._matter(petition.request_id).plan.calendar.day_of(self.at)

    def grant(self, petition: Petition, until: date | None, *, by: str, confirmed: bool = False) -> Decided:
        """Give more time, until the day asked for or another; the agency is told, and chased anew.

        Raises UntilWhen, Objected, PeriodOver, NotAskedFor.
        """
        matter = self._open(petition)
        day = until or petition.asked_until_on
        if day is None:
            raise UntilWhen(number=petition.inbox_id)
        facts = matter.stored.facts
        against = objections(matter.plan, matter.key, facts, day, self.at, self._above(matter))
        if any(one.final or not confirmed for one in against):
            raise Objected(number=petition.inbox_id, objection=against[0], until=day, due=matter.due_on)
        self._redate(matter, extended(matter.plan, matter.key, facts, day, self.at))
        said = {"was_due_on": matter.due_on}
        self._letters.tell(matter, petition, LetterKind.EXTENDED, matter.answering, due_on=day, said=said)
        return self._settle(matter, petition, Standing.GRANTED, by=by, note=None, until_on=day)

    def refuse(self, petition: Petition, reason: str, *, by: str) -> Decided:
        """Say no, with the reason; everything goes on as planned."""
        matter = self._open(petition)
        asked = Asked(kind=petition.kind, number=petition.inbox_id, sender=petition.sender)
        said = {"said": reason or None, "asked": asked}
        self._letters.tell(matter, petition, LetterKind.DECLINED, matter.answering, said=said)
        return self._settle(matter, petition, Standing.REFUSED, by=by, note=reason)

    def answer(self, petition: Petition, text: str, *, by: str) -> Decided:
        """Pass the coordinator's answer on to the agency."""
        matter = self._matter(petition.request_id)
        self._letters.tell(matter, petition, LetterKind.ANSWERED, matter.answering, said={"said": text})
        return self._settle(matter, petition, Standing.ANSWERED, by=by, note=text)

    def hand_over(
        self, petition: Petition, agency: str, directory: Callable[[], Mapping[str, Agency]], *, by: str
    ) -> Decided:
        """Let another agency answer: from now on it gets the mails, and is chased. The report stays owed by,
        and counted for, the agency that the plan names; handed back to that one, all is as before.

        Raises NoSuchAgency, PeriodOver, NotAskedFor.
        """
        matter = self._open(petition)
        known = matter.plan.bundle.agencies
        other = known.get(agency) or directory().get(agency)
        if other is None or not ladder.contact_of(other).mailbox or agency == matter.answering:
            listed = ", ".join(sorted(one for one, its in known.items() if its.mailbox))
            raise NoSuchAgency(agency=agency, agencies=listed)
        back = agency == matter.place.agency
        petitions.record_acting(self.tx, petition.request_id, None if back else as_kept(other, known))
        before = matter.answering
        now = self._matter(petition.request_id)
        due = least_time(now.plan, now.key, now.stored.facts, self.at)
        self._redate(now, extended(now.plan, now.key, now.stored.facts, due, self.at))
        outbox.withdraw_about(self.tx, [petition.request_id])
        self._letters.tell(
            matter, petition, LetterKind.HANDED_OVER, before, said={"handed_to": as_named(other)}
        )
        instead = None if back else as_named(known[matter.place.agency])
        self._letters.tell(
            now, petition, LetterKind.REQUEST, agency, due_on=due, said={"handed_from": instead}
        )
        return self._settle(
            now, petition, Standing.HANDED_OVER, by=by, note=None, to_agency=agency, until_on=due
        )

    def drop(self, inbox_id: int, *, by: str, note: str | None = None, but_at: int | None = None) -> None:
        """What a mail asked for needs no decision any more, but for what it asks about one request."""
        left = [one for one in petitions.of_mail(self.tx, inbox_id) if one.standing is Standing.WAITING]
        dropped = [one.id for one in left if one.request_id != but_at]
        petitions.decide(self.tx, dropped, Standing.DROPPED, at=self.at, by=by, note=note)

    def overtake(self, request_id: int) -> None:
        """The report came: nobody need decide about more time for it, or about who sends it."""
        moot = (ReplyKind.EXTENSION_REQUEST, ReplyKind.DELEGATION, ReplyKind.FORWARD)
        for one in petitions.of_request(self.tx, request_id):
            if one.standing is Standing.WAITING and one.kind in moot:
                petitions.decide(self.tx, [one.id], Standing.OVERTAKEN, at=self.at)
                self._close_mail(one.inbox_id, "the report came before a decision")

    def _redate(self, matter: PetitionMatter, facts: RequestFacts) -> None:
        cycles.record_facts(self.tx, {matter.stored.id: facts})

    def _settle(
        self,
        matter: PetitionMatter,
        petition: Petition,
        standing: Standing,
        *,
        by: str,
        note: str | None,
        until_on: date | None = None,
        to_agency: str | None = None,
    ) -> Decided:
        petitions.decide(
            self.tx,
            [petition.id],
            standing,
            at=self.at,
            by=by,
            note=note,
            until_on=until_on,
            to_agency=to_agency,
        )
        self._close_mail(petition.inbox_id, "decided by a person", by=by, note=note)
        until = until_on.isoformat() if until_on else None
        detail = {"inbox": petition.inbox_id, "by": by, "until_on": until, "to": to_agency, "note": note}
        self._letters.journal(
            matter, standing, {name: value for name, value in detail.items() if value is not None}
        )
        cycles.wake(self.tx, [matter.cycle.id], self.at)
        return Decided(place=matter.place, standing=standing, until_on=until_on, to_agency=to_agency)

    def _close_mail(
        self, inbox_id: int, reason: str, *, by: str | None = None, note: str | None = None
    ) -> None:
        """The mail waits no more, unless it asks something about another request too."""
        if any(one.standing is Standing.WAITING for one in petitions.of_mail(self.tx, inbox_id)):
            return
        inbox.settle(self.tx, inbox_id, reason)
        if by is not None:
            inbox.record_decision(self.tx, inbox_id, by=by, at=self.at, note=note)

    def _open(self, petition: Petition) -> PetitionMatter:
        """The request of a petition, while its cycle is under way and the report asked for."""
        matter = self._matter(petition.request_id)
        cycle, facts = matter.cycle, matter.stored.facts
        if cycle.state is not CycleState.ACTIVE:
            raise PeriodOver(plan=cycle.plan_id, cycle=cycle.key, state=cycle.state)
        if not facts.status.asked:
            raise NotAskedFor(task=matter.place.task, agency=matter.place.agency, status=facts.status)
        return matter

    def _matter(self, request_id: int) -> PetitionMatter:
        place = inbox.request(self.tx, request_id)
        if place is None:
            raise LookupError(request_id)
        cycle = cycles.by_id(self.tx, place.cycle_id, lock=True)
        return PetitionMatter(
            place=place,
            cycle=cycle,
            plan=self.versions.standing(self.tx, cycle),
            stored=cycles.request(self.tx, request_id),
        )

    def _above(self, matter: PetitionMatter) -> date | None:
        """When the reports above that wait for this cycle's result are due, the earliest of them."""
        found = []
        for superior in matter.plan.bundle.spec.plan.implements:
            above = cycles.find(self.tx, superior.plan, matter.plan.key) if superior.task else None
            task = None
            if above is not None:
                there = self.versions.cycle(self.tx, above)
                task = there.by_id.get(superior.task or "")
            if task is not None:
                found.append(task.schedule.due_on)
        return min(found, default=None)
