"""`dondoc serve` while somebody applies plans beside it: new ones are followed, changed ones go on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import httpx

from flows.core.state import Status
from flows.ledger import cycles
from flows.ledger.outbox import MailStatus
from flows.shell.applying import apply
from flows.shell.letters import Identity
from flows.shell.planning import Confirmed
from tests.integration.prefect_server import eventually
from tests.integration.staging import CAU_NGANG, outbox_of, stage_of

if TYPE_CHECKING:
    from pathlib import Path

    from flows.demo.stage import Stage
    from flows.runs.embedded import EmbeddedServer
    from schemas.catalogue import Bundle

PLAN = CAU_NGANG[0]


def test_plans_applied_beside_a_serving_process_are_followed_at_once(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        ui = stage.start()
        while not (asked := _asked(stage)):
            assert stage.step()
            stage.rest()
        cycle, run_id, agency = asked[0]
        promised = stage.catalogue.bundle(PLAN)
        told = stage.settings
        identity = Identity(name=told.mail_name, mailbox=told.mailbox, secret=told.secret())
        bundles = [_without(promised, agency), _another(promised)]
        changes = apply(stage.ledger, bundles, stage.clock, identity, confirmed=Confirmed(running=True))
        stage.rest()

        mails = outbox_of(stage)
        withdrawn = [mail for mail in mails if mail.kind == "withdrawn"]
        assert {mail.key.split("/")[3] for mail in withdrawn} == {agency}
        assert len(withdrawn) == sum(one.letters.get("withdrawn", 0) for one in changes.plans[0].cycles)
        new = [mail for mail in mails if mail.key.startswith("cau-ngang-bo-sung/")]
        assert new
        assert {mail.status for mail in (*withdrawn, *new)} == {MailStatus.SENT}
        with stage.ledger.read() as tx:
            same = cycles.find(tx, PLAN, cycle)
            added = [
                one for one in cycles.all_cycles(tx) if one.plan_id == "cau-ngang-bo-sung" and one.run_id
            ]
        assert same is not None
        assert same.run_id == run_id  # the same run goes on
        assert added
        runs = {run_id, *(one.run_id for one in added)}
        eventually(lambda: runs <= _asleep(ui), "the changed cycle and the new ones sleep")
        assert max(Counter(stage.agencies.figures.received).values()) == 1


def _asked(stage: Stage) -> list[tuple[str, str, str]]:
    """Cycles of the plan with a run, and a commune in each that was asked and has not answered."""
    groups = stage.catalogue.bundle(PLAN).groups
    communes = {agency for members in groups.values() for agency in members}
    with stage.ledger.read() as tx:
        return [
            (one.key, one.run_id, agency)
            for one in cycles.all_cycles(tx)
            if one.plan_id == PLAN and one.run_id is not None
            for (_, agency), request in cycles.requests(tx, one.id).items()
            if request.facts.status is Status.OPEN and agency in communes
        ]


def _without(bundle: Bundle, agency: str) -> Bundle:
    groups = {name: [one for one in members if one != agency] for name, members in bundle.groups.items()}
    return bundle.model_copy(update={"groups": groups})


def _another(bundle: Bundle) -> Bundle:
    changed = {"id": "cau-ngang-bo-sung", "number": "100/KH-UBND", "implements": []}
    plan = bundle.spec.plan.model_copy(update=changed)
    return bundle.model_copy(update={"spec": bundle.spec.model_copy(update={"plan": plan})})


def _asleep(ui_url: str) -> set[str]:
    api = ui_url.partition("/v2")[0] + "/api"
    found = httpx.post(f"{api}/flow_runs/filter", json={"limit": 100}).json()
    return {run["id"] for run in found if run["state_type"] == "PAUSED"}
