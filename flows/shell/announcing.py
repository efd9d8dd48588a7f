"""Announcing: which bulletins go to chat channels beside the mails that are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flows.shell.drafts import Draft
from notifiers.bulletin import Bulletin, bulletin, is_announced, subject_of
from schemas.catalogue import Bundle

if TYPE_CHECKING:
    from flows.ledger.tables import Row


def announced(drafts: Iterable[Draft], *, cycle_id: int, at: datetime) -> list[Row]:
    """The rows of bulletins beside letters written at one time in one cycle, for whoever asked for them.

    Those for one channel about one thing become one bulletin, under the key of the first.
    """
    together: dict[tuple[str, str, str], list[Draft]] = {}
    for draft in drafts:
        channel = channel_beside(draft)
        if channel is not None:
            about = (channel, subject_of(draft.letter), draft.letter.language)
            together.setdefault(about, []).append(draft)
    return [
        row(
            channel,
            about,
            bulletin([one.letter for one in same]),
            key=same[0].key,
            cycle_id=cycle_id,
            at=at,
        )
        for (channel, about, _), same in together.items()
    ]


def channel_beside(draft: Draft) -> str | None:
    """The channel in which whoever a letter goes to also hears of it; None for mail alone."""
    return draft.to.channel if is_announced(draft.letter) else None


def row(channel: str, about: str, said: Bulletin, *, key: str, cycle_id: int, at: datetime) -> Row:
    """A bulletin as it is kept, beside the mail with that idempotency key."""
    return {
        "key": f"{key}/{channel}",
        "cycle_id": cycle_id,
        "channel": channel,
        "about": about,
        "title": said.title,
        "text": said.text,
        "created_at": at,
    }


def channels_of(bundles: Iterable[Bundle]) -> Sequence[str]:
    """The channels that agencies of these plans, or their people, name: each once."""
    named = {
        one.notify
        for bundle in bundles
        for agency in bundle.agencies.values()
        for one in (agency, agency.head, agency.deputy, agency.focal_point)
        if one is not None and one.notify is not None
    }
    return sorted(named)
