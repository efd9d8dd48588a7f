from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.integration.postgres_server import (
    PostgresDidNotStartError,
    PostgresServer,
    find_postgres,
    running_postgres,
)

ROOT = Path(__file__).parents[2]


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""))


def test_a_test_gets_an_empty_database_that_keeps_vietnamese(postgres_url: str) -> None:
    with _connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        connection.execute("CREATE TABLE agency (name text)")
        connection.execute("INSERT INTO agency VALUES ('Sở Thông tin và Truyền thông')")
        kept = connection.execute("SELECT name, length(name) FROM agency").fetchone()
    assert tables == (0,)
    assert kept == ("Sở Thông tin và Truyền thông", 28)


def test_two_databases_know_nothing_of_each_other(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as one, postgres_server.database() as other:
        with _connect(one) as connection:
            connection.execute("CREATE TABLE agency (name text)")
        with _connect(other) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM agency")


def test_a_database_goes_at_the_end_even_when_somebody_is_still_in_it(
    postgres_server: PostgresServer,
) -> None:
    with postgres_server.database() as url:
        forgotten = _connect(url)
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    forgotten.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _connect(url)


def test_a_stopped_cluster_leaves_no_folder(postgres_server: PostgresServer) -> None:
    binaries = find_postgres()
    assert binaries is not None  # the session's cluster runs from it
    with running_postgres(binaries) as another:
        assert another.folder != postgres_server.folder
        assert another.folder.exists()
    assert not another.folder.exists()


def test_binaries_that_do_not_work_are_reported_with_what_they_said(postgres_server: PostgresServer) -> None:
    # next to the socket: the one folder that the user postgres may enter when root runs the tests
    binaries = postgres_server.folder / "broken"
    binaries.mkdir()
    for name in ("initdb", "postgres"):
        (binaries / name).write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
        (binaries / name).chmod(0o755)
    with pytest.raises(PostgresDidNotStartError, match="the disk is full"), running_postgres(binaries):
        pass


@pytest.mark.parametrize(("required", "outcome"), [("1", "1 failed"), ("", "1 skipped")])
def test_a_missing_server_is_skipped_at_home_and_failed_in_ci(
    tmp_path: Path, required: str, outcome: str
) -> None:
    (tmp_path / "test_needs.py").write_text(
        "from tests.integration.required import not_here\n"
        "def test_needs():\n"
        "    not_here('PostgreSQL', 'apt install postgresql')\n"
    )
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", tmp_path / "test_needs.py"],
        cwd=tmp_path,
        env={**os.environ, "DONDOC_REQUIRE_SERVERS": required, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert outcome in said
