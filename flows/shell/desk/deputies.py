"""Deputies: agencies that answer in the place of others, as letters name them and the ledger keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.core import ladder
from notifiers.ports import Party
from schemas.model import Agency


def as_named(agency: Agency) -> Party:
    """The agency as a letter names it."""
    return Party(name=agency.called, mailbox=ladder.contact_of(agency).mailbox)


def as_kept(agency: Agency, known: Mapping[str, Agency]) -> dict[str, Any]:
    """The agency as the ledger keeps it; a superior that the plan does not know cannot be climbed to."""
    kept = agency if agency.superior in known else agency.model_copy(update={"superior": None})
    return kept.model_copy(update={"valid": None}).model_dump(
        mode="json", by_alias=True, exclude_defaults=True
    )
