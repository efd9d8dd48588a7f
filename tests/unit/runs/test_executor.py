"""The mark of the process that runs a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.runs.executor import Executor


def test_a_mark_is_read_back() -> None:
    executor = Executor(host="may-chu-1.tinh.example", pid=4711, born="98765")
    assert Executor.read(executor.mark()) == executor


@pytest.mark.parametrize(
    "mark", [None, "", "Submitting", "dondoc", "dondoc host:x-1", "dondoc :1-1", "other h:1-2"]
)
def test_what_is_no_mark_is_nobody(mark: str | None) -> None:
    assert Executor.read(mark) is None


def test_this_process_lives() -> None:
    assert not Executor.me().is_dead()


def test_an_earlier_process_with_this_ones_number_is_dead() -> None:
    assert replace(Executor.me(), born="1").is_dead()


def test_nothing_is_known_of_another_hosts_processes() -> None:
    assert not Executor(host="elsewhere.example", pid=1, born="1").is_dead()
