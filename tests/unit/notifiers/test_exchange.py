from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from notifiers.exchange import Answer, Exchange, ExchangeBroken


class Line(asyncio.Transport):
    """A connection that keeps what is told."""

    def __init__(self) -> None:
        super().__init__()
        self.owner: asyncio.BaseProtocol = Owner()
        self.told = b""
        self.closed = False

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.owner

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.owner = protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.told += bytes(data)

    def close(self) -> None:
        self.closed = True


class Owner(asyncio.Protocol):
    lost = False

    def connection_lost(self, _exc: Exception | None) -> None:
        self.lost = True


def heard(*pieces: bytes, answers: int = 1) -> tuple[list[Answer], Line]:
    """The answers to as many commands, of what came in these pieces."""
    line = Line()

    async def scenario() -> list[Answer]:
        with Exchange(line, timeout=5) as exchange:
            exchange.tell(b"NOOP\r\n")
            for number, piece in enumerate(pieces):
                asyncio.get_running_loop().call_later(0.0001 * number, exchange.data_received, piece)
            return [await exchange.answer() for _ in range(answers)]

    return asyncio.run(scenario()), line


async def _answer(exchange: Exchange) -> Answer:
    with exchange:
        return await exchange.answer()


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


def test_answers_are_heard_in_their_order_however_they_are_cut() -> None:
    whole = b"250 one\r\n550-5.1.1 no\r\n550 such mailbox\r\n354\r\n"
    expected = [Answer(250, "one"), Answer(550, "5.1.1 no\nsuch mailbox"), Answer(354, "")]
    assert heard(whole, answers=3)[0] == expected
    assert heard(*(whole[at : at + 1] for at in range(len(whole))), answers=3)[0] == expected


def test_the_connection_is_given_back_as_it_was() -> None:
    answers, line = heard(b"250 one\n")
    assert answers == [Answer(250, "one")]
    assert line.told == b"NOOP\r\n"
    assert isinstance(line.owner, Owner)
    assert not line.closed


def test_an_answer_nobody_asked_for_closes_the_connection_so_that_no_command_is_given_it() -> None:
    answers, line = heard(b"250 one\r\n421 going down\r\n")
    assert answers == [Answer(250, "one")]
    assert line.closed


@pytest.mark.parametrize("noise", [b"hello\r\n", b"25", b"250-one\r\nnonsense\r\n", b"250-" + b"x" * 40_000])
def test_what_is_no_answer_breaks_the_exchange_and_what_may_become_one_is_waited_for(noise: bytes) -> None:
    async def scenario() -> None:
        line = Line()
        expected = TimeoutError if noise == b"25" else ExchangeBroken
        exchange = Exchange(line, timeout=0.01)
        exchange.data_received(noise)
        with pytest.raises(expected):
            await _answer(exchange)
        assert line.closed

    run(scenario)


def test_a_line_that_breaks_is_told_to_whoever_waits_and_whoever_had_it() -> None:
    async def scenario() -> None:
        line = Line()
        owner = line.owner
        exchange = Exchange(line, timeout=5)
        asyncio.get_running_loop().call_soon(exchange.connection_lost, ConnectionResetError("reset"))
        with pytest.raises(ExchangeBroken, match="reset"):
            await _answer(exchange)
        assert isinstance(owner, Owner)
        assert owner.lost

    run(scenario)


def test_what_was_heard_before_the_end_counts() -> None:
    async def scenario() -> None:
        with Exchange(Line(), timeout=5) as exchange:
            exchange.data_received(b"421 going down\r\n")
            exchange.eof_received()
            assert await exchange.answer() == Answer(421, "going down")
            with pytest.raises(ExchangeBroken, match="EOF"):
                await exchange.answer()

    run(scenario)
