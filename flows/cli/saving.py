"""Saving: the files of a mail, written into a folder under names that cannot do harm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifiers.replies import Attachment

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\\\:*?"<>|]+')
"""What is no letter of a name on some system, or turns a name round before the reader's eyes."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST = 150
_LONGEST_SUFFIX = 12
_MODE = 0o600


def save(files: Iterable[Attachment], folder: Path) -> Iterator[Path]:
    """Write files into a folder, which is made; the path of each. None is written over, none can be run.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if not file.content:
            continue
        name = safe_name(file.name)
        for number in count(1):
            path = folder / (name if number == 1 else _numbered(name, number))
            try:
                with path.open("xb") as writing:
                    path.chmod(_MODE)
                    writing.write(file.content)
            except FileExistsError:
                continue
            yield path
            break


def safe_name(name: str) -> str:
    """A file's name as it may be written anywhere: no path, no control characters, neither hidden nor
    reserved, and not too long; accents stay.
    """
    safe = _UNSAFE.sub("_", name).strip(" .")
    stem, dot, suffix = safe.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = safe, "", ""
    while len(f"{stem}{dot}{suffix}".encode()) > _LONGEST:
        stem = stem[:-1]
    safe = f"{stem}{dot}{suffix}" or "file"
    return f"_{safe}" if _RESERVED.fullmatch(safe) else safe


def _numbered(name: str, number: int) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})"
