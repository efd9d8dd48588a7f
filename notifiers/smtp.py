"""Mail out over SMTP: one connection reused for many mails, and a clear answer for each of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.email import quote_address
from aiosmtplib.protocol import PERIOD_REGEX, normalize_message_line_endings

from notifiers.errors import MailLoginRefused, MailServerUnavailable, TokenRefused
from notifiers.exchange import Answer, Exchange
from notifiers.ports import Accepted, Deferred, InDoubt, Mail, Outcome, RecipientRefusal, Refused
from notifiers.tls import Tls, verifying
from notifiers.tokens import AccessTokens

NO_ANSWER = 0
"""The code of a Deferred mail when the line broke before the server said anything."""

_START_DATA = aiosmtplib.SMTPStatus.start_input
_GOING_DOWN = aiosmtplib.SMTPStatus.domain_unavailable
_TAKEN = (aiosmtplib.SMTPStatus.completed, aiosmtplib.SMTPStatus.will_forward)

_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """Where mail goes out. Certificates are verified; `certificates` adds an authority of the house's own."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    tokens: AccessTokens | None = None
    """Log in by XOAUTH2 with a token of theirs, not with a password."""
    tls: Tls = Tls.STARTTLS
    certificates: str | None = None
    """A PEM file of authorities to trust besides the system's."""
    timeout: float = 30.0
    """Seconds to wait for the connection and for each answer."""
    hostname: str | None = None
    """What we call ourselves in EHLO; by default the machine's name."""

    def __repr__(self) -> str:
        """Without the password."""
        return f"SmtpSettings({self.username or ''}@{self.host}:{self.port}, {self.tls})"


class SmtpMailer:
    """A Mailer port on an SMTP server."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    def session(self) -> AbstractAsyncContextManager[SmtpSession]:
        """A session; its connection is opened by the first mail, kept for the next, and closed at the end."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[SmtpSession]:
        session = SmtpSession(self._settings)
        try:
            yield session
        finally:
            await session.close()


class SmtpSession:
    """One connection at a time to the server. Not for use by two tasks at once: open two sessions."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, mail: Mail) -> Outcome:
        """Offer one mail and say what the server answered.

        The first recipient is whom the mail is for: when the server refuses that one, nothing is sent to the
        others and the refusal is the outcome. When only others are refused, the mail goes out without them
        and Accepted names them. A connection that was dropped while idle is opened again, once.

        Raises MailServerUnavailable when no connection can be had, MailLoginRefused when the login fails.
        """
        fresh = self._client is None or not self._client.is_connected
        client = await self._connected()
        try:
            return await self._offer(client, mail)
        except ConnectionError as lost:
            if fresh:
                return Deferred(code=NO_ANSWER, answer=str(lost))
        except TimeoutError as slow:
            client.close()
            return Deferred(code=NO_ANSWER, answer=str(slow))
        client = await self._connected()
        try:
            return await self._offer(client, mail)
        except (ConnectionError, TimeoutError) as lost:
            client.close()
            return Deferred(code=NO_ANSWER, answer=str(lost))

    async def close(self) -> None:
        """Say goodbye; a server that does not answer is left without one."""
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=min(5.0, self._settings.timeout))
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        settings = self._settings
        try:
            token = await _token(settings)
            try:
                self._client = await _logged_in(settings, token)
            except aiosmtplib.SMTPAuthenticationError:
                if token is None:
                    raise
                self._client = await _logged_in(settings, await _token(settings, refused=token))
        except (aiosmtplib.SMTPAuthenticationError, TokenRefused) as refused:
            user = settings.username or ""
            raise MailLoginRefused(settings.host, settings.port, user, _reason(refused)) from refused
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailServerUnavailable(settings.host, settings.port, _reason(error)) from error
        return self._client

    async def _offer(self, client: aiosmtplib.SMTP, mail: Mail) -> Outcome:
        """Envelope, then data. Raises when the line breaks before the data has gone out."""
        try:
            await _greet(client)
        except aiosmtplib.SMTPResponseException as unwelcome:
            return _refusal(unwelcome.code, unwelcome.message)
        utf8 = not all(address.isascii() for address in (mail.envelope_from, *mail.envelope_to))
        if utf8 and not client.supports_extension("smtputf8"):
            return Refused(code=553, answer="the server does not take addresses with accents")
        try:
            commands = _commands(client, mail, utf8=utf8)
        except ValueError as unsafe:
            return Refused(code=553, answer=str(unsafe))
        transport = client.transport
        if not isinstance(transport, asyncio.Transport) or transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        with Exchange(transport, timeout=self._settings.timeout) as exchange:
            answers = await _envelope(exchange, commands)
            refused = _what_refuses(answers)
            if refused is None:
                return await _deliver(exchange, mail, answers)
        if answers[-1].code in (_START_DATA, _GOING_DOWN):
            client.close()  # no data follow, and only this tells a server that waits for them
        else:
            await _reset(client)
        return _refusal(refused.code, refused.text)


async def _envelope(exchange: Exchange, commands: Sequence[Sequence[bytes]]) -> Sequence[Answer]:
    """The answers to the commands, each group told at once; to no more groups once it is known that the mail
    is not taken.
    """
    answers: list[Answer] = []
    for group in commands:
        exchange.tell(b"".join(group))
        for _ in group:
            answers.append(await exchange.answer())
            if answers[-1].code == _GOING_DOWN:
                return answers
        if any(answer.code not in _TAKEN for answer in answers[:2]):
            return answers
    return answers


def _what_refuses(answers: Sequence[Answer]) -> Answer | None:
    """The answer that keeps the data back: to MAIL, to the first RCPT, or to DATA."""
    for answer in answers[:2]:
        if answer.code not in _TAKEN:
            return answer
    return None if answers[-1].code == _START_DATA else answers[-1]


async def _deliver(exchange: Exchange, mail: Mail, envelope: Sequence[Answer]) -> Outcome:
    """The data itself: from its first byte until the answer, a broken line leaves the mail in doubt."""
    exchange.tell(_as_data(mail.raw))
    try:
        answer = await exchange.answer()
    except OSError as error:
        exchange.close()
        return InDoubt(reason=str(error))
    if answer.code != aiosmtplib.SMTPStatus.completed:
        if answer.code == _GOING_DOWN:
            exchange.close()
        return _refusal(answer.code, answer.text)
    return Accepted(
        answer=f"{answer.code} {answer.text}",
        refused=tuple(
            RecipientRefusal(recipient=copy, code=said.code, answer=said.text)
            for copy, said in zip(mail.envelope_to[1:], envelope[2:-1], strict=True)
            if said.code not in _TAKEN
        ),
    )


def _as_data(raw: bytes) -> bytes:
    """The mail as it follows DATA. One that is right as it is, as ours are, is only looked over."""
    if not (raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r") and raw.endswith(b"\r\n")):
        raw = normalize_message_line_endings(raw)
    if raw.startswith(b".") or b"\n." in raw:
        raw = PERIOD_REGEX.sub(b"..", raw)
    return raw + b".\r\n"


def _commands(client: aiosmtplib.SMTP, mail: Mail, *, utf8: bool) -> Sequence[Sequence[bytes]]:
    """MAIL, RCPT and DATA, in the groups in which they may be told.

    DATA goes with the others to a single addressee only: with copies, a server may wait for the data though
    it does not take the addressee. Raises ValueError for an address that would say more than an address.
    """
    options = ""
    if client.supports_extension("size"):
        options += f" SIZE={len(mail.raw)}"
    if client.supports_extension("8bitmime") and not mail.raw.isascii():
        options += " BODY=8BITMIME"
    if utf8:
        options += " SMTPUTF8"
    envelope = [
        f"MAIL FROM:{quote_address(mail.envelope_from)}{options}\r\n".encode(),
        *(f"RCPT TO:{quote_address(recipient)}\r\n".encode() for recipient in mail.envelope_to),
    ]
    for command in envelope:
        if _CONTROL.search(command[:-2]):
            raise ValueError(f"{command[:-2]!r} holds a control character")
    data = b"DATA\r\n"
    if not client.supports_extension("pipelining"):
        return [[command] for command in (*envelope, data)]
    return [[*envelope, data]] if len(mail.envelope_to) == 1 else [envelope, [data]]


async def _token(settings: SmtpSettings, *, refused: str | None = None) -> str | None:
    """The token to log in with, where one is: had in a thread, for it may come from far away."""
    if settings.tokens is None:
        return None
    return await asyncio.to_thread(settings.tokens.token, refused=refused)


async def _logged_in(settings: SmtpSettings, token: str | None) -> aiosmtplib.SMTP:
    """A new connection, encrypted and logged in as the settings say."""
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username if settings.tokens is None else None,
        password=settings.password,
        local_hostname=settings.hostname or ("localhost" if settings.host in _LOOPBACK else None),
        timeout=settings.timeout,
        use_tls=settings.tls is Tls.TLS,
        start_tls=settings.tls is Tls.STARTTLS,
        tls_context=None if settings.tls is Tls.NONE else verifying(settings.certificates),
    )
    await client.connect()
    if token is not None:
        try:
            await client.auth_xoauth2(settings.username or "", token)
        except (aiosmtplib.SMTPException, OSError):
            client.close()
            raise
    return client


async def _greet(client: aiosmtplib.SMTP) -> None:
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()


async def _reset(client: aiosmtplib.SMTP) -> None:
    """Clear the envelope for the next mail; a server that cannot even do that is left."""
    if client.is_connected:
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            client.close()


def _refusal(code: int, answer: str) -> Deferred | Refused:
    return Refused(code=code, answer=answer) if 500 <= code < 600 else Deferred(code=code, answer=answer)


def _reason(error: Exception) -> str:
    """What went wrong on one line, with the server's code where there is one."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return " ".join(f"{error.code} {error.message}".split())
    return " ".join(str(error).split()) or type(error).__name__
