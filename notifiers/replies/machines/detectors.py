"""The one door to flufl.bounce, which knows the texts of servers of thirty years."""

from __future__ import annotations

import logging
from collections.abc import Collection
from email.message import Message

from flufl.bounce import all_failures

# it tells of each malformed header that a detector of its trips over, and goes on
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

_LONGEST = 300_000


def failed_recipient(message: Message, not_these: Collection[str]) -> str | None:
    """An address that the library says failed, permanent failures first; None when it finds none."""
    try:
        if sum(len(str(one.get_payload())) for one in message.walk() if not one.is_multipart()) > _LONGEST:
            return None
        temporary, permanent = all_failures(message)
    # what a stranger's message makes of the library's parsers is no failure of ours
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        AssertionError,
        RecursionError,
        StopIteration,
    ):
        return None
    for found in (*sorted(permanent), *sorted(temporary)):
        address = found.decode("ascii", "replace").casefold()
        if address not in not_these and "@" in address:
            return address
    return None
