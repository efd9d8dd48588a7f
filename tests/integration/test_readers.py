"""Mails that are read in processes beside are read as they are here, whatever becomes of those processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from flows.shell.incoming import readers as readers_module
from flows.shell.incoming.readers import Readers
from flows.shell.incoming.reading import Reading, read_heap, read_mail

MAILS = [path.read_bytes() for path in sorted(Path("tests/corpora/mail").rglob("*.eml"))]
HEAPS = [MAILS[start : start + 20] for start in range(0, len(MAILS), 20)]


@cache
def expected() -> list[list[str]]:
    """The subjects of the corpus, heap by heap."""
    return [[read_mail(raw).understood.subject for raw in heap] for heap in HEAPS]


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many mails each heap had that was read in this process."""
    found: list[int] = []

    def counted(heap: Sequence[bytes], server: str | None) -> Sequence[Reading] | None:
        found.append(len(heap))
        return read_heap(heap, server)

    monkeypatch.setattr(readers_module, "read_heap", counted)
    return found


def subjects(readers: Readers, heaps: Sequence[Sequence[bytes]]) -> list[list[str]]:
    """The subjects of the mails, heap by heap."""
    return [[one.understood.subject for one in heap or ()] for heap in readers.read(heaps)]


@contextmanager
def begun(count: int) -> Iterator[Readers]:
    readers = Readers(count)
    try:
        readers.begin()
        yield readers
    finally:
        readers.close()


def test_every_mail_of_the_corpus_is_read_the_same(read_here: list[int]) -> None:
    with begun(2) as readers:
        found = [one for heap in readers.read(HEAPS, "mx.dondoc.example") for one in heap or ()]
    assert 1 <= len(read_here) < len(HEAPS)
    for raw, read in zip(MAILS, found, strict=True):
        here = read_mail(raw, "mx.dondoc.example")
        assert read == here
        files = [one.content for one in read.understood.attachments]
        assert files == [one.content for one in here.understood.attachments]


def test_few_mails_start_no_process_and_neither_does_a_count_of_none(read_here: list[int]) -> None:
    few, none = Readers(1), Readers(0)
    assert subjects(few, HEAPS[:3]) == expected()[:3]
    assert subjects(none, HEAPS) == expected()
    assert few._readers == none._readers == []
    assert len(read_here) == 3 + len(HEAPS)


def test_a_heap_with_a_mail_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    with begun(1) as readers:
        told = list(readers.read([HEAPS[0], [None], *HEAPS[1:]]))  # type: ignore[list-item]
    assert [heap is None for heap in told] == [False, True] + [False] * (len(HEAPS) - 1)


def test_a_process_that_is_gone_is_missed_by_nobody() -> None:
    with begun(1) as readers:
        (only,) = readers._readers
        only._process.kill()
        only._process.wait()
        assert subjects(readers, HEAPS) == expected()


def test_what_a_process_had_begun_when_it_went_is_read_here() -> None:
    with begun(1) as readers:
        (only,) = readers._readers
        reading = readers.read(HEAPS)
        first = next(reading)
        only._process.kill()
        assert [len(heap or ()) for heap in (first, *reading)] == [len(heap) for heap in HEAPS]


@pytest.mark.parametrize("program", ["raise SystemExit", "import time; time.sleep(600)"])
def test_a_process_that_never_begins_holds_nobody_up(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(readers_module, "_PROGRAM", program)
    readers = Readers(1)
    assert subjects(readers, HEAPS) == expected()
    readers.close()
    assert readers._readers == []


def test_who_turns_away_in_the_middle_gets_no_answer_of_before() -> None:
    with begun(1) as readers:
        reading = readers.read(HEAPS)
        next(reading)
        reading.close()
        readers.begin()
        assert subjects(readers, HEAPS[1:]) == expected()[1:]


def test_no_process_outlives_the_one_that_started_it() -> None:
    program = (
        "import os, signal; from flows.shell.incoming.readers import Readers; readers = Readers(1);"
        "print(readers.begin(), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    # ends only when nobody holds the other end of its output any more
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, timeout=120, check=False)
    assert done.stdout == b"1\n"
    assert done.returncode == -9
