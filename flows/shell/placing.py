"""Placing: which request a mail belongs to, decided by evidence, with the evidence named."""

from __future__ import annotations

from dataclasses import dataclass

from flows.ledger import inbox
from flows.ledger.database import Transaction
from flows.ledger.inbox import KeptMail
from flows.shell.letters import Identity
from notifiers.address import read_address, read_return_path
from notifiers.replies import Understood


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a mail belongs; without a request, `reason` says what was looked for in vain."""

    request_id: int | None
    reason: str


def place(tx: Transaction, identity: Identity, mail: KeptMail, understood: Understood) -> Place:
    """The request a mail belongs to.

    A signed address is proof, whoever wrote: agencies pass requests on inside the house. References to a mail
    of ours are proof only from an address that we wrote to about that request.
    """
    for address in (*mail.envelope_to, *understood.recipients):
        for read, how in ((read_address, "signed-address"), (read_return_path, "return-path")):
            key = read(address, identity.mailbox, identity.secret)
            request_id = identity.request_of(key) if key is not None else None
            if request_id is not None and inbox.request(tx, request_id) is not None:
                return Place(request_id=request_id, reason=how)
    named = [*understood.references, *([understood.in_reply_to] if understood.in_reply_to else [])]
    if understood.bounce is not None and understood.bounce.original_message_id:
        named.append(understood.bounce.original_message_id)
    request_id = inbox.request_of_message(tx, named)
    if request_id is None:
        return Place(request_id=None, reason="no signed address, no reference to a mail of ours")
    if understood.sender is None or understood.sender not in inbox.written_to(tx, request_id):
        return Place(request_id=None, reason="refers to a mail of ours, from an address not on file")
    return Place(request_id=request_id, reason="references, from an address on file")
