"""A cycle's tasks as the nodes of its run's graph: one node per task, however many passes the run makes.

Prefect's own task engine would make new task runs on every pass and log each as an error that is not
completed. So the nodes are kept as the engine keeps them, by the state-change events that Prefect's recorder
turns into task runs, but under one id per run and task, and only when something about the task changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from prefect import Task
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State, StateType, TaskRun, TaskRunResult
from prefect.utilities.engine import emit_task_run_state_change_event

from flows.runs import naming
from flows.runs.words import say
from flows.shell.showing.view import PlanOutline, TaskNode, TaskStanding, TaskView

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.types._datetime import DateTime

#: Prefect colours a node by its type; the name beside it is ours.
_TYPES: dict[TaskStanding, StateType] = {
    TaskStanding.NO_REPORT: StateType.PENDING,
    TaskStanding.NOT_YET: StateType.SCHEDULED,
    TaskStanding.WAITING: StateType.PAUSED,
    TaskStanding.OPEN: StateType.RUNNING,
    TaskStanding.OVERDUE: StateType.CRASHED,
    TaskStanding.DONE: StateType.COMPLETED,
    TaskStanding.MISSING: StateType.FAILED,
}
_BEGUN = {TaskStanding.OPEN, TaskStanding.OVERDUE, TaskStanding.DONE, TaskStanding.MISSING}
_SETTLED = {TaskStanding.DONE, TaskStanding.MISSING}
_REMEMBERED_RUNS = 500
_PAGE = 200


class Graph:
    """The nodes of one run as last drawn by this process. `tasks` are the plan's Prefect tasks, by id."""

    def __init__(self, run_id: UUID, outline: PlanOutline, tasks: dict[str, Task[..., None]]) -> None:
        self._run_id = run_id
        self.outline = outline
        self._tasks = tasks
        self._nodes: dict[str, TaskRun] = {}
        self._views: dict[str, TaskView] = {}

    def recall(self, client: SyncPrefectClient) -> None:
        """Take over what another process drew for this run: when its tasks started and ended."""
        chosen = FlowRunFilter(id=FlowRunFilterId(any_=[self._run_id]))
        for offset in range(0, len(self.outline.tasks), _PAGE):
            page = client.read_task_runs(flow_run_filter=chosen, limit=_PAGE, offset=offset)
            self._nodes |= {node.dynamic_key: node for node in page}

    def show(self, views: Iterable[TaskView]) -> int:
        """Draw the tasks as they stand, in the plan's order; returns how many had to be drawn."""
        standing = {view.id: view for view in views}
        moved: set[str] = set()
        for task in self.outline.tasks:
            view = standing.get(task.id)
            if view is None:
                continue
            unchanged = self._views.get(task.id) == view
            # what has not begun stands beside what it waits for, and moves on with that
            if unchanged and (view.standing in _BEGUN or moved.isdisjoint(task.after)):
                continue
            self._show_one(task, view)
            moved.add(task.id)
        return len(moved)

    def show_failure(self, task_id: str, error: str) -> None:
        """Draw that acting for a task raised; the next pass draws over it."""
        task = next(task for task in self.outline.tasks if task.id == task_id)
        self._views.pop(task_id, None)
        message = say("failed", error=error)
        self._draw(task, task.title, State(type=StateType.CRASHED, message=message), begun=True)

    def _show_one(self, task: TaskNode, view: TaskView) -> None:
        state: State[None] = State(type=_TYPES[view.standing], name=say(view.standing), message=view.message)
        label = say(
            "node-counted" if view.owed else "node",
            title=task.title,
            reported=view.reported,
            owed=view.owed,
        )
        self._draw(task, label, state, begun=view.standing in _BEGUN, settled=view.standing in _SETTLED)
        self._views[view.id] = view

    def _draw(
        self, task: TaskNode, label: str, state: State[None], *, begun: bool, settled: bool = False
    ) -> None:
        before = self._nodes.get(task.id)
        drawn_at = cast("DateTime", state.timestamp)
        start: DateTime | None = None
        end: DateTime | None = drawn_at  # not begun: a mark without length, where it was last drawn
        if begun:
            start = (before.start_time if before else None) or drawn_at
            end = None
        if settled:
            end = (before.end_time if before and before.start_time else None) or drawn_at
        node = _Node(
            id=naming.node_id(self._run_id, task.id),
            name=label,
            flow_run_id=self._run_id,
            task_key=self._tasks[task.id].task_key,
            dynamic_key=task.id,
            task_inputs={
                "after": [TaskRunResult(id=naming.node_id(self._run_id, other)) for other in task.after]
            },
            expected_start_time=start or drawn_at,
            start_time=start,
            end_time=end,
            run_count=(before.run_count if before else 0) + 1,
            state_id=state.id,
            state_type=state.type,
            state_name=state.name,
            state=state,
        )
        state.state_details.task_run_id = node.id
        state.state_details.flow_run_id = self._run_id
        emit_task_run_state_change_event(
            task_run=node, initial_state=before.state if before else None, validated_state=state
        )
        self._nodes[task.id] = node


class _Node(TaskRun):
    """A task run that says so when it has no start or no end.

    Prefect's events leave an absent time out, and its recorder then keeps the one it has.
    """

    def model_dump(self, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's own options
        dump = super().model_dump(**options)
        for time in ("start_time", "end_time"):
            if getattr(self, time) is None:
                dump[time] = None
        return dump


_lock = threading.Lock()
_graphs: OrderedDict[UUID, Graph] = OrderedDict()


def graph_of(
    run_id: UUID, outline: PlanOutline, tasks: dict[str, Task[..., None]], client: SyncPrefectClient
) -> Graph:
    """The graph of a run, as this process remembers it, or as Prefect does when this process does not."""
    with _lock:
        graph = _graphs.get(run_id)
        if graph is not None and graph.outline == outline:
            _graphs.move_to_end(run_id)
            return graph
    graph = Graph(run_id, outline, tasks)
    graph.recall(client)
    with _lock:
        _graphs[run_id] = graph
        while len(_graphs) > _REMEMBERED_RUNS:
            _graphs.popitem(last=False)
    return graph
