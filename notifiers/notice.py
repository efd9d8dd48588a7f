"""A notice to a person of ours: a short plain mail about nothing that an agency owes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from notifiers import headers, wording
from notifiers.compose import LETTER_HEADER, Sender
from notifiers.fields import Value
from notifiers.overrides import NONE, SECTIONS, SUBJECT_LETTERS, Overrides, parts
from notifiers.phrases import wrapped
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
    fields: Mapping[str, Value] = field(default_factory=dict)
    """What a coordinator's own words may speak of."""
    sent_at: datetime
    message_id: str


def notice_subject(notice: Notice, overrides: Overrides = NONE) -> str:
    """Its subject: the first line of the template."""
    return _rendered(notice, overrides)[0]


def compose_notice(notice: Notice, sender: Sender, overrides: Overrides = NONE) -> Mail:
    """The mail, ASCII only, in the words of `overrides` where it has any. Raises UnusableAddress."""
    line, text = _rendered(notice, overrides)
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


def _rendered(notice: Notice, overrides: Overrides) -> tuple[str, str]:
    template = _environment().get_template(f"{notice.language}/{notice.kind}.txt.j2")
    said = {
        section: overrides.said(notice.language, notice.kind, section, notice.fields) for section in SECTIONS
    }
    own = {section: "\n\n".join(parts(words or "")) for section, words in said.items()}
    own["subject"] = wording.shortened(own["subject"], SUBJECT_LETTERS)
    told = template.render(notice.said, to=notice.to, language=notice.language, own=own)
    line, _, text = told.partition("\n")
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
    environment.filters["wrapped"] = wrapped
    return environment
