"""A webhook on loopback: takes what is posted to it, and answers as it is told."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class WebHook:
    """What came, and where it is reached."""

    answer: int = 200
    goes_on: threading.Event = field(default_factory=threading.Event)
    """Nothing is answered before it is set."""
    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Paths and what was said there."""
    port: int = 0

    def address(self, path: str) -> str:
        return f"json://127.0.0.1:{self.port}/{path}"


@contextmanager
def web_hook() -> Iterator[WebHook]:
    """Run one."""
    hook = WebHook()
    hook.goes_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            hook.posted.append((self.path, said))
            hook.goes_on.wait()
            self.send_response(hook.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hook
    finally:
        hook.goes_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
