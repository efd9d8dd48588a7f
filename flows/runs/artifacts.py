"""What a run keeps for reading: the tracking sheet, the progress, the consolidated result so far.

Each is one artifact per run, brought up to date in place: the run's page shows every version as a card of its
own, and a year of passes would bury the three that people look for. What it said before is in the ledger.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.exceptions import ObjectNotFound

from flows.runs import naming
from flows.runs.contents import contents
from flows.runs.words import say
from flows.shell.showing.view import CycleView, PlanOutline

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

_REMEMBERED_RUNS = 500


@dataclass(kw_only=True)
class _Shelf:
    """The artifacts of one run as this process knows them, by key."""

    ids: dict[str, UUID]
    contents: dict[str, tuple[str | float, str]] = field(default_factory=dict)


_lock = threading.Lock()
_shelves: OrderedDict[UUID, _Shelf] = OrderedDict()


def publish(client: SyncPrefectClient, run_id: UUID, outline: PlanOutline, view: CycleView) -> int:
    """Write those artifacts of the cycle that say something new; returns how many were written."""
    words = {"number": outline.number, "cycle": view.cycle_name, "message": view.message}
    shelf = _shelf_of(client, run_id)
    written = 0
    for kind, type_, data in contents(view):
        key = naming.artifact_key(say(f"{kind}-key"), view.plan_id, view.cycle_key)
        content = (data, say(kind, **words))
        if shelf.contents.get(key) != content:
            _write(client, run_id, shelf, key, type_, content)
            shelf.contents[key] = content
            written += 1
    return written


def _write(
    client: SyncPrefectClient,
    run_id: UUID,
    shelf: _Shelf,
    key: str,
    type_: str,
    content: tuple[str | float, str],
) -> None:
    data, description = content
    if key in shelf.ids:
        try:
            client.update_artifact(shelf.ids[key], ArtifactUpdate(data=data, description=description))
        except ObjectNotFound:  # somebody deleted it in the UI
            del shelf.ids[key]
        else:
            return
    made = client.create_artifact(
        ArtifactCreate(key=key, type=type_, data=data, description=description, flow_run_id=run_id)
    )
    shelf.ids[key] = made.id


def _shelf_of(client: SyncPrefectClient, run_id: UUID) -> _Shelf:
    with _lock:
        shelf = _shelves.get(run_id)
        if shelf is not None:
            _shelves.move_to_end(run_id)
            return shelf
    chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
    found: list[Any] = client.read_artifacts(artifact_filter=chosen)
    shelf = _Shelf(ids={artifact.key: artifact.id for artifact in found if artifact.key})
    with _lock:
        _shelves[run_id] = shelf
        while len(_shelves) > _REMEMBERED_RUNS:
            _shelves.popitem(last=False)
    return shelf
