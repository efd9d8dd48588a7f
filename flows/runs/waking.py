"""The wake loop: gives every due cycle a run, and wakes the run that sleeps."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from flows.runs import naming, ports
from flows.runs.deploying import deploy_plans
from flows.runs.executor import Executor
from flows.runs.ports import Cycles, DueCycle
from flows.runs.words import say

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

    from flows.shell.showing.view import PlanOutline

_PAGE = 200
_LONGEST_BACKOFF_SECONDS = 30.0
#: A pass takes seconds. One that has run for so long on a machine of which nothing is known was lost.
_LOST_AFTER = timedelta(minutes=30)
_UNDER_WAY = {StateType.RUNNING, StateType.PENDING, StateType.SCHEDULED}
_CANCELLED = {StateType.CANCELLED, StateType.CANCELLING}

_log = logging.getLogger("dondoc.waking")


class WakeLoop:
    """Wakes what the ledger says is due. `on_awake` is called when runs were made ready (poke the worker)."""

    def __init__(
        self,
        cycles: Cycles,
        *,
        on_awake: Callable[[], None] = lambda: None,
        every_seconds: float = 1.0,
        batch: int = 100,
        deployed: Mapping[str, tuple[PlanOutline, UUID]] | None = None,
    ) -> None:
        self._cycles = cycles
        self._on_awake = on_awake
        self._every_seconds = every_seconds
        self._batch = batch
        self._look = threading.Event()
        self._client: SyncPrefectClient | None = None
        self._deployments = dict(deployed or {})

    def poke(self) -> None:
        """Look now: a reply came in, or a date was moved. Safe from any thread."""
        self._look.set()

    def restore(self) -> int:
        """Give every open cycle a run that can go on; returns how many were created or put right.

        For the start of a serving process. After the loss of Prefect's database that is every one; their
        first pass finds in the ledger that there is nothing to send, draws the run and sleeps.
        """
        with get_client(sync_client=True) as client:
            count = self._attend(client, self._cycles.open_cycles(), restoring=True)
        if count:
            self._on_awake()
        return count

    def tick(self) -> int:
        """Wake what is due now; returns how many runs were created or resumed."""
        with get_client(sync_client=True) as client:
            return self._tick(client)

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop` is set (then `poke()` to be noticed at once).

        A Prefect server that does not answer is waited for, asking less and less often, and claims are given
        back meanwhile.
        """
        trouble = 0
        with get_client(sync_client=True) as client:
            while not stop.is_set():
                self._look.clear()
                try:
                    self._tick(client)
                    trouble = 0
                except httpx.HTTPError as error:
                    trouble += 1
                    _log.warning("the Prefect server does not answer the wake loop: %s", error)
                self._look.wait(min(self._every_seconds * 2**trouble, _LONGEST_BACKOFF_SECONDS))

    def _tick(self, client: SyncPrefectClient) -> int:
        total = 0
        while due := self._cycles.claim_due(self._batch):
            count = self._attend(client, due)
            if count:
                self._on_awake()
            total += count
            if len(due) < self._batch or not count:
                break
        return total

    def _attend(self, client: SyncPrefectClient, due: Sequence[DueCycle], *, restoring: bool = False) -> int:
        done = count = 0
        try:
            runs = _read_runs(client, [cycle.run_id for cycle in due if cycle.run_id])
            for cycle in due:
                count += self._attend_one(client, cycle, runs, restoring=restoring)
                done += 1
        finally:
            if not restoring:
                for cycle in due[done:]:
                    self._cycles.release(cycle.plan_id, cycle.cycle_key)
        return count

    def _attend_one(
        self,
        client: SyncPrefectClient,
        cycle: DueCycle,
        runs: Mapping[str, FlowRun],
        *,
        restoring: bool,
    ) -> bool:
        run = runs.get(cycle.run_id or "")
        state = run.state if run else None
        if run is None or state is None:
            return self._create(client, cycle, max(cycle.run_no, 1))
        if state.type in _CANCELLED:
            self._cycles.stop(cycle.plan_id, cycle.cycle_key, say("cancelled"))
            return False
        if state.type in _UNDER_WAY:
            if _is_lost(client, run):
                return _reschedule(client, run)
            if not restoring:
                self._cycles.release(cycle.plan_id, cycle.cycle_key)
            return False
        if state.type == StateType.PAUSED:
            return not restoring and self._resume(client, cycle, run)
        if restoring and state.type in {StateType.CRASHED, StateType.FAILED}:
            return False  # when it is due again, the tick gives it another run
        return self._create(client, cycle, cycle.run_no + 1)

    def _resume(self, client: SyncPrefectClient, cycle: DueCycle, run: FlowRun) -> bool:
        answer = client.resume_flow_run(run.id)
        if answer.status == SetStateStatus.ACCEPT:
            return True
        # somebody was faster (the UI's button, another process), or it was cancelled: look again next time
        self._cycles.release(cycle.plan_id, cycle.cycle_key)
        return False

    def _create(self, client: SyncPrefectClient, cycle: DueCycle, run_no: int) -> bool:
        outline = ports.passes().outline(cycle.plan_id)
        for _ in range(2):
            deployment = self._deployment(client, outline)
            try:
                run = client.create_flow_run_from_deployment(
                    deployment,
                    parameters={"plan": cycle.plan_id, "cycle": cycle.cycle_key},
                    name=naming.run_name(outline, cycle.cycle_name or cycle.cycle_key),
                    idempotency_key=naming.idempotency_key(cycle.plan_id, cycle.cycle_key, run_no),
                )
            except ObjectNotFound:  # the server lost its deployments since we asked
                self._deployments.clear()
                continue
            self._cycles.bind_run(cycle.plan_id, cycle.cycle_key, str(run.id), run_no)
            return True
        self._cycles.release(cycle.plan_id, cycle.cycle_key)
        return False

    def _deployment(self, client: SyncPrefectClient, outline: PlanOutline) -> UUID:
        """The deployment of a plan as it now stands: another process may have applied it meanwhile."""
        known = self._deployments.get(outline.plan_id)
        if known is None or known[0] != outline:
            deployed = deploy_plans(client, [outline])
            known = self._deployments[outline.plan_id] = (outline, deployed[outline.plan_id])
        return known[1]


def _read_runs(client: SyncPrefectClient, run_ids: Iterable[str]) -> dict[str, FlowRun]:
    wanted = [UUID(run_id) for run_id in run_ids]
    found: dict[str, FlowRun] = {}
    for start in range(0, len(wanted), _PAGE):
        chosen = FlowRunFilter(id=FlowRunFilterId(any_=wanted[start : start + _PAGE]))
        page = client.read_flow_runs(flow_run_filter=chosen, limit=_PAGE)
        found |= {str(run.id): run for run in page}
    return found


def _is_lost(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Whether the process that was to run this pass is gone, so that nobody will ever end it."""
    state = run.state
    if state is None or state.type == StateType.SCHEDULED:
        return False
    states = client.read_flow_run_states(run.id)
    marks = [past.message for past in states if past.type == StateType.PENDING]
    executor = Executor.read(marks[-1] if marks else None)
    if executor is not None and executor.is_dead():
        return True
    return Scheduled().timestamp - state.timestamp > _LOST_AFTER


def _reschedule(client: SyncPrefectClient, run: FlowRun) -> bool:
    again: State[None] = Scheduled(name="Resuming")
    answer = client.set_flow_run_state(run.id, again, force=True)
    return answer.status == SetStateStatus.ACCEPT
