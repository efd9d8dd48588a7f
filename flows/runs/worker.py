"""The warm worker: runs passes in threads of this process, so that a pass costs no start of a process.

It polls the same work pool as Prefect's stock worker and claims a run as that one does, by proposing Pending,
which the server grants once. So both may serve the pool at the same time, on one machine or many.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import SetStateStatus
from prefect.context import SyncClientContext
from prefect.exceptions import Abort, ObjectNotFound, Pause
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Crashed, Pending

from flows.runs import naming, plans
from flows.runs.deploying import ensure_pool
from flows.runs.executor import Executor
from flows.runs.words import say

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, State

HEARTBEAT_SECONDS = 30.0
_LONGEST_BACKOFF_SECONDS = 30.0

_log = logging.getLogger("dondoc.worker")


class WarmWorker:
    """Runs what the pool has scheduled, at most `limit` passes at a time.

    `poke()` makes it look at once; otherwise it looks every `poll_seconds`, for runs that a person resumed in
    the UI or that another process woke.
    """

    def __init__(self, *, limit: int = 4, poll_seconds: float = 2.0) -> None:
        self._limit = limit
        self._poll_seconds = poll_seconds
        self._me = Executor.me()
        self.name = f"dondoc {self._me.host}-{self._me.pid}"
        self._look = threading.Event()
        self._lock = threading.Lock()
        self._claimable: queue.SimpleQueue[FlowRun | None] = queue.SimpleQueue()
        self._busy: set[UUID] = set()
        self._more = False  # the pool had more than there were threads free

    @property
    def idle(self) -> bool:
        """Whether no pass is under way."""
        with self._lock:
            return not self._busy

    def poke(self) -> None:
        """Look for work now. Safe from any thread."""
        self._look.set()

    def run(self, stop: threading.Event) -> None:
        """Serve the pool until `stop` is set (then `poke()` to be noticed at once); waits for running passes.

        A server that does not answer is waited for, asking less and less often.
        """
        threads = [
            threading.Thread(target=self._run_passes, name=f"dondoc-pass-{number}")
            for number in range(1, self._limit + 1)
        ]
        for thread in threads:
            thread.start()
        try:
            with get_client(sync_client=True) as client:
                self._poll(client, stop)
        finally:
            for _ in threads:
                self._claimable.put(None)
            for thread in threads:
                thread.join()

    def _poll(self, client: SyncPrefectClient, stop: threading.Event) -> None:
        next_heartbeat = 0.0
        trouble = 0
        while not stop.is_set():
            self._look.clear()
            try:
                if time.monotonic() >= next_heartbeat:
                    client.send_worker_heartbeat(naming.POOL, self.name, HEARTBEAT_SECONDS)
                    next_heartbeat = time.monotonic() + HEARTBEAT_SECONDS
                self._take_scheduled(client)
                trouble = 0
            except ObjectNotFound:
                ensure_pool(client)
            except httpx.HTTPError as error:
                trouble += 1
                _log.warning("the Prefect server does not answer the worker: %s", error)
            self._look.wait(min(self._poll_seconds * 2**trouble, _LONGEST_BACKOFF_SECONDS))

    def _take_scheduled(self, client: SyncPrefectClient) -> None:
        with self._lock:
            if len(self._busy) >= self._limit:
                self._more = True
                return
        scheduled = client.get_scheduled_flow_runs_for_work_pool(naming.POOL)
        with self._lock:
            self._more = False
            for run in (one.flow_run for one in scheduled):
                if run.id in self._busy:  # it sleeps, was woken, and has not let go of its thread yet
                    self._more = True
                    continue
                if len(self._busy) >= self._limit:
                    self._more = True
                    return
                self._busy.add(run.id)
                self._claimable.put(run)

    def _run_passes(self) -> None:
        # One client for all the passes of this thread: Prefect's engine finds it in the context and keeps it.
        # And no heartbeats: ending theirs costs each pass up to a second, which is as long as it takes.
        with (
            temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
            SyncClientContext.get_or_create() as context,
        ):
            while (run := self._claimable.get()) is not None:
                try:
                    if _claim(context.client, run, self._me):
                        _run(context.client, run)
                except httpx.HTTPError as error:
                    _log.warning("lost the Prefect server while running %s: %s", run.name, error)
                except Exception:  # noqa: BLE001 - the thread's last stop; Prefect has it on the run
                    _log.exception("the pass of %s failed", run.name)
                with self._lock:
                    self._busy.discard(run.id)
                    more = self._more
                if more:
                    self.poke()


def _claim(client: SyncPrefectClient, run: FlowRun, me: Executor) -> bool:
    # The name must stay "Pending": under another name the server would grant it to a second worker too.
    mine: State[None] = Pending(message=me.mark())
    return client.set_flow_run_state(run.id, mine).status == SetStateStatus.ACCEPT


def _run(client: SyncPrefectClient, run: FlowRun) -> None:
    plan_id = run.parameters.get("plan")
    try:
        flow = plans.flow_of(plan_id) if isinstance(plan_id, str) else None
    except Exception as error:
        client.set_flow_run_state(run.id, Crashed(message=str(error)))
        raise
    if flow is None:
        client.set_flow_run_state(run.id, Crashed(message=say("foreign", pool=naming.POOL)))
        return
    # Without its deployment's id the engine opens no websocket to watch for a suspension of this one pass;
    # it reads the run again, id included, before the flow's own code begins.
    try:
        run_flow(flow, flow_run=run.model_copy(update={"deployment_id": None}))
    except Pause:
        return
    except Abort as refused:
        _log.info("Prefect refused the pass of %s: %s", run.name, refused)
