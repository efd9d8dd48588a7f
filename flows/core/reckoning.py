"""Due dates along the chain: those counted from the plan's issue, from other tasks and from plans above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.core import schedule
from flows.core.calendar import WorkCalendar
from flows.core.periods import Period, periods
from schemas.catalogue import Above, Bundle
from schemas.model import AfterTask, DependsOn, PlanFile, Regime, Report, Task


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """What the due dates of one plan are reckoned with."""

    spec: PlanFile
    regime: Regime
    calendar: WorkCalendar
    above: Sequence[Above]

    @classmethod
    def of(cls, bundle: Bundle) -> Reckoning:
        """For the plan of a bundle."""
        return cls(
            spec=bundle.spec,
            regime=bundle.regime,
            calendar=WorkCalendar.of(bundle.calendar),
            above=bundle.above,
        )

    @property
    def issued_on(self) -> date:
        """When the plan was issued."""
        return self.spec.plan.issued_on

    def due_on(self, task: Task, report: Report, period: Period) -> date:
        """The last day on which the report is in time."""
        return schedule.due_on(task, report, period, self.regime, self.calendar, self)

    def counted_from(self, task: Task, report: Report, period: Period) -> AfterTask | None:
        """The task from whose completion the due date is counted in that period, if it is."""
        for due in schedule.dues(task, report, period):
            if due.after_task is None:
                return None
            if self.task_due_on(due.after_task.task, period) is not None:
                return due.after_task if due.after_task.on is DependsOn.COMPLETED else None
        return None

    def task_due_on(self, task_id: str, period: Period) -> date | None:
        """When another task of the plan is due in that period; None when it owes nothing in it."""
        for task in self.spec.tasks:
            report = self.spec.report(task)
            if task.id != task_id or report is None or not report.dated:
                continue
            if report.every is period.frequency:
                return self.due_on(task, report, period)
        return None

    def parent_due_on(self, period: Period) -> date | None:
        """When the report that the period's result goes into is due, the earliest of several."""
        found = [day for above in self.above if (day := _due_above(above, period)) is not None]
        return min(found, default=None)


def _due_above(above: Above, period: Period) -> date | None:
    """When the task above is due in the period of the same name."""
    parent = Reckoning(
        spec=above.spec,
        regime=above.regime,
        calendar=WorkCalendar.of(above.calendar),
        above=above.above,
    )
    plan = above.spec.plan
    for theirs in periods(period.frequency, plan.period, above.regime, plan.periods):
        if theirs.key == period.key:
            return parent.task_due_on(above.task, theirs)
    return None
