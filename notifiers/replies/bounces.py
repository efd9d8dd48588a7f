"""What servers say about mails of ours: which address was not reached, for good or for now.

The structured report (RFC 3464) is believed first, then headers, then the text: its lines about an address,
the copy of the mail that was sent, and at last a library that knows the texts of old servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message

from notifiers.replies import detectors
from notifiers.replies.diagnoses import is_delay, status_of
from notifiers.replies.folding import fold
from notifiers.replies.message import (
    Parts,
    addresses,
    content_type,
    header,
    headers,
    message_ids,
    parameter,
)
from notifiers.replies.understood import Bounce

_MACHINE = re.compile(
    r"(?:mailer|mail|mdaemon|post|smtp|mta|qmail|exchange|notes|system|bounce|e\d+_smtp)?[._-]?"
    r"(?:daemon|master|delivery|mailer|subsystem|bounces?|mdaemon)(?:[._+-][\w.=+-]{0,60})?|"
    r"mailer-?daemon.{0,60}|mail\.?delivery\.?(?:system|subsystem)|\"?system administrator\"?|"
    r"microsoftexchange[0-9a-f]{16,40}|imss|bounce[s]?|no-?reply|mdaemon|uucp"
)
_DAEMON = re.compile(r"(?:mailer|mail)-?daemon")
_NO_REPLY = re.compile(r"no-?reply")
_SUBJECT = re.compile(
    r"(?:re )?(?:\w+ ){0,2}?(?:undeliver|(?:mail |message )?delivery (?:status|has fail|fail|error|"
    r"report|notif|problem|"
    r"warning|delay|unsuccess|impossible)|mail delivery|message delivery|returned (?:mail|message)|"
    r"failure (?:notice|delivery)|fail(?:ed|ure) (?:mail|delivery|to deliver)|failed mail|mail (?:fail|"
    r"not deliver|"
    r"could not be|system error|error)|"
    r"permanent (?:delivery )?fail|non ?deliver|message (?:not|un|could not be|you sent (?:blocked|"
    r"could)) ?deliver|"
    r"warning (?:message|could not|[a-z ]{0,80}user unknown)|message delayed|"
    r"delayed (?:mail|delivery|message)|processing error|rejected mail|automatically rejected|"
    r"your message to .{1,100}(?:could not|not) be|mail could not be delivered|there was an error sending|"
    r"email .{0,20}not delivered|unzustellbar|unable to deliver|address not found|message blocked|"
    r"nicht zustellbar|echec de (?:la )?remise|no se puede entregar|mancato recapito|"
    r"(?:thu |email |tin nhan )?(?:khong|chua) the (?:gui|chuyen|phan phoi)|"
    r"(?:thu|email) (?:bi )?(?:khong gui duoc|tra lai|hoan lai)|khong gui duoc thu|loi gui thu|"
    r"thong bao (?:thu )?(?:khong gui duoc|gui thu (?:that bai|khong thanh cong)|tra (?:lai )?thu|"
    r"trang thai (?:gui|phan phoi)|loi gui|phat thu|chua gui duoc)|"
    r"gui (?:thu |email )?(?:that bai|khong thanh cong)|khong phan phoi duoc|tri hoan gui)"
)
_TEXT = re.compile(
    r"(?:could|can) ?not (?:be )?(?:deliver|sent|reach)|(?:was|were|been|is) (?:un|not )deliver|"
    r"undeliverable|"
    r"deliver(?:y|ing)?(?: \w+){0,8} (?:has )?fail|fail(?:ed|ure)(?: \w+){0,6} deliver|"
    r"unable to (?:be )?deliver|"
    r"(?:wasn t|not) able to (?:be )?deliver|did not reach|has been delayed|not (?:yet )?been delivered|"
    r"delivery (?:status|error|delay|problem)|permanent (?:fatal )?error|user (?:is )?unknown|unknown user|"
    r"no such (?:user|account|recipient|address)|unknown (?:address|recipient)|not (?:a )?(?:known|"
    r"valid|listed)|"
    r"mailbox (?:is )?(?:full|unavailable|not found)|over ?quota|undelivered|does(?: not|n t) exist|"
    r"failed recipient|"
    r"(?:mail|message|email) (?:was |is |has been )?(?:returned|rejected|refused|bounced|blocked)|"
    r"returned (?:to sender|mail)|address (?:rejected|not found)|recipient rejected|returning it|"
    r"(?:khong|chua) (?:the )?(?:gui|chuyen|phan phoi|phat)(?: \w+){0,6} (?:duoc|den|toi|cho)|"
    r"khong ton tai|"
    r"gui (?:thu )?(?:that bai|khong thanh cong)|bi tu choi|hop thu (?:da )?day|tam thoi chua|"
    r"thu bi tra lai"
)
_PERSON = re.compile(r"(?:re|fw|fwd|tra loi|tl|sv|aw)\s?:", re.IGNORECASE)

_ADDRESS = re.compile(
    r"(?<![\w.+=/-])([A-Za-z0-9!#$%&*+/=?^_`{|}~.-][A-Za-z0-9!#$%&'*+/=?^_`{|"
    r"}~.-]{0,63}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9])"
)
_LONE = re.compile(r"[\s<\"'(\[*>•-]{0,12}(?:rfc822;\s?|smtp:|to:?\s|for\s|smtp=|"
                   r"address:?\s)?<?([^\s<>;,:\"']{1,64}@[^\s<>;,:\"']{1,200})>?"
                   r"[\s>\"')\].:,;-]{0,6}", re.IGNORECASE)  # fmt: skip
_ABOUT = re.compile(
    r"(?:could not|cannot|can't|unable|fail|unknown|reject|undeliver|not (?:be )?deliver|doesn't|"
    r"does not|invalid|"
    r"no such|quota|full|delay|recipient|không|\b[45]\d\d\b)",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"(?:below (?:this line|is)|this is a copy|copy of (?:the|your) (?:message|mail)|original message|"
    r"message (?:header|text|follows)|(?:start|beginning) of (?:the )?(?:returned|message)|unsent message|"
    r"returned message|undelivered mail|the headers? of|contents of|message contents|attached|"
    r"your (?:original )?(?:message|mail) (?:is|follows)|thu goc|noi dung thu)"
)
_FIELD = re.compile(
    r"[\s>]{0,6}(original-recipient|final-recipient|x-actual-recipient|x-failed-recipients|action|status|"
    r"diagnostic-code|failed-recipient|original-rcpt-to)\s?:\s{0,5}(\S.{0,400})",
    re.IGNORECASE,
)
_SENT_TO = re.compile(
    r"^[ \t>|]{0,8}(?:to|cc|apparently-to|"
    r"envelope-to)\s?:(.{3,300})$",
    re.IGNORECASE | re.MULTILINE,
)
_SENT_ID = re.compile(
    r"^[ \t>|"
    r"]{0,8}(?:(?:original )?message[- ]id)\s?:\s{0,5}(?:\r?\n[ \t]{1,8})?(<[^<>\s]{1,300}>)",
    re.IGNORECASE | re.MULTILINE,
)
_SENT_LINE = re.compile(
    r"[ \t>|]{0,8}(?:to|cc|from|sender|reply-to|subject|"
    r"return-path)\s?:\s",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"(?:postmaster|mailer-daemon|abuse|help-?desk|support|hostmaster|"
    r"mail-daemon)@",
    re.IGNORECASE,
)
_FOR_SUBJECT = re.compile(r"(?:undeliverable|for|to|:)\W{1,3}" + _ADDRESS.pattern, re.IGNORECASE)
_LONGEST = 60_000
_LINES = 600


def bounce_of(message: Message, parts: Parts, text: str, sender: str | None, body: str = "") -> Bounce | None:
    """What a server says about a mail of ours, or None when this is no bounce.

    `text` is the whole text, `body` the raw body, for what the text does not show.
    """
    if parts.disposition:
        return None
    text = text[:_LONGEST]
    if not _is_bounce(message, parts, text, sender):
        return None
    blocks = list(_blocks(parts.delivery_status or "")) or [_told_fields(text)]
    block = next((one for one in blocks if one.get("action", "").lower().startswith("failed")), blocks[0])
    ours = _not_recipients(message, sender)
    told_to = _sent_to(parts, text, body)
    recipient = (
        _of_report(block)
        or _of_headers(message)
        or _of_text(message, text, ours, told_to)
        or next(iter(told_to), None)
    )
    subject = fold(header(message, "subject"))
    action = block.get("action", "").lower().split(";")[0].strip().split(" ")[0] or None
    if action not in ("failed", "delayed", "delivered", "relayed", "expanded"):
        action = "delayed" if is_delay(subject, fold(_before_copy(text)[:3000])) else "failed"
    return Bounce(
        recipient=recipient.casefold() if recipient else None,
        action=action,
        status=status_of(block, _before_copy(text), action),
        original_message_id=_original_id(message, parts, text, body),
    )


def _is_bounce(message: Message, parts: Parts, text: str, sender: str | None) -> bool:
    report = parameter(message, "report-type").lower() if content_type(message) == "multipart/report" else ""
    if report == "delivery-status" or parts.delivery_status is not None:
        return True
    raw_subject = header(message, "subject")
    subject = fold(raw_subject)
    local = (sender or "").rpartition("@")[0] or sender or ""
    machine = not sender or (_MACHINE.fullmatch(local) is not None and not _NO_REPLY.search(local))
    nobody = header(message, "return-path").strip() == "<>"
    failed = bool(headers(message, "x-failed-recipients"))
    named = _SUBJECT.match(subject) is not None and not _PERSON.match(raw_subject)
    says = _TEXT.search(fold(text[:4000])) is not None
    automatic = header(message, "auto-submitted").lower().startswith("auto-")
    if failed and (machine or named or says):
        return True
    if machine and (named or says or nobody):
        return bool(named or says or detectors.failed_recipient(message, ()) is not None)
    if _DAEMON.match(local):
        return detectors.failed_recipient(message, ()) is not None
    if named and (says or nobody):
        answers = header(message, "in-reply-to") or header(message, "references")
        return nobody or automatic or not answers
    if (machine or nobody or automatic or says) and not _PERSON.match(raw_subject) and says:
        system = nobody or automatic or machine
        return system and detectors.failed_recipient(message, ()) is not None
    return False


def _blocks(status: str) -> Iterator[Mapping[str, str]]:
    """The fields about each recipient in a delivery status."""
    for block in re.split(r"\n\s*\n", status)[:50]:
        fields: dict[str, str] = {}
        for line in re.sub(r"\n[ \t]+", " ", block).split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        if "final-recipient" in fields or "original-recipient" in fields or "action" in fields:
            yield fields


def _told_fields(text: str) -> Mapping[str, str]:
    """The same fields, when they stand in the text."""
    fields: dict[str, str] = {}
    for line in text.split("\n")[:_LINES]:
        found = _FIELD.match(line)
        if found:
            fields.setdefault(found[1].lower(), found[2].strip())
    return fields if len(fields) > 1 else {}


def _of_report(block: Mapping[str, str]) -> str | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "failed-recipient"):
        kind, semicolon, value = block.get(name, "").partition(";")
        if not semicolon:
            kind, value = "rfc822", kind
        found = _ADDRESS.search(value.replace("\\", "").strip("<> "))
        if found and kind.strip().lower() in ("rfc822", "utf-8", "smtp", "internet", "dns"):
            return found[1]
    shown = _ADDRESS.search(block.get("diagnostic-code", ""))
    return shown[1] if shown else None


def _of_headers(message: Message) -> str | None:
    for value in headers(message, "x-failed-recipients"):
        found = _ADDRESS.search(value)
        if found:
            return found[1]
    return None


def _of_text(message: Message, text: str, ours: frozenset[str], told_to: Sequence[str]) -> str | None:
    """The address that the text is about: alone on a line, known to the library, or beside a reason."""
    lines = [line[:500] for line in _before_copy(text).split("\n")[:_LINES] if not _SENT_LINE.match(line)]
    alone = [one for line in lines for one in _alone(line)]
    about = [one for line in lines if _ABOUT.search(line) for one in _ADDRESS.findall(line)]
    other = [one for line in lines for one in _ADDRESS.findall(line)]

    def fit(found: Sequence[str]) -> list[str]:
        return [one for one in map(str.casefold, found) if one not in ours and not _SERVICE.match(one)]

    named = fit([*alone, *about, *other])
    wrote_to = [one for one in named if one in told_to]
    if wrote_to:
        return wrote_to[0]
    subject = fit([one[1] for one in _FOR_SUBJECT.finditer(header(message, "subject"))])
    known = detectors.failed_recipient(message, ours)
    return next(iter((*fit(alone), *([known] if known else []), *subject, *named)), None)


def _alone(line: str) -> Iterator[str]:
    """The address that a line is about, with at most the reason behind it: "<a@b>: 550 no such user"."""
    found = _LONE.match(line)
    if found and (found.end() == len(line) or ":" in found[0] or ">" in found[0]):
        yield from _ADDRESS.findall(found[1])


def _not_recipients(message: Message, sender: str | None) -> frozenset[str]:
    """Addresses that a bounce names and that did not fail: whoever sends it, and whom it is sent to."""
    known = {address for _, address in addresses(message, "from", "to", "reply-to", "delivered-to", "sender")}
    return frozenset((*known, sender or ""))


def _sent_to(parts: Parts, text: str, body: str) -> tuple[str, ...]:
    """Whom the mail that came back was sent to."""
    if parts.original is not None:
        found = [address for _, address in addresses(parts.original, "to", "cc")]
        if found:
            return tuple(found)
    copy = text[len(_before_copy(text)) :] or body
    lines = _SENT_TO.findall(copy) or _SENT_TO.findall(body)
    return tuple(one.casefold() for line in lines[:3] for one in _ADDRESS.findall(line))


def _before_copy(text: str) -> str:
    """What the server says, without the copy of the mail below it."""
    place = 0
    for line in text.split("\n")[:_LINES]:
        if place and (
            re.match(
                r"[ \t>|]{0,8}(?:received|return-path|message-id|from|"
                r"mime-version)\s?:",
                line,
                re.IGNORECASE,
            )
            or (line.lstrip()[:2] in ("--", "==", "__") and _COPY.search(fold(line)))
        ):
            return text[:place]
        place += len(line) + 1
    return text


def _original_id(message: Message, parts: Parts, text: str, body: str) -> str | None:
    if parts.original is not None:
        ids = message_ids(header(parts.original, "message-id"))
        if ids:
            return ids[0]
    own = message_ids(header(message, "message-id"))
    for place in (text, body[: _LONGEST * 4]):
        for told in _SENT_ID.findall(place):
            if told not in own:
                return str(told)
    answered = message_ids(header(message, "in-reply-to")) or message_ids(header(message, "references"))
    return answered[-1] if answered else None
