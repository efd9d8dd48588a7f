"""The skeleton of a mail: what the parser must see of it. Bodies are taken out, and put back when it is done.

The parser asks of every line whether a part begins or ends there; files and texts have hundreds, in vain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

_MAY_PART = b"\n--"
"""Before a line that may stand between parts."""
_HEAD_END = re.compile(rb"\n\r?\n")
_WORTHWHILE = 200
_MARK = "\0"
_TAKEN = re.compile(r"\0(\d+)\0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Skeleton:
    """A mail with its bodies taken out."""

    octets: bytes
    bodies: tuple[bytes, ...] = ()

    def put_back(self, message: Message) -> None:
        """Put the bodies back into the message that the parser made of `octets`."""
        for part in message.walk() if self.bodies else ():
            payload = part.get_payload()
            if isinstance(payload, str) and _MARK in payload:
                part.set_payload(self._whole(payload))
            if part.preamble and _MARK in part.preamble:
                part.preamble = self._whole(part.preamble)
            if part.epilogue and _MARK in part.epilogue:
                part.epilogue = self._whole(part.epilogue)

    def _whole(self, text: str) -> str:
        return _TAKEN.sub(lambda taken: self.bodies[int(taken[1])].decode("ascii", "surrogateescape"), text)


def skeleton(raw: bytes) -> Skeleton:
    """The mail's skeleton; the mail itself where something in it would be taken for what it is not."""
    if b"\0" in raw or b"\r--" in raw or raw.endswith(b"\r"):
        return Skeleton(octets=raw)
    shown: list[bytes] = []
    bodies: list[bytes] = []
    start = 0
    while start < len(raw):
        place = raw.find(_MAY_PART, start)
        end = place + 1 if place >= 0 else len(raw)
        head = _HEAD_END.search(raw, start, end)
        # the line's end before a line between parts belongs to that line
        last = end - (2 if raw.endswith(b"\r\n", start, end) else 1 if raw.endswith(b"\n", start, end) else 0)
        if head and last - head.end() >= _WORTHWHILE:
            shown += (raw[start : head.end()], b"\0%d\0" % len(bodies), raw[last:end])
            bodies.append(raw[head.end() : last])
        else:
            shown.append(raw[start:end])
        start = end
    octets = b"".join(shown)
    lower = octets.lower()
    # a mail within a mail has headers where others have a body; what is left of 8-bit text is not taken apart
    if b"message/" in lower or b"digest" in lower or not octets.isascii():
        return Skeleton(octets=raw)
    return Skeleton(octets=octets, bodies=tuple(bodies))
