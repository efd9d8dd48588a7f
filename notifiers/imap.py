"""Mail in by IMAP: a mailbox on a server elsewhere, followed in a thread for as long as dondoc serves.

A mail is marked as seen only once it has been kept. Where reading stopped is remembered, so that nothing is
lost while nobody follows; what comes twice is the same octets twice, and whoever keeps mail knows them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from notifiers.cursors import MailCursor, MailCursors
from notifiers.delivered import delivered, left_behind
from notifiers.errors import MailboxLoginRefused, MailboxUnavailable
from notifiers.imap_folder import ImapSettings, OpenFolder, opened
from notifiers.ports import Keep

log = logging.getLogger(__name__)

_CHUNK = 25
"""Mails after which it is remembered how far reading got."""
_STOP_WITHIN_SECONDS = 10.0


Tell = Callable[[MailboxUnavailable | MailboxLoginRefused | None], None]
"""Tells an operator what is wrong with a mailbox, and, with None, that it is over."""


class ImapFetcher:
    """Follows one mailbox. `keep` is called in its thread, one mail at a time, and must store for good.

    When `keep` raises, the mail stays unseen and is tried again; the others go on. A lost connection is
    opened again, for ever. Trouble is told once when it begins and, with None, once when it is over; it is
    logged unless somebody else tells it.
    """

    def __init__(
        self, settings: ImapSettings, keep: Keep, cursors: MailCursors, *, tell: Tell | None = None
    ) -> None:
        self._settings = settings
        self._tell = tell or self._log
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
                with opened(self._settings) as server:
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
            self._tell(trouble)
        self.trouble = trouble

    def _recovered(self) -> None:
        if self.trouble is not None:
            self.trouble = None
            self._tell(None)

    def _log(self, trouble: MailboxUnavailable | MailboxLoginRefused | None) -> None:
        if trouble is not None:
            log.error("%s; it is tried again for as long as dondoc runs", trouble)
        else:
            log.warning("the mailbox at %s:%s is read again", self._settings.host, self._settings.port)

    def _looks(self, server: OpenFolder) -> Iterator[None]:
        """Look at the mailbox whenever there may be something new; each look that is over is an item."""
        wait = self._settings.retry_after
        while not self._stopping.is_set():
            pending = self._look(server)
            yield
            wait = min(wait * 2, self._settings.look_every) if pending else self._settings.retry_after
            server.wait_for_news(wait if pending else self._settings.look_every, self._stopping)

    def _look(self, server: OpenFolder) -> bool:
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

    def _keep_all(self, server: OpenFolder, cursor: MailCursor, uids: Sequence[int]) -> MailCursor:
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

    def _keep_one(self, server: OpenFolder, uid: int, size: int | None) -> bool:
        """Whether the mail needs no more attention."""
        if size is None:
            size = server.sizes([uid]).get(uid, 0)
        too_large = size > self._settings.size_limit
        if too_large:
            log.warning(
                "mail %d in %s has %d octets, more than %d: it stays there, unseen, for a person to look at",
                uid, self._settings.mailbox, size, self._settings.size_limit,
            )  # fmt: skip
        fetched = server.head(uid) if too_large else server.fetched(uid)
        if fetched is None:
            if server.still_there([uid]):
                self._complain(uid, "the server does not hand it out")
                return False
            return True
        raw, arrived_at = fetched
        try:
            mail = left_behind(raw, size) if too_large else delivered(raw)
            self._keep(replace(mail, arrived_at=arrived_at))
        except Exception as error:  # noqa: BLE001 - the shell of this floor: whatever it was, the mail stays unseen
            self._complain(uid, f"it could not be kept: {error!r}")
            return False
        if not too_large:
            server.mark_seen(uid)
        self._complained.discard(uid)
        return True

    def _complain(self, uid: int, why: str) -> None:
        if uid not in self._complained:
            self._complained.add(uid)
            log.error("mail %d in %s stays unseen and is tried again: %s", uid, self._settings.mailbox, why)
