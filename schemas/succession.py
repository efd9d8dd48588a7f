"""Who stands in an agency's place on a day: agencies begin, end, and leave their work to successors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from schemas.model import Agency


def in_place_of(agencies: Mapping[str, Agency], agency_id: str, on: date) -> str | None:
    """The agency itself while it exists; after its end, the first of its successors that exists on that day.

    None on a day before it begins, and when nobody took its place.
    """
    passed: set[str] = set()
    name: str | None = agency_id
    while name is not None and name in agencies and name not in passed:
        passed.add(name)
        valid = agencies[name].valid
        if valid is None or (_begun(agencies[name], on) and (valid.until is None or on <= valid.until)):
            return name
        if not _begun(agencies[name], on):
            return None
        name = valid.heir
    return None


def superiors(agencies: Mapping[str, Agency], agency_id: str, on: date | None) -> tuple[str, ...]:
    """The agencies above, the direct superior first, as they stand on a day; without one, as written.

    A superior that has ended is replaced by its successor; one without, or not yet begun, is passed over.
    """
    above: list[str] = []
    passed = {agency_id}
    current = agencies[agency_id].superior
    while current is not None and current in agencies and current not in passed:
        passed.add(current)
        there = current if on is None else in_place_of(agencies, current, on)
        if there is not None:
            if there in above or there == agency_id:
                break
            passed.add(there)
            above.append(there)
        current = agencies[there or current].superior
    return tuple(above)


def line(agencies: Mapping[str, Agency], agency_id: str, first: date, last: date) -> tuple[str, ...]:
    """The agency and its successors, those of them that exist on any day from `first` to `last`, in order."""
    found: list[str] = []
    passed: set[str] = set()
    name: str | None = agency_id
    while name is not None and name in agencies and name not in passed:
        passed.add(name)
        valid = agencies[name].valid
        if _begun(agencies[name], last) and (valid is None or valid.until is None or first <= valid.until):
            found.append(name)
        name = valid.heir if valid is not None and valid.until is not None else None
    return tuple(found)


def _begun(agency: Agency, on: date) -> bool:
    valid = agency.valid
    return valid is None or valid.since is None or valid.since <= on
