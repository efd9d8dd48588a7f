"""Failures that an operator can mend, told in one line."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from typer.exceptions import Abort, TyperException

from flows import troubles
from flows.cli.texts import say

_KNOWN = {
    "flows.environment": ("SettingError",),
    "flows.clock": ("ClockUnreadable",),
    "flows.ledger.database": ("LedgerError",),
    "flows.runs.errors": ("RunsError",),
    "flows.shell.specs.applying": ("ApplyingError",),
    "flows.serving": ("ServingError",),
    "flows.demo.driver": ("DemoError",),
    "notifiers.errors": ("NotifierError",),
}
"""Exceptions whose message is written for operators, by the module they live in; one that was never imported
was never raised."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What an operator is told, a line or a help page, and the status to end with."""

    line: str
    status: int


def told(exc: BaseException) -> Failure | None:
    """What an operator is told; None for what is a fault of dondoc."""
    if isinstance(exc, TyperException):
        from flows.cli.usage import misuse_in_words

        context = getattr(exc, "ctx", None)
        command = context.command_path if context is not None else "dondoc"
        said = misuse_in_words(exc.format_message(), command)
        return Failure(
            line=said if said.startswith(say("usage_usage")) else _line(said), status=exc.exit_code
        )
    if isinstance(exc, Abort):
        return Failure(line=_line(say("usage_aborted")), status=1)
    outdated = sys.modules.get("flows.shell.specs.applying")
    if outdated is not None and isinstance(exc, outdated.PlanOutdated):
        return Failure(line=_line(say("plan_outdated")), status=1)
    for module, names in _KNOWN.items():
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(exc, tuple(getattr(loaded, name) for name in names)):
            return Failure(line=_line(troubles.told(exc)), status=1)
    return None


def _line(text: str) -> str:
    return f"dondoc: {text}"
