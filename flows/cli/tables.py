"""Tables for the terminal: narrow ones put several things into a column, one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.cli.texts import inbox_reason, kind, say
from flows.core.calendar import WorkCalendar
from flows.core.state import Status
from flows.shell import wording
from flows.shell.showing.simulation import SimulatedMail
from flows.speech import LANGUAGE
from notifiers.chat import NO_ANSWER, NOT_SET_UP, NOT_UNDERSTOOD
from notifiers.wording import printable
from schemas.catalogue import Bundle

if TYPE_CHECKING:
    from flows.ledger.inbox import ListedMail
    from flows.ledger.outbox import TroubledMail
    from flows.shell.astray.unreached import Unreached
    from flows.shell.showing.status import CycleStatus, LedgerStatus

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
"""In which times are told at a terminal."""
_WIDE = 110
"""Columns of the terminal from which every thing has a column of its own."""

_PLANNED = "planned"
"""The ledger's word; its room, with SQLAlchemy behind it, is none that `simulate` needs."""
_NO_SERVICE = (NO_ANSWER, NOT_SET_UP, NOT_UNDERSTOOD)
"""Why a text did not reach a channel, where no service said a number."""
_MOST_ADDRESSES = 20
_PERIOD = 21
_FIGURE = 5
_INSTANT = 17


def status_table(status: LedgerStatus) -> None:
    """Every plan by a line of its own, and below it every period by a line."""
    console = Console()
    wide = console.width >= _WIDE
    console.print(_periods(wide, header=True))
    for plan in status.plans:
        title = Text(f"{plan.number}  {plan.title}", style="bold", no_wrap=True, overflow="ellipsis")
        console.print(title, no_wrap=True, overflow="ellipsis")
        table = _periods(wide, header=False)
        for cycle in plan.cycles:
            table.add_row(*_period(cycle, wide=wide))
        console.print(table)
    mails = ", ".join(f"{name} {count}" for name, count in sorted(status.mails.items())) or "0"
    console.print(say("mails", mails=mails, unplaced=status.unplaced), highlight=False)
    if status.undecided:
        console.print(say("to_decide", count=status.undecided), highlight=False)
    if status.troubled:
        console.print(say("troubled", count=status.troubled), highlight=False)
    if status.unreachable:
        console.print(say("unreachable", reports=status.unreachable), highlight=False)
    for address in status.unreached[:_MOST_ADDRESSES]:
        console.print(_unreached(address), highlight=False, markup=False, soft_wrap=True)
    if len(status.unreached) > _MOST_ADDRESSES:
        left = len(status.unreached) - _MOST_ADDRESSES
        console.print(say("more_unreached", count=left), highlight=False)
    for one in status.silent_channels:
        why = say(f"channel_{one.answer}") if one.answer in _NO_SERVICE else one.answer
        told = say("silent_channel", channel=one.channel, count=one.lost, why=why)
        console.print(told, highlight=False, soft_wrap=True)


def _unreached(one: Unreached) -> str:
    """An address that no mail reaches, on one line."""
    key = "unreached" if one.instead else "unreached_nobody"
    return say(
        key,
        address=one.address,
        agency=one.agency.called,
        since=wording.day(one.since_at.astimezone(LOCAL).date(), LANGUAGE),
        answer=one_line(one.answer),
        count=len(one.requests),
        instead=", ".join(one.instead),
    )


def _periods(wide: bool, *, header: bool) -> Table:
    table = Table(box=None, show_header=header, header_style="bold", padding=(0, 1, 0, 0))
    names = say("status_wide" if wide else "status_narrow").split("|")
    table.add_column(names[0], width=_PERIOD)
    for name in names[1:7]:
        longest_word = max(map(len, name.split()))
        table.add_column(name, justify="right", width=max(_FIGURE, longest_word) + (2 if wide else 0))
    if wide:
        table.add_column(names[7], width=12)
        table.add_column(names[8], width=13)
    table.add_column(names[-1], width=_INSTANT)
    return table


def _period(cycle: CycleStatus, *, wide: bool) -> Iterator[str]:
    counts = cycle.requests
    yield f" {escape(cycle.name)}"
    yield str(cycle.owed)
    for counted in (Status.REPORTED, Status.REPORTED_LATE, Status.OPEN, Status.OVERDUE, Status.MISSING):
        yield "" if cycle.state == _PLANNED else str(counts.get(counted, 0))
    following = wording.instant(cycle.next_at, LOCAL, LANGUAGE) if cycle.next_at else ""
    state = say(f"state_{cycle.state}")
    if wide:
        yield " ".join(f"{rung}:{times}" for rung, times in cycle.escalations.items())
        yield state
        yield following
    else:
        yield following or state


def simulation_table(bundle: Bundle, mails: Sequence[SimulatedMail]) -> None:
    """Every mail: when, what it is, about whose report, to whom and why."""
    console = Console()
    zone = WorkCalendar.of(bundle.calendar).zone
    table = _table(console, "simulate")
    for mail in mails:
        short = (wording.instant(mail.at, zone, LANGUAGE), kind(mail.kind))
        about = f"{bundle.agencies[mail.agency].called}: {', '.join(mail.tasks)} ({mail.cycle})"
        to = mail.to.mailbox or "–"
        if mail.channel is not None:
            to = say("simulate_also", to=to, channel=mail.channel)
        _add(console, table, short, (about, to, mail.why))
    console.print(table)
    console.print(say("total", mails=len(mails)), highlight=False)


def mails_table(mails: Sequence[ListedMail], *, placings: bool) -> None:
    """Mails for a person, each with what it is about; with `placings`, also what was made of it."""
    console = Console()
    table = _table(console, "inbox")
    for mail in mails:
        received = wording.instant(mail.received_at, LOCAL, LANGUAGE)
        why = [one_line(inbox_reason(mail.reason))]
        if placings:
            why.insert(0, say(f"placing_{mail.placing}"))
        if mail.request is not None:
            why.append(f"{mail.request.plan_id} {mail.request.task} {mail.request.agency}")
        told = (one_line(mail.sender), one_line(mail.subject), " · ".join(part for part in why if part))
        _add(console, table, (str(mail.id), received), told)
    console.print(table)


def troubled_table(mails: Sequence[TroubledMail]) -> None:
    """Outgoing mails that were refused, or may not have arrived."""
    console = Console()
    table = _table(console, "troubled")
    for mail in mails:
        written = wording.instant(mail.created_at, LOCAL, LANGUAGE)
        about = f"{kind(mail.kind)}: {mail.task} {mail.agency}"
        answer = f"{say(f'mail_{mail.status}')}: {one_line(mail.answer)}".rstrip(": ")
        _add(console, table, (str(mail.id), written), (one_line(", ".join(mail.to)), about, answer))
    console.print(table)


def one_line(text: str) -> str:
    """A text from outside on one line, without what would steer the terminal."""
    return " ".join(printable(text).split())


def _table(console: Console, name: str) -> Table:
    """Two short columns, and three things told: beside each other where there is room, else one below the
    other.
    """
    first, second, *told = say(f"{name}_columns").split("|")
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True)
    table.add_column(second, no_wrap=True)
    if console.width >= _WIDE:
        for column in told:
            table.add_column(column, overflow="fold", ratio=1)
    else:
        table.add_column(" / ".join(told), overflow="fold")
    return table


def _add(console: Console, table: Table, short: Sequence[str], told: Sequence[str]) -> None:
    shown = [escape(text) for text in told]
    table.add_row(*short, *(shown if console.width >= _WIDE else ["\n".join(shown)]))
