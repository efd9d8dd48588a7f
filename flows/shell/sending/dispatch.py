"""Dispatch: takes mails from the outbox, hands them to the server, and marks each with what became of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Self

from flows import troubles
from flows.clock import Clock, WallClock
from flows.ledger import delivery
from flows.ledger.database import Ledger, LedgerBusy, Transaction
from flows.ledger.delivery import Mark, QueuedMail
from flows.ledger.outbox import MailStatus
from flows.ledger.pacing import UNPACED, Pace, hold_back
from flows.shell.sending.connections import Connections
from flows.shell.sending.marking import mark
from notifiers.errors import MailLoginRefused, MailServerUnavailable
from notifiers.ports import Mail, Mailer, MailSession

_log = logging.getLogger("dondoc.dispatch")

_BATCH = 200
_SHARE = 25
"""A further connection is opened for every so many mails, up to the number allowed."""

_MOMENT = 0.05
"""Seconds of sending after which it is written down what became of it; more where the disk is slow."""
_WRITING_SHARE = 4.0
"""Writing down shall take no more than a part of the time that sending takes."""
_WINDOW = 64
"""Mails after which it is, however fast the server."""

_SERVER_RETRY = timedelta(seconds=30)
_TRIES = 3
"""What became of mails is not given up because the ledger was busy once: they would be sent again."""


@dataclass(kw_only=True)
class Sent:
    """How one call of `send` went."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    in_doubt: int = 0
    server_down: str | None = None
    """Why no connection to the server could be had."""

    def count(self, marked: Mark) -> None:
        """Count one mail."""
        match marked.status:
            case MailStatus.SENT:
                self.sent += 1
            case MailStatus.QUEUED:
                self.deferred += 1
            case MailStatus.SENDING:
                self.in_doubt += 1
            case _:
                self.failed += 1


@dataclass(kw_only=True)
class Dispatch:
    """A round of sending over connections that stay open until it ends; a context manager, for one thread."""

    ledger: Ledger
    mailer: Mailer
    clock: Clock
    connections: Connections
    """Of all rounds of this process; this one has its share until it ends."""
    pace: Pace = UNPACED
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner, init=False)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)
    _held: int = field(default=0, init=False)
    _lines: list[_Line] = field(default_factory=list, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._lines:
                self._runner.run(self._stack.aclose())
            self._runner.close()
        finally:
            self.connections.give_back(self._held)
            self._held = 0

    def send(self, *, cycle_id: int | None = None, task: str | None = None) -> Sent:
        """Send what is due: the mails of one task of a cycle, or without `cycle_id` whatever is unclaimed.

        Never raises for what a server says; a server that cannot be reached leaves the mails queued.
        """
        if not self._held:
            self.connections.take_first()
            self._held = 1
        total = Sent()
        supply = _Supply(cycle_id=cycle_id, task=task)
        while total.server_down is None and not supply.exhausted:
            with self.ledger.write() as tx:
                claimed = self._claim(tx, supply)
            supply.add(claimed)
            if supply.queue:
                self._runner.run(self._send_all(supply, total))
        if total.server_down is not None:
            _log.warning("%s", troubles.text("mails-wait", trouble=total.server_down))
        return total

    def _claim(self, tx: Transaction, supply: _Supply) -> _Claimed:
        now = self.clock.now()
        claimed = delivery.claim(
            tx,
            owner=self.ledger.owner,
            now=now,
            wall_now=WallClock().now(),
            limit=_BATCH,
            cycle_id=supply.cycle_id,
            task=supply.task,
        )
        return _Claimed(
            mails=hold_back(tx, claimed, self.pace, owner=self.ledger.owner, now=now),
            all_there_is=len(claimed) < _BATCH,
        )

    async def _send_all(self, supply: _Supply, total: Sent) -> None:
        wanted = min(self.connections.most, max(1, len(supply.queue) // _SHARE))
        self._held += self.connections.take_more(wanted - self._held)
        while len(self._lines) < min(wanted, self._held):
            session = await self._stack.enter_async_context(self.mailer.session())
            self._lines.append(_Line(session=session, window=_Window()))
        await asyncio.gather(*(self._drain(one, supply, total) for one in self._lines[:wanted]))
        if total.server_down is not None:
            with self.ledger.write() as tx:
                again_at = self.clock.now() + _SERVER_RETRY
                delivery.give_back(tx, supply.left, again_at, owner=self.ledger.owner)

    async def _drain(self, line: _Line, supply: _Supply, total: Sent) -> None:
        """Send from the queue over one connection, a window after the other. While one is sent, it is written
        down what became of the one before, and that the next is begun.
        """
        window = line.window
        done: Sequence[Mark] = ()
        mails = window.of(supply.queue)
        begun = await self._advance(done, mails, supply)
        while mails:
            begun_at = time.monotonic()
            following = window.of(supply.queue) if total.server_down is None else []
            ours = [one for one in mails if one.id in begun.ours]
            sending = self._send_window(line.session, ours, supply.left, total)
            if window.begins_ahead(following):
                begun, done = await asyncio.gather(self._advance(done, following, supply), sending)
            else:
                done = [*done, *await sending]
                begun, done = await self._advance(done, following, supply), ()
            window.took(time.monotonic() - begun_at, begun.seconds)
            mails = following
        await self._advance(done, (), supply)

    async def _send_window(
        self,
        session: MailSession,
        mails: Sequence[QueuedMail],
        left: set[int],
        total: Sent,
    ) -> Sequence[Mark]:
        """What became of each mail that was offered; none is once no connection can be had."""
        marks: list[Mark] = []
        for mail in mails:
            if total.server_down is not None:
                break
            try:
                outcome = await session.send(_outgoing(mail))
            except (MailServerUnavailable, MailLoginRefused) as exc:
                total.server_down = troubles.told(exc)
                break
            left.discard(mail.id)
            marks.append(mark(mail, outcome, self.clock.now()))
            total.count(marks[-1])
        return marks

    async def _advance(
        self, done: Sequence[Mark], following: Sequence[QueuedMail], supply: _Supply
    ) -> _Begun:
        """In a thread: the disk takes its time, and the other connections need none of it. More is claimed in
        the same step before the queue is empty, but for a pace, which counts what was begun.
        """
        refill = bool(following) and self.pace == UNPACED and supply.runs_low()
        supply.refilling = supply.refilling or refill
        begun = await self._written(done, following, supply if refill else None)
        if begun.claimed is not None:
            supply.add(begun.claimed)
        return begun

    async def _written(
        self, done: Sequence[Mark], following: Sequence[QueuedMail], refilled: _Supply | None
    ) -> _Begun:
        for _ in range(_TRIES - 1):
            with suppress(LedgerBusy):
                return await asyncio.to_thread(self._advance_now, done, following, refilled)
        return await asyncio.to_thread(self._advance_now, done, following, refilled)

    def _advance_now(
        self, done: Sequence[Mark], following: Sequence[QueuedMail], refilled: _Supply | None
    ) -> _Begun:
        if not done and not following:
            return _Begun(ours=frozenset(), seconds=0.0)
        begun_at = time.monotonic()
        with self.ledger.write() as tx:
            ours = delivery.advance(
                tx,
                done,
                [mail.id for mail in following],
                owner=self.ledger.owner,
                wall_now=WallClock().now(),
            )
            claimed = self._claim(tx, refilled) if refilled is not None else None
        return _Begun(ours=ours, claimed=claimed, seconds=time.monotonic() - begun_at)


@dataclass(frozen=True, kw_only=True)
class _Claimed:
    """Mails that are ours for a while."""

    mails: Sequence[QueuedMail]
    all_there_is: bool


@dataclass(kw_only=True)
class _Supply:
    """The mails that a round has claimed, of one task of a cycle or of any."""

    cycle_id: int | None
    task: str | None
    queue: deque[QueuedMail] = field(default_factory=deque)
    left: set[int] = field(default_factory=set)
    """Claimed, and not offered to the server yet."""
    exhausted: bool = False
    refilling: bool = False

    def add(self, claimed: _Claimed) -> None:
        """Put them at the end of the queue."""
        self.queue.extend(claimed.mails)
        self.left.update(mail.id for mail in claimed.mails)
        self.exhausted = claimed.all_there_is
        self.refilling = False

    def runs_low(self) -> bool:
        """Whether more should be claimed now, so that no connection has to wait for it."""
        return len(self.queue) < 2 * _WINDOW and not (self.exhausted or self.refilling)


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """Which mails are ours to send, what was claimed besides, and how long it took to write that down."""

    ours: frozenset[int]
    seconds: float
    claimed: _Claimed | None = None


class _Window:
    """How many mails are handed over between two commits: one at first, then as many as a moment allows.

    After a crash the mails of a window, and of the one begun ahead, may have arrived. They are sent once
    more, each in a window of its own.
    """

    def __init__(self) -> None:
        self._size = 1

    def of(self, queue: deque[QueuedMail]) -> list[QueuedMail]:
        """The next mails, taken from the queue; none when it is empty."""
        mails: list[QueuedMail] = []
        while queue and len(mails) < self._size:
            if mails and (mails[-1].in_doubt or queue[0].in_doubt):
                break
            mails.append(queue.popleft())
        return mails

    def begins_ahead(self, following: Sequence[QueuedMail]) -> bool:
        """Whether the next window is begun while one is sent: not of a slow server, and no mail in doubt."""
        return self._size > 1 and bool(following) and not following[0].in_doubt

    def took(self, sending: float, writing: float) -> None:
        """Learn from how many seconds a window was sent, and how many the commit before it was waited for."""
        moment = max(_MOMENT, _WRITING_SHARE * writing)
        if sending < moment / 2:
            self._size = min(self._size * 2, _WINDOW)
        elif sending > moment:
            self._size = max(self._size // 2, 1)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A connection, and how many mails it takes at a time."""

    session: MailSession
    window: _Window


def _outgoing(mail: QueuedMail) -> Mail:
    return Mail(
        message_id=mail.message_id,
        envelope_from=mail.envelope_from,
        envelope_to=mail.envelope_to,
        raw=mail.raw,
    )
