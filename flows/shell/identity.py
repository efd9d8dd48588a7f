"""Who the engine writes as on this machine, by its settings."""

from __future__ import annotations

import logging

from flows.settings import Settings
from flows.shell.letters import Identity
from notifiers.overrides import NONE, read_overrides

_log = logging.getLogger("dondoc.letters")


def identity_of(settings: Settings) -> Identity:
    """The identity, with the coordinator's own words for mails; mistakes are logged, and not used."""
    templates = read_overrides(settings.templates) if settings.templates is not None else NONE
    if templates.faults:
        first = templates.faults[0]
        _log.warning(
            "%d mistakes in the mail templates, the first at %s:%d; see `dondoc templates check`",
            len(templates.faults),
            first.path,
            first.line,
        )
    return Identity(
        name=settings.mail_name, mailbox=settings.mailbox, secret=settings.secret(), templates=templates
    )
