"""The upshot: what follows from a few mails, gathered and then written, a statement for each table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, bindparam, func, insert, update

from flows.ledger import cycles, outbox, plans, tables
from flows.ledger.cycles import StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.inbox import Placing


@dataclass(kw_only=True)
class Upshot:
    """Gathers rows; nothing is in the database before `write`."""

    requests: dict[int, StoredRequest] = field(default_factory=dict)
    """Requests as they are to be."""
    mails: list[tables.Row] = field(default_factory=list)
    """Mails about one request each, for the outbox; one whose key is there already is left out."""
    replies: list[tables.Row] = field(default_factory=list)
    """What mails were worth to their requests."""
    journal: list[tables.Row] = field(default_factory=list)
    """Events: at, cycle_id, request_id, event, detail."""
    _placed: list[tables.Row] = field(default_factory=list)
    _waking: dict[int, datetime] = field(default_factory=dict)

    def wake(self, cycle_id: int, at: datetime) -> None:
        """Have a cycle look again at `at`, unless it would earlier, or has ended."""
        self._waking[cycle_id] = min(at, self._waking.get(cycle_id, at))

    def place(
        self,
        inbox_id: int,
        placing: Placing,
        *,
        request_id: int | None,
        message_id: str | None,
        said_hash: str | None,
        **columns: str,
    ) -> None:
        """Note what was made of a mail, as `inbox.place` does."""
        known = {"request_id": request_id, "told_id": message_id, "told_hash": said_hash}
        self._placed.append({"row_id": inbox_id, "status": placing, **known, **columns})

    def write(self, tx: Transaction) -> None:
        """Write all that was gathered, and gather anew."""
        if self.requests:
            tx.execute(_REQUESTS, [_columns(one) for _, one in sorted(self.requests.items())])
        outbox.enqueue(tx, self.mails)
        if self.replies:
            tx.execute(_REPLIES, self.replies)
        if self._placed:
            tx.execute(_PLACED, self._placed)
        cycles.record_journal(tx, self.journal)
        for at in sorted(set(self._waking.values())):
            cycles.wake(tx, [id_ for id_, its in self._waking.items() if its == at], at)
        for gathered in (self.requests, self.mails, self.replies, self.journal, self._placed, self._waking):
            gathered.clear()


_REQUESTS = update(tables.request).where(tables.request.c.id == bindparam("row_id"))
_REPLIES = insert(tables.reply)
_PLACED = (
    update(tables.inbox)
    .where(tables.inbox.c.id == bindparam("row_id"))
    .values(
        status=bindparam("status"),
        kind=bindparam("kind"),
        sender=bindparam("sender"),
        subject=bindparam("subject"),
        reason=bindparam("reason"),
        request_id=bindparam("request_id"),
        # what tells it from others is not forgotten once it is known
        message_id=func.coalesce(bindparam("told_id", type_=String), tables.inbox.c.message_id),
        said_hash=func.coalesce(bindparam("told_hash", type_=String), tables.inbox.c.said_hash),
    )
)


def _columns(one: StoredRequest) -> tables.Row:
    return {
        "row_id": one.id,
        **plans.columns_of(one.facts),
        "kept": one.kept or None,
        "accepted": one.accepted,
        "text": one.text,
    }
