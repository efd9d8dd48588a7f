"""What `serve` keeps going on the side of Prefect: the server, the worker and the wake loop, as one thing."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flows.runs import ports
from flows.runs.connection import api_url_from_environment, connect
from flows.runs.embedded import EmbeddedServer
from flows.runs.errors import ServerUnreachableError

if TYPE_CHECKING:
    from flows.runs.ports import Cycles, Passes
    from flows.runs.waking import WakeLoop
    from flows.runs.worker import WarmWorker
    from flows.shell.showing.view import PlanOutline

_KNOCK_SECONDS = 10.0
_HAND_OVER_SECONDS = 5.0


class Serving:
    """Runs the cycles of a ledger through Prefect: its own embedded server, or the one of `PREFECT_API_URL`.

    `home` is where the embedded server and this process's Prefect settings live.
    """

    def __init__(
        self,
        passes: Passes,
        cycles: Cycles,
        *,
        home: Path,
        port: int | None = None,
        limit: int = 4,
        every_seconds: float = 1.0,
        templates: Path | None = None,
    ) -> None:
        self._passes = passes
        self._cycles = cycles
        self._home = home
        self._limit = limit
        self._every_seconds = every_seconds
        chosen = api_url_from_environment()
        self.server = None if chosen else EmbeddedServer(home / "prefect", port, templates=templates)
        self._chosen = chosen or ""
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._worker: WarmWorker | None = None
        self._waking: WakeLoop | None = None

    @property
    def api_url(self) -> str:
        """The Prefect API in use."""
        return self.server.api_url if self.server else self._chosen

    @property
    def ui_url(self) -> str:
        """Where people watch the runs."""
        return self.server.ui_url if self.server else self._chosen.removesuffix("/api") + "/v2/"

    def start(self, outlines: Iterable[PlanOutline]) -> None:
        """Start the server, make the plans known, give every open cycle its run back, and begin to wake.

        Raises ServerStartError or ServerUnreachableError; nothing is left running then.
        """
        ports.use_passes(lambda: self._passes)
        if self.server:
            self.server.start()
        else:
            _knock(self.api_url)
        try:
            connect(self.api_url, self._home / "prefect" / "client")
            self._begin(outlines)
        except BaseException:
            self.stop()
            raise

    def poke(self) -> None:
        """Look for due cycles now: a reply came in, or a date was moved. Safe from any thread."""
        if self._waking:
            self._waking.poke()

    def stop(self) -> None:
        """Let the running passes end, then stop everything, the embedded server last."""
        self._stop.set()
        if self._waking:
            self._waking.poke()
        if self._worker:
            self._worker.poke()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        if self._worker:
            _hand_over_the_rest()
        if self.server:
            self.server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _begin(self, outlines: Iterable[PlanOutline]) -> None:
        # Prefect is imported here and not before: only now is it said which server to use.
        import httpx
        from prefect.client.orchestration import get_client

        from flows.runs.deploying import deploy_plans
        from flows.runs.waking import WakeLoop
        from flows.runs.worker import WarmWorker

        self._worker = WarmWorker(limit=self._limit)
        known = {outline.plan_id: outline for outline in outlines}
        try:
            with get_client(sync_client=True) as client:
                deployed = deploy_plans(client, known.values())
            self._waking = WakeLoop(
                self._cycles,
                on_awake=self._worker.poke,
                every_seconds=self._every_seconds,
                deployed={plan_id: (known[plan_id], id_) for plan_id, id_ in deployed.items()},
            )
            self._waking.restore()
        except httpx.HTTPError as error:
            raise ServerUnreachableError(self.api_url, str(error) or type(error).__name__) from error
        self._threads = [
            threading.Thread(target=self._worker.run, args=(self._stop,), name="dondoc-worker"),
            threading.Thread(target=self._waking.run, args=(self._stop,), name="dondoc-waking"),
        ]
        for thread in self._threads:
            thread.start()


def _knock(api_url: str) -> None:
    """See whether anybody answers there: Prefect's own client would go on trying for a minute."""
    import httpx

    try:
        httpx.get(f"{api_url.rstrip('/')}/health", timeout=_KNOCK_SECONDS)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise ServerUnreachableError(api_url, str(error) or type(error).__name__) from error


def _hand_over_the_rest() -> None:
    """Let what Prefect sends in the background (events, logs) reach the server while there is one: left to
    the end of the process, Prefect would look for a server that has stopped, and never come back.
    """
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for background in (EventsWorker, APILogWorker):
        background.drain_all(timeout=_HAND_OVER_SECONDS, at_exit=False)
