"""`dondoc serve` ended and started again: in order, killed, or with Prefect's database lost in between."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from flows.ledger import cycles
from flows.ledger.outbox import MailStatus
from tests.integration.prefect_server import eventually
from tests.integration.staging import CAU_NGANG, outbox_of, play, stage_of, unlike_the_script

if TYPE_CHECKING:
    from flows.demo.stage import Stage
    from flows.runs.embedded import EmbeddedServer


def test_a_lost_prefect_database_costs_no_run_and_sends_no_mail_again(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        first = stage.start()
        while len(_open(stage)) < 2 and stage.step():
            pass
        stage.rest()
        under_way = _open(stage)
        eventually(lambda: _asleep(first) == set(under_way.values()), "every open cycle sleeps")
        mails = outbox_of(stage)
        stage.stop()
        for file in (stage.home / "prefect").glob("prefect.db*"):
            file.unlink()

        second = stage.start()
        eventually(lambda: len(_asleep(second)) == len(under_way), "the open cycles' runs are back")
        stage.rest()
        back = _open(stage)
        assert set(back) == set(under_way)
        assert _asleep(second) == set(back.values())
        assert set(back.values()).isdisjoint(under_way.values())  # other runs, in another database
        assert outbox_of(stage) == mails
        play(stage)
        assert set(stage.agencies.figures.received.values()) == {1}
        assert unlike_the_script(stage) == {}


def test_sigterm_ends_serving_in_order_and_leaves_nothing_running(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        for end in (signal.SIGTERM, signal.SIGINT):
            stage.start()
            stage.rest()
            engine = stage.engine
            assert engine is not None
            children = _children(engine.pid)
            assert len(children) == 1  # Prefect's server
            engine.send_signal(end)
            assert engine.wait(timeout=15) == 0
            assert [child for child in children if _lives(child)] == []
            assert "Traceback" not in stage.log.read_text(encoding="utf-8")


def test_prefects_server_ends_when_serving_is_killed(tmp_path: Path, prefect_server: EmbeddedServer) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        stage.start()
        assert stage.engine is not None
        children = _children(stage.engine.pid)
        assert children
        stage.kill()
        eventually(lambda: not any(map(_lives, children)), "the end of Prefect's server")


def test_mails_wait_for_a_mail_server_that_is_down_when_serving_starts(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        stage.agencies.listener.stop()
        stage.start()
        while not outbox_of(stage):
            assert stage.step()
        stage.rest()
        waiting = outbox_of(stage)
        assert {mail.status for mail in waiting} == {MailStatus.QUEUED}
        assert "Mails wait in the ledger" in stage.log.read_text(encoding="utf-8")
        stage.agencies.listener.start()  # at the same port
        assert stage.step()
        stage.rest()
        received = stage.agencies.figures.received
        assert {mail.message_id: 1 for mail in waiting}.items() <= received.items()


def _open(stage: Stage) -> dict[str, str | None]:
    """Give the cycles under way, and the run of each."""
    with stage.ledger.read() as tx:
        return {f"{one.plan_id}/{one.key}": one.run_id for one in cycles.begun(tx)}


def _asleep(ui_url: str) -> set[str]:
    """Ask Prefect which runs sleep."""
    chosen = {"flow_runs": {"state": {"type": {"any_": ["PAUSED"]}}}}
    answer = httpx.post(ui_url.replace("/v2/", "/api/flow_runs/filter"), json=chosen, timeout=30)
    return {run["id"] for run in answer.raise_for_status().json()}


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text(encoding="ascii").split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
