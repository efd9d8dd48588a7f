"""An open folder on an IMAP server: logging in, and the few commands that following it needs."""

from __future__ import annotations

import contextlib
import imaplib
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from notifiers.errors import MailboxLoginRefused, MailboxUnavailable, TokenRefused
from notifiers.tls import Tls, verifying
from notifiers.tokens import AccessTokens

DEFAULT_SIZE_LIMIT = 35 * 1024 * 1024
"""Octets: 25 MB of attachments as they travel, in base64."""

HEAD_LIMIT = 256 * 1024
"""Octets of headers that are kept of a mail that is too large."""

_SLICE_SECONDS = 0.25
"""How long a call to stop may go unheard."""
_LOOKS_AT_A_TIME = 1000
_TROUBLES = (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError)
"""What the library raises when a server, a line or a certificate is not as it should be."""
_NOT_NOW = re.compile(rb"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.IGNORECASE)
"""Answers to a login that do not speak of the password (RFC 5530)."""
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class ImapSettings:
    """Which mailbox is followed. Certificates are verified; `certificates` adds an authority of the house's
    own.
    """

    host: str
    port: int
    username: str
    password: str = field(default="", repr=False)
    tokens: AccessTokens | None = None
    """Log in by XOAUTH2 with a token of theirs, not with a password."""
    tls: Tls = Tls.TLS
    folder: str = "INBOX"
    certificates: str | None = None
    """A PEM file of authorities to trust besides the system's."""
    size_limit: int = DEFAULT_SIZE_LIMIT
    """Octets; a larger mail stays on the server, unseen, and only its headers are kept."""
    timeout: float = 30.0
    """Seconds to wait for the connection and for each answer."""
    look_every: float = 120.0
    """Seconds after which the mailbox is looked at even when the server announced nothing."""
    retry_after: float = 2.0
    """Seconds before the first try again; doubled each time."""
    retry_at_most: float = 300.0

    @property
    def mailbox(self) -> str:
        """The name that the cursor is remembered under."""
        return f"{self.username}@{self.host.casefold()}:{self.port}/{self.folder}"


@contextlib.contextmanager
def opened(settings: ImapSettings) -> Iterator[OpenFolder]:
    """A connection with the folder open. Raises MailboxUnavailable and MailboxLoginRefused."""
    box = _logged_in(settings)
    try:
        yield OpenFolder(box, settings)
    finally:
        _leave(box)


def _logged_in(settings: ImapSettings) -> BaseMailBox:
    """A connection, logged in; a token that is refused is had anew, once."""
    try:
        token = settings.tokens.token() if settings.tokens else None
        try:
            return _log_in(_connected(settings), settings, token)
        except MailboxLoginRefused:
            if settings.tokens is None:
                raise
            return _log_in(_connected(settings), settings, settings.tokens.token(refused=token))
    except TokenRefused as refused:
        place = (settings.host, settings.port, settings.username)
        raise MailboxLoginRefused(*place, _reason(refused)) from refused
    except (MailboxUnavailable, MailboxLoginRefused):
        raise
    except _TROUBLES as error:
        raise MailboxUnavailable(settings.host, settings.port, _reason(error)) from error


def _leave(box: BaseMailBox) -> None:
    with contextlib.suppress(*_TROUBLES):
        box.logout()
    with contextlib.suppress(*_TROUBLES):
        box.client.shutdown()


def _connected(settings: ImapSettings) -> BaseMailBox:
    if settings.tls is Tls.NONE:
        return MailBoxUnencrypted(settings.host, settings.port, timeout=settings.timeout)
    context = verifying(settings.certificates)
    kind = MailBox if settings.tls is Tls.TLS else MailBoxStartTls
    return kind(settings.host, settings.port, timeout=settings.timeout, ssl_context=context)


def _log_in(box: BaseMailBox, settings: ImapSettings, token: str | None) -> BaseMailBox:
    plain = settings.username.isascii() and settings.password.isascii()
    log_in = box.login if plain else box.login_utf8
    try:
        if token is not None:
            return box.xoauth2(settings.username, token, None)
        return log_in(settings.username, settings.password, None)
    except imaplib.IMAP4.abort:
        _leave(box)
        raise
    except (MailboxLoginError, imaplib.IMAP4.error) as refused:
        _leave(box)
        reason = _reason(refused)
        if _NOT_NOW.search(reason.encode("utf-8", "replace")):
            raise MailboxUnavailable(settings.host, settings.port, reason) from refused
        raise MailboxLoginRefused(settings.host, settings.port, settings.username, reason) from refused
    except OSError:
        _leave(box)
        raise


class OpenFolder:
    """The open folder. All methods raise MailboxUnavailable when the line breaks or the server refuses."""

    def __init__(self, box: BaseMailBox, settings: ImapSettings) -> None:
        self._box = box
        self._client = box.client
        self._settings = settings
        with self._ours():
            box.folder.set(settings.folder)
            self.uid_validity = self._number("UIDVALIDITY")
            self._idles = "IDLE" in b" ".join(self._client.capability()[1]).decode("ascii", "replace").split()

    def uids_after(self, last: int) -> list[int]:
        """Mails with a higher number, in order."""
        # "n:*" always names the last mail too, however low its number
        return [uid for uid in self._search(f"{last + 1}:*") if uid > last]

    def still_there(self, uids: Sequence[int]) -> list[int]:
        """Those that have not vanished."""
        found: list[int] = []
        for start in range(0, len(uids), _LOOKS_AT_A_TIME):
            found += self._search(",".join(str(uid) for uid in uids[start : start + _LOOKS_AT_A_TIME]))
        return found

    def had_news(self) -> bool:
        """Whether the server announced a mail while it answered the last search."""
        return self._client.response("EXISTS")[1] != [None]

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Octets of each mail that the server knows the size of."""
        found: dict[int, int] = {}
        try:
            lines = self._command("FETCH", ",".join(str(uid) for uid in uids), "(RFC822.SIZE)")
        except _Refusal:
            return found
        for line in lines:
            text = line[0] if isinstance(line, tuple) else line
            uid, size = _UID.search(text or b""), _SIZE.search(text or b"")
            if uid and size:
                found[int(uid[1])] = int(size[1])
        return found

    def fetched(self, uid: int) -> tuple[bytes, datetime | None] | None:
        """The mail, octet for octet, left unseen, and when the server took it in; None when refused."""
        return self._handed_out(uid, "BODY.PEEK[]")

    def _handed_out(self, uid: int, part: str) -> tuple[bytes, datetime | None] | None:
        try:
            lines = self._command("FETCH", str(uid), f"(INTERNALDATE {part})")
        except _Refusal:
            return None
        for line in lines:
            if isinstance(line, tuple) and b"BODY[" in line[0].upper():
                head = b" ".join(one[0] if isinstance(one, tuple) else one or b"" for one in lines)
                return bytes(line[1]), _arrival(head)
        return None

    def head(self, uid: int) -> tuple[bytes, datetime | None] | None:
        """The mail's headers, left unseen, and when the server took it in; None when refused."""
        return self._handed_out(uid, f"BODY.PEEK[HEADER]<0.{HEAD_LIMIT}>")

    def mark_seen(self, uid: int) -> None:
        """Set the flag; a folder that takes none is read all the same."""
        # not the library's flag(): it expunges, and would take away what others marked as deleted
        with contextlib.suppress(_Refusal):
            self._command("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def wait_for_news(self, seconds: float, stopping: threading.Event) -> None:
        """Return when the server announces something, the time is over or `stopping` is set."""
        if not self._idles:
            stopping.wait(seconds)
            return
        with self._ours(), self._box.idle as idle:
            for _ in range(max(1, round(seconds / _SLICE_SECONDS))):
                if stopping.is_set() or any(_announces(line) for line in idle.poll(_SLICE_SECONDS)):
                    return

    def _search(self, uids: str) -> list[int]:
        self._client.response("EXISTS")  # forget what was announced before
        lines = self._command("SEARCH", "UID", uids)
        return sorted({int(number) for line in lines if isinstance(line, bytes) for number in line.split()})

    def _command(self, name: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        with self._ours():
            status, lines = self._client.uid(name, *arguments)
        if status != "OK":
            reason = f"{name} was answered {status} {lines[0]!r}"
            raise _Refusal(self._settings.host, self._settings.port, reason)
        return list(lines)

    def _number(self, name: str) -> int:
        found = self._client.response(name)[1]
        return int(found[-1] or 0) if found else 0

    @contextlib.contextmanager
    def _ours(self) -> Iterator[None]:
        try:
            yield
        except _TROUBLES as error:
            if isinstance(error, MailboxUnavailable):
                raise
            raise MailboxUnavailable(self._settings.host, self._settings.port, _reason(error)) from error


class _Refusal(MailboxUnavailable):
    """The server said no to one command; the line is as good as before."""


def _announces(line: bytes) -> bool:
    """Whether an unasked line means that a look is worth while; "* OK Still here" does not."""
    return not line.upper().startswith(b"* OK")


def _reason(error: Exception) -> str:
    """The server's own words, without Python's around them."""
    data = getattr(error, "command_result", (None, None))[1]
    if isinstance(data, list) and data and isinstance(data[0], bytes):
        return data[0].decode("utf-8", "replace")
    told = error.args[0] if error.args and isinstance(error.args[0], bytes) else None
    if told is not None:
        return told.decode("utf-8", "replace")
    return str(error) or type(error).__name__


def _arrival(answer: bytes) -> datetime | None:
    """INTERNALDATE, such as "17-Jul-2024 02:44:25 +0700"; None when the server says none that can be read."""
    found = _ARRIVED.search(answer)
    with contextlib.suppress(ValueError):
        return datetime.strptime(found[1].decode("ascii"), "%d-%b-%Y %H:%M:%S %z") if found else None
    return None
