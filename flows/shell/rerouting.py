"""Rerouting: a letter that cannot be delivered goes to the next contact, or in the end to a person."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flows.clock import Clock
from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.ledger import bulletins, correspondence, cycles, failures, inbox, outbox
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Ledger, LedgerBusy, Transaction
from flows.ledger.failures import FailedMail
from flows.ledger.inbox import Requested
from flows.ledger.plans import CycleState
from flows.shell.announcing import announced
from flows.shell.drafts import Draft
from flows.shell.identity import Identity
from flows.shell.letters import Desk
from flows.shell.versions import Versions
from notifiers.ports import LetterKind, RecipientRefusal

_log = logging.getLogger("dondoc.rerouting")

_BATCH = 100
_ASKING = (LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE)
"""Letters that another contact of the agency can act on as well."""


@dataclass(frozen=True, kw_only=True)
class Rerouter:
    """Deals with mails that a server refused for good, gave up, or sent back."""

    ledger: Ledger
    versions: Versions
    identity: Identity
    clock: Clock

    def reroute(self) -> int:
        """Deal with each failure once, in a transaction of its own; how many there were."""
        with self.ledger.read() as tx:
            failed = failures.unseen(tx, _BATCH)
        for mail in failed:
            try:
                with self.ledger.write() as tx:
                    stored = cycles.by_id(tx, mail.cycle_id, lock=True)
                    if failures.mark_seen(tx, mail.id, self.clock.now()):
                        self._journal(tx, mail, self._next_letter(tx, mail, stored))
            except LedgerBusy:
                raise
            except Exception:  # noqa: BLE001 - the shell: whatever it was, one mail holds up none of the others
                _log.exception("mail %d cannot be delivered, and nobody else could be written to", mail.id)
                with self.ledger.write() as tx:
                    if failures.mark_seen(tx, mail.id, self.clock.now()):
                        self._journal(tx, mail, None)
        return len(failed)

    def _next_letter(self, tx: Transaction, mail: FailedMail, stored: StoredCycle) -> Draft | None:
        """Write to whoever comes next, if somebody is to be; what was written."""
        asked = inbox.request(tx, mail.request_id) if mail.request_id is not None else None
        draft = None
        if asked is not None:
            request = cycles.request(tx, asked.id)
            goes_on = stored.state is CycleState.ACTIVE and request.facts.status.asked
            if goes_on and mail.kind in _ASKING:
                draft = self._next(tx, mail, self.versions.standing(tx, stored), asked, request)
        if draft is not None and asked is not None:
            row = draft.row(
                self.identity,
                cycle_id=stored.id,
                request_id=asked.id,
                task=asked.task,
                at=self.clock.now(),
            )
            outbox.enqueue(tx, [row])
            bulletins.enqueue(tx, announced([draft], cycle_id=stored.id, at=self.clock.now()))
        return draft

    def _journal(self, tx: Transaction, mail: FailedMail, draft: Draft | None) -> None:
        cycles.record_journal(
            tx,
            [
                {
                    "at": self.clock.now(),
                    "cycle_id": mail.cycle_id,
                    "request_id": mail.request_id,
                    "event": "undeliverable",
                    "detail": {
                        "kind": mail.kind,
                        "recipient": mail.recipient,
                        "answer": mail.answer,
                        "next": draft.to.mailbox if draft is not None else None,
                    },
                }
            ],
        )

    def _next(
        self, tx: Transaction, mail: FailedMail, plan: CyclePlan, asked: Requested, request: StoredRequest
    ) -> Draft | None:
        """The letter to the next contact, or to the coordinator when none is left; None without a mailbox."""
        task = plan.by_id[asked.task]
        agency = plan.answering(asked.task, asked.agency)
        dead = failures.recipients(tx, asked.id)
        left = [
            one
            for one in ladder.contacts(plan.bundle, agency, task.as_of_on)
            if one.mailbox is not None and one.mailbox.casefold() not in dead
        ]
        kind = LetterKind(mail.kind) if left else LetterKind.UNREACHABLE
        original = mail.key.partition("/next-")[0]
        place = f"{plan.plan_id}/{plan.key}/{asked.task}/{asked.agency}"
        due_on = request.facts.due_on or task.schedule.due_on
        late = plan.calendar.working_days_between(due_on, plan.calendar.day_of(self.clock.now()))
        said = {
            "step": mail.step,
            "days_late": late if kind is LetterKind.OVERDUE else 0,
            "instead_of": mail.recipient if left else None,
            "undelivered": tuple(
                RecipientRefusal(recipient=address, code=0, answer=answer)
                for address, answer in ({} if left else dead).items()
            ),
        }
        return Desk(cycle=plan, identity=self.identity).told(
            kind,
            task_id=asked.task,
            agency=agency,
            key=f"{original}/next-{len(dead)}" if left else f"{place}/{kind}",
            due_on=due_on,
            request_id=asked.id,
            before=correspondence.so_far(tx, [asked.id]).get(asked.id, ()),
            at=self.clock.now(),
            to=left[0] if left else ladder.coordinator(plan.bundle, task.as_of_on),
            said=said,
            why="redirected" if left else None,
        )
