"""Raw bytes become headers, text and attachments; never raises, and never does unbounded work.

The standard library's parser with its oldest policy is both the fastest and the most forgiving here; headers
are decoded by code of our own, because the library's raises on some that occur.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from notifiers.replies.charsets import decode_vietnamese, recovered, vietnamese_codec
from notifiers.replies.understood import Attachment

MAX_BYTES = 50 * 1024 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20
MAX_TEXT = 400_000
"""Characters of text that are looked at."""
_MAX_HEADER = 20_000
_MAX_BOUNDARIES = 2_000

_ENCODED_WORD = re.compile(
    r"=\?([A-Za-z0-9._:-]{1,40})(?:\*[A-Za-z-]{0,20})?\?([bBqQ])\?([^?\r\n]{0,4000})\?=[ \t]*"
)
_FOLD = re.compile(r"\r?\n[ \t]*")
_ID = re.compile(r"<[^<>\s]{1,500}>")
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


_CONTROLS = dict.fromkeys([*range(32), 127], " ")
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

UNWRITABLE = dict.fromkeys(
    (
        *(code for code in range(32) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),  # more controls; a terminal obeys some of them
        0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # marks that turn lines round
        *range(0xD800, 0xE000),  # halves of characters, which no database takes
        0xFFFE, 0xFFFF,
    )
)  # fmt: skip
"""Characters that are dropped wherever they stand: none can be part of what a person writes."""


@dataclass(kw_only=True)
class Parts:
    """What a mail is made of, once walked."""

    plain: str | None = None
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    delivery_status: str | None = None
    disposition: bool = False
    """A read receipt (RFC 8098)."""
    original: Message | None = None
    """The mail that a bounce returns, or its headers."""
    troubles: list[str] = field(default_factory=list)


def parse(raw: bytes) -> Message:
    """The message; too large a one is cut, too deep a one is taken for its headers and first text only."""
    raw = raw[:MAX_BYTES]
    # nesting costs the parser recursion: one that nests beyond reason is not walked at all
    if raw.count(b"boundary") > _MAX_BOUNDARIES or raw.count(b"message/rfc822") > _MAX_BOUNDARIES:
        head, _, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:200_000] else b"\n\n")
        return _plain_message(head, body)
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError, TypeError, LookupError, AttributeError, IndexError, AssertionError):
        head, _, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw[:200_000] else b"\n\n")
        return _plain_message(head, body)


def body_of(raw: bytes) -> str:
    """What stands below the headers, undecoded, within the limits."""
    head = min((at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0), default=len(raw))
    return raw[head : head + MAX_TEXT].decode("latin-1").replace("\r\n", "\n")


def header(message: Message, name: str) -> str:
    """The first header of that name, decoded, on one line, NFC; empty when there is none."""
    for given, value in message.raw_items():
        if given.lower() == name:
            return decode(value)
    return ""


def headers(message: Message, name: str) -> list[str]:
    """All headers of that name, decoded."""
    return [decode(value) for given, value in message.raw_items() if given.lower() == name]


def decode(value: object) -> str:
    """A header's value as text: encoded words, raw octets and broken ones included."""
    text = str(value)[:_MAX_HEADER]
    if not text.isascii():
        text = _octets(text.encode("utf-8", "surrogateescape"), "utf-8")
    text = _FOLD.sub(" ", text)
    if "=?" in text:
        text = _encoded_words(text)
    return unicodedata.normalize("NFC", text.translate(_CONTROLS)).strip()


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Names and addresses (in one case) in headers of these names; what is no address is left out.

    Names are decoded after the header is taken apart, for a comma may be hidden in them; a header that is
    encoded as a whole is decoded first.
    """
    found: list[tuple[str, str]] = []
    for name in names:
        for given, value in message.raw_items():
            if given.lower() == name:
                raw = _FOLD.sub(" ", str(value)[:_MAX_HEADER])
                found.extend(_pairs(raw) or _pairs(decode(raw)))
    return found


def _pairs(value: str) -> list[tuple[str, str]]:
    try:
        pairs = getaddresses([value])
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        return []
    return [(decode(name), decode(address).casefold()) for name, address in pairs if "@" in address]


def message_ids(value: str) -> tuple[str, ...]:
    """The ids of a Message-ID, In-Reply-To or References header, in order, each once."""
    return tuple(dict.fromkeys(_ID.findall(value)))


def date_of(message: Message) -> datetime | None:
    """The Date header, aware; without a zone it counts as UTC."""
    try:
        sent = parsedate_to_datetime(header(message, "date"))
        return sent if sent.tzinfo is not None else sent.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def walk(message: Message) -> Parts:
    """Look at every part once, within the limits, and keep the first text of each form."""
    parts = Parts()
    for count, (part, depth) in enumerate(_walk(message, 0), start=1):
        if count > MAX_PARTS or depth > MAX_DEPTH:
            parts.troubles.append("too many parts: the rest was not looked at")
            break
        _take(part, parts)
    return parts


def content_type(message: Message) -> str:
    """The content type in lower case, `text/plain` when it cannot be read."""
    try:
        return message.get_content_type()
    except (ValueError, IndexError, TypeError, AttributeError):
        return "text/plain"


def parameter(message: Message, name: str, of: str = "content-type") -> str:
    """A parameter of a header, decoded whichever way it was encoded (RFC 2231, RFC 2047, or not at all)."""
    try:
        value = message.get_param(name, header=of)
    except (ValueError, IndexError, TypeError, AttributeError, LookupError):
        return ""
    if isinstance(value, tuple):
        charset, _, text = value
        return decode(_octets((text or "").encode("latin-1", "replace"), charset or "utf-8"))
    text = decode(value or "")
    if "%" in text and "''" in text[:40]:
        charset, _, quoted = text.partition("''")
        return decode(_octets(unquote_to_bytes(quoted), charset))
    return text


def _walk(message: Message, depth: int) -> Iterator[tuple[Message, int]]:
    yield message, depth
    kind = content_type(message)
    payload = message.get_payload() if message.is_multipart() else None
    # a mail that is attached is looked at by whoever asks for the original, its texts are not this mail's
    if isinstance(payload, list) and not kind.startswith("message/") and depth <= MAX_DEPTH:
        for part in payload:
            if isinstance(part, Message):
                yield from _walk(part, depth + 1)


def _take(part: Message, parts: Parts) -> None:
    kind = content_type(part)
    if kind.startswith("multipart/"):
        return
    name = _file_name(part)
    disposition = header(part, "content-disposition").lower()
    attached = disposition.startswith("attachment") or (name and not kind.startswith("text/"))
    if kind == "message/delivery-status":
        parts.delivery_status = _embedded_text(part)
    elif kind == "message/disposition-notification":
        parts.disposition = True
    elif kind == "message/rfc822" and isinstance(part.get_payload(), list):
        inner = part.get_payload(0)
        parts.original = parts.original or (inner if isinstance(inner, Message) else None)
        title = header(inner, "subject") if isinstance(inner, Message) else ""
        parts.attachments.append(Attachment(name=name or f"{title or 'mail'}.eml", content_type=kind, size=0))
    elif kind == "text/rfc822-headers":
        parts.original = parts.original or parse(_octets_of(part, parts))
    elif kind == "text/plain" and not attached and parts.plain is None:
        parts.plain = _text(part, parts)
    elif kind == "text/html" and not attached and parts.html is None:
        parts.html = _text(part, parts)
    elif kind in ("text/plain", "text/html") and not attached and not name:
        more = _text(part, parts)
        if kind == "text/plain" and parts.plain is not None:
            parts.plain = f"{parts.plain}\n{more}"[:MAX_TEXT]
    else:
        size = len(_octets_of(part, parts))
        parts.attachments.append(
            Attachment(name=name or kind.replace("/", "."), content_type=kind, size=size)
        )


def _file_name(part: Message) -> str:
    name = parameter(part, "filename", "content-disposition") or parameter(part, "name")
    return name.replace("\\", "/").rsplit("/", 1)[-1].strip()


def _text(part: Message, parts: Parts) -> str:
    charset = parameter(part, "charset") or "utf-8"
    text = _octets(_octets_of(part, parts)[: MAX_TEXT * 4], charset)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_TEXT]


def _octets_of(part: Message, parts: Parts) -> bytes:
    """The part's content, its transfer encoding undone as far as it can be."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AttributeError, IndexError, binascii.Error):
        parts.troubles.append("a part could not be decoded")
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _embedded_text(part: Message) -> str:
    """The fields of a delivery status, which the parser has split into messages."""
    payload = part.get_payload() if part.is_multipart() else part.get_payload(decode=True)
    if isinstance(payload, list):
        blocks = (
            "\n".join(f"{name}: {decode(value)}" for name, value in one.raw_items())
            for one in payload
            if isinstance(one, Message)
        )
        return "\n\n".join(blocks)[:MAX_TEXT]
    return _octets(payload, "utf-8")[:MAX_TEXT] if isinstance(payload, bytes) else ""


def _octets(octets: bytes, charset: str) -> str:
    """Decode, believing in UTF-8 before believing the label; never fails, and gives what can be written."""
    return _decoded(octets, charset).translate(UNWRITABLE)


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
            shown.append(_octets(octets, charset))
            octets = b""
        if match.start() != end:
            # a space between an encoded word and plain text stands there for real
            shown.append((" " if end and text[end - 1] == " " else "") + text[end : match.start()])
        octets += _word_octets(match[2], match[3])
        charset, end = match[1].lower(), match.end()
    if octets:
        shown.append(_octets(octets, charset))
    return "".join(shown) + (" " if end and text[end - 1] == " " else "") + text[end:]


def _word_octets(encoding: str, text: str) -> bytes:
    octets = text.encode("ascii", "replace")
    try:
        if encoding in "bB":
            return base64.b64decode(octets + b"=" * (-len(octets) % 4))
        return quopri.decodestring(octets, header=True)
    except (ValueError, binascii.Error):
        return octets


def _plain_message(head: bytes, body: bytes) -> Message:
    """A message of one text, for input that the parser cannot take."""
    message = Message()
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head[:200_000]).splitlines()[:500]:
        name, colon, value = line.partition(b":")
        if (
            colon
            and name.isascii()
            and name.strip().lower() not in (b"content-type", b"content-transfer-encoding")
        ):
            message.set_raw(name.decode("ascii").strip(), value.strip().decode("ascii", "surrogateescape"))
    message.set_payload(body[:MAX_TEXT].decode("ascii", "surrogateescape"))
    return message
