"""Every file that came with a mail, whether it counts as a part of an answer or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from notifiers.replies.mime.message import Message, parse
from notifiers.replies.mime.parts import mails_in, walk
from notifiers.replies.understood import Attachment


def files(raw: bytes) -> tuple[Attachment, ...]:
    """The files of a mail within the limits, logos, signatures and mails among them, in their order; what
    Outlook wrapped up is unpacked. Those that are empty are left out. Never raises for what a mail holds.
    """
    message = parse(raw)
    mails = mails_in(message)
    return tuple(one for one in _with_mails(walk(message).attachments, mails) if one.content)


def _with_mails(attachments: list[Attachment], mails: Iterator[Message]) -> Iterator[Attachment]:
    for one in attachments:
        if one.content or one.content_type != "message/rfc822":
            yield one
            continue
        content = _octets(next(mails, None))
        yield replace(one, size=len(content), content=content)


def _octets(mail: Message | None) -> bytes:
    try:
        return mail.as_bytes() if mail is not None else b""
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError):
        return b""
