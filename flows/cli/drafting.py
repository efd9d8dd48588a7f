"""`dondoc new`: a first spec by questions, or from last year's plan."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.cli.interview import AtTerminal, FromFile, Interview, NotUnderstood
from flows.cli.texts import say
from flows.speech import LANGUAGE
from schemas.model import Frequency, PlanFile
from schemas.model.dates import read_day
from schemas.names import as_id, closest
from schemas.texts.glosses import WORDS

if TYPE_CHECKING:
    from datetime import date

    from schemas.catalogue import Catalogue
    from schemas.check import CheckResult
    from schemas.drafting import TaskAnswers


_FEW = 12
"""So many choices are all named to somebody whose answer is none of them."""


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


def new_by_questions(paths: Sequence[Path], out: Path | None, today: date, answers: Path | None) -> bool:
    """Ask what a plan needs, or read it from a file, and write it; whether it is without errors."""
    from schemas.check import check
    from schemas.drafting import Answers, draft

    catalogue = check(paths).catalogue
    for key, known in (("agencies", catalogue.agencies), ("regimes", catalogue.regimes)):
        if not known:
            raise typer.BadParameter(say(f"new_no_{key}", specs=paths[0]))
    interview = FromFile(answers) if answers is not None else AtTerminal()
    ask = interview.ask
    title = ask("title", _given)
    number = ask("number", _given, default="…/KH-UBND")
    issuer = _one_of(interview, "issuer", catalogue.agencies, called=_called(catalogue), shown=8)
    year = ask("year", _year, default=str(today.year))
    issued_on = ask("issued_on", _day, default=f"{today.day}/{today.month}/{today.year}")
    usual = _usual(catalogue)
    regime = _one_of(interview, "regime", catalogue.regimes, default=usual.get("regime"))
    calendar = _one_of(interview, "calendar", catalogue.calendars, default=usual.get("calendar"))
    escalation = _one_of(interview, "escalation", catalogue.escalations, default=usual.get("escalation"))
    tasks: list[TaskAnswers] = []
    for _ in interview.tasks():
        tasks.append(_task(interview, catalogue, {task.id for task in tasks}, year))
    suggested = as_id(f"{title} {'' if str(year) in title else year}") or f"ke-hoach-{year}"
    plan_id = ask("id", lambda text: _free_id(text, catalogue.plans), default=suggested)
    if isinstance(interview, FromFile):
        interview.check()
    found = Answers(
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
    checked = _written(target, draft(found, _schema_from(target)), paths)
    typer.echo(say("written", path=target))
    return _told(checked, target)


def _usual(catalogue: Catalogue) -> Mapping[str, str]:
    """What the plans that are there mostly go by; without any, the first of the library."""
    found: dict[str, str] = {}
    for key, known in (
        ("regime", catalogue.regimes),
        ("calendar", catalogue.calendars),
        ("escalation", catalogue.escalations),
    ):
        used = Counter(getattr(one.plan, key) for one in catalogue.plans.values())
        for name in [name for name, _ in used.most_common(1)] or list(known)[:1]:
            found[key] = name
    return found


def _task(interview: Interview, catalogue: Catalogue, taken: Collection[str], year: int) -> TaskAnswers:
    from schemas.drafting import TaskAnswers

    title = interview.ask("task_title", _given)
    owners = {**catalogue.groups, **catalogue.agencies}
    called = _called(catalogue)
    groups = ", ".join(list(catalogue.groups)[:20])
    lead = interview.ask(
        "lead",
        lambda text: _leads(_given(text), owners, called),
        hint=say("new_groups", known=groups) if groups else "",
    )
    often = {one.value: one for one in Frequency if one is not Frequency.LISTED}
    every = _one_of(interview, "every", often, called=WORDS, default=Frequency.YEAR.value)
    due = interview.ask("due", lambda text: _due(text, year), default="-")
    forms = {name: (one.title,) for name, one in catalogue.forms.items()}
    form = interview.ask(
        "form", lambda text: "" if text == "-" else _known(text, catalogue.forms, forms), default="-"
    )
    name = as_id(title) or "nhiem-vu"
    number = 2
    while name in taken:
        name = f"{as_id(title) or 'nhiem-vu'}-{number}"
        number += 1
    return TaskAnswers(id=name, title=title, lead=lead, every=every, due=due, form=form)


def _called(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """What agencies and groups are called, by id."""
    agencies = {name: tuple({one.name, one.called}) for name, one in catalogue.agencies.items()}
    return {**{name: (one.name,) for name, one in catalogue.groups.items()}, **agencies}


def _leads(text: str, owners: Mapping[str, object], called: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Those who are named, with commas between them; a comma may be part of one name."""
    with suppress(NotUnderstood):
        return [_known(text, owners, called)]
    return [_known(one.strip(), owners, called) for one in text.split(",") if one.strip()]


def _one_of(
    interview: Interview,
    key: str,
    known: Mapping[str, object],
    *,
    called: Mapping[str, tuple[str, ...]] | None = None,
    shown: int = 20,
    default: str | None = None,
) -> str:
    """One of what is known, by its id or by what it is `called`."""
    listed = ", ".join(list(known)[:shown]) + (", …" if len(known) > shown else "")
    only = next(iter(known)) if len(known) == 1 else default
    hint = say("new_known", known=listed)
    return interview.ask(key, lambda text: _known(text, known, called or {}), default=only, hint=hint)


def _given(text: str) -> str:
    if not text:
        raise NotUnderstood(say("answers_missing"))
    return text


def _known(text: str, known: Mapping[str, object], called: Mapping[str, tuple[str, ...]]) -> str:
    """The one of `known` that is named by its id, or by what it alone is called."""
    if text in known:
        return text
    sought = as_id(text)
    named = [name for name in known if sought in map(as_id, called.get(name, ()))] if sought else []
    if len(named) == 1:
        return named[0]
    guess = closest(text, known)
    listed = ", ".join(named or known)
    if guess:
        more = say("explain_guess", guess=guess)
    else:
        more = say("new_known", known=listed) if named or len(known) <= _FEW else ""
    raise NotUnderstood(" ".join((say("new_unknown", name=text), more)).strip())


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == 4):
        raise NotUnderstood(say("new_no_year", text=text))
    return int(text)


def _day(text: str) -> date:
    from datetime import date

    try:
        found = read_day(text)
    except ValueError:
        found = None
    if not isinstance(found, date):
        raise NotUnderstood(say("new_no_day", text=text))
    return found


def _due(text: str, year: int) -> str:
    from schemas.drafting import due_of

    if text in ("", "-"):
        return ""
    found = due_of(text, year)
    if found is None:
        raise NotUnderstood(say("new_no_due", text=text))
    return found


def _free_id(text: str, taken: Mapping[str, PlanFile]) -> str:
    if as_id(text) != text:
        raise NotUnderstood(say("new_no_id", text=text))
    if text in taken:
        raise NotUnderstood(say("new_id_taken", text=text))
    return text


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
    """Whether the plan cannot be used: it has errors, or is left out for those of something it needs."""
    from schemas.findings import Code, Severity

    return any(
        (finding.severity is Severity.ERROR or finding.code is Code.LEFT_OUT) and Path(finding.file) == target
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
