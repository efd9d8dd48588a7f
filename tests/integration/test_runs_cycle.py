"""A cycle as a run of Prefect: it sleeps, wakes, ends, and is the same run all the while."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from flows.shell.showing.view import TaskNode
from flows.shell.showing.view import TaskStanding as S
from tests.integration.fake_shell import DAK_LAK, FakeCycle, FakeLedger, Standings
from tests.integration.prefect_server import eventually, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

    from flows.runs.embedded import EmbeddedServer

PLAN = DAK_LAK.plan_id
TASKS = [task.id for task in DAK_LAK.tasks]
_years = count(2024)


def _line(default: tuple[S, int, int], **others: tuple[S, int, int]) -> Standings:
    return dict.fromkeys(TASKS, default) | others


#: opened; some in and some late; all over, with one missing
YEAR = (
    _line((S.WAITING, 0, 1), t01=(S.OPEN, 0, 3), t09=(S.NO_REPORT, 0, 0)),
    _line((S.OPEN, 0, 1), t01=(S.DONE, 3, 3), t09=(S.NO_REPORT, 0, 0), t15=(S.OVERDUE, 12, 15)),
    _line((S.DONE, 1, 1), t01=(S.DONE, 3, 3), t09=(S.NO_REPORT, 0, 0), t15=(S.MISSING, 14, 15)),
)


@pytest.fixture
def cycle() -> FakeCycle:
    """Give a cycle that no other test has: all share one server."""
    year = next(_years)
    return FakeCycle(PLAN, f"nam-{year}", f"Năm {year}", YEAR)


@pytest.fixture
def ledger(cycle: FakeCycle) -> FakeLedger:
    return FakeLedger([DAK_LAK], [cycle])


@pytest.fixture
def client(prefect_server: EmbeddedServer) -> Iterator[SyncPrefectClient]:
    from prefect.client.orchestration import get_client

    assert prefect_server.pid
    with get_client(sync_client=True) as client:
        yield client


def _run(client: SyncPrefectClient, cycle: FakeCycle) -> FlowRun:
    assert cycle.run_id is not None
    return client.read_flow_run(UUID(cycle.run_id))


def _state(client: SyncPrefectClient, cycle: FakeCycle) -> tuple[str, str | None, str | None]:
    state = _run(client, cycle).state
    assert state is not None
    return state.type.value, state.name, state.message


def _graph(server: EmbeddedServer, cycle: FakeCycle) -> dict[str, dict[str, Any]]:
    nodes = httpx.get(f"{server.api_url}/flow_runs/{cycle.run_id}/graph-v2").json()["nodes"]
    by_id = {node["id"]: node["label"] for _, node in nodes}
    return {
        node["label"].partition(" · ")[0]: node
        | {"after": sorted(by_id[parent["id"]].partition(" · ")[0] for parent in node["parents"])}
        for _, node in nodes
    }


def test_a_cycle_sleeps_under_our_words_wakes_in_the_same_run_and_ends(
    ledger: FakeLedger, cycle: FakeCycle, client: SyncPrefectClient
) -> None:
    with serving(ledger) as served:
        served.after_pass(PLAN, cycle.key, 1)
        first_run = cycle.run_id
        assert _state(client, cycle) == (
            "PAUSED",
            "Chờ báo cáo",
            "0/17 đã báo cáo; kế tiếp: nhắc việc 08:00 25/11/2024",
        )
        assert _run(client, cycle).name == f"143/KH-UBND Ủy ban nhân dân tỉnh Đắk Lắk · {cycle.name}"
        served.wake(PLAN, cycle.key)
        served.after_pass(PLAN, cycle.key, 2)
        assert _state(client, cycle)[:2] == ("PAUSED", "Có báo cáo quá hạn")
        served.wake(PLAN, cycle.key)
        served.after_pass(PLAN, cycle.key, 3)
        assert _state(client, cycle)[:2] == ("COMPLETED", "Đã khép")
        assert (cycle.run_id, cycle.run_no) == (first_run, 1)


def test_the_graph_has_one_node_per_task_after_three_passes_and_shows_the_last_standing(
    ledger: FakeLedger, cycle: FakeCycle, prefect_server: EmbeddedServer
) -> None:
    with serving(ledger) as served:
        served.make_passes(PLAN, cycle.key, 3)
        eventually(
            lambda: _graph(prefect_server, cycle).get("Báo Đắk Lắk", {}).get("state_type") == "COMPLETED",
            "the last standing in the graph",
        )
    graph = _graph(prefect_server, cycle)
    assert sorted(graph) == sorted(task.title for task in DAK_LAK.tasks)
    districts = graph["Ủy ban nhân dân các huyện, thị xã, thành phố"]
    assert districts["label"].endswith(" · 14/15")
    assert districts["state_type"] == "FAILED"
    assert districts["after"] == ["Quán triệt, phổ biến kế hoạch"]
    assert graph["Tổng hợp báo cáo gửi Bộ Thông tin và Truyền thông"]["after"] == [
        "Báo Đắk Lắk",
        "Đài Phát thanh và Truyền hình tỉnh",
        "Ủy ban nhân dân các huyện, thị xã, thành phố",
    ]
    # ended bars have a length, from their first request to their last report
    assert districts["start_time"] < districts["end_time"]


def test_a_task_that_has_not_begun_has_no_end_once_it_has_begun(
    ledger: FakeLedger, cycle: FakeCycle, prefect_server: EmbeddedServer
) -> None:
    with serving(ledger) as served:
        served.after_pass(PLAN, cycle.key, 1)
        eventually(lambda: len(_graph(prefect_server, cycle)) == len(TASKS), "all nodes")
        waiting = _graph(prefect_server, cycle)["Công an tỉnh"]
        assert waiting["state_type"] == "PAUSED"
        assert waiting["end_time"] is not None
        served.wake(PLAN, cycle.key)
        served.after_pass(PLAN, cycle.key, 2)
        eventually(
            lambda: _graph(prefect_server, cycle)["Công an tỉnh"]["state_type"] == "RUNNING", "it began"
        )
        assert _graph(prefect_server, cycle)["Công an tỉnh"]["end_time"] is None


@pytest.mark.usefixtures("prefect_server")
def test_only_tasks_that_changed_are_acted_on(ledger: FakeLedger, cycle: FakeCycle) -> None:
    with serving(ledger) as served:
        served.make_passes(PLAN, cycle.key, 3)
    acted = {number: {task for pass_no, task in cycle.acted if pass_no == number} for number in (1, 2, 3)}
    assert acted == {1: set(TASKS), 2: set(TASKS) - {"t09"}, 3: set(TASKS) - {"t01", "t09"}}


def test_the_run_keeps_three_artifacts_brought_up_to_date(
    ledger: FakeLedger, cycle: FakeCycle, client: SyncPrefectClient
) -> None:
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    with serving(ledger) as served:
        served.make_passes(PLAN, cycle.key, 3)
    chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[UUID(cycle.run_id or "")]))
    found = {artifact.key: artifact for artifact in client.read_artifacts(artifact_filter=chosen)}
    ending = f"{PLAN}--{cycle.key}"
    assert set(found) == {f"bang-theo-doi-{ending}", f"tien-do-{ending}", f"ket-qua-{ending}"}
    rows = json.loads(str(found[f"bang-theo-doi-{ending}"].data))
    assert rows[14] == {
        "Nhiệm vụ": "Ủy ban nhân dân các huyện, thị xã, thành phố",
        "Đã báo cáo": "14/15",
        "Tình trạng": "Đã khép; các đơn vị chưa báo cáo được ghi rõ trong kết quả",
    }
    assert found[f"tien-do-{ending}"].data == 96.8  # 30 of 31
    assert "30 trong 31" in str(found[f"ket-qua-{ending}"].data)


def test_a_run_cancelled_in_prefect_stops_the_cycle(
    ledger: FakeLedger, cycle: FakeCycle, client: SyncPrefectClient
) -> None:
    from prefect.states import Cancelling

    with serving(ledger) as served:
        served.after_pass(PLAN, cycle.key, 1)
        client.set_flow_run_state(UUID(cycle.run_id or ""), Cancelling())
        assert _state(client, cycle)[0] == "CANCELLED"
        served.wake(PLAN, cycle.key)
        eventually(lambda: cycle.stopped is not None, "the ledger hears of it")
    assert cycle.stopped == "Người theo dõi đã hủy lượt chạy trong giao diện Prefect"
    assert cycle.passes == 1


def test_a_pass_that_fails_shows_where_and_the_cycle_goes_on_in_another_run(
    ledger: FakeLedger, cycle: FakeCycle, client: SyncPrefectClient, prefect_server: EmbeddedServer
) -> None:
    cycle.fails_on = "t03"
    with serving(ledger) as served:
        eventually(lambda: cycle.run_id is not None, "the run")
        eventually(lambda: _state(client, cycle)[0] == "FAILED", "the failure")
        eventually(lambda: "Sở Ngoại vụ: phóng viên nước ngoài" in _graph(prefect_server, cycle), "its node")
        broken = _graph(prefect_server, cycle)["Sở Ngoại vụ: phóng viên nước ngoài"]
        assert broken["state_type"] == "CRASHED"
        cycle.fails_on = None
        served.wake(PLAN, cycle.key)
        served.after_pass(PLAN, cycle.key, 1)
        assert cycle.run_no == 2
        assert _state(client, cycle)[0] == "PAUSED"


@pytest.mark.usefixtures("prefect_server")
def test_two_workers_share_a_pool_and_a_run_is_made_once(cycle: FakeCycle) -> None:
    others = [
        FakeCycle(PLAN, f"nam-{year}", f"Năm {year}", YEAR) for year in (next(_years) for _ in range(5))
    ]
    ledger = FakeLedger([DAK_LAK], [cycle, *others])
    with serving(ledger, workers=2):
        eventually(lambda: all(one.passes for one in ledger.cycles.values()), "every first pass")
    assert [one.passes for one in ledger.cycles.values()] == [1] * 6


def test_a_run_whose_process_died_is_taken_up_again(
    ledger: FakeLedger, cycle: FakeCycle, client: SyncPrefectClient
) -> None:
    from prefect.states import Pending, Running

    from flows.runs import ports
    from flows.runs.deploying import deploy_plans
    from flows.runs.executor import Executor
    from flows.runs.waking import WakeLoop

    ports.use_passes(lambda: ledger)
    deploy_plans(client, [DAK_LAK])
    assert WakeLoop(ledger).tick() == 1
    run_id = UUID(cycle.run_id or "")
    gone = Executor(host=Executor.me().host, pid=Executor.me().pid, born="1")  # an earlier process's number
    client.set_flow_run_state(run_id, Pending(message=gone.mark()))
    client.set_flow_run_state(run_id, Running())
    assert WakeLoop(ledger).restore() == 1
    with serving(ledger) as served:
        served.after_pass(PLAN, cycle.key, 1)
        assert _state(client, cycle)[0] == "PAUSED"
    assert (UUID(cycle.run_id or ""), cycle.run_no) == (run_id, 1)


def test_a_deployment_names_a_flow_that_any_worker_can_load(
    ledger: FakeLedger, client: SyncPrefectClient
) -> None:
    from prefect.flows import load_flow_from_entrypoint

    from flows.runs import ports
    from flows.runs.deploying import deploy_plans

    ports.use_passes(lambda: ledger)
    once = deploy_plans(client, [DAK_LAK])
    assert deploy_plans(client, [DAK_LAK]) == once
    deployment = client.read_deployment(once[PLAN])
    assert deployment.work_pool_name == "dondoc"
    assert deployment.schedules == []
    flow = load_flow_from_entrypoint(str(deployment.entrypoint), use_placeholder_flow=False)
    assert flow.name == (
        "143-KH-UBND Kế hoạch thông tin đối ngoại tỉnh Đắk Lắk năm 2024, định hướng đến năm 2030"
    )
    assert "Ủy ban nhân dân tỉnh Đắk Lắk" in str(deployment.description)


def test_a_plan_that_another_process_applies_or_changes_is_served_as_it_then_stands(
    ledger: FakeLedger, client: SyncPrefectClient
) -> None:
    outline = replace(DAK_LAK, plan_id="ap-dung-sau", title="Kế hoạch được áp dụng sau")
    first = FakeCycle(outline.plan_id, "nam-2024", "Năm 2024", YEAR)
    second = FakeCycle(outline.plan_id, "nam-2025", "Năm 2025", YEAR, due=False)
    with serving(ledger) as served:
        ledger.outlines[outline.plan_id] = outline
        ledger.cycles[outline.plan_id, first.key] = first
        served.after_pass(outline.plan_id, first.key, 1)
        deployed = client.read_deployment(_run(client, first).deployment_id)
        assert deployed.name == outline.plan_id

        changed = replace(outline, tasks=(*outline.tasks, TaskNode(id="them", title="Nhiệm vụ bổ sung")))
        ledger.outlines[outline.plan_id] = changed
        ledger.cycles[outline.plan_id, second.key] = second
        served.wake(outline.plan_id, second.key)
        served.after_pass(outline.plan_id, second.key, 1)
        assert "Nhiệm vụ bổ sung" in (client.read_deployment(deployed.id).description or "")


def test_prefects_database_may_be_lost_and_every_open_cycle_has_its_run_back(
    ledger: FakeLedger, cycle: FakeCycle, client: SyncPrefectClient, prefect_server: EmbeddedServer
) -> None:
    from prefect.events.worker import EventsWorker

    from flows.runs.waking import WakeLoop

    with serving(ledger) as served:
        served.after_pass(PLAN, cycle.key, 1)
    lost = cycle.run_id
    # the process goes too: one that stayed would send its unconfirmed events again, for runs that are no more
    EventsWorker.instance().drain()
    prefect_server.stop()
    for file in prefect_server.home.glob("prefect.db*"):
        file.unlink()
    prefect_server.start()
    cycle.script = [YEAR[0], YEAR[0]]
    cycle.ends = False
    assert WakeLoop(ledger).restore() == 1
    assert WakeLoop(ledger).restore() == 0
    with serving(ledger) as served:
        served.after_pass(PLAN, cycle.key, 2)
        assert cycle.run_id != lost
        assert _state(client, cycle)[:2] == ("PAUSED", "Chờ báo cáo")
        eventually(lambda: len(_graph(prefect_server, cycle)) == len(TASKS), "every task drawn again")
    assert {number for number, _ in cycle.acted} == {1}, "the second pass had nothing to act on"
