"""pydantic's errors as faults: placed in the tree, one for each mistake, and told as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic_core import ErrorDetails

from schemas.findings import Argument, Code, Finding
from schemas.model import SpecModel
from schemas.names import as_id, closest
from schemas.shapes import keys_at, thing_at
from schemas.tree import Node, Path, Source, Tree

CONTRADICTIONS = frozenset(
    {
        "one_due",
        "period_backwards",
        "choices",
        "bounds_not_number",
        "bounds_crossed",
        "aggregate_not_number",
        "field_twice",
        "empty_library",
        "empty_directory",
        "up_alone",
        "recipient_empty",
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
    """One fault for each mistake: arms of a union told once, a misspelt key not missing as well."""
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
    return [fault for fault in kept if not _is_misspelt(fault, kept)]


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
    return any(closest(other.key, [fault.key]) for other in beside if other.key)


_WRITTEN = {"day", "no_such_day", "span", "annual_day", "month"}
_KINDS = {
    "string_type": "text",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
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
_LIMITS = {"le": "above", "lt": "above", "ge": "below", "gt": "below"}


def finding(source: Source, model: type[SpecModel], fault: Fault) -> Finding:
    """What is said about `fault` in a file that is to hold a `model`."""
    return _Telling(source, model, fault).told()


class _Telling:
    """Puts one fault into words."""

    def __init__(self, source: Source, model: type[SpecModel], fault: Fault) -> None:
        self.source = source
        self.model = model
        self.fault = fault
        path = fault.path
        name = str(path[-1]) if path and isinstance(path[-1], str) else ""
        self.args: dict[str, Argument] = {
            "where": thing_at(source.root, path),
            "key": fault.key or name,
            "given": shown(fault.value),
        }
        self.name = name

    def told(self) -> Finding:
        fault = self.fault
        if fault.type == "extra_forbidden":
            return self._unknown_key()
        if fault.type == "missing":
            return self._say(Code.MISSING_KEY, fault.path)
        if fault.type == "assumed_unknown":
            return self._assumed_unknown()
        if fault.type in CONTRADICTIONS:
            self.args |= {key: str(value) for key, value in fault.context.items()}
            return self._say(Code.CONTRADICTION, self._contradicting(), fault.type.replace("_", "-"))
        if fault.type in _WRITTEN:
            return self._written(fault.type.replace("_", "-"))
        if fault.type in ("string_pattern_mismatch", "string_too_long"):
            return self._written(self._pattern_variant())
        return self._value()

    def _value(self) -> Finding:
        fault = self.fault
        if fault.type in ("string_too_short", "too_short") or fault.value is None:
            return self._say(Code.WRONG_KIND, fault.path, "empty")
        if fault.type in ("enum", "literal_error"):
            return self._not_a_choice()
        self.args["word"] = str(fault.context.get("word", ""))
        limits = [key for key in fault.context if key in _LIMITS]
        if limits:
            self.args["limit"] = str(fault.context[limits[0]])
            return self._say(Code.OUT_OF_RANGE, fault.path, _LIMITS[limits[0]], of_value=True)
        return self._say(Code.WRONG_KIND, fault.path, _KINDS.get(fault.type, ""), of_value=True)

    def _unknown_key(self) -> Finding:
        above = self.fault.path[:-1]
        known = keys_at(self.model, above)
        self.args |= {"where": thing_at(self.source.root, above), "known": known}
        return self._say(Code.UNKNOWN_KEY, self.fault.path, guess=closest(str(self.fault.key), known))

    def _assumed_unknown(self) -> Finding:
        key = str(self.fault.context["key"])
        self.args["key"] = key
        guess = closest(key, keys_at(self.model, self.fault.path))
        return self._say(Code.ASSUMED_UNKNOWN, (*self.fault.path, "assumed", key), guess=guess)

    def _not_a_choice(self) -> Finding:
        fault = self.fault
        if self.name == "dondoc":
            return self._say(Code.VERSION, fault.path, of_value=True)
        self.args["known"] = fault.words
        guess = closest(fault.value, fault.words) if isinstance(fault.value, str) else None
        return self._say(Code.NOT_A_CHOICE, fault.path, of_value=True, guess=guess)

    def _written(self, variant: str) -> Finding:
        guess = as_id(str(self.fault.value)) if variant == "id" else None
        about_value = not self.fault.about_key
        return self._say(Code.NOT_WRITTEN_SO, self.fault.path, variant, of_value=about_value, guess=guess)

    def _pattern_variant(self) -> str:
        pattern = str(self.fault.context.get("pattern", ""))
        if "domains" in self.fault.path:
            return "domain"
        if self.fault.type == "string_too_long" or "[a-z0-9]" in pattern:
            return "id"
        if "csv" in pattern:
            return "table"
        if "@" in pattern:
            return "mailbox"
        return "clock" if ":" in pattern else "country"

    def _contradicting(self) -> Path:
        """The mapping that contradicts itself; of two fields with one id, the second."""
        path, root = self.fault.path, self.source.root
        if self.fault.type != "field_twice" or root is None:
            return path
        node = root
        for step in (*path, "fields"):
            node = node.items[step]
        name = self.fault.context["id"]
        same = [
            n for n, one in node.items.items() if isinstance(one.value, dict) and one.value.get("id") == name
        ]
        return (*path, "fields", same[1], "id") if len(same) > 1 else path

    def _say(
        self, code: Code, path: Path, variant: str = "", *, of_value: bool = False, guess: str | None = None
    ) -> Finding:
        place = self.source.value_place(path) if of_value else self.source.key_place(path)
        return Finding(code=code, place=place, variant=variant, args=self.args, guess=guess)


def shown(value: Tree) -> str:
    """A value in a message: short, and as YAML writes it."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
