"""Header lines as they go out: folded, encoded where needed, and impossible to inject into."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from notifiers.errors import UnusableAddress
from notifiers.ports import Party

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^@\s<>,;:\"()\\\x00-\x1f\x7f]+")
_MESSAGE_ID = re.compile(r"<[^\s<>@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+>")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_CHUNK = 45
"""Octets of text in one encoded word: 60 of base64, and under the 75 characters of RFC 2047."""
_CONTINUED = 0x80
"""The first two bits of an octet of UTF-8 that begins no letter."""
_MESSAGE_ID_LIMIT = 70
"""Longer ids are folded into encoded words by common software, which others then drop."""

_PIECE = 54
"""Characters of an encoded parameter in one line."""
_WHOLE = 110
"""Up to here in one piece: some readers put no pieces together."""
_CHARSET = "utf-8''"


def line(name: str, value: str) -> str:
    """An unstructured header such as Subject: any text, control characters become spaces."""
    return f"{name}: {words(value)}\r\n"


def mailboxes(name: str, parties: Iterable[Party]) -> str:
    """A header of addresses, one to a line; nothing at all for nobody. Raises UnusableAddress."""
    shown = [_mailbox(party) for party in parties]
    return f"{name}: " + ",\r\n ".join(shown) + "\r\n" if shown else ""


def message_ids(name: str, ids: Iterable[str]) -> str:
    """A header of message ids, plain and one to a line; nothing at all for none. Raises UnusableAddress."""
    checked = [message_id(one) for one in ids]
    return f"{name}: " + "\r\n ".join(checked) + "\r\n" if checked else ""


def address(value: str | None) -> str:
    """The address, when it can stand in a header and in an envelope; else raises UnusableAddress."""
    if value is None:
        raise UnusableAddress(value, "there is none")
    if not _ADDRESS.fullmatch(value):
        raise UnusableAddress(value, "it is not of the form name@domain")
    return value


def message_id(value: str) -> str:
    """The message id, when it can stand in a header; else raises UnusableAddress."""
    if not _MESSAGE_ID.fullmatch(value):
        raise UnusableAddress(value, "a message id is of the form <name@domain>")
    if len(value) > _MESSAGE_ID_LIMIT:
        raise UnusableAddress(value, f"a message id has at most {_MESSAGE_ID_LIMIT} characters")
    return value


def words(text: str) -> str:
    """The text on one line, as encoded words (RFC 2047) unless it is plain ASCII."""
    clean = " ".join(_CONTROL.sub(" ", text).split())
    if clean.isascii() and "=?" not in clean and len(clean) < 900:
        return clean
    octets = clean.encode("utf-8", "replace")
    written = []
    start = 0
    while start < len(octets):
        end = min(start + _CHUNK, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == _CONTINUED:
            # a letter is not cut in two
            end -= 1
        written.append(f"=?utf-8?B?{base64.b64encode(octets[start:end]).decode('ascii')}?=")
        start = end
    return "\r\n ".join(written)


def parameter(name: str, value: str) -> str:
    """A parameter of a header, to stand behind the header's value: plain for all, and with its accents for
    readers of RFC 2231. Old Outlooks know the plain form alone.
    """
    clean = " ".join(_CONTROL.sub(" ", value).split())
    plain = _plain_letters(clean).replace("\\", "_").replace('"', "'")
    if len(plain) > _PIECE:
        stem, dot, suffix = plain.rpartition(".")
        plain = stem[: _PIECE - len(suffix)] + dot + suffix if len(suffix) < 8 else plain[:_PIECE]
    shown = f';\r\n {name}="{plain}"'
    if plain == clean:
        return shown
    # the accented form first: some readers keep to whatever they meet first
    whole = quote(clean.encode("utf-8", "replace"), safe="")
    if len(whole) <= _WHOLE:
        return f";\r\n {name}*={_CHARSET}{whole}{shown}"
    told = (
        f"{name}*{place}*={'' if place else _CHARSET}{piece}" for place, piece in enumerate(_pieces(whole))
    )
    return "".join(f";\r\n {one}" for one in told) + shown


def _pieces(whole: str) -> list[str]:
    """The percent-encoded text cut into short pieces, never inside an octet."""
    pieces: list[str] = [""]
    for octet in re.findall(r"%..|.", whole):
        if len(pieces[-1]) + len(octet) > _PIECE:
            pieces.append("")
        pieces[-1] += octet
    return pieces


def _plain_letters(text: str) -> str:
    """The text in ASCII: "Biểu mẫu" becomes "Bieu mau"."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return bare.encode("ascii", "replace").decode("ascii").replace("?", "_")


def _mailbox(party: Party) -> str:
    plain = address(party.mailbox)
    name = " ".join(_CONTROL.sub(" ", party.name).split())
    if not name:
        return plain
    if not name.isascii() or "=?" in name:
        return f"{words(name)}\r\n <{plain}>"
    if _ATOMS.fullmatch(name):
        return f"{name} <{plain}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{plain}>'
