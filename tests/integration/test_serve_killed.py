"""`dondoc serve` killed (SIGKILL) while it works: every request is mailed once, every cycle still ends."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from flows.ledger import cycles, inbox, outbox
from flows.ledger.outbox import MailStatus
from notifiers.ports import LetterKind
from tests.integration.staging import (
    CAU_NGANG,
    outbox_of,
    play,
    power_cut,
    stage_of,
    unlike_the_script,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flows.demo.stage import Stage
    from flows.runs.embedded import EmbeddedServer


@contextmanager
def _watching(look: Callable[[], None]) -> Iterator[None]:
    """Look again and again from a thread."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.01):
            look()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class _Moment(StrEnum):
    MAIL_NOT_ACKNOWLEDGED = "a mail has arrived, and its sender was not told"
    BETWEEN_MAILS = "some of a batch are sent, some not"
    PASS_UNDER_WAY = "a cycle is claimed, by the wake loop or a pass"
    ANSWER_NOT_READ = "an answer is kept and nobody has read it"


class _Cuts:
    """Power cuts, each at a moment of a kind that is next on the list; chance decides which such moment."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._cut_start = 0
        self._received = 0
        self.ahead = [*_Moment, _Moment.BETWEEN_MAILS]
        self._chance.shuffle(self.ahead)
        stage.agencies.on_received = self.mail_received

    def mail_received(self, _count: int) -> None:
        """Cut before a mail is acknowledged; or wait a little, so that a batch takes its time."""
        if self._chance.random() < 0.2:
            self._cut(_Moment.MAIL_NOT_ACKNOWLEDGED)
        time.sleep(0.01)

    def look(self) -> None:
        """Cut when the ledger shows the moment that is next."""
        engine = self._stage.engine
        if engine is None:
            return
        with self._stage.ledger.read() as tx:
            unread = inbox.waiting(tx)
            unsent = outbox.unsent(tx, self._stage.clock.now())
            passing = [owner for owner in cycles.claim_owners(tx) if owner.endswith(f":{engine.pid}")]
        if unread:
            self._cut(_Moment.ANSWER_NOT_READ)
        if unsent > 1 and self._chance.random() < 0.3:
            self._cut(_Moment.BETWEEN_MAILS)
        if passing and self._chance.random() < 0.2:
            self._cut(_Moment.PASS_UNDER_WAY)

    def _doubts(self) -> bool:
        """Whether mails that may have arrived before the last cut are still to be sent once more."""
        return any(
            mail.resent_in_doubt and mail.status is not MailStatus.SENT for mail in outbox_of(self._stage)
        )

    def _cut(self, moment: _Moment) -> None:
        with self._lock:
            begun = self._stage.is_serving and self._cut_start < self._stage.started_times
            # two cuts that hit one mail leave it in doubt for good, as they should; each hits another here
            received = len(self._stage.agencies.figures.received)
            if begun and received > self._received + 1 and self.ahead[:1] == [moment] and not self._doubts():
                self._cut_start, self._received = self._stage.started_times, received
                self.ahead.pop(0)
                power_cut(self._stage)


def test_every_request_is_mailed_once_and_every_cycle_ends(
    tmp_path: Path, prefect_server: EmbeddedServer
) -> None:
    with stage_of(CAU_NGANG, tmp_path / "home", prefect_server) as stage:
        cuts = _Cuts(stage, seed=1057)
        planned = len(cuts.ahead)
        with _watching(cuts.look):
            deaths = play(stage)
        assert cuts.ahead == []
        assert deaths == planned
        mails = outbox_of(stage)
        received = stage.agencies.figures.received
        assert [mail for mail in mails if mail.status is not MailStatus.SENT] == []
        assert set(received) == {mail.message_id for mail in mails}
        # a mail whose arrival nobody could know of comes once more, under the same id, and the ledger says so
        again = {id_ for id_, times in received.items() if times > 1}
        assert again <= {mail.message_id for mail in mails if mail.resent_in_doubt}
        assert max(received.values()) == 2
        asked = Counter(mail.key for mail in mails if mail.kind == LetterKind.REQUEST)
        owed = sum(sum(outcome.statuses.values()) for outcome in stage.script.outcomes.values())
        assert len(asked) == owed
        assert unlike_the_script(stage) == {}
        assert stage.status().unplaced == 0
