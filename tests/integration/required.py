"""What happens when a server that a test needs is not installed: skipped at home, failed in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def not_here(what: str, remedy: str) -> NoReturn:
    """End the test: as failed when DONDOC_REQUIRE_SERVERS=1 (CI sets it), else as skipped with the remedy."""
    said = f"{what} is not installed ({remedy})"
    if os.environ.get("DONDOC_REQUIRE_SERVERS") == "1":
        pytest.fail(said, pytrace=False)
    pytest.skip(said)
