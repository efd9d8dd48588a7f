"""Mail that no person wrote as an answer: our own, automatic replies with the day of return, lists."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.message import Message

from notifiers.compose import LETTER_HEADER
from notifiers.replies.folding import fold
from notifiers.replies.message import Parts, header

_AUTO_SUBJECT = re.compile(
    r"(?:automatic reply|auto ?reply|auto response|out of (?:the )?office|autoreply|automated reply|"
    r"(?:thu )?tra loi tu dong|tu dong tra loi|thu tu dong|phan hoi tu dong|vang mat|thong bao vang mat)\b"
)
_AUTO_BODY = re.compile(
    r"(?:this is an auto(?:matic|mated|matically)|day la (?:thu|email|tin nhan) (?:tra loi )?tu dong|"
    r"i am (?:currently )?out of (?:the )?office|thu tra loi tu dong)"
)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)? ?"
    rf"(?:(?:[/.-]| thang ) ?(?P<m>\d{{1,2}})| (?:of )?(?P<name>{_MONTH}))"
    r"(?:(?:[/.-]| nam |,? )(?P<y>\d{4}))?"
    rf"|(?P<name2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y2>\d{{4}}))?)(?!\d)"
)
_BETWEEN = r"(?:[a-z]+,? ){0,8}?"
_BACK = re.compile(
    r"(?:tro lai|quay lai|lam viec lai|di lam lai|co mat lai|co mat tai co quan|back|return(?:ing)?|"
    rf"be in the office|resume) {_BETWEEN}{_DATE}"
)
_UNTIL = re.compile(
    r"(?P<whole>den het|het|through|until the end of|up to and including)?"
    rf"(?: ?(?:den|until|till|to))? ?(?:[a-z]+,? ){{0,4}}?{_DATE}"
)
_UNTIL_WORD = re.compile(r"\b(?:den het|het|den|through|until|till|to) (?:ngay |the end of )?")


def is_loop(message: Message) -> bool:
    """Whether it is a letter of ours that came back as it was."""
    return bool(header(message, LETTER_HEADER.lower()))


def auto_reply_of(message: Message, parts: Parts, text: str) -> str | None:
    """Why this is an automatic reply, or None when a person wrote it."""
    submitted = header(message, "auto-submitted").lower()
    if parts.disposition:
        return "a read receipt"
    if submitted.startswith("auto-"):
        return f"Auto-Submitted: {submitted[:40]}"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply"):
        if header(message, name):
            return f"header {name}"
    if header(message, "precedence").lower() in ("auto_reply", "auto-reply"):
        return "Precedence: auto_reply"
    subject = fold(header(message, "subject"))
    if _AUTO_SUBJECT.match(subject):
        return f"subject: {subject[:40]}"
    if _AUTO_BODY.search(fold(text[:300])):
        return "the text says so itself"
    return None


def return_on(text: str, sent_on: date | None) -> date | None:
    """The first day back that an absence notice names; a day without a year is the next after `sent_on`."""
    folded = _foldable(text[:3000])
    back = _BACK.search(folded)
    if back:
        return _date(back, sent_on)
    best: date | None = None
    for word in _UNTIL_WORD.finditer(folded):
        until = _UNTIL.match(folded, word.start())
        day = _date(until, sent_on) if until else None
        if day is not None and until is not None:
            day = day + timedelta(days=1) if until["whole"] and day < date.max else day
            best = max(best, day) if best else day
    return best


def is_to_many(message: Message) -> bool:
    """Newsletters and lists: nobody was answering us."""
    answers = header(message, "in-reply-to") or header(message, "references")
    many = header(message, "list-unsubscribe") or header(message, "list-id")
    bulk = header(message, "precedence").lower() in ("bulk", "list", "junk")
    return not answers and bool(many or bulk)


def _foldable(text: str) -> str:
    """Folded, with the signs that dates are written with kept."""
    return " ".join("".join(fold(one) if one not in "/.-," else one for one in word) for word in text.split())


def _date(match: re.Match[str], sent_on: date | None) -> date | None:
    day = int(match["d"] or match["d2"])
    name = match["name"] or match["name2"]
    month = _MONTHS.index(name[:3]) + 1 if name else int(match["m"])
    year = match["y"] or match["y2"]
    try:
        if year:
            return date(int(year), month, day)
        if sent_on is None:
            return None
        this = date(sent_on.year, month, day)
        return this if this >= sent_on else date(sent_on.year + 1, month, day)
    except ValueError:
        return None
