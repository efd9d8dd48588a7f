"""The corpora of right and wrong specs, as names and bytes."""

from __future__ import annotations

import re
from pathlib import Path

from schemas.check import TABLES

CORPUS = Path(__file__).parents[2] / "corpora" / "specs"
_EXPECTED = re.compile(r"^# expect: (D\d{3}) line (\d+)$", re.MULTILINE)


def right() -> dict[str, bytes]:
    """All right files, by name, and all tables."""
    plans = {f"right/{path.name}": path.read_bytes() for path in sorted((CORPUS / "right").glob("*.yaml"))}
    tables = {
        f"{path.parent.name}/{path.name}": path.read_bytes()
        for path in sorted(CORPUS.rglob("*.*"))
        if path.suffix in TABLES
    }
    return plans | tables


def wrong() -> dict[str, bytes]:
    """All wrong files, by name."""
    return {f"wrong/{path.name}": path.read_bytes() for path in sorted((CORPUS / "wrong").glob("*.yaml"))}


def expected(content: bytes) -> list[tuple[str, int]]:
    """The codes and lines that a wrong file says it must give."""
    return sorted((code, int(line)) for code, line in _EXPECTED.findall(content.decode()))
