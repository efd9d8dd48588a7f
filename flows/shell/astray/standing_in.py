"""Standing in: when whoever was asked is away too long, somebody else of the agency is written to, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.core import absence as absences
from flows.core.state import Absence
from flows.ledger import cycles, failures, outgoing
from flows.ledger.database import Transaction
from flows.ledger.outgoing import OutgoingMail
from flows.shell.astray.redirecting import Redirection, Redirector
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import ASKING, contacts
from notifiers.ports import LetterKind
from notifiers.replies import Understood
from schemas.model import Agency

if TYPE_CHECKING:
    from flows.shell.incoming.receiving import Matter


@dataclass(frozen=True, kw_only=True)
class StandingIn:
    """Deals with an automatic answer about one request, in one transaction, at one time."""

    identity: Identity
    tx: Transaction
    at: datetime

    def note(self, matter: Matter, understood: Understood) -> dict[str, Any]:
        """Note who is away, and have the same mail go to somebody else when they come back too late; what is
        to be said of it in the journal.

        One that names neither a day of return nor another address is a receipt. Whoever is named and not on
        file is only noted: it is a person who decides to write there.
        """
        back_on, instead = understood.return_on, understood.handed_to
        told: dict[str, Any] = {
            "sender": understood.sender,
            "return_on": back_on.isoformat() if back_on else None,
        }
        facts, today = matter.stored.facts, matter.plan.calendar.day_of(self.at)
        nothing = (back_on is None and instead is None) or (back_on is not None and back_on <= today)
        if nothing or understood.doubt is not None or not (matter.running and facts.status.asked):
            return told
        mail = self._answered(matter, understood)
        if mail is None:
            return told
        absence = Absence(back_on=back_on, instead=instead)
        address = mail.recipient.casefold()
        if facts.away.get(address) == absence:
            return told
        away = {**facts.away, address: absence}
        cycles.record_facts(self.tx, {matter.place.id: replace(facts, away=away)})
        cycles.wake(self.tx, [matter.cycle.id], self.at)
        agency = self._agency(matter, address)
        if instead is not None:
            told |= {"named": instead, "on_file": absences.is_on_file(agency, instead)}
        return told | self._follow(matter, mail, agency, away)

    def _follow(
        self, matter: Matter, mail: OutgoingMail, agency: Agency, away: Mapping[str, Absence]
    ) -> dict[str, Any]:
        """What follows: nothing until they are back, if that leaves enough time, or a mail to another."""
        key = (matter.place.task, matter.place.agency)
        absence = away[mail.recipient.casefold()]
        if absence.back_on is not None and absences.leaves_time(
            matter.plan, key, matter.stored.facts, absence.back_on
        ):
            return {"reminders": "wait"}
        if absence.back_on is None and not absences.is_on_file(agency, absence.instead or ""):
            return {}
        dead = failures.dead(self.tx, [matter.place.id]).get(matter.place.id, {})
        to = absences.stand_in(agency, absence, {*dead, *away})
        if to is None:
            return {"next": None}
        desk = Redirector(plan=matter.plan, identity=self.identity, tx=self.tx, at=self.at)
        known = contacts(matter.plan, mail.first.kind, key)
        desk.send_on(
            mail, known, Redirection(to=to, mark=f"{outgoing.STAND_IN}-{len(away)}", absence=absence)
        )
        return {"next": to.mailbox}

    def _answered(self, matter: Matter, understood: Understood) -> OutgoingMail | None:
        """The mail of ours that was answered: one that asks for the report."""
        named = [*understood.references, *([understood.in_reply_to] if understood.in_reply_to else [])]
        found = outgoing.answered(
            self.tx, matter.place.id, ASKING, message_ids=named, sender=understood.sender or ""
        )
        return outgoing.mail(self.tx, found) if found is not None else None

    def _agency(self, matter: Matter, address: str) -> Agency:
        """Whose address it is: that of the agency that is asked, unless somebody above was written to."""
        plan, place = matter.plan, matter.place
        for one in contacts(plan, LetterKind.REQUEST, (place.task, place.agency)):
            if one.mailbox is not None and one.mailbox.casefold() == address:
                return one.agency
        return plan.bundle.agencies[plan.answering(place.task, place.agency)]
