"""The chase so far: what was written about requests, and what came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, not_, select

from flows.ledger import outgoing, tables
from flows.ledger.database import Transaction
from flows.ledger.outbox import MailStatus

_LEFT = (MailStatus.SENDING, MailStatus.SENT, MailStatus.IN_DOUBT)
_ABOVE = "escalation"
"""The kind of the mails that tell somebody above of a delay."""
_NOT_WHOLE = ("partly", "refused", "noted")


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A mail that left, or an answer that came and was no whole report."""

    at: datetime
    kind: str
    """The kind of the mail; "reply" for an answer."""
    step: int = 1


@dataclass(frozen=True, kw_only=True)
class ToldAbove:
    """Somebody to whom a mail about a delay left."""

    step: int
    """The rung."""
    agency: str
    """The agency that the rung turned to, by its id."""
    address: str


def chases(tx: Transaction, request_ids: Iterable[int]) -> Mapping[int, Sequence[Happened]]:
    """What has happened about each request, in the order of time."""
    ids = list(request_ids)
    found: dict[int, list[Happened]] = {}
    if not ids:
        return found
    mails = select(
        tables.outbox.c.request_id, tables.outbox.c.kind, tables.outbox.c.step, tables.outbox.c.created_at
    ).where(
        tables.outbox.c.request_id.in_(ids),
        tables.outbox.c.status.in_(_LEFT),
        # the same letter, sent on to somebody else while it was read by nobody, is no further step
        not_(outgoing.marked(outgoing.STAND_IN)),
    )
    for row in tx.execute(mails):
        mail = Happened(at=row.created_at, kind=row.kind, step=row.step)
        found.setdefault(row.request_id, []).append(mail)
    answers = select(tables.reply.c.request_id, tables.reply.c.received_at).where(
        tables.reply.c.request_id.in_(ids), tables.reply.c.verdict.in_(_NOT_WHOLE)
    )
    for reply in tx.execute(answers):
        found.setdefault(reply.request_id, []).append(Happened(at=reply.received_at, kind="reply"))
    return {id_: sorted(steps, key=lambda one: one.at) for id_, steps in found.items()}


def climbed_to(tx: Transaction, request_id: int, step: int) -> str | None:
    """The agency that a rung turned to about a request; None when that rung was not climbed."""
    found = tables.escalation.c
    query = select(found.to_agency).where(found.request_id == request_id, found.step == step)
    return tx.execute(query).scalar()


def told_above(tx: Transaction, request_ids: Iterable[int]) -> Mapping[int, Sequence[ToldAbove]]:
    """Who was told of the delay of each request, by the mails that left, in the order of the rungs."""
    mail, rung = tables.outbox.c, tables.escalation.c
    rows = tx.execute(
        select(mail.request_id, mail.step, mail.envelope_to, rung.to_agency)
        .join(
            tables.escalation,
            and_(rung.request_id == mail.request_id, rung.step == mail.step),
        )
        .where(mail.request_id.in_(list(request_ids)), mail.kind == _ABOVE, mail.status.in_(_LEFT))
        .order_by(mail.id)
    )
    found: dict[int, list[ToldAbove]] = {}
    for row in rows:
        one = ToldAbove(step=row.step, agency=row.to_agency, address=row.envelope_to[0])
        found.setdefault(row.request_id, []).append(one)
    return found
