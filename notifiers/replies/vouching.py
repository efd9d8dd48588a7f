"""The one door to authres: whether the mail server of ours vouches for who is said to have written.

`Authentication-Results` is a header like any other, and anybody may write one. So it counts only under the
name of the coordinator's own server (RFC 8601 section 5), and of those only the topmost, which that server
put above all that came before.
"""

from __future__ import annotations

import re

from notifiers.replies.mime.message import Message, headers

_NAME = re.compile(r"\s*([^\s;()\"]{1,255})")
_FAILED = frozenset(("fail", "hardfail", "softfail", "permerror"))


def doubt_of(message: Message, server: str | None) -> str | None:
    """Why the sender is in doubt by what `server` found, in short words for the record; else None.

    Without a server that is trusted, or without a word of its, there is no doubt and no proof.
    """
    if not server:
        return None
    for value in headers(message, "authentication-results"):
        named = _NAME.match(value)
        if named and named[1].casefold() == server.casefold():
            return _doubt(value)
    return None


def _doubt(value: str) -> str | None:
    from authres import AuthenticationResultsHeader, AuthResError  # type: ignore[import-untyped]

    try:
        told = AuthenticationResultsHeader.parse(f"Authentication-Results: {value[:4000]}")
    # what is wrong with a header of the own server says nothing of the sender
    except (AuthResError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    found: dict[str, set[str]] = {}
    for one in told.results:
        found.setdefault(str(one.method).lower(), set()).add(str(one.result).lower())
    if "dmarc" in found and found["dmarc"] & {"pass", *_FAILED}:
        return "dmarc=fail" if found["dmarc"] & _FAILED else None
    if "pass" in found.get("dkim", set()) or "pass" in found.get("spf", set()):
        return None
    failed = [name for name in ("dkim", "spf") if found.get(name, set()) & _FAILED]
    return " ".join(f"{name}=fail" for name in failed) or None
