"""A ledger of an earlier dondoc is brought up to date with all that it holds, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Engine, MetaData, create_engine, event, insert, select

from flows.ledger import database
from flows.ledger.database import open_ledger
from flows.ledger.tables import metadata

EARLIEST = "0003"
"""The ledger of the first version that anybody used."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


def _as_of(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _value(column: Column[object], number: int, *, zones: bool) -> object:
    kind = str(column.type)
    if "INT" in kind:
        return number
    if "BOOL" in kind:
        return False
    if "JSON" in kind:
        return ["xa-1@xa.example"]
    if kind in ("BLOB", "BYTEA"):
        return b"Subject: x\r\n\r\n"
    if kind == "DATE":
        return date(2024, 11, 18)
    if kind.startswith(("TIMESTAMP", "DATETIME")):
        return datetime(2024, 11, 18, tzinfo=UTC) if zones else datetime(2024, 11, 18)  # noqa: DTZ001
    return f"{column.name[:6]}{number}"


def _filled(engine: Engine) -> Mapping[str, list[tuple[object, ...]]]:
    """Two rows in each table, the references between them right; all that then stands in it."""
    found = MetaData()
    found.reflect(engine)
    held = {}
    with engine.begin() as connection:
        for table in found.sorted_tables:
            if table.name == "alembic_version":
                continue
            for number in (1, 2):
                zones = engine.name == "postgresql"
                row = {one.name: _value(one, number, zones=zones) for one in table.columns}
                connection.execute(insert(table).values(row))
            held[table.name] = [tuple(row) for row in connection.execute(select(table))]
    return held


def test_an_old_ledger_keeps_all_that_it_holds(url: str) -> None:
    engine = create_engine(url)
    if engine.name == "sqlite":
        event.listen(engine, "connect", lambda line, _: line.execute("PRAGMA foreign_keys=ON"))
    _as_of(engine, EARLIEST)
    before = MetaData()
    before.reflect(engine)
    held = _filled(engine)
    open_ledger(url).close()
    with engine.connect() as connection:
        for name, rows in held.items():
            columns = before.tables[name].columns
            if name == "outbox":  # what a mail says was moved to a table of its own
                content = metadata.tables["mail_content"]
                moved = [content.c.raw if one.name == "raw" else one for one in columns]
                query = select(*moved).join(content, content.c.mail_id == columns["id"])
            else:
                query = select(*columns)
            assert [tuple(row) for row in connection.execute(query)] == rows, name
    engine.dispose()
    assert {len(rows) for rows in held.values()} == {2}
    assert len(held) > 10
