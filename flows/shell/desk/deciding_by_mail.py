"""Deciding by mail: the coordinator answers the mail in which a petition was put before them."""

from __future__ import annotations

from flows.core import ladder
from flows.ledger import cycles, inbox
from flows.ledger.inbox import KeptMail
from flows.ledger.petitions import Petition, Standing
from flows.shell.desk.petitions import Petitions
from flows.shell.desk.refusals import DeskError
from notifiers.replies import ReplyKind, Understood, read_verdict

NOT_ON_FILE = "decides about a petition, from an address that may not"
IN_DOUBT = "decides about a petition, and its sender is in doubt"
_DECIDED_BY_YES_OR_NO = (ReplyKind.EXTENSION_REQUEST, ReplyKind.DELEGATION)


def decide_by_mail(
    desk: Petitions, petition_id: int, mail: KeptMail, understood: Understood
) -> tuple[int | None, str | None]:
    """Carry a mail's decision out; the request it is about, and why a person must look, when that is so.

    Only who the petition was put before decides, and only with a plain yes or no; to a question the whole
    text is the answer.
    """
    petition = desk.held(petition_id)
    if petition is None:
        return None, "decides about nothing that is known"
    if understood.doubt is not None:
        return petition.request_id, IN_DOUBT
    if understood.sender is None or not _may_decide(desk, petition, understood.sender):
        desk.put_back(petition, understood)
        return petition.request_id, NOT_ON_FILE
    if petition.standing is not Standing.WAITING:
        return petition.request_id, "decides about a petition that was decided before"
    by = f"mail {mail.id}: {understood.sender}"[:80]
    left = [_tried(desk, one, understood, by) for one in desk.together(petition)]
    return petition.request_id, next((why for why in left if why is not None), None)


def _tried(desk: Petitions, petition: Petition, understood: Understood, by: str) -> str | None:
    """Carry it out for one report; why a person must look, when that is so."""
    try:
        return _carried_out(desk, petition, understood, by)
    except DeskError as error:
        return f"a decision that cannot be carried out: {error.key}"


def _carried_out(desk: Petitions, petition: Petition, understood: Understood, by: str) -> str | None:
    if petition.kind not in _DECIDED_BY_YES_OR_NO:
        if not understood.text:
            return "a decision without a word"
        desk.answer(petition, understood.text, by=by)
        return None
    sent_on = understood.sent_at.date() if understood.sent_at else desk.today(petition)
    verdict = read_verdict(understood.text, sent_on)
    if verdict is None:
        return "a decision that is not plain"
    if not verdict.agreed:
        desk.refuse(petition, verdict.reason, by=by)
        return None
    if petition.kind == ReplyKind.DELEGATION:
        return "agrees to hand over: say to whom"
    desk.grant(petition, verdict.until_on, by=by)
    return None


def _may_decide(desk: Petitions, petition: Petition, sender: str) -> bool:
    """Whether the petition is for whoever has that address to decide: the one that it is put before, or one
    that stands in the directory for the agency which decides and for none that asks. That somebody writes
    from the house is not enough.
    """
    place = inbox.request(desk.tx, petition.request_id)
    if place is None:
        return False
    plan = desk.versions.standing(desk.tx, cycles.by_id(desk.tx, place.cycle_id))
    decider = ladder.decider(plan.bundle, plan.by_id[place.task].as_of_on)
    if decider.mailbox is not None and sender == decider.mailbox.casefold():
        return True
    asking = {place.agency, plan.answering(place.task, place.agency)}
    return decider.agency.has_address(sender) and not any(
        plan.bundle.agencies[agency].has_address(sender) for agency in asking
    )
