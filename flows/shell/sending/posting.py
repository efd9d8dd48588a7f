"""Posting: takes bulletins one by one, hands them to their channels, and marks each with the outcome."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.clock import Clock, WallClock
from flows.ledger import bulletins, cycles
from flows.ledger.bulletins import QueuedBulletin
from flows.ledger.database import Ledger, Transaction
from flows.ledger.delivery import Mark
from flows.ledger.outbox import MailStatus
from flows.shell.sending.marking import pause
from notifiers.bulletin import Bulletin
from notifiers.chat import Chat
from notifiers.ports import Accepted, Deferred, InDoubt, Outcome, Refused

_log = logging.getLogger("dondoc.channels")

_NEWS_FOR = timedelta(days=1)
"""How long a bulletin is tried: later it would be no news, and the mail is there."""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """Posts what waits for channels; for one thread."""

    ledger: Ledger
    clock: Clock
    chat: Chat

    def post(self) -> int:
        """Post all that can be posted now; how many attempts were made. Looks before it locks."""
        attempts = 0
        while (queued := self._next()) is not None:
            outcome = self.chat.post(queued.channel, Bulletin(title=queued.title, text=queued.text))
            mark = mark_bulletin(queued, outcome, self.clock.now())
            with self.ledger.write() as tx:
                bulletins.record(tx, mark)
                if mark.status in (MailStatus.FAILED, MailStatus.IN_DOUBT):
                    self._give_up(tx, queued, mark.answer)
            attempts += 1
        return attempts

    def _next(self) -> QueuedBulletin | None:
        now, wall_now = self.clock.now(), WallClock().now()
        with self.ledger.read() as tx:
            if not bulletins.waiting(tx, now, wall_now):
                return None
        with self.ledger.write() as tx:
            for one in bulletins.lost(tx, wall_now):
                self._give_up(tx, one, "")
            return bulletins.claim(tx, owner=self.ledger.owner, now=now, wall_now=wall_now)

    def _give_up(self, tx: Transaction, one: QueuedBulletin, answer: str) -> None:
        _log.warning(
            "a text for the channel %s did not arrive (%s); the mail beside it did not wait for it",
            one.channel,
            answer or "no-answer",
        )
        detail = {"channel": one.channel, "about": one.about, "answer": answer}
        cycles.record_journal(
            tx,
            [
                {
                    "at": self.clock.now(),
                    "cycle_id": one.cycle_id,
                    "request_id": None,
                    "event": "channel-failed",
                    "detail": detail,
                }
            ],
        )


def mark_bulletin(one: QueuedBulletin, outcome: Outcome, now: datetime) -> Mark:
    """What is written down about a bulletin that was offered at `now`.

    One that may have arrived is not posted again: no service would know it for the same.
    """
    attempts = one.attempts + 1
    match outcome:
        case Accepted(answer=answer):
            return Mark(id=one.id, status=MailStatus.SENT, answer=answer, attempts=attempts, sent_at=now)
        case InDoubt(reason=reason):
            return Mark(id=one.id, status=MailStatus.IN_DOUBT, answer=reason, attempts=attempts)
        case Deferred(answer=answer) if now - one.created_at < _NEWS_FOR:
            return Mark(
                id=one.id,
                status=MailStatus.QUEUED,
                answer=answer,
                attempts=attempts,
                not_before_at=now + pause(attempts),
            )
        case Deferred(answer=answer) | Refused(answer=answer):
            return Mark(id=one.id, status=MailStatus.FAILED, answer=answer, attempts=attempts)
