"""What every test may ask for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.postgres_server import PostgresServer

# the machine is shared: an example that was slow once is no finding
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Refuse a test that imports Prefect where it is collected: nobody could choose its server after that."""
    if "prefect" in sys.modules:
        raise pytest.UsageError("a test module imports Prefect: import it where `prefect_server` is given")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Give one PostgreSQL cluster for the whole session, started when the first test asks for it."""
    from tests.integration.postgres_server import find_postgres, running_postgres
    from tests.integration.required import not_here

    binaries = find_postgres()
    if binaries is None:
        not_here("PostgreSQL", "on Debian: apt install postgresql")
    with running_postgres(binaries) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the SQLAlchemy URL of an empty PostgreSQL database of this test's own."""
    with postgres_server.database() as url:
        yield url
