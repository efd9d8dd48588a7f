"""The order of tasks: each after what it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


class DependencyCycle(ValueError):
    """Tasks depend on each other in a circle."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.path = path
        super().__init__(" → ".join(path))


def in_order(after: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The ids so that each stands after those it is `after`, otherwise in the order given; linear.

    Ids that are only named as dependencies are left out. Raises DependencyCycle.
    """
    known = {id_: [one for one in before if one in after] for id_, before in after.items()}
    try:
        return tuple(TopologicalSorter(known).static_order())
    except CycleError as exc:
        raise DependencyCycle(tuple(exc.args[1])) from exc
