"""A real SMTP server on loopback that misbehaves on request: a recipient's name says how."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Recorder:
    """Takes mail and keeps it; markers in a recipient's local part switch faults on.

    `450` and `550` refuse that recipient; `data451` and `data554` refuse after the data; `drop` breaks the
    line after the data without an answer; `mute` never answers the data; `hangup` breaks the line at RCPT.
    """

    connections: int = 0
    resets: int = 0
    mails: list[Envelope] = field(default_factory=list)
    peers: list[object] = field(default_factory=list)
    server: asyncio.Server | None = None
    greeting_after: float = 0.0
    pipelining: bool = False

    @property
    def port(self) -> int:
        assert self.server is not None
        return int(self.server.sockets[0].getsockname()[1])

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self.pipelining else responses

    async def handle_RSET(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        self.resets += 1
        return "250 reset"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        if name.startswith("450"):
            return "450 4.2.1 mailbox busy"
        if name.startswith("550"):
            return "550 5.1.1 no such mailbox"
        if name.startswith("hangup"):
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name.startswith("data"):
            return f"{name[4:7]} refused after the data"
        assert server.transport is not None
        self.mails.append(envelope)
        self.peers.append(session.peer)
        if name.startswith("drop"):
            server.transport.abort()
        if name.startswith("mute"):
            await asyncio.sleep(30)
        return "250 2.0.0 taken"


class _Server(SMTP):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(self.event_handler, Recorder):
            self.event_handler.connections += 1
        super().connection_made(transport)

    async def push(self, status: str | bytes) -> None:
        text = status if isinstance(status, str) else status.decode()
        if text.startswith("220 ") and isinstance(self.event_handler, Recorder):
            await asyncio.sleep(self.event_handler.greeting_after)
        await super().push(status)


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"dondoc", b"right")
    return AuthResult(success=right, handled=False)


@contextlib.asynccontextmanager
async def serving(
    *,
    utf8: bool = True,
    starttls: ssl.SSLContext | None = None,
    login: bool = False,
    xoauth2: Callable[[object, list[str]], Awaitable[AuthResult]] | None = None,
    greeting_after: float = 0.0,
    size_limit: int | None = None,
    pipelining: bool = False,
) -> AsyncIterator[Recorder]:
    """Run the server in this event loop; its port is `recorder.port`."""
    recorder = Recorder(greeting_after=greeting_after, pipelining=pipelining)
    if xoauth2 is not None:
        recorder.auth_XOAUTH2 = xoauth2  # type: ignore[attr-defined] - aiosmtpd looks for this name
    loop = asyncio.get_running_loop()
    protocols: list[_Server] = []

    def factory() -> SMTP:
        protocol = _Server(
            recorder,
            enable_SMTPUTF8=utf8,
            tls_context=starttls,
            auth_require_tls=starttls is not None,
            authenticator=_login if login else None,
            data_size_limit=size_limit,
            hostname="localhost",
            loop=loop,
        )
        protocols.append(protocol)
        return protocol

    recorder.server = await loop.create_server(factory, "127.0.0.1", 0)
    try:
        yield recorder
    finally:
        recorder.server.close()
        for protocol in protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        handlers = [one._handler_coroutine for one in protocols if one._handler_coroutine is not None]
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


@contextlib.asynccontextmanager
async def hasty(*answers: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that hears MAIL, RCPT and DATA before it says anything, and then all `answers` at once.

    Yields its port, and a list of the lines that follow DATA, which grows as they come.
    """
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            writer.write(b"220 here\r\n")
            await reader.readline()
            writer.write(b"250-here\r\n250 PIPELINING\r\n")
            for verb in (b"MAIL", b"RCPT", b"DATA"):
                assert (await reader.readline()).startswith(verb)
            writer.write("".join(f"{answer}\r\n" for answer in answers).encode())
            while line := await reader.readline():
                heard.append(line)
                if line == b".\r\n":
                    writer.write(b"250 taken\r\n")

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1]), heard
