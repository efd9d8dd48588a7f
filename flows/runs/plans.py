"""Every plan's flow as an attribute of this module, compiled when asked for (PEP 562).

`flows.runs.plans.p_ke_hoach_143` is the flow of the plan `ke-hoach-143`. Deployments name their flow by this
path, so that Prefect's stock worker, on any machine with dondoc and its settings, finds it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from flows.runs import naming, ports

if TYPE_CHECKING:
    from prefect import Flow

    from flows.shell.showing.view import PlanOutline

_lock = threading.Lock()
_compiled: dict[str, tuple[PlanOutline, Flow[..., Any]]] = {}


def flow_of(plan_id: str) -> Flow[..., Any]:
    """The flow of a plan as it now stands: compiled once, and again when its outline has changed."""
    from flows.runs.compiler import compile_plan

    outline = ports.passes().outline(plan_id)
    with _lock:
        known = _compiled.get(plan_id)
        if known is None or known[0] != outline:
            known = _compiled[plan_id] = (outline, compile_plan(outline))
        return known[1]


def __getattr__(name: str) -> Flow[..., Any]:
    plan_id = naming.plan_of(name)
    if plan_id is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return flow_of(plan_id)
