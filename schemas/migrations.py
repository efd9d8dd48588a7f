"""Older versions of the language, brought up to the one spoken here, a step at a time; comments stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.loader import load
from schemas.model.base import LANGUAGE_VERSION
from schemas.rewriting import Rewriting
from schemas.tree import Source

Step = Callable[[Rewriting], None]
"""Gathers the changes that lead from one version to the next."""

STEPS: Mapping[int, Step] = {}
"""Each step by the version it leads from. There is one version so far, and nothing to migrate."""


class TooNew(ValueError):
    """A file is written in a later version of the language than this dondoc speaks."""

    def __init__(self, file: str, version: int, spoken: int) -> None:
        self.file = file
        self.version = version
        self.spoken = spoken
        super().__init__(f"{file}: version {version} of the language; this dondoc speaks {spoken}: update it")


@dataclass(frozen=True, kw_only=True)
class Migrated:
    """A file in the version spoken here."""

    text: str
    was: int
    """The version it was written in."""


def version_of(source: Source) -> int | None:
    """The version that a file says it is written in, 1 when it says none; None when that cannot be read."""
    root = source.root.value if source.root is not None else None
    if not isinstance(root, dict):
        return None
    said = root.get("dondoc", 1)
    return said if isinstance(said, int) and not isinstance(said, bool) and said >= 1 else None


def migrate(
    source: Source, *, steps: Mapping[int, Step] = STEPS, spoken: int = LANGUAGE_VERSION
) -> Migrated | None:
    """The file in the version `spoken`; None when it cannot be read.

    Raises TooNew.
    """
    was = version_of(source)
    if was is None:
        return None
    if was > spoken:
        raise TooNew(source.file, was, spoken)
    current = source
    for version in range(was, spoken):
        change = Rewriting(source=current)
        steps[version](change)
        if "dondoc" in current.top_keys:
            change.replace(("dondoc",), version + 1)
        else:
            change.add((), "dondoc", version + 1)
        current = load(source.file, change.text().encode())
    return Migrated(text="\n".join(current.lines), was=was)
