"""Who executes a run: a mark that a serving process leaves on it, and whether that process still lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PREFIX = "dondoc"


@dataclass(frozen=True, kw_only=True)
class Executor:
    """A process on a host; `born` tells it from a later one with the same number."""

    host: str
    pid: int
    born: str

    @classmethod
    def me(cls) -> Self:
        """This process."""
        return cls(host=socket.gethostname(), pid=os.getpid(), born=_born(os.getpid()) or "0")

    @classmethod
    def read(cls, mark: str | None) -> Self | None:
        """The executor that wrote the mark, None if it is not a mark of ours."""
        prefix, _, rest = (mark or "").partition(" ")
        host, _, numbers = rest.rpartition(":")
        pid, _, born = numbers.partition("-")
        if prefix != _PREFIX or not host or not pid.isdigit() or not born:
            return None
        return cls(host=host, pid=int(pid), born=born)

    def mark(self) -> str:
        """What `read` reads back."""
        return f"{_PREFIX} {self.host}:{self.pid}-{self.born}"

    def is_dead(self) -> bool:
        """Whether the process is known to be gone; of another host's processes nothing is known."""
        if self.host != socket.gethostname():
            return False
        if self == Executor.me():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        born = _born(self.pid)
        return born is not None and born != self.born


def _born(pid: int) -> str | None:
    """The kernel's start time of a process, where /proc tells (field 22 of `stat`)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]
