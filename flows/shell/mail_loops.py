"""Mail loops: the threads of a serving process that take mail in, send it, and post to chats."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from flows.clock import WallClock
from flows.ledger import delivery
from flows.shell.desk.digest import Digest
from flows.shell.incoming.intake import Intake
from flows.shell.passes import Shell

if TYPE_CHECKING:
    from notifiers.ports import RawMail

_log = logging.getLogger("dondoc.serving")

_AGAIN_SECONDS = 1.0
"""After what went wrong, and between looks at mail that nobody announced."""


class MailLoops:
    """Three threads: one deals with mail that came in, one sends what no pass sends, one posts to chats."""

    def __init__(self, shell: Shell, intake: Intake, on_news: Callable[[], None], every: float) -> None:
        self._shell = shell
        self._intake = intake
        self._on_news = on_news
        self._every = every
        self._digest = Digest(shell=shell)
        self._stop = threading.Event()
        self._came_in = threading.Event()
        self._to_send = threading.Event()
        self._threads = [
            threading.Thread(target=self._take_in, name="dondoc-intake"),
            threading.Thread(target=self._send, name="dondoc-postman"),
            threading.Thread(target=self._post, name="dondoc-channels"),
        ]

    def keep(self, mail: RawMail) -> None:
        """For the listener: keep a mail, then have it looked at."""
        self._intake.keep(mail)
        self._came_in.set()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._came_in.set()
        self._to_send.set()
        for thread in self._threads:
            thread.join()

    def _take_in(self) -> None:
        while not self._stop.is_set():
            self._came_in.clear()
            try:
                while self._intake.take_in():
                    self._to_send.set()
                    self._on_news()
            except Exception:  # noqa: BLE001 - the loop outlives whatever one look runs into
                _log.exception("taking mail in failed; it is tried again")
                self._stop.wait(_AGAIN_SECONDS)
            self._came_in.wait(_AGAIN_SECONDS)

    def _send(self) -> None:
        while not self._stop.is_set():
            self._to_send.clear()
            # each by itself: what is wrong with one mail keeps no other from going out
            went_well = [self._tried(one) for one in (self._digest.look, self._shell.reroute, self._dispatch)]
            if not all(went_well):
                self._stop.wait(_AGAIN_SECONDS)
            self._to_send.wait(self._every)

    def _tried(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except Exception:  # noqa: BLE001 - as above
            _log.exception("sending failed; it is tried again")
            return False
        return True

    def _dispatch(self) -> None:
        if self._something_due():
            with self._shell.dispatch() as dispatch:
                result = dispatch.send()
            if result.server_down is not None:
                self._stop.wait(_AGAIN_SECONDS)

    def _post(self) -> None:
        """A slow service holds up no mail."""
        posting = self._shell.posting()
        while not self._stop.is_set():
            try:
                posting.post()
            except Exception:  # noqa: BLE001 - as above
                _log.exception("posting to channels failed; it is tried again")
                self._stop.wait(_AGAIN_SECONDS)
            self._stop.wait(self._every)

    def _something_due(self) -> bool:
        with self._shell.ledger.read() as tx:
            return delivery.claimable(tx, self._shell.clock.now(), WallClock().now())
