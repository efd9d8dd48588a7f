"""Reports on demand in a simulation: `--ask TASK=DATE`, and the tasks that are reported on only so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import typer
from pydantic_core import PydanticCustomError

from flows.cli.texts import say
from flows.core.calendar import WorkCalendar
from flows.core.cycle import CyclePlan, demanded, owed
from flows.core.demand import Demand
from schemas.catalogue import Bundle
from schemas.model import Report
from schemas.model.dates import read_day


def asked_for(bundle: Bundle, told: Sequence[str]) -> tuple[CyclePlan, ...]:
    """The reports that are asked for, each as long before its due date as the plan asks for any other."""
    found: list[CyclePlan] = []
    days: Counter[date] = Counter()
    calendar = WorkCalendar.of(bundle.calendar)
    tasks = {task.id: task for task in bundle.spec.tasks}
    for one in told:
        name, _, day = one.partition("=")
        if name not in tasks:
            raise typer.BadParameter(say("ask_no_task", name=name, known=", ".join(tasks)))
        due_on = day_of(day)
        policy = bundle.escalation(bundle.report(tasks[name]) or Report())
        asked_on = calendar.move(due_on, policy.opens, back=True)
        days[asked_on] += 1
        demand = Demand(
            task=name,
            agencies=bundle.owners(tasks[name], asked_on),
            due_on=due_on,
            asked_on=asked_on,
            number=days[asked_on],
        )
        cycle = demanded(bundle, demand)
        if cycle is None:
            raise typer.BadParameter(say("ask_nobody", name=name))
        found.append(cycle)
    return tuple(found)


def waiting_to_be_asked(bundle: Bundle, asked: Sequence[CyclePlan]) -> tuple[str, ...]:
    """The tasks that owe a report on demand only, and are not asked for here."""
    named = {task.id for cycle in asked for task in cycle.tasks}
    return tuple(task.id for task, report in owed(bundle) if not report.dated and task.id not in named)


def day_of(text: str) -> date:
    """The day that a person typed."""
    try:
        found = read_day(text)
    except PydanticCustomError:
        found = None
    if not isinstance(found, date):
        raise typer.BadParameter(say("ask_bad_due", text=text))
    return found
