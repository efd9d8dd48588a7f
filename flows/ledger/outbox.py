"""The outbox: every mail is a row before it is sent, and says ever after what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from flows.core.state import Status
from flows.ledger import correspondence, tables
from flows.ledger.database import Transaction

LEASE = timedelta(seconds=120)
"""How long a claim on a mail holds without a word from its holder."""


class MailStatus(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    SENDING = "sending"  # handed to the server, its answer not yet recorded
    SENT = "sent"
    FAILED = "failed"  # refused for good
    WITHDRAWN = "withdrawn"  # its cycle was stopped, or its request withdrawn, before it was sent
    IN_DOUBT = "in-doubt"  # sent twice under one Message-ID, and still no answer recorded


@dataclass(frozen=True, kw_only=True)
class TroubledMail:
    """A mail about a request under way that was refused for good, or that may not have arrived."""

    id: int
    cycle_id: int
    task: str
    agency: str
    kind: str
    to: tuple[str, ...]
    status: MailStatus
    answer: str
    created_at: datetime


def reserved(owner: str) -> str:
    """How a process marks mails that a pass of its own is about to send."""
    return f"{owner}/pass"


A_MAIL = tables.outbox.c.carried_by.is_(None)
"""Rows with a mail of their own; the others travel in one of those and fare as it does."""


def enqueue(
    tx: Transaction, rows: Sequence[tables.Row], *, owner: str | None = None, wall_now: datetime | None = None
) -> int:
    """Add mails; one whose key is there already is left as it is. The number added.

    With `owner` they are reserved for a while for the pass of that process which adds them.
    """
    if not rows:
        return 0
    claim_columns: tables.Row = {}
    if owner is not None and wall_now is not None:
        claim_columns = {"claimed_by": reserved(owner), "claimed_until": wall_now + LEASE}
    raw = {row["key"]: row["raw"] for row in rows if row.get("raw") is not None}
    together: dict[frozenset[str], list[tables.Row]] = {}  # those of one statement have the same columns
    for row in rows:
        columns = {"status": MailStatus.QUEUED, "attempts": 0, **claim_columns, **row}
        columns.pop("raw", None)
        together.setdefault(frozenset(columns), []).append(columns)
    statement = _ENQUEUE[tx.dialect.name]
    added = [(id_, key) for some in together.values() for id_, key in tx.execute(statement, some)]
    contents = [{"mail_id": id_, "raw": raw[key]} for id_, key in added if key in raw]
    if contents:
        tx.execute(_CONTENT, contents)
    correspondence.record(tx, rows)
    return len(added)


def enqueue_parcel(
    tx: Transaction, rows: Sequence[tables.Row], *, owner: str | None = None, wall_now: datetime | None = None
) -> None:
    """Add one mail: its first row has its bytes, those about further requests travel in it.

    Each row has a key of its own. None of them may be there already: whoever writes asks `written` first.
    """
    lead, *carried = rows
    enqueue(tx, [lead], owner=owner, wall_now=wall_now)
    if not carried:
        return
    lead_id = tx.execute(select(tables.outbox.c.id).where(tables.outbox.c.key == lead["key"])).scalar_one()
    own = [{name: value for name, value in row.items() if name != "raw"} for row in carried]
    enqueue(tx, [{**row, "carried_by": lead_id} for row in own])


def written(tx: Transaction, keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys under which a mail is there already."""
    query = select(tables.outbox.c.key).where(tables.outbox.c.key.in_(list(keys)))
    return frozenset(tx.execute(query).scalars())


def in_parcel(tx: Transaction, parcel: str) -> tuple[int, ...]:
    """The requests of a mail about several, in the order of its sections; none when it is not known."""
    query = (
        select(tables.outbox.c.request_id, func.min(tables.outbox.c.id).label("first"))
        .where(tables.outbox.c.parcel == parcel, tables.outbox.c.request_id.is_not(None))
        .group_by(tables.outbox.c.request_id)
        .order_by("first")
    )
    return tuple(row.request_id for row in tx.execute(query))


def troubled(tx: Transaction, limit: int) -> Sequence[TroubledMail]:
    """Mails about requests that are still asked for, in cycles under way, that a person should know of: the
    newest first.
    """
    rows = tx.execute(
        select(tables.outbox, tables.request.c.agency)
        .join(tables.request, tables.request.c.id == tables.outbox.c.request_id)
        .join(tables.cycle, tables.cycle.c.id == tables.outbox.c.cycle_id)
        .where(
            tables.outbox.c.status.in_([MailStatus.FAILED, MailStatus.IN_DOUBT]),
            tables.cycle.c.state == "active",
            tables.request.c.status.in_([Status.OPEN, Status.OVERDUE]),
        )
        .order_by(tables.outbox.c.id.desc())
        .limit(limit)
    )
    return [
        TroubledMail(
            id=row.id,
            cycle_id=row.cycle_id,
            task=row.task,
            agency=row.agency,
            kind=row.kind,
            to=tuple(row.envelope_to),
            status=MailStatus(row.status),
            answer=row.answer or "",
            created_at=row.created_at,
        )
        for row in rows
    ]


def answers_since(tx: Transaction, request_id: int, kinds: Iterable[str], since: datetime) -> int:
    """How many mails of these kinds were written about a request since an instant."""
    asked = {"id": request_id, "kinds": list(kinds), "since": since}
    return int(tx.execute(_ANSWERS, asked).scalar_one())


def written_to_since(tx: Transaction, address: str, kinds: Iterable[str], since: datetime) -> int:
    """How many mails of these kinds were written since an instant about what concerns an address."""
    asked = {"address": address.casefold(), "kinds": list(kinds), "since": since}
    return int(tx.execute(_WRITTEN_TO, asked).scalar_one())


# Built once: each mail that comes in runs them, and to build one takes longer than to run it.
_ENQUEUE = {
    name: table.on_conflict_do_nothing(index_elements=["key"]).returning(
        tables.outbox.c.id, tables.outbox.c.key
    )
    for name, table in (
        ("postgresql", postgresql.insert(tables.outbox)),
        ("sqlite", sqlite.insert(tables.outbox)),
    )
}
_CONTENT = tables.mail_content.insert()
_ABOUT = tables.outbox.c.request_id == bindparam("id")
_OF_KINDS = tables.outbox.c.kind.in_(bindparam("kinds", expanding=True))
_WRITTEN_TO = select(func.count(tables.outbox.c.id)).where(
    tables.outbox.c.request_id.in_(
        select(tables.correspondent.c.request_id).where(
            tables.correspondent.c.address == bindparam("address")
        )
    ),
    _OF_KINDS,
    tables.outbox.c.created_at >= bindparam("since"),
)
_ANSWERS = select(func.count(tables.outbox.c.id)).where(
    _ABOUT, _OF_KINDS, tables.outbox.c.created_at >= bindparam("since")
)


def withdraw(tx: Transaction, cycle_id: int) -> None:
    """Take back all mails about requests of a cycle that have not been handed over, but for those that are
    about reports of other cycles as well which were not stopped. A mail about no request, such as a digest,
    concerns other cycles too.
    """
    mail = tables.outbox.c
    mine = select(mail.parcel).where(mail.cycle_id == cycle_id, mail.parcel.is_not(None))
    elsewhere = (
        select(mail.parcel)
        .join(tables.cycle, tables.cycle.c.id == mail.cycle_id)
        .where(
            mail.parcel.is_not(None),
            mail.cycle_id != cycle_id,
            mail.status == MailStatus.QUEUED,
            tables.cycle.c.state != "stopped",
        )
    )
    tx.execute(
        update(tables.outbox)
        .where(
            or_(mail.cycle_id == cycle_id, mail.parcel.in_(mine)),
            mail.request_id.is_not(None),
            mail.status == MailStatus.QUEUED,
            or_(mail.parcel.is_(None), mail.parcel.not_in(elsewhere)),
        )
        .values(status=MailStatus.WITHDRAWN, claimed_by=None, claimed_until=None)
    )


def withdraw_about(tx: Transaction, request_ids: Iterable[int]) -> None:
    """Take back the mails about these requests that have not been handed over, but for those that are about
    other requests as well.
    """
    ids = list(request_ids)
    if ids:
        tx.execute(
            update(tables.outbox)
            .where(
                tables.outbox.c.request_id.in_(ids),
                tables.outbox.c.status == MailStatus.QUEUED,
                tables.outbox.c.parcel.is_(None),
            )
            .values(status=MailStatus.WITHDRAWN, claimed_by=None, claimed_until=None)
        )


def reached(tx: Transaction, cycle_id: int) -> frozenset[int]:
    """The requests of a cycle about which at least one mail was handed over, or may have been, or will be
    because it is about other requests as well.
    """
    left = [MailStatus.SENDING, MailStatus.SENT, MailStatus.IN_DOUBT]
    will_leave = and_(tables.outbox.c.status == MailStatus.QUEUED, tables.outbox.c.parcel.is_not(None))
    query = select(tables.outbox.c.request_id).where(
        tables.outbox.c.cycle_id == cycle_id, or_(tables.outbox.c.status.in_(left), will_leave)
    )
    return frozenset(id_ for id_ in tx.execute(query.distinct()).scalars() if id_ is not None)


def tasks_unsent(tx: Transaction, cycle_id: int) -> frozenset[str]:
    """The tasks of a cycle that have mails not yet sent."""
    query = select(tables.outbox.c.task).where(
        A_MAIL,
        tables.outbox.c.cycle_id == cycle_id,
        tables.outbox.c.status.in_([MailStatus.QUEUED, MailStatus.SENDING]),
    )
    return frozenset(task for task in tx.execute(query.distinct()).scalars() if task is not None)


def unsent(tx: Transaction, now: datetime) -> int:
    """How many mails could be sent now, or are being sent."""
    due = or_(tables.outbox.c.not_before_at.is_(None), tables.outbox.c.not_before_at <= now)
    query = select(func.count()).select_from(tables.outbox)
    states = [MailStatus.QUEUED, MailStatus.SENDING]
    return int(tx.execute(query.where(A_MAIL, tables.outbox.c.status.in_(states), due)).scalar_one())


def next_retry(tx: Transaction) -> datetime | None:
    """When the next mail that was deferred may be tried again."""
    return tx.execute(
        select(func.min(tables.outbox.c.not_before_at)).where(
            A_MAIL, tables.outbox.c.status == MailStatus.QUEUED
        )
    ).scalar()
