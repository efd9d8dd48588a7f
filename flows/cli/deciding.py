"""What whoever decides says to what an agency asks: `dondoc inbox grant`, `refuse`, `hand-over`, `answer`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from flows.cli.person import who
from flows.cli.texts import say
from flows.shell import wording
from flows.shell.desk.petitions import Decided, Petitions
from flows.speech import LANGUAGE

if TYPE_CHECKING:
    from flows.ledger.petitions import Petition
    from flows.shell.passes import Shell
    from schemas.model import Agency

Decision = Callable[[Petitions, "Petition", str], Decided]


def decide(shell: Shell, number: int, decision: Decision) -> None:
    """Carry a decision out for all that a mail asks for, in one transaction, and say what came of it."""
    by = who()
    with shell.ledger.write() as tx:
        desk = Petitions(versions=shell.versions, identity=shell.identity, tx=tx, at=shell.clock.now())
        done = [decision(desk, petition, by) for petition in desk.waiting(number)]
    for line in told(done):
        typer.echo(line)


def told(done: Sequence[Decided]) -> Sequence[str]:
    """A line for each request."""
    lines = []
    for one in done:
        place = f"{one.place.plan_id} {one.place.cycle_key} {one.place.task} {one.place.agency}"
        until = wording.day(one.until_on, LANGUAGE) if one.until_on else ""
        lines.append(say(f"decided_{one.standing}", place=place, until=until, agency=one.to_agency or ""))
    return lines


def directory() -> Mapping[str, Agency]:
    """Every agency of the specs, for requests that are handed over to one that the plan does not name."""
    from flows.settings import specs_folder
    from schemas.check import check

    return check([specs_folder()]).catalogue.agencies
