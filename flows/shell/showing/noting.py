"""Noting: what stands beside a request on the sheet: what its agency asked for, who answers, who is away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.core.absence import is_on_file
from flows.core.cycle import CyclePlan
from flows.core.state import RequestFacts, RequestKey
from flows.ledger import failures, petitions, requests
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.failures import Dead
from flows.ledger.petitions import Petition, Standing
from flows.shell import wording
from notifiers.replies import ReplyKind
from notifiers.wording import printable, shortened
from schemas.model import Language

_LONGEST_ANSWER = 80


def notes(
    tx: Transaction, plan: CyclePlan, stored: StoredCycle, asked: Mapping[RequestKey, StoredRequest]
) -> Mapping[RequestKey, str]:
    """A few words beside each request about which there is something to say, in the plan's language."""
    by_request = petitions.of_cycle(tx, stored.id)
    received = requests.received(tx, stored.id)
    troubled = failures.troubled(tx, stored.id)
    dead, sent_on = failures.dead(tx, troubled), failures.sent_on(tx, troubled)
    found: dict[RequestKey, str] = {}
    for key, request in asked.items():
        said = list(_said(plan, key, by_request.get(request.id, ())))
        if request.facts.status.asked:
            said += _away(plan, key, request.facts)
            said += _dead(plan, dead.get(request.id, {}), sent_on.get(request.id, ()))
        if request.id in received and request.facts.status.asked:
            day = plan.calendar.day_of(received[request.id])
            said.append(wording.text("note_received", _language(plan), day=wording.day(day, _language(plan))))
        if said:
            found[key] = "; ".join(said)
    return found


def _said(plan: CyclePlan, key: RequestKey, asked: Sequence[Petition]) -> Iterator[str]:
    language = _language(plan)
    if key in plan.acting:
        yield wording.text("note_acting", language, agency=plan.bundle.agencies[plan.acting[key]].called)
    granted = [one for one in asked if one.standing is Standing.GRANTED and one.until_on is not None]
    if granted and granted[-1].until_on is not None:
        yield wording.text("note_granted", language, until=wording.day(granted[-1].until_on, language))
    for one in asked:
        if one.standing is not Standing.WAITING:
            continue
        if one.kind == ReplyKind.EXTENSION_REQUEST and one.asked_until_on is not None:
            until = wording.day(one.asked_until_on, language)
            yield wording.text("note_extension_until", language, until=until)
        else:
            yield wording.text(f"note_{one.kind}", language)


def _dead(plan: CyclePlan, dead: Mapping[str, Dead], sent_on: Sequence[str]) -> Iterator[str]:
    """Which addresses no mail about it reaches, and which were reached instead."""
    language = _language(plan)
    for one in dead.values():
        since = wording.day(plan.calendar.day_of(one.since_at), language)
        answer = shortened(printable(one.answer), _LONGEST_ANSWER)
        yield wording.text("note_dead", language, address=one.address, day=since, answer=answer)
    instead = [address for address in sent_on if address.casefold() not in dead]
    if instead:
        yield wording.text("note_sent_on", language, addresses=", ".join(instead))


def _away(plan: CyclePlan, key: RequestKey, facts: RequestFacts) -> Iterator[str]:
    """Who was asked and is away; an address that was named for the meantime and is not on file."""
    language = _language(plan)
    agency = plan.bundle.agencies[plan.answering(*key)]
    for address, absence in facts.away.items():
        if absence.back_on is not None:
            back_on = wording.day(absence.back_on, language)
            yield wording.text("note_away_until", language, address=address, day=back_on)
        else:
            yield wording.text("note_away", language, address=address)
        if absence.instead is not None and not is_on_file(agency, absence.instead):
            yield wording.text("note_named", language, address=absence.instead)


def _language(plan: CyclePlan) -> Language:
    return plan.bundle.spec.plan.language
