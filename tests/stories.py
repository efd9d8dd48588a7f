"""A cycle told as a story: fast-forward, expect what happens, answer, expect the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.core.actions import Action, EndCycle, Escalate, Open, Remind, TakeOver
from flows.core.cycle import CyclePlan
from flows.core.fold import answered, settle
from flows.core.state import CycleFacts, RequestFacts, Status


class Story:
    """A cycle under a clock moved by hand; `tell` names what happened, as a coordinator would say it."""

    def __init__(self, cycle: CyclePlan) -> None:
        self.cycle = cycle
        self.facts = CycleFacts()
        self.wake_at: datetime | None = min(task.schedule.opens_at for task in cycle.tasks)

    def look(self, now: datetime) -> list[str]:
        """Decide at `now`."""
        done = settle(self.cycle, self.facts, now)
        self.facts = done.facts
        self.wake_at = done.outlook.wake_at
        return [told(action) for action in done.actions]

    def next(self) -> tuple[str, list[str]]:
        """Sleep until the engine wants to be woken, and look: when that was, and what happened."""
        assert self.wake_at is not None
        woken = self.wake_at
        return f"{woken:%d/%m %H:%M}", self.look(woken)

    def until_the_end(self) -> list[tuple[str, list[str]]]:
        """All that happens when nobody answers any more."""
        happened = []
        while self.wake_at is not None:
            happened.append(self.next())
        return happened

    def answer(self, when: datetime, task: str = "bao-cao", agency: str = "xa-1") -> Status:
        """A report arrives and is accepted; how its request then stands."""
        request = self.facts.requests[task, agency]
        plan = self.cycle.by_id[task]
        dates = self.cycle.rescheduled(plan, request.due_on or plan.schedule.due_on)
        after = answered(request, when, dates.due_at)
        self.facts = replace(self.facts, requests={**self.facts.requests, (task, agency): after})
        return after.status

    def offer(self, task: str = "bao-cao", agency: str = "xa-1") -> None:
        """The plan of the agency itself has ended, and its result waits for a place."""
        self.facts = replace(self.facts, offered=self.facts.offered | {(task, agency)})

    def request(self, task: str = "bao-cao", agency: str = "xa-1") -> RequestFacts:
        """What is known of a request."""
        return self.facts.requests.get((task, agency), RequestFacts())


def told(action: Action) -> str:
    """An action in a few words: "open bao-cao/xa-1 due 29/11"."""
    if isinstance(action, EndCycle):
        return "end"
    name = type(action).__name__.lower()
    said = f"{name} {action.task}/{action.agency}"
    match action:
        case Open(due_on=due, moved=moved):
            return f"{said} due {due:%d/%m}{' moved' if moved else ''}"
        case TakeOver(late=late):
            return f"{said}{' late' if late else ''}"
        case Remind(step=step, steps=steps, days_left=left):
            return f"{said} {step}/{steps}, {left} left"
        case Escalate(rung=rung, step=step, steps=steps, days_late=late):
            return f"{said} {step}/{steps} to {rung.to}, {late} late"
        case _:
            return said
