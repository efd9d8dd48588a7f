"""The table at the end of the demo: what came of every period, beside what the script says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.core.state import Status
from flows.demo.script import Script
from flows.demo.words import say
from flows.ledger.landings import Landing
from flows.ledger.plans import CycleState
from flows.shell.showing.status import CycleStatus, LedgerStatus

_WIDTHS = (21, 5, 5, 5, 7, 11)
_NARROW, _WIDE = 12, 40
"""Of the column that says where a result landed."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """What the ledger says after the last curtain, and what was to come of it."""

    script: Script
    status: LedgerStatus

    def wrong(self) -> int:
        """How many periods did not end as the script says."""
        return sum(not self._as_scripted(plan_id, cycle) for plan_id, cycle in self._cycles())

    def show(self, console: Console) -> None:
        """Print every plan by a line of its own, and below it every period that was played."""
        console.print(say("title"), style="bold")
        wide = console.width >= 110
        console.print(_table(wide=wide, header=True))
        for plan in self.status.plans:
            played = [cycle for plan_id, cycle in self._cycles() if plan_id == plan.plan_id]
            if not played:
                continue
            heading = Text(f"{plan.number}  {plan.title}", style="bold")
            console.print(heading, no_wrap=True, overflow="ellipsis")
            table = _table(wide=wide, header=False)
            for cycle in played:
                table.add_row(*self._row(plan.plan_id, cycle))
            console.print(table)

    def _cycles(self) -> Iterator[tuple[str, CycleStatus]]:
        for plan in self.status.plans:
            for cycle in plan.cycles:
                if (plan.plan_id, cycle.key) in self.script.outcomes:
                    yield plan.plan_id, cycle

    def _row(self, plan_id: str, cycle: CycleStatus) -> Iterator[str]:
        yield f" {escape(cycle.name)}"
        yield str(cycle.owed)
        for status in (Status.REPORTED, Status.REPORTED_LATE, Status.MISSING):
            yield str(cycle.requests.get(status, 0))
        yield " ".join(f"{rung}:{times}" for rung, times in cycle.escalations.items())
        yield escape(self._landed(cycle))
        yield "✓" if self._as_scripted(plan_id, cycle) else "✗"

    def _as_scripted(self, plan_id: str, cycle: CycleStatus) -> bool:
        outcome = self.script.outcomes[plan_id, cycle.key]
        happened = {status: number for status, number in cycle.requests.items() if number}
        all_landed = all(one.status is Landing.LANDED for one in cycle.landed)
        ended = cycle.state is CycleState.ENDED
        as_owed = happened == outcome.statuses and dict(cycle.escalations) == outcome.rungs
        return ended and all_landed and as_owed

    def _landed(self, cycle: CycleStatus) -> str:
        numbers = {plan.plan_id: plan.number for plan in self.status.plans}
        return ", ".join(
            numbers.get(one.plan_id, one.plan_id)
            + ("" if one.status is Landing.LANDED else f" ({one.status})")
            for one in cycle.landed
        )


def _table(*, wide: bool, header: bool) -> Table:
    table = Table(box=None, show_header=header, header_style="bold", padding=(0, 1, 0, 0))
    widths = (*_WIDTHS, _WIDE if wide else _NARROW, 6)
    for position, (name, width) in enumerate(zip(say("columns").split("|"), widths, strict=True)):
        justify: Literal["left", "right"] = "right" if 1 <= position <= 4 else "left"
        table.add_column(name, width=width, justify=justify, overflow="fold")
    return table
