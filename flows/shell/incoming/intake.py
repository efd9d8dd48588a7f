"""Intake: a mail is kept first, then understood and placed, then answered."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import repeat

from flows.clock import Clock
from flows.ledger import inbox, petitions
from flows.ledger.database import Ledger, LedgerBusy
from flows.ledger.inbox import KeptMail, Placing
from flows.shell.desk.deciding_by_mail import decide_by_mail
from flows.shell.incoming.inquiring import Inquiries
from flows.shell.incoming.keeping import Keeping
from flows.shell.incoming.placing import Place, no_answer, place
from flows.shell.incoming.preparing import prepare
from flows.shell.incoming.readers import Readers
from flows.shell.incoming.reading import Reading, read_mail
from flows.shell.incoming.receiving import Receiver
from flows.shell.incoming.receiving_parcels import ParcelReceiver
from flows.shell.incoming.sitting import Sitting, sitting
from flows.shell.versions import Versions
from flows.shell.writing.identity import Identity
from notifiers.ports import RawMail
from notifiers.replies import ReplyKind, Understood, own_part

_log = logging.getLogger(__name__)

_HEAPS = 16
"""Heaps that are taken into memory at once, so that some are read while another is written about."""
_TOGETHER = 25
"""Mails dealt with in one transaction: what is read and written for all of them costs little more than what
is for one.
"""


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

    readers: Readers = field(default_factory=lambda: Readers(0), repr=False)
    """Processes that read mails beside this one, when many wait."""

    _keeping: Keeping = field(default_factory=Keeping, init=False, repr=False)

    def keep(self, mail: RawMail) -> bool:
        """Store a mail for good; it may be acknowledged once this has returned. False when exactly these
        bytes came to the same address before.

        It counts from when it reached a server of ours: nobody is late because we were not there to fetch it.
        """
        now = self.clock.now()
        return self._keeping.keep(self.ledger, mail, min(mail.arrived_at or now, now))

    def take_in(self) -> int:
        """Look at a batch of the mails that nobody has looked at; how many there were.

        A mail that cannot be dealt with is put before a person, whatever went wrong with it, and holds up
        none of the others. Raises LedgerBusy when the ledger is the reason: the mail is then still new.
        """
        with self.ledger.read() as tx:
            mails = inbox.new_mails(tx, _HEAPS * _TOGETHER)
        heaps = [mails[start : start + _TOGETHER] for start in range(0, len(mails), _TOGETHER)]
        raw = [[mail.raw for mail in heap] for heap in heaps]
        with closing(self.readers.read(raw, self.vouching_server)) as read:
            for heap, its in zip(heaps, read, strict=True):
                if (
                    its is not None
                    and len(heap) > 1
                    and self._deal_with_all(list(zip(heap, its, strict=True)))
                ):
                    continue
                for mail, one in zip(heap, its or repeat(None), strict=False):
                    self._deal_with(mail, one)
        if not mails:
            self.readers.close()
        return len(mails)

    def _deal_with_all(self, mails: Sequence[tuple[KeptMail, Reading]]) -> bool:
        """Deal with some mails in one transaction; False, and nothing is done, when one of them cannot be."""
        try:
            with self.ledger.write() as tx:
                new = inbox.still_new(tx, [mail.id for mail, _ in mails])
                left = [(mail, its) for mail, its in mails if mail.id in new]
                with sitting(tx, self.versions) as held:
                    prepare(self._receiver(held), [(mail, its.understood) for mail, its in left])
                    for mail, its in left:
                        self._take(held, mail, its)
        except Exception as exc:  # noqa: BLE001 - each is dealt with by itself then, and says so if it cannot
            _log.info("mails are taken in one by one: %s", exc)
            return False
        return True

    def _deal_with(self, mail: KeptMail, read: Reading | None) -> None:
        """In a transaction of its own, which locks no more cycles than the mail is about."""
        try:
            read = read or read_mail(mail.raw, self.vouching_server)
            with self.ledger.write() as tx:
                if inbox.still_new(tx, [mail.id]):
                    with sitting(tx, self.versions) as held:
                        self._take(held, mail, read)
        except LedgerBusy:
            raise
        except Exception as exc:  # noqa: BLE001 - the shell: whatever it was, the mail goes before a person
            self._set_aside(mail, read.understood if read else None, f"{type(exc).__name__}: {exc}")

    def _take(self, held: Sitting, mail: KeptMail, read: Reading) -> None:
        """Place a new mail, and do what follows from it."""
        understood = read.understood
        found = place(held, self.identity, mail, understood)
        about = self._about(held, found)
        if understood.message_id is not None and held.dossier.came_before(
            mail.id, message_id=understood.message_id, said_hash=read.said_hash, request_id=about
        ):
            placing, reason = Placing.DUPLICATE, "came before by another way"
        else:
            placing, reason, about = self._dealt_with(held, mail, understood, found)
        held.dossier.place(
            mail.id,
            placing,
            kind=understood.kind,
            sender=understood.sender or mail.envelope_from,
            subject=understood.subject,
            reason=reason,
            request_id=about,
            message_id=understood.message_id,
            said_hash=read.said_hash,
        )

    def _dealt_with(
        self, held: Sitting, mail: KeptMail, understood: Understood, found: Place
    ) -> tuple[Placing, str, int | None]:
        """What came of a mail, and the request that it is about."""
        receiver = self._receiver(held, by_stranger=found.by_stranger)
        sound = understood.kind.by_person and no_answer(mail, understood, found) is None
        if found.petition_id is not None and sound:
            about, why = decide_by_mail(receiver.petitions, found.petition_id, mail, understood)
            held.forget()
            return (Placing.PLACED, found.reason, about) if why is None else (Placing.UNPLACED, why, about)
        asking = Inquiries(receiver=receiver, server=self.vouching_server)
        if found.inquiry_id is not None and sound:
            return (*asking.take(found.inquiry_id, mail, understood), None)
        placing, reason = self._receive(receiver, mail, understood, found)
        if (
            sound
            and placing is Placing.UNPLACED
            and (done := asking.ask(mail, understood, found)) is not None
        ):
            return (*done, None)
        return placing, reason, found.request_ids[0] if found.request_ids else None

    @staticmethod
    def _about(held: Sitting, found: Place) -> int | None:
        """The request that a mail is about, as far as that is known before it is dealt with."""
        if found.petition_id is not None:
            asked = petitions.find(held.dossier.beside, found.petition_id)
            return asked.request_id if asked is not None else None
        return found.request_ids[0] if found.request_ids else None

    def _receiver(self, held: Sitting, *, by_stranger: bool = False) -> Receiver:
        return Receiver(sitting=held, identity=self.identity, at=self.clock.now(), by_stranger=by_stranger)

    def _came_back(self, receiver: Receiver, understood: Understood) -> tuple[Placing, str]:
        """A letter of dondoc: our own is left aside; one of another office that runs dondoc asks something of
        this one, and nobody else reads it here.
        """
        ids = [understood.message_id] if understood.message_id is not None else []
        sender = understood.sender
        own = sender is None or self.identity.is_own(sender) or bool(receiver.dossier.about(ids)[1])
        return (Placing.IGNORED, "loop") if own else (Placing.UNPLACED, "a letter of another dondoc")

    def _set_aside(self, mail: KeptMail, understood: Understood | None, reason: str) -> None:
        """Put a mail before a person; what is known of it is noted."""
        with self.ledger.write() as tx:
            if inbox.still_new(tx, [mail.id]):
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
        if understood.kind is ReplyKind.LOOP:
            return self._came_back(receiver, understood)
        if (why := no_answer(mail, understood, found)) is not None:
            return Placing.UNPLACED, why
        if not found.request_ids:
            machine = understood.kind in (ReplyKind.AUTO_REPLY, ReplyKind.UNRELATED)
            machine |= found.inquiry_id is not None  # what servers say to a question of ours
            machine &= not found.for_a_person
            return (Placing.IGNORED if machine else Placing.UNPLACED), found.reason
        if understood.kind is ReplyKind.UNRELATED:
            return Placing.UNPLACED, found.reason
        if found.parcel is not None:
            of_each = [ParcelReceiver(receiver=receiver, parcel=found.parcel).take(mail, understood)]
        else:
            of_each = [
                receiver.take(request_id, mail, own_part(understood, self.identity.token(request_id)))
                for request_id in found.request_ids
            ]
        for_a_person = [why for why in of_each if why is not None]
        if for_a_person:
            return Placing.UNPLACED, for_a_person[0]
        return Placing.PLACED, found.reason


def unplaced(ledger: Ledger, limit: int = 200) -> Sequence[inbox.ListedMail]:
    """The mails that a person must look at, the newest first."""
    with ledger.read() as tx:
        return inbox.listed(tx, [Placing.UNPLACED], limit)
