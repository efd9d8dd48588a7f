"""The subcommands: what each takes, and which room does the work."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from flows.cli import inbox, templates
from flows.cli.texts import say
from flows.cli.usage import Commands
from flows.speech import LANGUAGE

app = Commands(help=say("app"), no_args_is_help=True)
app.add_typer(inbox.app, name="inbox")
app.add_typer(templates.app, name="templates")

Paths = Annotated[Optional[list[Path]], typer.Argument(help=say("paths"), show_default=False)]  # noqa: UP045 - typer
Specs = Annotated[Optional[Path], typer.Option(help=say("specs"), show_default=False)]  # noqa: UP045 - typer
PlanId = Annotated[str, typer.Argument(help=say("plan"))]
Out = Annotated[Optional[Path], typer.Option(help=say("out"), show_default=False)]  # noqa: UP045 - typer
AsJson = Annotated[bool, typer.Option("--json", help=say("json"))]
ChangeRunning = Annotated[bool, typer.Option("--change-running", help=say("change_running"))]
WithPast = Annotated[bool, typer.Option("--with-past", help=say("with_past"))]


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def _paths(given: list[Path] | None) -> list[Path]:
    from flows.settings import specs_folder

    return given or [specs_folder()]


@app.command(help=say("check"))
def check(
    paths: Paths = None,
    *,
    style: Annotated[Format, typer.Option("--format", help=say("format"))] = Format.TEXT,
) -> None:
    """Check spec files."""
    from schemas.check import check as check_specs

    result = check_specs(_paths(paths))
    match style:
        case Format.JSON:
            found = [finding.as_dict(LANGUAGE) for finding in result.findings]
            typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        case Format.GITHUB:
            for finding in result.findings:
                typer.echo(finding.as_github(LANGUAGE))
        case Format.TEXT:
            for finding in result.findings:
                typer.echo(finding.render(LANGUAGE) + "\n")
            if result.findings:
                found_line = "found_with_notes" if result.notes else "found"
                typer.echo(
                    say(
                        found_line,
                        errors=result.errors,
                        warnings=result.warnings,
                        notes=result.notes,
                        files=result.files,
                    )
                )
            else:
                typer.echo(say("clean", files=result.files, plans=len(result.catalogue.plans)))
    raise typer.Exit(1 if result.errors or result.warnings else 0)


@app.command(help=say("explain"))
def explain(
    subject: Annotated[str, typer.Argument(help=say("subject"), metavar="CODE|PLAN")],
    task: Annotated[str | None, typer.Argument(help=say("task"), show_default=False)] = None,
    *,
    cycle: Annotated[str | None, typer.Option(help=say("cycle"), show_default=False)] = None,
    specs: Specs = None,
    as_json: AsJson = False,
) -> None:
    """Explain a finding's code, or the dates of a task."""
    from flows.cli.explaining import explain_code, explain_task

    if task is None and subject[:1] in "dD" and subject[1:].isdigit():
        explain_code(subject, as_json=as_json)
    else:
        explain_task(_paths([specs] if specs else None), subject, task, cycle, as_json=as_json)


@app.command("plan", help=say("plan_command"))
def plan_(
    paths: Paths = None,
    *,
    change_running: ChangeRunning = False,
    with_past: WithPast = False,
    diff: Annotated[bool, typer.Option("--diff", help=say("diff"))] = False,
    out: Annotated[Optional[Path], typer.Option(help=say("plan_out"), show_default=False)] = None,  # noqa: UP045 - typer
    exit_code: Annotated[bool, typer.Option("--exit-code", help=say("exit_code"))] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what applying would change."""
    from flows.cli.changes import plan_command
    from flows.shell.specs.changes import Confirmed

    confirmed = Confirmed(running=change_running, past=with_past)
    code = plan_command(_paths(paths), paths or [], confirmed, as_json=as_json, diff=diff, out=out)
    raise typer.Exit(code if exit_code or code == 1 else 0)


@app.command(help=say("new"))
def new(
    *,
    from_: Annotated[Optional[str], typer.Option("--from", metavar="PLAN", help=say("new_from"))] = None,  # noqa: UP045 - typer
    year: Annotated[Optional[int], typer.Option(help=say("new_for"), show_default=False)] = None,  # noqa: UP045 - typer
    answers: Annotated[Optional[Path], typer.Option(help=say("new_answers"), show_default=False)] = None,  # noqa: UP045 - typer
    out: Annotated[Optional[Path], typer.Option(help=say("new_out"), show_default=False)] = None,  # noqa: UP045 - typer
    specs: Specs = None,
) -> None:
    """Write a new plan."""
    from flows.cli.drafting import new_by_questions, new_from
    from flows.clock import clock_of

    if from_ is not None and answers is not None:
        raise typer.BadParameter(say("new_answers_alone"))
    where = _paths([specs] if specs else None)
    if from_ is not None:
        sound = new_from(where, from_, year, out)
    else:
        sound = new_by_questions(where, out, clock_of(None).now().astimezone().date(), answers)
    raise typer.Exit(0 if sound else 1)


@app.command(help=say("migrate"))
def migrate(
    paths: Paths = None,
    *,
    dry: Annotated[bool, typer.Option("--dry-run", help=say("migrate_dry"))] = False,
) -> None:
    """Bring spec files up to the language spoken here."""
    from flows.cli.migrating import migrate_files

    raise typer.Exit(0 if migrate_files(_paths(paths), dry=dry) else 1)


@app.command("calendar", help=say("calendar"))
def calendar_(plan: PlanId, *, out: Out = None, specs: Specs = None) -> None:
    """Write due dates and reminders as .ics."""
    from flows.cli.exporting import export_calendar

    export_calendar(_paths([specs] if specs else None), plan, out)


@app.command(help=say("graph"))
def graph(plan: PlanId, *, out: Out = None, specs: Specs = None) -> None:
    """Write a plan as a picture."""
    from flows.cli.exporting import export_graph

    export_graph(_paths([specs] if specs else None), plan, out)


@app.command(help=say("apply"))
def apply(
    paths: Paths = None,
    *,
    token: Annotated[Optional[str], typer.Option("--plan", help=say("token"), show_default=False)] = None,  # noqa: UP045 - typer
    change_running: ChangeRunning = False,
    with_past: WithPast = False,
) -> None:
    """Put sound plans into the ledger."""
    from flows.cli.changes import apply_command
    from flows.shell.specs.changes import Confirmed

    if token is not None and (change_running or with_past):
        raise typer.BadParameter(say("token_alone"))
    confirmed = Confirmed(running=change_running, past=with_past)
    raise typer.Exit(apply_command(_paths(paths), confirmed, token))


@app.command(help=say("ask"))
def ask(
    plan: PlanId,
    task: Annotated[str, typer.Argument(help=say("ask_task"))],
    *,
    due: Annotated[str, typer.Option(help=say("ask_due"), show_default=False)],
    agency: Annotated[Optional[list[str]], typer.Option(help=say("ask_agency"), show_default=False)] = None,  # noqa: UP045 - typer
    note: Annotated[Optional[str], typer.Option(help=say("ask_note"), show_default=False)] = None,  # noqa: UP045 - typer
    again: Annotated[bool, typer.Option("--again", help=say("ask_again"))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=say("ask_yes"))] = False,
    as_json: AsJson = False,
) -> None:
    """Ask for a report on demand."""
    from flows.cli.asking import ask_command

    ask_command(plan, task, due, agency or (), note, again=again, yes=yes, as_json=as_json)


@app.command(help=say("serve"))
def serve() -> None:
    """Follow the applied plans on this machine."""
    from flows.serving import serve as serve_here
    from flows.settings import read_settings

    serve_here(read_settings(), typer.echo)
    # all is closed and recorded; Prefect's exit hooks would wait for a server of one's own that went away
    sys.stdout.flush()
    os._exit(0)


@app.command(help=say("status"))
def status(*, as_json: AsJson = False) -> None:
    """Show where every plan stands."""
    from flows.cli.tables import status_table
    from flows.ledger.database import open_ledger
    from flows.settings import read_settings
    from flows.shell.showing.status import as_json as in_json
    from flows.shell.showing.status import read_status
    from flows.shell.versions import Versions

    ledger = open_ledger(read_settings().database_url)
    try:
        found = read_status(ledger, Versions(ledger))
    finally:
        ledger.close()
    if as_json:
        typer.echo(json.dumps(in_json(found), ensure_ascii=False, indent=2))
    elif not found.plans:
        typer.echo(say("no_plans"))
    else:
        status_table(found)


@app.command(help=say("simulate"))
def simulate(
    plan: Annotated[str, typer.Argument(help=say("plan"))],
    *,
    silent: Annotated[Optional[list[str]], typer.Option(help=say("silent"))] = None,  # noqa: UP045 - typer
    asked: Annotated[
        list[str] | None, typer.Option("--ask", metavar="TASK=DATE", help=say("simulate_ask"))
    ] = None,
    specs: Specs = None,
    as_json: AsJson = False,
) -> None:
    """Tell every mail of a plan."""
    from flows.cli.demanding import asked_for, waiting_to_be_asked
    from flows.shell.showing.simulation import EVERYBODY
    from flows.shell.showing.simulation import simulate as play
    from flows.shell.writing.identity import Identity
    from schemas.check import check as check_specs

    where = _paths([specs] if specs else None)
    catalogue = check_specs(where).catalogue
    if plan not in catalogue.plans:
        listed = ", ".join(sorted(catalogue.plans)) or "–"
        raise typer.BadParameter(say("unknown_plan", plan=plan, specs=where[0], plans=listed))
    bundle = catalogue.bundle(plan)
    for agency in silent or ():
        if agency != EVERYBODY and agency not in bundle.agencies:
            named = ", ".join(bundle.agencies)
            raise typer.BadParameter(say("unknown_agency", agency=agency, agencies=named))
    identity = Identity(name="dondoc", mailbox="baocao@dondoc.example", secret=b"simulated")
    on_demand = asked_for(bundle, asked or ())
    mails = play(bundle, silent or (), identity, asked=on_demand)
    if as_json:
        for mail in mails:
            typer.echo(json.dumps(mail.as_json(), ensure_ascii=False))
    else:
        from flows.cli.tables import simulation_table

        simulation_table(bundle, mails)
        waiting = waiting_to_be_asked(bundle, on_demand)
        if waiting:
            typer.echo(say("simulate_waiting", plan=plan, tasks=", ".join(waiting)))


@app.command(help=say("demo"))
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help=say("keep"))] = False,
    home: Annotated[Optional[Path], typer.Option(help=say("home"), show_default=False)] = None,  # noqa: UP045 - typer
) -> None:
    """Play a reporting year of the example plans."""
    from flows.demo.driver import play

    raise typer.Exit(0 if play(keep=keep, home=home, specs=_paths(None)[0]) else 1)
