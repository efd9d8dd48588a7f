"""A small stage: some of the five plans with their simulated agencies around a real `dondoc serve`."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from flows.core.state import Status
from flows.demo.stage import EngineDied, Stage, sound_start
from flows.ledger import tables
from flows.ledger.outbox import MailStatus
from flows.ledger.plans import CycleState
from schemas.check import check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.runs.embedded import EmbeddedServer

ROOT = Path(__file__).parents[2]
CAU_NGANG = ("cau-ngang-99-2024", "tra-vinh-1466-2024")
"""A district with late, silent, mistaken, absent and correcting communes, and the plan above it."""

_MOST_DEATHS = 40


def stage_of(plans: Sequence[str], home: Path, server: EmbeddedServer) -> Stage:
    """Build a stage for these plans; it starts sooner for the empty database that `server` has made."""
    (home / "prefect").mkdir(parents=True)
    for template in server.home.glob("prefect-empty-*.db"):
        shutil.copy(template, home / "prefect")
    catalogue = check([ROOT / "plan_specs"]).catalogue
    catalogue = replace(catalogue, plans={plan: catalogue.plans[plan] for plan in plans})
    return Stage(home=home, catalogue=catalogue, begins_at=sound_start(catalogue), ui_port=0)


def play(stage: Stage) -> int:
    """Play until every cycle has ended; an engine that does not run is started, that was killed started
    again, even when that happened while it started. How often it was killed.
    """
    deaths = 0
    while deaths < _MOST_DEATHS:
        try:
            if stage.engine is None or stage.engine.poll() is not None:
                stage.start()
            while stage.step():
                pass
            return deaths
        except EngineDied as died:
            if died.code != -signal.SIGKILL:
                raise
            deaths += 1
    raise AssertionError("the engine was killed again and again")


def power_cut(stage: Stage) -> None:
    """Kill the engine, from any thread; who plays the stage will find it dead."""
    engine = stage.engine
    if engine is not None and engine.poll() is None:
        os.kill(engine.pid, signal.SIGKILL)


@dataclass(frozen=True, kw_only=True)
class SentMail:
    """A row of the outbox."""

    key: str
    kind: str
    message_id: str
    status: MailStatus
    resent_in_doubt: bool


def outbox_of(stage: Stage) -> list[SentMail]:
    """Every mail that the ledger knows of."""
    box = tables.outbox.c
    with stage.ledger.read() as tx:
        rows = tx.execute(
            select(box.key, box.kind, box.message_id, box.status, box.resent_in_doubt).order_by(box.id)
        ).all()
    return [
        SentMail(
            key=row.key,
            kind=row.kind,
            message_id=row.message_id,
            status=MailStatus(row.status),
            resent_in_doubt=row.resent_in_doubt,
        )
        for row in rows
    ]


def unlike_the_script(stage: Stage) -> dict[str, object]:
    """What came of the cycles that did not go by the script; empty when all did."""
    wrong: dict[str, object] = {}
    found = {(plan.plan_id, cycle.key): cycle for plan in stage.status().plans for cycle in plan.cycles}
    for key, outcome in stage.script.outcomes.items():
        cycle = found[key]
        happened: Counter[Status] = +Counter(cycle.requests)
        if (
            cycle.state is not CycleState.ENDED
            or dict(happened) != outcome.statuses
            or dict(cycle.escalations) != outcome.rungs
        ):
            wrong["/".join(key)] = (cycle.state, dict(happened), dict(cycle.escalations), outcome)
    return wrong
