"""Rich text, compressed as Outlook does it ([MS-OXRTFCP]), becomes plain text; never raises."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from notifiers.replies.mime.decoding import MAX_TEXT, text_of

_PREFIX = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every compressed text begins to repeat from."""
_COMPRESSED, _STORED = 0x75465A4C, 0x414C454D
_LONGEST = 4 * 1024 * 1024
_WINDOW = 4096

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]{1,100}|"
    rb"([^\\{}\r\n]{1,4000})"
)
_NOT_TEXT = frozenset(
    (
        b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer",
        b"generator", b"listtable", b"listoverridetable", b"rsidtbl", b"themedata", b"htmltag", b"mhtmltag",
        b"xmlnstbl",
    )
)  # fmt: skip
_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•",
}  # fmt: skip
_ESCAPED = {b"~": " ", b"\\": "\\", b"{": "{", b"}": "}"}


def text_of_compressed(octets: bytes) -> str | None:
    """The plain text; None when it is no compressed rich text or says nothing."""
    rich = _decompressed(octets)
    return text_of_rich(rich) or None if rich is not None else None


def text_of_rich(rich: bytes) -> str:
    """What a reader sees of rich text, as lines."""
    page = _Page()
    for token in _TOKEN.finditer(rich[:_LONGEST]):
        word, number, octet, sign, brace, text = token.groups()
        if brace is not None:
            page.group(opens=brace == b"{")
        elif word is not None:
            page.word(word, int(number) if number else None)
        elif octet is not None:
            page.write(bytes((int(octet, 16),)))
        elif sign is not None:
            page.sign(sign)
        elif text is not None:
            page.write(text)
    return page.text()


class _Page:
    """What has been written so far, and how what comes is meant."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._waiting = b""
        self._charset = "cp1252"
        self._hidden = [False]
        self._markup = False
        self._skip = 0

    def group(self, *, opens: bool) -> None:
        if opens:
            self._hidden.append(self._hidden[-1])
        elif len(self._hidden) > 1:
            self._hidden.pop()

    def word(self, word: bytes, number: int | None) -> None:
        if word == b"htmlrtf":
            # between these stands what only a reader of rich text sees, beside the HTML
            self._markup = number != 0
        elif word == b"ansicpg" and number:
            self._charset = f"cp{number}"
        elif word in _NOT_TEXT:
            self._hidden[-1] = True
        elif word == b"u" and number is not None:
            self._show(chr(number % 65536))
            self._skip = 1
        elif word in _SIGNS:
            self._show(_SIGNS[word])

    def sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._hidden[-1] = True
        elif sign in _ESCAPED:
            self._show(_ESCAPED[sign])

    def write(self, octets: bytes) -> None:
        """Octets in the charset of the page; the first behind a character of its own stands in for it."""
        if not self._is_hidden():
            self._waiting += octets[self._skip :]
            self._skip = 0

    def text(self) -> str:
        self._flush()
        told = "".join(self._shown)[:MAX_TEXT].encode("utf-16", "surrogatepass")
        return "\n".join(line.strip() for line in text_of(told, "utf-16").split("\n")).strip()

    def _show(self, text: str) -> None:
        if not self._is_hidden():
            self._flush()
            self._shown.append(text)

    def _flush(self) -> None:
        if self._waiting:
            self._shown.append(text_of(self._waiting, self._charset))
            self._waiting = b""

    def _is_hidden(self) -> bool:
        return self._hidden[-1] or self._markup


def _decompressed(octets: bytes) -> bytes | None:
    """The rich text; as far as it goes when it is cut off, and never more than there can be of a mail."""
    if len(octets) < 16:
        return None
    size, kind = struct.unpack_from("<II", octets, 4)
    limit = min(size, _LONGEST)
    if kind != _COMPRESSED:
        return octets[16 : 16 + limit] if kind == _STORED else None
    window = bytearray(_PREFIX.ljust(_WINDOW, b"\0"))
    place = len(_PREFIX)
    told = bytearray()
    for begin, length, literal in _steps(octets):
        if len(told) >= limit or (literal is None and begin == place):
            break
        for step in range(length):
            one = window[(begin + step) % _WINDOW] if literal is None else literal
            window[place] = one
            place = (place + 1) % _WINDOW
            told.append(one)
    return bytes(told)


def _steps(octets: bytes) -> Iterator[tuple[int, int, int | None]]:
    """Where to repeat from and how much, or an octet as it is."""
    at = 16
    while at < len(octets):
        control = octets[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 1 >= len(octets):
                    return
                pair = octets[at] << 8 | octets[at + 1]
                yield pair >> 4, (pair & 15) + 2, None
                at += 2
            elif at < len(octets):
                yield 0, 1, octets[at]
                at += 1
