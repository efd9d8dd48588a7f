"""Things by what people call them: a name written where an id belongs still tells which one is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from schemas.declared import MAX_GUESSES, Declared
from schemas.findings import Code
from schemas.names import as_id, closest

_BETWEEN = re.compile(r"\s*[,;&+]\s*")
_AND = re.compile(r"\s+(?:và|and)\s+")


def guess_agencies(declared: Declared) -> None:
    """Add to findings about ids of agencies which agency or group was probably meant."""
    said = [
        (number, finding)
        for number, finding in enumerate(declared.findings)
        if finding.code is Code.NOT_WRITTEN_SO and finding.variant == "agency-id"
    ]
    if not said:
        return
    ids = _by_name(declared)
    for number, finding in said[:MAX_GUESSES]:
        parts = [_called(declared, ids, part) for part in _parts(declared, str(finding.args["given"]))]
        if parts and all(parts):
            guess = ", ".join(part for part in parts if part is not None)
            declared.findings[number] = replace(finding, guess=guess if len(parts) == 1 else f"[{guess}]")


def _parts(declared: Declared, text: str) -> list[str]:
    """The names in a text that may hold several; "và" is part of many a name, so it parts ids alone."""
    ids = _AND.split(text)
    if all(one in declared.agencies.entries or one in declared.groups.entries for one in ids):
        return ids
    return [part for part in _BETWEEN.split(text) if part]


def guess_pieces(declared: Declared) -> None:
    """The same for plans, tasks and pieces; what nobody declares is no guess."""
    said = [
        (number, finding)
        for number, finding in enumerate(declared.findings)
        if finding.code is Code.NOT_WRITTEN_SO and finding.variant == "id"
    ]
    for number, finding in said[:MAX_GUESSES]:
        known = _known(declared, str(finding.args["key"]), finding.file)
        if known:
            sought = as_id(str(finding.args["given"])) or ""
            named = [name for name, called in known if sought in (name, *map(as_id, called))]
            guess = named[0] if len(set(named)) == 1 else closest(sought, [name for name, _ in known])
            declared.findings[number] = replace(finding, guess=guess)


def _known(declared: Declared, key: str, file: str) -> list[tuple[str, tuple[str, ...]]]:
    """What a key may name, each with what it is called besides its id."""
    if key == "plan":
        plans = [one.thing.plan for one in declared.plans.entries.values()]
        return [(plan.id, (plan.number, plan.title)) for plan in plans]
    if key == "after":
        specs = [one.thing for one in declared.plans.entries.values() if one.reading.source.file == file]
        return [(task.id, (task.title, task.source or "")) for spec in specs for task in spec.tasks]
    for shelf in (declared.regimes, declared.calendars, declared.escalations, declared.forms):
        if shelf.kind == key:
            return [(name, (entry.thing.title,)) for name, entry in shelf.entries.items()]
    return []


def _by_name(declared: Declared) -> Mapping[str, tuple[str, ...]]:
    """The ids of what bears a name, by the name as an id would spell it."""
    found: dict[str, tuple[str, ...]] = {}
    agencies = (
        (one.id, (one.name, one.short)) for one in (e.thing for e in declared.agencies.entries.values())
    )
    groups = ((one.id, (one.name,)) for one in (e.thing for e in declared.groups.entries.values()))
    for name, called in (*agencies, *groups):
        for words in called:
            key = as_id(words or "")
            if key is not None and name not in found.get(key, ()):
                found[key] = (*found.get(key, ()), name)
    return found


def _called(declared: Declared, ids: Mapping[str, tuple[str, ...]], text: str) -> str | None:
    sought = as_id(text)
    if sought is None:
        return None
    if sought in declared.agencies.entries or sought in declared.groups.entries:
        return sought
    named = ids.get(sought) or tuple(
        {name for key, one in ids.items() if key.startswith(sought) for name in one}
    )
    if len(named) == 1:
        return named[0]
    return declared.agencies.close_to(sought) or declared.groups.close_to(sought)
