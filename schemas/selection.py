"""Selectors → agencies: which stand below one, in the hierarchy as written or as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.model import Agency, Selector
from schemas.succession import in_place_of, superiors


@dataclass(frozen=True, kw_only=True)
class Hierarchy:
    """Agencies seen from above."""

    below: Mapping[str, Sequence[str]]
    """For each agency, those that name it as their superior."""
    before: Mapping[str, Sequence[str]]
    """For each agency, those that name it as their successor."""

    @classmethod
    def of(cls, agencies: Mapping[str, Agency]) -> Hierarchy:
        """The hierarchy that the agencies' superiors and successors make."""
        below: dict[str, list[str]] = {}
        before: dict[str, list[str]] = {}
        for name, agency in agencies.items():
            if agency.superior is not None:
                below.setdefault(agency.superior, []).append(name)
            if agency.valid is not None and agency.valid.heir is not None:
                before.setdefault(agency.valid.heir, []).append(name)
        return cls(below=below, before=before)


def candidates(agencies: Mapping[str, Agency], hierarchy: Hierarchy, selector: Selector) -> tuple[str, ...]:
    """Every agency that the selector may mean on one day or another, by id."""
    stack: list[str] = []
    name: str | None = selector.under
    while name is not None and name in agencies and name not in stack:
        stack.append(name)
        valid = agencies[name].valid
        name = valid.heir if valid is not None else None
    roots, seen, found = set(stack), set(stack), set[str]()
    while stack:
        above = stack.pop()
        found.update(hierarchy.below.get(above, ()))
        for one in (*hierarchy.below.get(above, ()), *hierarchy.before.get(above, ())):
            if one not in seen:
                seen.add(one)
                stack.append(one)
    return tuple(sorted(one for one in found - roots if selector.level in (None, agencies[one].level)))


def selected(agencies: Mapping[str, Agency], selector: Selector, on: date | None) -> tuple[str, ...]:
    """The agencies that the selector means on a day, by id; without one, as their superiors are written.

    When the agency named has ended by then, those below its successor.
    """
    root = selector.under
    if on is not None:
        root = in_place_of(agencies, root, on) or root
    return tuple(
        name
        for name in sorted(agencies)
        if selector.level in (None, agencies[name].level)
        and (on is None or in_place_of(agencies, name, on) == name)
        and root in superiors(agencies, name, on)
    )
