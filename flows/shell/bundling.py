"""Bundling: letters of one kind about reports that one agency owes, written at one time, become one mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from flows.core.cycle import CyclePlan
from flows.shell.drafts import Draft
from flows.shell.identity import Identity
from flows.shell.letters import KINDS, MailedAction, addressee, is_classified
from notifiers.address import return_path, signed_address
from notifiers.compose import Sender, compose
from notifiers.conversation import Written
from notifiers.ports import Letter, LetterKind, Parcel, Section
from notifiers.rendering import subject

if TYPE_CHECKING:
    from flows.ledger.tables import Row

_BUNDLED = frozenset((LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE))
_MOST = 20
"""Reports in one mail: an agency with more gets several."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A draft about a request, ready to be posted."""

    draft: Draft
    request_id: int
    task: str
    agency: str


def bundled(posted: Sequence[Posted]) -> tuple[tuple[Posted, ...], ...]:
    """What goes into one mail, in the order of the first of each; what stands alone is a bundle of one.

    Together go letters of the same kind and step about reports of one agency, to the same mailbox and in the
    same language. A classified letter goes alone.
    """
    bundles: dict[object, list[Posted]] = {}
    for place, one in enumerate(posted):
        letter = one.draft.letter
        alone = letter.classified or letter.kind not in _BUNDLED
        where = (letter.kind, letter.step, one.agency, _folded(letter.to.mailbox), letter.language)
        bundles.setdefault(place if alone else where, []).append(one)
    return tuple(
        tuple(bundle[first : first + _MOST])
        for bundle in bundles.values()
        for first in range(0, len(bundle), _MOST)
    )


def mails(cycle: CyclePlan, letters: Iterable[MailedAction]) -> Counter[LetterKind]:
    """How many mails of each kind a cycle's letters come to, counted without writing them."""
    found: Counter[LetterKind] = Counter()
    together: Counter[object] = Counter()
    for action in letters:
        kind, to = KINDS[type(action)], addressee(cycle, action)
        if kind not in _BUNDLED or is_classified(cycle, action.task):
            found[kind] += 1
        else:
            step = getattr(action, "step", 1)
            where = (kind, step, action.agency, _folded(to.mailbox), to.agency.language)
            found[kind] += together[where] % _MOST == 0
            together[where] += 1
    return found


def _folded(mailbox: str | None) -> str | None:
    return mailbox.casefold() if mailbox is not None else None


def threaded(identity: Identity, bundles: Sequence[tuple[Posted, ...]]) -> tuple[tuple[Posted, ...], ...]:
    """The same, each letter told of the mails about its request that are posted before it."""
    times = Counter(one.request_id for bundle in bundles for one in bundle)
    before: dict[int, tuple[Written, ...]] = {}
    found = []
    for bundle in bundles:
        told = tuple(
            replace(one, draft=one.draft.after(before[one.request_id])) if one.request_id in before else one
            for one in bundle
        )
        found.append(told)
        again = [one.request_id for one in told if times[one.request_id] > 1]
        if again:
            mail = written(identity, told)
            before |= {id_: (*before.get(id_, ()), mail) for id_ in again}
    return tuple(found)


def written(identity: Identity, bundle: Sequence[Posted]) -> Written:
    """The mail of a bundle, as those that come after it see it."""
    letter = bundle[0].draft.letter
    return Written(
        message_id=letter.message_id,
        kind=letter.kind,
        subject=titled(identity, bundle),
        to=tuple(one.mailbox for one in (letter.to, *letter.cc) if one.mailbox is not None),
    )


def titled(identity: Identity, bundle: Sequence[Posted]) -> str:
    """The subject of the mail of a bundle."""
    if len(bundle) == 1:
        return bundle[0].draft.subject(identity)
    return subject(parcel(identity, bundle)[1], identity.templates)


def conversation(letters: Iterable[Letter]) -> str | None:
    """The subject that a mail of these letters goes on under: that of the first which goes on."""
    return next((one.conversation for one in letters if one.conversation is not None), None)


def parcel(identity: Identity, bundle: Sequence[Posted]) -> tuple[str, Parcel]:
    """The mail for a bundle of several, and its token. Both follow from the keys of what is in it."""
    first = bundle[0].draft.letter
    token = identity.parcel_token("\0".join(one.draft.key for one in bundle))
    return token, Parcel(
        kind=first.kind,
        sections=tuple(Section(letter=one.draft.letter) for one in bundle),
        message_id=first.message_id,
        reply_to=signed_address(identity.mailbox, token, identity.secret),
        thread=tuple(dict.fromkeys(id_ for one in bundle for id_ in one.draft.letter.thread)),
        conversation=conversation(one.draft.letter for one in bundle),
    )


def rows(identity: Identity, bundle: Sequence[Posted], *, cycle_id: int, at: datetime) -> list[Row]:
    """The rows of the outbox for a bundle, the mail composed and in the first of them."""
    if len(bundle) == 1:
        (one,) = bundle
        return [one.draft.row(identity, cycle_id=cycle_id, request_id=one.request_id, task=one.task, at=at)]
    token, whole = parcel(identity, bundle)
    enclosed = tuple(
        replace(section, letter=replace(section.letter, enclosures=one.draft.enclosures(identity)))
        for section, one in zip(whole.sections, bundle, strict=True)
    )
    return posted_rows(identity, bundle, replace(whole, sections=enclosed), token, cycle_id=cycle_id, at=at)


def posted_rows(
    identity: Identity, bundle: Sequence[Posted], whole: Parcel, token: str, *, cycle_id: int, at: datetime
) -> list[Row]:
    """A row for each letter of the bundle, all under one mail."""
    sender = Sender(
        name=identity.name,
        mailbox=identity.mailbox,
        return_path=return_path(identity.mailbox, token, identity.secret),
    )
    mail = compose(whole, sender, identity.templates)
    line = subject(whole, identity.templates)
    return [
        {
            "key": one.draft.key,
            "cycle_id": cycle_id,
            "request_id": one.request_id,
            "task": one.task,
            "kind": one.draft.letter.kind,
            "step": one.draft.letter.step,
            "message_id": mail.message_id,
            "parcel": token,
            "envelope_from": mail.envelope_from,
            "envelope_to": list(mail.envelope_to),
            "subject": line,
            "why": one.draft.why,
            "raw": mail.raw,
            "created_at": at,
        }
        for one in bundle
    ]
