"""Sameness: whether two mails say the same, whichever ways they came."""

from __future__ import annotations

import hashlib
import re

from notifiers.replies.understood import Understood

_NAMED_PART = re.compile(rb"name\*?[\d*]{0,4}=", re.IGNORECASE)
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")


def said(raw: bytes, understood: Understood) -> str:
    """A name for what a mail says: the same for all copies of it, another for any other text or file.

    Headers are left out, for each relay adds its own. Of a mail without files only the text counts, so that
    a relay may encode it anew.
    """
    told = hashlib.sha256("\0".join((understood.sender or "", understood.subject)).encode("utf-8", "replace"))
    named = b"name" in raw.lower() and _NAMED_PART.search(raw) is not None
    if understood.lines and not named:
        lines = "\n".join(f"{line.depth} {line.text.rstrip()}" for line in understood.lines)
        told.update(b"\0text\0" + lines.encode("utf-8", "replace"))
    else:
        head = _HEAD_ENDS.search(raw)
        told.update(b"\0body\0" + raw[head.end() if head else 0 :].replace(b"\r\n", b"\n").rstrip())
    return told.hexdigest()
