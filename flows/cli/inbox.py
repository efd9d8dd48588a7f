"""`dondoc inbox`: the mails that wait for a person, what a person does with them, what the parser says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from flows.cli.texts import say
from flows.cli.usage import Commands

if TYPE_CHECKING:
    from flows.ledger.database import Ledger
    from flows.shell.passes import Shell

app = Commands(help=say("inbox"))

_MOST = 2**31 - 1
"""No ledger numbers its mails higher."""

FormOption = Annotated[Optional[str], typer.Option("--form", help=say("form"), show_default=False)]  # noqa: UP045 - typer
Number = Annotated[int, typer.Argument(help=say("number"), min=0, max=_MOST, show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help=say("json"))]


@app.callback(invoke_without_command=True)
def listed(
    ctx: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help=say("inbox_all"))] = False,
    as_json: AsJson = False,
) -> None:
    """List the mails that a person must look at."""
    from flows.cli.mails import mail_json
    from flows.cli.tables import mails_table, troubled_table
    from flows.shell.desk.inspecting import mails_for_people, troubled_mails

    if ctx.invoked_subcommand is not None:
        return
    with _ledger() as ledger:
        found = mails_for_people(ledger, every=every)
        troubled = troubled_mails(ledger)
    if as_json:
        typer.echo(json.dumps([mail_json(one) for one in found], ensure_ascii=False, indent=2))
        return
    if found:
        mails_table(found, placings=every)
    else:
        typer.echo(say("inbox_empty"))
    if troubled:
        typer.echo("\n" + say("inbox_troubled"))
        troubled_table(troubled)


@app.command(help=say("inbox_show"))
def show(
    number: Number,
    *,
    as_json: AsJson = False,
    folder: Annotated[
        Optional[Path],  # noqa: UP045 - typer
        typer.Option("--save", metavar="DIR", file_okay=False, help=say("inbox_save"), show_default=False),
    ] = None,
) -> None:
    """Show one mail: its text only; its files are written into a folder when asked for."""
    from flows.cli.mails import inspected_json, shown
    from flows.cli.saving import save
    from flows.shell.desk.inspecting import files_of, inspect
    from flows.shell.versions import Versions

    with _refusals(), _ledger() as ledger:
        found = inspect(ledger, Versions(ledger), number)
        saved = files_of(ledger, number) if folder is not None else ()
    if as_json:
        typer.echo(json.dumps(inspected_json(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(shown(found))
    if folder is not None:
        try:
            for file in saved:
                key = "inbox_saved_macros" if file.macros else "inbox_saved"
                for path in save([file], folder):
                    typer.echo(say(key, path=path), err=True)
        except OSError as error:
            raise typer.BadParameter(say("cannot_write", path=folder, reason=error.strerror)) from error


@app.command(help=say("inbox_assign"))
def assign(
    number: Number,
    plan: Annotated[str, typer.Argument(help=say("plan"), show_default=False)],
    task: Annotated[str, typer.Argument(help=say("inbox_task"), show_default=False)],
    agency: Annotated[Optional[str], typer.Argument(help=say("inbox_agency"), show_default=False)] = None,  # noqa: UP045 - typer
    *,
    cycle: Annotated[Optional[str], typer.Option(help=say("cycle"), show_default=False)] = None,  # noqa: UP045 - typer
    report: Annotated[bool, typer.Option("--report", help=say("inbox_as_report"))] = False,
) -> None:
    """Say which request a mail answers."""
    from flows.cli.person import who
    from flows.shell.desk.assigning import Named
    from flows.shell.desk.assigning import assign as assign_mail

    named = Named(plan_id=plan, task=task, agency=agency, cycle_key=cycle)
    with _refusals(), _shell() as shell:
        done = assign_mail(shell, number, named, by=who(), as_report=report)
    about = done.request
    place = f"{about.plan_id} {about.cycle_key} {about.task} {about.agency}"
    typer.echo(say("inbox_assigned", number=number, place=place, verdict=say(f"verdict_{done.verdict}")))
    if done.for_a_person is not None:
        from flows.cli.texts import inbox_reason

        typer.echo(say("inbox_still_waits", why=inbox_reason(done.for_a_person)))


@app.command(help=say("inbox_discard"))
def discard(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help=say("inbox_discard_reason"), show_default=False)],
) -> None:
    """Let a mail count for nothing."""
    from flows.cli.person import who
    from flows.shell.desk.assigning import discard as discard_mail

    said = _said(reason)
    with _refusals(), _shell() as shell:
        discard_mail(shell, number, said, by=who())
    typer.echo(say("inbox_discarded", number=number))


@app.command(help=say("inbox_grant"))
def grant(
    number: Number,
    *,
    until: Annotated[Optional[str], typer.Option(help=say("inbox_until"), show_default=False)] = None,  # noqa: UP045 - typer
    anyway: Annotated[bool, typer.Option("--anyway", help=say("inbox_anyway"))] = False,
) -> None:
    """Give an agency more time."""
    from flows.cli.deciding import decide
    from flows.cli.demanding import day_of

    last = day_of(until) if until is not None else None
    with _refusals(), _shell() as shell:
        decide(shell, number, lambda desk, one, by: desk.grant(one, last, by=by, confirmed=anyway))


@app.command(help=say("inbox_refuse"))
def refuse(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help=say("inbox_refuse_reason"), show_default=False)],
) -> None:
    """Say no to what an agency asked for."""
    from flows.cli.deciding import decide

    said = _said(reason)
    with _refusals(), _shell() as shell:
        decide(shell, number, lambda desk, one, by: desk.refuse(one, said, by=by))


@app.command("hand-over", help=say("inbox_hand_over"))
def hand_over(
    number: Number,
    agency: Annotated[str, typer.Argument(help=say("inbox_to_agency"), show_default=False)],
) -> None:
    """Let another agency answer."""
    from flows.cli.deciding import decide, directory

    with _refusals(), _shell() as shell:
        decide(shell, number, lambda desk, one, by: desk.hand_over(one, agency, directory, by=by))


@app.command(help=say("inbox_answer"))
def answer(
    number: Number,
    text: Annotated[str, typer.Argument(help=say("inbox_answer_text"), show_default=False)],
) -> None:
    """Answer an agency's question."""
    from flows.cli.deciding import decide

    said = _said(text, "inbox_no_answer")
    with _refusals(), _shell() as shell:
        decide(shell, number, lambda desk, one, by: desk.answer(one, said, by=by))


@app.command(help=say("inbox_reparse"))
def reparse(*, apply: Annotated[bool, typer.Option("--apply", help=say("inbox_apply"))] = False) -> None:
    """Read every mail again with today's parser, and tell what would change."""
    from flows.cli.mails import difference_told
    from flows.cli.person import who
    from flows.shell.desk.reparsing import Remedy, accept, differences

    count = accepted = 0
    with _shell() as shell:
        for one in list(differences(shell)):
            count += 1
            done = apply and one.remedy is Remedy.ACCEPT and accept(shell, one, by=who())
            accepted += done
            typer.echo(difference_told(one, done=done))
    typer.echo(say("inbox_reparsed", count=count, accepted=accepted))


@app.command(help=say("inbox_parse"))
def parse(
    paths: Annotated[list[Path], typer.Argument(help=say("mail_paths"), show_default=False)],
    *,
    form: FormOption = None,
    specs: Annotated[Optional[Path], typer.Option(help=say("specs"), show_default=False)] = None,  # noqa: UP045 - typer
    as_json: Annotated[bool, typer.Option("--json", help=say("json_lines"))] = False,
) -> None:
    """Tell what the parser makes of raw mails, without storing them."""
    from flows.cli.parsing import parse_mails

    raise typer.Exit(0 if parse_mails(paths, form, specs, as_json=as_json) else 1)


@app.command("import", help=say("inbox_import"))
def import_(
    paths: Annotated[list[Path], typer.Argument(help=say("mail_paths"), show_default=False)],
) -> None:
    """Keep raw mails in the ledger, and take in what is new."""
    from flows.settings import read_settings
    from flows.shell.incoming.importing import import_mails
    from flows.shell.passes import open_shell
    from notifiers.replies.mime.mailbag import mails

    settings = read_settings()
    shell = open_shell(settings)
    intake = shell.intake(settings.readers)
    failed = False
    new = known = 0
    try:
        for path in paths:
            try:
                done = import_mails(intake, mails(path), size_limit=settings.incoming.size_limit)
            except OSError as error:
                failed = True
                typer.echo(f"dondoc: {error.filename or path}: {error.strerror or error}", err=True)
                continue
            new, known = new + done.new, known + done.known
            for name in done.not_mail:
                failed = True
                typer.echo(f"dondoc: {name}: {say('inbox_not_mail')}", err=True)
    finally:
        intake.readers.close()
        shell.ledger.close()
    typer.echo(say("inbox_imported", new=new, known=known))
    raise typer.Exit(1 if failed else 0)


def _said(text: str, otherwise: str = "inbox_no_reason") -> str:
    """What a person says, which is not nothing."""
    if not text.strip():
        raise typer.BadParameter(say(otherwise))
    return text.strip()


@contextmanager
def _ledger() -> Iterator[Ledger]:
    from flows.ledger.database import open_ledger
    from flows.settings import read_settings

    ledger = open_ledger(read_settings().database_url)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def _shell() -> Iterator[Shell]:
    from flows.shell.passes import open_shell

    shell = open_shell()
    try:
        yield shell
    finally:
        shell.ledger.close()


@contextmanager
def _refusals() -> Iterator[None]:
    """What cannot be done is one line, and status 1."""
    from flows.shell.desk.refusals import DeskError

    try:
        yield
    except DeskError as error:
        values = {name: _worded(name, value) for name, value in error.values.items()}
        typer.echo(f"dondoc: {say(error.key, **values)}", err=True)
        raise typer.Exit(1) from None


def _worded(name: str, value: object) -> object:
    """The ledger's own words, as people say them."""
    from flows.core.state import Status
    from flows.shell import wording
    from flows.speech import LANGUAGE

    if isinstance(value, Status):
        return wording.status(value, LANGUAGE)
    if isinstance(value, date):
        return wording.day(value, LANGUAGE)
    return say(f"{name}_{value}") if name in ("placing", "state", "objection") else value
