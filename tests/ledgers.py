"""Ledgers for tests: empty ones, and ones with plans made by hand or with the real plans applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from flows.ledger import cycles, tables
from flows.ledger.database import Ledger, open_ledger
from flows.shell.specs.applying import apply
from flows.shell.specs.changes import Changes, Confirmed
from flows.shell.writing.identity import Identity
from schemas.catalogue import Bundle
from tests.bundles import at

IDENTITY = Identity(name="Đôn đốc báo cáo", mailbox="baocao@dondoc.example", secret=b"a secret of the tests")
NOW = at("2024-11-15")
"""When a plan's only request opens."""


@contextmanager
def opened(url: str, owner: str = "may-1:100") -> Iterator[Ledger]:
    """The ledger at a URL, under a name of a process."""
    ledger = replace(open_ledger(url), owner=owner)
    try:
        yield ledger
    finally:
        ledger.close()


@dataclass(frozen=True)
class Stopped:
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        """Always the same."""
        return self.at


def applied(
    ledger: Ledger,
    *bundles: Bundle,
    when: datetime = NOW,
    confirmed: Confirmed = Confirmed(past=True),  # noqa: B008 - frozen
    token: str | None = None,
) -> Changes:
    """Apply plans, also the periods of them that are over."""
    return apply(ledger, bundles, Stopped(when), IDENTITY, confirmed=confirmed, token=token)


def claimed(ledger: Ledger, now: datetime = NOW, *, wall: datetime = NOW, limit: int = 50) -> list[str]:
    """Claim what is due, and name it."""
    with ledger.write() as tx:
        due = cycles.claim_due(tx, owner=ledger.owner, now=now, wall_now=wall, limit=limit)
        return [f"{one.plan_id}/{one.key}" for one in due]


def rows(ledger: Ledger, table: str, *columns: str, **where: object) -> Sequence[Mapping[str, Any]]:
    """The rows of a table, by id."""
    found = tables.metadata.tables[table]
    query = select(*(found.c[name] for name in columns)) if columns else select(found)
    for name, value in where.items():
        query = query.where(found.c[name] == value)
    with ledger.read() as tx:
        return [dict(row) for row in tx.execute(query.order_by(*found.primary_key)).mappings()]


def contents(ledger: Ledger, **where: object) -> Sequence[Mapping[str, Any]]:
    """The rows of the outbox with the octets of their mails, by id."""
    said = {one["mail_id"]: one["raw"] for one in rows(ledger, "mail_content")}
    return [{**row, "raw": said[row["id"]]} for row in rows(ledger, "outbox", **where) if row["id"] in said]


def mail_row(ledger: Ledger, key: str, **more: object) -> dict[str, Any]:
    """A mail about the first request of the ledger."""
    request = rows(ledger, "request")[0]
    return {
        "key": key,
        "cycle_id": request["cycle_id"],
        "request_id": request["id"],
        "task": request["task"],
        "kind": "request",
        "step": 1,
        "message_id": f"<{key}@dondoc.example>",
        "envelope_from": "baocao@dondoc.example",
        "envelope_to": ["xa-1@xa.example"],
        "subject": "Đề nghị báo cáo",
        "why": "đến hạn",
        "raw": b"Subject: x\r\n\r\n",
        "created_at": NOW,
        **more,
    }


MINUTE = timedelta(minutes=1)
