"""What a person says besides a report: received, more time, somebody else, a question, or a mail passed on.

Precision comes first: whatever carries values, or a report as a file, is a reply, and a report that uses such
words in its text stays one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifiers.replies.automatic import day_in, foldable
from notifiers.replies.courtesy import is_courtesy
from notifiers.replies.folding import fold
from notifiers.replies.understood import Attachment, Line, LinePart, ReplyKind

_LONGEST = 1200
"""Characters; longer texts are reports, whatever words stand in them."""
_SHORT = 350

_ASKING = r"(?:xin|de nghi|kinh de nghi|mong|rat mong|kinh mong|cho phep|cho|de xuat|kinh xin|nho|xem xet)"
_EXTENSION = re.compile(
    rf"\b{_ASKING}(?: (?!se\b|da\b)\w+){{0,10}}? (?:gia han|lui (?:lai )?(?:thoi )?(?:han|gian)|"
    r"lui (?:lai )?(?:viec )?(?:nop|gui|bao cao)|"
    r"keo dai thoi (?:gian|han)|them (?:mot )?(?:it |vai )?(?:thoi gian|ngay|han)|them \d+ ngay|"
    r"(?:nop|gui|bao cao)(?: \w+){0,5} (?:cham|muon|tre)|(?:cham|muon|tre|hoan|lui) (?:nop|gui|bao cao)|"
    r"(?:duoc )?(?:nop|gui|bao cao)(?: \w+){0,5} (?:sau|vao|truoc) ngay|khat)|"
    r"\bgia han (?:thoi (?:gian|han) )?(?:nop|gui|bao cao|den|toi|cho|them|thoi)|"
    r"\b(?:chua|khong) (?:the )?(?:kip |hoan thanh ).{0,120}(?:gia han|lui|them thoi gian|xin (?:nop|gui))|"
    r"\b(?:an|the|our|some|short|one week|deadline|request(?:ing)?|ask(?:ing)? for|grant us|need(?:s)?|"
    r"have|get|for) "
    r"(?:\w+ ){0,4}(?:extension|more time|extra time|additional time|extra days|more days)|"
    r"\b(?:extend|postpone|push back|move) (?:the |our )?(?:\w+ ){0,2}(?:deadline|due date|submission)|"
    r"\b(?:could|can|may|might) we (?:\w+ ){0,4}(?:submit|send|report|have) (?:\w+ ){0,6}(?:by|until|"
    r"after|on|later|late)\b"
)
_DELEGATION = re.compile(
    r"\bkhong (?:thuoc|nam trong)(?: \w+){0,3} (?:tham quyen|trach nhiem|chuc nang|nhiem vu|linh vuc|"
    r"pham vi|phan viec)|"
    r"\b(?:nhiem vu|noi dung|viec|bao cao|phan|mang|linh vuc|cong viec)(?: \w+){0,3} (?:nay |tren )?"
    r"(?:(?:hien )?(?:thuoc|do|giao (?:cho )?|da giao (?:cho )?|da chuyen (?:cho |sang )?|duoc giao cho|"
    r"da phan cong(?: cho)?))|"
    r"\b(?:da|xin|xin phep|kinh|se|dang|toi|xa|minh|em) (?:chuyen|ban giao|giao|phan cong|"
    r"uy quyen)(?: \w+){0,6} "
    r"(?:cho|sang|den|toi|qua|ve) |"
    r"\b(?:de nghi|vui long|xin|kinh de nghi|mong)(?: \w+){0,4} (?:lien he|gui|chuyen|trao doi|"
    r"lam viec)(?: \w+){0,5} "
    r"(?:den|cho|sang|voi|toi|qua) |"
    r"\b(?:has|have|had|was|been|am|are|is|ve|will be)(?: \w+){0,3} (?:forward|pass|hand|delegat|"
    r"transfer|assign)(?:ed|ing)"
    r"(?: \w+){0,4} (?:to|over to|on to) |"
    r"\b(?:is|falls|lies|are)(?: \w+){0,3} (?:handled by|responsibility of|dealt with by|taken care of by)|"
    r"\b(?:not|isn t)(?: \w+){0,3} (?:responsib|in charge|our task|our remit)|"
    r"\bplease (?:contact|direct|address|send|forward|ask|write to)(?: \w+){0,6}"
)
_QUESTION = re.compile(
    r"\b(?:cho|xin|muon|can|toi|em|xa|don vi)(?: \w+){0,3} hoi\b|"
    r"\b(?:de nghi|xin|nho|mong|vui long|kinh de nghi)(?: \w+){0,5} (?:huong dan|cho biet|lam ro|"
    r"giai thich|giai dap|noi ro|"
    r"cung cap (?:lai )?(?:mau|bieu|de cuong|huong dan)|gui (?:lai )?(?:mau|bieu mau|de cuong|van ban|"
    r"ke hoach|huong dan))|"
    r"\b(?:chua|khong) ro\b|\b(?:could|can|would) you (?:please |kindly )?(?:clarify|explain|tell|"
    r"confirm|advise|let|send|specify)|"
    r"\bplease (?:clarify|explain|advise|specify|let (?:us|me) know|confirm (?:whether|if))"
)
_RECEIVED = re.compile(
    r"\b(?:da|xin|vua|moi) (?:nhan|tiep nhan|ghi nhan)(?: duoc)?\b|\bnhan (?:duoc|du|roi)\b|"
    r"\b(?:well )?received\b|\bnoted\b|"
    r"\backnowledg|\bghi nhan\b|"
    r"\b(?:will|shall) (?:\w+ ){0,3}(?:send|submit|report|reply|prepare|do|follow)|"
    r"\b(?:se|dang) (?:\w+ ){0,6}(?:gui|bao cao|nop|thuc hien|hoan thanh|tong hop|trien khai|phan hoi|"
    r"tra loi)|"
    r"^(?:ok|oke|okay|vang|da|roger|thanks?|thank you|cam on|xin cam on|nhat tri)\b"
)
_REPORTS = re.compile(
    r"\b(?:xin|kinh|da|toi|xa|em|minh|don vi|phong|so|ubnd|we|i) "
    r"(?:(?!se\b|will\b|shall\b|ll\b)\w+ ){0,4}(?:gui|nop|bao cao|"
    r"bo sung|send|submit|attach)"
    r"(?: \w+){0,6} (?:bao cao|ket qua|so lieu|kem|dinh kem|nhu sau|duoi day|file|report|figures)|"
    r"\b(?:da|duoc) (?:to chuc|thuc hien|hoan thanh|trien khai|dang|ban hanh|phoi hop|tuyen truyen|cap|"
    r"mo)\b|"
    r"\bkhong (?:phat sinh|co phat sinh|to chuc|co noi dung)|\b(?:kem theo|dinh kem|attached|enclosed)\b"
)
_VALUE = re.compile(r"[\s*•+–-]{0,4}(?:\d{1,2}[.)]\s|[a-zđ][.)]\s)?[^:=]{3,90}[:=]\s?[^\s:=].{0,300}")
_HAS_FIGURE = re.compile(
    r"[:=].{0,40}\d|[:=]\s?(?:không|chưa|có\b|co\b|khong|chua|none|nil|yes|"
    r"no\b)",
    re.IGNORECASE,
)
_TIME_TOLD = re.compile(r"(?:thoi gian|deadline|han|gio|ngay|luc|tel|dt|dien thoai|email|re|subject)\b")
_GREETING = re.compile(r"(?:kinh gui|kinh thua|kinh chao|dear|hi|hello|chao|thua|gui)\b")
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|fw|chuyển tiếp|tr|wg|doorst|i|enc)\s?:", re.IGNORECASE)
_REPORT_FILES = (
    ".doc", ".docx", ".xls", ".xlsx", ".pdf", ".odt", ".ods", ".zip", ".rar", ".jpg", ".jpeg", ".png", ".csv",
    ".ppt", ".pptx", ".7z", ".rtf", ".txt", ".tif", ".heic",
)  # fmt: skip
_UNTIL = re.compile(
    r"\b(?:den het|den|toi|cho den|truoc|vao|sau|het|until|till|to|by|before|on|"
    r"through)(?: het)?(?: ngay| the| end of| of| thu "
    r"(?:hai|ba|tu|nam|sau|bay)| chu nhat| monday| tuesday| wednesday| thursday| friday)*,? (?=\d|jan|"
    r"feb|mar|apr|may|jun|jul|aug|"
    r"sep|oct|nov|dec)"
)
_MORE_DAYS = re.compile(r"\bthem (?:khoang )?(\d{1,2}) ngay|(\d{1,2}) (?:more|extra|additional) days")
_TO_WHOM = re.compile(
    r"(?:\b(?:cho|sang|đến|tới|với|qua|về|thuộc|do|của)|\b(?:to|contact|by|of))\s+"
    r"((?:anh |chị |đồng chí |đ/c |ông |bà |bộ phận |the |Mr\.? |Ms\.? |Mrs\.? )?"
    r"[A-ZĐÀ-Ỹ][^\s,.;:!?()<>]*(?:[ -](?!(?:để|thực|phụ|chủ|tham|trả|báo|xử|theo|là|và|vào|từ|sẽ|đã|có|"
    r"for|and|who|which|is|"
    r"will|on|in|at)\b)[^\s,.;:!?()<>]+){0,9})"
)


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a person's mail is, and why."""

    kind: ReplyKind
    why: str = ""
    until_on: date | None = None
    to: str | None = None


_REPLY = Intent(kind=ReplyKind.REPLY)
_ABOUT_REPORT = re.compile(r"\b(?:bao cao|nop|gui|thoi han|han nop|report|deadline|submission)\b")


def intent_of(
    text: str, subject: str, lines: Sequence[Line], attachments: Sequence[Attachment], sent_on: date | None
) -> Intent:
    """The kind of a person's mail; `text` is what the person wrote, with nothing quoted in it."""
    if len(text) > _LONGEST or _tells_values(text):
        return _REPLY
    folded = fold(text)
    reports = _REPORTS.search(folded) is not None
    files = any(one.name.lower().endswith(_REPORT_FILES) for one in attachments)
    if _asks_for_time(folded) and not (files and reports):
        until = _until(foldable(text), sent_on)
        return Intent(kind=ReplyKind.EXTENSION_REQUEST, why="asks for more time", until_on=until)
    return _REPLY if files else _said(text, folded, reports=reports, forwarded=_is_forward(subject, lines))


def _said(text: str, folded: str, *, reports: bool, forwarded: bool) -> Intent:
    """The kind of a mail that brings no file and no figures."""
    if not reports and _DELEGATION.search(folded) and not text.rstrip(" ạa.").endswith("?"):
        to = _TO_WHOM.search(_at(text, folded, _DELEGATION))
        return Intent(kind=ReplyKind.DELEGATION, why="hands it over", to=to[1].strip() if to else None)
    if "?" in text or (not reports and _QUESTION.search(folded)):
        return Intent(kind=ReplyKind.QUESTION, why="asks something")
    if reports or len(text) >= _SHORT:
        return _REPLY
    if forwarded:
        return Intent(kind=ReplyKind.FORWARD, why="passes a mail on")
    if is_courtesy(text) or _RECEIVED.search(_greetless(text)):
        return Intent(kind=ReplyKind.ACKNOWLEDGEMENT, why="says that it arrived")
    return _REPLY


def _asks_for_time(folded: str) -> bool:
    """Whether more time for the report is asked for, not for what the report is about."""
    return _EXTENSION.search(folded) is not None and (
        len(folded) < _SHORT or _ABOUT_REPORT.search(folded) is not None
    )


def _tells_values(text: str) -> bool:
    """Whether lines of the form "Số tin: 45" stand in it."""
    for line in text.split("\n"):
        value = _VALUE.fullmatch(line.strip())
        if value and _HAS_FIGURE.search(line) and not _GREETING.match(fold(line)):
            return not _TIME_TOLD.match(fold(line))
    return False


def _is_forward(subject: str, lines: Sequence[Line]) -> bool:
    """Whether the mail below was passed on, and not answered."""
    if _FORWARD_SUBJECT.match(subject):
        return True
    first = next((line for line in lines if line.part is LinePart.INTRODUCTION and line.text.strip()), None)
    if first is None:
        return False
    told = fold(first.text)
    return "forwarded message" in told or "chuyen tiep" in told


def _greetless(text: str) -> str:
    """Folded, without the greeting's line."""
    first, _, rest = text.partition("\n")
    return fold(rest if rest.strip() and _GREETING.match(fold(first)) else text)


def _at(text: str, folded: str, pattern: re.Pattern[str]) -> str:
    """The text from about where the folded pattern was found on."""
    found = pattern.search(folded)
    if not found:
        return ""
    words = text.split()
    seen = 0
    passed = len(folded[: found.start()].split())
    for at, word in enumerate(words):
        if seen >= passed:
            return " ".join(words[at:])
        seen += len(fold(word).split())
    return ""


def _until(folded: str, sent_on: date | None) -> date | None:
    """The last day of the time asked for."""
    best: date | None = None
    for until in _UNTIL.finditer(folded):
        day = day_in(folded[until.end() : until.end() + 30], sent_on)
        best = day if day and (best is None or day > best) else best
    if best is None:
        best = day_in(folded, sent_on)
    more = _MORE_DAYS.search(folded)
    if best is None and more and sent_on is not None:
        return sent_on + timedelta(days=int(more[1] or more[2]))
    return best
