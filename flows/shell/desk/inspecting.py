"""Inspecting: the mails that people look at, and one of them with what the machine makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.core.rollup import Value, fields_of
from flows.ledger import cycles, inbox, inquiries, outbox, requests
from flows.ledger.database import Ledger
from flows.ledger.inbox import ListedMail, Placing
from flows.ledger.inquiries import Inquiry
from flows.ledger.outbox import TroubledMail
from flows.shell.desk.refusals import UnknownMail
from flows.shell.versions import Versions
from notifiers.replies import Attachment, Understood, files, read_values, understand

_MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """One mail, read by today's parser."""

    listed: ListedMail
    understood: Understood
    values: Mapping[str, Value] = field(default_factory=dict)
    """What it gives to the form of its request, by the fields' labels."""
    verdict: str | None = None
    """What it was taken for at its request."""
    asked: Inquiry | None = None
    """The question that was put to its sender, which report it is about."""


def mails_for_people(ledger: Ledger, *, every: bool = False) -> Sequence[ListedMail]:
    """The mails that wait for a person, the newest first; with `every`, all that ever came."""
    with ledger.read() as tx:
        return inbox.listed(tx, list(Placing) if every else [Placing.UNPLACED], _MOST)


def troubled_mails(ledger: Ledger) -> Sequence[TroubledMail]:
    """Mails about requests under way that were refused, or may not have arrived, the newest first."""
    with ledger.read() as tx:
        return outbox.troubled(tx, _MOST)


def files_of(ledger: Ledger, number: int) -> Sequence[Attachment]:
    """Every file of a mail, also those that count for nothing. Raises UnknownMail."""
    with ledger.read() as tx:
        raw = inbox.raw_mail(tx, number)
    if raw is None:
        raise UnknownMail(number=number)
    return files(raw)


def inspect(ledger: Ledger, versions: Versions, number: int) -> Inspected:
    """One mail. Raises UnknownMail."""
    with ledger.read() as tx:
        listed = inbox.listed_one(tx, number)
        raw = inbox.raw_mail(tx, number)
        if listed is None or raw is None:
            raise UnknownMail(number=number)
        understood = understand(raw)
        about, asked = listed.request, inquiries.of_mail(tx, number)
        if about is None or not understood.kind.by_person:
            return Inspected(listed=listed, understood=understood, asked=asked)
        form = versions.standing(tx, cycles.by_id(tx, about.cycle_id)).form(about.task)
        found = read_values(understood, form).values if form is not None else {}
        return Inspected(
            listed=listed,
            understood=understood,
            values={one.label: found[one.id] for one in fields_of(form) if one.id in found},
            verdict=requests.last_verdict(tx, number, about.id),
            asked=asked,
        )
