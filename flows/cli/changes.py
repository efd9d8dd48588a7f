"""`dondoc plan` and `dondoc apply`: what would change in the ledger, told before and after it is done."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import typer

from flows.channel_settings import variable
from flows.cli.exporting import keep
from flows.cli.telling import in_json, letters_of, told
from flows.cli.texts import say
from flows.clock import clock_of
from flows.ledger.database import open_ledger
from flows.settings import Settings, read_settings
from flows.shell.specs.applying import apply, bundles_of, plan
from flows.shell.specs.changes import Changes, Confirmed
from flows.shell.specs.differing import differences
from flows.shell.writing.announcing import channels_of
from flows.shell.writing.identity import identity_of
from flows.speech import LANGUAGE
from schemas.check import CheckResult, check

_TOKEN = re.compile(r"[0-9a-f]{12}(?:-r?p?)?")
"""What `Changes.token` looks like."""


def plan_command(
    paths: Sequence[Path],
    given: Sequence[Path],
    confirmed: Confirmed,
    *,
    as_json: bool,
    diff: bool = False,
    out: Path | None = None,
) -> int:
    """Print what applying would change; 0 for nothing, 3 for something, 1 when specs have errors.

    With `diff`, also what the files say otherwise than the ledger; `out` keeps it all for `apply --plan`.
    """
    checked = _checked(paths)
    settings = read_settings()
    with closing(open_ledger(settings.database_url)) as ledger:
        changes = plan(ledger, bundles_of(checked.catalogue), clock_of(settings.clock_file), confirmed)
        found = differences(ledger, changes) if diff else {}
    content = in_json(changes)
    if diff:
        content["diff"] = {plan_id: list(lines) for plan_id, lines in found.items()}
    if out is not None:
        keep((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode(), out, aside=as_json)
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        for line in told(changes):
            typer.echo(line)
        for lines in found.values():
            typer.echo("\n" + "\n".join(lines) + "\n")
        if not changes.nothing:
            named = "".join(f" {path}" for path in given)
            typer.echo(say("changes_how", paths=named, token=out or changes.token))
    _tell_of_channels(checked, settings)
    if checked.errors:
        return 1
    return 0 if changes.nothing else 3


def apply_command(paths: Sequence[Path], confirmed: Confirmed, token: str | None) -> int:
    """Apply what is sound in the specs and print it; 1 when specs have errors."""
    if token is not None:
        token = _token(token)
    checked = _checked(paths)
    bundles = bundles_of(checked.catalogue)
    settings = read_settings()
    clock = clock_of(settings.clock_file)
    identity = identity_of(settings)
    with closing(open_ledger(settings.database_url)) as ledger:
        if token is None and not confirmed.running and _somebody_is_there():
            token = _asked(plan(ledger, bundles, clock, confirmed))
        changes = apply(ledger, bundles, clock, identity, confirmed=confirmed, token=token)
    for line in told(changes):
        typer.echo(line)
    if not changes.nothing:
        typer.echo(say("changes_applied", letters=letters_of(changes)))
    if changes.waiting:
        typer.echo(say("changes_waiting", n=len(changes.waiting)))
    _tell_of_channels(checked, settings)
    return 1 if checked.errors else 0


def _tell_of_channels(checked: CheckResult, settings: Settings) -> None:
    """Say which channels the plans name without an address here; what goes there goes by mail anyway."""
    for channel in channels_of(bundles_of(checked.catalogue)):
        if channel not in settings.channels:
            typer.echo(say("changes_channel", channel=channel, variable=variable(channel)), err=True)


def _token(given: str) -> str:
    """The token itself, or the one in a file that `plan --out` wrote."""
    path = Path(given)
    if not path.is_file():
        if _TOKEN.fullmatch(given) is None:
            raise typer.BadParameter(say("no_token", given=given))
        return given
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["token"])
    except (ValueError, KeyError, TypeError, OSError):
        raise typer.BadParameter(say("no_token_in", path=given)) from None


def _somebody_is_there() -> bool:
    """Whether a person sits at this terminal, who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked(shown: Changes) -> str | None:
    """Ask whether to change cycles under way too, if there are any: the token of what is to be done."""
    if not shown.waiting:
        return None
    for line in told(shown):
        typer.echo(line)
    if typer.confirm(say("changes_ask", n=len(shown.waiting))):
        return replace(shown, confirmed=replace(shown.confirmed, running=True)).token
    return shown.token


def _checked(paths: Sequence[Path]) -> CheckResult:
    checked = check(paths)
    for finding in checked.findings:
        typer.echo(finding.render(LANGUAGE) + "\n", err=True)
    if checked.errors:
        typer.echo(say("changes_left_out"), err=True)
    return checked
