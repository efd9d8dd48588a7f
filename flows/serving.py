"""Serving: all that follows applied plans on one machine: Prefect's side, the listener, the mail loops."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from flows import troubles
from flows.channel_settings import variable
from flows.clock import FileClock, WallClock
from flows.ledger import bulletins, cycles, delivery, plans
from flows.ledger.database import Transaction
from flows.runs.ports import DueCycle
from flows.runs.serving import Serving
from flows.shell import wording
from flows.shell.incoming.fetching import MailCursors
from flows.shell.mail_loops import MailLoops
from flows.shell.passes import Shell, open_shell
from flows.shell.sending import mail_servers
from flows.shell.writing.announcing import channels_of
from flows.speech import LANGUAGE
from notifiers.errors import MailboxLoginRefused, MailboxUnavailable, PortInUse
from notifiers.imap import ImapFetcher
from notifiers.listener import MailListener, Protocol
from notifiers.tls import Tls
from schemas.model import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.settings import Settings

_log = logging.getLogger("dondoc.serving")

_TEXTS: dict[Language, dict[str, str]] = {
    Language.EN: {
        "ui": "Prefect UI: {url}",
        "mail": "Mail comes in at {host}:{port} and goes out through {out}.",
        "fetched": "Mail is fetched from the mailbox {user} at {where}.",
        "plans": "{plans} plans followed; Ctrl-C ends.",
        "not-set-up": "The channel {channel} has no address here: set {variable} (or {variable}_FILE). "
        "Until then its notices go by mail alone.",
        "not-understood": "The address of the channel {channel} is not understood: mend {variable}. "
        "Until then its notices go by mail alone.",
        "end": "Ended; everything is in the ledger.",
    },
    Language.VI: {
        "ui": "Giao diện Prefect: {url}",
        "mail": "Thư đến tại {host}:{port}, thư đi qua {out}.",
        "fetched": "Thư được lấy từ hộp thư {user} tại {where}.",
        "plans": "Đang theo dõi {plans} kế hoạch; Ctrl-C để dừng.",
        "not-set-up": "Kênh {channel} chưa có địa chỉ trên máy này: đặt {variable} (hoặc {variable}_FILE). "
        "Cho đến lúc đó tin chỉ đi bằng thư.",
        "not-understood": "Không hiểu địa chỉ của kênh {channel}: sửa {variable}. "
        "Cho đến lúc đó tin chỉ đi bằng thư.",
        "end": "Đã dừng; mọi việc đã ghi trong sổ theo dõi.",
    },
}

_LOOK_EVERY_SECONDS = 1.0
_FAST_LOOK_EVERY_SECONDS = 0.1
"""Under a clock whose hands are turned from outside, nobody can say when something falls due."""


class ServingError(RuntimeError):
    """dondoc cannot serve here."""


class AlreadyServing(ServingError):
    """Another process serves this home."""

    def __init__(self, home: object) -> None:
        self.home = home
        super().__init__(f"another dondoc serve runs on {home}; stop it first, or set DONDOC_HOME")


class HomeUnusable(ServingError):
    """The folder that dondoc keeps its own files in cannot be written."""

    def __init__(self, home: object, reason: str) -> None:
        self.home = home
        self.reason = reason
        super().__init__(f"{home} cannot be used: {reason}; set DONDOC_HOME to a folder that can be written")


class MailPortTaken(ServingError):
    """Mail cannot come in at the address that was set."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host = host
        self.port = port
        self.reason = reason
        super().__init__(
            f"mail cannot come in at {host}:{port} ({reason}); "
            "set DONDOC_LISTEN_HOST and DONDOC_LISTEN_PORT to an address that is free"
        )


@dataclass(frozen=True, kw_only=True)
class LedgerCycles:
    """The ledger's side of waking, for the wake loop."""

    shell: Shell

    def claim_due(self, limit: int) -> Sequence[DueCycle]:
        """Claim cycles whose time has come; looks before it locks."""
        ledger, now = self.shell.ledger, self.shell.clock.now()
        with ledger.read() as tx:
            next_at = cycles.next_wake(tx)
        if next_at is None or next_at > now:
            return []
        with ledger.write() as tx:
            claimed = cycles.claim_due(
                tx, owner=ledger.owner, now=now, wall_now=WallClock().now(), limit=limit
            )
            return [self._due(tx, one) for one in claimed]

    def open_cycles(self) -> Sequence[DueCycle]:
        """Cycles that have begun and not ended."""
        with self.shell.ledger.read() as tx:
            return [self._due(tx, one) for one in cycles.begun(tx)]

    def bind_run(self, plan_id: str, cycle_key: str, run_id: str, run_no: int) -> None:
        """Note which run shows a cycle."""
        with self.shell.ledger.write() as tx:
            cycles.bind_run(tx, plan_id, cycle_key, run_id, run_no)

    def release(self, plan_id: str, cycle_key: str) -> None:
        """Give a claim back."""
        with self.shell.ledger.write() as tx:
            cycles.release(tx, plan_id, cycle_key)

    def stop(self, plan_id: str, cycle_key: str, why: str) -> None:
        """A person cancelled the run."""
        with self.shell.ledger.write() as tx:
            cycles.stop(tx, plan_id, cycle_key, why, self.shell.clock.now())

    def _due(self, tx: Transaction, one: cycles.Claimed) -> DueCycle:
        plan = self.shell.versions.cycle(tx, one)
        return DueCycle(
            plan_id=one.plan_id,
            cycle_key=one.key,
            run_id=one.run_id,
            run_no=one.run_no,
            cycle_name=wording.cycle_name(plan.period, plan.bundle.spec.plan.language),
        )


def serve(settings: Settings, tell: Callable[[str], object]) -> None:
    """Serve until the process is asked to end (SIGINT, SIGTERM), then end in order.

    Raises ServingError, LedgerUnreachable and what Prefect's side raises when it cannot start.
    """
    asked_to_end = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: asked_to_end.set())
    with serving(settings, tell):
        asked_to_end.wait()
    tell(_TEXTS[LANGUAGE]["end"])


@contextmanager
def serving(settings: Settings, tell: Callable[[str], object]) -> Iterator[Serving]:
    """Everything running, for as long as the context lasts."""
    fast = settings.clock_file is not None
    every = _FAST_LOOK_EVERY_SECONDS if fast else _LOOK_EVERY_SECONDS
    with ExitStack() as stack:
        stack.enter_context(_alone(settings))
        shell = open_shell(settings)
        stack.callback(shell.ledger.close)
        if isinstance(shell.clock, FileClock):
            shell.clock.now()  # a clock that cannot be read is told before anything starts
        _forget_the_dead(shell)
        intake = shell.intake(settings.readers)
        stack.callback(intake.readers.close)
        runs = Serving(
            shell,
            LedgerCycles(shell=shell),
            home=settings.home,
            port=settings.prefect_port or None,
            limit=settings.workers,
            every_seconds=every,
        )
        loops = MailLoops(shell, intake, runs.poke, every)
        listener = _listener(settings, loops)
        try:
            stack.enter_context(listener)
        except PortInUse as exc:
            raise MailPortTaken(exc.host, exc.port, exc.reason.rpartition(": ")[2]) from exc
        if (fetcher := _fetcher(settings, shell, loops)) is not None:
            stack.enter_context(fetcher)
        runs.start(shell.outlines())
        stack.callback(runs.stop)
        stack.enter_context(loops)
        out = f"{settings.outgoing.host}:{settings.outgoing.port}"
        _tell_others(settings, runs.ui_url, listener.port)
        tell(_TEXTS[LANGUAGE]["ui"].format(url=runs.ui_url))
        tell(_TEXTS[LANGUAGE]["mail"].format(host=settings.incoming.host, port=listener.port, out=out))
        if settings.fetched is not None:
            where = f"{settings.fetched.host}:{settings.fetched.port}"
            tell(_TEXTS[LANGUAGE]["fetched"].format(user=settings.fetched.username, where=where))
        _tell_of_channels(shell, tell)
        tell(_TEXTS[LANGUAGE]["plans"].format(plans=len(shell.outlines())))
        yield runs


def _listener(settings: Settings, loops: MailLoops) -> MailListener:
    incoming = settings.incoming
    local, _, domain = settings.mailbox.casefold().rpartition("@")

    def ours(address: str) -> bool:
        name, _, at = address.casefold().rpartition("@")
        return at == domain and name.partition("+")[0] == local

    return MailListener(
        incoming.host,
        incoming.port,
        loops.keep,
        protocol=Protocol(incoming.protocol),
        accepts=ours,
        size_limit=incoming.size_limit,
        tls=Tls(incoming.tls),
        certificate=incoming.certificate,
        key=incoming.key,
    )


def _fetcher(settings: Settings, shell: Shell, loops: MailLoops) -> ImapFetcher | None:
    if settings.fetched is None:
        return None
    told = mail_servers.fetched(settings.fetched, settings.incoming.size_limit)
    return ImapFetcher(told, loops.keep, MailCursors(shell.ledger), tell=_tell_of_mailbox)


def _tell_of_mailbox(trouble: MailboxUnavailable | MailboxLoginRefused | None) -> None:
    if trouble is not None:
        _log.error("%s", troubles.text("tried-again", trouble=troubles.told(trouble)))
    else:
        _log.warning("%s", troubles.text("read-again"))


def _tell_of_channels(shell: Shell, tell: Callable[[str], object]) -> None:
    """Say which channels nothing can be posted to, though applied plans name them."""
    with shell.ledger.read() as tx:
        bundles = [shell.versions.bundle(tx, id_) for id_ in plans.plan_versions(tx).values()]
    for channel in channels_of(bundles):
        trouble = shell.chat.trouble(channel)
        if trouble is not None:
            tell(_TEXTS[LANGUAGE][trouble].format(channel=channel, variable=variable(channel)))


def _tell_others(settings: Settings, ui_url: str, mail_port: int) -> None:
    """Write where this process can be reached, for other programs on this machine."""
    written = settings.home / "serving.json.new"
    written.write_text(json.dumps({"ui_url": ui_url, "mail_port": mail_port, "pid": os.getpid()}), "utf-8")
    written.replace(settings.home / "serving.json")


@contextmanager
def _alone(settings: Settings) -> Iterator[TextIO]:
    """Hold the home for this process alone. Raises AlreadyServing and HomeUnusable."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        settings.secret()
        file = (settings.home / "serve.lock").open("a")
    except OSError as exc:
        raise HomeUnusable(settings.home, exc.strerror or str(exc)) from exc
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise AlreadyServing(settings.home) from exc
        yield file


def _forget_the_dead(shell: Shell) -> None:
    """Give back what processes of this machine held when they ended without a word."""
    host = socket.gethostname()
    with shell.ledger.write() as tx:
        holding = cycles.claim_owners(tx) | bulletins.owners(tx)
        dead = [owner for owner in holding if _is_dead(owner, host)]
        cycles.release_owners(tx, dead)
        delivery.release_owners(tx, dead)
        bulletins.release_owners(tx, dead)


def _is_dead(owner: str, host: str) -> bool:
    machine, _, rest = owner.rpartition(":")
    pid = rest.partition("/")[0]
    if machine != host or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # an earlier process had our number
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
