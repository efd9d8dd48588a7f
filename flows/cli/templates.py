"""`dondoc templates`: a coordinator's own words for mails, looked at before any mail uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from flows.cli.texts import say
from flows.cli.usage import Commands

app = Commands(help=say("templates"), no_args_is_help=True)

Folder = Annotated[Optional[Path], typer.Argument(help=say("templates_folder"), show_default=False)]  # noqa: UP045 - typer


Name = Annotated[Optional[str], typer.Argument(help=say("templates_name"), show_default=False)]  # noqa: UP045 - typer


@app.command(help=say("templates_fields"))
def fields(name: Name = None) -> None:
    """List the mails that words can be written for, or the fields that the words of one may speak of."""
    from notifiers.fields import NAMES, fields_of

    if name is None:
        found = {one: say(f"template_{one.replace('-', '_')}") for one in NAMES}
    elif name in NAMES:
        found = {one: say(f"field_{one}") for one in fields_of(name)}
    else:
        raise typer.BadParameter(say("templates_no_such_name", name=name, names=", ".join(NAMES)))
    width = max(map(len, found))
    for one, told in found.items():
        typer.echo(f"{one:{width}}  {told}")
    if name is None:
        typer.echo(say("templates_fields_more"))


@app.command(help=say("templates_check"))
def check(folder: Folder = None) -> None:
    """Tell what is wrong with the files of a folder; ends with 1 when anything is."""
    from flows.settings import read_settings
    from notifiers.fields import NAMES
    from notifiers.overrides import SECTIONS, read_overrides

    where = folder or read_settings().templates
    if where is None:
        raise typer.BadParameter(say("templates_no_folder"))
    if not where.is_dir():
        raise typer.BadParameter(say("templates_not_a_folder", folder=where))
    found = read_overrides(where)
    for fault in found.faults:
        key = f"templates_{fault.rule.replace('-', '_')}"
        told = say(
            key,
            detail=fault.detail,
            name=fault.path.stem,
            names=", ".join(NAMES),
            sections=", ".join(SECTIONS),
        )
        typer.echo(f"{fault.path}:{fault.line}: {told}")
    used = sum(len(sections) for sections in found.sections.values())
    typer.echo(say("templates_found", faults=len(found.faults), used=used))
    raise typer.Exit(1 if found.faults else 0)
