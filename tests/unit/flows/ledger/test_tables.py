"""Instants in the ledger are aware, whatever the database can hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from flows.ledger import database
from flows.ledger.tables import Instant, NaiveInstant, metadata
from tests.bundles import at

DIALECTS = [sqlite.dialect(), postgresql.dialect()]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_an_instant_without_a_zone_is_refused(dialect) -> None:  # noqa: ANN001
    with pytest.raises(NaiveInstant) as caught:
        Instant().process_bind_param(datetime(2024, 11, 29, 8), dialect)  # noqa: DTZ001 - this is the point
    assert "2024-11-29" in str(caught.value)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_an_instant_comes_back_as_the_same_instant_in_utc(dialect) -> None:  # noqa: ANN001
    bound = Instant().process_bind_param(at("2024-11-29 08:00"), dialect)
    read = Instant().process_result_value(bound, dialect)
    assert read == at("2024-11-29 08:00")
    assert read is not None
    assert read.tzinfo is UTC
    assert Instant().process_result_value(Instant().process_bind_param(None, dialect), dialect) is None


def test_every_instant_of_the_ledger_ends_in_at_and_every_constraint_has_a_name() -> None:
    allowed = {"at", "claimed_until"}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Instant):
                assert column.name.endswith("_at") or column.name in allowed, f"{table.name}.{column.name}"
        assert all(one.name for one in table.constraints), table.name


def test_no_migration_drops_a_table_that_others_refer_to() -> None:
    """Altering in batch makes a table anew on SQLite, where one that rows refer to cannot be dropped."""
    folder = Path(database.__file__).parent / "migrations" / "versions"
    later = [one for one in sorted(folder.glob("0*.py")) if one.stem[:4] > "0012"]
    assert later
    assert [one.name for one in later if "batch_alter_table" in one.read_text("utf-8")] == []
