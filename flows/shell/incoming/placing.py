"""Placing: which request a mail belongs to, decided by evidence, with the evidence named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.core.correlation import Candidate, Clue, Verdict, Writer, correlate
from flows.ledger import inquiries
from flows.ledger.inbox import KeptMail
from flows.shell.incoming.evidence import Evidence
from flows.shell.incoming.sitting import Sitting
from flows.shell.writing.identity import Identity
from notifiers.address import read_address, read_return_path
from notifiers.delivered import is_left_behind
from notifiers.replies import ReplyKind, Understood

ANSWERS_OURS = "says which report another mail is about"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a mail belongs; without a request, `reason` says why not."""

    request_ids: tuple[int, ...] = ()
    """More than one when somebody answers several requests in one mail."""
    parcel: str | None = None
    """The mail of ours about several requests that it answers: each of them has a part of it."""
    reason: str
    petition_id: int | None = None
    """What it decides, when it is the word of whoever decides."""
    for_bounces: bool = False
    """Whether it came to an address that only servers write to."""
    by_stranger: bool = False
    """Whether whoever wrote it is known to nobody, and only had an address that we signed."""
    may_mean: tuple[int, ...] = ()
    """The requests that its sender could mean, and may be asked about; none when nobody is to be asked."""
    for_a_person: bool = False
    """Whether somebody must look at it, though it seems to be none of our business."""
    inquiry_id: int | None = None
    """The question of ours, which report another mail is about, that it answers."""


def place(sitting: Sitting, identity: Identity, mail: KeptMail, understood: Understood) -> Place:
    """The requests a mail belongs to.

    A signed address is proof, whoever wrote: agencies pass requests on inside the house. All else is weighed
    by `flows.core.correlation`, and proves nothing without an address on file.
    """
    signed = False
    for addresses in (mail.envelope_to, understood.recipients):
        apart = _decided(identity, addresses) or _returned(sitting, identity, addresses)
        if apart is not None:
            return apart
        if any(read_address(one, identity.mailbox, identity.secret) for one in addresses):
            signed = True
            break
    if _forged(identity, mail, understood):
        return Place(reason="to an address of ours whose signature is wrong")
    answers = [one for one in (*understood.references[-1:], understood.in_reply_to) if one is not None]
    if not signed and (asked := inquiries.referred_to(sitting.dossier.beside, answers)) is not None:
        return Place(inquiry_id=asked.id, reason=ANSWERS_OURS)
    evidence = Evidence(sitting=sitting, identity=identity, mail=mail, read=understood)
    candidates = evidence.candidates()
    found = correlate(
        candidates,
        reports=understood.kind is ReplyKind.REPLY,
        by_machine=not understood.kind.by_person,
    )
    if found.verdict is Verdict.FOUND:
        return Place(
            request_ids=found.request_ids,
            parcel=found.together,
            reason=found.reason,
            by_stranger=found.writer is Writer.STRANGER,
        )
    if understood.kind is ReplyKind.UNRELATED and any(map(_is_reported, candidates)):
        return Place(reason="sent to many, and may be a report", for_a_person=True)
    askable = evidence.askable(found) if understood.kind.by_person else ()
    return Place(reason=found.reason, may_mean=tuple(askable))


def no_answer(mail: KeptMail, understood: Understood, found: Place) -> str | None:
    """Why a mail cannot count as what a person answers, however much it looks like that; None when it can."""
    if understood.given_up is not None:
        return understood.given_up
    if is_left_behind(mail.raw):
        return "too large to be fetched: it lies in the mailbox, unread"
    if understood.kind.by_person and (found.for_bounces or not mail.envelope_from):
        # a responder that does not say so
        return "written by a machine: without a sender, or to where bounces come"
    return None


def _decided(identity: Identity, addresses: Sequence[str]) -> Place | None:
    """The petition, or the question of ours, that one of these addresses decides."""
    for address in addresses:
        key = read_address(address, identity.mailbox, identity.secret)
        if key is None:
            continue
        if (petition := identity.petition_of(key)) is not None:
            return Place(petition_id=petition, reason="decides what an agency asked for")
        if (inquiry := identity.inquiry_of(key)) is not None:
            return Place(inquiry_id=inquiry, reason=ANSWERS_OURS)
    return None


def _returned(sitting: Sitting, identity: Identity, addresses: Sequence[str]) -> Place | None:
    """The requests to whose addresses for bounces it came, and to none of their addresses for answers."""
    if any(read_address(one, identity.mailbox, identity.secret) for one in addresses):
        return None
    keys = [read_return_path(one, identity.mailbox, identity.secret) for one in addresses]
    parcel = next((key for key in keys if key is not None and identity.is_parcel(key)), None)
    if parcel is not None and (all_of_it := sitting.dossier.in_parcel(parcel)):
        return Place(request_ids=all_of_it, parcel=parcel, reason="return-path", for_bounces=True)
    named = {identity.request_of(key) for key in keys if key is not None}
    ids = sorted(one for one in named if one is not None and sitting.dossier.request(one) is not None)
    asked = next((one for key in keys if key is not None and (one := identity.inquiry_of(key))), None)
    if not ids and asked is None:
        return None
    return Place(request_ids=tuple(ids), inquiry_id=asked, reason="return-path", for_bounces=True)


def _is_reported(one: Candidate) -> bool:
    """Whether a mail from an address on file could be the report, by what it says."""
    return one.writer is Writer.ON_FILE and not one.clues.isdisjoint({Clue.ANSWERS, Clue.CALLED_REPORT})


def _forged(identity: Identity, mail: KeptMail, understood: Understood) -> bool:
    """Whether it was sent to what looks like an address of ours and is none, and to no true one."""
    local, _, domain = identity.mailbox.casefold().rpartition("@")
    ours = [
        one
        for one in (*map(str.casefold, mail.envelope_to), *understood.recipients)
        if one.startswith(f"{local}+") and one.endswith(f"@{domain}")
    ]
    return bool(ours) and not any(read_address(one, identity.mailbox, identity.secret) for one in ours)
