"""The demo ends as its script says, tells how it goes while it plays, and leaves nothing running."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.integration.staging import CAU_NGANG, ROOT

_COMMAND = [sys.executable, "-c", "from flows.cli import main; main()", "demo"]


def _environment(specs: Path, home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PREFECT_"))}
    return ours | {"DONDOC_SPECS": str(specs), "DONDOC_LANG": "vi", "TMPDIR": str(home)}


def _specs(folder: Path) -> Path:
    """Write a folder of specs with two of the plans; `make demo` plays all of them."""
    shutil.copytree(ROOT / "plan_specs", folder)
    for plan in (folder / "plans").iterdir():
        if plan.stem not in CAU_NGANG:
            plan.unlink()
    return folder


def test_the_demo_ends_with_status_0_and_a_table(tmp_path: Path) -> None:
    specs, homes = _specs(tmp_path / "specs"), tmp_path / "homes"
    homes.mkdir()
    done = subprocess.run(
        _COMMAND,
        cwd=ROOT,
        env=_environment(specs, homes),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert re.search(r"http://127\.0\.0\.1:\d+/v2/", done.stdout)
    # owed, in time, late, missing; rungs; where the result landed; as scripted
    row = r"Năm 2024 +18 +14 +3 +1 1:3 2:2 3:1 1466/QĐ-UBND +✓"
    assert re.search(row, done.stdout), done.stdout
    assert "✗" not in done.stdout
    assert "Mọi kỳ báo cáo kết thúc đúng kịch bản" in done.stdout
    assert list(homes.iterdir()) == []  # its files are gone with it


def test_a_demo_that_is_stopped_stops_what_it_started(tmp_path: Path) -> None:
    specs, home = _specs(tmp_path / "specs"), tmp_path / "home"
    demo = subprocess.Popen(
        [*_COMMAND, "--home", str(home)],
        cwd=ROOT,
        env=_environment(specs, tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (home / "serving.json").exists():
        assert demo.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    demo.send_signal(signal.SIGTERM)
    told, _ = demo.communicate(timeout=30)
    assert demo.returncode == 130
    assert str(home) in told.splitlines()[-1]
    assert "Traceback" not in told
    assert _using(home) == []


def _using(home: Path) -> list[str]:
    """Give the processes whose environment names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if f"={home}".encode() in environment:
            found.append(process.name)
    return found
