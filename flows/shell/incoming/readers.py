"""Readers: processes that read mails of a batch while this one writes about those before them."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import closing
from multiprocessing import Pipe

from flows.shell.incoming.reading import Reading, read_heap

_log = logging.getLogger(__name__)

_WORTH_IT = 4
"""Heaps that must wait before a process is started: to start one takes as long as to read several."""
_PATIENCE_SECONDS = 300.0
"""How long a heap may be read; each of its mails has a limit of its own, far below."""
_PROGRAM = "import sys; from flows.shell.incoming.reading import serve; serve(int(sys.argv[1]))"


class Readers:
    """At most `count` processes, none before many mails wait; for one thread at a time.

    They end with `close`, and whenever this process ends, however it does.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._readers: list[_Reader] = []

    def read(
        self, heaps: Sequence[Sequence[bytes]], server: str | None = None
    ) -> Generator[Sequence[Reading] | None, None, None]:
        """What the mails of each heap say, in turn; None for a heap with a mail that cannot be read. `server`
        is believed when it vouches for a sender.

        Who asks reads along: it waits for another only when nothing is left to begin with.
        """
        if len(heaps) >= _WORTH_IT:
            self._start()
        with closing(_Round(self._readers, heaps, server)) as one:
            for number in range(len(heaps)):
                yield one.found(number)

    def begin(self) -> int:
        """Start all now, and wait until they have begun; how many there are."""
        self._start()
        return sum(reader.begun() for reader in self._readers)

    def close(self) -> None:
        """End all processes; the next heaps may start new ones."""
        while self._readers:
            self._readers.pop().end()

    def _start(self) -> None:
        """Start what is missing; without any, all is read by who asks."""
        try:
            while len(self._readers) < self._count:
                self._readers.append(_Reader())
        except OSError as exc:
            _log.warning("no further process can be started to read mails: %s", exc)


class _Round:
    """Some heaps, and who reads which; readers that are gone are taken out of the list."""

    def __init__(self, readers: list[_Reader], heaps: Sequence[Sequence[bytes]], server: str | None) -> None:
        self._readers = readers
        self._heaps = heaps
        self._server = server
        self._left = deque(range(len(heaps)))
        self._begun: dict[int, _Reader] = {}
        self._found: dict[int, Sequence[Reading] | None] = {}

    def found(self, number: int) -> Sequence[Reading] | None:
        """What was read of a heap, each asked for once and in turn."""
        while number not in self._found:
            reader = self._begun.get(number)
            if reader is not None and (reader.answered() or not self._left):
                self._take_from(reader)
            else:
                mine = self._left.popleft()
                self._hand_out()
                self._found[mine] = read_heap(self._heaps[mine], self._server)
        self._hand_out()
        return self._found.pop(number)

    def close(self) -> None:
        """Leave off: what was begun, nobody wants to know any more."""
        for reader in set(self._begun.values()):
            self._lose(reader)

    def _hand_out(self) -> None:
        """Let each reader have a heap to read, and one to go on with."""
        for many in (1, 2):
            for reader in tuple(self._readers):
                try:
                    if self._left and reader.ready() and len(self._of(reader)) < many:
                        reader.ask(self._heaps[self._left[0]], self._server)
                        self._begun[self._left.popleft()] = reader
                except EOFError:
                    self._lose(reader)

    def _take_from(self, reader: _Reader) -> None:
        """It answers in the order in which it was asked; that need not be the order of the heaps, once
        another is gone and has left its own.
        """
        first = self._of(reader)[0]
        try:
            self._found[first] = reader.answer()
            del self._begun[first]
        except EOFError:
            _log.warning("a process that read mails is gone; its mails are read here")
            self._lose(reader)

    def _of(self, reader: _Reader) -> list[int]:
        """The heaps that it was asked for and has not answered, the first asked first."""
        return [number for number, its in self._begun.items() if its is reader]

    def _lose(self, reader: _Reader) -> None:
        """Do without it from now on, and begin anew what it had begun."""
        if reader in self._readers:
            self._readers.remove(reader)
            reader.end()
        of_it = self._of(reader)
        for number in of_it:
            del self._begun[number]
        self._left = deque(sorted((*self._left, *of_it)))


class _Reader:
    """A process, and the line to it: a heap goes out, what was read comes back."""

    def __init__(self) -> None:
        self._line, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._ready = False

    def begun(self) -> bool:
        """Wait until it has begun; whether it has."""
        return self._line.poll(_PATIENCE_SECONDS) and self.ready()

    def ready(self) -> bool:
        """Whether it has begun: a heap would otherwise wait for it. Raises EOFError when it is gone."""
        if not self._ready and self._line.poll():
            self._ready = self.answer() is None
        return self._ready

    def ask(self, heap: Sequence[bytes], server: str | None) -> None:
        """Have a heap read. Raises EOFError when the process is gone."""
        try:
            self._line.send((heap, server))
        except OSError as exc:
            raise EOFError from exc

    def answered(self) -> bool:
        """Whether the answer is there, or none will come."""
        return self._line.poll()

    def answer(self) -> Sequence[Reading] | None:
        """What was read, waited for. Raises EOFError when the process is gone, or never comes to an end."""
        if not self._line.poll(_PATIENCE_SECONDS):
            raise EOFError
        try:
            found: Sequence[Reading] | None = self._line.recv()
        except (OSError, pickle.UnpicklingError) as exc:
            raise EOFError from exc
        return found

    def end(self) -> None:
        """End the process at once, whatever it is doing: it has nothing to lose."""
        self._line.close()
        self._process.kill()
        self._process.wait()
