"""Mails that are kept at one moment share a transaction, and none of them another's fate."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest

from flows.ledger import inbox
from flows.ledger.database import LedgerBusy
from flows.shell.incoming.keeping import Keeping
from notifiers.ports import RawMail

AT = datetime(2024, 11, 18, tzinfo=UTC)


class Shelf:
    """A ledger that only counts: mails become lasting when their transaction ends."""

    def __init__(self) -> None:
        self.transactions: list[list[bytes]] = []
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.stop_with: BaseException | None = None

    @contextmanager
    def write(self) -> Iterator[list[bytes]]:
        together: list[bytes] = []
        self.begun.set()
        self.go_on.wait()
        if self.stop_with is not None:
            stop, self.stop_with = self.stop_with, None
            raise stop
        yield together
        self.transactions.append(together)


class Line(deque[Any]):
    """Who waits, with a count of all who came."""

    def __init__(self) -> None:
        super().__init__()
        self.came = threading.Semaphore(0)

    def append(self, one: object) -> None:
        super().append(one)
        self.came.release()


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    def keep(tx: list[bytes], mails: Sequence[tuple[RawMail, datetime]]) -> list[bool]:
        for mail, _ in mails:
            if mail.raw == b"bad":
                raise ValueError("cannot be kept")
            tx.append(mail.raw)
        return [mail.raw != b"known" for mail, _ in mails]

    monkeypatch.setattr(inbox, "keep", keep)
    return Shelf()


def offered(shelf: Shelf, *raws: bytes) -> list[object]:
    """What each is told, when the first is being stored while the others come."""
    keeping = Keeping()
    line = keeping._waiting = Line()

    def keep(raw: bytes) -> object:
        mail = RawMail(envelope_from="", envelope_to=("b@d.example",), raw=raw)
        try:
            return keeping.keep(shelf, mail, AT)  # type: ignore[arg-type]
        except (ValueError, LedgerBusy, SystemExit) as exc:
            return repr(exc)

    with ThreadPoolExecutor(len(raws)) as threads:
        first = threads.submit(keep, raws[0])
        shelf.begun.wait()
        others = [threads.submit(keep, raw) for raw in raws[1:]]
        for _ in raws:
            line.came.acquire()
        shelf.go_on.set()
        return [one.result() for one in (first, *others)]


def test_what_comes_while_a_mail_is_stored_is_stored_together(shelf: Shelf) -> None:
    assert offered(shelf, b"a", b"b", b"known", b"c") == [True, True, False, True]
    first, others = shelf.transactions
    assert first == [b"a"]
    assert sorted(others) == [b"b", b"c", b"known"]


def test_a_mail_that_cannot_be_kept_keeps_no_other_out(shelf: Shelf) -> None:
    assert offered(shelf, b"a", b"b", b"bad", b"c") == [True, True, "ValueError('cannot be kept')", True]
    assert sorted(chain.from_iterable(shelf.transactions)) == [b"a", b"b", b"c"]


def test_who_waits_goes_on_when_the_thread_that_stores_is_stopped(shelf: Shelf) -> None:
    shelf.stop_with = SystemExit(1)
    assert offered(shelf, b"a", b"b", b"c") == ["SystemExit(1)", True, True]
    assert sorted(chain.from_iterable(shelf.transactions)) == [b"a", b"b", b"c"]
