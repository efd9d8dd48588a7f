"""Reading: what a raw mail is and says, found out here or in a process of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from notifiers.replies import Understood, said, understand


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A mail, read."""

    understood: Understood
    said_hash: str
    """Equal for mails that say the same, whichever way they came."""


def read_mail(raw: bytes, server: str | None = None) -> Reading:
    """Read a mail; `server` is believed when it vouches for its sender."""
    understood = understand(raw, server=server)
    return Reading(understood=understood, said_hash=said(raw, understood))


def read_heap(heap: Sequence[bytes], server: str | None = None) -> Sequence[Reading] | None:
    """Read some mails; None when one of them cannot be: read each by itself to know which, and why."""
    with suppress(Exception):
        return [read_mail(raw, server) for raw in heap]
    return None


def serve(handle: int) -> None:
    """Read the heaps of mails that come in over a line, until whoever sends them is gone.

    Neither does who sends the next heap wait for this one, nor the next heap for who takes the answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for whoever started this; the line closes then
    line = Connection(handle)
    heaps: SimpleQueue[Any] = SimpleQueue()
    answers: SimpleQueue[Any] = SimpleQueue()
    answers.put(None)  # ready
    for work in (partial(_pass_on, line.recv, heaps.put), partial(_pass_on, answers.get, line.send)):
        threading.Thread(target=work, daemon=True).start()
    while True:
        answers.put(read_heap(*heaps.get()))


def _pass_on(source: Callable[[], object], to: Callable[[Any], object]) -> None:
    with suppress(EOFError, OSError):
        while True:
            to(source())
    os._exit(0)  # the other end is gone: nobody waits for what is being read
