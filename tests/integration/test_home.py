"""What dondoc keeps in its own folder: the clock of a demo, and the key that addresses are signed with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.clock import ClockUnreadable, FileClock, WallClock, clock_of
from flows.settings import Settings, read_settings


def test_a_clock_in_a_file_is_turned_for_everybody_who_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    one, other = FileClock(path=path), clock_of(path)
    one.set(datetime(2024, 11, 29, 8, tzinfo=UTC))
    assert other.now() == datetime(2024, 11, 29, 8, tzinfo=UTC)
    one.set(datetime(2024, 11, 30, 8, tzinfo=UTC))
    assert other.now() == datetime(2024, 11, 30, 8, tzinfo=UTC)
    assert [file.name for file in tmp_path.iterdir()] == ["clock"]


@pytest.mark.parametrize("text", [None, "", "hôm qua", "2024-11-29T08:00:00"])
def test_a_clock_without_an_instant_says_so(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "clock"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(ClockUnreadable) as caught:
        FileClock(path=path).now()
    assert str(path) in str(caught.value)


def test_the_wall_clock_knows_its_zone() -> None:
    assert clock_of(None) == WallClock()
    assert WallClock().now().tzinfo is UTC


def at_home(home: Path) -> Settings:
    return read_settings({"DONDOC_HOME": str(home)})


def test_a_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    home = tmp_path / "moi"
    made = at_home(home).secret()
    assert len(made) == 64
    assert at_home(home).secret() == made
    assert at_home(tmp_path / "khac").secret() != made
    assert [file.name for file in home.iterdir()] == ["secret.key"]
    assert (home / "secret.key").stat().st_mode & 0o077 == 0


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: at_home(tmp_path).secret(), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    given = read_settings({"DONDOC_HOME": str(tmp_path), "DONDOC_SECRET": "chung"})
    assert given.secret() == b"chung"
    assert list(tmp_path.iterdir()) == []
