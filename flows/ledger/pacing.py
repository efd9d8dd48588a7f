"""Pacing: how many mails may leave in a minute, all together and to one domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from flows.ledger import delivery, outbox, tables
from flows.ledger.database import Transaction
from flows.ledger.delivery import QueuedMail
from flows.ledger.outbox import MailStatus

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Mails in a minute of the clock, at the most; 0 for as many as can be."""

    all_together: int = 0
    to_a_domain: int = 0

    def has_room(self, taken: Counter[str], domain: str) -> bool:
        """Whether one more to that domain may leave in a minute in which so many do."""
        full = self.all_together and taken.total() >= self.all_together
        return not full and not (self.to_a_domain and taken[domain] >= self.to_a_domain)


UNPACED = Pace()
"""As many as can be."""


def hold_back(
    tx: Transaction, mails: Sequence[QueuedMail], pace: Pace, *, owner: str, now: datetime
) -> Sequence[QueuedMail]:
    """Those of the claimed mails that may leave in this minute, in their order.

    The others are given back, each until the minute that has room for it, so that mails to one busy domain
    hold up none to others.
    """
    if not mails or not (pace.all_together or pace.to_a_domain):
        return mails
    this_minute = now.replace(second=0, microsecond=0)
    taken = {0: _left_since(tx, this_minute)}
    going: list[QueuedMail] = []
    later: dict[int, list[int]] = {}
    for mail in mails:
        domain = _domain(mail.envelope_to[0])
        minutes = 0
        while not pace.has_room(taken.setdefault(minutes, Counter()), domain):
            minutes += 1
        taken[minutes][domain] += 1
        if minutes:
            later.setdefault(minutes, []).append(mail.id)
        else:
            going.append(mail)
    for minutes, ids in later.items():
        delivery.give_back(tx, ids, this_minute + minutes * _MINUTE, owner=owner)
    return going


def _left_since(tx: Transaction, begin: datetime) -> Counter[str]:
    """How many mails were sent or begun since then, by domain; one that is begun may be sent."""
    rows = tx.execute(
        select(tables.outbox.c.envelope_to).where(
            outbox.A_MAIL,
            or_(tables.outbox.c.sent_at >= begin, tables.outbox.c.status == MailStatus.SENDING),
        )
    )
    return Counter(_domain(to[0]) for to in rows.scalars())


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()
