"""pydantic's errors as faults: placed in the tree that was validated, one for each mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic_core import ErrorDetails

from schemas.names import meant
from schemas.texts.glosses import KEYS
from schemas.tree import Node, Path, Tree

_MOST_GUESSES = 100
"""Unknown keys beside a missing one that may be it, misspelt."""

CONTRADICTIONS = frozenset(
    {
        "one_due",
        "period_backwards",
        "hours_backwards",
        "choices",
        "bounds_not_number",
        "bounds_crossed",
        "target_not_number",
        "aggregate_not_number",
        "field_twice",
        "empty_library",
        "empty_directory",
        "up_alone",
        "recipient_empty",
        "validity_backwards",
        "day_twice",
    }
)
"""What the models say of a mapping whose keys do not go together."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One error of pydantic, placed in the tree."""

    type: str
    path: Path
    """Of the value that is wrong; of the mapping that lacks a key; of the unknown key."""
    key: str | None
    """The missing or unknown key."""
    about_key: bool
    """Whether the key itself is wrong, not its value."""
    context: Mapping[str, object]
    value: Tree

    @property
    def is_whole(self) -> bool:
        """Whether the mapping is wrong as such: a key is missing, or its keys contradict each other."""
        return self.type == "missing" or self.type in CONTRADICTIONS

    @property
    def words(self) -> tuple[str, ...]:
        """The words to choose from."""
        return tuple(re.findall(r"'([^']*)'", str(self.context.get("expected", ""))))


def faults(errors: Iterable[ErrorDetails], root: Node) -> list[Fault]:
    """Place the errors of one validation in the tree that was validated."""
    found = []
    for error in errors:
        kind, location = error["type"], error["loc"]
        key: str | None = None
        if kind in ("missing", "extra_forbidden"):
            key, location = str(location[-1]), location[:-1]
        path: list[str | int] = []
        node = root
        for step in location:
            if step in node.items:  # what is not in the tree names an arm of a union
                path.append(step)
                node = node.items[step]
        if kind == "extra_forbidden" and key is not None:
            path.append(key)
        about_key = bool(location) and location[-1] == "[key]"
        context = error.get("ctx") or {}
        found.append(
            Fault(
                type=kind,
                path=tuple(path),
                key=key,
                about_key=about_key,
                context=context,
                value=error["input"],
            )
        )
    return found


def distinct(found: Sequence[Fault]) -> list[Fault]:
    """One fault for each mistake: arms of a union told once; a key that is misspelt, or that stands below
    another one by its indentation, is not told as missing and as unknown.
    """
    kept: list[Fault] = []
    by_path: dict[Path, int] = {}
    for fault in found:
        if fault.type == "missing":
            kept.append(fault)
        elif fault.type == "literal_error" and _is_other_arm(fault, found):
            same = by_path.get(fault.path)
            better = _KINDS_OR_WORD.get(kept[same].type) if same is not None else None
            if same is not None and better is not None:
                word = next(iter(fault.words), "")
                kept[same] = replace(kept[same], type=better, context={"word": word})
        elif fault.path not in by_path:
            by_path[fault.path] = len(kept)
            kept.append(fault)
    astray = {fault.key for fault in kept if fault.type == "missing" and fault.path == ()}
    return [
        fault
        for fault in kept
        if not _is_misspelt(fault, kept) and (fault.type == "missing" or not astray & set(fault.path))
    ]


_KINDS_OR_WORD = {
    "model_type": "mapping_or_word",
    "int_type": "number_or_word",
    "int_parsing": "number_or_word",
}


def _is_other_arm(fault: Fault, found: Sequence[Fault]) -> bool:
    """Whether another arm of the same union says more about the mistake."""
    depth = len(fault.path)
    return any(other.path[:depth] == fault.path and other.type != "literal_error" for other in found)


def _is_misspelt(fault: Fault, found: Sequence[Fault]) -> bool:
    """Whether the key that `fault` misses stands there under a wrong name."""
    if fault.type != "missing" or fault.key is None:
        return False
    beside = [other for other in found if other.type == "extra_forbidden" and other.path[:-1] == fault.path]
    return any(meant(other.key, [fault.key], KEYS) for other in beside[:_MOST_GUESSES] if other.key)
