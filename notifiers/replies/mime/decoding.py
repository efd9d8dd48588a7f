"""Octets, encoded words and broken charsets become text that can be written anywhere; never raises."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata

from notifiers.replies.mime.charsets import decode_vietnamese, recovered, vietnamese_codec

MAX_TEXT = 400_000
"""Characters of text that are looked at."""
_MAX_HEADER = 20_000

_ENCODED_WORD = re.compile(
    r"=\?([A-Za-z0-9._:-]{1,40})(?:\*[A-Za-z-]{0,20})?\?([bBqQ])\?([^?\r\n]{0,4000})\?=[ \t]*"
)
_FOLD = re.compile(r"\r?\n[ \t]*")
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-sjis": "shift_jis",
    "cp-850": "cp850",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "cp1252",
    "windows-1258": "cp1258",
    "x-windows-1258": "cp1258",
}


_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NOT_ASCII_BASED = frozenset(
    (
        "utf-7",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "utf-32",
        "iso-2022-jp",
        "iso-2022-kr",
        "hz-gb-2312",
        "unicode-1-1-utf-7",
    )
)
"""Charsets whose octets may look like UTF-8 and are not."""

_NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"))
"""Codecs of Python's that no mail is written in; some take time that grows with the square of the text."""

_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f"
    "\x7f-\x9f"  # more controls; a terminal obeys some of them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn lines round
    "\ud800-\udfff"  # halves of characters, which no database takes
    "\ufffe\uffff]"
)
"""Characters that are dropped wherever they stand: none can be part of what a person writes."""


def unfolded(value: object) -> str:
    """A header's value on one line, not decoded."""
    return _FOLD.sub(" ", str(value)[:_MAX_HEADER])


def decode(value: object) -> str:
    """A header's value as text: encoded words, raw octets and broken ones included."""
    text = str(value)[:_MAX_HEADER]
    if text.isascii() and text.isprintable() and "=?" not in text:
        return text.strip()
    if not text.isascii():
        text = text_of(text.encode("utf-8", "surrogateescape"), "utf-8")
    text = _FOLD.sub(" ", text)
    if "=?" in text:
        text = _encoded_words(text)
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).strip()


def text_of(octets: bytes, charset: str) -> str:
    """Decode, believing in UTF-8 before believing the label; never fails, and gives what can be written."""
    return writable(_decoded(octets, charset))


def writable(text: str) -> str:
    """The text without characters that no person writes and some readers trip over."""
    return _UNWRITABLE.sub("", text)


def _decoded(octets: bytes, charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    if name not in _NOT_ASCII_BASED:
        try:
            text = octets.decode("utf-8")
            return text if text.isascii() else _font_undone(text)
        except UnicodeDecodeError:
            pass
    vietnamese = vietnamese_codec(name)
    if vietnamese is not None:
        return decode_vietnamese(octets, vietnamese)
    codec = _ALIASES.get(name, name)
    for one in ("cp1258",) if codec.replace("-", "_") in _NO_CHARSETS else (codec, "cp1258"):
        try:
            text = octets.decode(one)
            return recovered(text, octets) if one in ("cp1252", "cp1258") else text
        except (LookupError, UnicodeError, ValueError):
            continue
    return octets.decode("utf-8", "replace")


def _font_undone(text: str) -> str:
    """Text typed in a Vietnamese font of old and sent as Unicode: "B¸o c¸o" is "Báo cáo"."""
    try:
        octets = text[:MAX_TEXT].encode("cp1252")
    except UnicodeEncodeError:
        return text
    return recovered(text, octets)


def _encoded_words(text: str) -> str:
    """Undo RFC 2047; octets of neighbouring words are joined first, for some clients cut inside a letter."""
    shown: list[str] = []
    octets, charset, end = b"", "", 0
    for match in _ENCODED_WORD.finditer(text):
        if octets and (match.start() != end or match[1].lower() != charset):
            shown.append(text_of(octets, charset))
            octets = b""
        if match.start() != end:
            # a space between an encoded word and plain text stands there for real
            shown.append((" " if end and text[end - 1] == " " else "") + text[end : match.start()])
        octets += _word_octets(match[2], match[3])
        charset, end = match[1].lower(), match.end()
    if octets:
        shown.append(text_of(octets, charset))
    return "".join(shown) + (" " if end and text[end - 1] == " " else "") + text[end:]


def _word_octets(encoding: str, text: str) -> bytes:
    octets = text.encode("ascii", "replace")
    try:
        if encoding in "bB":
            return base64.b64decode(octets + b"=" * (-len(octets) % 4))
        return quopri.decodestring(octets, header=True)
    except (ValueError, binascii.Error):
        return octets
