"""What a pass shows of itself: the plain values that the Prefect rooms draw and `status` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskStanding(StrEnum):
    """How one task of a cycle stands, worst news first deciding when its requests differ."""

    NO_REPORT = "no-report"  # the plan asks for no report on this task
    NOT_YET = "not-yet"  # its requests open later
    WAITING = "waiting"  # a task that it depends on is still open
    OPEN = "open"  # requests are out, none is late
    OVERDUE = "overdue"  # at least one request is late
    DONE = "done"  # every request was answered
    MISSING = "missing"  # closed, and at least one report never came


@dataclass(frozen=True, kw_only=True)
class TaskNode:
    """A task as the graph draws it."""

    id: str
    title: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanOutline:
    """What a flow is compiled from. `tasks` are in an order in which each follows what it is `after`."""

    plan_id: str
    number: str
    title: str
    issuer: str
    tasks: tuple[TaskNode, ...]


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """How a task stands after this pass has acted for it; `message` is a sentence for the coordinator."""

    id: str
    standing: TaskStanding
    reported: int
    owed: int
    mails_sent: int
    message: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table as people read it: the tracking sheet of a cycle."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class CycleView:
    """Where a cycle stands when a pass ends, in words of the plan's language."""

    plan_id: str
    cycle_key: str
    cycle_name: str  # "Năm 2024", "Tháng 3/2024"
    pass_no: int
    ended: bool
    stopped: bool  # a person cancelled the cycle
    state_name: str  # "Chờ báo cáo", "Có báo cáo quá hạn", "Đã khép"
    message: str  # "12/16 đã báo cáo; kế tiếp: nhắc việc 08:00 25/11/2024"
    progress: float  # 0 to 100: share of the requests that are settled
    wake_at: datetime | None  # aware; None once ended
    tasks: tuple[TaskView, ...]
    sheet: Sheet
    result: str  # the consolidated result so far, as markdown
