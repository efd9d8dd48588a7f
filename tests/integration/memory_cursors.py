"""How far mailboxes were read, remembered in memory."""

from __future__ import annotations

from notifiers.cursors import MailCursor


class Cursors:
    """The port that a fetcher remembers with, and what was noted last."""

    def __init__(self) -> None:
        self.noted: dict[str, MailCursor] = {}

    def load(self, mailbox: str) -> MailCursor | None:
        return self.noted.get(mailbox)

    def store(self, mailbox: str, cursor: MailCursor) -> None:
        self.noted[mailbox] = cursor

    @property
    def only(self) -> MailCursor:
        (one,) = self.noted.values()
        return one
