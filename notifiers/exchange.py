"""Exchange: commands told to a mail server, alone or together (RFC 2920), and its answers in order."""

from __future__ import annotations

import asyncio
import re
from types import TracebackType
from typing import NamedTuple, Self

_LONGEST = 32_768
"""Octets of one answer, all its lines together, after which it is none."""
_ANSWER = re.compile(rb"(?:\d{3}-[^\n]*\n)*(\d{3})(?:[^-\n][^\n]*)?\n")
_BEGUN = re.compile(rb"\d{0,3}$|\d{3}")


class Answer(NamedTuple):
    """What a server said: its code, and its words without it."""

    code: int
    text: str


class ExchangeBroken(ConnectionError):
    """The line broke, or what came over it is no answer: the connection can be used no more."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Exchange(asyncio.Protocol):
    """Takes over a connection while the context lasts, and gives it back to the protocol that had it."""

    def __init__(self, transport: asyncio.Transport, *, timeout: float) -> None:
        self._transport = transport
        self._timeout = timeout
        self._before = transport.get_protocol()
        self._heard = bytearray()
        self._broken: str | None = None
        self._news: asyncio.Future[None] | None = None

    def __enter__(self) -> Self:
        self._transport.set_protocol(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.set_protocol(self._before)
        if error is not None or self._heard:  # an answer would be taken for that to another command
            self._transport.close()

    def tell(self, data: bytes) -> None:
        """Send octets as they are."""
        self._transport.write(data)

    def close(self) -> None:
        """Close the connection: nothing more is told or heard."""
        self._transport.close()

    async def answer(self) -> Answer:
        """The next answer. Raises ExchangeBroken, or TimeoutError when none comes in time."""
        if (found := self._next()) is not None:
            return found
        try:
            async with asyncio.timeout(self._timeout):
                while (found := self._next()) is None:
                    if self._broken is not None:
                        raise ExchangeBroken(self._broken)
                    self._news = asyncio.get_running_loop().create_future()
                    await self._news
        except TimeoutError as late:
            raise TimeoutError("Timed out waiting for server response") from late
        return found

    def data_received(self, data: bytes) -> None:
        """Keep what the server says until it is asked for."""
        self._heard += data
        self._wake()

    def eof_received(self) -> bool:
        """The server says no more: the connection is closed from this side, too."""
        self._broken = self._broken or "Unexpected EOF received"
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever had the connection before must know."""
        self._broken = self._broken or (str(exc) if exc else "") or "Connection lost"
        self._before.connection_lost(exc)
        self._wake()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def _next(self) -> Answer | None:
        """The first answer that was heard to its end, and is then no longer kept."""
        whole = _ANSWER.match(self._heard)
        if whole is None:
            if len(self._heard) > _LONGEST:
                raise ExchangeBroken("Response too long")
            if not _may_begin_an_answer(self._heard):
                raise ExchangeBroken("Malformed SMTP response")
            return None
        lines = whole[0].decode("utf-8", "surrogateescape").split("\n")[:-1]
        answer = Answer(int(whole[1]), "\n".join(line[4:].strip(" \t\r") for line in lines))
        del self._heard[: whole.end()]
        return answer


def _may_begin_an_answer(heard: bytearray) -> bool:
    """Whether more could make an answer of it: every line but the last, unfinished one goes on."""
    *lines, last = heard.split(b"\n")
    return all(re.match(rb"\d{3}-", line) for line in lines) and _BEGUN.match(last) is not None
