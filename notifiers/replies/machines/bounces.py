"""What servers say about mails of ours: which address was not reached, for good or for now.

The structured report (RFC 3464, RFC 5965) is believed first, then headers, then the text: its lines about an
address, the copy of the mail that was sent, and at last a library that knows the texts of old servers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from notifiers.replies.folding import fold
from notifiers.replies.machines import detectors, returned
from notifiers.replies.machines.diagnoses import is_delay, status_of
from notifiers.replies.machines.refusals import SUBJECT, TEXT
from notifiers.replies.mime.message import (
    ADDRESS,
    Message,
    addresses,
    body_of,
    header,
    headers,
    parameter,
)
from notifiers.replies.mime.parts import Parts, walk
from notifiers.replies.understood import Bounce

_MACHINE = re.compile(
    r"(?:mailer|mail|mdaemon|post|smtp|mta|qmail|exchange|notes|system|bounce|e\d+_smtp)?[._-]?"
    r"(?:daemon|master|delivery|mailer|subsystem|bounces?|office|mdaemon)(?:[._+-][\w.=+-]{0,60})?|"
    r"mailer-?daemon.{0,60}|mail\.?delivery\.?(?:system|subsystem)|\"?system administrator\"?|"
    r"microsoftexchange[0-9a-f]{16,40}|imss|bounce[s]?|no-?reply|mdaemon|uucp"
)
_DAEMON = re.compile(r"(?:mailer|mail)-?daemon")
_NO_REPLY = re.compile(r"no-?reply")
_PERSON = re.compile(r"(?:re|fw|fwd|tra loi|tl|sv|aw|wg|tr|rv|vs)\s?:", re.IGNORECASE)
_COMPLAINT = re.compile(r"complaint about message from|(?:e ?mail )?(?:feedback|abuse) report")

_LONE = re.compile(r"[\s<\"'(\[*>•:-]{0,12}(?:rfc822;\s?|smtp:|to:?\s|for\s|smtp=|"
                   r"address:?\s)?<?([^\s<>;,:\"'\[\]]{1,64}@[^\s<>;,:\"'\[\]]{1,200})>?"
                   r"[\s>\"')\].:,;-]{0,6}", re.IGNORECASE)  # fmt: skip
_ABOUT = re.compile(
    r"(?:could not|cannot|can't|unable|fail|unknown|reject|undeliver|not (?:be )?deliver|doesn't|"
    r"does not|invalid|no such|quota|full|delay|recipient|không|người nhận|收件人|宛先|получател|"
    r"\b[45]\d\d\b)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[\s>]{0,6}(original-recipient|final-recipient|x-actual-recipient|x-failed-recipients|action|status|"
    r"diagnostic-code|failed-recipient|original-rcpt-to)\s?:\s{0,5}(\S.{0,400})",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:postmaster|mailer-daemon|abuse|help-?desk|support|hostmaster|mail-daemon)@", re.IGNORECASE
)
_INTERNATIONAL = re.compile(r"([^\s<>@;,]{1,64}@[^\s<>@;,]{3,200})")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
"""A character of an address in a report that is ASCII (RFC 6533, 3)."""
_FOR_SUBJECT = re.compile(r"(?:undeliverable|for|to|:)\W{1,3}" + ADDRESS.pattern, re.IGNORECASE)
_VERP = re.compile(
    r"[+-]([a-z0-9][a-z0-9._-]{0,63})=([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6})(?:-[\w=-]{1,40})?@"
)
_LONGEST = 60_000
_LINES = 600
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")


def bounce_of(
    message: Message, parts: Parts, text: str, sender: str | None, raw: bytes = b""
) -> Bounce | None:
    """What a server says about a mail of ours, or None when this is no bounce.

    `text` is the whole text, `raw` the mail as it came, for what the text does not show. A complaint says
    that the mail has been delivered, and to whom.
    """
    if parts.disposition:
        return None
    text = text[:_LONGEST]
    if is_complaint(message, parts):
        return _complaint(message, parts, text, body_of(raw))
    wrapped = _wrapped(message, parts, text, sender)
    if wrapped is not None or not _is_bounce(message, parts, text, sender):
        return wrapped
    body = body_of(raw)
    told = returned.before_copy(text)
    sent_to = returned.sent_to(parts, text, body)
    blocks = list(_blocks(parts.delivery_status or "")) or [_told_fields(text)]
    block = next((one for one in blocks if one.get("action", "").lower().startswith("failed")), blocks[0])
    recipient = (
        _of_report(block, sent_to)
        or _of_headers(message)
        or _of_text(message, told, _not_recipients(message, sender), sent_to)
        or next(iter(sent_to), None)
        or _of_return_path(message)
    )
    recipient = recipient.casefold() if recipient else None
    action = block.get("action", "").lower().split(";")[0].strip().split(" ")[0] or None
    if action not in _ACTIONS:
        action = "delayed" if is_delay(header(message, "subject"), told[:3000]) else "failed"
    return Bounce(
        recipient=recipient,
        action=action,
        status=status_of(block, told, action, recipient),
        original_message_id=returned.original_id(message, parts, text, body),
    )


def _wrapped(message: Message, parts: Parts, text: str, sender: str | None) -> Bounce | None:
    """What a bounce says that a filter on the way has put whole into a mail without words."""
    inner = parts.original
    if inner is None or text.strip() or _PERSON.match(header(message, "subject")):
        return None
    if inner.kind != "multipart/report" or not _by_machine(sender):
        return None
    within = walk(inner)
    return bounce_of(inner, within, within.plain or "", sender) if within.delivery_status else None


def is_complaint(message: Message, parts: Parts) -> bool:
    """Whether a provider tells that somebody called a mail of ours spam (RFC 5965, and an older custom)."""
    if parts.feedback is not None:
        return True
    title = fold(header(message, "subject"))
    return parts.original is not None and not parts.plain and _COMPLAINT.match(title) is not None


def _complaint(message: Message, parts: Parts, text: str, body: str) -> Bounce:
    block = next(_fields(parts.feedback or ""), {})
    named = (block.get(name, "") for name in ("original-rcpt-to", "removal-recipient"))
    told = [found[1] for one in named if (found := ADDRESS.search(one))]
    recipient = next(iter((*told, *returned.sent_to(parts, text, body))), None)
    return Bounce(
        recipient=recipient.casefold() if recipient else None,
        action="delivered",
        status=None,
        original_message_id=returned.original_id(message, parts, text, body),
    )


def _is_bounce(message: Message, parts: Parts, text: str, sender: str | None) -> bool:
    report = parameter(message, "report-type").lower() if message.kind == "multipart/report" else ""
    if report == "delivery-status" or parts.delivery_status is not None:
        return True
    raw_subject = header(message, "subject")
    machine = _by_machine(sender)
    nobody = header(message, "return-path").strip() == "<>"
    failed = bool(headers(message, "x-failed-recipients"))
    named = _said(SUBJECT.match, raw_subject) and not _PERSON.match(raw_subject)
    automatic = header(message, "auto-submitted").lower().startswith("auto-")
    # words alone make no bounce, and to look for them takes the longest
    says = (machine or nobody or failed or named or automatic) and _said(TEXT.search, text[:4000])
    if failed and (machine or named or says):
        return True
    if machine and (named or says or nobody):
        return bool(named or says or detectors.failed_recipient(message, ()) is not None)
    if _DAEMON.match(sender or ""):
        return detectors.failed_recipient(message, ()) is not None
    if named and (says or nobody):
        # a person who writes of a mail that was not delivered names nobody, or answers us
        answers = header(message, "in-reply-to") or header(message, "references")
        ours = _not_recipients(message, sender)
        others = any(one.casefold() not in ours for one in ADDRESS.findall(text))
        return nobody or automatic or (not answers and others)
    if (machine or nobody or automatic) and says and not _PERSON.match(raw_subject):
        return detectors.failed_recipient(message, ()) is not None
    return False


def _by_machine(sender: str | None) -> bool:
    """Whether the address is one that mail servers write from."""
    local = (sender or "").rpartition("@")[0] or sender or ""
    return not sender or (_MACHINE.fullmatch(local) is not None and not _NO_REPLY.search(local))


def _said(look: Callable[[str], re.Match[str] | None], text: str) -> bool:
    """Whether words are found in the text as folded, or as it stands in another script."""
    return look(fold(text)) is not None or (not text.isascii() and look(text.lower()) is not None)


def _blocks(status: str) -> Iterator[Mapping[str, str]]:
    """The fields about each recipient in a delivery status."""
    for fields in _fields(status):
        if "final-recipient" in fields or "original-recipient" in fields or "action" in fields:
            yield fields


def _fields(report: str) -> Iterator[Mapping[str, str]]:
    """The fields of each paragraph of a report; the first of a name counts."""
    for paragraph in re.split(r"\n\s*\n", report)[:50]:
        fields: dict[str, str] = {}
        for line in re.sub(r"\n[ \t]+", " ", paragraph).split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        yield fields


def _told_fields(text: str) -> Mapping[str, str]:
    """The same fields, when they stand in the text."""
    fields: dict[str, str] = {}
    for line in text.split("\n")[:_LINES]:
        found = _FIELD.match(line)
        if found:
            fields.setdefault(found[1].lower(), found[2].strip())
    return fields if len(fields) > 1 else {}


def _of_report(block: Mapping[str, str], sent_to: Sequence[str]) -> str | None:
    """The address that we wrote to, before whatever it was passed on to."""
    told: list[str] = []
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "failed-recipient"):
        kind, semicolon, value = block.get(name, "").partition(";")
        if not semicolon:
            kind, value = "rfc822", kind
        if kind.strip().lower() == "utf-8":
            found = _INTERNATIONAL.search(_ESCAPED.sub(_unescaped, value))
        else:
            found = ADDRESS.search(value.replace("\\", "").strip("<> "))
        if found and kind.strip().lower() in ("rfc822", "utf-8", "smtp", "internet", "dns"):
            told.append(found[1])
    ours = next((one for one in told if one.casefold() in sent_to), None)
    shown = ADDRESS.search(block.get("diagnostic-code", ""))
    return ours or next(iter(told), None) or (shown[1] if shown else None)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= sys.maxunicode and not 0xD800 <= code < 0xE000 else ""


def _of_headers(message: Message) -> str | None:
    for value in headers(message, "x-failed-recipients"):
        found = ADDRESS.search(value)
        if found:
            return found[1]
    return None


def _of_return_path(message: Message) -> str | None:
    """The address that the bounce's own address names: `name+user=domain@here`."""
    for _, address in addresses(message, "to", "delivered-to", "x-original-to"):
        found = _VERP.search(address)
        if found:
            return f"{found[1]}@{found[2]}"
    return None


def _of_text(message: Message, told: str, ours: frozenset[str], sent_to: Sequence[str]) -> str | None:
    """The address that the text is about: alone on a line, known to the library, or beside a reason."""
    lines = [line[:500] for line in told.split("\n")[:_LINES] if not returned.is_header_of_people(line)]
    alone = [one for line in lines for one in _alone(line)]
    about = [one for line in lines if _ABOUT.search(line) for one in ADDRESS.findall(line)]
    other = [one for line in lines for one in ADDRESS.findall(line)]

    def fit(found: Sequence[str]) -> list[str]:
        told = (one.casefold().removeprefix("smtp=") for one in found)
        return [one for one in told if one not in ours and not _SERVICE.match(one)]

    named = fit([*alone, *about, *other])
    wrote_to = [one for one in named if one in sent_to]
    if wrote_to:
        return wrote_to[0]
    subject = fit([one[1] for one in _FOR_SUBJECT.finditer(header(message, "subject"))])
    known = detectors.failed_recipient(message, ours)
    return next(iter((*fit(alone), *([known] if known else []), *subject, *named)), None)


def _alone(line: str) -> Iterator[str]:
    """The address that a line is about, with at most the reason behind it: "<a@b>: 550 no such user"."""
    found = _LONE.match(line)
    if found and (found.end() == len(line) or ":" in found[0] or ">" in found[0]):
        yield from ADDRESS.findall(found[1])


def _not_recipients(message: Message, sender: str | None) -> frozenset[str]:
    """Addresses that a bounce names and that did not fail: whoever sends it, and whom it is sent to."""
    known = {address for _, address in addresses(message, "from", "to", "reply-to", "delivered-to", "sender")}
    return frozenset((*known, sender or ""))
