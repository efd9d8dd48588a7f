"""Who asks for more time, and until when: "xin lùi đến 05/12", "cho đến hết tuần này", "by next Friday"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from notifiers.replies.days import day_in, foldable

_ASKING = (
    r"(?:xin|de nghi|kinh de nghi|mong|rat mong|kinh mong|cho phep|cho|de xuat|kinh xin|nho|xem xet|"
    r"thong cam|"
    r"tao dieu kien)"
)
_HAND_IN = r"(?:nop|gui|bao cao|tra loi|phan hoi)"
_SOME_DAY = r"(?:ngay|hom|thu|chu nhat|cuoi|dau|giua|tuan|thang|het|mai|mot|\d)"
_LATE = r"(?:cham|muon|tre|lui|hoan|doi|sau)"
_VIETNAMESE = re.compile(
    rf"\b{_ASKING}(?: (?!se\b|da\b)\w+){{0,10}}? (?:gia han|"
    r"(?:lui|doi|hoan)(?: lai)?(?: viec| thoi)? (?:han|gian|nop|gui|bao cao|lich|ngay|sang|den|toi|qua|them)|"
    r"keo dai (?:thoi )?(?:gian|han)|them (?:mot |vai |it |khoang )*(?:\d+ )?(?:thoi gian|ngay|tuan|hom|bua|"
    rf"thang|han)|{_HAND_IN}(?: \w+){{0,5}} {_LATE}\b|{_LATE} {_HAND_IN}|"
    rf"(?:duoc |phep )(?:\w+ ){{0,2}}{_HAND_IN}(?: \w+){{0,4}} (?:sau|vao|truoc|den|toi) {_SOME_DAY}|"
    rf"hen (?:lai |den |toi |sang )?{_SOME_DAY}|khat|du di)\b|"
    rf"\bcho (?:em|xa|don vi|phong|minh|toi|chung toi) (?:\w+ ){{0,2}}(?:toi|den|qua|"
    rf"sang) (?:het )?{_SOME_DAY}|"
    rf"(?<!duoc )\b(?:gia|doi|lui) han (?:thoi (?:gian|han) )?(?:{_HAND_IN}|den|toi|cho|them|thoi)|"
    rf"\b(?:(?:tuan|thang) sau|mai|mot|thu \w+|ngay \d+(?: \d+)?)(?: (?:em|xa|don vi|minh|phong|"
    rf"toi))? (?:moi )?"
    rf"{_HAND_IN}(?: \w+)? duoc (?:khong|chu)\b|"
    r"\bxin (?:khat|hen)\b|"
    r"\b(?:chua|khong)(?: the)?(?: \w+){0,3} (?:kip|hoan thanh|xong|du|lam duoc|co so lieu)"
    r"(?: \w+){0,25} (?:gia han|lui|them thoi gian|xin (?:nop|gui|hen)|hen|(?:nop|gui|bao cao) sau|"
    r"(?:tuan|thang) sau|mai (?:em |minh )?gui)\b"
)
_ENGLISH = re.compile(
    r"\b(?:an|the|our|some|short|one week|deadline|request(?:ing)?|ask(?:ing)? for|grant us|need(?:s)?|"
    r"have|get|for|few) (?:\w+ ){0,4}(?:extension|more time|extra time|additional time|extra days|more days)|"
    r"\b(?:extend|postpone|push back|move) (?:the |our )?(?:\w+ ){0,2}(?:deadline|due date|submission)|"
    r"\b(?:allow|give) us (?:until|till|more|another|some)|\b(?:few|couple of) (?:more )?(?:days|weeks)\b|"
    r"\b(?:could|can|may|might) we (?:\w+ ){0,4}(?:submit|send|report|have) (?:\w+ ){0,6}(?:by|until|"
    r"after|on|later|late)\b"
)
_ABOUT_REPORT = re.compile(r"\b(?:bao cao|nop|gui|thoi han|han nop|report|deadline|submission)\b")
_SHORT = 350
"""Characters; in a longer text, more time may be asked for something else than the report."""

_UNTIL = re.compile(
    r"\b(?:den het|den|toi|cho den|truoc|vao|sau|het|sang|qua|hen|until|till|to|by|before|on|"
    r"through)(?: het)?(?: ngay| the| end of| of| thu "
    r"(?:hai|ba|tu|nam|sau|bay|\d)| chu nhat| monday| tuesday| wednesday| thursday| friday)*,? (?=\d|jan|"
    r"feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_COUNTED = re.compile(
    r"(?:\bthem (?:khoang )?|\b(?:lui|han|gian|cham|muon|tre|nop|gui|bao cao|lai) (?:khoang )?)"
    r"0?(\d{1,2}|mot|hai|ba|bon|nam) (ngay|tuan|hom|bua|thang)|"
    r"\b(\d{1,2}|one|two|three) (?:more |extra |additional |further )?(day|week|month)s?\b"
)
_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "one": 1, "two": 2, "three": 3}
_WEEKDAYS = {
    "thu hai": 0, "thu 2": 0, "monday": 0, "thu ba": 1, "thu 3": 1, "tuesday": 1, "thu tu": 2, "thu 4": 2,
    "wednesday": 2, "thu nam": 3, "thu 5": 3, "thursday": 3, "thu sau": 4, "thu 6": 4, "friday": 4,
    "thu bay": 5, "thu 7": 5, "saturday": 5, "chu nhat": 6, "sunday": 6,
}  # fmt: skip
_WEEKDAY = re.compile(rf"\b(next |this )?({'|'.join(_WEEKDAYS)})\b(?: (tuan (?:sau|toi)|tuan nay|toi|nay))?")
_NAMED = re.compile(
    r"\b(?:(het|cuoi|dau|giua) )?(tuan|thang)(?: lam viec)? (nay|sau|toi)\b|\bcuoi (tuan|thang)\b|"
    r"\b(?:the )?(end|beginning) of (this|the|next) (week|month)|\b(next) (week|month)\b|"
    r"\b(ngay mai|tomorrow|ngay mot)\b"
)


def asks_for_time(folded: str) -> bool:
    """Whether more time for the report is asked for, not for what the report is about."""
    if _VIETNAMESE.search(folded) is None and _ENGLISH.search(folded) is None:
        return False
    return len(folded) < _SHORT or _ABOUT_REPORT.search(folded) is not None


def until_on(text: str, sent_on: date | None) -> date | None:
    """The last day of the time asked for, if it is told; without a year it is the next after `sent_on`."""
    folded = foldable(text)
    best: date | None = None
    for until in _UNTIL.finditer(folded):
        day = day_in(folded[until.end() : until.end() + 30], sent_on)
        best = day if day and (best is None or day > best) else best
    if best is None:
        best = day_in(folded, sent_on)
    if best is None and sent_on is not None:
        plain = folded.replace(",", " ").replace(".", " ")
        best = _counted(plain, sent_on) or _weekday(plain, sent_on) or _named(plain, sent_on)
    return best


def _counted(folded: str, sent_on: date) -> date | None:
    """So many days, weeks or months from the day of the mail."""
    told = _COUNTED.search(folded)
    if not told:
        return None
    count, unit = (told[1], told[2]) if told[1] else (told[3], told[4])
    number = _NUMBERS.get(count) or int(count)
    if unit in ("thang", "month"):
        month = sent_on.month - 1 + number
        year, month = sent_on.year + month // 12, month % 12 + 1
        return date(year, month, min(sent_on.day, monthrange(year, month)[1]))
    return sent_on + timedelta(days=number * (7 if unit in ("tuan", "week") else 1))


def _weekday(folded: str, sent_on: date) -> date | None:
    """A day of this week or the next; without a word for the week, the first that comes."""
    told = _WEEKDAY.search(folded)
    if not told:
        return None
    day = _WEEKDAYS[told[2]]
    monday = sent_on - timedelta(days=sent_on.weekday())
    if told[1] == "next " or (told[3] or "") in ("tuan sau", "tuan toi"):
        return monday + timedelta(days=7 + day)
    return sent_on + timedelta(days=(day - sent_on.weekday() - 1) % 7 + 1)


def _named(folded: str, sent_on: date) -> date | None:
    """The end of a week or month that is named; "đầu tuần sau" is its first day."""
    told = _NAMED.search(folded)
    if not told:
        return None
    if told[10]:
        return sent_on + timedelta(days=2 if told[10] == "ngay mot" else 1)
    first = "dau" in (told[1] or "") or told[5] == "beginning"
    coming = (told[3] or "") in ("sau", "toi") or told[6] == "next" or told[8] == "next"
    unit = told[2] or told[4] or told[7] or told[9]
    if unit in ("tuan", "week"):
        monday = sent_on - timedelta(days=sent_on.weekday()) + timedelta(days=7 if coming else 0)
        return monday if first else monday + timedelta(days=6)
    year, month = (sent_on.year, sent_on.month)
    if coming:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, 1 if first else monthrange(year, month)[1])
