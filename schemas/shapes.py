"""What the models say about a path in a file: which keys may stand there, and what the thing is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from schemas.findings import Thing
from schemas.tree import Node, Path

_LISTED = {"tasks": "task", "agencies": "agency", "groups": "group", "tables": "table"}
_NAMED = {
    "forms": "form",
    "regimes": "regime",
    "calendars": "calendar",
    "escalations": "escalation",
    "plan_defaults": "shared-defaults",
}
_LAST = ("source", "assumed")
"""Keys that every mapping may have, told after its own."""


def keys_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys that a mapping at `path` of a `model` file may hold; empty when it names its own."""
    for arm in _enter([model], path):
        if isinstance(arm, type) and issubclass(arm, BaseModel):
            keys = [field.alias or name for name, field in arm.model_fields.items()]
            return tuple(sorted(keys, key=_LAST.__contains__))
    return ()


def thing_at(root: Node | None, path: Path) -> Thing:
    """What a person calls the place at `path`, such as `report.due` of the task "bao-cao"."""
    if not path:
        return Thing("file")
    kind, name, used = "file", "", 0
    head = path[0]
    if head in _LISTED and len(path) > 1:
        kind, name, used = _LISTED[str(head)], _id_at(root, path[:2]), 2
    elif head in _NAMED and len(path) > 1:
        kind, name, used = _NAMED[str(head)], str(path[1]), 2
        if head == "forms" and len(path) > 3 and path[2] == "fields":
            kind, name, used = "field", _id_at(root, path[:4]), 4
    elif head in ("plan", "defaults"):
        kind, used = str(head), 1
    inside = ""
    for step in path[used:]:
        inside += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return Thing(kind, name, inside.lstrip("."))


def _id_at(root: Node | None, path: Path) -> str:
    node = root
    for step in path:
        node = node.items.get(step) if node is not None else None
    value = node.value.get("id") if node is not None and isinstance(node.value, dict) else None
    return value if isinstance(value, str) else f"{_number(path[-1])}"


def _number(step: str | int) -> str:
    return f"#{step + 1}" if isinstance(step, int) else step


def _enter(annotations: Sequence[Any], path: Path) -> list[Any]:
    arms = [arm for annotation in annotations for arm in _arms(annotation)]
    for step in path:
        entered: list[Any] = []
        for arm in arms:
            entered += _inside(arm, step)
        arms = [one for annotation in entered for one in _arms(annotation)]
    return [one for arm in arms for one in (_arms(get_args(arm)[0]) if get_origin(arm) is list else [arm])]


def _arms(annotation: object) -> Iterator[Any]:
    """The types a value may have, unions opened and annotations taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _arms(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for arm in get_args(annotation):
            yield from _arms(arm)
    else:
        yield annotation


def _inside(arm: object, step: str | int) -> list[Any]:
    origin = get_origin(arm)
    if origin is list:
        # a single value may stand for a list of one
        one = get_args(arm)[0]
        return [one] if isinstance(step, int) else [x for a in _arms(one) for x in _inside(a, step)]
    if origin is dict:
        return [get_args(arm)[1]]
    if isinstance(arm, type) and issubclass(arm, BaseModel):
        return [field.annotation for name, field in arm.model_fields.items() if (field.alias or name) == step]
    return []
