"""How a pass ends: the run sleeps under a name of ours until woken, or it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from prefect.client.schemas.objects import State
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import Pause
from prefect.states import Cancelled, Completed, Paused

from flows.shell.showing.view import CycleView

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient


def end_pass(client: SyncPrefectClient, run_id: UUID, view: CycleView) -> State[None]:
    """Return the final state of an ended or stopped cycle; put every other run to sleep by raising Pause.

    A sleeping run has no time limit: the ledger's `wake_at` says when to look again, and Prefect would turn
    an expired pause into a failure.
    """
    if view.stopped:
        return Cancelled(name=view.state_name, message=view.message)
    if view.ended:
        return Completed(name=view.state_name, message=view.message)
    # Unique per pass: Prefect refuses a pause key that it has seen in this run.
    key = f"{view.pass_no}-{uuid4().hex[:8]}"
    asleep: State[None] = Paused(name=view.state_name, message=view.message, reschedule=True, pause_key=key)
    answer = client.set_flow_run_state(run_id, asleep)
    if answer.status == SetStateStatus.ACCEPT and answer.state is not None:
        raise Pause(state=answer.state)
    # Cancelled from the UI while this pass ran (the ledger hears of it from the wake loop), or taken over by
    # another process: leave the run as it is.
    found = client.read_flow_run(run_id).state
    raise Pause(state=found or asleep)
