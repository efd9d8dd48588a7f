"""A mailer that keeps its mails in memory: for simulations, and for tests of whoever sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from notifiers.ports import Accepted, Mail, Outcome

Answer = Callable[[Mail], Outcome]
"""What the server would say to a mail; may raise what a session may raise."""


def accept(mail: Mail) -> Outcome:
    """Take every mail."""
    return Accepted(answer=f"250 kept {mail.message_id}")


class MemoryMailer:
    """A Mailer port without a server; `answer` may be changed at any time.

    `sent` has the mails that were accepted and `tried` all that were offered, in order; `opened` counts
    sessions.
    """

    def __init__(self, answer: Answer = accept) -> None:
        self.answer = answer
        self.sent: list[Mail] = []
        self.tried: list[Mail] = []
        self.opened = 0

    def session(self) -> AbstractAsyncContextManager[_MemorySession]:
        """A session over which mails are recorded."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[_MemorySession]:
        self.opened += 1
        yield _MemorySession(self)


class _MemorySession:
    def __init__(self, mailer: MemoryMailer) -> None:
        self._mailer = mailer

    async def send(self, mail: Mail) -> Outcome:
        self._mailer.tried.append(mail)
        outcome = self._mailer.answer(mail)
        if isinstance(outcome, Accepted):
            self._mailer.sent.append(mail)
        return outcome
