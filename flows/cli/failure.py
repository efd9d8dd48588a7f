"""Failures that an operator can mend, told in one line."""

from __future__ import annotations

import sys

_KNOWN = {
    "flows.environment": ("SettingError",),
    "flows.clock": ("ClockUnreadable",),
    "flows.ledger.database": ("LedgerError",),
    "flows.runs.errors": ("RunsError",),
    "flows.shell.applying": ("ApplyingError",),
    "flows.serving": ("ServingError",),
    "flows.demo.driver": ("DemoError",),
    "notifiers.errors": ("NotifierError",),
}
"""Exceptions whose message is written for operators, by the module they live in; one that was never imported
was never raised."""


def told(exc: BaseException) -> str | None:
    """The line for an operator; None for what is a fault of dondoc."""
    for module, names in _KNOWN.items():
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(exc, tuple(getattr(loaded, name) for name in names)):
            return str(exc)
    return None
