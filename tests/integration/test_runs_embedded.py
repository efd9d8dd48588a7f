"""The embedded Prefect server: it starts, says why not, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from flows.runs.embedded import EmbeddedServer
from flows.runs.errors import ServerStartError
from tests.integration.prefect_server import eventually

_PARENT = """
import sys
from pathlib import Path
from flows.runs.embedded import EmbeddedServer

server = EmbeddedServer(Path(sys.argv[1]), templates=Path(sys.argv[2]))
server.start()
print(server.pid, server.port, flush=True)
sys.stdin.read()
"""


def test_people_land_on_the_second_ui(prefect_server: EmbeddedServer) -> None:
    front_door = f"http://127.0.0.1:{prefect_server.port}/"
    page = httpx.get(front_door, headers={"accept": "text/html"}, follow_redirects=True)
    assert page.url == prefect_server.ui_url


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerStartError, match=rf"^port {port} on 127.0.0.1 cannot be used"):
            EmbeddedServer(tmp_path, port).start()


def test_a_server_that_cannot_start_names_its_log(tmp_path: Path) -> None:
    (tmp_path / "prefect.db").mkdir()  # no database can be opened there
    server = EmbeddedServer(tmp_path)
    with pytest.raises(ServerStartError, match=r"stopped while starting; see .*prefect-server\.log$"):
        server.start()
    assert server.pid is None


def test_the_server_dies_with_its_parent_even_when_that_is_killed(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path), str(prefect_server.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline().split()[0])
        assert Path(f"/proc/{pid}").exists()
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    eventually(lambda: not _lives(pid), "the end of the server")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except OSError:
        return False
