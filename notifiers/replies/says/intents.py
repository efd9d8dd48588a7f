"""What a person says besides a report: received, more time, somebody else, a question, or a mail passed on.

Precision comes first: whatever carries values, or a report as a file, is a reply, and a report that uses such
words in its text stays one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notifiers.replies.folding import fold
from notifiers.replies.says.courtesy import is_courtesy
from notifiers.replies.says.extensions import asks_for_time, until_on
from notifiers.replies.says.handovers import hands_over, says_not_ours, to_whom
from notifiers.replies.shorthand import written_out
from notifiers.replies.understood import Attachment, Line, LinePart, ReplyKind

_LONGEST = 1200
"""Characters; longer texts are reports, whatever words stand in them."""
_SHORT = 350

_QUESTION = re.compile(
    r"\b(?:cho|xin|muon|can)(?: (?!xa\b)\w+){0,3} hoi\b|\bcho xa hoi\b|"
    r"\b(?:de nghi|xin|nho|mong|vui long|kinh de nghi)(?: \w+){0,5} (?:huong dan|cho biet|lam ro|"
    r"giai thich|giai dap|noi ro|"
    r"cung cap (?:lai )?(?:mau|bieu|de cuong|huong dan)|gui (?:lai )?(?:mau|bieu mau|de cuong|van ban|"
    r"ke hoach|huong dan))|"
    r"\bkhong (?:mo|doc|xem|tai|thay|nhan)(?: \w+)? (?:duoc|file|tep|bieu mau|mau)|\bgui lai (?:giup|"
    r"giup|cho)\b|"
    r"\bgui (?:lai |cho )?(?:giup|ho|dum|xin)?(?: \w+){0,3} (?:mau|bieu mau|de cuong|"
    r"huong dan) (?:bao cao )?(?:voi|nhe|a)\b|"
    r"\b(?:chua|khong) (?:ro|hieu)\b|\b(?:chi|huong dan|giai thich) (?:giup|dum|ho)\b|\b(?:could|"
    r"can|would) you (?:please |kindly )?(?:clarify|explain|tell|"
    r"confirm|advise|let|send|specify)|"
    r"\bplease (?:clarify|explain|advise|specify|let (?:us|me) know|confirm (?:whether|if))"
)
_CANNOT = re.compile(
    r"\bkhong (?:mo|doc|xem|tai|thay|nhan)(?: \w+)? (?:duoc|file|tep|bieu mau|mau)\b(?!.*\bkem theo)|"
    r"\bgui lai (?:giup|cho (?:em|xa|minh|don vi|toi))\b|\b(?:can t|cannot|unable to) (?:open|read|"
    r"download)\b"
)
"""What keeps somebody from answering."""

_ENDS_ASKING = re.compile(
    r"(?:\b(?:co|phai|can|duoc|gom|tinh)(?: \w+){0,8} khong|\bhay(?: \w+){1,8} (?:vay|nhi|ha|the)|"
    r"\bhay (?:la )?(?:sao|gi)|"
    r"\b(?:o dau|khi nao|bao gio|the nao|nhu the nao|la gi|ghi gi|bao nhieu|the nao)|\b(?:vay|nhi|ha))"
    r"(?: (?:anh|chi|em|vay|nhi|ban|phong|nhe|ha|day|a))*$"
)
"""A sentence that asks though it has no question mark."""

_RECEIVED = re.compile(
    r"\b(?:da|xin|vua|moi|em|xa|phong|don vi) (?:nhan|tiep nhan|ghi nhan|ro|nam duoc)(?: duoc)?\b|"
    r"\b(?:da|xin) (?:xem|doc|biet|hieu|tiep thu|vao so|cap nhat)\b|^(?:da )?(?:roi|duoc) (?:nhe|a|"
    r"anh|chi|em)\b|"
    r"\bnhan (?:duoc|du|roi)\b|\b(?:well )?received\b|\bnoted\b|\backnowledg|\bghi nhan\b|"
    r"\b(?:will|shall) (?:\w+ ){0,3}(?:send|submit|report|reply|prepare|do|follow)|"
    r"\b(?:se|dang) (?:\w+ ){0,6}(?:gui|bao cao|nop|thuc hien|hoan thanh|tong hop|trien khai|phan hoi|"
    r"tra loi|thu thap|lam)|\bda (?:chuyen|trinh|bao cao) (?:len )?(?:lanh dao|thu truong|chu tich|sep)\b|"
    r"^tiep nhan\b|^(?:ok|oke|okay|vang|roger|thanks?|thank you|cam on|xin cam on|nhat tri|da vang|"
    r"da em|da anh|da chi)\b|"
    r"\b(?:bien recu|bien recibido|recibido|ricevuto|recebido|erhalten|empfangen|ontvangen|modtaget|mottaget|"
    r"otrzymal|obdrzel)"
)
_RECEIVED_RAW = re.compile(
    r"получил|отримал|收到|受け取りました|拝受|받았습니다|قد استلم|تم الاستلام|קיבלתי|קיבלנו"
)
_LATER = re.compile(
    r"\b(?:chieu|toi|mai|lat|lat nua|tuan sau|thang sau|hom sau|bua sau|mot|co so lieu|co ket qua|"
    r"xong) (?:nay |mai |la )?"
    r"(?:em |xa |minh |toi |don vi |phong |chi |anh )?(?:se )?(?:gui|nop|bao cao)(?: \w+){0,4}"
)
"""What is promised for later is no report."""

_REPORTS = re.compile(
    r"\b(?:xin|kinh|da|toi|xa|em|minh|don vi|phong|so|ubnd|we|i) "
    r"(?:(?!se\b|will\b|shall\b|ll\b)\w+ ){0,4}(?:gui|nop|bao cao|"
    r"bo sung|send|submit|attach)"
    r"(?: \w+){0,6} (?:bao cao|ket qua|so lieu|kem|dinh kem|nhu sau|duoi day|file|report|figures)|"
    r"\b(?:da|duoc) (?:to chuc|thuc hien|hoan thanh|trien khai|dang|ban hanh|phoi hop|tuyen truyen|cap|"
    r"mo|gui)\b|"
    r"\b(?:khong|chua)(?: co)? (?:phat sinh|to chuc|noi dung|hoat dong|trien khai|thuc hien|gi)\b|"
    r"\b(?:bao|ghi|go|nhap) nham\b|\b(?:dung|sua lai|dinh chinh)(?: \w+)? la\b|\bnhu (?:ky|quy|thang|"
    r"nam) truoc\b|"
    r"\b\d+ (?:tin|bai|buoi|luot|nguoi|hoi nghi|cuoc|dot|lop|trieu|van ban)\b|"
    r"\b(?:kem theo|dinh kem|attached|enclosed|nil return|nothing to report)\b"
)
_VALUE = re.compile(r"[\s*•+–-]{0,4}(?:\d{1,2}[.)]\s|[a-zđ][.)]\s)?[^:=]{3,90}[:=]\s?[^\s:=].{0,300}")
_HAS_FIGURE = re.compile(
    r"[:=].{0,40}\d|[:=]\s?(?:không|chưa|có\b|co\b|khong|chua|none|nil|yes|"
    r"no\b)",
    re.IGNORECASE,
)
_TIME_TOLD = re.compile(r"(?:thoi gian|deadline|han|gio|ngay|luc|tel|dt|dien thoai|email|re|subject)\b")
_GREETING = re.compile(r"(?:kinh gui|kinh thua|kinh chao|dear|hi|hello|chao|thua|gui)\b")
_SENTENCES = re.compile(r"[.!;,]")
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|fw|chuyển tiếp|tr|wg|doorst|i|enc)\s?:", re.IGNORECASE)
_REPORT_FILES = (
    ".doc", ".docx", ".xls", ".xlsx", ".pdf", ".odt", ".ods", ".zip", ".rar", ".jpg", ".jpeg", ".png", ".csv",
    ".ppt", ".pptx", ".7z", ".rtf", ".txt", ".tif", ".heic",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a person's mail is, and why."""

    kind: ReplyKind
    why: str = ""
    until_on: date | None = None
    to: str | None = None


_REPLY = Intent(kind=ReplyKind.REPLY)


def intent_of(
    text: str, subject: str, lines: Sequence[Line], attachments: Sequence[Attachment], sent_on: date | None
) -> Intent:
    """The kind of a person's mail; `text` is what the person wrote, with nothing quoted in it."""
    if len(text) > _LONGEST or _tells_values(text):
        return _REPLY
    folded = written_out(text)
    reports = _REPORTS.search(_LATER.sub("", folded)) is not None
    files = any(one.name.lower().endswith(_REPORT_FILES) for one in attachments)
    if asks_for_time(folded) and not (files and reports):
        until = until_on(text, sent_on)
        return Intent(kind=ReplyKind.EXTENSION_REQUEST, why="asks for more time", until_on=until)
    if files or _answers_inline(lines):
        return _REPLY
    return _said(text, folded, reports=reports, forwarded=_is_forward(subject, lines))


def _said(text: str, folded: str, *, reports: bool, forwarded: bool) -> Intent:
    """The kind of a mail that brings no file and no figures."""
    asked = text.rstrip(" .ạa").endswith("?")
    if not asked and (says_not_ours(folded) or (not reports and hands_over(folded))):
        return Intent(kind=ReplyKind.DELEGATION, why="hands it over", to=to_whom(text, folded))
    if "?" in text or _CANNOT.search(folded) or (not reports and (_QUESTION.search(folded) or _asks(text))):
        return Intent(kind=ReplyKind.QUESTION, why="asks something")
    if reports or len(text) >= _SHORT:
        return _REPLY
    if forwarded:
        return Intent(kind=ReplyKind.FORWARD, why="passes a mail on")
    if is_courtesy(text) or _RECEIVED.search(_greetless(text)) or _RECEIVED_RAW.search(text.casefold()):
        return Intent(kind=ReplyKind.ACKNOWLEDGEMENT, why="says that it arrived")
    return _REPLY


def _asks(text: str) -> bool:
    """Whether a sentence of a short text ends as questions do."""
    return len(text) < _SHORT and any(
        _ENDS_ASKING.search(written_out(one)) for line in text.split("\n") for one in _SENTENCES.split(line)
    )


def _answers_inline(lines: Sequence[Line]) -> bool:
    """Whether the sender answers a quoted question right below it."""
    above: Line | None = None
    for line in lines:
        if not line.text.strip():
            continue
        own = line.part is LinePart.OWN
        if own and above and above.part is LinePart.QUOTE and above.text.rstrip().endswith("?"):
            return True
        above = line
    return False


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
    return written_out(rest if rest.strip() and _GREETING.match(fold(first)) else text)
