"""`dondoc ask`: a report on demand, shown before it is asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

import typer
from pydantic_core import PydanticCustomError

from flows.cli.telling import cycle_json, some
from flows.cli.texts import say
from flows.clock import clock_of
from flows.ledger.database import open_ledger
from flows.settings import read_settings
from flows.shell import wording
from flows.shell.specs.asking import AskedBefore, Asking, NotAskable, Refusal, Wish, ask, asking
from flows.speech import LANGUAGE
from schemas.model import Span
from schemas.model.dates import read_day


def ask_command(
    plan: str,
    task: str,
    due: str,
    agencies: Sequence[str],
    note: str | None,
    *,
    again: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Tell what asking opens, and open it when somebody said so."""
    wish = Wish(
        plan_id=plan,
        task=task,
        due=_due(due),
        agencies=tuple(agencies),
        note=" ".join(note.split()) if note and note.strip() else None,
        again=again,
    )
    settings = read_settings()
    clock = clock_of(settings.clock_file)
    with closing(open_ledger(settings.database_url)) as ledger:
        try:
            found = ask(ledger, clock, wish) if yes else asking(ledger, clock, wish)
            _tell(found, as_json=as_json, done=yes)
            if found.cycle is None or yes or as_json:
                return
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                typer.echo(say("ask_how"))
                return
            if typer.confirm(say("ask_confirm")):
                done = ask(ledger, clock, wish)
                typer.echo(_outcome(done))
        except NotAskable as refused:
            raise typer.BadParameter(_why(refused)) from refused


def _due(text: str) -> date | Span:
    for read in (read_day, Span.parse):
        try:
            found = read(text.strip())
        except PydanticCustomError:
            continue
        if isinstance(found, date | Span):
            return found
    raise typer.BadParameter(say("ask_bad_due", text=text))


def _why(refused: NotAskable) -> str:
    name, known = refused.name, ", ".join(refused.known) or "–"
    if refused.refusal is Refusal.PAST:
        name, known = (wording.day(date.fromisoformat(one), LANGUAGE) for one in (name, *refused.known))
    return say(f"ask_{refused.refusal}".replace("-", "_"), name=name, known=known)


def _tell(found: Asking, *, as_json: bool, done: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_in_json(found, done=done), ensure_ascii=False, indent=2))
        return
    for line in _told(found):
        typer.echo(line)
    if done or found.cycle is None:
        typer.echo(_outcome(found))


def _outcome(found: Asking) -> str:
    if found.cycle is None:
        return say("ask_nobody_left")
    return say("ask_done", cycle=found.cycle.period.key)


def _told(found: Asking) -> Iterator[str]:
    plan = found.bundle.spec.plan
    yield say("ask_told", number=plan.number, plan=plan.id, task=found.task.title)
    cycle = found.cycle
    demand = cycle.period.demand if cycle is not None else None
    if cycle is not None and demand is not None:
        (task,) = cycle.plan.tasks
        yield say(
            "ask_who",
            name=wording.cycle_name(cycle.period, LANGUAGE),
            due=wording.day(demand.due_on, LANGUAGE),
            n=len(task.owners),
            all=len(found.bundle.owners(found.task, demand.asked_on)),
            who=some([_called(found, agency) for agency in task.owners]),
        )
        if demand.note is not None:
            yield say("ask_note_told", note=demand.note)
        if not cycle.letters:
            at = wording.instant(task.schedule.opens_at, cycle.plan.calendar.zone, LANGUAGE)
            yield say("ask_later", at=at)
        elif cycle.next_at is not None and cycle.next_action is not None:
            at = wording.instant(cycle.next_at, cycle.plan.calendar.zone, LANGUAGE)
            following = wording.next_step(cycle.next_action, LANGUAGE)
            yield say("changes_now_and_next", n=sum(cycle.letters.values()), next=following, at=at)
    groups: dict[tuple[date, date], list[AskedBefore]] = {}
    for one in found.left_out:
        groups.setdefault((one.asked_on, one.due_on), []).append(one)
    for (asked_on, due_on), alike in groups.items():
        who = some([_called(found, one.agency) for one in alike])
        yield say(
            "ask_left_out",
            who=who,
            asked=wording.day(asked_on, LANGUAGE),
            due=wording.day(due_on, LANGUAGE),
        )


def _called(found: Asking, agency: str) -> str:
    return found.bundle.agencies[agency].called


def _in_json(found: Asking, *, done: bool) -> dict[str, Any]:
    """Plan, task, whether it was done, the cycle as `plan --json` tells one, and who was asked before."""
    return {
        "plan": found.bundle.spec.plan.id,
        "task": found.task.id,
        "done": done and found.cycle is not None,
        "cycle": cycle_json(found.cycle) if found.cycle is not None else None,
        "left_out": [
            {"agency": one.agency, "asked": one.asked_on.isoformat(), "due": one.due_on.isoformat()}
            for one in found.left_out
        ],
    }
