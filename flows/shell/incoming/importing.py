"""Importing: mails from files, kept and taken in as if they had just come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.ledger import inbox
from flows.shell.incoming.intake import Intake
from notifiers.delivered import delivered, looks_like_mail
from notifiers.ports import RawMail

_TOGETHER = 50
_AT_ONCE = 16 * 1024 * 1024
"""Octets of mails that are held in memory together, unless one alone is larger."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of the mails that were offered."""

    new: int
    known: int
    """Kept before, octet for octet."""
    not_mail: tuple[str, ...]
    """The names of what was left alone: no mail, or one beyond the limit."""


def import_mails(intake: Intake, mails: Iterable[tuple[str, bytes]], *, size_limit: int) -> Imported:
    """Keep named mails and take in all that is new; a mail that was imported before is not taken twice.

    Their time of arrival is that of the import, for a file proves no other.
    """
    kept: list[bool] = []
    not_mail: list[str] = []
    together: list[RawMail] = []
    for name, raw in mails:
        if len(raw) > size_limit or not looks_like_mail(raw):
            not_mail.append(name)
            continue
        together.append(delivered(raw))
        if len(together) == _TOGETHER or sum(len(one.raw) for one in together) > _AT_ONCE:
            kept += _kept(intake, together)
            together.clear()
    kept += _kept(intake, together)
    while intake.take_in():
        pass
    return Imported(new=sum(kept), known=kept.count(False), not_mail=tuple(not_mail))


def _kept(intake: Intake, mails: Iterable[RawMail]) -> list[bool]:
    """Whether each of them is new; all of them are kept in one transaction."""
    at = intake.clock.now()
    with intake.ledger.write() as tx:
        return inbox.keep(tx, [(mail, at) for mail in mails])
