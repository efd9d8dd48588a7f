"""Refusals: why what a person asked for at the desk cannot be done."""

from __future__ import annotations

from typing import ClassVar


class DeskError(RuntimeError):
    """What a person asked for cannot be done; `key` names the sentence that says why, `values` fill it."""

    key: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(f"{self.key}: {values}")


class UnknownMail(DeskError):
    """No mail has that number."""

    key = "no_mail"


class DealtWith(DeskError):
    """The mail was dealt with before."""

    key = "mail_dealt_with"


class NoSuchRequest(DeskError):
    """No request goes by those names."""

    key = "no_such_request"


class WhichRequest(DeskError):
    """Several requests go by those names."""

    key = "which_request"


class PeriodOver(DeskError):
    """The period of that request is over, or has not begun."""

    key = "period_over"


class NotAskedFor(DeskError):
    """The report is not asked for yet, or no longer."""

    key = "not_asked_for"


class NothingAsked(DeskError):
    """The mail asks for nothing that could be decided."""

    key = "nothing_asked"


class UntilWhen(DeskError):
    """Nobody has said until when more time is granted."""

    key = "until_when"


class Objected(DeskError):
    """The new due date cannot be granted, or not without a confirmation."""

    key = "objected"


class NoSuchAgency(DeskError):
    """No agency of that id can be written to, or it answers already."""

    key = "no_such_agency"
