"""The digest: one mail a working day to each person for whom something waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flows.core import ladder
from flows.core.absence import is_on_file
from flows.core.cycle import CyclePlan
from flows.ledger import bulletins, correspondence, cycles, inbox, listings, outbox, petitions, requests
from flows.ledger.database import Transaction
from flows.ledger.inbox import ListedMail, Placing
from flows.ledger.outbox import MailStatus, TroubledMail
from flows.ledger.tables import Row
from flows.shell import wording
from flows.shell.astray.unreached import Unreached, reached
from flows.shell.desk.deciding_by_mail import IN_DOUBT, NOT_ON_FILE
from flows.shell.passes import Shell
from flows.shell.writing.announcing import row
from flows.speech import LANGUAGE
from notifiers import bulletin
from notifiers.compose import Sender
from notifiers.fields import digest_fields
from notifiers.notice import Notice, compose_notice, notice_subject
from notifiers.ports import Party
from notifiers.wording import document, printable, shortened
from schemas.model import Classification, Language

_LOOK_AGAIN_AFTER = timedelta(minutes=5)
_MOST = 500
_MOST_CYCLES = 100
_KIND = "digest"
_UNDECIDED = {NOT_ON_FILE: "not-on-file", IN_DOUBT: "doubt"}
"""Mails of decision that decided nothing, by why not."""


@dataclass(kw_only=True)
class _Pile:
    """What waits for one person."""

    to: Party
    channel: str | None
    language: Language
    cycle_id: int
    items: list[dict[str, Any]] = field(default_factory=list)
    troubled: list[dict[str, Any]] = field(default_factory=list)
    unreached: list[dict[str, Any]] = field(default_factory=list)
    """Addresses to be looked at: dead ones, and those that somebody away names and that are not on file."""
    strays: list[int] = field(default_factory=list)
    """The numbers of mails that belong to no request, the latest first."""


@dataclass(kw_only=True)
class Digest:
    """Looks now and then whether somebody should be told what waits for them.

    What came before the office opened today counts; on a day off nothing is sent.
    """

    shell: Shell
    _next_look_at: datetime | None = None

    def look(self) -> int:
        """Write the digests that are due now into the outbox; how many. Cheap when it was looked just now."""
        now = self.shell.clock.now()
        if self._next_look_at is not None and now < self._next_look_at:
            return 0
        self._next_look_at = now + _LOOK_AGAIN_AFTER
        with self.shell.ledger.read() as tx:
            due = self._due(tx, now)
        if not due:
            return 0
        with self.shell.ledger.write() as tx:
            written = outbox.enqueue(tx, [mail for mail, _ in due])
            if written:
                bulletins.enqueue(tx, [beside for _, beside in due if beside is not None])
            return written

    def _due(self, tx: Transaction, now: datetime) -> Sequence[tuple[Row, Row | None]]:
        """The digests that are due, each with the bulletin beside it for who asked for one."""
        waiting = inbox.listed(tx, [Placing.UNPLACED], _MOST)
        troubled = outbox.troubled(tx, _MOST)
        plans: dict[int, CyclePlan] = {}
        piles: dict[str, _Pile] = {}
        asked = {one.inbox_id: one.asked_until_on for one in petitions.undecided(tx)}
        for mail in waiting:
            if mail.request is not None:
                plan = self._plan(tx, plans, mail.request.cycle_id)
                if _counts(plan, now, mail.received_at):
                    pile = _pile(piles, plan, mail.request.task, mail.request.cycle_id)
                    if pile is not None:
                        pile.items.append(_item(plan, mail, asked.get(mail.id)))
        for sent in troubled:
            plan = self._plan(tx, plans, sent.cycle_id)
            if sent.status is MailStatus.IN_DOUBT and _counts(plan, now, sent.created_at):
                pile = _pile(piles, plan, sent.task, sent.cycle_id)
                if pile is not None:
                    pile.troubled.append(_troubled(plan, sent))
        for address in reached(tx, self.shell.versions).unreached:
            self._add_unreached(tx, plans, piles, address, now)
        self._add_named(tx, plans, piles, now)
        self._strays(tx, plans, piles, [one for one in waiting if one.request is None], now)
        found = []
        for mailbox, pile in piles.items():
            written = self._row(pile, mailbox, plans[pile.cycle_id].calendar.day_of(now), now)
            found.append((written, _beside(pile, written)))
        return found

    def _add_unreached(
        self,
        tx: Transaction,
        plans: dict[int, CyclePlan],
        piles: dict[str, _Pile],
        address: Unreached,
        now: datetime,
    ) -> None:
        """An address that no mail reaches: once to each who decides about the reports that it concerns."""
        told: set[str | None] = set()
        for request in address.requests:
            plan = self._plan(tx, plans, request.cycle_id)
            pile = (
                _pile(piles, plan, request.task, request.cycle_id)
                if _counts(plan, now, address.since_at)
                else None
            )
            if pile is not None and pile.to.mailbox not in told:
                told.add(pile.to.mailbox)
                pile.unreached.append(_unreached(plan, address))

    def _add_named(
        self, tx: Transaction, plans: dict[int, CyclePlan], piles: dict[str, _Pile], now: datetime
    ) -> None:
        """Addresses that somebody away names for the meantime and that are not on file: a person decides
        whether they are to be. Each once.
        """
        for request, away in requests.with_absent(tx):
            plan = self._plan(tx, plans, request.cycle_id)
            agency = plan.bundle.agencies[plan.answering(request.task, request.agency)]
            today = plan.calendar.day_of(now)
            for address, absence in away.items():
                over = absence.back_on is not None and absence.back_on <= today
                if over or absence.instead is None or is_on_file(agency, absence.instead):
                    continue
                counts = _counts(plan, now, now - timedelta(days=1))
                pile = _pile(piles, plan, request.task, request.cycle_id) if counts else None
                named = {
                    "address": address,
                    "agency": agency.called,
                    "named": absence.instead,
                    "back_on": absence.back_on,
                }
                if pile is not None and named not in pile.unreached:
                    pile.unreached.append(named)

    def _strays(
        self,
        tx: Transaction,
        plans: dict[int, CyclePlan],
        piles: dict[str, _Pile],
        strays: Sequence[ListedMail],
        now: datetime,
    ) -> None:
        """Mails that belong to no request, by their numbers alone: to whoever decides about the plans that
        know the sender; the rest to whoever runs dondoc, or if nobody is named, to who decides about all that
        is under way, when that is one person.
        """
        senders = [one.sender for one in strays]
        listed, written_to = listings.plans_of(tx, senders), correspondence.plans_written_to(tx, senders)
        nobodys = []
        for mail in strays:
            sender = mail.sender.casefold()
            known = listed.get(sender, frozenset()) | written_to.get(sender, frozenset())
            deciders = self._deciders(tx, plans, cycles.active_of(tx, sorted(known), _MOST_CYCLES))
            self._add(plans, piles, deciders, mail, now)
            if not deciders:
                nobodys.append(mail)
        if not nobodys:
            return
        under_way = cycles.active_ids(tx, _MOST_CYCLES + 1)
        if self.shell.operator is not None:
            theirs = self._operators(tx, plans, self.shell.operator, under_way)
        else:
            theirs = self._deciders(tx, plans, under_way) if len(under_way) <= _MOST_CYCLES else {}
            theirs = theirs if len(theirs) == 1 else {}
        for mail in nobodys:
            self._add(plans, piles, theirs, mail, now)

    def _deciders(
        self, tx: Transaction, plans: dict[int, CyclePlan], cycle_ids: Sequence[int]
    ) -> dict[str, _Pile]:
        """Who decides about these cycles, by mailbox, each with nothing yet."""
        found: dict[str, _Pile] = {}
        for cycle_id in cycle_ids:
            plan = self._plan(tx, plans, cycle_id)
            for task in plan.tasks:
                _pile(found, plan, task.id, cycle_id)
        return found

    def _operators(
        self, tx: Transaction, plans: dict[int, CyclePlan], mailbox: str, under_way: Sequence[int]
    ) -> dict[str, _Pile]:
        """Whoever runs dondoc, at the office hours of a plan that is followed; nobody when none ever was."""
        cycle_id = under_way[0] if under_way else cycles.latest_id(tx)
        if cycle_id is None:
            return {}
        self._plan(tx, plans, cycle_id)
        to = Party(name=wording.text("operator", LANGUAGE), mailbox=mailbox)
        return {mailbox.casefold(): _Pile(to=to, channel=None, language=LANGUAGE, cycle_id=cycle_id)}

    @staticmethod
    def _add(
        plans: Mapping[int, CyclePlan],
        piles: dict[str, _Pile],
        theirs: Mapping[str, _Pile],
        mail: ListedMail,
        now: datetime,
    ) -> None:
        for mailbox, pile in theirs.items():
            if _counts(plans[pile.cycle_id], now, mail.received_at):
                piles.setdefault(mailbox, pile).strays.append(mail.id)

    def _plan(self, tx: Transaction, plans: dict[int, CyclePlan], cycle_id: int) -> CyclePlan:
        if cycle_id not in plans:
            plans[cycle_id] = self.shell.versions.standing(tx, cycles.by_id(tx, cycle_id))
        return plans[cycle_id]

    def _row(self, pile: _Pile, mailbox: str, today: date, now: datetime) -> Row:
        identity = self.shell.identity
        key = f"{_KIND}/{mailbox}/{today.isoformat()}"[:250]
        notice = Notice(
            kind=_KIND,
            language=pile.language,
            to=pile.to,
            said={
                "items": pile.items,
                "troubled": pile.troubled,
                "unreached": pile.unreached,
                "strays": pile.strays,
                "today": today,
            },
            fields=digest_fields(
                pile.to,
                pile.language,
                today=today,
                waiting=len(pile.items),
                troubled=len(pile.troubled),
                unreached=len(pile.unreached),
                strays=len(pile.strays),
            ),
            sent_at=now,
            message_id=identity.message_id(key),
        )
        sender = Sender(name=identity.name, mailbox=identity.mailbox, return_path=identity.mailbox)
        mail = compose_notice(notice, sender, identity.templates)
        return {
            "key": key,
            "cycle_id": pile.cycle_id,
            "request_id": None,
            "task": None,
            "kind": _KIND,
            "step": 1,
            "message_id": mail.message_id,
            "envelope_from": mail.envelope_from,
            "envelope_to": list(mail.envelope_to),
            "subject": notice_subject(notice, identity.templates),
            "why": wording.text("why_digest", pile.language),
            "raw": mail.raw,
            "created_at": now,
        }


def _beside(pile: _Pile, mail: Row) -> Row | None:
    if pile.channel is None:
        return None
    said = bulletin.digest(
        pile.language,
        waiting=len(pile.items),
        troubled=len(pile.troubled) + len(pile.unreached),
        strays=len(pile.strays),
    )
    return row(pile.channel, _KIND, said, key=mail["key"], cycle_id=mail["cycle_id"], at=mail["created_at"])


def _counts(plan: CyclePlan, now: datetime, came_at: datetime) -> bool:
    """Whether somebody is told now of what came then: at office hours, of what came before they began."""
    calendar = plan.calendar
    today = calendar.day_of(now)
    opening = calendar.opening(today)
    return (
        calendar.working_day(today) == today
        and opening <= now < calendar.closing(today)
        and came_at < opening
    )


def _pile(piles: dict[str, _Pile], plan: CyclePlan, task: str, cycle_id: int) -> _Pile | None:
    to = ladder.decider(plan.bundle, plan.by_id[task].as_of_on)
    if to.mailbox is None:
        return None
    contact = to.contact
    attention = " ".join(part for part in (contact.title, contact.name) if part) if contact else ""
    party = Party(name=to.agency.called, mailbox=to.mailbox, attention=attention or None)
    pile = _Pile(to=party, channel=to.channel, language=to.agency.language, cycle_id=cycle_id)
    return piles.setdefault(to.mailbox.casefold(), pile)


def _named(plan: CyclePlan, task: str) -> Mapping[str, str]:
    """The plan and the task as they may be named in a mail."""
    language = plan.bundle.spec.plan.language
    planned = plan.by_id[task]
    open_ = plan.bundle.classification(planned.report) in (Classification.PUBLIC, Classification.INTERNAL)
    title = planned.task.title if open_ else ""
    return {"plan": document(plan.bundle.spec.plan.number, language), "task": title}


def _item(plan: CyclePlan, mail: ListedMail, until_on: date | None) -> dict[str, Any]:
    if mail.request is None:
        raise LookupError(mail.id)
    return {
        **_named(plan, mail.request.task),
        "agency": plan.bundle.agencies[mail.request.agency].called,
        "kind": mail.kind,
        "number": mail.id,
        "received_on": plan.calendar.day_of(mail.received_at),
        "until_on": until_on,
        "undecided": _UNDECIDED.get(mail.reason),
    }


def _unreached(plan: CyclePlan, one: Unreached) -> dict[str, Any]:
    return {
        "address": one.address,
        "agency": one.agency.called,
        "since": plan.calendar.day_of(one.since_at),
        "answer": one.answer,
        "count": len(one.requests),
        "instead": ", ".join(one.instead),
        "named": None,
    }


def _troubled(plan: CyclePlan, sent: TroubledMail) -> dict[str, Any]:
    return {
        **_named(plan, sent.task),
        "agency": plan.bundle.agencies[sent.agency].called,
        "to": ", ".join(sent.to),
        "answer": shortened(printable(sent.answer), 200),
    }
