"""Cursors: how far a mailbox on an IMAP server has been read, remembered for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class MailCursor:
    """How far a mailbox on an IMAP server has been read. Its numbers hold for one UIDVALIDITY only."""

    uid_validity: int
    last_uid: int = 0
    """Every mail up to this one has been kept, but for those that are pending."""
    pending: tuple[int, ...] = ()
    """The UIDs of mails that could not be fetched or kept, and are tried again."""


class MailCursors(Protocol):
    """Remembers, for good, how far mailboxes have been read."""

    def load(self, mailbox: str) -> MailCursor | None:
        """Where reading stopped; None for a mailbox that was never read."""
        ...

    def store(self, mailbox: str, cursor: MailCursor) -> None:
        """Note where reading stopped."""
        ...
