"""Announcing: which bulletins go to chat channels, beside the mails that are written and at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.core.state import CycleFacts, Status
from flows.shell import wording
from flows.shell.writing.drafts import Draft
from flows.shell.writing.letters import is_classified
from notifiers.bulletin import RESULT, Bulletin, Result, bulletin, is_announced, result, subject_of
from schemas.catalogue import Bundle
from schemas.model import Frequency

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


def ended(plan: CyclePlan, facts: CycleFacts, *, cycle_id: int, at: datetime) -> list[Row]:
    """The rows of bulletins about the end of a period, for whoever follows the plan up and whoever issued it,
    where they asked for them: each channel once.
    """
    bundle, spec = plan.bundle, plan.bundle.spec.plan
    on = max(task.as_of_on for task in plan.tasks)
    wanted = {
        one.channel: one for one in (ladder.issuer(bundle, on), ladder.decider(bundle, on)) if one.channel
    }
    said = _result(plan, facts)
    if not said.owed:
        return []  # nothing, or only what is classified
    once = plan.period.frequency is Frequency.ONCE and plan.period.demand is None
    return [
        row(
            channel,
            RESULT,
            result(
                to.agency.language,
                plan_number=spec.number,
                cycle="" if once else wording.cycle_name(plan.period, to.agency.language),
                ended=said,
            ),
            key=f"{plan.plan_id}/{plan.key}/{RESULT}",
            cycle_id=cycle_id,
            at=at,
        )
        for channel, to in wanted.items()
    ]


def _result(plan: CyclePlan, facts: CycleFacts) -> Result:
    told = {
        key: request.status
        for key, request in facts.requests.items()
        if request.status is not Status.WITHDRAWN and not is_classified(plan, key[0])
    }
    statuses = Counter(told.values())
    silent = [
        plan.bundle.agencies[agency].called
        for (_, agency), status in told.items()
        if status is Status.MISSING
    ]
    return Result(
        owed=statuses.total(),
        in_time=statuses[Status.REPORTED],
        late=statuses[Status.REPORTED_LATE],
        missing=statuses[Status.MISSING],
        silent=tuple(dict.fromkeys(silent)),
        in_part=any(is_classified(plan, task.id) for task in plan.tasks),
    )


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
