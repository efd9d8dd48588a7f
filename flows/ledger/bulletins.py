"""Bulletins: short texts for chat channels, kept before they are posted, and marked with the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ColumnElement

from flows.ledger import tables
from flows.ledger.database import Transaction
from flows.ledger.delivery import Mark
from flows.ledger.outbox import LEASE, MailStatus

_LOST = "no-answer"
"""The answer noted where whoever posted vanished before the service answered."""

_DIGEST = "digest"


@dataclass(frozen=True, kw_only=True)
class QueuedBulletin:
    """A bulletin in the hands of whoever posts it."""

    id: int
    cycle_id: int
    channel: str
    about: str
    title: str
    text: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ChannelTrouble:
    """What did not arrive in a channel since it last took something."""

    channel: str
    lost: int
    answer: str
    """What the last of them met."""


def enqueue(tx: Transaction, rows: Sequence[tables.Row]) -> None:
    """Add bulletins; one whose key is there already is left as it is."""
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    insertion = dialect.insert(tables.bulletin).on_conflict_do_nothing(index_elements=["key"])
    for row in rows:
        tx.execute(insertion, {"status": MailStatus.QUEUED, "attempts": 0, **row})


def claim(tx: Transaction, *, owner: str, now: datetime, wall_now: datetime) -> QueuedBulletin | None:
    """Take the oldest bulletin that can be posted now, and note that its posting is begun.

    In a channel that is waited for nothing overtakes what it did not take.
    """
    row = tx.execute(
        select(tables.bulletin)
        .where(*_due(now))
        .order_by(tables.bulletin.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    tx.execute(
        update(tables.bulletin)
        .where(tables.bulletin.c.id == row.id)
        .values(status=MailStatus.SENDING, claimed_by=owner, claimed_until=wall_now + LEASE)
    )
    return _bulletin(row)


def lost(tx: Transaction, wall_now: datetime) -> Sequence[QueuedBulletin]:
    """Give up those whose holder vanished while posting: they may have arrived, and a service cannot know
    one that comes again.
    """
    held = tables.bulletin.c.claimed_until
    rows = tx.execute(
        update(tables.bulletin)
        .where(tables.bulletin.c.status == MailStatus.SENDING, or_(held.is_(None), held < wall_now))
        .values(status=MailStatus.IN_DOUBT, answer=_LOST, claimed_by=None, claimed_until=None)
        .returning(tables.bulletin)
    )
    return [_bulletin(row) for row in rows]


def record(tx: Transaction, mark: Mark) -> None:
    """Note what became of an attempt."""
    tx.execute(
        update(tables.bulletin)
        .where(tables.bulletin.c.id == mark.id)
        .values(
            status=mark.status,
            answer=mark.answer,
            attempts=mark.attempts,
            not_before_at=mark.not_before_at,
            sent_at=mark.sent_at,
            claimed_by=None,
            claimed_until=None,
        )
    )


def waiting(tx: Transaction, now: datetime, wall_now: datetime) -> bool:
    """Whether `claim` or `lost` would find something."""
    held = tables.bulletin.c.claimed_until
    vanished = and_(tables.bulletin.c.status == MailStatus.SENDING, or_(held.is_(None), held < wall_now))
    query = select(tables.bulletin.c.id).where(or_(and_(*_due(now)), vanished))
    return tx.execute(query.limit(1)).first() is not None


def withdraw(tx: Transaction, cycle_id: int) -> None:
    """Take back all bulletins of a cycle that have not been posted; a digest concerns other cycles too."""
    tx.execute(
        update(tables.bulletin)
        .where(
            tables.bulletin.c.cycle_id == cycle_id,
            tables.bulletin.c.about != _DIGEST,
            tables.bulletin.c.status == MailStatus.QUEUED,
        )
        .values(status=MailStatus.WITHDRAWN)
    )


def release_owners(tx: Transaction, owners: Iterable[str]) -> None:
    """Let go of what processes that are gone were posting."""
    tx.execute(
        update(tables.bulletin)
        .where(tables.bulletin.c.claimed_by.in_(list(owners)))
        .values(claimed_by=None, claimed_until=None)
    )


def owners(tx: Transaction) -> frozenset[str]:
    """The processes that are posting something."""
    query = select(tables.bulletin.c.claimed_by).where(tables.bulletin.c.claimed_by.is_not(None))
    return frozenset(tx.execute(query.distinct()).scalars())


def by_status(tx: Transaction) -> Mapping[str, Mapping[str, int]]:
    """For each channel, how many bulletins stand at each status."""
    found: dict[str, dict[str, int]] = {}
    columns = (tables.bulletin.c.channel, tables.bulletin.c.status)
    for row in tx.execute(select(*columns, func.count().label("n")).group_by(*columns).order_by(*columns)):
        found.setdefault(row.channel, {})[row.status] = row.n
    return found


def troubles(tx: Transaction) -> Sequence[ChannelTrouble]:
    """The channels that something did not arrive in since they last took anything, in their order."""
    last = (
        select(func.max(tables.bulletin.c.id).label("id"), tables.bulletin.c.channel)
        .where(tables.bulletin.c.status == MailStatus.SENT)
        .group_by(tables.bulletin.c.channel)
        .subquery()
    )
    rows = tx.execute(
        select(tables.bulletin.c.channel, tables.bulletin.c.answer)
        .join(last, last.c.channel == tables.bulletin.c.channel, isouter=True)
        .where(
            tables.bulletin.c.status.in_([MailStatus.FAILED, MailStatus.IN_DOUBT]),
            tables.bulletin.c.id > func.coalesce(last.c.id, 0),
        )
        .order_by(tables.bulletin.c.channel, tables.bulletin.c.id)
    )
    answers: dict[str, list[str]] = {}
    for row in rows:
        answers.setdefault(row.channel, []).append(row.answer or "")
    return [
        ChannelTrouble(channel=channel, lost=len(all_), answer=all_[-1]) for channel, all_ in answers.items()
    ]


def _due(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Queued, in a channel that nothing is waited for in, nor being posted to."""
    other = tables.bulletin.alias()
    held = select(other.c.channel).where(
        or_(
            and_(other.c.status == MailStatus.QUEUED, other.c.not_before_at > now),
            other.c.status == MailStatus.SENDING,
        )
    )
    return tables.bulletin.c.status == MailStatus.QUEUED, tables.bulletin.c.channel.not_in(held)


def _bulletin(row: Row[Any]) -> QueuedBulletin:
    return QueuedBulletin(
        id=row.id,
        cycle_id=row.cycle_id,
        channel=row.channel,
        about=row.about,
        title=row.title,
        text=row.text,
        attempts=row.attempts,
        created_at=row.created_at,
    )
