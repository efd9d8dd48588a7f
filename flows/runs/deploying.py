"""Plans made known to Prefect: the work pool, and a flow and a deployment per plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.utilities.callables import parameter_schema

from flows.runs import naming
from flows.runs.compiler import compile_plan
from flows.runs.words import say
from flows.shell.showing.view import PlanOutline

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient


def ensure_pool(client: SyncPrefectClient) -> None:
    """Make sure that the work pool is there, of type `process`: Prefect's stock worker can serve it too."""
    try:
        client.read_work_pool(naming.POOL)
        return
    except ObjectNotFound:
        pass
    from prefect.workers.process import ProcessWorker

    template = ProcessWorker.get_default_base_job_template()
    try:
        client.create_work_pool(
            WorkPoolCreate(name=naming.POOL, type=ProcessWorker.type, base_job_template=template)
        )
    except ObjectAlreadyExists:  # another serving process was first
        return


def deploy_plans(client: SyncPrefectClient, outlines: Iterable[PlanOutline]) -> dict[str, UUID]:
    """Register each plan's flow and deployment; returns the deployments by plan id.

    May be repeated at will: an unchanged plan stays as it is, a changed one is updated under the same name
    (the plan's id). Deployments have no schedules: dondoc computes its own dates.
    """
    ensure_pool(client)
    return {outline.plan_id: _deploy(client, outline) for outline in outlines}


def _deploy(client: SyncPrefectClient, outline: PlanOutline) -> UUID:
    flow = compile_plan(outline)
    return client.create_deployment(
        flow_id=client.create_flow_from_name(flow.name),
        name=outline.plan_id,
        entrypoint=naming.entrypoint(outline.plan_id),
        path=".",
        work_pool_name=naming.POOL,
        parameters={"plan": outline.plan_id},
        parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
        enforce_parameter_schema=False,
        description=_description(outline),
        tags=[say("tag"), outline.plan_id],
        schedules=[],
        pull_steps=[],
        paused=False,
    )


def _description(outline: PlanOutline) -> str:
    tasks = "\n".join(say("deployment-task", title=node.title) for node in outline.tasks)
    return say("deployment", number=outline.number, title=outline.title, issuer=outline.issuer, tasks=tasks)
