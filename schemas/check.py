"""The whole check of a set of spec files: every finding, and a catalogue of all that is sound."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from schemas.adopting import adopt_defaults
from schemas.called import guess_agencies, guess_pieces
from schemas.catalogue import Catalogue
from schemas.circles import check_circles
from schemas.dates import check_dates
from schemas.declared import Declared, Entry, Shelf, declare
from schemas.findings import Argument, Code, Finding, Place, Severity, Thing
from schemas.ladders import check_climbs, check_ladders, check_lead_times
from schemas.lifetimes import check_lifetimes
from schemas.loader import MAX_BYTES, load
from schemas.mailboxes import check_countries, check_domains, check_mailboxes, check_time_zones
from schemas.misdated import check_misdated
from schemas.model import Agency, DirectoryFile, Group, PlanFile, SpecModel
from schemas.origins import Origins
from schemas.reach import check_reach
from schemas.references import check_names
from schemas.structure import Reading, read
from schemas.superiors import check_superiors
from schemas.tables import load_table
from schemas.tree import Source
from schemas.wording import check_wording

_PATTERNS = ("*.yaml", "*.yml", "*.yaml.txt", "*.yml.txt")

T = TypeVar("T", bound=SpecModel)

TABLES = (".csv", ".xlsx")
"""How the names of tables end."""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What a check found."""

    catalogue: Catalogue
    """The plans without any error, in themselves or in what they name, and all sound agencies and pieces."""
    findings: tuple[Finding, ...]
    """All of them, by file and line."""
    files: int
    """How many files were read."""
    origins: Origins
    """Where everything that was declared stands."""

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return self._count(Severity.WARNING)

    @property
    def notes(self) -> int:
        """How many findings are notes."""
        return self._count(Severity.NOTE)

    def _count(self, severity: Severity) -> int:
        return sum(1 for finding in self.findings if finding.severity is severity)


def check(paths: Sequence[Path]) -> CheckResult:
    """Check the files given, and all *.yaml and *.yml files below the folders given.

    Never raises on what stands in the files; a path that cannot be read is a finding.
    """
    contents: dict[str, bytes] = {}
    unreadable: list[Finding] = []
    for path in paths:
        try:
            files = _files(path)
        except OSError as error:
            unreadable.append(_unreadable(path, error))
            continue
        if not files:
            place = Place(file=path.as_posix())
            args: dict[str, Argument] = {"path": path.as_posix()}
            unreadable.append(Finding(code=Code.UNREADABLE, variant="empty", place=place, args=args))
        for file in files:
            try:
                with file.open("rb") as stream:
                    contents[file.as_posix()] = stream.read(MAX_BYTES + 1)
            except OSError as error:
                unreadable.append(_unreadable(file, error))
    return check_contents(contents, unreadable, fetch=_fetched)


def check_contents(
    contents: Mapping[str, bytes],
    findings: Iterable[Finding] = (),
    *,
    fetch: Callable[[str], bytes] | None = None,
) -> CheckResult:
    """Check files already read: their names and bytes. `findings` are told along with those found here.

    Tables that directories name are looked for among `contents`, then asked of `fetch` (it raises OSError).
    """
    misnamed = [name for name in contents if name.endswith(".txt")]
    named = {
        name: content for name, content in contents.items() if not name.lower().endswith((*TABLES, ".txt"))
    }
    readings = [read(load(name, content)) for name, content in sorted(named.items())]
    readings += [table for one in readings for table in _tables(one, contents, fetch or _none)]
    declared = declare(readings)
    declared.findings[:0] = [*findings, *map(_misnamed, misnamed)]
    guess_agencies(declared)
    guess_pieces(declared)
    adopt_defaults(declared)
    check_names(declared)
    check_circles(declared)
    check_time_zones(declared)
    check_countries(declared)
    check_mailboxes(declared)
    check_domains(declared)
    check_ladders(declared)
    check_climbs(declared)
    check_lead_times(declared)
    check_dates(declared)
    check_misdated(declared)
    check_wording(declared)
    check_reach(declared)
    check_lifetimes(declared)
    check_superiors(declared)
    catalogue = _catalogue(declared)
    ordered = sorted(
        _weighed(set_of(declared.findings)), key=lambda f: (f.file, f.line, f.column, f.code.value)
    )
    return CheckResult(
        catalogue=catalogue,
        findings=tuple(ordered),
        files=len(readings),
        origins=Origins(declared=declared),
    )


def set_of(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.place, finding.variant, tuple(sorted(map(str, finding.args.items()))))
        seen.setdefault(key, finding)
    return list(seen.values())


def _weighed(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without what is only good to know of a line that has to be changed anyway."""
    wrong = {(one.file, one.line) for one in findings if one.severity is not Severity.NOTE}
    return [
        one
        for one in findings
        if one.code is Code.LEFT_OUT or one.severity is not Severity.NOTE or (one.file, one.line) not in wrong
    ]


def _tables(
    reading: Reading, contents: Mapping[str, bytes], fetch: Callable[[str], bytes]
) -> Iterator[Reading]:
    """The tables that a directory names, each read as a directory of its own."""
    content = reading.content
    for number, table in enumerate(content.tables if isinstance(content, DirectoryFile) else ()):
        file = posixpath.normpath(posixpath.join(posixpath.dirname(reading.source.file), table.file))
        try:
            found = contents[file] if file in contents else fetch(file)
        except OSError as error:
            place = reading.source.value_place(("tables", number, "file"))
            missing = replace(_unreadable(Path(file), error), place=place)
            yield Reading(source=Source(file=file), kind=DirectoryFile, findings=[missing], broken={()})
        else:
            yield read(load_table(file, found, table))


def _fetched(file: str) -> bytes:
    with Path(file).open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _none(file: str) -> bytes:
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), file)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [file for pattern in _PATTERNS for file in path.rglob(pattern)]
    return [file for file in sorted(found) if file.is_file() and not _hidden(file, path)]


def _misnamed(name: str) -> Finding:
    """An editor that adds .txt to every name hides a spec."""
    args: dict[str, Argument] = {"path": name, "name": Path(name).name.removesuffix(".txt")}
    return Finding(code=Code.NOT_READ, place=Place(file=name), args=args)


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def _unreadable(path: Path, error: OSError) -> Finding:
    reason = error.strerror or type(error).__name__
    variant = "missing" if isinstance(error, FileNotFoundError) else ""
    variant = "forbidden" if isinstance(error, PermissionError) else variant
    return Finding(
        code=Code.UNREADABLE,
        variant=variant,
        place=Place(file=path.as_posix()),
        args={"path": path.as_posix(), "reason": reason},
    )


def _catalogue(declared: Declared) -> Catalogue:
    _spread(declared)
    plans = {}
    for name, entry in declared.plans.entries.items():
        if not entry.broken:
            plans[name] = entry.thing
    return Catalogue(
        plans=dict(sorted(plans.items())),
        agencies=_sound(declared.agencies),
        groups=_sound(declared.groups),
        regimes=_sound(declared.regimes),
        calendars=_sound(declared.calendars),
        escalations=_sound(declared.escalations),
        forms=_sound(declared.forms),
    )


def _sound(shelf: Shelf[T]) -> dict[str, T]:
    return {name: entry.thing for name, entry in sorted(shelf.entries.items()) if not entry.broken}


def _spread(declared: Declared) -> None:
    """Let what hangs on something broken be left out with it, and say so once for each plan."""
    for name, (thing, place) in declared.blocked.items():
        plan = declared.plans.entries[name]
        if not plan.broken:
            plan.broken = True
            _left_out(declared, plan, thing, place)
    dependents = _dependents(declared)
    waiting = [
        (entry, entry) for shelf in declared.shelves() for entry in shelf.entries.values() if entry.broken
    ]
    while waiting:
        entry, cause = waiting.pop()
        for dependent in dependents.get(id(entry), ()):
            if not dependent.broken:
                dependent.broken = True
                waiting.append((dependent, cause))
                if isinstance(dependent.thing, PlanFile):
                    thing = Thing(_kind(declared, cause), cause.name)
                    _left_out(declared, dependent, thing, _mistake(declared, cause))


def _dependents(declared: Declared) -> Mapping[int, list[Entry[Any]]]:
    """For each entry (by identity), those that cannot be used without it."""
    found: dict[int, list[Entry[Any]]] = {}
    for agency in declared.agencies.entries.values():
        above = declared.agencies.entries.get(agency.thing.superior or "")
        if above is not None:
            found.setdefault(id(above), []).append(agency)
    for group in declared.groups.entries.values():
        for owner in group.thing.members:
            for name in [owner] if isinstance(owner, str) else (owner.under, *declared.selected(owner)):
                member = _owner(declared, name)
                if member is not None:
                    found.setdefault(id(member), []).append(group)
    for plan in declared.plans.entries.values():
        for used in declared.uses.get(plan.name, ()):
            found.setdefault(id(used), []).append(plan)
    return found


def _owner(declared: Declared, name: str) -> Entry[Agency] | Entry[Group] | None:
    return declared.groups.entries.get(name) or declared.agencies.entries.get(name)


def _kind(declared: Declared, entry: Entry[Any]) -> str:
    for shelf in declared.shelves():
        if shelf.entries.get(entry.name) is entry:
            return shelf.kind
    return "file"


def _mistake(declared: Declared, entry: Entry[Any]) -> Place:
    """Where the mistake in a broken thing is shown."""
    here = entry.place()
    root = entry.reading.source
    for finding in declared.findings:
        if finding.file == root.file and finding.severity is Severity.ERROR and finding.line >= here.line:
            return finding.place
    return here


def _left_out(declared: Declared, plan: Entry[Any], cause: Thing, place: Place) -> None:
    declared.say(Code.LEFT_OUT, plan.value_place("plan", "id"), name=plan.name, cause=cause, at=str(place))
