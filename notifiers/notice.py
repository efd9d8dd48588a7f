"""A notice to a person of ours: a short plain mail about nothing that an agency owes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from notifiers import headers, wording
from notifiers.compose import LETTER_HEADER, Sender
from notifiers.ports import Mail, Party
from schemas.model import Language

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What it says; the same notice always gives the same bytes."""

    kind: str
    """The name of its template."""
    language: Language
    to: Party
    said: Mapping[str, Any]
    """What the template is filled with: texts, numbers, dates and rows of them."""
    sent_at: datetime
    message_id: str


def notice_subject(notice: Notice) -> str:
    """Its subject: the first line of the template."""
    return _rendered(notice)[0]


def compose_notice(notice: Notice, sender: Sender) -> Mail:
    """The mail, ASCII only. Raises UnusableAddress."""
    line, text = _rendered(notice)
    head = (
        headers.mailboxes("From", [Party(name=sender.name, mailbox=sender.mailbox)])
        + headers.mailboxes("To", [notice.to])
        + headers.line("Subject", line)
        + f"Date: {format_datetime(notice.sent_at)}\r\n"
        + headers.message_ids("Message-ID", [notice.message_id])
        + "Auto-Submitted: auto-generated\r\n"
        + f"{LETTER_HEADER}: {notice.kind}\r\n"
        + f"Content-Language: {notice.language}\r\n"
        + "MIME-Version: 1.0\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\n"
        + "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    body = base64.encodebytes(text.replace("\n", "\r\n").encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return Mail(
        message_id=notice.message_id,
        envelope_from=headers.address(sender.return_path),
        envelope_to=(headers.address(notice.to.mailbox),),
        raw=head.encode("ascii") + body,
    )


def _rendered(notice: Notice) -> tuple[str, str]:
    template = _environment().get_template(f"{notice.language}/{notice.kind}.txt.j2")
    line, _, text = template.render(notice.said, to=notice.to, language=notice.language).partition("\n")
    return " ".join(line.split()), text.strip() + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("notifiers"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = wording.day
    return environment
