"""`dondoc calendar` and `dondoc graph`: a plan as files that other programs open."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from flows.cli.texts import say
from flows.speech import LANGUAGE
from schemas.catalogue import Catalogue


def export_calendar(paths: Sequence[Path], plan: str, out: Path | None) -> None:
    """Write the due dates and reminders of a plan as a calendar file."""
    from flows.clock import clock_of
    from flows.documents.appointments import ics
    from flows.shell.showing.deadlines import deadlines

    bundle = sound_plan(paths, plan).bundle(plan)
    name = f"{bundle.spec.plan.number} {bundle.spec.plan.title}"
    _write(ics(name, deadlines(bundle, LANGUAGE), clock_of(None).now()), out)


def export_graph(paths: Sequence[Path], plan: str, out: Path | None) -> None:
    """Write a plan as a picture."""
    from flows.shell.showing.drawing import draw

    _write(draw(sound_plan(paths, plan), plan, LANGUAGE).encode(), out)


def sound_plan(paths: Sequence[Path], plan: str) -> Catalogue:
    """The catalogue, which holds the plan; raises a misuse that names the plans there are."""
    from schemas.check import check

    catalogue = check(paths).catalogue
    if plan not in catalogue.plans:
        listed = ", ".join(sorted(catalogue.plans)) or "–"
        raise typer.BadParameter(say("unknown_plan", plan=plan, specs=paths[0], plans=listed))
    return catalogue


def _write(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        return
    keep(content, out)


def keep(content: bytes, out: Path, *, aside: bool = False) -> None:
    """Write a file and say so, `aside` from what is printed for programs; a misuse where none can be."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(say("cannot_write", path=out, reason=error.strerror)) from error
    typer.echo(say("written", path=out), err=aside)
