"""The stage: a home, a clock, agencies around it, and `dondoc serve` as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess  # starts dondoc itself
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.clock import FileClock
from flows.core.calendar import WorkCalendar
from flows.demo.agencies import Agencies
from flows.demo.script import Script, write_script
from flows.ledger import cycles, inbox, outbox, outgoing
from flows.ledger.database import Ledger, open_ledger
from flows.settings import Settings, read_settings
from flows.shell.showing.status import LedgerStatus, read_status
from flows.shell.specs.applying import apply, bundles_of
from flows.shell.versions import Versions
from flows.shell.writing.identity import identity_of
from notifiers.ports import Mailer
from notifiers.smtp import SmtpMailer, SmtpSettings
from notifiers.tls import Tls
from schemas.catalogue import Catalogue

_START_WITHIN_SECONDS = 90.0
_QUIET_WITHIN_SECONDS = 120.0
_LOOK_EVERY_SECONDS = 0.02
_UI_PORT = 4200


def _free_ui_port() -> int:
    """The usual port of the Prefect UI when it is free, else any (0)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", _UI_PORT))
        except OSError:
            return 0
    return _UI_PORT


class DemoError(RuntimeError):
    """The demo cannot go on."""


class EngineDied(DemoError):
    """`dondoc serve` ended by itself."""

    def __init__(self, code: int, log: Path) -> None:
        self.code = code
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
        super().__init__(
            f"dondoc serve ended with status {code}: {lines[-1] if lines else 'no word'} (log: {log})"
        )


class NoRest(DemoError):
    """The engine does not come to rest."""

    def __init__(self, at: datetime, what: str, log: Path) -> None:
        super().__init__(f"at {at:%Y-%m-%d %H:%M} the engine does not come to rest: {what} (log: {log})")


@dataclass(kw_only=True)
class Stage:
    """Everything the demo plays on. `step` turns the clock to whatever comes next and waits until all is
    done.
    """

    home: Path
    catalogue: Catalogue
    begins_at: datetime
    ui_port: int = field(default_factory=_free_ui_port)
    """Where the Prefect UI is; 0 for any port."""
    script: Script = field(init=False)
    clock: FileClock = field(init=False)
    agencies: Agencies = field(init=False)
    ledger: Ledger = field(init=False)
    versions: Versions = field(init=False)
    engine: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_times: int = field(default=0, init=False)

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        self.script = write_script(self.catalogue)
        self.clock = FileClock(path=self.home / "clock")
        self.clock.set(self.begins_at)
        self.ledger = open_ledger(self.settings.database_url)
        self.versions = Versions(self.ledger)
        told = self.settings
        identity = identity_of(told)
        apply(self.ledger, bundles_of(self.catalogue), self.clock, identity)
        calendar = WorkCalendar.of(next(iter(self.catalogue.calendars.values())))
        self.agencies = Agencies(self.catalogue.agencies.values(), self.script, calendar, self.clock)
        self.agencies.listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.agencies.listener.stop()
        self.ledger.close()

    @property
    def settings(self) -> Settings:
        """The settings that the engine runs under."""
        return read_settings({**os.environ, **self._environment(agencies_port=1)})

    @property
    def log(self) -> Path:
        """What the engine says."""
        return self.home / "serve.log"

    @property
    def is_serving(self) -> bool:
        """Whether the engine has been up since it was last started."""
        return (self.home / "serving.json").exists()

    def start(self) -> str:
        """Start `dondoc serve` and wait until it takes mail; the address of the Prefect UI.

        Raises EngineDied or DemoError.
        """
        told = self.home / "serving.json"
        told.unlink(missing_ok=True)
        environment = {**os.environ, **self._environment(agencies_port=self.agencies.listener.port)}
        environment.pop("PREFECT_API_URL", None)
        with self.log.open("ab") as log:
            self.engine = subprocess.Popen(
                [sys.executable, "-c", "from flows.cli import main; main()", "serve"],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.started_times += 1
        deadline = time.monotonic() + _START_WITHIN_SECONDS
        while not told.exists():
            self._check_alive()
            if time.monotonic() > deadline:
                raise DemoError(
                    f"dondoc serve did not start within {_START_WITHIN_SECONDS:.0f} s (log: {self.log})"
                )
            time.sleep(_LOOK_EVERY_SECONDS)
        return str(self._told()["ui_url"])

    def stop(self) -> None:
        """Ask the engine to end, and wait for it."""
        if self.engine is not None:
            if self.engine.poll() is None:
                self.engine.send_signal(signal.SIGTERM)
                try:
                    self.engine.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    self.engine.kill()
                    self.engine.wait()
            self.engine = None

    def kill(self) -> None:
        """End the engine as a power cut would (SIGKILL)."""
        if self.engine is not None:
            self.engine.kill()
            self.engine.wait()
            self.engine = None

    def step(self) -> bool:
        """Wait until nothing is left to do at this time, then turn the clock to what comes next.

        False when every cycle of the script has ended. Raises NoRest and EngineDied.
        """
        self.rest()
        if self.all_ended():
            return False
        with self.ledger.read() as tx:
            ahead = [cycles.next_wake(tx), outbox.next_retry(tx), self.agencies.next_at()]
        following = [at for at in ahead if at is not None]
        if not following:
            raise NoRest(self.clock.now(), "nothing is left to wait for, but cycles are open", self.log)
        self.clock.set(max(min(following), self.clock.now()))
        return True

    def rest(self, within: float = _QUIET_WITHIN_SECONDS) -> None:
        """Wait until every answer that is due was given, no mail is unread or unsent, and no cycle is due.

        Raises NoRest and EngineDied.
        """
        deadline = time.monotonic() + within
        mailer = SmtpMailer(
            SmtpSettings(host="127.0.0.1", port=int(str(self._told()["mail_port"])), tls=Tls.NONE)
        )
        while (left := self._left_to_do(mailer)) is not None:
            self._check_alive()
            if time.monotonic() > deadline:
                raise NoRest(self.clock.now(), left, self.log)
            time.sleep(_LOOK_EVERY_SECONDS)

    def all_ended(self) -> bool:
        """Whether every cycle of the script has ended."""
        with self.ledger.read() as tx:
            ended = {(one.plan_id, one.key) for one in cycles.all_cycles(tx) if one.state.over}
        return set(self.script.outcomes) <= ended

    def status(self) -> LedgerStatus:
        """How everything stands in the ledger."""
        return read_status(self.ledger, self.versions)

    def _left_to_do(self, mailer: Mailer) -> str | None:
        now = self.clock.now()
        self.agencies.answer(now, mailer)
        if (answer_at := self.agencies.next_at()) is not None and answer_at <= now:
            return "an agency cannot hand over its answer"
        with self.ledger.read() as tx:
            if unread := inbox.waiting(tx):
                return f"{unread} mails not yet dealt with"
            if outgoing.failed_unseen(tx, 1):
                return "a mail that was refused has not gone on"
            if unsent := outbox.unsent(tx, now):
                return f"{unsent} mails not yet sent"
            next_at = cycles.next_wake(tx)
        if next_at is not None and next_at <= now:
            return "a cycle is due and not woken"
        return None

    def _check_alive(self) -> None:
        if self.engine is None:
            return
        code = self.engine.poll()
        if code is not None:
            raise EngineDied(code, self.log)

    def _told(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.home / "serving.json").read_text(encoding="utf-8"))
        return found

    def _environment(self, *, agencies_port: int) -> dict[str, str]:
        return {
            "DONDOC_HOME": str(self.home),
            "DONDOC_DATABASE_URL": "",
            "DONDOC_CLOCK_FILE": str(self.home / "clock"),
            "DONDOC_SMTP_HOST": "127.0.0.1",
            "DONDOC_SMTP_PORT": str(agencies_port),
            "DONDOC_SMTP_TLS": "none",
            "DONDOC_SMTP_USERNAME": "",
            "DONDOC_LISTEN_HOST": "127.0.0.1",
            "DONDOC_LISTEN_PORT": "0",
            "DONDOC_LISTEN_PROTOCOL": "smtp",
            "DONDOC_UI_PORT": str(self.ui_port),
            "DONDOC_WORKERS": "4",
            "PREFECT_API_URL": "",
        }


def sound_start(catalogue: Catalogue) -> datetime:
    """A morning before the first plan was issued."""
    first = min(catalogue.plans.values(), key=lambda spec: spec.plan.issued_on)
    calendar = WorkCalendar.of(catalogue.calendars[first.plan.calendar])
    return calendar.opening(first.plan.issued_on) - timedelta(days=1)


def left_out(catalogue: Catalogue, wanted: Sequence[str]) -> Sequence[str]:
    """Plans that should be played and are not sound."""
    return [plan_id for plan_id in wanted if plan_id not in catalogue.plans]
