"""What a mail that came in is and says, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from notifiers.replies.mime.sheets import Sheet


class ReplyKind(StrEnum):
    """What kind of mail it is; looked at in this order, so that a bounce is never taken for an answer."""

    LOOP = "loop"  # a mail of our own that came back
    BOUNCE = "bounce"  # a server says that a mail of ours was not delivered, or not yet
    AUTO_REPLY = "auto-reply"  # a machine answers: out of office, receipt
    UNRELATED = "unrelated"  # newsletters and other mail to many
    EXTENSION_REQUEST = "extension-request"  # a person asks for more time
    DELEGATION = "delegation"  # a person says that somebody else answers for it
    QUESTION = "question"  # a person asks something before answering
    ACKNOWLEDGEMENT = "acknowledgement"  # a person says that the request came, and no more
    FORWARD = "forward"  # a person passes a mail on without a word of report
    REPLY = "reply"  # a person answers

    @property
    def by_person(self) -> bool:
        """Whether a person wrote it, to us."""
        return self not in (ReplyKind.LOOP, ReplyKind.BOUNCE, ReplyKind.AUTO_REPLY, ReplyKind.UNRELATED)


class LinePart(StrEnum):
    """What a line of the text belongs to."""

    OWN = "own"  # written by the sender
    INTRODUCTION = "introduction"  # what the client puts above a quote: "Vào … đã viết:"
    QUOTE = "quote"  # an earlier mail
    SIGNATURE = "signature"  # closing formula, name, app lines, disclaimer


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its quote marks; `depth` is how many mails back it was written, 0 for this one."""

    text: str
    depth: int = 0
    part: LinePart = LinePart.OWN

    def __reduce__(self) -> tuple[type[Line], tuple[str, int, LinePart]]:
        """A mail has many lines: so they are handed to another process in half the time."""
        return Line, (self.text, self.depth, self.part)


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came along."""

    name: str
    content_type: str
    size: int
    """Octets, decoded."""
    macros: bool = False
    """Whether programs are in it that would run where it is opened."""
    content: bytes = field(default=b"", repr=False, compare=False)
    """Empty when it is a mail by itself."""


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """What a server says about a mail of ours that it could not deliver."""

    recipient: str | None = None
    action: str | None = None
    """failed, delayed, delivered, relayed or expanded (RFC 3464); delivered too when somebody there called
    the mail spam (RFC 5965), without a status."""
    status: str | None = None
    """An enhanced status code such as "5.1.1": 5 is for good, 4 for now."""
    original_message_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A mail, read. Nothing here says which request it belongs to: that is decided from its evidence."""

    kind: ReplyKind
    sender: str | None
    """The address of From, in one case; whoever wrote may still have made it up."""
    sender_name: str
    recipients: tuple[str, ...]
    """To, Cc, Delivered-To, X-Original-To and the like, in one case, each once."""
    subject: str
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    sent_at: datetime | None
    """Aware; None when the mail does not say it in a way that can be read."""
    text: str
    """What the sender wrote, without quotes, signature and what clients add."""
    lines: tuple[Line, ...]
    """The whole text, quotes included."""
    attachments: tuple[Attachment, ...]
    tokens: tuple[str, ...]
    """Request tokens in the subject's tag and in quoted fill-in blocks: hints, for they are not signed."""
    sheets: tuple[Sheet, ...] = ()
    """The sheets of workbooks that came along, for whoever knows the form."""
    bounce: Bounce | None = None
    return_on: date | None = None
    """AUTO_REPLY: the first day on which the absent person is back."""
    asked_until_on: date | None = None
    """EXTENSION_REQUEST: the last day until which more time is asked for."""
    handed_to: str | None = None
    """DELEGATION: who shall answer instead, as the sender names them. AUTO_REPLY: the address of whoever
    deputises, when the notice names one."""
    doubt: str | None = None
    """Why nobody can say who wrote: the coordinator's own mail server does not vouch for the sender, such as
    "dmarc=fail", or the mail names several."""
    lists: tuple[str, ...] = ()
    """How the mailing lists and mass mailers that it came through name themselves."""
    given_up: str | None = None
    """Why the mail was not read to its end: a person must look at it."""
    evidence: tuple[str, ...] = field(default=())
    """Why the mail is of this kind, and what in it could not be read, in short words for the record."""

    @property
    def body(self) -> str:
        """The whole text, quote marks restored."""
        return "\n".join("> " * line.depth + line.text for line in self.lines)
