"""A throw-away PostgreSQL cluster from Debian's binaries: on a unix socket, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

START_WITHIN_SECONDS = 60.0
STOP_WITHIN_SECONDS = 20.0


class PostgresDidNotStartError(RuntimeError):
    """The cluster could not be made or did not answer in time; `log` is what the server said."""

    def __init__(self, log: str) -> None:
        super().__init__(f"PostgreSQL did not start:\n{log}")
        self.log = log


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A running cluster. Its only door is a socket in `folder`, which nobody but its owner may enter."""

    folder: Path
    version: str

    def dsn(self, database: str) -> str:
        """Where a database is, as libpq writes it."""
        return f"host={self.folder} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        """Where a database is, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the SQLAlchemy URL of a new, empty database; it is dropped at the end, whoever is in it."""
        name = f"ledger_{secrets.token_hex(6)}"
        self._run(f'CREATE DATABASE "{name}"')
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def find_postgres() -> Path | None:
    """Give the folder with the newest installed `initdb` and `postgres`, or None."""
    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def running_postgres(binaries: Path) -> Iterator[PostgresServer]:
    """Make a cluster, run it, and leave nothing behind.

    PostgreSQL refuses to run as root; root's tests run it as the user postgres, which Debian's package makes.
    The server is told to stop when the tests' process dies in any way.
    """
    # not pytest's tmp_path: its path may be too long for a socket, and its folders are closed to postgres
    folder = Path(tempfile.mkdtemp(prefix="dondoc-pg-"))
    become: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        become = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    as_owner = ["setpriv", *become, "--pdeathsig=QUIT", "--"]
    log_path = folder / "log"
    cluster = folder / "cluster"
    try:
        with log_path.open("wb") as log:
            made = subprocess.run(
                [*as_owner, binaries / "initdb", f"--pgdata={cluster}", "--username=postgres", "--auth=trust",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False,
            )  # fmt: skip
            if made.returncode:
                raise PostgresDidNotStartError(log_path.read_text(errors="replace"))
            server = subprocess.Popen(
                [*as_owner, binaries / "postgres", "-D", cluster, "-c", "listen_addresses=",
                 "-c", f"unix_socket_directories={folder}", "-c", "max_connections=40",
                 # it only has to live as long as the tests
                 "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            yield _answering(folder, server, log_path)
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(STOP_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answering(folder: Path, server: subprocess.Popen[bytes], log_path: Path) -> PostgresServer:
    """Wait until the server answers."""
    until = time.monotonic() + START_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with psycopg.connect(f"host={folder} user=postgres dbname=postgres") as connection:
                version = connection.execute("SHOW server_version").fetchone()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return PostgresServer(folder=folder, version=str(version[0]) if version else "")
    raise PostgresDidNotStartError(log_path.read_text(errors="replace"))
