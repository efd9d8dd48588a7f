"""Redirecting: a mail goes on, as it is, to somebody else than whom it was written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.core.ladder import Addressee
from flows.core.state import Absence
from flows.ledger import chase, outbox, outgoing
from flows.ledger.database import Transaction
from flows.ledger.inbox import Requested
from flows.ledger.outgoing import NEXT, OutgoingLetter, OutgoingMail, original_key
from flows.shell import wording
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import attention, contacts, party
from notifiers.forwarding import Forward, forwarded
from notifiers.ports import LetterKind


@dataclass(frozen=True, kw_only=True)
class Redirection:
    """To whom a mail goes instead."""

    to: Addressee
    mark: str
    """What is put behind the idempotency keys: "next-2"."""
    dead: tuple[str, ...] = ()
    """The addresses that it could not be delivered to, where that is why."""
    absence: Absence | None = None
    """What the one it was for has answered automatically; None when the address is dead."""
    settled: tuple[str, ...] = ()
    """Titles of reports that it asks for and that need not be sent any more: in by now, or withdrawn."""


@dataclass(frozen=True, kw_only=True)
class Redirector:
    """Sends the mails of one cycle on, in one transaction, at one time."""

    plan: CyclePlan
    identity: Identity
    tx: Transaction
    at: datetime

    def contacts(self, letter: OutgoingLetter, asked: Requested) -> Sequence[Addressee]:
        """Who can be written to instead, whoever the letter was for among them, in the order they are turned
        to.
        """
        bundle = self.plan.bundle
        told = ladder.coordinator(bundle, self.plan.by_id[asked.task].as_of_on).agency
        if letter.kind in (LetterKind.ESCALATION, LetterKind.RESOLVED):
            above = chase.climbed_to(self.tx, asked.id, letter.step)
            told = bundle.agencies[above] if above is not None else told
        return contacts(self.plan, letter.kind, (asked.task, asked.agency), told)

    def mark(self, mail: OutgoingMail, *, dead: int, most: int) -> str | None:
        """A mark under which the mail has not gone on yet; None when it has gone on as often as it may: an
        address that was `dead` may have written since, and die again.
        """
        marks = (f"{NEXT}-{number}" for number in range(dead, dead + most))
        return next((one for one in marks if not outbox.written(self.tx, _keys(mail, one))), None)

    def send_on(self, mail: OutgoingMail, known: Sequence[Addressee], onward: Redirection) -> bool:
        """Put the mail, as it was first written, into the outbox once more, for somebody else; once under the
        same mark. False when that was done before.
        """
        keys = _keys(mail, onward.mark)
        if outbox.written(self.tx, keys):
            return False
        zone = self.plan.calendar.zone
        first = outgoing.by_key(self.tx, original_key(mail.first.key)) or mail
        meant = next((one for one in known if _at(one, mail.recipient)), None)
        owner = (meant or known[0]).agency
        sent = forwarded(
            first.raw,
            Forward(
                to=party(onward.to),
                language=onward.to.agency.language,
                addresses=onward.dead or (mail.recipient,),
                agency=owner.called,
                person=attention(meant.contact) if meant is not None else None,
                away=onward.absence is not None,
                back_on=onward.absence.back_on if onward.absence is not None else None,
                named=onward.absence is not None and _at(onward.to, onward.absence.instead),
                settled=onward.settled,
                copies=not mail.accepted,
                message_id=self.identity.message_id(keys[0]),
                sent_at=self.at.astimezone(zone),
            ),
            envelope_from=mail.envelope_from,
            overrides=self.identity.templates,
        )
        reason = "why_stands_in" if onward.absence is not None else "why_redirected"
        rows = [
            {
                "key": key,
                "cycle_id": letter.cycle_id,
                "request_id": letter.request_id,
                "task": letter.task,
                "kind": letter.kind,
                "step": letter.step,
                "message_id": sent.message_id,
                "parcel": mail.parcel,
                "envelope_from": sent.envelope_from,
                "envelope_to": list(sent.envelope_to),
                "subject": mail.subject,
                "why": wording.text(reason, self.plan.bundle.spec.plan.language),
                "raw": sent.raw,
                "created_at": self.at,
            }
            for key, letter in zip(keys, mail.letters, strict=True)
        ]
        outbox.enqueue_parcel(self.tx, rows)
        return True


def _keys(mail: OutgoingMail, mark: str) -> list[str]:
    return [f"{original_key(one.key)}/{mark}" for one in mail.letters]


def _at(one: Addressee, address: str | None) -> bool:
    return None not in (one.mailbox, address) and str(one.mailbox).casefold() == str(address).casefold()
