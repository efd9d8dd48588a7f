"""An embedded Prefect server: one child process with its own home, gone when its parent is gone."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.runs.errors import ServerStartError

START_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 10

#: Loops that have nothing to do here: dondoc computes its own dates, a sleeping run has no time limit, and no
#: concurrency limits are used. What the UI needs stays on: events, the task-run recorder, the streams of logs
#: and events, the watch over workers (foreman), the vacuum.
_IDLE_SERVICES = (
    "SCHEDULER",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "CLEANUP_RECONCILER",
    "TRIGGERS",
    "CANCELLATION_CLEANUP",
)


class EmbeddedServer:
    """Prefect's API and UI on 127.0.0.1, its SQLite database and everything else of it under `home`.

    `port=None` takes a free one; `templates` is where the empty database of a Prefect version is kept once it
    was migrated, so that a new home starts 6 seconds sooner (default: `home` itself).
    """

    def __init__(self, home: Path, port: int | None = None, *, templates: Path | None = None) -> None:
        self.home = home.resolve()
        self.log = self.home / "prefect-server.log"
        self.database = self.home / "prefect.db"
        self._templates = (templates or home).resolve()
        self._wanted_port = port
        self._port: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The port listened on; known once started, and kept by a restart."""
        port = self._port or self._wanted_port
        if port is None:
            raise ServerStartError("the embedded Prefect server has not been started")
        return port

    @property
    def api_url(self) -> str:
        """What `PREFECT_API_URL` should be for this server."""
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def ui_url(self) -> str:
        """Where people watch the runs: Prefect's second UI, whose graph draws Vietnamese."""
        return f"http://127.0.0.1:{self.port}/v2/"

    @property
    def pid(self) -> int | None:
        """The server's process, or None when it is not running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server and return when it answers; raises ServerStartError, one line, if it does not."""
        self.home.mkdir(parents=True, exist_ok=True)
        listening = _listen(self._port or self._wanted_port)
        self._port = listening.getsockname()[1]
        template = self._templates / f"prefect-empty-{version('prefect')}.db"
        with listening, self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    str(Path(__file__).with_name("server_process.py")),
                    str(listening.fileno()),
                    str(self.database),
                    str(template),
                ],
                cwd=self.home,
                env=self._environment(),
                pass_fds=[listening.fileno()],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the parent, which stops us in its own order
            )
        try:
            self._await_health()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server, politely first; a server that is not running is fine."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _environment(self) -> dict[str, str]:
        """The child's environment: nothing of the user's own Prefect settings gets in."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        environment |= {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{self.database}",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
            "PREFECT_SERVER_UI_V2_ENABLED": "true",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_UI_API_URL": "/api",  # so that the UI also works through a tunnel or a proxy
            "PREFECT_UI_STATIC_DIRECTORY": str(self.home / "ui"),
            "PREFECT_SERVER_API_PORT": str(self._port),
            # a pass changes many tasks at once: write them together (a third less CPU)
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "64",
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "2",
        }
        for service in _IDLE_SERVICES:
            environment[f"PREFECT_SERVER_SERVICES_{service}_ENABLED"] = "false"
        return environment

    def _await_health(self) -> None:
        # The socket listens already, so the one request waits in its queue until the server takes it; if the
        # server dies, the socket dies with it and the request fails at once.
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_TIMEOUT_SECONDS)
        try:
            asking.request("GET", "/api/health")
            status = asking.getresponse().status
        except TimeoutError as exc:
            reason = f"the Prefect server did not answer within {START_TIMEOUT_SECONDS} s"
            raise ServerStartError(reason, log=str(self.log)) from exc
        except (OSError, http.client.HTTPException) as exc:
            raise ServerStartError("the Prefect server stopped while starting", log=str(self.log)) from exc
        finally:
            asking.close()
        if status != http.client.OK:
            raise ServerStartError(f"the Prefect server answered {status}", log=str(self.log))


def _listen(port: int | None) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port or 0))
        listening.listen(256)
    except OSError as exc:
        listening.close()
        raise ServerStartError(
            f"port {port} on 127.0.0.1 cannot be used ({exc.strerror}); "
            "set DONDOC_UI_PORT to another one, or to 0 for any that is free"
        ) from exc
    return listening
