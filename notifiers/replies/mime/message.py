"""Raw bytes become a message with headers; never raises, and never does unbounded work.

The standard library's parser with its oldest policy is both the fastest and the most forgiving here; headers
are decoded by code of our own, because the library's raises on some that occur.
"""

from __future__ import annotations

import email.message
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.errors import MessageDefect
from email.feedparser import BytesFeedParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property, lru_cache
from urllib.parse import unquote_to_bytes

from notifiers.replies.mime.decoding import MAX_TEXT, decode, text_of, unfolded
from notifiers.replies.mime.skeleton import skeleton
from notifiers.replies.patience import UNLIMITED, Patience

MAX_BYTES = 50 * 1024 * 1024
_MAX_BOUNDARIES = 2_000
_MAX_HEAD = 256 * 1024
_MAX_HEAD_LINES = 2_000
_MAX_SEPARATORS = 4_000
_MAX_RUN = 20_000
"""Lines in a row that look like headers."""
_CHUNK = 256 * 1024

ADDRESS = re.compile(
    r"(?<![\w.+=/-])([A-Za-z0-9!#$%&*+/=?^_`{|}~.-][A-Za-z0-9!#$%&'*+/=?^_`{|"
    r"}~.-]{0,63}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9])"
)
"""An address in running text."""
_MAILBOX = re.compile(
    r"((?:[\w!#$%&'*+/=?^`{|}~.-]{1,200}[ \t]{1,9}){0,40})<([\w!#$%&'*+/=?^`{|}~.-]{1,200}@[\w.-]{1,200})>",
    re.ASCII,
)
"""One mailbox as nearly all programs write it, so that the library need not take it apart."""
_NO_TYPE = re.compile(r"[^!-~]")
"""What no content type holds, and a terminal might obey."""
_YEARS = range(1970, 3000)
_ID = re.compile(r"<[^<>\s]{1,500}>")
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n")


class Message(email.message.Message):
    """A message as it was parsed: its headers are looked through once, however often they are asked for."""

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[object]]:
        """The headers' values as they came, by name in lower case."""
        found: dict[str, list[object]] = {}
        for name, value in self.raw_items():
            found.setdefault(name.lower(), []).append(value)
        return found

    @cached_property
    def read(self) -> dict[str, str]:
        """The headers that were decoded so far: the first of each name."""
        return {}

    @cached_property
    def kind(self) -> str:
        """The content type in lower case, `text/plain` when it cannot be read."""
        try:
            return _NO_TYPE.sub("", self.get_content_type())
        except (ValueError, IndexError, TypeError, AttributeError):
            return "text/plain"


class TooMuch(MessageDefect):
    """More headers, parts or octets than a mail has: the rest was left unread."""


def parse(raw: bytes, patience: Patience = UNLIMITED) -> Message:
    """The message; too large a one is cut, too deep a one is taken for its headers and first text only.

    One that was cut has the defect TooMuch. Raises TookTooLong when patience ends.
    """
    kept = _within_limits(raw)
    shown = skeleton(kept)
    nests = max(shown.octets.count(b"boundary"), shown.octets.count(b"message/rfc822"))
    # nesting costs the parser recursion: one that nests beyond reason is not walked at all
    if nests > _MAX_BOUNDARIES:
        return _plain_message(kept)
    parser = BytesFeedParser(Message)
    try:
        for start in range(0, len(shown.octets), _CHUNK):
            parser.feed(shown.octets[start : start + _CHUNK])
            patience.check()
        message = parser.close()
        shown.put_back(message)
    except (RecursionError, ValueError, TypeError, LookupError, AttributeError, AssertionError):
        return _plain_message(kept)
    if len(kept) < len(raw):
        message.defects.append(TooMuch())
    return message


def body_of(raw: bytes) -> str:
    """What stands below the headers, undecoded, within the limits."""
    head = _end_of_head(raw)
    return raw[head : head + MAX_TEXT].decode("latin-1").replace("\r\n", "\n")


def header(message: Message, name: str) -> str:
    """The first header of that name, decoded, on one line, NFC; empty when there is none."""
    if name not in message.by_name:
        return ""
    if name not in message.read:
        message.read[name] = decode(message.by_name[name][0])
    return message.read[name]


def headers(message: Message, name: str) -> list[str]:
    """All headers of that name, decoded."""
    return [decode(value) for value in message.by_name.get(name, ())]


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Names and addresses (in one case) in headers of these names; what is no address is left out.

    Names are decoded after the header is taken apart, for a comma may be hidden in them; a header that is
    encoded as a whole is decoded first.
    """
    found: list[tuple[str, str]] = []
    for name in names:
        for value in message.by_name.get(name, ()):
            raw = unfolded(value)
            found.extend(_pairs(raw) or _pairs(decode(raw)))
    return found


def _pairs(value: str) -> list[tuple[str, str]]:
    one = _MAILBOX.fullmatch(value.strip())
    if one:
        return [(decode(" ".join(one[1].split())), decode(one[2]).casefold())]
    try:
        pairs = getaddresses([value])
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        return []
    return [(decode(name), decode(address).casefold()) for name, address in pairs if "@" in address]


def message_ids(value: str) -> tuple[str, ...]:
    """The ids of a Message-ID, In-Reply-To or References header, in order, each once."""
    return tuple(dict.fromkeys(_ID.findall(value)))


def date_of(message: Message) -> datetime | None:
    """The Date header, aware; without a zone it counts as UTC. None for a year in which no mail was sent:
    days are counted from it, and must not run out of the calendar.
    """
    try:
        sent = parsedate_to_datetime(header(message, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if sent.year not in _YEARS:
        return None
    return sent if sent.tzinfo is not None else sent.replace(tzinfo=UTC)


def parameter(message: Message, name: str, of: str = "content-type") -> str:
    """A parameter of a header, decoded whichever way it was encoded (RFC 2231, RFC 2047, or not at all)."""
    given = _parameters(str(message.by_name[of][0])) if of in message.by_name else ()
    value = next((value for told, value in given if told.lower() == name), "")
    if isinstance(value, tuple):
        charset, _, text = value
        return decode(text_of((text or "").encode("latin-1", "replace"), charset or "utf-8"))
    text = decode(value)
    if "%" in text and "''" in text[:40]:
        charset, _, quoted = text.partition("''")
        return decode(text_of(unquote_to_bytes(quoted), charset))
    return text


@lru_cache(maxsize=128)
def _parameters(header: str) -> Sequence[tuple[str, str | tuple[str | None, str | None, str]]]:
    """The parameters of a header, which is nearly always one of a few: `text/plain; charset="utf-8"`."""
    alone = email.message.Message()
    alone.set_raw("content-type", header)
    try:
        return tuple(alone.get_params(()))
    except (ValueError, IndexError, TypeError, AttributeError, LookupError):
        return ()


def _end_of_head(raw: bytes) -> int:
    """Where the empty line below the headers begins; the end of all when there is none."""
    end = _HEAD_END.search(raw)
    return end.start() if end else len(raw)


def _within_limits(raw: bytes) -> bytes:
    """The mail with no more headers above, headers within, and parts than a mail has."""
    raw = raw[:MAX_BYTES]
    end = _end_of_head(raw)
    if end > _MAX_HEAD or raw.count(b"\n", 0, end) > _MAX_HEAD_LINES:
        kept = raw[: min(end, _MAX_HEAD)].split(b"\n", _MAX_HEAD_LINES)[:_MAX_HEAD_LINES]
        raw = b"\n".join(line.rstrip(b"\r") for line in kept) + b"\n" + raw[end:].lstrip(b"\r")
    if len(raw) > 3 * _MAX_SEPARATORS and raw.count(b"\n--") > _MAX_SEPARATORS:
        at = -1
        for _ in range(_MAX_SEPARATORS):
            at = raw.find(b"\n--", at + 1)
        raw = raw[: at + 1]
    return _without_flood_within(raw) if raw.count(b":") > _MAX_RUN else raw


def _without_flood_within(raw: bytes) -> bytes:
    """The mail up to where a part has begun more headers than a mail has."""
    run = place = 0
    for line in io.BytesIO(raw):
        name, colon, _ = line.partition(b":")
        run = run + 1 if colon and b" " not in name else 0
        place += len(line)
        if run > _MAX_RUN:
            return raw[:place]
    return raw


def _plain_message(raw: bytes) -> Message:
    """A message of one text, for input that the parser cannot take."""
    end = _end_of_head(raw)
    message = Message()
    for line in re.sub(rb"\r?\n[ \t]+", b" ", raw[:end]).splitlines()[:500]:
        name, colon, value = line.partition(b":")
        told = name.strip().lower() not in (b"content-type", b"content-transfer-encoding")
        if colon and name.isascii() and told:
            message.set_raw(name.decode("ascii").strip(), value.strip().decode("ascii", "surrogateescape"))
    message.set_payload(raw[end : end + MAX_TEXT].decode("ascii", "surrogateescape"))
    return message
