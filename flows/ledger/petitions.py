"""Petitions: what agencies ask for besides reporting, and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from flows.ledger import tables
from flows.ledger.database import Transaction


class Standing(StrEnum):
    """Where a petition stands."""

    WAITING = "waiting"
    GRANTED = "granted"  # more time
    REFUSED = "refused"
    HANDED_OVER = "handed-over"  # another agency answers
    ANSWERED = "answered"  # a question
    DROPPED = "dropped"  # a person discarded the mail, or dealt with it otherwise
    OVERTAKEN = "overtaken"  # the report came


@dataclass(frozen=True, kw_only=True)
class Petition:
    """What one mail asks for about one request."""

    id: int
    request_id: int
    inbox_id: int
    kind: str
    """As the parser names kinds of mail: extension-request, delegation, question, forward."""
    asked_at: datetime
    asked_until_on: date | None
    handed_to: str | None
    """Who shall answer instead, as the sender names them."""
    sender: str
    text: str
    standing: Standing
    until_on: date | None
    """The last day in time that was granted."""
    to_agency: str | None
    """Whom the request was handed over to."""


def file(tx: Transaction, **columns: object) -> int:
    """Write down what a mail asks for; its id."""
    row = tx.execute(
        insert(tables.petition).values(standing=Standing.WAITING, **columns).returning(tables.petition.c.id)
    )
    return int(row.scalar_one())


def find(tx: Transaction, petition_id: int) -> Petition | None:
    """The petition of that id."""
    row = tx.execute(select(tables.petition).where(tables.petition.c.id == petition_id)).first()
    return _petition(row) if row is not None else None


def of_mail(tx: Transaction, inbox_id: int) -> Sequence[Petition]:
    """What a mail asks for, at each request that it is about."""
    rows = tx.execute(
        select(tables.petition).where(tables.petition.c.inbox_id == inbox_id).order_by(tables.petition.c.id)
    )
    return [_petition(row) for row in rows]


def of_request(tx: Transaction, request_id: int) -> Sequence[Petition]:
    """All that was ever asked for about a request, the oldest first."""
    return [_petition(row) for row in tx.execute(_OF_REQUEST, {"request_id": request_id})]


def waiting_about(tx: Transaction, request_ids: Iterable[int]) -> frozenset[int]:
    """Those of the requests about which something was asked for that nobody has decided."""
    return frozenset(tx.execute(_WAITING_ABOUT, {"ids": list(request_ids)}).scalars())


def of_cycle(tx: Transaction, cycle_id: int) -> Mapping[int, Sequence[Petition]]:
    """All that was ever asked for in a cycle, by request id, the oldest first."""
    rows = tx.execute(
        select(tables.petition)
        .join(tables.request, tables.request.c.id == tables.petition.c.request_id)
        .where(tables.request.c.cycle_id == cycle_id)
        .order_by(tables.petition.c.id)
    )
    found: dict[int, list[Petition]] = {}
    for row in rows:
        found.setdefault(row.request_id, []).append(_petition(row))
    return found


def decide(
    tx: Transaction,
    petition_ids: Sequence[int],
    standing: Standing,
    *,
    at: datetime,
    by: str | None = None,
    note: str | None = None,
    until_on: date | None = None,
    to_agency: str | None = None,
) -> None:
    """Note what was decided, by whom."""
    if petition_ids:
        tx.execute(
            update(tables.petition)
            .where(tables.petition.c.id.in_(list(petition_ids)))
            .values(
                standing=standing,
                decided_at=at,
                decided_by=by,
                note=note,
                until_on=until_on,
                to_agency=to_agency,
            )
        )


def undecided(tx: Transaction) -> Sequence[Petition]:
    """All that nobody has decided, the oldest first."""
    rows = tx.execute(
        select(tables.petition)
        .where(tables.petition.c.standing == Standing.WAITING)
        .order_by(tables.petition.c.id)
    )
    return [_petition(row) for row in rows]


def waiting(tx: Transaction) -> int:
    """How many petitions nobody has decided."""
    query = select(func.count()).select_from(tables.petition)
    return int(tx.execute(query.where(tables.petition.c.standing == Standing.WAITING)).scalar_one())


def acting(tx: Transaction, cycle_id: int) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The agencies that answer in the place of others in a cycle, as JSON, by task and agency that owes."""
    rows = tx.execute(
        select(tables.request.c.task, tables.request.c.agency, tables.request.c.acting).where(
            tables.request.c.cycle_id == cycle_id, tables.request.c.acting.is_not(None)
        )
    )
    return {(row.task, row.agency): row.acting for row in rows}


def record_acting(tx: Transaction, request_id: int, agency: Mapping[str, Any] | None) -> None:
    """Let another agency answer a request from now on; None for the one that owes it."""
    tx.execute(
        update(tables.request)
        .where(tables.request.c.id == request_id)
        .values(acting=dict(agency) if agency is not None else None)
    )


# Built once: mails that come in run them.
_OF_REQUEST = (
    select(tables.petition)
    .where(tables.petition.c.request_id == bindparam("request_id"))
    .order_by(tables.petition.c.id)
)
_WAITING_ABOUT = select(tables.petition.c.request_id).where(
    tables.petition.c.request_id.in_(bindparam("ids", expanding=True)),
    tables.petition.c.standing == Standing.WAITING,
)


def _petition(row: Row[Any]) -> Petition:
    return Petition(
        id=row.id,
        request_id=row.request_id,
        inbox_id=row.inbox_id,
        kind=row.kind,
        asked_at=row.asked_at,
        asked_until_on=row.asked_until_on,
        handed_to=row.handed_to,
        sender=row.sender,
        text=row.text,
        standing=Standing(row.standing),
        until_on=row.until_on,
        to_agency=row.to_agency,
    )
