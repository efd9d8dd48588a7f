"""`dondoc migrate`: spec files of older versions of the language, rewritten in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from flows.cli.texts import say


def migrate_files(paths: Sequence[Path], *, dry: bool) -> bool:
    """Rewrite what is older than the language spoken here, all or nothing; False when a file is newer."""
    from schemas.check import check
    from schemas.migrations import TooNew, migrate
    from schemas.model import LANGUAGE_VERSION

    if missing := [path for path in paths if not path.exists()]:
        raise typer.BadParameter(say("migrate_missing", path=missing[0]))
    older: dict[str, tuple[str, int]] = {}
    unread = 0
    sources = [reading.source for reading in check(paths).origins.declared.readings]
    for source in sources:
        try:
            done = migrate(source)
        except TooNew as error:
            told = say("migrate_newer", file=error.file, version=error.version, spoken=error.spoken)
            typer.echo(told, err=True)
            return False
        if done is None:
            unread += 1
        elif done.was < LANGUAGE_VERSION:
            older[source.file] = done.text, done.was
    for file, (text, was) in older.items():
        if not dry:
            Path(file).write_text(text, encoding="utf-8")
        typer.echo(
            say("migrate_would" if dry else "migrate_done", file=file, was=was, spoken=LANGUAGE_VERSION)
        )
    if not older:
        typer.echo(say("migrate_nothing", files=len(sources) - unread, spoken=LANGUAGE_VERSION))
    if unread:
        typer.echo(say("migrate_unread", files=unread))
    return True
