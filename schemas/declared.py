"""What all files declare, each thing with its place: agencies, groups, pieces and plans by their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from schemas.findings import Argument, Code, Finding, Place, Thing
from schemas.model import (
    Agency,
    Calendar,
    DirectoryFile,
    Escalation,
    Form,
    Group,
    LibraryFile,
    Owner,
    PlanFile,
    Regime,
    Selector,
    SharedDefaults,
    SpecModel,
)
from schemas.names import closest
from schemas.selection import Hierarchy, candidates
from schemas.structure import Reading
from schemas.tree import Path

T = TypeVar("T", bound=SpecModel)

MAX_GUESSES = 100
"""Of each kind; a guess among thousands of agencies takes milliseconds."""

_FILES: Mapping[str, type[SpecModel]] = {"agency": DirectoryFile, "group": DirectoryFile, "plan": PlanFile}
"""The kind of file that declares a thing, where it is not a library."""


@dataclass(kw_only=True, eq=False)
class Entry(Generic[T]):
    """One declared thing."""

    name: str
    thing: T
    reading: Reading
    path: Path
    """Of the thing within its file."""
    broken: bool = False
    """Whether a mistake stands in it, so that what names it cannot be used either."""
    tasks: tuple[tuple[int, int], ...] | None = None
    """Of a plan, the tasks by their numbers in the file and in the plan as read, once somebody has asked."""

    def place(self, *path: str | int) -> Place:
        """Where the key at `path` within the thing stands."""
        return self.reading.source.key_place((*self.path, *path))

    def value_place(self, *path: str | int) -> Place:
        """Where the value at `path` within the thing stands."""
        return self.reading.source.value_place((*self.path, *path))


@dataclass(kw_only=True, eq=False)
class Shelf(Generic[T]):
    """The things of one kind."""

    kind: str
    entries: dict[str, Entry[T]] = field(default_factory=dict)
    lost: dict[str, Place] = field(default_factory=dict)
    """Names of things that are declared, but so wrong that nothing is known of them."""

    guesses: dict[str, str | None] = field(default_factory=dict)
    """What was already guessed."""

    def close_to(self, name: str) -> str | None:
        """The name here that `name` was probably meant to be; after many guesses, none is made any more."""
        if name not in self.guesses and len(self.guesses) < MAX_GUESSES:
            self.guesses[name] = closest(name, self.entries)
        return self.guesses.get(name)


@dataclass(kw_only=True, eq=False)
class Declared:
    """Everything declared in the files of one check, and the findings so far."""

    readings: Sequence[Reading] = ()
    agencies: Shelf[Agency] = field(default_factory=lambda: Shelf(kind="agency"))
    groups: Shelf[Group] = field(default_factory=lambda: Shelf(kind="group"))
    regimes: Shelf[Regime] = field(default_factory=lambda: Shelf(kind="regime"))
    calendars: Shelf[Calendar] = field(default_factory=lambda: Shelf(kind="calendar"))
    escalations: Shelf[Escalation] = field(default_factory=lambda: Shelf(kind="escalation"))
    forms: Shelf[Form] = field(default_factory=lambda: Shelf(kind="form"))
    plan_defaults: Shelf[SharedDefaults] = field(default_factory=lambda: Shelf(kind="shared-defaults"))
    plans: Shelf[PlanFile] = field(default_factory=lambda: Shelf(kind="plan"))
    findings: list[Finding] = field(default_factory=list)
    blocked: dict[str, tuple[Thing, Place]] = field(default_factory=dict)
    """Plans, each with a thing it names that could not be understood."""
    uses: dict[str, list[Entry[Any]]] = field(default_factory=dict)
    """What each plan names, as far as it was found."""

    circular: set[str] = field(default_factory=set)
    """Plans whose tasks wait for each other in a circle."""

    def shelves(self) -> tuple[Shelf[Any], ...]:
        """All kinds."""
        named = self.agencies, self.groups, self.regimes, self.calendars, self.escalations
        return *named, self.forms, self.plan_defaults, self.plans

    def members(self, owner: Owner) -> tuple[str, ...]:
        """The agencies of a group, nested groups opened, each once; of an agency, itself; of a selector, all
        that it may mean on one day or another.
        """
        found: dict[str, None] = {}
        for one in self.opened(owner):
            found |= dict.fromkeys([one] if isinstance(one, str) else self.selected(one))
        return tuple(found)

    def opened(self, owner: Owner) -> tuple[Owner, ...]:
        """The agencies and selectors of a group, nested groups opened, each once."""
        found: dict[Owner, None] = {}
        stack, seen = [owner], set[str]()
        while stack:
            one = stack.pop()
            group = self.groups.entries.get(one) if isinstance(one, str) else None
            if group is None:
                found[one] = None
            elif group.name not in seen:
                seen.add(group.name)
                stack.extend(reversed(group.thing.members))
        return tuple(found)

    def selected(self, selector: Selector) -> tuple[str, ...]:
        """The agencies that a selector may mean."""
        return candidates(self.known_agencies, self._hierarchy, selector)

    @cached_property
    def known_agencies(self) -> Mapping[str, Agency]:
        """All agencies, broken ones too; once everything is declared."""
        return {name: entry.thing for name, entry in self.agencies.entries.items()}

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy.of(self.known_agencies)

    def say(
        self,
        code: Code,
        place: Place,
        variant: str = "",
        *,
        guess: str | None = None,
        also: Place | None = None,
        **args: Argument,
    ) -> None:
        """Keep a finding."""
        self.findings.append(
            Finding(code=code, place=place, variant=variant, args=args, guess=guess, also=also)
        )

    def tell(self, code: Code, place: Place, variant: str, args: Mapping[str, Argument]) -> None:
        """Keep a finding whose arguments are already gathered."""
        self.findings.append(Finding(code=code, place=place, variant=variant, args=args))

    def unreadable(self, kind: str) -> Place | None:
        """A file that may declare things of `kind`, of which nothing could be understood."""
        model = _FILES.get(kind, LibraryFile)
        for reading in self._blank:
            if reading.kind in (None, model):
                findings = reading.findings
                return findings[0].place if findings else Place(file=reading.source.file)
        return None

    @cached_property
    def _blank(self) -> tuple[Reading, ...]:
        """Files of which nothing could be understood; looked for once, as every name may ask."""
        return tuple(reading for reading in self.readings if reading.content is None)


def declare(readings: Sequence[Reading]) -> Declared:
    """Collect what `readings` declare; an id used twice is found here."""
    declared = Declared(readings=readings)
    for reading in readings:
        declared.findings += reading.findings
        content = reading.content
        if isinstance(content, DirectoryFile):
            _put_directory(declared, content, reading)
        elif isinstance(content, LibraryFile):
            for key, shelf in _pieces(declared):
                for name, piece in getattr(content, key).items():
                    _put(declared, shelf, name, piece, reading, (key, name))
        elif isinstance(content, PlanFile):
            _put(declared, declared.plans, content.plan.id, content, reading, ())
        _note_lost(declared, reading)
    _across(declared)
    return declared


def _put_directory(declared: Declared, content: DirectoryFile, reading: Reading) -> None:
    paths = _listed(reading, "agencies")
    for agency in content.agencies:
        _put(declared, declared.agencies, agency.id, agency, reading, paths[agency.id].pop(0))
    paths = _listed(reading, "groups")
    for group in content.groups:
        _put(declared, declared.groups, group.id, group, reading, paths[group.id].pop(0))


def _pieces(declared: Declared) -> tuple[tuple[str, Shelf[Any]], ...]:
    """The keys of a library, each with its shelf."""
    return (
        ("regimes", declared.regimes),
        ("calendars", declared.calendars),
        ("escalations", declared.escalations),
        ("forms", declared.forms),
        ("plan_defaults", declared.plan_defaults),
    )


def _listed(reading: Reading, key: str) -> dict[str, list[Path]]:
    """The paths of the items of a list by their ids."""
    found: dict[str, list[Path]] = {}
    root = reading.source.root
    if root is not None and key in root.items:
        for number, node in root.items[key].items.items():
            name = node.value.get("id") if isinstance(node.value, dict) else None
            if isinstance(name, str):
                found.setdefault(name.strip(), []).append((key, number))
    return found


def _put(declared: Declared, shelf: Shelf[T], name: str, thing: T, reading: Reading, path: Path) -> None:
    entry = Entry(name=name, thing=thing, reading=reading, path=path, broken=reading.is_broken(path))
    first = shelf.entries.setdefault(name, entry)
    if first is not entry:
        _twice(declared, shelf.kind, first, entry)


def _twice(declared: Declared, kind: str, first: Entry[T], second: Entry[T]) -> None:
    first.broken = second.broken = True
    declared.say(
        Code.ID_TWICE, _id_place(second, kind), also=_id_place(first, kind), thing=Thing(kind, second.name)
    )


def _id_place(entry: Entry[T], kind: str) -> Place:
    if kind in ("agency", "group"):
        return entry.value_place("id")
    return entry.value_place("plan", "id") if kind == "plan" else entry.place()


def _across(declared: Declared) -> None:
    """Agencies and groups are named in the same places, so they share their ids."""
    for name, group in declared.groups.entries.items():
        agency = declared.agencies.entries.get(name)
        if agency is not None:
            agency.broken = group.broken = True
            declared.say(
                Code.ID_TWICE,
                group.value_place("id"),
                also=agency.value_place("id"),
                thing=Thing("group", name),
            )


def _note_lost(declared: Declared, reading: Reading) -> None:
    """Remember ids of things that had to be cut out, so that naming them is not called unknown."""
    root = reading.source.root
    if root is None or not isinstance(root.value, dict):
        return
    lists: tuple[tuple[str, Shelf[Any]], ...] = ("agencies", declared.agencies), ("groups", declared.groups)
    for key, shelf in lists:
        for number, node in root.items[key].items.items() if key in root.items else ():
            name = node.value.get("id") if isinstance(node.value, dict) else None
            if isinstance(name, str):
                _lose(shelf, name, reading, (key, number))
    if reading.kind is LibraryFile:
        for key, piece in _pieces(declared):
            for name in root.items[key].items if key in root.items else ():
                _lose(piece, str(name), reading, (key, name))
    if reading.kind is not None and "plan" in root.items:
        value = root.items["plan"].value
        name = value.get("id") if isinstance(value, dict) else None
        if isinstance(name, str):
            _lose(declared.plans, name, reading, ("plan",))


def _lose(shelf: Shelf[Any], name: str, reading: Reading, path: Path) -> None:
    if name not in shelf.entries:
        first = next((finding.place for finding in reading.findings), reading.source.key_place(path))
        shelf.lost.setdefault(name, first)
