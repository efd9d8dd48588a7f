"""Defaults that plans take from a library: adopted before anything else looks at the plans."""

from __future__ import annotations

from schemas.declared import Declared, Entry
from schemas.findings import Code, Thing
from schemas.model import PlanDefaults, PlanFile, SharedDefaults


def adopt_defaults(declared: Declared) -> None:
    """Put the library's defaults under those of each plan that uses them."""
    for entry in declared.plans.entries.values():
        name = entry.thing.defaults.use
        if name is not None:
            _adopt(declared, entry, name)


def _adopt(declared: Declared, entry: Entry[PlanFile], name: str) -> None:
    shelf = declared.plan_defaults
    found = shelf.entries.get(name)
    if found is not None:
        declared.uses.setdefault(entry.name, []).append(found)
        merged = merged_defaults(found.thing, entry.thing.defaults)
        entry.thing = entry.thing.model_copy(update={"defaults": merged})
        return
    lost = shelf.lost.get(name) or declared.unreadable(shelf.kind)
    if lost is not None:
        declared.blocked.setdefault(entry.name, (Thing(shelf.kind, name), lost))
        return
    declared.say(
        Code.NO_DEFAULTS, entry.value_place("defaults", "use"), guess=shelf.close_to(name), name=name
    )
    entry.broken = True


def merged_defaults(shared: SharedDefaults, own: PlanDefaults) -> PlanDefaults:
    """The shared defaults with the plan's own keys before them, key by key within the report."""
    report = own.report or shared.report
    if own.report is not None and shared.report is not None:
        given = {key: getattr(own.report, key) for key in own.report.model_fields_set}
        assumed = shared.report.assumed | own.report.assumed
        report = shared.report.model_copy(update=given | {"assumed": assumed})
    return PlanDefaults(
        use=own.use, report=report, coordinating=list(own.coordinating or shared.coordinating)
    )
