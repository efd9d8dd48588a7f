"""One embedded Prefect server for a test session, and what serves a fake ledger on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.runs import ports
from flows.runs.connection import connect
from flows.runs.embedded import EmbeddedServer

if TYPE_CHECKING:
    from pathlib import Path

    from flows.runs.waking import WakeLoop
    from flows.runs.worker import WarmWorker
    from tests.integration.fake_shell import FakeLedger

PATIENCE_SECONDS = 60


@contextmanager
def running_prefect(home: Path) -> Iterator[EmbeddedServer]:
    """Start the server, and make this process its client for good: Prefect takes its settings once."""
    with EmbeddedServer(home) as server:
        connect(server.api_url, home / "client")
        yield server


def eventually(met: Callable[[], bool], what: str) -> None:
    """Wait until it is so; fails when it is not so in a minute."""
    started = time.monotonic()
    while not met():
        assert time.monotonic() - started < PATIENCE_SECONDS, f"never happened: {what}"
        time.sleep(0.02)


class Served:
    """A fake ledger with a worker and a wake loop on it."""

    def __init__(self, ledger: FakeLedger, worker: WarmWorker, waking: WakeLoop) -> None:
        self.ledger = ledger
        self.worker = worker
        self.waking = waking

    def after_pass(self, plan_id: str, cycle_key: str, count: int) -> None:
        """Wait until the cycle has made that many passes and its run has gone to sleep or ended."""
        cycle = self.ledger.cycles[plan_id, cycle_key]
        eventually(
            lambda: cycle.passes >= count and self.worker.idle, f"pass {count} of {plan_id} {cycle_key}"
        )

    def wake(self, plan_id: str, cycle_key: str) -> None:
        """Let the time to look again come."""
        self.ledger.wake(plan_id, cycle_key)
        self.waking.poke()

    def make_passes(self, plan_id: str, cycle_key: str, count: int) -> None:
        """Wake a new cycle, pass after pass, until it has made that many."""
        self.after_pass(plan_id, cycle_key, 1)
        for number in range(2, count + 1):
            self.wake(plan_id, cycle_key)
            self.after_pass(plan_id, cycle_key, number)


@contextmanager
def serving(ledger: FakeLedger, *, workers: int = 1) -> Iterator[Served]:
    """Deploy the ledger's plans and serve it until the test is over."""
    from prefect.client.orchestration import get_client

    from flows.runs.deploying import deploy_plans
    from flows.runs.waking import WakeLoop
    from flows.runs.worker import WarmWorker

    ports.use_passes(lambda: ledger)
    with get_client(sync_client=True) as client:
        deploy_plans(client, ledger.outlines.values())
    stop = threading.Event()
    crew = [WarmWorker(limit=2, poll_seconds=0.5) for _ in range(workers)]
    waking = WakeLoop(ledger, on_awake=lambda: [worker.poke() for worker in crew], every_seconds=0.2)
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in (*crew, waking)]
    for thread in threads:
        thread.start()
    try:
        yield Served(ledger, crew[0], waking)
    finally:
        stop.set()
        for each in (*crew, waking):
            each.poke()
        for thread in threads:
            thread.join()
