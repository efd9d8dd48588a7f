"""Sharing: what an answer says to each of the requests that it may be about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.ledger import cycles, inbox, outbox
from flows.ledger.database import Transaction
from flows.shell.versions import Versions
from flows.shell.writing.identity import Identity
from notifiers.replies import Shares, Understood, Wanted, own_part, shares


@dataclass(frozen=True, kw_only=True)
class Shared:
    """An answer, taken apart."""

    by_request: Mapping[int, Understood]
    """What it says to each; a request that it says nothing to is left out."""
    unclear: tuple[str, ...] = ()
    """Lines that more than one of the requests could claim."""


def shared(
    tx: Transaction,
    versions: Versions,
    identity: Identity,
    parcel: str | None,
    ids: Sequence[int],
    said: Understood,
) -> Shared:
    """What an answer says to the requests of these ids: of a mail about several of them, to each its
    own part; else the whole to all, but for forms made for another.
    """
    if parcel is None:
        return Shared(by_request={id_: own_part(said, identity.token(id_)) for id_ in ids})
    wanted = {id_: _wanted(tx, versions, identity, id_) for id_ in outbox.in_parcel(tx, parcel)}
    found: Shares = shares(said, list(wanted.values()))
    parts = {id_: found.by_token[one.token] for id_, one in wanted.items() if one.token in found.by_token}
    return Shared(by_request=parts, unclear=found.unclear)


def _wanted(tx: Transaction, versions: Versions, identity: Identity, request_id: int) -> Wanted:
    asked = inbox.request(tx, request_id)
    if asked is None:
        raise LookupError(request_id)
    plan = versions.standing(tx, cycles.by_id(tx, asked.cycle_id))
    return Wanted(
        token=identity.token(request_id),
        title=plan.by_id[asked.task].task.title,
        form=plan.form(asked.task),
    )
