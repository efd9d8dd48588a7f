"""The database behind the ledger: opened by URL, brought up to date, written one transaction at a time."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

Transaction = Connection
"""A transaction on the ledger; what its functions take first."""

_PRAGMAS = (
    "journal_mode=WAL",
    "wal_autocheckpoint=4000",  # pages: a heap of mails fills the usual 1000 several times a second
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
)
_MIGRATIONS = Path(__file__).parent / "migrations"
_NO_ADDRESS = "(an address that is not understood)"


class LedgerError(RuntimeError):
    """The ledger cannot be used."""


class LedgerUnreachable(LedgerError):
    """The database does not answer, or its address is not understood."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"the ledger {url} cannot be opened: {reason}")


class LedgerTooNew(LedgerError):
    """The database was written by a later dondoc."""

    def __init__(self, url: str, revision: str) -> None:
        self.url = url
        self.revision = revision
        super().__init__(f"the ledger {url} was written by a later dondoc ({revision}); install that one")


class LedgerBusy(LedgerError):
    """The database could not finish a transaction now (a deadlock, a lost line, a full disk): nothing of it
    was written, and the same may be tried again.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the ledger could not write now: {reason}")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All that happened. Safe to share between threads; `owner` names this process in claims."""

    engine: Engine
    owner: str

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that sees all that was committed before it, and in which nobody else writes what
        it has locked. Commits at the end, rolls back on an exception.

        Raises LedgerBusy when the database, and not what was asked of it, is the reason that it failed.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as exc:
            raise LedgerBusy(_first_line(exc)) from exc

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A consistent look that writes nothing: all of it as of one moment."""
        snapshot = {"isolation_level": "REPEATABLE READ"} if self.engine.name == "postgresql" else {}
        with self.engine.connect().execution_options(dondoc_read=True, **snapshot) as connection:
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_ledger(url: str) -> Ledger:
    """Open the ledger at an SQLAlchemy URL, create or migrate its tables, and return it.

    Raises LedgerUnreachable or LedgerTooNew.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as exc:  # what these say may quote a password
        raise LedgerUnreachable(_NO_ADDRESS, "write it as postgresql+psycopg://user@host/name") from exc
    with ExitStack() as undo:
        try:
            engine = _engine(parsed)
            undo.callback(engine.dispose)
            _migrate(engine, parsed)
        except (SQLAlchemyError, sqlite3.Error, ImportError, OSError) as exc:
            raise LedgerUnreachable(_plain(parsed), _first_line(exc)) from exc
        undo.pop_all()
    return Ledger(engine=engine, owner=f"{socket.gethostname()}:{os.getpid()}")


def _engine(parsed: URL) -> Engine:
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("dondoc_read", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _migrate(engine: Engine, url: URL) -> None:
    scripts = ScriptDirectory(str(_MIGRATIONS))
    head = scripts.get_current_head()
    with engine.connect().execution_options(dondoc_read=True) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise LedgerTooNew(_plain(url), current)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20240805)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _plain(url: URL) -> str:
    """The URL as it may be shown: without its password."""
    return url.render_as_string(hide_password=True)


def _first_line(exc: BaseException) -> str:
    cause = getattr(exc, "orig", None) or exc
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
