"""Mail in over SMTP or LMTP: a small server that acknowledges a mail only once it has been kept.

It runs in a thread with an event loop of its own, so that a busy engine never makes a sender wait, and stores
mails in worker threads. It relays nothing: it takes mail only for the addresses that `accepts` says are ours.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifiers.errors import PortInUse, UnusableCertificate
from notifiers.ports import Keep, RawMail
from notifiers.tls import Tls

log = logging.getLogger(__name__)

DEFAULT_SIZE_LIMIT = 35 * 1024 * 1024
"""Octets: 25 MB of attachments as they travel, in base64."""

_LINE_LIMIT = 128 * 1024
"""Octets of one line: RFC 5321 says 1,000, and clients that do not know it are still understood."""

_KEEPERS = 16
"""Mails that may wait to be stored at one moment; whoever stores them may do so together."""
_PATIENCE = 10.0
"""Seconds that stopping waits for mails which are being stored."""


class Protocol(StrEnum):
    """What the listener speaks."""

    SMTP = "smtp"
    LMTP = "lmtp"  # for delivery by a mail server on the same machine; each recipient has an answer


class MailListener:
    """Takes mail in. `keep` is called in a worker thread, several at a time, and must store for good.

    The sender gets 250 after `keep` has returned, 451 when it raised (so the sender will try again), 550 for
    a recipient that `accepts` does not know, and 552 for a mail over `size_limit` octets. With a
    `certificate`, whose `key` may stand in the same file, it offers STARTTLS or speaks nothing but TLS.
    """

    def __init__(
        self,
        host: str,
        port: int,
        keep: Keep,
        *,
        accepts: Callable[[str], bool],
        protocol: Protocol = Protocol.SMTP,
        size_limit: int = DEFAULT_SIZE_LIMIT,
        hostname: str = "localhost",
        tls: Tls = Tls.NONE,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self.host = host
        self.port = port
        """The port asked for; after `start()` the one that is listened on."""
        self._keep = keep
        self._accepts = accepts
        self._protocol = protocol
        self._size_limit = size_limit
        self._hostname = hostname
        self._tls = tls
        self._certificate = certificate
        self._key = key
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncio.Server | None = None
        self._intake: _Intake | None = None

    def start(self) -> None:
        """Listen; returns when connections are taken.

        Raises PortInUse when that is not possible, and UnusableCertificate.
        """
        context = self._context()
        loop = asyncio.new_event_loop()
        intake = _Intake(self._keep, self._accepts)

        def factory() -> SMTP:
            kind = _Lmtp if self._protocol is Protocol.LMTP else _Smtp
            server = kind(
                intake,
                data_size_limit=self._size_limit,
                enable_SMTPUTF8=True,
                hostname=self._hostname,
                ident="dondoc",
                loop=loop,
                tls_context=context if self._tls is Tls.STARTTLS else None,
            )
            intake.connections.add(server)
            return server

        try:
            implicit = context if self._tls is Tls.TLS else None
            server = loop.run_until_complete(loop.create_server(factory, self.host, self.port, ssl=implicit))
        except OSError as error:
            intake.keepers.shutdown()
            loop.close()
            raise PortInUse(self.host, self.port, error.strerror or str(error)) from error
        self.port = server.sockets[0].getsockname()[1]
        self._loop, self._server, self._intake = loop, server, intake
        self._thread = threading.Thread(
            target=self._run, args=(loop,), name=f"mail-in-{self.port}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, let mails that are being stored finish, then close. Harmless twice."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._wind_down(), loop).result(_PATIENCE * 2)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)
        loop.close()
        self._loop = self._thread = self._server = self._intake = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _context(self) -> ssl.SSLContext | None:
        if self._tls is Tls.NONE or self._certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(self._certificate, self._key)
        except (ssl.SSLError, OSError) as error:
            raise UnusableCertificate(str(self._certificate), error.strerror or str(error)) from error
        return context

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()

    async def _wind_down(self) -> None:
        server, intake = self._server, self._intake
        if server is None or intake is None:
            return
        server.close()
        if intake.storing:
            await asyncio.wait(intake.storing, timeout=_PATIENCE)
            # the answers of what was just stored are written by tasks that are still to run
            await asyncio.sleep(0.05)
        for connection in tuple(intake.connections):
            if connection.transport is not None:
                connection.transport.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if tasks:
            await asyncio.wait(tasks, timeout=1.0)
        await asyncio.get_running_loop().run_in_executor(None, intake.keepers.shutdown)
        await asyncio.get_running_loop().shutdown_default_executor()


class _Intake:
    """The decisions: for whom mail is taken, and what the sender is told."""

    def __init__(self, keep: Keep, accepts: Callable[[str], bool]) -> None:
        self._keep = keep
        self._accepts = accepts
        self.keepers = ThreadPoolExecutor(_KEEPERS, thread_name_prefix="mail-keep")
        self.storing: set[asyncio.Future[None]] = set()
        self.connections: set[SMTP] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        if not _writable(address) or not self._accepts(address):
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content = envelope.original_content or b""
        sender = (envelope.mail_from or "").encode("utf-8", "replace").decode("utf-8")
        mail = RawMail(
            envelope_from="" if sender == "<>" else sender,
            envelope_to=tuple(dict.fromkeys(envelope.rcpt_tos)),
            raw=bytes(content),
        )
        storing = asyncio.get_running_loop().run_in_executor(self.keepers, self._keep, mail)
        self.storing.add(storing)
        try:
            await asyncio.shield(storing)
        except asyncio.CancelledError:
            raise
        except Exception:
            # the shell of this floor: whatever kept the mail from being stored, the sender must try again
            log.exception(
                "a mail of %d octets from %r could not be stored", len(mail.raw), mail.envelope_from
            )
            return "451 4.3.0 could not be stored, please try again later"
        finally:
            storing.add_done_callback(self.storing.discard)
        return "250 2.0.0 kept"

    async def handle_exception(self, error: Exception) -> str:
        log.error("a mail session failed: %r", error)
        return "451 4.3.0 local error, please try again later"


def _writable(address: str) -> bool:
    """Whether the address is text: other octets come as half characters, which no ledger takes."""
    try:
        address.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in address


class _Smtp(SMTP):
    line_length_limit = _LINE_LIMIT

    def connection_lost(self, error: Exception | None) -> None:
        if isinstance(self.event_handler, _Intake):
            self.event_handler.connections.discard(self)
        super().connection_lost(error)


class _Lmtp(LMTP):
    """LMTP answers once for each recipient after the data (RFC 2033, 4.2)."""

    line_length_limit = _LINE_LIMIT
    _recipients = 0

    def connection_lost(self, error: Exception | None) -> None:
        if isinstance(self.event_handler, _Intake):
            self.event_handler.connections.discard(self)
        super().connection_lost(error)

    async def push(self, status: str | bytes) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        times, self._recipients = self._recipients, 0
        if text.startswith("354") and self.envelope is not None:
            self._recipients = len(self.envelope.rcpt_tos)
        await super().push("\r\n".join([text] * max(times, 1)))
