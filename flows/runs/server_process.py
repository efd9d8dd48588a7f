"""The embedded server's own process: Prefect's API and UI on a socket that the parent opened.

Run as a file, by `flows.runs.embedded` alone; it imports nothing of this package. Its standard input is a
pipe that nobody writes to: when it closes, the parent is gone, however it went, and the server stops.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

GRACE_SECONDS = 3

#: Two writers met in SQLite: the server answers 503, and it is over in milliseconds. Prefect's client would
#: wait for seconds unless it is told for how long.
_BUSY_SECONDS = b"0.1"


def prepare_database(database: Path, template: Path) -> None:
    """Give a new `database` its tables: by Prefect's migrations once (6 s), later by copying `template`."""
    if database.exists():
        return
    if template.exists():
        shutil.copyfile(template, database)
        return
    from prefect.server.database import provide_database_interface

    asyncio.run(provide_database_interface().create_db())
    template.parent.mkdir(parents=True, exist_ok=True)
    draft = template.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(database)) as full, closing(sqlite3.connect(draft)) as copy:
        full.backup(copy)
    draft.replace(template)


def hurried(app: Any) -> Any:  # noqa: ANN401 - ASGI
    """The same ASGI application, whose "unavailable" says to try again at once."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        async def tell(message: Any) -> None:  # noqa: ANN401
            if message["type"] == "http.response.start" and message["status"] == 503:
                message["headers"] = [*message.get("headers", ()), (b"retry-after", _BUSY_SECONDS)]
            await send(message)

        await app(scope, receive, tell)

    return answer


def main(listening_fd: int, database: Path, template: Path) -> None:
    """Serve on the listening socket of that number until standard input closes or a signal says stop."""

    def watch_parent() -> None:
        os.read(sys.stdin.fileno(), 1)
        if server is None:
            os._exit(1)
        server.should_exit = True
        threading.Event().wait(2 * GRACE_SECONDS)
        os._exit(1)

    server = None
    threading.Thread(target=watch_parent, name="watch-parent", daemon=True).start()

    import uvicorn
    from prefect.server.api.server import create_app

    prepare_database(database, template)
    config = uvicorn.Config(
        hurried(create_app(final=True)),
        log_config=None,
        access_log=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    with socket.socket(fileno=listening_fd) as listening:
        server.run(sockets=[listening])
    os._exit(0 if server.started else 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
