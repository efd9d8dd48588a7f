"""`dondoc new`: a first spec by questions, or from last year's plan."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from flows.cli.texts import say
from flows.speech import LANGUAGE
from schemas.model import Frequency, PlanFile
from schemas.model.dates import read_day
from schemas.names import as_id, closest

if TYPE_CHECKING:
    from datetime import date

    from schemas.catalogue import Catalogue
    from schemas.check import CheckResult
    from schemas.drafting import TaskAnswers

T = TypeVar("T")


def new_from(paths: Sequence[Path], plan: str, year: int | None, out: Path | None) -> bool:
    """Write last year's plan as a draft of another year's; whether it is without errors."""
    from schemas.check import check
    from schemas.next_year import next_year

    result = check(paths)
    entry = result.origins.declared.plans.entries.get(plan)
    if plan not in result.catalogue.plans or entry is None:
        listed = ", ".join(sorted(result.catalogue.plans)) or "–"
        raise typer.BadParameter(say("unknown_plan", plan=plan, specs=paths[0], plans=listed))
    source, spec = entry.reading.source, entry.thing
    begins = year or spec.plan.period.start.year + 1
    if begins == spec.plan.period.start.year:
        raise typer.BadParameter(say("new_same_year", year=begins))
    others = {name: one.plan.period for name, one in result.catalogue.plans.items()}
    drafted = next_year(source, spec, begins, others)
    target = out or Path(source.file).with_name(f"{drafted.plan_id}.yaml")
    checked = _written(target, drafted.text, paths)
    if _errors(checked, target):
        # a superior plan of another year that this one does not fit under
        drafted = next_year(source, spec, begins, {})
        checked = _written(target, drafted.text, paths, again=True)
    typer.echo(say("written", path=target))
    typer.echo(say("new_marked", keys=", ".join(drafted.marked)))
    return _told(checked, target)


def new_by_questions(paths: Sequence[Path], out: Path | None, today: date) -> bool:
    """Ask what a plan needs, and write it; whether it is without errors."""
    from schemas.check import check
    from schemas.drafting import Answers, draft

    catalogue = check(paths).catalogue
    for key, known in (("agencies", catalogue.agencies), ("regimes", catalogue.regimes)):
        if not known:
            raise typer.BadParameter(say(f"new_no_{key}", specs=paths[0]))
    title = _asked("new_title")
    number = _asked("new_number", default="…/KH-UBND")
    issuer = _one_of("new_issuer", catalogue.agencies, shown=8)
    year = typer.prompt(say("new_year"), default=today.year, type=int)
    issued_on = _valid("new_issued", _day, default=f"{today.day}/{today.month}/{today.year}")
    regime = _one_of("new_regime", catalogue.regimes)
    calendar = _one_of("new_calendar", catalogue.calendars)
    escalation = _one_of("new_escalation", catalogue.escalations)
    tasks: list[TaskAnswers] = []
    while not tasks or typer.confirm(say("new_more"), default=False):
        tasks.append(_task(catalogue, {task.id for task in tasks}))
    suggested = as_id(f"{title} {'' if str(year) in title else year}") or f"ke-hoach-{year}"
    plan_id = _valid("new_id", lambda text: _free_id(text, catalogue.plans), default=suggested)
    answers = Answers(
        id=plan_id,
        number=number,
        title=title,
        issuer=issuer,
        issued_on=issued_on,
        year=year,
        regime=regime,
        calendar=calendar,
        escalation=escalation,
        tasks=tasks,
    )
    target = out or _plans_folder(paths[0]) / f"{plan_id}.yaml"
    checked = _written(target, draft(answers, _schema_from(target)), paths)
    typer.echo(say("written", path=target))
    return _told(checked, target)


def _task(catalogue: Catalogue, taken: Collection[str]) -> TaskAnswers:
    from schemas.drafting import TaskAnswers, due_of

    title = _asked("new_task")
    owners = {**catalogue.groups, **catalogue.agencies}
    if catalogue.groups:
        typer.echo(say("new_groups", known=", ".join(list(catalogue.groups)[:20])))
    lead = _valid("new_lead", lambda text: _all_known(text, owners))
    every = _one_of(
        "new_every",
        {one.value: one for one in Frequency if one is not Frequency.LISTED},
        default=Frequency.YEAR.value,
    )
    due = _valid("new_due", lambda text: "" if text in ("", "-") else due_of(text), default="-")
    form = _valid(
        "new_form", lambda text: "" if text in ("", "-") else _known(text, catalogue.forms), default="-"
    )
    name = as_id(title) or "nhiem-vu"
    number = 2
    while name in taken:
        name = f"{as_id(title) or 'nhiem-vu'}-{number}"
        number += 1
    return TaskAnswers(id=name, title=title, lead=lead, every=every, due=due, form=form)


def _asked(key: str, default: str | None = None) -> str:
    answer: str = typer.prompt(say(key), default=default)
    return answer.strip()


def _valid(key: str, read: Callable[[str], T | None], default: str | None = None) -> T:
    """Ask until `read` makes something of the answer."""
    while True:
        answer = read(_asked(key, default))
        if answer is not None:
            return answer
        typer.echo(say("new_not_understood"))


def _one_of(key: str, known: Mapping[str, object], *, shown: int = 20, default: str | None = None) -> str:
    listed = ", ".join(list(known)[:shown]) + (", …" if len(known) > shown else "")
    typer.echo(say("new_known", known=listed))
    only = next(iter(known)) if len(known) <= shown and default is None else default
    return _valid(key, lambda text: _known(text, known), default=only)


def _known(text: str, known: Mapping[str, object]) -> str | None:
    if text in known:
        return text
    guess = closest(text, known)
    typer.echo(say("new_unknown", name=text) + (" " + say("explain_guess", guess=guess) if guess else ""))
    return None


def _all_known(text: str, known: Mapping[str, object]) -> list[str] | None:
    names = [_known(one.strip(), known) for one in text.split(",") if one.strip()]
    return [name for name in names if name is not None] if names and None not in names else None


def _day(text: str) -> date | None:
    from datetime import date

    try:
        found = read_day(text)
    except ValueError:
        return None
    return found if isinstance(found, date) else None


def _free_id(text: str, taken: Mapping[str, PlanFile]) -> str | None:
    return text if as_id(text) == text and text not in taken else None


def _plans_folder(specs: Path) -> Path:
    folder = specs if specs.is_dir() else specs.parent
    return folder / "plans" if (folder / "plans").is_dir() else folder


def _schema_from(target: Path) -> str:
    import schemas

    published = Path(schemas.__file__).parent / "plan.schema.json"
    return Path(os.path.relpath(published, target.resolve().parent)).as_posix()


def _written(target: Path, text: str, paths: Sequence[Path], *, again: bool = False) -> CheckResult:
    from schemas.check import check

    try:
        with target.open("w" if again else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise typer.BadParameter(say("new_exists", path=target)) from None
    except OSError as error:
        raise typer.BadParameter(say("cannot_write", path=target, reason=error.strerror)) from error
    inside = any(target.resolve().is_relative_to(path.resolve()) for path in paths)
    return check(paths if inside else [*paths, target])


def _errors(checked: CheckResult, target: Path) -> bool:
    from schemas.findings import Severity

    return any(
        finding.severity is not Severity.WARNING and Path(finding.file) == target
        for finding in checked.findings
    )


def _told(checked: CheckResult, target: Path) -> bool:
    for finding in checked.findings:
        if Path(finding.file) == target:
            typer.echo("\n" + finding.render(LANGUAGE))
    if _errors(checked, target):
        return False
    typer.echo(say("new_next"))
    return True
