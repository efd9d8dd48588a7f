"""What can go wrong between dondoc and Prefect; each message is one line for the person at the keyboard."""

from __future__ import annotations


class RunsError(Exception):
    """Base of everything that the Prefect rooms raise for their callers."""


class ServerStartError(RunsError):
    """The embedded Prefect server did not start."""

    def __init__(self, reason: str, *, log: str | None = None) -> None:
        self.reason = reason
        self.log = log
        super().__init__(f"{reason}; see {log}" if log else reason)


class ConnectionConfiguredError(RunsError):
    """Prefect was imported before dondoc could tell it which server to use."""

    def __init__(self, wanted: str, found: str | None) -> None:
        self.wanted = wanted
        self.found = found
        super().__init__(f"this process already talks to the Prefect server {found}, not to {wanted}")


class ServerUnreachableError(RunsError):
    """A Prefect server does not answer, however often it is asked."""

    def __init__(self, api_url: str, reason: str) -> None:
        self.api_url = api_url
        self.reason = reason
        super().__init__(f"the Prefect server at {api_url} does not answer: {reason}")
