"""How this process reaches Prefect: decided once, in the environment, before Prefect is first imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flows.runs.errors import ConnectionConfiguredError

#: Prefect reads these when it is imported. Its engine talks to programmers ("Finished in state …"); what a
#: coordinator should read in a run's log is written by the flow itself.
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_PREFECT_WORKERS_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "1.0",
    "PREFECT_CLI_PROMPT": "false",
    # tasks of a cycle are drawn from the ledger; nothing of Prefect's result store is used
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}


def connect(api_url: str, home: Path) -> None:
    """Make this process a client of the Prefect API at `api_url`, with `home` in place of `~/.prefect`.

    Promise: the user's own Prefect profile is neither read nor written. Must come before the first import of
    Prefect; later calls are fine if they name the same server, and raise ConnectionConfiguredError if not.
    """
    if "prefect" in sys.modules:
        from prefect.settings import get_current_settings

        found = get_current_settings().api.url
        if found != api_url:
            raise ConnectionConfiguredError(api_url, found)
        return
    home.mkdir(parents=True, exist_ok=True)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ["PREFECT_HOME"] = str(home)
    os.environ["PREFECT_API_URL"] = api_url


def api_url_from_environment() -> str | None:
    """The server that the person chose (`PREFECT_API_URL`), or None: dondoc then runs one of its own."""
    return os.environ.get("PREFECT_API_URL") or None
