"""Dispatch: takes mails from the outbox, hands them to the server, and marks each with what became of it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from flows.clock import Clock, WallClock
from flows.ledger import outbox
from flows.ledger.database import Ledger
from flows.ledger.outbox import MailStatus, Mark, QueuedMail
from notifiers.errors import MailLoginRefused, MailServerUnavailable
from notifiers.ports import Accepted, Deferred, InDoubt, Mail, Mailer, MailSession, Outcome, Refused

_log = logging.getLogger("dondoc.dispatch")

_BATCH = 200
_SHARE = 25
"""A further connection is opened for every so many mails, up to the number allowed."""

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=4)
_GIVE_UP_AFTER = 40
"""Attempts before a mail that is refused for the time being counts as refused for good: about six days."""

_SERVER_RETRY = timedelta(seconds=30)


@dataclass(kw_only=True)
class Sent:
    """How one call of `send` went."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    in_doubt: int = 0
    server_down: str | None = None
    """Why no connection to the server could be had."""


@dataclass(kw_only=True)
class Dispatch:
    """A round of sending over connections that stay open until it ends; a context manager, for one thread."""

    ledger: Ledger
    mailer: Mailer
    clock: Clock
    connections: int = 2
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner, init=False)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)
    _sessions: list[MailSession] = field(default_factory=list, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sessions:
            self._runner.run(self._stack.aclose())
        self._runner.close()

    def send(self, *, cycle_id: int | None = None, task: str | None = None) -> Sent:
        """Send what is due: the mails of one task of a cycle, or without `cycle_id` whatever is unclaimed.

        Never raises for what a server says; a server that cannot be reached leaves the mails queued.
        """
        total = Sent()
        while total.server_down is None:
            with self.ledger.write() as tx:
                mails = outbox.claim(
                    tx,
                    owner=self.ledger.owner,
                    now=self.clock.now(),
                    wall_now=WallClock().now(),
                    limit=_BATCH,
                    cycle_id=cycle_id,
                    task=task,
                )
            if not mails:
                break
            self._runner.run(self._send_all(mails, total))
            if len(mails) < _BATCH:
                break
        if total.server_down is not None:
            _log.warning("%s; mails wait in the outbox", total.server_down)
        return total

    async def _send_all(self, mails: Sequence[QueuedMail], total: Sent) -> None:
        wanted = min(self.connections, max(1, len(mails) // _SHARE))
        while len(self._sessions) < wanted:
            self._sessions.append(await self._stack.enter_async_context(self.mailer.session()))
        queue = deque(mails)
        await asyncio.gather(*(self._drain(session, queue, total) for session in self._sessions[:wanted]))
        if queue:
            with self.ledger.write() as tx:
                again_at = self.clock.now() + _SERVER_RETRY
                outbox.give_back(tx, [mail.id for mail in queue], again_at, owner=self.ledger.owner)

    async def _drain(self, session: MailSession, queue: deque[QueuedMail], total: Sent) -> None:
        """Send from the queue over one session; one commit marks a mail and begins the next."""
        done: Mark | None = None
        while queue and total.server_down is None:
            mail = queue.popleft()
            ours = self._advance(done, mail)
            done = None
            if not ours:
                continue
            try:
                outcome = await session.send(_outgoing(mail))
            except (MailServerUnavailable, MailLoginRefused) as exc:
                total.server_down = str(exc)
                queue.appendleft(mail)
                return
            done = self._mark(mail, outcome, total)
        self._advance(done, None)

    def _advance(self, done: Mark | None, following: QueuedMail | None) -> bool:
        with self.ledger.write() as tx:
            return outbox.advance(
                tx,
                done,
                following.id if following else None,
                owner=self.ledger.owner,
                wall_now=WallClock().now(),
            )

    def _mark(self, mail: QueuedMail, outcome: Outcome, total: Sent) -> Mark:
        attempts = mail.attempts + 1
        now = self.clock.now()
        match outcome:
            case Accepted(answer=answer):
                total.sent += 1
                return Mark(id=mail.id, status=MailStatus.SENT, answer=answer, attempts=attempts, sent_at=now)
            case Deferred(code=code, answer=answer) if attempts < _GIVE_UP_AFTER:
                total.deferred += 1
                return Mark(
                    id=mail.id,
                    status=MailStatus.QUEUED,
                    answer=f"{code} {answer}",
                    attempts=attempts,
                    not_before_at=_retry_at(now, attempts),
                )
            case InDoubt(reason=reason):
                total.in_doubt += 1
                return Mark(id=mail.id, status=MailStatus.SENDING, answer=reason, attempts=attempts)
            case Deferred(code=code, answer=answer) | Refused(code=code, answer=answer):
                total.failed += 1
                return Mark(
                    id=mail.id, status=MailStatus.FAILED, answer=f"{code} {answer}", attempts=attempts
                )


def _retry_at(now: datetime, attempts: int) -> datetime:
    """Twice as long after each attempt, four hours at most."""
    doubled: timedelta = _FIRST_RETRY * (1 << min(attempts - 1, 10))
    return now + min(doubled, _LONGEST_RETRY)


def _outgoing(mail: QueuedMail) -> Mail:
    return Mail(
        message_id=mail.message_id,
        envelope_from=mail.envelope_from,
        envelope_to=mail.envelope_to,
        raw=mail.raw,
    )
