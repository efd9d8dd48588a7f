"""What Outlook wraps into a winmail.dat: the text of the mail and its files.

A reader of our own: the libraries for the format believe every count in a file, and one of sixty octets can
keep them busy for hours. Layout after [MS-OXTNEF]; what runs past the end of the file ends the reading.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from notifiers.replies.mime import rtf
from notifiers.replies.mime.decoding import text_of

MAX_BYTES = 25 * 1024 * 1024
_MOST_OBJECTS = 5_000
_MOST_PROPERTIES = 2_000
_MOST_FILES = 50

_SIGNATURE = 0x223E9F78
_CODEPAGE, _BODY, _PROPERTIES = 0x9007, 0x800C, 0x9003
_NEW_FILE, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_PLAIN, _RICH, _HTML, _HTML_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _OBJECT = 0x3707, 0x3704, 0x3001, 0x3701
_MANY, _NAMED, _UNICODE = 0x1000, 0x8000, 0x1F
_SIZES = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_COUNTED = frozenset((0x0D, 0x1E, 0x1F, 0x102))


@dataclass(kw_only=True)
class Unpacked:
    """What was in it; file names as they were given."""

    plain: str | None = None
    html: str | None = None
    files: list[tuple[str, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    name: str = ""
    title: str = ""
    content: bytes = b""


def unpack(octets: bytes) -> Unpacked | None:
    """What a winmail.dat holds, as far as it can be read; None when it is none. Never raises."""
    if len(octets) < 6 or len(octets) > MAX_BYTES or _number(octets, 0) != _SIGNATURE:
        return None
    held = Unpacked()
    files: list[_File] = []
    rich = b""
    charset = "cp1252"
    for name, content in _objects(octets):
        if name == _CODEPAGE and len(content) >= 4:
            charset = _charset(_number(content, 0), charset)
        elif name == _BODY:
            held.plain = held.plain or _text(content, charset)
        elif name == _PROPERTIES:
            told = _properties(content, charset)
            told_charset = told.get(_HTML_CODEPAGE, b"")
            html_charset = _charset(_number(told_charset, 0), charset) if len(told_charset) == 4 else charset
            held.plain = held.plain or _text(told.get(_PLAIN, b""), "utf-8")
            held.html = held.html or _text(told.get(_HTML, b""), html_charset)
            rich = rich or told.get(_RICH, b"")
        elif name == _NEW_FILE and len(files) < _MOST_FILES:
            files.append(_File())
        elif files:
            _add_to(files[-1], name, content, charset)
    if not held.plain and not held.html and rich:
        held.plain = rtf.text_of_compressed(rich)
    held.plain, held.html = held.plain or None, held.html or None
    held.files = [(one.name or one.title, one.content) for one in files]
    return held


def _add_to(file: _File, name: int, content: bytes, charset: str) -> None:
    if name == _FILE_TITLE:
        file.title = _text(content, charset)
    elif name == _FILE_DATA:
        file.content = content
    elif name == _FILE_PROPERTIES:
        told = _properties(content, charset)
        names = (_text(told.get(one, b""), "utf-8") for one in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
        file.name = next((one for one in names if one), "")
        file.content = file.content or told.get(_OBJECT, b"")[16:]


def _objects(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Names and contents of the objects, one after the other."""
    at = 6
    for _ in range(_MOST_OBJECTS):
        if at + 9 > len(octets):
            return
        length = _number(octets, at + 5)
        yield _short(octets, at + 1), octets[at + 9 : at + 9 + length]
        at += 11 + length


def _properties(content: bytes, charset: str) -> dict[int, bytes]:
    """The properties' first values by their numbers, texts in UTF-8; those behind a broken one are lost."""
    told: dict[int, bytes] = {}
    try:
        count, at = _number(content, 0), 4
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, name = _short(content, at), _short(content, at + 2)
            at = _behind_name(content, at + 4) if name >= _NAMED else at + 4
            value, at = _value(content, at, kind)
            if kind == _UNICODE:
                value = value.decode("utf-16-le", "replace").encode("utf-8", "replace")
            elif kind == 0x1E:
                value = text_of(value, charset).encode("utf-8", "replace")
            told.setdefault(name, value)
    except (struct.error, _UnknownKind):
        pass
    return told


class _UnknownKind(ValueError):
    """A property whose length nobody knows."""


def _behind_name(content: bytes, at: int) -> int:
    """Where a property with a name of its own goes on."""
    by_text = _number(content, at + 16)
    return at + 24 + (_padded(_number(content, at + 20)) if by_text else 0)


def _value(content: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value at a place, and where the next property begins."""
    many, kind = kind & _MANY, kind & ~_MANY
    if kind in _SIZES:
        count = _number(content, at) if many else 1
        at += 4 if many else 0
        return content[at : at + _SIZES[kind]], at + _padded(_SIZES[kind] * count)
    if kind not in _COUNTED:
        raise _UnknownKind
    count = _number(content, at)
    at += 4
    first = b""
    for place in range(min(count, _MOST_PROPERTIES)):
        length = _number(content, at)
        if place == 0:
            first = content[at + 4 : at + 4 + length]
        at += 4 + _padded(length)
    return first, at


def _charset(codepage: int, otherwise: str) -> str:
    name = "utf-8" if codepage == 65001 else f"cp{codepage}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return otherwise


def _text(octets: bytes, charset: str) -> str:
    return text_of(octets.rstrip(b"\0"), charset).replace("\r\n", "\n").strip("\0").strip()


def _padded(length: int) -> int:
    return length + -length % 4


def _short(octets: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", octets, at)[0])


def _number(octets: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", octets, at)[0])
