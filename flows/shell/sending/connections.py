"""Connections: how many lines to the mail server this process keeps open at once, whoever sends over them."""

from __future__ import annotations

import threading


class Connections:
    """A number of lines that rounds of sending share. Safe to use from several threads.

    A round waits for its first line and holds none while it does; further ones it has only when they are
    free. So no two rounds wait for each other.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._free = threading.BoundedSemaphore(most)

    def take_first(self) -> None:
        """Take one line; waits until one is free."""
        self._free.acquire()

    def take_more(self, wanted: int) -> int:
        """Take as many lines as are free, up to the number wanted; how many."""
        taken = 0
        while taken < wanted and self._free.acquire(blocking=False):
            taken += 1
        return taken

    def give_back(self, held: int) -> None:
        """Let others have lines that were closed."""
        if held:
            self._free.release(held)
