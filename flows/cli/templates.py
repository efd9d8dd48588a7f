"""`dondoc templates`: a coordinator's own words for mails, looked at before any mail uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from flows.cli.texts import say
from flows.cli.usage import Commands

app = Commands(help=say("templates"), no_args_is_help=True)

Folder = Annotated[Optional[Path], typer.Argument(help=say("templates_folder"), show_default=False)]  # noqa: UP045 - typer


@app.callback()
def templates() -> None:
    """Keep `check` a subcommand, also while it is the only one."""


@app.command(help=say("templates_check"))
def check(folder: Folder = None) -> None:
    """Tell what is wrong with the files of a folder; ends with 1 when anything is."""
    from flows.settings import read_settings
    from notifiers.overrides import NAMES, SECTIONS, read_overrides

    where = folder or read_settings().templates
    if where is None:
        raise typer.BadParameter(say("templates_no_folder"))
    if not where.is_dir():
        raise typer.BadParameter(say("templates_not_a_folder", folder=where))
    found = read_overrides(where)
    for fault in found.faults:
        key = f"templates_{fault.rule.replace('-', '_')}"
        told = say(key, detail=fault.detail, names=", ".join(NAMES), sections=", ".join(SECTIONS))
        typer.echo(f"{fault.path}:{fault.line}: {told}")
    used = sum(len(sections) for sections in found.sections.values())
    typer.echo(say("templates_found", faults=len(found.faults), used=used))
    raise typer.Exit(1 if found.faults else 0)
