"""`dondoc explain`: what a code of the findings means, and why a task's dates are what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from flows.cli.texts import say
from flows.speech import LANGUAGE
from schemas.codes import Code

if TYPE_CHECKING:
    from datetime import date

    from flows.core.cycle import CyclePlan
    from flows.shell.showing.explaining import Explained
    from flows.shell.specs.in_force import InForce

_MOST = 3
"""Addressees of a rung told by name; of more, how many."""


def explain_code(name: str, *, as_json: bool) -> None:
    """Print why a code is given, a wrong example, what check says to it, and the right one."""
    try:
        code = Code(name.upper())
    except ValueError:
        raise typer.BadParameter(say("explain_code", code=name)) from None
    from schemas.check import check, check_contents
    from schemas.examples import COMMAND, example
    from schemas.findings import explain

    one = example(code)
    if one.frame == COMMAND:
        found = check([Path(one.wrong.split()[-1])]).findings
    else:
        found = check_contents(one.files(right=False)).findings
    told = next(finding for finding in found if finding.code is code)
    headline, *texts = explain(code, LANGUAGE).split("\n\n")
    if as_json:
        content = {
            "code": code.value,
            "severity": code.severity.value,
            "title": headline.split(": ", 1)[1],
            "why": one.why[LANGUAGE],
            "wrong": one.shown(one.wrong),
            "right": one.shown(one.right),
            "message": told.message_in(LANGUAGE),
            "help": told.help_in(LANGUAGE) or None,
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{headline}\n\n{one.why[LANGUAGE]}\n")
    typer.echo(say("explain_wrong") + "\n" + _indented(one.shown(one.wrong)))
    typer.echo(say("explain_said", message=told.message_in(LANGUAGE)))
    if told.guess:
        typer.echo("  " + say("explain_guess", guess=told.guess))
    if told.help_in(LANGUAGE):
        typer.echo("  " + say("explain_help", help=told.help_in(LANGUAGE)))
    typer.echo("\n" + say("explain_right") + "\n" + _indented(one.shown(one.right)), nl=False)
    if len(texts) > 1:
        typer.echo("\n" + say("explain_all"))
        for text in texts:
            typer.echo("  - " + text.replace("\n", "\n  "))


def explain_task(
    paths: Sequence[Path], plan: str, task: str | None, key: str | None, *, as_json: bool
) -> None:
    """Print every date of a task in a cycle, with its line and its rule."""
    from flows.core.cycle import cycles, owed
    from flows.shell.showing.explaining import explain
    from schemas.check import check

    result = check(paths)
    if plan not in result.catalogue.plans:
        listed = ", ".join(sorted(result.catalogue.plans)) or "–"
        raise typer.BadParameter(say("unknown_plan", plan=plan, specs=paths[0], plans=listed))
    bundle = result.catalogue.bundle(plan)
    all_cycles = [*cycles(bundle), *(_on_demand(plan, key) if key is not None and key[:1] == "D" else ())]
    theirs = {cycle.key: cycle for cycle in all_cycles if task in cycle.by_id}
    if not theirs and any(one.id == task and not report.dated for one, report in owed(bundle)):
        raise typer.BadParameter(say("explain_on_demand", plan=plan, task=task))
    if task is None or not theirs:
        owing = ", ".join(dict.fromkeys(one.id for cycle in all_cycles for one in cycle.tasks))
        told = "explain_which_task" if task is None else "explain_no_task"
        raise typer.BadParameter(say(told, plan=plan, task=task, tasks=owing))
    if key is not None and key not in theirs:
        told = say("explain_no_cycle", task=task, cycle=key, cycles=", ".join(theirs))
        raise typer.BadParameter(told)
    cycle = theirs[key or next(iter(theirs))]
    dates = explain(cycle, task, result.origins, LANGUAGE)
    others_in_force = _in_force(cycle, task)
    if as_json:
        content = {
            "plan": plan,
            "cycle": cycle.key,
            "task": task,
            "dates": [one.as_json() for one in dates],
            "in_force": [
                {"agency": one.agency, "due": one.due_on.isoformat(), "why": one.reason}
                for one in others_in_force
            ],
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    _print(cycle, task, dates)
    for line in _told_in_force(others_in_force):
        typer.echo(line)
    others = [name for name in theirs if name != cycle.key]
    if others:
        typer.echo("\n" + say("explain_all_cycles", cycles=", ".join(others)))


def _on_demand(plan: str, key: str) -> Iterator[CyclePlan]:
    """What the ledger knows under that key as asked for on demand; the specs do not tell it."""
    from contextlib import closing

    from flows.ledger.database import open_ledger
    from flows.settings import read_settings
    from flows.shell.specs.asking import demands_known

    with closing(open_ledger(read_settings().database_url)) as ledger:
        known = demands_known(ledger, plan)
    if key in known:
        yield known[key]


def _in_force(cycle: CyclePlan, task: str) -> Sequence[InForce]:
    """What the ledger says otherwise; nothing when there is no ledger. One that cannot be read is told."""
    from flows.settings import read_settings

    settings = read_settings()
    if not settings.has_ledger:
        return ()
    from contextlib import closing

    from flows.ledger.database import LedgerTooNew, LedgerUnreachable, open_ledger
    from flows.shell.specs.in_force import in_force

    try:
        with closing(open_ledger(settings.database_url)) as ledger:
            return in_force(ledger, cycle, task)
    except (LedgerUnreachable, LedgerTooNew) as problem:
        typer.echo(say("explain_no_ledger", problem=problem), err=True)
        return ()


def _told_in_force(found: Sequence[InForce]) -> Iterator[str]:
    if not found:
        return
    from flows.cli.telling import some
    from flows.shell import wording

    alike: dict[tuple[date, str], list[str]] = {}
    for one in found:
        alike.setdefault((one.due_on, one.reason), []).append(one.called)
    yield "\n" + say("explain_in_force")
    for (due_on, reason), called in alike.items():
        key = f"explain_{reason}".replace("-", "_")
        yield "    " + say(key, agencies=some(called), due=wording.day(due_on, LANGUAGE))


def _print(cycle: CyclePlan, task: str, dates: Sequence[Explained]) -> None:
    from flows.shell import wording

    plan = cycle.bundle.spec.plan
    typer.echo(
        f"{plan.number} · {wording.cycle_name(cycle.period, LANGUAGE)} · {cycle.by_id[task].task.title}"
    )
    for one in dates:
        label = say(f"moment_{one.moment}".replace("-", "_"), step=one.step or "")
        typer.echo(f"\n{label}: {_when(one, cycle.calendar.zone)}")
        typer.echo(f"    {one.why}")
        if one.reaches:
            named = ", ".join(one.reaches[:_MOST])
            more = say("and_more", more=len(one.reaches) - _MOST) if len(one.reaches) > _MOST else ""
            typer.echo(f"    → {named}{more}")
        if one.place is not None:
            typer.echo(f"    {one.place.file}:{one.place.line}: {one.place.text.strip()}")


def _when(one: Explained, zone: ZoneInfo) -> str:
    from datetime import datetime

    from flows.shell import wording

    if one.at is None:
        return "–"
    if isinstance(one.at, datetime):
        return wording.instant(one.at, zone, LANGUAGE)
    last = wording.day(one.at, LANGUAGE)
    return f"{wording.day(one.from_on, LANGUAGE)} – {last}" if one.from_on else last


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
