"""Listings: whose addresses stand in the directories of applied plans, to be found by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Select, bindparam, delete, insert, select

from flows.ledger import tables
from flows.ledger.database import Transaction
from schemas.catalogue import Bundle


def record(tx: Transaction, bundle: Bundle) -> None:
    """Note the addresses of a plan's agencies, in the place of those of its version before."""
    plan_id = bundle.spec.plan.id
    tx.execute(delete(tables.listing).where(tables.listing.c.plan_id == plan_id))
    rows = [
        {"address": address, "plan_id": plan_id, "agency": agency.id}
        for agency in bundle.agencies.values()
        for address in sorted(agency.addresses)
    ]
    if rows:
        tx.execute(insert(tables.listing), rows)


def plans_of(tx: Transaction, addresses: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """The plans whose directories have these addresses, by address in one case; of no plan, left out."""
    wanted = sorted({one.casefold() for one in addresses})
    found: dict[str, set[str]] = {}
    for start in range(0, len(wanted), _PAGE):
        for row in tx.execute(_PLANS_OF, {"addresses": wanted[start : start + _PAGE]}):
            found.setdefault(row.address, set()).add(row.plan_id)
    return {address: frozenset(plans) for address, plans in found.items()}


_PAGE = 500
_PLANS_OF = (
    select(tables.listing.c.address, tables.listing.c.plan_id)
    .where(tables.listing.c.address.in_(bindparam("addresses", expanding=True)))
    .distinct()
)

OWED_BY: Select[tuple[int]] = (
    select(tables.request.c.id)
    .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
    .join(
        tables.listing,
        (tables.listing.c.plan_id == tables.cycle.c.plan_id)
        & (tables.listing.c.agency == tables.request.c.agency),
    )
    .where(tables.listing.c.address == bindparam("address"))
)
"""The requests of agencies that an `address` is listed for."""
