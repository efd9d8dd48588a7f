"""Readers: what one process leaves, another reads, and nothing is taken for what was read of another heap."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import pytest

from flows.shell.incoming import readers as readers_module
from flows.shell.incoming.readers import Readers


class Told:
    """A process beside that answers in the order in which it was asked, and is gone after some answers."""

    living: list[int]

    def __init__(self) -> None:
        self._asked: deque[Sequence[bytes]] = deque()
        self._left = self.living.pop(0) if self.living else 1_000

    def ready(self) -> bool:
        return True

    def ask(self, heap: Sequence[bytes], server: str | None) -> None:
        del server
        self._asked.append(heap)

    def answered(self) -> bool:
        return bool(self._asked)

    def answer(self) -> list[bytes]:
        if not self._left:
            raise EOFError
        self._left -= 1
        return list(self._asked.popleft())

    def end(self) -> None:
        self._asked.clear()


@pytest.mark.parametrize("living", [[0], [1], [2], [3, 1], [0, 0], [1_000, 0, 2]])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_whichever_process_goes_each_heap_gets_what_was_read_of_it(
    monkeypatch: pytest.MonkeyPatch, living: list[int], count: int
) -> None:
    monkeypatch.setattr(readers_module, "_Reader", Told)
    monkeypatch.setattr(Told, "living", list(living), raising=False)
    monkeypatch.setattr(readers_module, "read_heap", lambda heap, _server: list(heap))
    heaps = [[b"%d" % number] for number in range(24)]

    assert list(Readers(count).read(heaps)) == heaps
