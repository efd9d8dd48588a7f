"""Status: every plan and cycle in figures, read from the ledger in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.core.state import Status
from flows.ledger import bulletins, cycles, figures, inbox, landings, outbox, petitions, plans
from flows.ledger.bulletins import ChannelTrouble
from flows.ledger.database import Ledger
from flows.ledger.inbox import Placing
from flows.ledger.landings import Landed
from flows.ledger.plans import CycleState
from flows.shell import wording
from flows.shell.astray.unreached import Unreached, reached
from flows.shell.versions import Versions

_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class CycleStatus:
    """A cycle in figures."""

    key: str
    name: str
    state: CycleState
    requests: Mapping[Status, int]
    escalations: Mapping[int, int]
    """How many times each rung was climbed."""
    next_action: str | None
    next_at: datetime | None
    landed: Sequence[Landed]

    @property
    def owed(self) -> int:
        """How many reports are owed; one that was withdrawn is not."""
        return sum(self.requests.values()) - self.requests.get(Status.WITHDRAWN, 0)


@dataclass(frozen=True, kw_only=True)
class PlanStatus:
    """A plan with its cycles, in the order of time."""

    plan_id: str
    number: str
    title: str
    cycles: Sequence[CycleStatus]


@dataclass(frozen=True, kw_only=True)
class LedgerStatus:
    """Everything at a glance."""

    plans: Sequence[PlanStatus]
    mails: Mapping[str, int]
    """How many outgoing mails stand at each status."""
    unplaced: int
    """How many incoming mails a person must look at."""
    undecided: int
    """How many of the things that agencies ask for nobody has decided."""
    troubled: int
    """How many mails about requests under way were refused, or may not have arrived."""
    unreachable: int = 0
    """How many reports are asked for of agencies that no mail reaches."""
    unreached: Sequence[Unreached] = ()
    """The addresses on file that no mail reaches."""
    channels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each chat channel, how many bulletins stand at each status."""
    silent_channels: Sequence[ChannelTrouble] = ()
    """The channels that something did not arrive in since they last took anything."""


def read_status(ledger: Ledger, versions: Versions) -> LedgerStatus:
    """The figures of every applied plan."""
    with ledger.read() as tx:
        counts = figures.requests_by_status(tx)
        rungs = figures.escalations_by_rung(tx)
        landed = landings.by_cycle(tx)
        by_plan: dict[str, list[CycleStatus]] = {}
        for stored in cycles.all_cycles(tx):
            plan = versions.cycle(tx, stored)
            language = plan.bundle.spec.plan.language
            by_plan.setdefault(stored.plan_id, []).append(
                CycleStatus(
                    key=stored.key,
                    name=wording.cycle_name(plan.period, language),
                    state=stored.state,
                    requests=counts.get(stored.id, {}),
                    escalations=rungs.get(stored.id, {}),
                    next_action=stored.next_action
                    or ("open" if stored.state is CycleState.PLANNED else None),
                    next_at=stored.wake_at,
                    landed=landed.get(stored.id, ()),
                )
            )
        found = []
        for plan_id, version_id in plans.plan_versions(tx).items():
            spec = versions.bundle(tx, version_id).spec.plan
            found.append(
                PlanStatus(
                    plan_id=plan_id, number=spec.number, title=spec.title, cycles=by_plan.get(plan_id, [])
                )
            )
        mail = reached(tx, versions)
        return LedgerStatus(
            plans=found,
            mails=figures.mails_by_status(tx),
            unplaced=inbox.count(tx, Placing.UNPLACED),
            undecided=petitions.waiting(tx),
            troubled=len(outbox.troubled(tx, _MOST)),
            unreachable=mail.reports_of_nobody,
            unreached=mail.unreached,
            channels=bulletins.by_status(tx),
            silent_channels=bulletins.troubles(tx),
        )


def as_json(status: LedgerStatus) -> dict[str, Any]:
    """What `dondoc status --json` prints: plans → cycles → counts by state, rungs, next action."""
    return {
        "plans": [
            {
                "plan": plan.plan_id,
                "number": plan.number,
                "title": plan.title,
                "cycles": [_cycle_json(cycle) for cycle in plan.cycles],
            }
            for plan in status.plans
        ],
        "mails": dict(status.mails),
        "unplaced_mails": status.unplaced,
        "waiting": {
            "mails": status.unplaced,
            "to_decide": status.undecided,
            "troubled_mails": status.troubled,
        },
        "unreachable": status.unreachable,
        "unreached": [one.as_json() for one in status.unreached],
        "channels": {channel: dict(counts) for channel, counts in status.channels.items()},
        "silent_channels": {
            one.channel: {"lost": one.lost, "answer": one.answer} for one in status.silent_channels
        },
    }


def _cycle_json(cycle: CycleStatus) -> dict[str, Any]:
    following = None
    if cycle.next_action is not None and cycle.next_at is not None:
        following = {"action": cycle.next_action, "at": cycle.next_at.isoformat()}
    return {
        "cycle": cycle.key,
        "name": cycle.name,
        "state": cycle.state,
        "requests": {status: cycle.requests.get(status, 0) for status in Status},
        "escalations": {str(rung): times for rung, times in cycle.escalations.items()},
        "next": following,
        "landed": [
            {"plan": one.plan_id, "cycle": one.cycle_key, "task": one.task, "status": one.status}
            for one in cycle.landed
        ],
    }
