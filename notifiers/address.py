"""Addresses that carry a request's token, signed so that nobody can make one up.

The form is `baocao+<key>-<mac>@domain`. The mac is 80 bits of HMAC-SHA256 in base32, written in lower case:
it survives servers that change the case of an address, and it is compared in constant time. An address for
replies is no address for bounces: each purpose has signatures of its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from notifiers.errors import UnusableAddress

LOCAL_PART_LIMIT = 63
"""RFC 5321 allows 64 octets before the @; one is left to mailing software that adds a mark."""

_MAC_BYTES = 10
_MAC_CHARS = 16
_KEY = re.compile(r"[a-z0-9]+")
_REPLY = b"reply"
_BOUNCE = b"bounce"


def signed_address(base: str, key: str, secret: bytes) -> str:
    """The address at which answers about `key` arrive: `base` with the key and its signature.

    `base` is an ordinary address such as `baocao@caungang.example`; `key` is of `[a-z0-9]`.
    Raises UnusableAddress when either cannot be used or the result would be too long.
    """
    return _signed(base, key, secret, _REPLY)


def read_address(address: str, base: str, secret: bytes) -> str | None:
    """The key that `address` carries, or None when it is not ours or its signature is not right."""
    return _read(address, base, secret, _REPLY)


def return_path(base: str, key: str, secret: bytes) -> str:
    """The envelope sender of a mail about `key` (VERP): a bounce comes back naming the mail it is about."""
    return _signed(base, key, secret, _BOUNCE)


def read_return_path(address: str, base: str, secret: bytes) -> str | None:
    """The key that a bounce's address carries, or None when it is not ours."""
    return _read(address, base, secret, _BOUNCE)


def token(address: str) -> str | None:
    """The key inside an address of this form, its signature not looked at; None for other addresses.

    Good for showing, such as the tag of a subject; never for deciding what a mail is about.
    """
    local, _, _ = _plain(address).rpartition("@")
    _, plus, tagged = local.partition("+")
    key, dash, mac = tagged.partition("-")
    return key if plus and dash and len(mac) == _MAC_CHARS and _KEY.fullmatch(key) else None


def _signed(base: str, key: str, secret: bytes, purpose: bytes) -> str:
    if not _KEY.fullmatch(key):
        raise UnusableAddress(key, "a key is of small letters and digits")
    local, at, domain = base.strip().rpartition("@")
    if not (local and at and domain) or "+" in local:
        raise UnusableAddress(base, "the base of signed addresses is name@domain, without a plus sign")
    signed = f"{local.casefold()}+{key}-{_mac(key, secret, purpose)}"
    if len(signed.encode()) > LOCAL_PART_LIMIT:
        raise UnusableAddress(
            base, f"with the key {key} the part before the @ has over {LOCAL_PART_LIMIT} octets"
        )
    return f"{signed}@{domain.casefold()}"


def _read(address: str, base: str, secret: bytes, purpose: bytes) -> str | None:
    local, _, domain = _plain(address).rpartition("@")
    base_local, _, base_domain = base.strip().casefold().rpartition("@")
    name, plus, tagged = local.partition("+")
    key, dash, mac = tagged.partition("-")
    if (name, domain) != (base_local, base_domain) or not (plus and dash and _KEY.fullmatch(key)):
        return None
    expected = _mac(key, secret, purpose)
    return key if hmac.compare_digest(mac.encode(), expected.encode()) else None


def _plain(address: str) -> str:
    """The address without angle brackets, in one case."""
    return address.strip().removeprefix("<").removesuffix(">").strip().casefold()


@lru_cache(maxsize=1024)
def _mac(key: str, secret: bytes, purpose: bytes) -> str:
    digest = hmac.digest(secret, purpose + b"\0" + key.encode(), hashlib.sha256)
    return base64.b32encode(digest[:_MAC_BYTES]).decode("ascii").lower()
