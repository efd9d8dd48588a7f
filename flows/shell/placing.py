"""Placing: which request a mail belongs to, decided by evidence, with the evidence named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.ledger import cycles, inbox, outbox
from flows.ledger.database import Transaction
from flows.ledger.inbox import KeptMail
from flows.shell.letters import Identity
from flows.shell.versions import Versions
from notifiers.address import read_address, read_return_path
from notifiers.replies import Understood


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a mail belongs; without a request, `reason` says what was looked for in vain."""

    request_ids: tuple[int, ...] = ()
    """More than one when somebody answers several requests in one mail."""
    parcel: str | None = None
    """The mail of ours about several requests that it answers: each of them has a part of it."""
    reason: str
    petition_id: int | None = None
    """What it decides, when it is the word of whoever decides."""
    for_bounces: bool = False
    """Whether it came to an address that only servers write to."""


def place(
    tx: Transaction, versions: Versions, identity: Identity, mail: KeptMail, understood: Understood
) -> Place:
    """The requests a mail belongs to.

    A signed address is proof, whoever wrote: agencies pass requests on inside the house. References to a mail
    of ours are proof only from an address that we wrote to about that request, or that its agency is known to
    write from. What stands in the envelope
    goes before what stands in the mail: of a mail to several requests, a server may deliver a copy to each.
    """
    for addresses in (mail.envelope_to, understood.recipients):
        petition_id = _petition(identity, addresses)
        if petition_id is not None:
            return Place(petition_id=petition_id, reason="decides what an agency asked for")
        for read, how in ((read_address, "signed-address"), (read_return_path, "return-path")):
            keys = [read(address, identity.mailbox, identity.secret) for address in addresses]
            parcel = next((key for key in keys if key is not None and identity.is_parcel(key)), None)
            if parcel is not None and (all_of_it := outbox.in_parcel(tx, parcel)):
                return Place(
                    request_ids=all_of_it, parcel=parcel, reason=how, for_bounces=read is read_return_path
                )
            named = {identity.request_of(key) for key in keys if key is not None}
            ids = sorted(one for one in named if one is not None and inbox.request(tx, one) is not None)
            if ids:
                return Place(request_ids=tuple(ids), reason=how, for_bounces=read is read_return_path)
    messages = [*understood.references, *([understood.in_reply_to] if understood.in_reply_to else [])]
    if understood.bounce is not None and understood.bounce.original_message_id:
        messages.append(understood.bounce.original_message_id)
    answered, written = inbox.about(tx, messages)
    if not written:
        return Place(reason="no signed address, no reference to a mail of ours")
    if understood.doubt is not None:
        return Place(reason=f"refers to a mail of ours, and its sender is in doubt: {understood.doubt}")
    if understood.sender is None or not _on_file(tx, versions, written[0], understood.sender):
        return Place(reason="refers to a mail of ours, from an address not on file")
    together = outbox.in_parcel(tx, answered) if answered is not None else written
    return Place(request_ids=together, parcel=answered, reason="references, from an address on file")


def _petition(identity: Identity, addresses: Sequence[str]) -> int | None:
    """The petition that one of these addresses decides."""
    for address in addresses:
        key = read_address(address, identity.mailbox, identity.secret)
        if key is not None and (found := identity.petition_of(key)) is not None:
            return found
    return None


def _on_file(tx: Transaction, versions: Versions, request_id: int, sender: str) -> bool:
    """Whether we wrote to an address about a request, or its agency is known to write from there."""
    if sender in inbox.written_to(tx, request_id):
        return True
    asked = inbox.request(tx, request_id)
    if asked is None:
        return False
    plan = versions.standing(tx, cycles.by_id(tx, asked.cycle_id))
    named = (asked.agency, plan.answering(asked.task, asked.agency))
    known = (plan.bundle.agencies.get(one) for one in named)
    return any(agency.writes_from(sender) for agency in known if agency is not None)
