"""`dondoc inbox`: the mails that wait for a person, one of them to read, and what the parser makes of any."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from flows.cli.texts import say

if TYPE_CHECKING:
    from notifiers.replies import Understood
    from schemas.model import Form

app = typer.Typer(help=say("inbox"), rich_markup_mode=None)

FormOption = Annotated[Optional[str], typer.Option("--form", help=say("form"), show_default=False)]  # noqa: UP045 - typer


@app.callback(invoke_without_command=True)
def listed(ctx: typer.Context) -> None:
    """List the mails that a person must look at."""
    from flows.cli.tables import inbox_table
    from flows.ledger.database import open_ledger
    from flows.settings import read_settings
    from flows.shell.intake import unplaced

    if ctx.invoked_subcommand is not None:
        return
    ledger = open_ledger(read_settings().database_url)
    try:
        mails = unplaced(ledger)
    finally:
        ledger.close()
    if mails:
        inbox_table(mails)
    else:
        typer.echo(say("inbox_empty"))


@app.command(help=say("inbox_show"))
def show(number: Annotated[int, typer.Argument(help=say("number"), show_default=False)]) -> None:
    """Show one mail: its text only."""
    from flows.cli.tables import printable
    from flows.ledger import inbox as kept
    from flows.ledger.database import open_ledger
    from flows.settings import read_settings
    from notifiers.replies import understand

    ledger = open_ledger(read_settings().database_url)
    try:
        with ledger.read() as tx:
            raw = kept.raw_mail(tx, number)
    finally:
        ledger.close()
    if raw is None:
        raise typer.BadParameter(say("no_mail", number=number))
    read = understand(raw)
    typer.echo(printable(f"From: {read.sender or '?'}\nSubject: {read.subject}\n\n{read.text}"))


@app.command(help=say("inbox_parse"))
def parse(
    paths: Annotated[list[Path], typer.Argument(help=say("mail_paths"), show_default=False)],
    *,
    form: FormOption = None,
    specs: Annotated[Optional[Path], typer.Option(help=say("specs"), show_default=False)] = None,  # noqa: UP045 - typer
    as_json: Annotated[bool, typer.Option("--json", help=say("json_lines"))] = False,
) -> None:
    """Tell what the parser makes of raw mails, without storing them."""
    from notifiers.replies import understand
    from notifiers.replies.mailbag import mails

    asked = _form(form, specs) if form is not None else None
    unreadable = False
    for path in paths:
        try:
            for name, raw in mails(path):
                found = told(name, understand(raw, form=asked), asked)
                typer.echo(json.dumps(found, ensure_ascii=False) if as_json else _shown(found))
        except OSError as error:
            unreadable = True
            typer.echo(f"dondoc: {error.filename or path}: {error.strerror or error}", err=True)
    raise typer.Exit(1 if unreadable else 0)


@app.command("import", help=say("inbox_import"))
def import_(
    paths: Annotated[list[Path], typer.Argument(help=say("mail_paths"), show_default=False)],
) -> None:
    """Keep raw mails in the ledger, and take in what is new."""
    from flows.settings import read_settings
    from flows.shell.importing import import_mails
    from flows.shell.intake import Intake
    from flows.shell.passes import open_shell
    from notifiers.replies.mailbag import mails

    settings = read_settings()
    shell = open_shell(settings)
    intake = Intake(ledger=shell.ledger, versions=shell.versions, clock=shell.clock, identity=shell.identity)
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
        shell.ledger.close()
    typer.echo(say("inbox_imported", new=new, known=known))
    raise typer.Exit(1 if failed else 0)


def told(file: str, read: Understood, form: Form | None) -> dict[str, Any]:
    """What `inbox parse` says of one mail, as plain JSON."""
    from notifiers.replies import ReplyKind, read_values

    values = read_values(read, form).values if form and read.kind is ReplyKind.REPLY else {}
    bounce = read.bounce
    return {
        "file": file,
        "kind": read.kind.value,
        "text": read.text,
        "values": {name: _plain(value) for name, value in values.items()},
        "attachments": [one.name for one in read.attachments],
        "bounce": {
            "recipient": bounce.recipient,
            "action": bounce.action,
            "status": bounce.status,
            "original_message_id": bounce.original_message_id,
        }
        if bounce
        else None,
        "return_on": _plain(read.return_on),
        "asked_until_on": _plain(read.asked_until_on),
        "handed_to": read.handed_to,
        "evidence": list(read.evidence),
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _shown(found: Mapping[str, Any]) -> str:
    """For people: one mail, what was not found left out."""
    lines = [f"{found['file']}: {found['kind']}"]
    for name, value in found.items():
        if name in ("file", "kind", "text") or not value:
            continue
        lines.append(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    lines.extend(f"  | {line}" for line in str(found["text"]).split("\n") if found["text"])
    return "\n".join(lines)


def _form(named: str, specs: Path | None) -> Form:
    """The form in a file, or the one of that id in the specs."""
    import os

    file = Path(named)
    if file.is_file():
        return _form_of_file(file)
    from schemas.check import check

    where = specs or Path(os.environ.get("DONDOC_SPECS", "plan_specs"))
    catalogue = check([where]).catalogue
    forms = {
        f"{plan}/{name}": one for plan, spec in catalogue.plans.items() for name, one in spec.forms.items()
    }
    forms |= catalogue.forms
    short = [name for name in forms if name == named or name.endswith(f"/{named}")]
    if len(short) != 1 and named not in forms:
        listed_forms = ", ".join(sorted(short or forms)) or "–"
        raise typer.BadParameter(say("unknown_form", form=named, specs=where, forms=listed_forms))
    return forms[named if named in forms else short[0]]


def _form_of_file(file: Path) -> Form:
    """A file that is a form, or one whose `forms:` has a single one."""
    from pydantic import ValidationError

    from schemas.loader import load
    from schemas.model import Form

    content = file.read_bytes()
    data: Any
    if file.suffix.lower() == ".json":
        try:
            data = json.loads(content)
        except ValueError as error:
            raise typer.BadParameter(say("no_form", file=file, reason=error)) from error
    else:
        source = load(file.as_posix(), content)
        data = source.root.value if source.root else None
    if isinstance(data, dict) and isinstance(data.get("forms"), dict):
        data = next(iter(data["forms"].values())) if len(data["forms"]) == 1 else None
    try:
        return Form.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}".lstrip(": ")
        raise typer.BadParameter(say("no_form", file=file, reason=reason)) from error
