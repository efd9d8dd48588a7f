"""A plan compiled to its Prefect flow, and the one pass over a cycle that every run of that flow makes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from prefect import Flow, Task
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.logging.loggers import flow_run_logger

from flows.runs import artifacts, naming, ports
from flows.runs.graph import graph_of
from flows.runs.sleep import end_pass
from flows.runs.words import say
from flows.shell.showing.view import CycleView, PlanOutline

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient


def compile_plan(outline: PlanOutline) -> Flow[[str, str], State[None]]:
    """The plan's own flow, with parameters `plan` and `cycle`: one task per plan task, edges from `after`.

    A run of it may be started again from the top at any time: what is done is known from the ledger.
    """
    tasks = {node.id: _stand_in(outline, node.id, node.title) for node in outline.tasks}

    def cycle_run(plan: str, cycle: str) -> State[None]:
        return _run_pass(outline, tasks, plan, cycle)

    cycle_run.__name__ = naming.attribute(outline.plan_id)
    cycle_run.__qualname__ = cycle_run.__name__
    cycle_run.__module__ = naming.MODULE
    return Flow(
        cycle_run,
        name=naming.flow_name(outline),
        description=outline.title,
        validate_parameters=False,
        persist_result=False,
        retries=0,
        log_prints=False,
    )


def _stand_in(outline: PlanOutline, task_id: str, title: str) -> Task[..., None]:
    def plan_task() -> None:
        """Stands for one task of the plan in Prefect; what it does is the pass's to do."""

    plan_task.__name__ = plan_task.__qualname__ = f"{outline.plan_id}.{task_id}"
    plan_task.__module__ = naming.MODULE
    return Task(plan_task, name=title, persist_result=False)


def _run_pass(outline: PlanOutline, tasks: dict[str, Task[..., None]], plan: str, cycle: str) -> State[None]:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("a plan's flow is run by Prefect, from its deployment")
    run_id = context.flow_run.id
    client = cast("SyncPrefectClient", context.client)  # a flow that is no coroutine has the sync one
    graph = graph_of(run_id, outline, tasks, client)
    mails = 0
    with ports.passes().start_pass(plan, cycle) as current:
        changed = current.changed_tasks()
        for node in outline.tasks:
            if node.id not in changed:
                continue
            try:
                standing = current.act(node.id)
            except Exception as error:
                graph.show_failure(node.id, str(error))
                raise
            graph.show([standing])
            mails += standing.mails_sent
        view = current.finish()
    graph.show(view.tasks)
    _tell(context, client, outline, view, mails)
    return end_pass(client, run_id, view)


def _tell(
    context: FlowRunContext, client: SyncPrefectClient, outline: PlanOutline, view: CycleView, mails: int
) -> None:
    run = context.flow_run
    if run is None:
        return
    name = naming.run_name(outline, view.cycle_name)
    if run.name != name:
        client.set_flow_run_name(run.id, name)
    artifacts.publish(client, run.id, outline, view)
    # The engine's own lines are kept out of the run's log (see connection.QUIET); this one is for people.
    said = say(
        "pass-mails" if mails else "pass",
        pass_no=view.pass_no,
        state=view.state_name,
        message=view.message,
        mails=mails,
    )
    log = flow_run_logger(run, context.flow).getChild("dondoc")
    log.setLevel(logging.INFO)
    log.info(said)
