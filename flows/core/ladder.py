"""Whom a rung of the ladder reaches: which agency, and which of its people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.catalogue import Bundle
from schemas.model import Agency, Contact, Recipient, Rung


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Somebody a mail can reach: an agency, and the person meant when it is not for the office at large."""

    agency: Agency
    contact: Contact | None = None

    @property
    def mailbox(self) -> str | None:
        """The person's own mailbox, else the agency's."""
        own = self.contact.mailbox if self.contact is not None else None
        return own or self.agency.mailbox

    @property
    def channel(self) -> str | None:
        """The chat channel of the person meant, else the agency's; of an office at large, else that of its
        focal point. None where nobody asked for one.
        """
        person = self.contact or self.agency.focal_point
        own = self.contact.notify if self.contact is not None else None
        at_large = person.notify if self.contact is None and person is not None else None
        return own or self.agency.notify or at_large


def addressee(bundle: Bundle, agency_id: str, rung: Rung, on: date) -> Addressee:
    """Whom `rung` turns to about a report that `agency_id` owes, in the hierarchy of the day `on`.

    A superior so many steps up that there is none is the highest there is; an agency without any superior,
    and whoever has no mailbox, is replaced by the plan's issuer.
    """
    found = _meant(bundle, agency_id, rung, on)
    if found.mailbox is None:
        return issuer(bundle, on)
    return found


def rungs_for(bundle: Bundle, agency_id: str, ladder: Sequence[Rung], on: date) -> tuple[int, ...]:
    """Which rungs (from 0) are climbed about a report that `agency_id` owes.

    A rung that would turn to somebody whom another one below it reaches is passed over: two levels up from
    an agency with one level above it is the same chairman again. The same rung written twice is meant.
    """
    reached: list[tuple[Rung, Addressee]] = []
    found = []
    for number, rung in enumerate(ladder):
        to = addressee(bundle, agency_id, rung, on)
        if all(to != other or (rung.to, rung.up) == (one.to, one.up) for one, other in reached):
            found.append(number)
        reached.append((rung, to))
    return tuple(found)


def issuer(bundle: Bundle, on: date) -> Addressee:
    """The agency that issued the plan, or the one that has taken its place by that day."""
    return Addressee(agency=bundle.acting(bundle.spec.plan.issuer, on))


def coordinator(bundle: Bundle, on: date) -> Addressee:
    """The agency that follows the plan up, or the one that has taken its place by that day."""
    plan = bundle.spec.plan
    return Addressee(agency=bundle.acting(plan.coordinator or plan.issuer, on))


def decider(bundle: Bundle, on: date) -> Addressee:
    """Who decides what agencies ask for: the focal point of the agency that follows the plan up."""
    return contact_of(coordinator(bundle, on).agency)


def owner(bundle: Bundle, agency_id: str) -> Addressee:
    """The agency that owes a report, for the attention of its focal point."""
    return contact_of(bundle.agencies[agency_id])


def contact_of(agency: Agency) -> Addressee:
    """An agency, for the attention of its focal point."""
    return Addressee(agency=agency, contact=agency.focal_point)


def contacts(bundle: Bundle, agency_id: str, on: date) -> tuple[Addressee, ...]:
    """Who can be written to about a report that an agency owes, each mailbox once, in the order they are
    turned to: its focal point, the office, the deputy and the head, then the agency above it on that day.
    """
    above = [Addressee(agency=bundle.agencies[one]) for one in bundle.superiors(agency_id, on)[:1]]
    return _each_once((*people(bundle.agencies[agency_id]), *above))


def people(agency: Agency) -> tuple[Addressee, ...]:
    """Those of them that are the agency itself."""
    named = (agency.focal_point, None, agency.deputy, agency.head)
    return _each_once(Addressee(agency=agency, contact=one) for one in named)


def in_charge(agency: Agency) -> tuple[Addressee, ...]:
    """Who of an agency can be told about others, each mailbox once, in the order they are turned to: its
    head, the deputy, the office and the focal point.
    """
    named = (agency.head, agency.deputy, None, agency.focal_point)
    return _each_once(Addressee(agency=agency, contact=one) for one in named)


def first_but(contacts: Iterable[Addressee], unreached: Collection[str]) -> Addressee | None:
    """The first whose mailbox is none of those (in one case) that reach nobody; None when all are."""
    return next(
        (one for one in contacts if one.mailbox is not None and one.mailbox.casefold() not in unreached), None
    )


def _each_once(found: Iterable[Addressee]) -> tuple[Addressee, ...]:
    by_mailbox: dict[str, Addressee] = {}
    for one in found:
        if one.mailbox is not None:
            by_mailbox.setdefault(one.mailbox.casefold(), one)
    return tuple(by_mailbox.values())


def _meant(bundle: Bundle, agency_id: str, rung: Rung, on: date) -> Addressee:
    agency = bundle.agencies[agency_id]
    match rung.to:
        case Recipient.AGENCY:
            return Addressee(agency=agency)
        case Recipient.FOCAL_POINT:
            return owner(bundle, agency_id)
        case Recipient.DEPUTY:
            return Addressee(agency=agency, contact=agency.deputy or agency.head)
        case Recipient.HEAD:
            return Addressee(agency=agency, contact=agency.head)
        case Recipient.ISSUER:
            return issuer(bundle, on)
        case Recipient.SUPERIOR:
            above = bundle.superiors(agency_id, on)
            if not above:
                return issuer(bundle, on)
            superior = bundle.agencies[above[min(rung.up, len(above)) - 1]]
            return Addressee(agency=superior, contact=superior.head)
