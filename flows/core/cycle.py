"""Cycles: a plan's reporting periods, each with the tasks that owe a report in it and all their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.core.calendar import WorkCalendar
from flows.core.graph import in_order
from flows.core.periods import Period, periods
from flows.core.schedule import Schedule, cut_off_on, due_on, schedule
from schemas.catalogue import Bundle
from schemas.model import Dependency, Escalation, Form, Frequency, Report, Task


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A dependency as a cycle sees it: which task, and in which cycle of the same plan it is watched."""

    task: str
    cycle_key: str
    rule: Dependency


@dataclass(frozen=True, kw_only=True)
class TaskPlan:
    """A task that owes a report in a cycle, with its dates."""

    task: Task
    report: Report
    owners: tuple[str, ...]
    """Ids of the agencies that each owe a report."""
    waits: tuple[Wait, ...]
    policy: Escalation
    cut_off_on: date
    schedule: Schedule

    @property
    def id(self) -> str:
        """The task's id."""
        return self.task.id


@dataclass(frozen=True, kw_only=True)
class CyclePlan:
    """A reporting period of a plan: what a flow run follows. `tasks` stand in an order in which each comes
    after what it waits for.
    """

    bundle: Bundle
    calendar: WorkCalendar
    period: Period
    tasks: tuple[TaskPlan, ...]
    by_id: Mapping[str, TaskPlan] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {task.id: task for task in self.tasks})

    @property
    def plan_id(self) -> str:
        """The plan's id."""
        return self.bundle.spec.plan.id

    @property
    def key(self) -> str:
        """The cycle's name within its plan."""
        return self.period.key

    def form(self, task_id: str) -> Form | None:
        """The form that reports on a task fill in; None for a free text."""
        name = self.by_id[task_id].report.form
        return self.bundle.forms[name] if name is not None else None

    def rescheduled(self, task: TaskPlan, due: date) -> Schedule:
        """The dates of a request whose due date was moved."""
        if due == task.schedule.due_on:
            return task.schedule
        earliest = self.calendar.day_of(task.schedule.opens_at)
        return schedule(due, task.policy, self.calendar, earliest=earliest)


def cycles(bundle: Bundle) -> tuple[CyclePlan, ...]:
    """Every cycle of a plan in the order of their cut-offs, the one-off tasks first among equals."""
    calendar = WorkCalendar.of(bundle.calendar)
    plan = bundle.spec.plan
    owed = {
        task.id: (task, report) for task in bundle.spec.tasks if (report := bundle.report(task)) is not None
    }
    order = in_order({task.id: [wait.task for wait in task.after] for task in bundle.spec.tasks})
    found = []
    for frequency in Frequency:
        tasks = [owed[id_] for id_ in order if id_ in owed and owed[id_][1].every is frequency]
        if not tasks:
            continue
        for period in periods(frequency, plan.period, bundle.regime):
            planned = tuple(
                _task_plan(bundle, calendar, task, report, period, owed)
                for task, report in tasks
                if _owed_in(report, period)
            )
            if planned:
                found.append(CyclePlan(bundle=bundle, calendar=calendar, period=period, tasks=planned))
    return tuple(sorted(found, key=lambda cycle: (cycle.period.to_on, cycle.period.from_on)))


def _task_plan(
    bundle: Bundle,
    calendar: WorkCalendar,
    task: Task,
    report: Report,
    period: Period,
    owed: Mapping[str, tuple[Task, Report]],
) -> TaskPlan:
    policy = bundle.escalation(report)
    due = due_on(task, report, period, bundle.regime, calendar)
    waits = tuple(
        Wait(task=rule.task, cycle_key=key, rule=rule)
        for rule in task.after
        if rule.task in owed and (key := _watched_in(bundle, owed[rule.task][1], report, period)) is not None
    )
    return TaskPlan(
        task=task,
        report=report,
        owners=bundle.owners(task),
        waits=waits,
        policy=policy,
        cut_off_on=cut_off_on(report, period),
        schedule=schedule(due, policy, calendar, earliest=bundle.spec.plan.issued_on),
    )


def _watched_in(bundle: Bundle, other: Report, own: Report, period: Period) -> str | None:
    """The key of the cycle in which a dependency's task is reported: the same period where it has one,
    else its last period that ends no later than this one; None when nothing is owed for it so early.
    """
    if other.every is own.every:
        return period.key if _owed_in(other, period) else None
    theirs = periods(other.every, bundle.spec.plan.period, bundle.regime)
    if other.every is not Frequency.ONCE:
        theirs = tuple(one for one in theirs if one.nominal_end_on <= period.nominal_end_on)
    return theirs[-1].key if theirs and _owed_in(other, theirs[-1]) else None


def _owed_in(report: Report, period: Period) -> bool:
    """Whether a report is owed in a period of its frequency."""
    return report.since is None or report.since <= period.nominal_end_on
