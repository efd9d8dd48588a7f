"""Stranded: what nobody could be asked for is asked for once there is an address that may be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.ledger import cycles, failures, outgoing
from flows.ledger.correspondence import Concerned
from flows.ledger.database import Transaction
from flows.ledger.failures import Dead
from flows.ledger.outgoing import OutgoingMail
from flows.shell.astray.redirecting import Redirection, Redirector
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import ASKING, contacts
from notifiers.ports import LetterKind


@dataclass(frozen=True, kw_only=True)
class Stranded:
    """Looks through the reports of one cycle, in one transaction, at one time."""

    plan: CyclePlan
    identity: Identity
    tx: Transaction
    at: datetime

    def ask_again(self, cycle_id: int) -> None:
        """Have the last mail about each of them that reached nobody go to a contact who was not tried, or has
        written since: the directory names another address, or an old one is alive again.
        """
        troubled = failures.troubled(self.tx, cycle_id)
        if not troubled:
            return
        dead = failures.dead(self.tx, troubled)
        stranded = outgoing.reached_nobody(self.tx, troubled, ASKING)
        for request_id, mail_id in stranded.items():
            self._send_on(troubled[request_id], mail_id, dead.get(request_id, {}))

    def _send_on(self, request: Concerned, mail_id: int, dead: Mapping[str, Dead]) -> None:
        key = (request.task, request.agency)
        known = contacts(self.plan, LetterKind.REQUEST, key)
        to = ladder.first_but(known, dead)
        if to is None:
            return
        mail = outgoing.mail(self.tx, mail_id)
        today = self.plan.calendar.day_of(self.at)
        addresses = tuple(one.address for one in dead.values())
        mark = f"{outgoing.NEXT}-{today:%Y%m%d}"
        onward = Redirection(to=to, mark=mark, dead=addresses, settled=self._settled(mail, request.cycle_id))
        desk = Redirector(plan=self.plan, identity=self.identity, tx=self.tx, at=self.at)
        if not desk.send_on(mail, known, onward):
            return
        cycles.record_journal(
            self.tx,
            [
                {
                    "at": self.at,
                    "cycle_id": request.cycle_id,
                    "request_id": request.id,
                    "event": "asked-again",
                    "detail": {"next": to.mailbox, "instead_of": mail.recipient},
                }
            ],
        )

    def _settled(self, mail: OutgoingMail, cycle_id: int) -> tuple[str, ...]:
        """The titles of the reports of this cycle that a mail asks for and nobody waits for any more."""
        return tuple(
            self.plan.by_id[one.task].task.title
            for one in mail.letters
            if one.cycle_id == cycle_id
            and one.request_id is not None
            and one.task is not None
            and one.task in self.plan.by_id
            and not cycles.request(self.tx, one.request_id).facts.status.asked
        )
