"""The demo from curtain to curtain: progress while it plays, a table at the end."""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.demo.outcome import Played
from flows.demo.script import HABITS
from flows.demo.stage import DemoError, Stage, sound_start
from flows.demo.words import say
from flows.ledger.plans import CycleState
from flows.shell import wording
from flows.shell.showing.status import LedgerStatus
from flows.speech import LANGUAGE
from schemas.catalogue import Catalogue
from schemas.check import check

__all__ = ["DemoError", "play"]

_TELL_EVERY_SECONDS = 5.0
_WIDTH = 130


class SpecsUnsound(DemoError):
    """The specs cannot be played."""


def play(*, keep: bool, home: Path | None, specs: Path) -> bool:
    """Play the demo; whether every cycle ended as its script says.

    With `keep` everything stays up afterwards until Ctrl-C. Raises DemoError.
    """
    console = _console()
    catalogue = _catalogue(specs)
    own_home = home is None
    where = Path(tempfile.mkdtemp(prefix="dondoc-demo-")) if home is None else home.absolute()
    console.print(say("begin", plans=len(catalogue.plans), home=where), highlight=False)
    began = time.monotonic()
    try:
        with (
            _ends_on_sigterm() as asked_to_end,
            Stage(home=where, catalogue=catalogue, begins_at=sound_start(catalogue)) as stage,
        ):
            console.print(say("starting"), highlight=False)
            url = stage.start()
            console.print(say("ui", url=url), highlight=False)
            _play(stage, console, asked_to_end)
            status = stage.status()
            sound = _report(stage, status, console, time.monotonic() - began)
            if keep:
                console.print(say("kept", url=url, home=where), highlight=False)
                _wait_for_ctrl_c()
    except BaseException:
        console.print(say("left", home=where), highlight=False)
        raise
    if own_home and sound:
        shutil.rmtree(where, ignore_errors=True)
    elif not sound:
        console.print(say("left", home=where), highlight=False)
    return sound


def _console() -> Console:
    """The terminal; a file or a pipe is written as wide as the table needs."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDTH)


def _catalogue(specs: Path) -> Catalogue:
    result = check([specs])
    if result.errors or not result.catalogue.plans:
        raise SpecsUnsound(say("unsound", specs=specs))
    unknown = sorted(set(HABITS) - set(result.catalogue.agencies))
    if unknown:
        raise SpecsUnsound(say("strangers", agencies=", ".join(unknown)))
    return result.catalogue


def _play(stage: Stage, console: Console, asked_to_end: threading.Event) -> None:
    total = len(stage.script.outcomes)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    told_at = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(say("bar", at="", out=0, back=0), total=total)
        while stage.step():
            if asked_to_end.is_set():
                raise KeyboardInterrupt
            figures = stage.agencies.figures
            at = wording.day(stage.clock.now().date(), LANGUAGE)
            line = say("bar", at=at, out=len(figures.received), back=figures.answers)
            ended = _ended(stage)
            progress.update(bar, completed=ended, description=line)
            if not console.is_terminal and time.monotonic() - told_at > _TELL_EVERY_SECONDS:
                told_at = time.monotonic()
                console.print(f"  {line} {ended}/{total}", highlight=False)


def _ended(stage: Stage) -> int:
    found = {
        (plan.plan_id, cycle.key)
        for plan in stage.status().plans
        for cycle in plan.cycles
        if cycle.state is CycleState.ENDED
    }
    return len(found & set(stage.script.outcomes))


def _report(stage: Stage, status: LedgerStatus, console: Console, seconds: float) -> bool:
    """Print the table; whether all went by the script."""
    played = Played(script=stage.script, status=status)
    played.show(console)
    wrong = played.wrong()
    figures = stage.agencies.figures
    twice = sum(times - 1 for times in figures.received.values())
    console.print(
        say("mails", out=len(figures.received), twice=twice, back=figures.answers, unplaced=status.unplaced),
        highlight=False,
    )
    console.print(say("habits"), highlight=False)
    sound = not wrong and not status.unplaced
    console.print(
        say("sound" if sound else "unsound_end", wrong=wrong, seconds=round(seconds)), highlight=False
    )
    return sound


@contextmanager
def _ends_on_sigterm() -> Iterator[threading.Event]:
    """Let SIGTERM end the demo as Ctrl-C does, so that nothing is left running.

    An interrupt is lost where Python swallows exceptions (a finalizer, a callback of the garbage collector);
    the event says that it came.
    """
    asked = threading.Event()

    def end(*_: object) -> None:
        asked.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for_ctrl_c() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
