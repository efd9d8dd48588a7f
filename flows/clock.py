"""The one clock: every instant the engine knows comes from here, so that a demo can turn the hands."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time; instants are aware."""

    def now(self) -> datetime:
        """The present instant."""
        ...


@dataclass(frozen=True, kw_only=True)
class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class FileClock:
    """A clock whose hands stand where a file says, shared by every process that names the same file."""

    path: Path

    def now(self) -> datetime:
        """The instant written in the file.

        Raises ClockUnreadable when there is none.
        """
        try:
            instant = datetime.fromisoformat(self.path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as exc:
            raise ClockUnreadable(self.path) from exc
        if instant.tzinfo is None:
            raise ClockUnreadable(self.path)
        return instant

    def set(self, instant: datetime) -> None:
        """Turn the hands, for every process at once; a reader sees the old instant or the new one."""
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(instant.isoformat())
        Path(name).replace(self.path)


class ClockUnreadable(RuntimeError):
    """The clock file holds no instant."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} holds no instant such as 2024-11-25T08:00:00+07:00")


def clock_of(path: Path | None) -> Clock:
    """The clock in that file, or the wall clock without one."""
    return FileClock(path=path) if path is not None else WallClock()
