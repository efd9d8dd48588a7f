"""Raw messages on disk: single files, folders of them, Maildirs and mbox files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from notifiers.replies.mime.message import MAX_BYTES

_HEADER_LINE = re.compile(rb"(?:\xef\xbb\xbf)?(?:From [^\r\n]*|>?[!-9;-~]{1,100}[ \t]*:[^\r\n]*)\r?\n")
_NOT_MAIL = frozenset((".json", ".yaml", ".yml", ".md", ".py", ".toml", ".csv"))
_STUFFED = re.compile(rb">+From ")
_IN_MAILDIR = frozenset(("cur", "new"))


def mails(path: Path) -> Iterator[tuple[str, bytes]]:
    """The raw messages at `path`, each with a name to show: the file's, and in an mbox its number from 1.

    In a folder, everything that begins like a mail counts, in the order of names; of a Maildir, `cur` and
    `new`. A file that is given is read whatever is in it. Raises OSError when something cannot be read.
    """
    if not path.is_dir():
        yield from _of_file(path)
        return
    for file in _files(path):
        yield from _of_file(file)


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).parts
        if file.is_symlink() or not file.is_file() or any(part.startswith(".") for part in inside[:-1]):
            continue
        if file.parent.name == "tmp" and (file.parent.parent / "cur").is_dir():
            continue  # a Maildir's mails that are still being written
        if file.parent.name in _IN_MAILDIR or (not file.name.startswith(".") and _begins_like_mail(file)):
            yield file


def _begins_like_mail(file: Path) -> bool:
    if file.suffix.lower() in _NOT_MAIL:
        return False
    if file.suffix.lower() == ".eml":
        return True
    with file.open("rb") as stream:
        return _HEADER_LINE.match(stream.readline(2000)) is not None


def _of_file(file: Path) -> Iterator[tuple[str, bytes]]:
    with file.open("rb") as stream:
        if stream.read(5) != b"From ":
            stream.seek(0)
            yield file.as_posix(), stream.read(MAX_BYTES)
            return
    held: bytes | None = None
    number = 0
    for number, raw in enumerate(_of_mbox(file), start=1):
        if held is not None:
            yield f"{file.as_posix()}:{number - 1}", held
        held = raw
    if held is not None:
        yield (file.as_posix() if number == 1 else f"{file.as_posix()}:{number}"), held


def _of_mbox(file: Path) -> Iterator[bytes]:
    """The messages of an mbox; a line "From " begins one at the start and below a blank line.

    Each as it travelled, whatever program wrote the file: lines end in CRLF, and the blank line that parts it
    from the next is not its own. So a mail has the same octets out of every mbox.
    """
    lines: list[bytes] = []
    size = 0
    blank, begun = True, False
    with file.open("rb") as stream:
        for line in stream:
            bare = line.rstrip(b"\r\n")
            if blank and bare.startswith(b"From "):
                if begun:
                    yield _joined(lines)
                lines, size, begun = [], 0, True
            elif size < MAX_BYTES:
                lines.append(bare[1:] if _STUFFED.match(bare) else bare)
                size += len(line)
            blank = not bare
    if begun:
        yield _joined(lines)


def _joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in (lines[:-1] if lines and not lines[-1] else lines))
