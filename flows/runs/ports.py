"""What the Prefect rooms ask of the rest: passes over a cycle, and the ledger's side of waking."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from flows.shell.showing.view import CycleView, PlanOutline, TaskView


@dataclass(frozen=True, kw_only=True)
class DueCycle:
    """A cycle that a run should look at; `run_id` is the flow run last bound to it, None before the first."""

    plan_id: str
    cycle_key: str
    run_id: str | None
    run_no: int
    cycle_name: str = ""


class CyclePass(Protocol):
    """One pass over one cycle: decided and committed when it is handed out, acted on task by task."""

    def changed_tasks(self) -> frozenset[str]:
        """The tasks to act on, and those whose standing differs from what the last pass showed."""

    def act(self, task_id: str) -> TaskView:
        """Send what this pass owes for the task, in one batch, and say how the task then stands."""

    def finish(self) -> CycleView:
        """Record the pass and say where the cycle stands; called once, after the last `act`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class Passes(Protocol):
    """The shell, as a flow run sees it."""

    def outline(self, plan_id: str) -> PlanOutline:
        """What the plan's flow is compiled from; raises the shell's own error if there is no such plan."""

    def start_pass(self, plan_id: str, cycle_key: str) -> CyclePass:
        """Load, decide, commit. The pass is a context manager, and closes what it opened."""


class Cycles(Protocol):
    """The ledger's side of waking; claims are atomic there, however many processes serve."""

    def claim_due(self, limit: int) -> Sequence[DueCycle]:
        """Cycles whose time to look again has come, claimed for a while for this caller."""

    def open_cycles(self) -> Sequence[DueCycle]:
        """Every cycle that has begun and not ended."""

    def bind_run(self, plan_id: str, cycle_key: str, run_id: str, run_no: int) -> None:
        """From now on this flow run shows the cycle."""

    def release(self, plan_id: str, cycle_key: str) -> None:
        """Give a claim back: the cycle is due again at the next tick."""

    def stop(self, plan_id: str, cycle_key: str, why: str) -> None:
        """A person cancelled the cycle's run: nothing more is sent for it."""


def _default_passes() -> Passes:
    from flows.shell.passes import open_shell

    return open_shell()


class _Shell:
    """The shell of this process: how to open it, and what was opened."""

    factory: Callable[[], Passes] = staticmethod(_default_passes)
    opened: Passes | None = None
    lock = threading.Lock()


def use_passes(factory: Callable[[], Passes]) -> None:
    """Have the flows of this process get their shell from `factory`, called once, at the first need."""
    with _Shell.lock:
        _Shell.factory = staticmethod(factory)
        _Shell.opened = None


def passes() -> Passes:
    """The shell of this process. In a stock worker nobody configured one: it opens the ledger by settings."""
    with _Shell.lock:
        if _Shell.opened is None:
            _Shell.opened = _Shell.factory()
        return _Shell.opened
