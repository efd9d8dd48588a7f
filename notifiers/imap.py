"""Mail in by IMAP: a mailbox on a server elsewhere, followed in a thread for as long as dondoc serves.

A mail is marked as seen only once it has been kept. Where reading stopped is remembered, so that nothing is
lost while nobody follows; what comes twice is the same octets twice, and whoever keeps mail knows them.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from notifiers.delivered import delivered
from notifiers.errors import MailboxLoginRefused, MailboxUnavailable
from notifiers.ports import Keep, MailCursor, MailCursors
from notifiers.smtp import Tls

log = logging.getLogger(__name__)

DEFAULT_SIZE_LIMIT = 35 * 1024 * 1024
"""Octets: 25 MB of attachments as they travel, in base64."""

_CHUNK = 25
"""Mails after which it is remembered how far reading got."""
_SLICE_SECONDS = 0.25
"""How long a call to stop may go unheard."""
_STOP_WITHIN_SECONDS = 10.0
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
    password: str = field(repr=False)
    tls: Tls = Tls.TLS
    folder: str = "INBOX"
    certificates: str | None = None
    """A PEM file of authorities to trust besides the system's."""
    size_limit: int = DEFAULT_SIZE_LIMIT
    """Octets; a larger mail stays on the server, unseen."""
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


class ImapFetcher:
    """Follows one mailbox. `keep` is called in its thread, one mail at a time, and must store for good.

    When `keep` raises, the mail stays unseen and is tried again; the others go on. A lost connection is
    opened again, for ever. Trouble is logged once when it begins and once when it is over.
    """

    def __init__(self, settings: ImapSettings, keep: Keep, cursors: MailCursors) -> None:
        self._settings = settings
        self._keep = keep
        self._cursors = cursors
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._complained: set[int] = set()
        self.trouble: MailboxUnavailable | MailboxLoginRefused | None = None
        """Why no mail is fetched at present; None while the mailbox is followed."""

    def start(self) -> None:
        """Follow the mailbox; returns at once, whatever the server says."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._follow, name="mail-imap", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let the mail that is being kept finish, then leave. Harmless twice."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(_STOP_WITHIN_SECONDS)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _follow(self) -> None:
        wait = self._settings.retry_after
        while not self._stopping.is_set():
            try:
                with _opened(self._settings) as server:
                    for _ in self._looks(server):
                        wait = self._settings.retry_after
                        self._recovered()
            except MailboxLoginRefused as refused:
                self._in_trouble(refused)
                wait = self._settings.retry_at_most  # many tries with a wrong password lock an account
            except MailboxUnavailable as trouble:
                self._in_trouble(trouble)
            except Exception as error:  # noqa: BLE001 - the shell of this floor: a ledger that is down, for one
                reason = f"{type(error).__name__}: {error}"
                self._in_trouble(MailboxUnavailable(self._settings.host, self._settings.port, reason))
            self._stopping.wait(wait)
            wait = min(wait * 2, self._settings.retry_at_most)

    def _in_trouble(self, trouble: MailboxUnavailable | MailboxLoginRefused) -> None:
        if type(trouble) is not type(self.trouble):
            log.error("%s; it is tried again for as long as dondoc runs", trouble)
        self.trouble = trouble

    def _recovered(self) -> None:
        if self.trouble is not None:
            self.trouble = None
            log.warning("the mailbox at %s:%s is read again", self._settings.host, self._settings.port)

    def _looks(self, server: _Server) -> Iterator[None]:
        """Look at the mailbox whenever there may be something new; each look that is over is an item."""
        wait = self._settings.retry_after
        while not self._stopping.is_set():
            pending = self._look(server)
            yield
            wait = min(wait * 2, self._settings.look_every) if pending else self._settings.retry_after
            server.wait_for_news(wait if pending else self._settings.look_every, self._stopping)

    def _look(self, server: _Server) -> bool:
        """Keep all that is new; whether something is to be tried again."""
        mailbox = self._settings.mailbox
        cursor = self._cursors.load(mailbox)
        if cursor is None or cursor.uid_validity != server.uid_validity:
            cursor = MailCursor(uid_validity=server.uid_validity)
            self._complained.clear()
        again: Sequence[int] | None = cursor.pending
        while True:
            new = server.uids_after(cursor.last_uid)
            if not new and again is not None:
                # last, and without holding up the others: a mail that breaks the line may be among them
                new = server.still_there(again)
                vanished = set(again).difference(new)
                cursor = replace(cursor, pending=tuple(u for u in cursor.pending if u not in vanished))
                again = None
            elif not new and not server.had_news():
                self._cursors.store(mailbox, cursor)
                return bool(cursor.pending)
            for start in range(0, len(new), _CHUNK):
                cursor = self._keep_all(server, cursor, new[start : start + _CHUNK])
                self._cursors.store(mailbox, cursor)
                if self._stopping.is_set():
                    return False

    def _keep_all(self, server: _Server, cursor: MailCursor, uids: Sequence[int]) -> MailCursor:
        """The cursor behind these mails, each kept or pending; what cannot be fetched holds up nobody."""
        sizes = server.sizes(uids)
        last, pending = cursor.last_uid, set(cursor.pending)
        for uid in uids:
            if self._stopping.is_set():
                break
            try:
                done = self._keep_one(server, uid, sizes.get(uid))
            except MailboxUnavailable:
                # the line broke at this mail: from now on it is tried after all others
                left = replace(cursor, last_uid=max(last, uid), pending=tuple(sorted(pending | {uid})))
                self._cursors.store(self._settings.mailbox, left)
                raise
            last = max(last, uid)
            pending = pending - {uid} if done else pending | {uid}
        return replace(cursor, last_uid=last, pending=tuple(sorted(pending)))

    def _keep_one(self, server: _Server, uid: int, size: int | None) -> bool:
        """Whether the mail needs no more attention."""
        if size is None:
            size = server.sizes([uid]).get(uid, 0)
        if size > self._settings.size_limit:
            log.warning(
                "mail %d in %s has %d octets, more than %d: it stays there, unseen, for a person to look at",
                uid, self._settings.mailbox, size, self._settings.size_limit,
            )  # fmt: skip
            return True
        fetched = server.fetched(uid)
        if fetched is None:
            if server.still_there([uid]):
                self._complain(uid, "the server does not hand it out")
                return False
            return True
        try:
            raw, arrived_at = fetched
            self._keep(replace(delivered(raw), arrived_at=arrived_at))
        except Exception as error:  # noqa: BLE001 - the shell of this floor: whatever it was, the mail stays unseen
            self._complain(uid, f"it could not be kept: {error!r}")
            return False
        server.mark_seen(uid)
        self._complained.discard(uid)
        return True

    def _complain(self, uid: int, why: str) -> None:
        if uid not in self._complained:
            self._complained.add(uid)
            log.error("mail %d in %s stays unseen and is tried again: %s", uid, self._settings.mailbox, why)


@contextlib.contextmanager
def _opened(settings: ImapSettings) -> Iterator[_Server]:
    """A connection with the folder open. Raises MailboxUnavailable and MailboxLoginRefused."""
    try:
        box = _connected(settings)
    except _TROUBLES as error:
        raise MailboxUnavailable(settings.host, settings.port, _reason(error)) from error
    try:
        _log_in(box, settings)
        yield _Server(box, settings)
    finally:
        with contextlib.suppress(*_TROUBLES):
            box.logout()
        with contextlib.suppress(*_TROUBLES):
            box.client.shutdown()


def _connected(settings: ImapSettings) -> BaseMailBox:
    if settings.tls is Tls.NONE:
        return MailBoxUnencrypted(settings.host, settings.port, timeout=settings.timeout)
    context = ssl.create_default_context()
    if settings.certificates is not None:
        context.load_verify_locations(cafile=settings.certificates)
    kind = MailBox if settings.tls is Tls.TLS else MailBoxStartTls
    return kind(settings.host, settings.port, timeout=settings.timeout, ssl_context=context)


def _log_in(box: BaseMailBox, settings: ImapSettings) -> None:
    plain = settings.username.isascii() and settings.password.isascii()
    try:
        (box.login if plain else box.login_utf8)(settings.username, settings.password, None)
    except imaplib.IMAP4.abort as lost:
        raise MailboxUnavailable(settings.host, settings.port, _reason(lost)) from lost
    except (MailboxLoginError, imaplib.IMAP4.error) as refused:
        reason = _reason(refused)
        if _NOT_NOW.search(reason.encode("utf-8", "replace")):
            raise MailboxUnavailable(settings.host, settings.port, reason) from refused
        raise MailboxLoginRefused(settings.host, settings.port, settings.username, reason) from refused
    except OSError as lost:
        raise MailboxUnavailable(settings.host, settings.port, _reason(lost)) from lost


class _Server:
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
        try:
            lines = self._command("FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")
        except _Refusal:
            return None
        for line in lines:
            if isinstance(line, tuple) and b"BODY[]" in line[0].upper():
                head = b" ".join(one[0] if isinstance(one, tuple) else one or b"" for one in lines)
                return bytes(line[1]), _arrival(head)
        return None

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
