"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.cli.texts import say
from flows.core.calendar import WorkCalendar
from flows.core.state import Status
from flows.shell import wording
from flows.shell.simulation import SimulatedMail
from flows.speech import LANGUAGE
from schemas.catalogue import Bundle

if TYPE_CHECKING:
    from flows.ledger.inbox import ListedMail
    from flows.shell.status import LedgerStatus

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def status_table(status: LedgerStatus) -> None:
    """Every plan and period, a line each."""
    table = _table("status_columns", right=(3, 4, 5, 6, 7, 8))
    for plan in status.plans:
        for row, cycle in enumerate(plan.cycles):
            counts = cycle.requests
            figures = (
                cycle.owed,
                counts.get(Status.REPORTED, 0),
                counts.get(Status.REPORTED_LATE, 0),
                counts.get(Status.OPEN, 0),
                counts.get(Status.OVERDUE, 0),
                counts.get(Status.MISSING, 0),
            )
            rungs = " ".join(f"{rung}:{times}" for rung, times in cycle.escalations.items())
            following = wording.instant(cycle.next_at, _LOCAL, LANGUAGE) if cycle.next_at else ""
            table.add_row(
                escape(plan.number) if row == 0 else "",
                escape(cycle.name),
                say(f"state_{cycle.state}"),
                *(str(figure) for figure in figures),
                rungs,
                following,
            )
    console = Console()
    console.print(table)
    mails = ", ".join(f"{name} {count}" for name, count in sorted(status.mails.items())) or "0"
    console.print(say("mails", mails=mails, unplaced=status.unplaced), highlight=False)


def simulation_table(bundle: Bundle, mails: Sequence[SimulatedMail]) -> None:
    """Every mail, a line each."""
    zone = WorkCalendar.of(bundle.calendar).zone
    table = _table("simulate_columns")
    for mail in mails:
        table.add_row(
            wording.instant(mail.at, zone, LANGUAGE),
            mail.kind,
            escape(mail.to.mailbox or ""),
            escape(f"{mail.cycle} {bundle.agencies[mail.agency].called}: {mail.task}"),
            escape(mail.why),
        )
    console = Console()
    console.print(table)
    console.print(say("total", mails=len(mails)), highlight=False)


def inbox_table(mails: Sequence[ListedMail]) -> None:
    """Mails that wait for a person, a line each."""
    table = _table("inbox_columns", right=(0,))
    for mail in mails:
        received = wording.instant(mail.received_at, _LOCAL, LANGUAGE)
        table.add_row(
            str(mail.id), received, escape(mail.sender), escape(mail.subject), mail.kind, escape(mail.reason)
        )
    Console().print(table)


def _table(columns: str, right: Sequence[int] = ()) -> Table:
    table = Table(header_style="bold")
    for position, name in enumerate(say(columns).split("|")):
        table.add_column(name, justify="right" if position in right else "left", overflow="fold")
    return table
