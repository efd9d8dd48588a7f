"""Fetching: what following a mailbox on another server needs of the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from flows.ledger import mail_cursors
from flows.ledger.database import Ledger
from notifiers.cursors import MailCursor


@dataclass(frozen=True)
class MailCursors:
    """The port that remembers how far mailboxes were read, on the ledger."""

    ledger: Ledger

    def load(self, mailbox: str) -> MailCursor | None:
        """Where reading stopped; None for a mailbox that was never read."""
        with self.ledger.read() as tx:
            return mail_cursors.load(tx, mailbox)

    def store(self, mailbox: str, cursor: MailCursor) -> None:
        """Note where reading stopped; writes only what has changed. Raises LedgerBusy."""
        if self.load(mailbox) == cursor:
            return
        with self.ledger.write() as tx:
            mail_cursors.store(tx, mailbox, cursor)
