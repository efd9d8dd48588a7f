"""The names by which Prefect knows plans, cycles and tasks: readable where it allows, stable everywhere."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2s
from uuid import UUID, uuid5

from flows.runs.words import say
from flows.shell.showing.view import PlanOutline

POOL = "dondoc"
MODULE = "flows.runs.plans"

_NODES = UUID("2f1f4f0e-6b0d-5c55-9a26-3d1f6f1c8a57")
_UNSAFE = re.compile(r"[^a-z0-9]")
_ESCAPE = re.compile(r"Z([0-9a-f]+)Z")
#: Prefect refuses these in names. The slash of a document's number becomes a dash, as in its file names: the
#: division slash collides with its neighbours in the UI's font, and nobody can type it into a search.
_REFUSED = str.maketrans({"/": "-", "%": " ", "&": "+", "<": "‹", ">": "›"})
_FLOW_NAME_CHARACTERS = 120


def flow_name(outline: PlanOutline) -> str:
    """The flow of a plan: its number and title, cut at a word when long."""
    name = " ".join(say("flow", number=outline.number, title=outline.title).translate(_REFUSED).split())
    if len(name) <= _FLOW_NAME_CHARACTERS:
        return name
    return name[:_FLOW_NAME_CHARACTERS].rsplit(" ", 1)[0] + "…"


def run_name(outline: PlanOutline, cycle_name: str) -> str:
    """The run of a cycle: the plan's number, its issuer (many a plan bears the same number), the period.

    Prefect accepts any character here.
    """
    return say("run", number=outline.number, issuer=outline.issuer, cycle=cycle_name)


def attribute(plan_id: str) -> str:
    """The plan's attribute in `flows.runs.plans`: an identifier from which the plan's id can be read back."""
    return "p_" + _UNSAFE.sub(lambda found: "_" if found[0] == "-" else f"Z{ord(found[0]):x}Z", plan_id)


def plan_of(attribute_name: str) -> str | None:
    """The plan's id behind an attribute name, None if the name is not one of ours."""
    if not attribute_name.startswith("p_") or len(attribute_name) == len("p_"):
        return None
    plain = attribute_name.removeprefix("p_").replace("_", "-")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), plain)


def entrypoint(plan_id: str) -> str:
    """Where a worker on any machine with dondoc installed finds the plan's flow."""
    return f"{MODULE}.{attribute(plan_id)}"


def idempotency_key(plan_id: str, cycle_key: str, run_no: int) -> str:
    """One run per cycle and run number, however often it is asked for."""
    return f"{plan_id}/{cycle_key}#{run_no}"


def artifact_key(kind: str, plan_id: str, cycle_key: str) -> str:
    """A key of lowercase letters, digits and dashes: the same on every pass, and no other cycle's."""
    exact = f"{plan_id}--{cycle_key}"
    plain = unicodedata.normalize("NFKD", exact).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9-]+", "-", plain)
    if readable != exact:
        readable += "-" + blake2s(exact.encode(), digest_size=3).hexdigest()
    return f"{kind}-{readable}"


def node_id(run_id: UUID, task_id: str) -> UUID:
    """The task run that stands for a task in a run: the same on every pass, so that it is drawn once."""
    return uuid5(_NODES, f"{run_id}/{task_id}")
