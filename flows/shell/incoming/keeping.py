"""Keeping: raw mails stored for good, those that come at one moment in one transaction."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.ledger import inbox
from flows.ledger.database import Ledger
from notifiers.ports import RawMail

_TOGETHER = 50
"""Mails of one transaction: the first does not wait for all of a flood."""


@dataclass(kw_only=True)
class _Offered:
    """A mail that somebody waits with, and what became of it."""

    mail: RawMail
    at: datetime
    new: bool | None = None
    error: Exception | None = None

    @property
    def settled(self) -> bool:
        """Whether it is known what became of it."""
        return self.new is not None or self.error is not None


class Keeping:
    """Stores mails for the threads of a process.

    One thread writes at a time, and with its own mail all that the others wait with: a commit costs more than
    a mail, and servers deliver over several lines at once.
    """

    def __init__(self) -> None:
        self._waiting: deque[_Offered] = deque()
        self._writing = threading.Lock()

    def keep(self, ledger: Ledger, mail: RawMail, at: datetime) -> bool:
        """Store a mail that came at an instant; it is committed once this returns. False when exactly these
        bytes came to the same address before. Raises what the ledger raises.
        """
        offered = _Offered(mail=mail, at=at)
        self._waiting.append(offered)
        with self._writing:
            while not offered.settled:
                together = [self._waiting.popleft() for _ in range(min(_TOGETHER, len(self._waiting)))]
                try:
                    _store(ledger, together)
                finally:  # when this thread is stopped in the middle, the others go on
                    self._waiting.extendleft(one for one in reversed(together) if not one.settled)
        if offered.error is not None:
            raise offered.error
        return bool(offered.new)


def _store(ledger: Ledger, together: Sequence[_Offered]) -> None:
    """In one transaction, or, when that fails, each by itself: what is wrong with one keeps no other out."""
    try:
        with ledger.write() as tx:
            kept = inbox.keep(tx, [(one.mail, one.at) for one in together])
    except Exception as exc:  # noqa: BLE001 - raised again in the thread that waits
        if len(together) == 1:
            together[0].error = exc
        else:
            for one in together:
                _store(ledger, [one])
    else:
        for one, new in zip(together, kept, strict=True):
            one.new = new
