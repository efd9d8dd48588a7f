"""The decision: from the facts of a cycle and a time to what is done now, and when to look again.

Everything about lateness, ladders, dependencies and closing is here and nowhere else. `decide` reads no
clock, no database and no environment, works on a whole cycle at a time, and is linear in the number of its
requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flows.core.absence import reminded_from
from flows.core.actions import (
    Action,
    Close,
    Decision,
    EndCycle,
    Escalate,
    Hold,
    MarkOverdue,
    Open,
    Remind,
    Resolve,
    TakeOver,
)
from flows.core.cycle import CyclePlan, TaskPlan, Wait
from flows.core.ladder import rungs_for
from flows.core.schedule import Schedule
from flows.core.state import CycleFacts, RequestFacts, Status
from schemas.model import DependsOn

_NOT_YET = RequestFacts()


def decide(cycle: CyclePlan, facts: CycleFacts, now: datetime) -> Decision:
    """What is to be done at `now` (aware) and when to look again: at most one action for each request.

    Folding the actions into the facts and deciding again gives what follows from them at the same time,
    and soon nothing (`flows.core.fold.settle` does so). After a pause of any length only the latest
    reminder that is due goes out, and the ladder is climbed one rung a working day.
    """
    if facts.ended:
        return Decision(actions=(), wake_at=None, next_action=None)
    desk = _Desk(cycle=cycle, facts=facts, now=now, today=cycle.calendar.day_of(now))
    actions: list[Action] = []
    ahead: list[tuple[datetime, Action]] = []
    settled: dict[str, datetime | None] = {}
    for task in cycle.tasks:
        latest: datetime | None = None
        open_ones = False
        planned = desk.planned(task)
        ready_at, waits_for = desk.ready(task, planned, settled)
        for agency in task.owners:
            for at, action in desk.next_of(task, agency, ready_at, waits_for, planned):
                if at <= now:
                    actions.append(action)
                else:
                    ahead.append((at, action))
            settled_at = desk.settled_at(task, agency, actions[-1] if actions else None)
            if settled_at is None:
                open_ones = True
            else:
                latest = max(latest, settled_at) if latest is not None else settled_at
        settled[task.id] = None if open_ones else latest
    if not actions and all(at is not None for at in settled.values()):
        end_at = max(desk.last_dates(), default=now)
        if end_at <= now:
            left = [action for _, action in ahead if isinstance(action, Resolve)]
            actions += left or [EndCycle()]
            return Decision(actions=tuple(actions), wake_at=None, next_action=None)
        ahead.append((end_at, EndCycle()))
    first = min(ahead, key=lambda pair: pair[0], default=None)
    return Decision(
        actions=tuple(actions),
        wake_at=first[0] if first else None,
        next_action=first[1] if first else None,
    )


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """One sitting over a cycle."""

    cycle: CyclePlan
    facts: CycleFacts
    now: datetime
    today: date

    def request(self, task: TaskPlan, agency: str) -> RequestFacts:
        return self.facts.requests.get((task.id, agency), _NOT_YET)

    def dates(self, task: TaskPlan, agency: str) -> Schedule:
        due = self.request(task, agency).due_on
        return self.cycle.rescheduled(task, due) if due is not None else task.schedule

    def last_dates(self) -> Iterator[datetime]:
        """Until when corrections are waited for, for each report that is owed."""
        for task in self.cycle.tasks:
            for agency in task.owners:
                if self.request(task, agency).status is not Status.WITHDRAWN:
                    yield self.dates(task, agency).overdue_at

    def settled_at(self, task: TaskPlan, agency: str, last: Action | None) -> datetime | None:
        """When the request was settled, counting what was just decided for it."""
        if isinstance(last, Close | TakeOver) and (last.task, last.agency) == (task.id, agency):
            return self.now
        request = self.request(task, agency)
        return (request.settled_at or self.now) if request.status.settled else None

    def planned(self, task: TaskPlan) -> Schedule:
        """The dates of the task's requests until they open."""
        return self.cycle.counted(task, self.facts.requests)

    def completed(self, task_id: str) -> bool:
        """Whether a task was over before this sitting: from what is settled now, the next one counts."""
        task = self.cycle.by_id[task_id]
        return all(self.request(task, agency).status.settled for agency in task.owners)

    def ready(
        self, task: TaskPlan, planned: Schedule, settled: dict[str, datetime | None]
    ) -> tuple[datetime | None, tuple[str, ...]]:
        """When all that `task` waits for is past, lags counted (None while it is not), and what it waits
        for. A report that ends the waiting at night opens what follows in the morning.
        """
        calendar = self.cycle.calendar
        ready_at = planned.opens_at
        open_ones: list[str] = []
        for wait in task.waits:
            at = self._past(wait, settled)
            counted = task.counted_from is not None and task.counted_from.task == wait.task
            if at is None or (counted and not self.completed(wait.task)):
                open_ones.append(wait.task)
            elif wait.rule.lag is not None:
                day = calendar.move(calendar.day_of(at), wait.rule.lag)
                ready_at = max(ready_at, calendar.opening(calendar.working_day(day)))
            else:
                ready_at = max(ready_at, calendar.in_office(at))
        return (None if open_ones else ready_at), tuple(open_ones)

    def _past(self, wait: Wait, settled: dict[str, datetime | None]) -> datetime | None:
        """When the event that is waited for happened, or will happen; None when that cannot be said yet."""
        if wait.cycle_key != self.cycle.key:
            return self.facts.elsewhere.get((wait.cycle_key, wait.task))
        if wait.rule.on is DependsOn.DUE:
            return self.cycle.by_id[wait.task].schedule.due_at
        return settled.get(wait.task)

    def next_of(
        self,
        task: TaskPlan,
        agency: str,
        ready_at: datetime | None,
        waits_for: tuple[str, ...],
        planned: Schedule,
    ) -> Iterator[tuple[datetime, Action]]:
        """What is next for one request: at most one action that is due now, and the nearest one ahead."""
        request = self.request(task, agency)
        if request.status.settled:
            yield from self._resolving(task, agency, request)
            return
        if not request.status.asked:
            yield from self._opening(task, agency, request, ready_at, waits_for, planned)
            return
        yield from self._chasing(task, agency, request)

    def _resolving(
        self, task: TaskPlan, agency: str, request: RequestFacts
    ) -> Iterator[tuple[datetime, Action]]:
        """Once settled, what is told above the next morning: all of a day at once."""
        at = request.settled_at
        if request.rung <= request.resolved or at is None or request.status is Status.MISSING:
            return
        calendar = self.cycle.calendar
        withdrawn = request.status is Status.WITHDRAWN
        action = Resolve(
            task=task.id,
            agency=agency,
            due_on=request.due_on or task.schedule.due_on,
            came_at=None if withdrawn else at,
        )
        yield calendar.opening(calendar.next_working_day(calendar.day_of(at))), action

    def _opening(
        self,
        task: TaskPlan,
        agency: str,
        request: RequestFacts,
        ready_at: datetime | None,
        waits_for: tuple[str, ...],
        planned: Schedule,
    ) -> Iterator[tuple[datetime, Action]]:
        if ready_at is None:
            if request.status is not Status.WAITING:
                yield planned.opens_at, Hold(task=task.id, agency=agency, waits_for=waits_for)
            return
        due = self._due_when_opened(task, planned, ready_at)
        if (task.id, agency) in self.facts.offered:
            yield ready_at, TakeOver(task=task.id, agency=agency, due_on=due, late=False)
        else:
            moved = due != planned.due_on
            yield ready_at, Open(task=task.id, agency=agency, due_on=due, moved=moved)

    def _due_when_opened(self, task: TaskPlan, planned: Schedule, ready_at: datetime) -> date:
        """The plan's due date, or a later one when the request opens so late that less than the least time
        is left.

        Nobody is asked for a report that is already overdue.
        """
        calendar = self.cycle.calendar
        opening = max(calendar.day_of(ready_at), self.today)
        if opening <= calendar.day_of(planned.opens_at) <= planned.due_on:
            return planned.due_on
        return max(planned.due_on, calendar.move(calendar.working_day(opening), task.policy.at_least))

    def _chasing(
        self, task: TaskPlan, agency: str, request: RequestFacts
    ) -> Iterator[tuple[datetime, Action]]:
        dates = self.dates(task, agency)
        due = dates.due_on
        if (task.id, agency) in self.facts.offered:
            late = dates.due_at <= self.now
            yield self.now, TakeOver(task=task.id, agency=agency, due_on=due, late=late)
            return
        if request.status is Status.OPEN:
            if dates.overdue_at <= self.now:
                yield dates.overdue_at, MarkOverdue(task=task.id, agency=agency, due_on=due)
                return
            yield from self._reminding(task, agency, request, dates)
            yield dates.overdue_at, MarkOverdue(task=task.id, agency=agency, due_on=due)
            return
        ladder = task.policy.ladder
        asked = self.cycle.answering(task.id, agency)
        climbed = rungs_for(self.cycle.bundle, asked, ladder, task.as_of_on)
        number = next((one for one in climbed if one >= request.rung), None)
        if number is not None:
            at = dates.rungs_at[number]
            since = request.escalated_at
            if since is not None:
                calendar = self.cycle.calendar
                at = max(at, calendar.opening(calendar.next_working_day(calendar.day_of(since))))
            action = Escalate(
                task=task.id,
                agency=agency,
                due_on=due,
                rung=ladder[number],
                step=number + 1,
                steps=climbed[-1] + 1,
                days_late=self.cycle.calendar.working_days_between(
                    due, self.cycle.calendar.day_of(max(at, self.now))
                ),
            )
            yield at, action
            return
        at = dates.closes_at
        if request.escalated_at is not None:
            calendar = self.cycle.calendar
            at = max(at, calendar.closing(calendar.next_working_day(calendar.day_of(request.escalated_at))))
        yield at, Close(task=task.id, agency=agency, due_on=due)

    def _reminding(
        self, task: TaskPlan, agency: str, request: RequestFacts, dates: Schedule
    ) -> Iterator[tuple[datetime, Action]]:
        opened_at = request.opened_at
        steps = len(dates.reminders_at)
        latest: int | None = None
        earliest = reminded_from(self.cycle, (task.id, agency), request, dates)
        for step, planned_at in enumerate(dates.reminders_at, start=1):
            if step <= request.reminders or (opened_at is not None and planned_at <= opened_at):
                continue
            at = max(planned_at, earliest)
            if at > self.now:
                yield at, self._reminder(task, agency, dates, step, steps, self.cycle.calendar.day_of(at))
                break
            latest = step
        if latest is not None:
            yield (
                dates.reminders_at[latest - 1],
                self._reminder(task, agency, dates, latest, steps, self.today),
            )

    def _reminder(
        self, task: TaskPlan, agency: str, dates: Schedule, step: int, steps: int, day: date
    ) -> Remind:
        left = self.cycle.calendar.working_days_between(day, dates.due_on)
        return Remind(
            task=task.id, agency=agency, due_on=dates.due_on, step=step, steps=steps, days_left=left
        )
