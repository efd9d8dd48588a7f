"""Rerouting: a mail that cannot be delivered goes to the next contact, or in the end to a person."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.clock import Clock
from flows.core import ladder
from flows.core.absence import missed
from flows.core.cycle import CyclePlan
from flows.core.ladder import Addressee
from flows.ledger import (
    bulletins,
    correspondence,
    cycles,
    delays,
    failures,
    inbox,
    outbox,
    outgoing,
    petitions,
)
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Ledger, LedgerBusy, Transaction
from flows.ledger.failures import Dead
from flows.ledger.inbox import Requested
from flows.ledger.outgoing import OutgoingLetter, OutgoingMail
from flows.ledger.petitions import Standing
from flows.ledger.plans import CycleState
from flows.shell.astray.redirecting import Redirection, Redirector
from flows.shell.versions import Versions
from flows.shell.writing.announcing import announced
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk, is_classified
from notifiers.conversation import OF_THEIR_OWN
from notifiers.ports import LetterKind, Owed, RecipientRefusal

_log = logging.getLogger("dondoc.rerouting")

_BATCH = 100
_HELD_UP_FOR = timedelta(days=6)
"""How long after a server said that a mail is held up, and no more, it counts as not delivered."""
_WHILE_ASKED = (
    LetterKind.REQUEST,
    LetterKind.REMINDER,
    LetterKind.OVERDUE,
    LetterKind.REDATED,
    LetterKind.EXTENDED,
    LetterKind.ESCALATION,
    LetterKind.UNREACHABLE,
)
"""Letters that say nothing any more once the report is in."""


@dataclass(frozen=True, kw_only=True)
class Rerouter:
    """Deals with mails that a server refused for good, gave up, or sent back."""

    ledger: Ledger
    versions: Versions
    identity: Identity
    clock: Clock

    def reroute(self) -> int:
        """Deal with each failure once, in a transaction of its own; how many there were."""
        held_up_since = self.clock.now() - _HELD_UP_FOR
        with self.ledger.read() as tx:
            given_up = delays.any_since(tx, held_up_since)
        if given_up:
            with self.ledger.write() as tx:
                delays.give_up(tx, held_up_since)
        with self.ledger.read() as tx:
            failed = outgoing.failed_unseen(tx, _BATCH)
        for mail_id in failed:
            try:
                with self.ledger.write() as tx:
                    self._deal_with(tx, outgoing.mail(tx, mail_id))
            except LedgerBusy:
                raise
            except Exception:  # noqa: BLE001 - the shell: whatever it was, one mail holds up none of the others
                _log.exception("mail %d cannot be delivered, and nobody else could be written to", mail_id)
                with self.ledger.write() as tx:
                    if outgoing.mark_seen(tx, mail_id, self.clock.now()):
                        _journal(tx, outgoing.mail(tx, mail_id), None, self.clock.now())
        return len(failed)

    def _deal_with(self, tx: Transaction, mail: OutgoingMail) -> None:
        held = {one.id: one for one in cycles.locked(tx, {letter.cycle_id for letter in mail.letters})}
        at = self.clock.now()
        if not outgoing.mark_seen(tx, mail.id, at):
            return
        plans = {id_: self.versions.standing(tx, cycle) for id_, cycle in held.items()}
        matters = [
            one
            for letter in mail.letters
            if (one := _matter(tx, mail, letter, held[letter.cycle_id], plans[letter.cycle_id])) is not None
        ]
        to = None
        if any(one.stands(tx) for one in matters):
            to = _Onward(tx=tx, at=at, identity=self.identity, mail=mail, matters=matters).send()
        _journal(tx, mail, to, at)


@dataclass(frozen=True, kw_only=True)
class _Matter:
    """What one letter of a mail was about."""

    letter: OutgoingLetter
    recipient: str
    asked: Requested
    stored: StoredRequest
    cycle: StoredCycle
    plan: CyclePlan

    @property
    def still_asked(self) -> bool:
        """Whether its report is still asked for."""
        return self.cycle.state is CycleState.ACTIVE and self.stored.facts.status.asked

    @property
    def owed(self) -> Owed:
        """Its report."""
        task = self.plan.by_id[self.asked.task]
        return Owed(
            title=task.task.title,
            due_on=self.stored.facts.due_on or task.schedule.due_on,
            plan_number=self.plan.bundle.spec.plan.number,
        )

    @property
    def passed_on(self) -> bool:
        """Whether the letter was for an agency in whose place another answers now: that one has letters of
        its own.
        """
        owing = self.asked.agency
        handed_over = self.plan.answering(self.asked.task, owing) != owing
        to_agency = self.letter.kind not in OF_THEIR_OWN
        return handed_over and to_agency and self.plan.bundle.agencies[owing].has_address(self.recipient)

    def stands(self, tx: Transaction) -> bool:
        """Whether what it says still has to be said."""
        if self.passed_on:
            return False
        if self.letter.kind in _WHILE_ASKED:
            return self.still_asked
        if self.letter.kind in (LetterKind.PETITION, LetterKind.NOT_DECIDED):
            waiting = petitions.of_request(tx, self.asked.id)
            return any(one.standing is Standing.WAITING for one in waiting)
        return self.cycle.state is not CycleState.STOPPED


@dataclass(frozen=True, kw_only=True)
class _Onward:
    """Where a mail goes next: to another contact, or, when none is left, the coordinator hears of it."""

    tx: Transaction
    at: datetime
    identity: Identity
    mail: OutgoingMail
    matters: Sequence[_Matter]

    def send(self) -> str | None:
        """Write to whoever is next; to which address, None when there is nobody."""
        first = next(one for one in self.matters if one.stands(self.tx))
        desk = Redirector(plan=first.plan, identity=self.identity, tx=self.tx, at=self.at)
        contacts = desk.contacts(first.letter, first.asked)
        dead = self._dead()
        to = ladder.first_but(contacts, {*dead, *self._away(), self.mail.recipient.casefold()})
        mark = desk.mark(self.mail, dead=len(dead), most=len(contacts))
        if to is not None and mark is not None:
            settled = tuple(one.owed.title for one in self.matters if not one.stands(self.tx))
            theirs = {one.mailbox.casefold() for one in contacts if one.mailbox is not None}
            addresses = tuple(one.address for key, one in dead.items() if key in theirs)
            onward = Redirection(to=to, mark=mark, settled=settled, dead=addresses or (self.mail.recipient,))
            desk.send_on(self.mail, contacts, onward)
        elif first.letter.kind not in (LetterKind.ESCALATION, LetterKind.UNREACHABLE):
            to = self._tell_coordinator(dead)
        else:
            to = None
        return to.mailbox if to is not None else None

    def _dead(self) -> dict[str, Dead]:
        found: dict[str, Dead] = {}
        for of_request in failures.dead(self.tx, [one.asked.id for one in self.matters]).values():
            found |= of_request
        return found

    def _away(self) -> frozenset[str]:
        """Whose readers are away and back too late for one of the reports."""
        return frozenset(
            address
            for one in self.matters
            for address in missed(one.plan, (one.asked.task, one.asked.agency), one.stored.facts, self.at)
        )

    def _tell_coordinator(self, dead: dict[str, Dead]) -> Addressee | None:
        """One letter about all the reports of the mail that are still asked for, once for each of them."""
        kind = LetterKind.UNREACHABLE
        keys = {
            one.asked.id: f"{one.plan.plan_id}/{one.plan.key}/{one.asked.task}/{one.asked.agency}/{kind}"
            for one in self.matters
            if one.still_asked
        }
        told = outbox.written(self.tx, keys.values())
        left = [one for one in self.matters if one.asked.id in keys and keys[one.asked.id] not in told]
        if not left:
            return None
        first = left[0]
        plan = first.plan
        task = plan.by_id[first.asked.task]
        owed = tuple(one.owed for one in left if not is_classified(one.plan, one.asked.task))
        draft = Desk(cycle=plan, identity=self.identity).told(
            kind,
            task_id=task.id,
            agency=plan.answering(task.id, first.asked.agency),
            key=keys[first.asked.id],
            due_on=first.owed.due_on,
            request_id=first.asked.id,
            before=correspondence.so_far(self.tx, [first.asked.id]).get(first.asked.id, ()),
            at=self.at,
            to=ladder.coordinator(plan.bundle, task.as_of_on),
            said={
                "undelivered": tuple(
                    RecipientRefusal(recipient=one.address, code=0, answer=one.answer)
                    for one in dead.values()
                ),
                "reports": owed if len(owed) > 1 else (),
            },
        )
        if draft is None:
            return None
        lead = draft.row(
            self.identity, cycle_id=first.cycle.id, request_id=first.asked.id, task=task.id, at=self.at
        )
        beside = [
            {
                **lead,
                "key": keys[one.asked.id],
                "cycle_id": one.cycle.id,
                "request_id": one.asked.id,
                "task": one.asked.task,
            }
            for one in left[1:]
        ]
        outbox.enqueue_parcel(self.tx, [lead, *beside])
        bulletins.enqueue(self.tx, announced([draft], cycle_id=first.cycle.id, at=self.at))
        return draft.to


def _matter(
    tx: Transaction, mail: OutgoingMail, letter: OutgoingLetter, cycle: StoredCycle, plan: CyclePlan
) -> _Matter | None:
    if letter.request_id is None or (asked := inbox.request(tx, letter.request_id)) is None:
        return None
    return _Matter(
        letter=letter,
        recipient=mail.recipient,
        asked=asked,
        stored=cycles.request(tx, asked.id),
        cycle=cycle,
        plan=plan,
    )


def _journal(tx: Transaction, mail: OutgoingMail, to: str | None, at: datetime) -> None:
    cycles.record_journal(
        tx,
        [
            {
                "at": at,
                "cycle_id": one.cycle_id,
                "request_id": one.request_id,
                "event": "undeliverable",
                "detail": {
                    "kind": one.kind,
                    "recipient": mail.recipient,
                    "answer": mail.answer,
                    "next": to,
                },
            }
            for one in mail.letters
        ],
    )
