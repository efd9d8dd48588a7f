"""Differences: what the files say otherwise than the version of a plan that the ledger stands at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any

from flows.ledger import plans
from flows.ledger.database import Ledger
from flows.shell.specs.changes import Change, Changes
from flows.shell.versions import Versions
from schemas.catalogue import Bundle

_CONTEXT = 1
_NAMES = ("id", "plan", "agency")
"""By what a mapping in a list is called, where it has one of these."""


def differences(ledger: Ledger, changes: Changes) -> Mapping[str, Sequence[str]]:
    """For each plan that changes, what it and all that it names say otherwise: a unified difference."""
    versions, found = Versions(ledger), {}
    with ledger.read() as tx:
        known = plans.stored_plans(tx)
        for one in changes.plans:
            if one.change is not Change.CHANGED:
                continue
            stored = known[one.plan_id]
            before = versions.bundle(tx, stored.version_id)
            found[one.plan_id] = difference(before, one.bundle, stored.content_hash, one.content_hash)
    return found


def difference(before: Bundle, after: Bundle, was: str, now: str) -> Sequence[str]:
    """What `after` says otherwise than `before`, under the names of the two versions."""
    name = after.spec.plan.id
    lines = unified_diff(
        list(said(before)),
        list(said(after)),
        f"{name} {was[:12]}",
        f"{name} {now[:12]}",
        n=_CONTEXT,
        lineterm="",
    )
    return tuple(lines)


def said(bundle: Bundle) -> Iterator[str]:
    """All that a plan says and names, each thing on a line with its place: `tasks.bao-cao.lead: xa-1`."""
    content = bundle.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    spec = content.pop("spec", {})
    yield from _lines("", {**spec, **content})


def _lines(place: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _lines(f"{place}.{key}" if place else str(key), one)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for number, one in enumerate(value, start=1):
            yield from _lines(f"{place}.{_called(one) or number}", one)
    elif isinstance(value, list):
        yield f"{place}: [{', '.join(_text(one) for one in value)}]"
    else:
        yield f"{place}: {_text(value)}"


def _called(value: Any) -> str | None:  # noqa: ANN401
    if not isinstance(value, dict):
        return None
    return next((str(value[name]) for name in _NAMES if value.get(name)), None)


def _text(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
