"""Plain tree → models: what does not fit the language becomes findings, one for each mistake."""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.findings import Argument, Code, Finding
from schemas.loader import Node, Path, Source
from schemas.model import DirectoryFile, LibraryFile, PlanFile, SpecModel
from schemas.shapes import keys_at, thing_at

_PLAN_KEYS = {"plan", "tasks", "defaults"}
_DIRECTORY_KEYS = {"agencies", "groups"}
_LIBRARY_KEYS = {"regimes", "calendars", "escalations", "forms"}


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

    def is_broken(self, path: Path) -> bool:
        """Whether a mistake stands in the thing at `path`."""
        return () in self.broken or path in self.broken


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
    root = source.root
    if any(finding.severity == "error" for finding in source.findings):
        reading.broken.add(())
    if root is None:
        if not source.findings:
            _say(reading, Code.EMPTY_FILE, ())
        reading.broken.add(())
        return reading
    if not isinstance(root.value, dict):
        _say(reading, Code.EMPTY_FILE if root.value is None else Code.WHAT_FILE, ())
        reading.broken.add(())
        return reading
    if reading.kind is None:
        first = next(iter(root.value), None)
        known = sorted(_PLAN_KEYS | _DIRECTORY_KEYS | _LIBRARY_KEYS)
        guess = next((g for key in root.value if (g := closest(key, known))), None)
        _say(reading, Code.WHAT_FILE, (first,) if first is not None else (), guess=guess)
        reading.broken.add(())
        return reading
    _validate(reading, root)
    return reading


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was probably meant to be."""
    found = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _validate(reading: Reading, root: Node) -> None:
    assert reading.kind is not None  # noqa: S101 - asked before
    tree: Any = root.value
    first_round = True
    for _ in range(_ROUNDS):
        try:
            reading.content = reading.kind.model_validate(tree, by_alias=True, by_name=False)
        except ValidationError as error:
            faults = _faults(error.errors(include_url=False), root if first_round else _shadow(tree))
        else:
            return
        if first_round:
            for fault in _distinct(faults):
                _report(reading, reading.kind, fault)
                reading.broken.add(_declared(fault.path))
            tree = copy.deepcopy(tree)
            first_round = False
        if not _prune(tree, faults):
            return


_ROUNDS = 6
"""How often the parts that do not fit are cut out and the rest is tried again."""


@dataclass(frozen=True, kw_only=True)
class _Fault:
    """One error of pydantic, placed in the tree."""

    type: str
    path: Path
    """Of the value that is wrong; of the mapping that lacks a key; of the unknown key."""
    key: str | None
    """The missing or unknown key."""
    about_key: bool
    context: Mapping[str, Any]
    value: Any


def _faults(errors: Sequence[ErrorDetails], root: Node) -> list[_Fault]:
    found = []
    for error in errors:
        kind, location = error["type"], error["loc"]
        key: str | None = None
        if kind in ("missing", "extra_forbidden"):
            key, location = str(location[-1]), location[:-1]
        about_key = bool(location) and location[-1] == "[key]"
        path: list[str | int] = []
        node = root
        for step in location:
            if step in node.items:  # what is not in the tree names an arm of a union
                path.append(step)
                node = node.items[step]
        if kind == "extra_forbidden" and key is not None:
            path.append(key)
        found.append(
            _Fault(
                type=kind,
                path=tuple(path),
                key=key,
                about_key=about_key,
                context=error.get("ctx") or {},
                value=error["input"],
            )
        )
    return found


def _distinct(faults: Sequence[_Fault]) -> list[_Fault]:
    """One fault for each mistake: arms of a union told once, a misspelt key not missing as well."""
    kept: list[_Fault] = []
    by_path: dict[Path, _Fault] = {}
    for fault in faults:
        if fault.type == "missing":
            kept.append(fault)
            continue
        if fault.type == "literal_error" and any(
            other.path[: len(fault.path)] == fault.path and other is not fault and other.type != "literal_error"
            for other in faults
        ):
            word = re.findall(r"'([^']*)'", str(fault.context.get("expected", "")))
            same = by_path.get(fault.path)
            if same is not None and same.type in ("model_type", "int_type", "int_parsing"):
                better = _Fault(
                    type="mapping_or_word" if same.type == "model_type" else "number_or_word",
                    path=same.path,
                    key=None,
                    about_key=False,
                    context={"word": word[0] if word else ""},
                    value=same.value,
                )
                kept[kept.index(same)] = by_path[fault.path] = better
            continue
        if fault.path in by_path:
            continue
        by_path[fault.path] = fault
        kept.append(fault)
    return [fault for fault in kept if not _is_misspelt(fault, kept)]


def _is_misspelt(fault: _Fault, faults: Sequence[_Fault]) -> bool:
    """Whether the key that `fault` misses stands there under a wrong name."""
    if fault.type != "missing" or fault.key is None:
        return False
    unknown = [
        other.key
        for other in faults
        if other.type == "extra_forbidden" and other.key and other.path[:-1] == fault.path
    ]
    return any(closest(key, [fault.key]) for key in unknown)


def _declared(path: Path) -> Path:
    """The path of the declared thing that `path` lies in: an agency, a group, a library piece; else the file."""
    if len(path) > 1 and path[0] in _DIRECTORY_KEYS | _LIBRARY_KEYS:
        return path[:2]
    return ()


def _prune(tree: Any, faults: Sequence[_Fault]) -> bool:
    """Cut out of `tree` what the faults are about; False when nothing could be cut."""
    cut = False
    doomed: set[Path] = set()
    for fault in faults:
        path = fault.path
        if fault.type not in ("extra_forbidden",) and not fault.about_key and _is_whole(fault):
            while path and not isinstance(path[-1], int) and len(path) > 2:
                path = path[:-1]
        if path:
            doomed.add(path)
    for path in sorted(doomed, key=lambda p: [(isinstance(s, int), str(s).zfill(9)) for s in p], reverse=True):
        holder = tree
        try:
            for step in path[:-1]:
                holder = holder[step]
            del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        cut = True
    return cut


def _is_whole(fault: _Fault) -> bool:
    """Whether the mapping is wrong as such: a key is missing, or its keys contradict each other."""
    return fault.type == "missing" or fault.type in _CONTRADICTIONS


def _shadow(value: Any) -> Node:
    """A tree of nodes without places, for the rounds after the first."""
    from schemas.loader import Mark

    node = Node(value, Mark(1, 1, 1))
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for step, one in pairs:
        node.items[step] = _shadow(one)
    return node


_CONTRADICTIONS = {
    "one_due",
    "period_backwards",
    "choices",
    "bounds_not_number",
    "bounds_crossed",
    "aggregate_not_number",
    "field_twice",
    "empty_library",
    "up_alone",
    "recipient_empty",
}
_WRITTEN = {"day", "no_such_day", "span", "annual_day", "month"}
_KINDS = {
    "string_type": "text",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "bool_type": "true-false",
    "bool_parsing": "true-false",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "float_type": "number",
    "float_parsing": "number",
    "short_text": "short-text",
    "date_type": "short-text",
    "mapping_or_word": "mapping-or-word",
    "number_or_word": "number-or-word",
}


def _report(reading: Reading, model: type[SpecModel], fault: _Fault) -> None:
    root = reading.source.root
    path = fault.path
    name = str(path[-1]) if path and isinstance(path[-1], str) else ""
    here: dict[str, Argument] = {"where": thing_at(root, path), "key": fault.key or name, "given": _shown(fault.value)}
    if fault.type == "extra_forbidden":
        here["where"] = thing_at(root, path[:-1])
        known = keys_at(model, path[:-1])
        guess = closest(str(fault.key), known)
        _say(reading, Code.UNKNOWN_KEY, path, guess=guess, **here, known=tuple(known))
    elif fault.type == "missing":
        _say(reading, Code.MISSING_KEY, path, **here)
    elif fault.type == "assumed_unknown":
        key = str(fault.context["key"])
        known = keys_at(model, path)
        here["key"] = key
        _say(reading, Code.ASSUMED_UNKNOWN, (*path, "assumed", key), guess=closest(key, known), **here)
    elif fault.type in ("enum", "literal_error"):
        words = tuple(re.findall(r"'([^']*)'", str(fault.context.get("expected", ""))))
        if name == "dondoc":
            _say(reading, Code.VERSION, path, value=True, **here)
        else:
            guess = closest(str(fault.value), words) if isinstance(fault.value, str) else None
            _say(reading, Code.NOT_A_CHOICE, path, value=True, guess=guess, **here, known=words)
    elif fault.type in _CONTRADICTIONS:
        here |= {key: str(value) for key, value in fault.context.items()}
        _say(reading, Code.CONTRADICTION, _twice_path(root, fault), fault.type.replace("_", "-"), **here)
    elif fault.type in _WRITTEN:
        variant = fault.type.replace("_", "-")
        _say(reading, Code.NOT_WRITTEN_SO, path, variant, value=not fault.about_key, **here)
    elif fault.type in ("string_pattern_mismatch", "string_too_long"):
        variant = _pattern_variant(str(fault.context.get("pattern", "")), fault.type)
        guess = _as_id(str(fault.value)) if variant == "id" else None
        _say(reading, Code.NOT_WRITTEN_SO, path, variant, value=not fault.about_key, guess=guess, **here)
    elif fault.type in ("string_too_short", "too_short") or fault.value is None:
        _say(reading, Code.WRONG_KIND, path, "empty", **here)
    elif fault.type in _KINDS:
        here["word"] = str(fault.context.get("word", ""))
        _say(reading, Code.WRONG_KIND, path, _KINDS[fault.type], value=True, **here)
    else:
        limits = {key: str(value) for key, value in fault.context.items() if key in ("ge", "le", "gt", "lt")}
        if limits:
            here["limit"] = next(iter(limits.values()))
            variant = "above" if next(iter(limits)) in ("le", "lt") else "below"
            _say(reading, Code.OUT_OF_RANGE, path, variant, value=True, **here)
        else:
            _say(reading, Code.WRONG_KIND, path, value=True, **here)


def _say(
    reading: Reading,
    code: Code,
    path: Path,
    variant: str = "",
    *,
    value: bool = False,
    guess: str | None = None,
    **args: Argument,
) -> None:
    place = reading.source.value_place(path) if value else reading.source.key_place(path)
    reading.findings.append(Finding(code=code, place=place, variant=variant, args=args, guess=guess))


def _twice_path(root: Node | None, fault: _Fault) -> Path:
    """For a field given twice, the second of them."""
    if fault.type != "field_twice" or root is None:
        return fault.path
    node = root
    for step in (*fault.path, "fields"):
        node = node.items[step]
    same = [n for n, one in node.items.items() if one.value.get("id") == fault.context["id"]]  # type: ignore[union-attr]
    return (*fault.path, "fields", same[1], "id")


def _pattern_variant(pattern: str, kind: str) -> str:
    if kind == "string_too_long" or "[a-z0-9]" in pattern:
        return "id"
    if "@" in pattern:
        return "mailbox"
    return "clock" if ":" in pattern else "country"


def _as_id(text: str) -> str | None:
    import unicodedata

    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or None


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = {True: "true", False: "false", None: "null"}.get(value, str(value)) if not isinstance(value, str) else value
    return text if len(text) <= 60 else text[:57] + "…"
