"""Cycles: a plan's reporting periods, each with the tasks that owe a report in it and all their dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flows.core.calendar import WorkCalendar
from flows.core.demand import Demand
from flows.core.graph import in_order
from flows.core.periods import Period, periods
from flows.core.reckoning import Reckoning
from flows.core.schedule import Schedule, cut_off_on, schedule
from flows.core.state import RequestFacts, RequestKey, Status
from schemas.catalogue import Bundle
from schemas.model import AfterTask, Dependency, Escalation, Form, Frequency, Report, ReportKind, Task


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
    """Ids of the agencies that each owe a report: those that exist on `as_of_on`."""
    waits: tuple[Wait, ...]
    policy: Escalation
    cut_off_on: date
    schedule: Schedule
    counted_from: AfterTask | None = None
    """The task from whose completion the due date is counted; `schedule` is then what is planned until it is
    completed.
    """

    @property
    def id(self) -> str:
        """The task's id."""
        return self.task.id

    @property
    def as_of_on(self) -> date:
        """The day whose agencies and hierarchy hold: the cut-off of the data, or an earlier due date."""
        return min(self.cut_off_on, self.schedule.due_on)


@dataclass(frozen=True, kw_only=True)
class CyclePlan:
    """A reporting period of a plan: what a flow run follows. `tasks` stand in an order in which each comes
    after what it waits for.
    """

    bundle: Bundle
    calendar: WorkCalendar
    period: Period
    tasks: tuple[TaskPlan, ...]
    acting: Mapping[RequestKey, str] = field(default_factory=dict)
    """Ids of the agencies that answer in the place of those that owe, where a request was handed over."""
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

    def answering(self, task_id: str, agency: str) -> str:
        """The id of the agency that is asked for a report: the one that owes it, or who acts for it."""
        return self.acting.get((task_id, agency), agency)

    def form(self, task_id: str) -> Form | None:
        """The form that reports on a task fill in; None for a free text."""
        name = self.by_id[task_id].report.form
        return self.bundle.forms[name] if name is not None else None

    def rescheduled(self, task: TaskPlan, due: date) -> Schedule:
        """The dates of a request whose due date was moved."""
        if due == task.schedule.due_on:
            return task.schedule
        earliest = self.calendar.day_of(task.schedule.opens_at)
        if task.counted_from is not None:  # it may have opened earlier than planned
            earliest = min(earliest, self.bundle.spec.plan.issued_on)
        at_once = self.period.demand is not None
        return schedule(due, task.policy, self.calendar, earliest=earliest, at_once=at_once)

    def counted(self, task: TaskPlan, requests: Mapping[RequestKey, RequestFacts]) -> Schedule:
        """The dates of a task as far as `requests` tell them: counted from the day on which the other task
        was completed, and as planned until then.

        What was withdrawn from everybody was never completed: the dates stay as planned.
        """
        rule = task.counted_from
        first = self.by_id.get(rule.task) if rule is not None else None
        if rule is None or first is None:
            return task.schedule
        found = [requests.get((first.id, agency), RequestFacts()) for agency in first.owners]
        done = [one.settled_at for one in found if one.status.settled and one.status is not Status.WITHDRAWN]
        at = [one for one in done if one is not None]
        if not at or not all(one.status.settled for one in found):
            return task.schedule
        day = self.calendar.day_of(max(at))
        return schedule(self.calendar.move(day, rule.span), task.policy, self.calendar, earliest=day)


def cycles(bundle: Bundle) -> tuple[CyclePlan, ...]:
    """Every cycle of a plan in the order of their cut-offs, the one-off tasks first among equals."""
    dated = {task.id: (task, report) for task, report in owed(bundle) if report.dated}
    reckoning = Reckoning.of(bundle)
    desk = _Desk(bundle=bundle, calendar=reckoning.calendar, owed=dated, reckoning=reckoning)
    plan = bundle.spec.plan
    order = in_order({task.id: list(desk.first(task)) for task in bundle.spec.tasks})
    found = []
    for frequency in Frequency:
        tasks = [dated[id_] for id_ in order if id_ in dated and dated[id_][1].every is frequency]
        if not tasks:
            continue
        for period in periods(frequency, plan.period, bundle.regime, plan.periods):
            planned = tuple(
                desk.planned(task, report, owners, period)
                for task, report in tasks
                if (owners := desk.owners(task, report, period))
            )
            if planned:
                found.append(CyclePlan(bundle=bundle, calendar=desk.calendar, period=period, tasks=planned))
    return tuple(sorted(found, key=lambda cycle: (cycle.period.to_on, cycle.period.from_on)))


def owed(bundle: Bundle) -> Sequence[tuple[Task, Report]]:
    """The tasks that owe a report, be it only on demand, in the order of the plan."""
    found = ((task, bundle.report(task)) for task in bundle.spec.tasks)
    return tuple((task, report) for task, report in found if report is not None)


def demanded(bundle: Bundle, demand: Demand) -> CyclePlan | None:
    """The cycle of what a person asked for, at once and whatever else the plan says of the task's dates; None
    when the plan has no such task any more, or none of those who were asked leads it.
    """
    task = next((one for one in bundle.spec.tasks if one.id == demand.task), None)
    leads = bundle.owners(task, demand.asked_on) if task is not None else ()
    owners = tuple(agency for agency in demand.agencies if agency in leads)
    if task is None or not owners:
        return None
    report = bundle.report(task) or Report(kind=ReportKind.ON_DEMAND)
    policy, calendar = bundle.escalation(report), WorkCalendar.of(bundle.calendar)
    planned = TaskPlan(
        task=task,
        report=report,
        owners=owners,
        waits=(),
        policy=policy,
        cut_off_on=demand.asked_on,
        schedule=schedule(demand.due_on, policy, calendar, earliest=demand.asked_on, at_once=True),
    )
    period = Period(
        frequency=Frequency.ONCE,
        key=demand.key,
        year=demand.asked_on.year,
        number=demand.number,
        from_on=demand.asked_on,
        to_on=demand.due_on,
        nominal_end_on=demand.due_on,
        demand=demand,
    )
    return CyclePlan(bundle=bundle, calendar=calendar, period=period, tasks=(planned,))


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """Plans the tasks of one bundle."""

    bundle: Bundle
    calendar: WorkCalendar
    owed: Mapping[str, tuple[Task, Report]]
    """The tasks that owe a report by the calendar."""
    reckoning: Reckoning

    def owners(self, task: Task, report: Report, period: Period) -> tuple[str, ...]:
        """Who owes the report in a period of its frequency: the agencies that exist when its data are closed,
        or when it is due if that is earlier (of a one-off report, the data are closed when the plan ends).
        """
        if report.since is not None and report.since > period.nominal_end_on:
            return ()
        return self.bundle.owners(
            task, min(cut_off_on(report, period), self.reckoning.due_on(task, report, period))
        )

    def first(self, task: Task) -> Iterator[str]:
        """The tasks that must come before it."""
        yield from (wait.task for wait in task.after)
        report = self.owed[task.id][1] if task.id in self.owed else None
        dues = [report.due if report is not None else None, task.due]
        if report is not None and report.every is Frequency.LISTED and report.due is None:
            dues += [one.due for one in self.bundle.spec.plan.periods]
        for due in dues:
            if due is not None and due.after_task is not None:
                yield due.after_task.task

    def planned(self, task: Task, report: Report, owners: tuple[str, ...], period: Period) -> TaskPlan:
        """The task in a period, with all its dates."""
        policy = self.bundle.escalation(report)
        counted_from = self.reckoning.counted_from(task, report, period)
        if counted_from is not None and self._watched_in(counted_from.task, report, period) != period.key:
            counted_from = None  # nobody owes it in this period
        rules = list(task.after)
        if counted_from is not None:
            rules = [Dependency(task=counted_from.task), *rules]
        waits = tuple(
            Wait(task=rule.task, cycle_key=key, rule=rule)
            for rule in dict.fromkeys(rules)
            if rule.task in self.owed and (key := self._watched_in(rule.task, report, period)) is not None
        )
        return TaskPlan(
            task=task,
            report=report,
            owners=owners,
            waits=waits,
            policy=policy,
            cut_off_on=cut_off_on(report, period),
            counted_from=counted_from,
            schedule=schedule(
                self.reckoning.due_on(task, report, period),
                policy,
                self.calendar,
                earliest=self.bundle.spec.plan.issued_on,
            ),
        )

    def _watched_in(self, other: str, own: Report, period: Period) -> str | None:
        """The key of the cycle in which a dependency's task is reported: the same period where it has one,
        else its last period that ends no later than this one; None when nobody owes anything for it so early.
        """
        plan = self.bundle.spec.plan
        task, report = self.owed[other]
        if report.every is own.every:
            return period.key if self.owners(task, report, period) else None
        theirs = periods(report.every, plan.period, self.bundle.regime, plan.periods)
        if report.every is not Frequency.ONCE:
            theirs = tuple(one for one in theirs if one.nominal_end_on <= period.nominal_end_on)
        return theirs[-1].key if theirs and self.owners(task, report, theirs[-1]) else None
