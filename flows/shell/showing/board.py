"""The board: how a cycle and its tasks stand, in the words and tables that people watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.core.actions import Decision
from flows.core.cycle import CyclePlan, TaskPlan
from flows.core.rollup import Value
from flows.core.state import CycleFacts, RequestFacts, RequestKey, Status
from flows.shell import wording
from flows.shell.showing.consolidation import markdown
from flows.shell.showing.view import CycleView, Sheet, TaskStanding, TaskView
from schemas.model import Language

_SHEET: dict[Language, tuple[str, ...]] = {
    Language.VI: ("Đơn vị", "Tình trạng", "Hạn", "Ngày báo cáo", "Nhắc", "Nấc", "Ghi chú", "Nhiệm vụ"),
    Language.EN: ("Agency", "Standing", "Due", "Reported", "Reminders", "Rung", "Notes", "Task"),
}


@dataclass(frozen=True, kw_only=True)
class Board:
    """A cycle with its facts at the end of a pass."""

    cycle: CyclePlan
    facts: CycleFacts
    outlook: Decision
    values: Mapping[RequestKey, Mapping[str, Value]]
    """Accepted reports by request."""
    stopped: bool = False
    notes: Mapping[RequestKey, str] = field(default_factory=dict)
    """What stands beside a request on the sheet."""

    @property
    def language(self) -> Language:
        """The plan's language."""
        return self.cycle.bundle.spec.plan.language

    def standing(self, task_id: str) -> TaskStanding:
        """How a task stands; NO_REPORT for tasks of the plan that owe nothing in this cycle, or no longer."""
        task = self.cycle.by_id.get(task_id)
        if task is None:
            return TaskStanding.NO_REPORT
        statuses = {self._request(task, agency).status for agency in task.owners} - {Status.WITHDRAWN}
        if not statuses:
            return TaskStanding.NO_REPORT
        if Status.OVERDUE in statuses:
            return TaskStanding.OVERDUE
        if Status.OPEN in statuses:
            return TaskStanding.OPEN
        if Status.WAITING in statuses:
            return TaskStanding.WAITING
        if Status.SCHEDULED in statuses:
            return TaskStanding.NOT_YET
        return TaskStanding.MISSING if Status.MISSING in statuses else TaskStanding.DONE

    def signature(self, task_id: str) -> str:
        """A short text that changes whenever what is shown of the task does."""
        counts = self._counts(task_id)
        listed = ",".join(f"{status}:{counts[status]}" for status in Status if counts[status])
        return f"{self.standing(task_id)} {listed}"

    def task(self, task_id: str, *, mails_sent: int = 0, mail_down: bool = False) -> TaskView:
        """How a task stands, told to a coordinator."""
        standing = self.standing(task_id)
        counts = self._counts(task_id)
        reported = counts[Status.REPORTED] + counts[Status.REPORTED_LATE]
        owed = counts.total()
        said = self._count(reported, owed, counts[Status.OVERDUE])
        if standing is TaskStanding.NO_REPORT:
            said = wording.text("not_here", self.language)
        if mails_sent:
            said += wording.text("mails_sent", self.language, n=mails_sent)
        if mail_down:
            said += wording.text("mail_down", self.language)
        return TaskView(
            id=task_id,
            standing=standing,
            reported=reported,
            owed=owed,
            mails_sent=mails_sent,
            message=said,
        )

    def view(self, *, pass_no: int, tasks: Mapping[str, TaskView]) -> CycleView:
        """How the cycle stands; `tasks` are views made in this pass, the rest is made here."""
        counts = self._all_counts()
        owed = counts.total()
        settled = sum(counts[status] for status in Status if status.settled)
        name = wording.cycle_name(self.cycle.period, self.language)
        return CycleView(
            plan_id=self.cycle.plan_id,
            cycle_key=self.cycle.key,
            cycle_name=name,
            pass_no=pass_no,
            ended=self.facts.ended,
            stopped=self.stopped,
            state_name=self._state_name(counts),
            message=self._message(counts),
            progress=round(100 * settled / owed, 1) if owed else 100.0,
            wake_at=self.outlook.wake_at,
            tasks=tuple(tasks.get(one.id) or self.task(one.id) for one in self.cycle.bundle.spec.tasks),
            sheet=self.sheet(),
            result=markdown(self.cycle, self.values, self.facts),
        )

    def sheet(self) -> Sheet:
        """The tracking sheet: a row for each request, in the order of the plan; the long titles come last."""
        calendar = self.cycle.calendar
        rows = []
        for task in self.cycle.tasks:
            for agency in task.owners:
                request = self._request(task, agency)
                reported = request.status in (Status.REPORTED, Status.REPORTED_LATE)
                settled_at = request.settled_at if reported else None
                rows.append(
                    (
                        self.cycle.bundle.agencies[agency].called,
                        wording.status(request.status, self.language),
                        wording.day(request.due_on or task.schedule.due_on, self.language),
                        wording.day(calendar.day_of(settled_at), self.language) if settled_at else "",
                        str(request.reminders or ""),
                        f"{request.rung}/{len(task.policy.ladder)}" if request.rung else "",
                        self.notes.get((task.id, agency), ""),
                        task.task.title,
                    )
                )
        return Sheet(columns=_SHEET[self.language], rows=tuple(rows))

    def _request(self, task: TaskPlan, agency: str) -> RequestFacts:
        return self.facts.requests.get((task.id, agency), RequestFacts())

    def _counts(self, task_id: str) -> Counter[Status]:
        task = self.cycle.by_id.get(task_id)
        if task is None:
            return Counter()
        found = Counter(self._request(task, agency).status for agency in task.owners)
        del found[Status.WITHDRAWN]  # owed by nobody
        return found

    def _all_counts(self) -> Counter[Status]:
        total: Counter[Status] = Counter()
        for task in self.cycle.tasks:
            total += self._counts(task.id)
        return total

    def _state_name(self, counts: Counter[Status]) -> str:
        if self.stopped:
            key = "state_stopped"
        elif self.facts.ended:
            key = "state_missing" if counts[Status.MISSING] else "state_complete"
        elif counts[Status.OVERDUE]:
            key = "state_overdue"
        elif counts[Status.OPEN]:
            key = "state_open"
        elif counts[Status.WAITING]:
            key = "state_waiting"
        elif counts[Status.SCHEDULED]:
            key = "state_open"
        else:
            key = "state_all_in"
        return wording.text(key, self.language)

    def _message(self, counts: Counter[Status]) -> str:
        reported = counts[Status.REPORTED] + counts[Status.REPORTED_LATE]
        count = self._count(reported, counts.total(), counts[Status.OVERDUE])
        if self.facts.ended or self.stopped:
            if not counts[Status.MISSING]:
                return count
            return wording.text("message_ended", self.language, count=count, missing=counts[Status.MISSING])
        if self.outlook.wake_at is None or self.outlook.next_action is None:
            return wording.text("message_waiting", self.language, count=count)
        return wording.text(
            "message",
            self.language,
            count=count,
            next=wording.next_step(self.outlook.next_action, self.language),
            at=self._instant(self.outlook.wake_at),
        )

    def _count(self, reported: int, owed: int, overdue: int) -> str:
        key = "count_overdue" if overdue else "count"
        return wording.text(key, self.language, reported=reported, owed=owed, overdue=overdue)

    def _instant(self, at: datetime) -> str:
        return wording.instant(at, self.cycle.calendar.zone, self.language)
