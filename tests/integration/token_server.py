"""A token endpoint on loopback: gives out access tokens, and tells a mail server which of them hold."""

from __future__ import annotations

import itertools
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT = ("dondoc", "bi-mat-cua-ung-dung")


@dataclass
class TokenServer:
    """What was asked and given out. `holds` are the tokens that a mail server may believe."""

    user: str
    refresh_token: str | None = None
    """The one that is taken; None for client credentials."""
    following: str | None = None
    """The refresh token given out with the next access token."""
    expires_in: int = 3600
    down: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    holds: set[str] = field(default_factory=set)
    port: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    def answer(self, path: str, said: dict[str, str]) -> tuple[int, dict[str, object]]:
        if path == "/introspect":
            return 200, {"active": said.get("token") in self.holds, "username": self.user}
        self.asked.append(said)
        if self.down:
            return 503, {}
        if (said.get("client_id"), said.get("client_secret")) != CLIENT:
            return 401, {"error": "invalid_client"}
        wanted = "refresh_token" if self.refresh_token else "client_credentials"
        if said["grant_type"] != wanted or said.get("refresh_token") != self.refresh_token:
            return 400, {"error": "invalid_grant", "error_description": "the refresh token has ended"}
        token = f"the-{next(self._numbers)}"
        self.holds.add(token)
        given: dict[str, object] = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.expires_in,
        }
        if self.following is not None:
            self.refresh_token = given["refresh_token"] = self.following
        return 200, given


@contextmanager
def token_server(user: str, **given: object) -> Iterator[TokenServer]:
    """Run one."""
    told = TokenServer(user, **given)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            said = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            status, answer = told.answer(self.path, said)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
