"""Preparing: what most mails of a batch will need of the ledger, read at once before each is dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flows.core import ladder
from flows.ledger.inbox import KeptMail
from flows.shell.incoming.receiving import Receiver
from flows.shell.writing.identity import Identity
from notifiers.address import read_address
from notifiers.replies import Understood

_MOST = 400
"""Requests that are read beforehand; what else is asked for is read when it is."""


def prepare(receiver: Receiver, mails: Sequence[tuple[KeptMail, Understood]]) -> None:
    """Read about the requests that these mails name by an address or a reference of ours, and lock their
    cycles, all in one order: who deals with other mails meanwhile never waits in a circle.
    """
    dossier = receiver.dossier
    dossier.read_seen(read.message_id for _, read in mails if read.message_id is not None)
    dossier.read_about(one for _, read in mails for one in _references(read))
    named: dict[int, None] = {}
    for mail, read in mails:
        named |= dict.fromkeys(_signed(receiver.identity, (*mail.envelope_to, *read.recipients)))
        named |= dict.fromkeys(dossier.about(_references(read))[1])
    ids = list(named)[:_MOST]
    receiver.sitting.lock(*dossier.cycles_of(ids))
    dossier.read(ids)
    receiver.count_answers(_answered_at(receiver, ids))


def _references(read: Understood) -> Sequence[str]:
    return [*read.references, *([read.in_reply_to] if read.in_reply_to else [])]


def _signed(identity: Identity, addresses: Iterable[str]) -> Iterable[int]:
    for address in addresses:
        key = read_address(address, identity.mailbox, identity.secret)
        request_id = identity.request_of(key) if key is not None else None
        if request_id is not None:
            yield request_id


def _answered_at(receiver: Receiver, ids: Iterable[int]) -> Iterable[str]:
    """The addresses to which answers about these requests go."""
    for place in filter(None, map(receiver.dossier.request, ids)):
        plan = receiver.sitting.plan(place.cycle_id)
        to = ladder.owner(plan.bundle, plan.answering(place.task, place.agency))
        if to.mailbox is not None:
            yield to.mailbox
