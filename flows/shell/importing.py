"""Importing: mails from files, kept and taken in as if they had just come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.ledger import inbox
from flows.shell.intake import Intake
from notifiers.delivered import delivered, looks_like_mail


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
    new = known = 0
    not_mail: list[str] = []
    for name, raw in mails:
        if len(raw) > size_limit or not looks_like_mail(raw):
            not_mail.append(name)
            continue
        mail = delivered(raw)
        with intake.ledger.write() as tx:
            fresh = inbox.keep(
                tx,
                raw=mail.raw,
                envelope_from=mail.envelope_from,
                envelope_to=mail.envelope_to,
                received_at=intake.clock.now(),
            )
        new, known = new + fresh, known + (not fresh)
    while intake.take_in():
        pass
    return Imported(new=new, known=known, not_mail=tuple(not_mail))
