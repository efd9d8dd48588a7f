"""What tests against real servers may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.runs.embedded import EmbeddedServer
    from tests.integration.certificates import Certificate


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Give one embedded Prefect server for the whole session; this process is its client."""
    from tests.integration.prefect_server import running_prefect

    with running_prefect(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Give a self-signed certificate for localhost."""
    from tests.integration.certificates import self_signed

    return self_signed(tmp_path_factory.mktemp("tls"))
