"""Mail out over SMTP: one connection reused for many mails, and a clear answer for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.protocol import PERIOD_REGEX, normalize_message_line_endings

from notifiers.errors import MailLoginRefused, MailServerUnavailable, TokenRefused
from notifiers.ports import Accepted, Deferred, InDoubt, Mail, Outcome, RecipientRefusal, Refused
from notifiers.tls import Tls, verifying
from notifiers.tokens import AccessTokens

NO_ANSWER = 0
"""The code of a Deferred mail when the line broke before the server said anything."""

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
        except aiosmtplib.SMTPServerDisconnected as lost:
            if fresh:
                return Deferred(code=NO_ANSWER, answer=str(lost))
        except aiosmtplib.SMTPTimeoutError as slow:
            client.close()
            return Deferred(code=NO_ANSWER, answer=str(slow))
        client = await self._connected()
        try:
            return await self._offer(client, mail)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError) as lost:
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
        envelope = (mail.envelope_from, *mail.envelope_to)
        utf8 = not all(address.isascii() for address in envelope)
        try:
            await _greet(client)
            if utf8 and not client.supports_extension("smtputf8"):
                return Refused(code=553, answer="the server does not take addresses with accents")
            refusals = await _address(client, mail, utf8=utf8)
            answer = await client.execute_command(b"DATA")
            if answer.code != aiosmtplib.SMTPStatus.start_input:
                await _reset(client)
                return _refusal(answer.code, answer.message)
        except _AddresseeRefused as refused:
            await _reset(client)
            return _refusal(refused.code, refused.answer)
        except aiosmtplib.SMTPResponseException as refused:
            await _reset(client)
            return _refusal(refused.code, refused.message)
        return await self._deliver(client, mail, refusals)

    async def _deliver(
        self, client: aiosmtplib.SMTP, mail: Mail, refusals: tuple[RecipientRefusal, ...]
    ) -> Outcome:
        """The data itself: from its first byte until the answer, a broken line leaves the mail in doubt."""
        protocol = client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        data = PERIOD_REGEX.sub(b"..", normalize_message_line_endings(mail.raw)) + b".\r\n"
        protocol.write(data)
        try:
            answer = await protocol.read_response(timeout=self._settings.timeout)
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            return InDoubt(reason=str(error))
        if answer.code == aiosmtplib.SMTPStatus.completed:
            return Accepted(answer=f"{answer.code} {answer.message}", refused=refusals)
        if answer.code == aiosmtplib.SMTPStatus.domain_unavailable:
            client.close()
        return _refusal(answer.code, answer.message)


class _AddresseeRefused(Exception):
    """The server does not take the mail for the one it is meant for."""

    def __init__(self, code: int, answer: str) -> None:
        super().__init__(code, answer)
        self.code = code
        self.answer = answer


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


async def _address(client: aiosmtplib.SMTP, mail: Mail, *, utf8: bool) -> tuple[RecipientRefusal, ...]:
    """MAIL and RCPT; the refusals of those who only get a copy."""
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(mail.raw)}")
    if client.supports_extension("8bitmime") and not mail.raw.isascii():
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    encoding = "utf-8" if utf8 else "ascii"
    await client.mail(mail.envelope_from, options=options, encoding=encoding)
    refusals = []
    for recipient in mail.envelope_to:
        try:
            await client.rcpt(recipient, encoding=encoding)
        except aiosmtplib.SMTPRecipientRefused as refused:
            if recipient == mail.envelope_to[0]:
                raise _AddresseeRefused(refused.code, refused.message) from refused
            refusals.append(RecipientRefusal(recipient=recipient, code=refused.code, answer=refused.message))
    return tuple(refusals)


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
