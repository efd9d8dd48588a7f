"""Reparsing: every mail ever kept, read again by today's parser; what would change, and what safely can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flows.core.state import Status
from flows.ledger import cycles, inbox, requests
from flows.ledger.database import Transaction
from flows.ledger.dossier import Dossier
from flows.ledger.inbox import Placing
from flows.ledger.plans import CycleState
from flows.ledger.requests import KnownMail
from flows.shell.incoming.placing import no_answer, place
from flows.shell.incoming.receiving import Assessment, Receiver
from flows.shell.incoming.sharing import shared
from flows.shell.incoming.sitting import Sitting, sitting
from flows.shell.passes import Shell
from flows.shell.values import to_json
from notifiers.ports import LetterKind
from notifiers.replies import ReplyKind, Understood, understand

_NOT_YET_IN = (Status.OPEN, Status.OVERDUE, Status.MISSING)
_NOT_USED = ("refused", "partly", "noted", "received")


class Remedy(StrEnum):
    """What can be done about a mail that is read otherwise today."""

    ACCEPT = "accept"  # it is a whole report that was not accepted before: safe
    LOOK = "look"  # a person must decide


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A mail that is read otherwise today."""

    number: int
    sender: str
    subject: str
    was_kind: str
    kind: str
    request_id: int | None
    was_given: Mapping[str, Any]
    """Values, as JSON holds them."""
    given: Mapping[str, Any]
    remedy: Remedy


def differences(shell: Shell) -> Iterator[Difference]:
    """What today's parser makes otherwise of mails, in the order they came; changes nothing.

    Mails that a person decided about are left alone.
    """
    with shell.ledger.read() as tx:
        for known in requests.known_mails(tx):
            if not known.decided:
                yield from _compared(tx, shell, known)


def accept(shell: Shell, one: Difference, *, by: str) -> bool:
    """Accept a report that was not understood when it came; False when that is not safe, or no longer.

    Nothing that was accepted is ever taken back or written over.
    """
    with shell.ledger.write() as tx:
        mail = inbox.kept(tx, one.number)
        listed = inbox.listed_one(tx, one.number)
        if mail is None or listed is None or listed.decided_at is not None or one.request_id is None:
            return False
        known = KnownMail(
            mail=mail,
            placing=listed.placing,
            kind=listed.kind,
            sender=listed.sender,
            subject=listed.subject,
            decided=False,
        )
        if one not in tuple(_compared(tx, shell, known)) or one.remedy is not Remedy.ACCEPT:
            return False
        understood = understand(mail.raw, server=shell.vouching_server)
        at = shell.clock.now()
        with sitting(tx, shell.versions) as held:
            parcel = place(held, shell.identity, mail, understood).parcel
            ids = [one.request_id]
            parts = shared(tx, shell.versions, shell.identity, parcel, ids, understood).by_request
            receiver = Receiver(sitting=held, identity=shell.identity, at=at)
            receiver.petitions.drop(one.number, by=by)
            receiver.answered(one.request_id, mail, parts[one.request_id])
        inbox.place(
            tx,
            one.number,
            Placing.PLACED,
            kind=understood.kind,
            sender=listed.sender,
            subject=understood.subject,
            reason="understood when it was read again",
            request_id=one.request_id,
        )
        about = inbox.request(tx, one.request_id)
        event = {"at": at, "cycle_id": about.cycle_id if about else None, "request_id": one.request_id}
        detail = {"inbox": one.number, "by": by}
        cycles.record_journal(tx, [event | {"event": "reparsed", "detail": detail}])
        return True


def _compared(tx: Transaction, shell: Shell, known: KnownMail) -> Iterator[Difference]:
    understood = understand(known.mail.raw, server=shell.vouching_server)
    held = Sitting(dossier=Dossier(tx), versions=shell.versions)
    receiver = Receiver(sitting=held, identity=shell.identity, at=shell.clock.now())
    replies = {one.request_id: one for one in requests.replies_to(tx, known.mail.id)}
    found_at = place(held, shell.identity, known.mail, understood)
    ids = list(replies) or list(found_at.request_ids)
    parts = shared(tx, shell.versions, shell.identity, found_at.parcel, ids, understood).by_request
    trusted = no_answer(known.mail, understood, found_at) is None
    told = False
    for request_id in (one for one in ids if one in parts) if understood.kind.by_person else ():
        before = replies.get(request_id)
        was_given = before.given if before is not None else {}
        found = receiver.assess(request_id, parts[request_id])
        given = to_json(found.given) if found.verdict != "closed" else was_given
        unused = before is None or (before.last and before.verdict in _NOT_USED)
        if given == was_given and (understood.kind == known.kind or before is not None):
            continue
        told = True
        safe = (
            unused
            and trusted
            and known.placing is not Placing.DISCARDED
            and _safe(tx, request_id, found, understood)
        )
        yield Difference(
            number=known.mail.id,
            sender=known.sender,
            subject=known.subject,
            was_kind=known.kind,
            kind=understood.kind,
            request_id=request_id,
            was_given=was_given,
            given=given,
            remedy=Remedy.ACCEPT if safe else Remedy.LOOK,
        )
    if not told and understood.kind != known.kind:
        yield Difference(
            number=known.mail.id,
            sender=known.sender,
            subject=known.subject,
            was_kind=known.kind,
            kind=understood.kind,
            request_id=ids[0] if ids else None,
            was_given={},
            given={},
            remedy=Remedy.LOOK,
        )


def _safe(tx: Transaction, request_id: int, found: Assessment, understood: Understood) -> bool:
    """Whether a whole report stands against a request that has none and is still waited for."""
    stored = cycles.request(tx, request_id)
    about = inbox.request(tx, request_id)
    return (
        about is not None
        and found.letter is LetterKind.ACCEPTED
        and found.verdict == "accepted"
        and understood.kind is ReplyKind.REPLY
        and stored.accepted is None
        and stored.facts.status in _NOT_YET_IN
        and cycles.by_id(tx, about.cycle_id).state is CycleState.ACTIVE
    )
