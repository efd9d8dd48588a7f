"""Plain tree → models: what does not fit the language becomes findings, and the rest is still understood."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from schemas.faults import Fault, distinct, faults
from schemas.findings import Code, Finding, Severity
from schemas.model import DirectoryFile, LibraryFile, PlanFile, SpecModel
from schemas.names import closest
from schemas.telling import finding
from schemas.tree import Mark, Node, Path, Source, Tree

_PLAN_KEYS = {"plan", "tasks", "defaults"}
_DIRECTORY_KEYS = {"agencies", "groups", "tables"}
_LIBRARY_KEYS = {"regimes", "calendars", "escalations", "forms", "plan_defaults"}
_MOST_FAULTS = 1_000
"""Told of one file; more are no plan."""
_ROUNDS = 6
"""How often the parts that do not fit are cut out and the rest is tried again."""


@dataclass(kw_only=True, eq=False)
class Reading:
    """What one file says, as far as it can be understood."""

    source: Source
    kind: type[SpecModel] | None
    """What the file is; None when nothing tells."""
    content: SpecModel | None = None
    """The content, less the parts that do not fit the language."""
    findings: list[Finding] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    """Paths of declared things (an agency, a form …) that hold a mistake; () when the file itself does."""
    too_far_out: set[Path] = field(default_factory=set)
    """Keys whose content stands beside them instead of below them."""

    def is_broken(self, path: Path) -> bool:
        """Whether a mistake stands in the thing at `path`."""
        return () in self.broken or path in self.broken

    @property
    def is_run_together(self) -> bool:
        """Whether two items of a list became one, for want of a dash."""
        return any(one.code is Code.KEY_TWICE and one.variant == "dash" for one in self.source.findings)


def kind_of(keys: Iterable[str]) -> type[SpecModel] | None:
    """What a file with these top-level keys is."""
    found = set(keys)
    if found & _PLAN_KEYS:
        return PlanFile
    if found & _DIRECTORY_KEYS:
        return DirectoryFile
    return LibraryFile if found & _LIBRARY_KEYS else None


def read(source: Source) -> Reading:
    """Understand the file `source` as far as possible; never raises."""
    reading = Reading(source=source, kind=kind_of(source.top_keys), findings=list(source.findings))
    if any(one.severity is Severity.ERROR for one in source.findings):
        reading.broken.add(())
    root = source.root
    if root is not None and isinstance(root.value, dict) and reading.kind is not None:
        _validate(reading, reading.kind, root)
        _find_blanks(reading)
        return reading
    reading.broken.add(())
    if root is None or root.value is None or root.value == {}:
        if not source.findings:
            _say(reading, Code.EMPTY_FILE, ())
    elif isinstance(root.value, dict):
        known = sorted(_PLAN_KEYS | _DIRECTORY_KEYS | _LIBRARY_KEYS)
        guess = next((found for key in root.value if (found := closest(key, known))), None)
        _say(reading, Code.WHAT_FILE, (next(iter(root.value)),), guess=guess)
    else:
        _say(reading, Code.WHAT_FILE, ())
    return reading


def _validate(reading: Reading, kind: type[SpecModel], root: Node) -> None:
    tree = root.value
    for turn in range(_ROUNDS):
        try:
            reading.content = kind.model_validate(tree, by_alias=True, by_name=False)
        except ValidationError as error:
            found = faults(error.errors(include_url=False), root if turn == 0 else _without_places(tree))
        else:
            return
        if turn == 0:
            for number, fault in enumerate(distinct(found)):
                if number < _MOST_FAULTS:
                    _tell(reading, finding(reading.source, kind, fault), fault.path[:-1])
                reading.broken.add(() if kind is PlanFile else _declared(fault.path))
            tree = copy.deepcopy(tree)
        if not _cut_out(tree, found):
            return


def _tell(reading: Reading, told: Finding, above: Path) -> None:
    """Keep a finding; keys that stand one level too far out are one mistake, told at the first of them."""
    if told.code is Code.UNKNOWN_KEY and told.variant == "deeper":
        holder = (*above, str(told.args["under"]))
        if holder in reading.too_far_out:
            return
        reading.too_far_out.add(holder)
    reading.findings.append(told)


def _find_blanks(reading: Reading) -> None:
    """Keys left empty that need not be given; those that must be are told as mistakes already."""
    told = {finding.line for finding in reading.findings}
    told |= {reading.source.key_place(path).line for path in reading.too_far_out}
    for key, mark in reading.source.blanks:
        if mark.line not in told:
            reading.source.report(Code.BLANK, mark, key=key)
            reading.findings.append(reading.source.findings[-1])


def _declared(path: Path) -> Path:
    """The path of the declared thing that `path` lies in: an agency, a group, a piece; else the file."""
    if len(path) > 1 and path[0] in _DIRECTORY_KEYS | _LIBRARY_KEYS:
        return path[:2]
    return ()


def _cut_out(tree: Tree, found: Sequence[Fault]) -> bool:
    """Take out of `tree` what the faults are about; False when nothing could be taken out."""
    doomed: set[Path] = set()
    for fault in found:
        path = fault.path
        if fault.is_whole and not fault.about_key:
            while len(path) > 2 and not isinstance(path[-1], int):
                path = path[:-1]
        if path:
            doomed.add(path)
    cut = False
    for path in sorted(doomed, key=_from_the_end, reverse=True):
        cut |= _delete(tree, path)
    return cut


def _from_the_end(path: Path) -> list[tuple[bool, int, str]]:
    """Orders paths so that, last first, deleting an item leaves the numbers of the others as they were."""
    return [(isinstance(step, int), step if isinstance(step, int) else 0, str(step)) for step in path]


def _delete(tree: Tree, path: Path) -> bool:
    holder = tree
    for step in path[:-1]:
        if isinstance(holder, dict) and step in holder:
            holder = holder[str(step)]
        elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            holder = holder[step]
        else:
            return False
    last = path[-1]
    if isinstance(holder, dict) and last in holder:
        del holder[str(last)]
        return True
    if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        del holder[last]
        return True
    return False


def _without_places(value: Tree) -> Node:
    """`value` as nodes, for the rounds after the first."""
    node = Node(value, Mark(1, 1, 1))
    if isinstance(value, dict):
        node.items.update((step, _without_places(one)) for step, one in value.items())
    elif isinstance(value, list):
        node.items.update((step, _without_places(one)) for step, one in enumerate(value))
    return node


def _say(reading: Reading, code: Code, path: Path, *, guess: str | None = None) -> None:
    reading.findings.append(Finding(code=code, place=reading.source.key_place(path), guess=guess))
