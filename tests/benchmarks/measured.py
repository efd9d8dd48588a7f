"""What a process cost: time on the wall, processor time, peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one process, started and ended."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    status: int
    output: str

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.2f} s wall, {self.cpu_seconds:6.2f} s CPU, {self.peak_mb:6.0f} MB at the most"
        )


def cost_of(*arguments: str, runs: int = 3, program: str = sys.executable) -> Cost:
    """The cost of a program, this Python by default, with `arguments`: the fastest of so many runs."""
    return min((_once(program, arguments) for _ in range(runs)), key=lambda cost: cost.seconds)


_TELL_PEAK = """\
import atexit, os
def _peak(to):
    with open("/proc/self/status") as status:
        os.write(to, next(line for line in status if line.startswith("VmHWM")).split()[1].encode())
atexit.register(_peak, {to})
"""
"""Run before a child's code on Linux: what the system tells of a child begins at its parent's own peak."""


def _once(program: str, arguments: Sequence[str]) -> Cost:
    reading, writing = os.pipe()
    if arguments[0] == "-c" and Path("/proc/self/status").exists():
        arguments = ["-c", _TELL_PEAK.format(to=writing) + arguments[1], *arguments[2:]]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [program, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[writing],
    )
    os.close(writing)
    assert process.stdout is not None
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    with os.fdopen(reading) as told:
        peak_kb = int(told.read() or usage.ru_maxrss)
    return Cost(
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=peak_kb / 1024,
        status=process.returncode,
        output=output,
    )
