"""Rounds of sending side by side keep to the number of connections, and all of them come to an end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from threading import Barrier, Lock

import pytest

from flows.ledger import outbox
from flows.shell.sending.connections import Connections
from flows.shell.sending.dispatch import Dispatch
from notifiers.memory import MemoryMailer
from notifiers.ports import MailSession
from tests.bundles import bundle, task
from tests.ledgers import NOW, Stopped, applied, mail_row, opened, rows

ROUNDS = 3
MAILS = 75
"""Of each round: enough for more connections than there are."""


class CountingMailer(MemoryMailer):
    """Knows how many sessions were ever open at once."""

    def __init__(self) -> None:
        super().__init__()
        self.open_now = 0
        self.most = 0
        self._lock = Lock()

    def session(self) -> AbstractAsyncContextManager[MailSession]:
        return self._counted()

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[MailSession]:
        with self._lock:
            self.open_now += 1
            self.most = max(self.most, self.open_now)
        async with super().session() as session:
            yield session
        with self._lock:
            self.open_now -= 1


@pytest.mark.parametrize("connections", [1, 3])
def test_rounds_side_by_side_share_the_connections_of_the_process(tmp_path: Path, connections: int) -> None:
    mailer, shared, start = CountingMailer(), Connections(connections), Barrier(ROUNDS)
    with opened(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        applied(ledger, bundle(task(lead=["xa-1"])))
        cycle_id = rows(ledger, "request")[0]["cycle_id"]
        with ledger.write() as tx:
            for number in range(ROUNDS):
                listed = [mail_row(ledger, f"{number}-{n}", task=f"viec-{number}") for n in range(MAILS)]
                outbox.enqueue(tx, listed)

        def send(number: int) -> int:
            start.wait()
            clock = Stopped(NOW)
            with Dispatch(ledger=ledger, mailer=mailer, clock=clock, connections=shared) as one:
                return one.send(cycle_id=cycle_id, task=f"viec-{number}").sent

        with ThreadPoolExecutor(ROUNDS) as pool:
            assert list(pool.map(send, range(ROUNDS))) == [MAILS] * ROUNDS
        assert 1 <= mailer.most <= connections
        assert mailer.open_now == 0
        assert len({mail.message_id for mail in mailer.sent}) == len(mailer.sent) == ROUNDS * MAILS
    assert shared.take_more(connections + 1) == connections
