"""The digest: one mail a working day to each person for whom something waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.core.ladder import Addressee
from flows.ledger import bulletins, cycles, inbox, outbox, petitions
from flows.ledger.database import Transaction
from flows.ledger.inbox import ListedMail, Placing
from flows.ledger.outbox import MailStatus, TroubledMail
from flows.ledger.tables import Row
from flows.shell import wording
from flows.shell.announcing import row
from flows.shell.deciding_by_mail import IN_DOUBT, NOT_ON_FILE
from flows.shell.passes import Shell
from notifiers import bulletin
from notifiers.compose import Sender
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

    to: Addressee
    language: Language
    cycle_id: int
    items: list[dict[str, Any]] = field(default_factory=list)
    troubled: list[dict[str, Any]] = field(default_factory=list)
    strays: int = 0


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
            if _counts(plan, now, sent.created_at):
                pile = _pile(piles, plan, sent.task, sent.cycle_id)
                if pile is not None:
                    pile.troubled.append(_troubled(plan, sent))
        self._strays(tx, plans, piles, [one for one in waiting if one.request is None], now)
        found = []
        for mailbox, pile in piles.items():
            written = self._row(pile, mailbox, plans[pile.cycle_id].calendar.day_of(now), now)
            found.append((written, _beside(pile, written)))
        return found

    def _strays(
        self,
        tx: Transaction,
        plans: dict[int, CyclePlan],
        piles: dict[str, _Pile],
        strays: Sequence[ListedMail],
        now: datetime,
    ) -> None:
        """Mails that belong to no request: only how many, and only where one person decides about all that is
        under way; with several nobody can say whose they are.
        """
        under_way = cycles.active_ids(tx, _MOST_CYCLES + 1) if strays else ()
        if not strays or not 0 < len(under_way) <= _MOST_CYCLES:
            return
        deciders: dict[str, _Pile] = {}
        for cycle_id in under_way:
            plan = self._plan(tx, plans, cycle_id)
            for task in plan.tasks:
                _pile(deciders, plan, task.id, cycle_id)
        if len(deciders) != 1:
            return
        ((mailbox, pile),) = deciders.items()
        plan = plans[pile.cycle_id]
        count = sum(_counts(plan, now, one.received_at) for one in strays)
        if count:
            piles.setdefault(mailbox, pile).strays = count

    def _plan(self, tx: Transaction, plans: dict[int, CyclePlan], cycle_id: int) -> CyclePlan:
        if cycle_id not in plans:
            plans[cycle_id] = self.shell.versions.standing(tx, cycles.by_id(tx, cycle_id))
        return plans[cycle_id]

    def _row(self, pile: _Pile, mailbox: str, today: date, now: datetime) -> Row:
        identity = self.shell.identity
        key = f"{_KIND}/{mailbox}/{today.isoformat()}"[:250]
        contact = pile.to.contact
        attention = " ".join(part for part in (contact.title, contact.name) if part) if contact else ""
        notice = Notice(
            kind=_KIND,
            language=pile.language,
            to=Party(name=pile.to.agency.called, mailbox=mailbox, attention=attention or None),
            said={"items": pile.items, "troubled": pile.troubled, "strays": pile.strays, "today": today},
            sent_at=now,
            message_id=identity.message_id(key),
        )
        sender = Sender(name=identity.name, mailbox=identity.mailbox, return_path=identity.mailbox)
        mail = compose_notice(notice, sender)
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
            "subject": notice_subject(notice),
            "why": wording.text("why_digest", pile.language),
            "raw": mail.raw,
            "created_at": now,
        }


def _beside(pile: _Pile, mail: Row) -> Row | None:
    if pile.to.channel is None:
        return None
    said = bulletin.digest(
        pile.language, waiting=len(pile.items), troubled=len(pile.troubled), strays=pile.strays
    )
    return row(
        pile.to.channel, _KIND, said, key=mail["key"], cycle_id=mail["cycle_id"], at=mail["created_at"]
    )


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
    language = to.agency.language
    return piles.setdefault(to.mailbox.casefold(), _Pile(to=to, language=language, cycle_id=cycle_id))


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


def _troubled(plan: CyclePlan, sent: TroubledMail) -> dict[str, Any]:
    return {
        **_named(plan, sent.task),
        "agency": plan.bundle.agencies[sent.agency].called,
        "to": ", ".join(sent.to),
        "in_doubt": sent.status is MailStatus.IN_DOUBT,
        "answer": shortened(printable(sent.answer), 200),
    }
