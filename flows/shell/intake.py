"""Intake: a mail is kept first, then understood and placed, then answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.clock import Clock
from flows.ledger import inbox
from flows.ledger.database import Ledger, LedgerBusy
from flows.ledger.inbox import KeptMail, Placing
from flows.shell.deciding_by_mail import decide_by_mail
from flows.shell.letters import Identity
from flows.shell.placing import Place, place
from flows.shell.receiving import Receiver
from flows.shell.receiving_parcels import ParcelReceiver
from flows.shell.versions import Versions
from notifiers.delivered import is_left_behind
from notifiers.ports import RawMail
from notifiers.replies import ReplyKind, Understood, own_part, understand

_BATCH = 50


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Takes mail in. `keep` may be called from any thread; `take_in` from one at a time in each process."""

    ledger: Ledger
    versions: Versions
    clock: Clock
    identity: Identity
    vouching_server: str | None = None
    """The name under which the mail server in front of us writes `Authentication-Results`; None: none is
    believed."""

    def keep(self, mail: RawMail) -> None:
        """Store a mail for good; it may be acknowledged once this has returned.

        It counts from when it reached a server of ours: nobody is late because we were not there to fetch it.
        """
        now = self.clock.now()
        with self.ledger.write() as tx:
            inbox.keep(
                tx,
                raw=mail.raw,
                envelope_from=mail.envelope_from,
                envelope_to=mail.envelope_to,
                received_at=min(mail.arrived_at or now, now),
            )

    def take_in(self) -> int:
        """Look at a batch of the mails that nobody has looked at; how many there were.

        A mail that cannot be dealt with is put before a person, whatever went wrong with it, and holds up
        none of the others. Raises LedgerBusy when the ledger is the reason: the mail is then still new.
        """
        with self.ledger.read() as tx:
            mails = inbox.new_mails(tx, _BATCH)
        for mail in mails:
            understood: Understood | None = None
            try:
                understood = understand(mail.raw, server=self.vouching_server)
                self._deal_with(mail, understood)
            except LedgerBusy:
                raise
            except Exception as exc:  # noqa: BLE001 - the shell: whatever it was, the mail goes before a person
                self._set_aside(mail, understood, f"{type(exc).__name__}: {exc}")
        return len(mails)

    def _deal_with(self, mail: KeptMail, understood: Understood) -> None:
        """In a transaction of its own, which locks no more cycles than the mail is about."""
        with self.ledger.write() as tx:
            if not inbox.still_new(tx, mail.id):
                return
            receiver = Receiver(versions=self.versions, identity=self.identity, tx=tx, at=self.clock.now())
            found = place(tx, self.versions, self.identity, mail, understood)
            placing, reason = self._receive(receiver, mail, understood, found)
            about = found.request_ids[0] if found.request_ids else None
            if found.petition_id is not None and understood.kind.by_person and mail.envelope_from:
                about, why = decide_by_mail(receiver.petitions, found.petition_id, mail, understood)
                placing, reason = (Placing.PLACED, found.reason) if why is None else (Placing.UNPLACED, why)
            inbox.place(
                tx,
                mail.id,
                placing,
                kind=understood.kind,
                sender=understood.sender or mail.envelope_from,
                subject=understood.subject,
                reason=reason,
                request_id=about,
            )

    def _set_aside(self, mail: KeptMail, understood: Understood | None, reason: str) -> None:
        """Put a mail before a person; what is known of it is noted."""
        with self.ledger.write() as tx:
            if inbox.still_new(tx, mail.id):
                inbox.place(
                    tx,
                    mail.id,
                    Placing.UNPLACED,
                    kind=understood.kind if understood else "",
                    sender=(understood.sender if understood else None) or mail.envelope_from,
                    subject=understood.subject if understood else "",
                    reason=reason,
                )

    def _receive(
        self, receiver: Receiver, mail: KeptMail, understood: Understood, found: Place
    ) -> tuple[Placing, str]:
        if understood.given_up is not None:
            return Placing.UNPLACED, understood.given_up
        if is_left_behind(mail.raw):
            return Placing.UNPLACED, "too large to be fetched: it lies in the mailbox, unread"
        if understood.kind is ReplyKind.LOOP:
            return Placing.IGNORED, "loop"
        if not found.request_ids:
            machine = understood.kind in (ReplyKind.AUTO_REPLY, ReplyKind.UNRELATED)
            return (Placing.IGNORED if machine else Placing.UNPLACED), found.reason
        if understood.kind is ReplyKind.UNRELATED:
            return Placing.UNPLACED, found.reason
        if understood.kind.by_person and (found.for_bounces or not mail.envelope_from):
            # a responder that does not say so: never a report, however much it looks like one
            return (
                Placing.UNPLACED,
                "written by a machine: without a sender, or to where bounces come",
            )
        if found.parcel is not None:
            said = [ParcelReceiver(receiver=receiver, parcel=found.parcel).take(mail, understood)]
        else:
            said = [
                receiver.take(request_id, mail, own_part(understood, self.identity.token(request_id)))
                for request_id in found.request_ids
            ]
        for_a_person = [why for why in said if why is not None]
        if for_a_person:
            return Placing.UNPLACED, for_a_person[0]
        return Placing.PLACED, found.reason


def unplaced(ledger: Ledger, limit: int = 200) -> Sequence[inbox.ListedMail]:
    """The mails that a person must look at, the newest first."""
    with ledger.read() as tx:
        return inbox.listed(tx, [Placing.UNPLACED], limit)
