"""`dondoc serve` while somebody applies plans beside it: new ones are followed, changed ones go on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import httpx

from flows.core.state import Status
from flows.ledger import cycles
from flows.ledger.outbox import MailStatus
from flows.shell.specs.applying import apply
from flows.shell.specs.asking import Wish, ask
from flows.shell.specs.changes import Confirmed
from flows.shell.writing.identity import Identity
from schemas.model import Span
from tests.integration.prefect_server import eventually
from tests.integration.staging import CAU_NGANG, outbox_of, stage_of

if TYPE_CHECKING:
    from pathlib import Path

    from flows.demo.stage import Stage
    from flows.ledger.cycles import StoredCycle
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
        eventually(lambda: runs <= _in_state(ui, "PAUSED"), "the changed cycle and the new ones sleep")
        assert max(Counter(stage.agencies.figures.received).values()) == 1


def test_two_plans_that_open_together_write_one_mail_to_each_and_have_a_run_each(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        told = stage.settings
        identity = Identity(name=told.mail_name, mailbox=told.mailbox, secret=told.secret())
        apply(stage.ledger, [_another(stage.catalogue.bundle(PLAN))], stage.clock, identity)
        ui = stage.start()
        while not _asked(stage):
            assert stage.step()
            stage.rest()

        plans: dict[str, set[str]] = {}
        for mail in outbox_of(stage):
            if mail.kind == "request" and mail.key.startswith("cau-ngang-"):
                assert mail.status is MailStatus.SENT
                plans.setdefault(mail.message_id, set()).add(mail.key.split("/")[0])
        assert plans
        assert set(map(frozenset, plans.values())) == {frozenset((PLAN, "cau-ngang-bo-sung"))}
        with stage.ledger.read() as tx:
            begun = [
                one for one in cycles.all_cycles(tx) if one.plan_id.startswith("cau-ngang") and one.run_id
            ]
        assert {one.plan_id for one in begun} == {PLAN, "cau-ngang-bo-sung"}
        over = {one.run_id for one in begun if one.state.over}
        asked = {one.run_id for one in begun} - over
        assert len(over) == len(asked) == 2
        eventually(lambda: over <= _in_state(ui, "COMPLETED"), "what was answered is over in both plans")
        eventually(lambda: asked <= _in_state(ui, "PAUSED"), "the runs of both plans sleep")
        assert max(Counter(stage.agencies.figures.received).values()) == 1


def test_a_report_asked_for_beside_a_serving_process_is_followed_to_its_end(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    asked_of = ("ubnd-xa-my-hoa", "ubnd-xa-hiep-hoa")  # the first answers once it is told that it is late
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        ui = stage.start()
        wish = Wish(
            plan_id=PLAN, task="xa-thi-tran", due=Span.parse("3 working days"), agencies=asked_of, note="Gấp"
        )
        opened = ask(stage.ledger, stage.clock, wish).cycle
        assert opened is not None
        assert ask(stage.ledger, stage.clock, wish).cycle is None  # by mistake, once more
        key = opened.period.key
        while not (cycle := _cycle(stage, key)).state.over:
            assert stage.step()
            stage.rest()

        with stage.ledger.read() as tx:
            requests = cycles.requests(tx, cycle.id)
        assert {agency: one.facts.status for (_, agency), one in requests.items()} == {
            "ubnd-xa-my-hoa": Status.REPORTED_LATE,
            "ubnd-xa-hiep-hoa": Status.REPORTED,
        }
        mails = [one for one in outbox_of(stage) if one.key.startswith(f"{PLAN}/{key}/")]
        assert Counter(one.kind for one in mails)["request"] == 2
        assert {one.status for one in mails} == {MailStatus.SENT}
        eventually(lambda: cycle.run_id in _in_state(ui, "COMPLETED"), "the run of what was asked ends")
        assert max(Counter(stage.agencies.figures.received).values()) == 1


def _cycle(stage: Stage, key: str) -> StoredCycle:
    with stage.ledger.read() as tx:
        found = cycles.find(tx, PLAN, key)
    assert found is not None
    return found


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


def _in_state(ui_url: str, state: str) -> set[str]:
    api = ui_url.partition("/v2")[0] + "/api"
    found = httpx.post(f"{api}/flow_runs/filter", json={"limit": 100}).json()
    return {run["id"] for run in found if run["state_type"] == state}
