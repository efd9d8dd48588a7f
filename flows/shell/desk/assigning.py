"""Assigning: a person says which request a mail answers, or that it counts for nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.core.state import Status
from flows.ledger import cycles, inbox, requests
from flows.ledger.database import Transaction
from flows.ledger.inbox import KeptMail, ListedMail, Placing
from flows.ledger.plans import CycleState
from flows.ledger.requests import NamedRequest
from flows.shell.desk.petitions import Petitions
from flows.shell.desk.refusals import (
    DealtWith,
    NoSuchRequest,
    NotAskedFor,
    PeriodOver,
    UnknownMail,
    WhichRequest,
)
from flows.shell.incoming.placing import place
from flows.shell.incoming.receiving import Receiver
from flows.shell.incoming.sharing import shared
from flows.shell.incoming.sitting import sitting
from flows.shell.passes import Shell
from notifiers.replies import ReplyKind, understand

_LEFT_TO_A_PERSON = (Placing.UNPLACED, Placing.IGNORED)
_ASKED_FOR = (Status.OPEN, Status.OVERDUE, Status.REPORTED, Status.REPORTED_LATE, Status.MISSING)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A request as a person names it; what is left out must follow from the rest."""

    plan_id: str
    task: str
    agency: str | None = None
    cycle_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What came of it."""

    request: NamedRequest
    verdict: str
    """What the mail was taken for: accepted, partly, refused, noted …"""
    for_a_person: str | None
    """Why it still waits for a person, when it does."""


def assign(shell: Shell, number: int, named: Named, *, by: str, as_report: bool = False) -> Assigned:
    """Deal with a mail as if it had been placed at a request, once; with `as_report`, whatever else it seems
    to be. Raises DeskError and changes nothing when that cannot be.
    """
    with shell.ledger.write() as tx:
        listed, mail = undecided(tx, number)
        understood = understand(mail.raw)
        if as_report:
            understood = replace(understood, kind=ReplyKind.REPLY)
        request = _request(tx, shell, named, understood.sender or mail.envelope_from)
        at = shell.clock.now()
        with sitting(tx, shell.versions) as held:
            receiver = Receiver(sitting=held, identity=shell.identity, at=at)
            receiver.petitions.drop(number, by=by, but_at=None if as_report else request.id)
            parcel = place(held, shell.identity, mail, understood).parcel
            parts = shared(tx, shell.versions, shell.identity, parcel, [request.id], understood).by_request
            # a person says where it belongs; what is not marked as another report's is this one's
            why = receiver.take(request.id, mail, parts.get(request.id, understood))
        inbox.place(
            tx,
            number,
            Placing.PLACED if why is None else Placing.UNPLACED,
            kind=understood.kind,
            sender=listed.sender,
            subject=understood.subject,
            reason="assigned by a person" if why is None else why,
            request_id=request.id,
        )
        inbox.record_decision(tx, number, by=by, at=at, note=None)
        event = {"at": at, "cycle_id": request.cycle_id, "request_id": request.id, "event": "assigned"}
        cycles.record_journal(tx, [event | {"detail": {"inbox": number, "by": by}}])
        verdict = requests.last_verdict(tx, number, request.id) or understood.kind.value
    return Assigned(request=request, verdict=verdict, for_a_person=why)


def discard(shell: Shell, number: int, reason: str, *, by: str) -> None:
    """Let a mail count for nothing, and say why. Raises DeskError."""
    with shell.ledger.write() as tx:
        listed, _ = undecided(tx, number)
        at = shell.clock.now()
        desk = Petitions(versions=shell.versions, identity=shell.identity, tx=tx, at=at)
        desk.drop(number, by=by, note=reason)
        inbox.discard(tx, number)
        inbox.record_decision(tx, number, by=by, at=at, note=reason)
        about = listed.request
        event = {
            "at": at,
            "cycle_id": about.cycle_id if about else None,
            "request_id": about.id if about else None,
            "event": "discarded",
            "detail": {"inbox": number, "by": by, "reason": reason},
        }
        cycles.record_journal(tx, [event])


def undecided(tx: Transaction, number: int) -> tuple[ListedMail, KeptMail]:
    """A mail that waits for a person, or that was set aside; locks it. Raises UnknownMail and DealtWith."""
    mail = inbox.kept(tx, number)
    listed = inbox.listed_one(tx, number)
    if mail is None or listed is None:
        raise UnknownMail(number=number)
    if listed.placing not in _LEFT_TO_A_PERSON:
        raise DealtWith(number=number, placing=listed.placing)
    return listed, mail


def _request(tx: Transaction, shell: Shell, named: Named, sender: str) -> NamedRequest:
    """The one request that is meant: of several agencies, the one that the sender is known to write for; of
    several periods, the one under way.
    """
    every = requests.of_plan(tx, named.plan_id, named.cycle_key)
    of_task = [one for one in every if one.task == named.task]
    found = [one for one in of_task if named.agency in (None, one.agency)]
    if not found:
        beside = of_task or every
        known = {one.agency for one in of_task} if of_task else {one.task for one in every}
        raise NoSuchRequest(
            named=" ".join(
                part for part in (named.plan_id, named.task, named.agency, named.cycle_key) if part
            ),
            known=", ".join(sorted(known)) if beside else "–",
        )
    if named.cycle_key is None:
        found = [one for one in found if one.cycle_state is CycleState.ACTIVE] or found
    if len(found) > 1 and named.agency is None:
        found = [one for one in found if _writes_for(tx, shell, one, sender)] or found
    if len(found) > 1:
        asked = [one for one in found if one.status.asked]
        found = asked if len(asked) == 1 else found
    if len(found) > 1:
        raise WhichRequest(named=", ".join(f"{one.agency} --cycle {one.cycle_key}" for one in found))
    (request,) = found
    if request.cycle_state is not CycleState.ACTIVE:
        raise PeriodOver(plan=request.plan_id, cycle=request.cycle_key, state=request.cycle_state)
    if request.status not in _ASKED_FOR:
        raise NotAskedFor(task=request.task, agency=request.agency, status=request.status)
    return request


def _writes_for(tx: Transaction, shell: Shell, request: NamedRequest, sender: str) -> bool:
    plan = shell.versions.standing(tx, cycles.by_id(tx, request.cycle_id))
    return plan.bundle.agencies[request.agency].writes_from(sender)
