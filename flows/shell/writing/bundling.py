"""Bundling: letters of one kind about reports that one agency owes, written at one time, become one mail,
whichever plans of their issuer they are about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.shell.writing.drafts import Draft
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import KINDS, MailedAction, addressee, is_classified
from notifiers.address import return_path, signed_address
from notifiers.compose import Sender, compose
from notifiers.conversation import Written
from notifiers.ports import Letter, LetterKind, Parcel, Section
from notifiers.rendering import subject
from schemas.model import Language

if TYPE_CHECKING:
    from flows.ledger.tables import Row

_BUNDLED = frozenset((LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE))
_MOST = 20
"""Reports in one mail: an agency with more gets several."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A draft about a request, ready to be posted."""

    draft: Draft
    cycle_id: int
    request_id: int
    task: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """What letters that go as one mail have in common: they say the same to one mailbox of one agency, for
    one issuer, and whoever has a question turns to one contact.
    """

    kind: LetterKind
    step: int
    agency: str
    mailbox: str
    language: Language
    issuer: str
    contact: tuple[str, str | None]


def bundled(posted: Sequence[Posted]) -> tuple[tuple[Posted, ...], ...]:
    """What goes into one mail, in the order of the first of each; what stands alone is a bundle of one.

    Together go letters for one place, of whichever plans. A classified letter goes alone.
    """
    bundles: dict[object, list[Posted]] = {}
    for number, one in enumerate(posted):
        letter = one.draft.letter
        alone = letter.classified or letter.kind not in _BUNDLED
        place = Place(
            kind=letter.kind,
            step=letter.step,
            agency=one.agency,
            mailbox=(letter.to.mailbox or "").casefold(),
            language=letter.language,
            issuer=letter.issuer.name,
            contact=(letter.coordinator.name, letter.coordinator.mailbox),
        )
        bundles.setdefault(number if alone else place, []).append(one)
    return tuple(
        tuple(bundle[first : first + _MOST])
        for bundle in bundles.values()
        for first in range(0, len(bundle), _MOST)
    )


def place_of(cycle: CyclePlan, action: MailedAction) -> Place | None:
    """Where the letter that an action calls for may go together with others; None for one that goes alone."""
    kind = KINDS[type(action)]
    if kind not in _BUNDLED or is_classified(cycle, action.task):
        return None
    on, to = cycle.by_id[action.task].as_of_on, addressee(cycle, action)
    contact = ladder.coordinator(cycle.bundle, on)
    return Place(
        kind=kind,
        step=getattr(action, "step", 1),
        agency=action.agency,
        mailbox=(to.mailbox or "").casefold(),
        language=to.agency.language,
        issuer=ladder.issuer(cycle.bundle, on).agency.called,
        contact=(contact.agency.called, contact.mailbox),
    )


Together = dict[Place, Counter[str]]
"""How many letters of each plan go to each place at one time."""


def mails(
    cycle: CyclePlan, letters: Iterable[MailedAction], together: Together | None = None
) -> Counter[LetterKind]:
    """How many mails of each kind a cycle's letters come to, counted without writing them. Those that travel
    in mails of other plans, whose letters `together` counts so far, are no mails of this one.
    """
    found: Counter[LetterKind] = Counter()
    own: Counter[Place] = Counter()
    so_far = together if together is not None else {}
    for action in letters:
        place = place_of(cycle, action)
        if place is None:
            found[KINDS[type(action)]] += 1
            continue
        others = so_far.get(place, Counter())
        found[place.kind] += (others.total() - others[cycle.plan_id] + own[place]) % _MOST == 0
        own[place] += 1
    for place, count in own.items():
        so_far.setdefault(place, Counter())[cycle.plan_id] += count
    return found


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
    """The subject that a mail of these letters goes on under: that of the first which goes on; none where
    letters of several plans or periods began apart, for the subject of one would belie the others.
    """
    told = list(letters)
    begun = dict.fromkeys(one.conversation for one in told if one.conversation is not None)
    apart = len(begun) > 1 and len({(one.plan_number, one.cycle_name) for one in told}) > 1
    return None if apart else next(iter(begun), None)


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


def rows(identity: Identity, bundle: Sequence[Posted], *, at: datetime) -> list[Row]:
    """The rows of the outbox for a bundle, the mail composed and in the first of them."""
    if len(bundle) == 1:
        (one,) = bundle
        return [
            one.draft.row(identity, cycle_id=one.cycle_id, request_id=one.request_id, task=one.task, at=at)
        ]
    token, whole = parcel(identity, bundle)
    enclosed = tuple(
        replace(section, letter=replace(section.letter, enclosures=one.draft.enclosures(identity)))
        for section, one in zip(whole.sections, bundle, strict=True)
    )
    return posted_rows(identity, bundle, replace(whole, sections=enclosed), token, at=at)


def posted_rows(
    identity: Identity, bundle: Sequence[Posted], whole: Parcel, token: str, *, at: datetime
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
            "cycle_id": one.cycle_id,
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
