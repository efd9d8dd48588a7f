"""The text of one answer becomes the value of its field, or the rule that it breaks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from difflib import SequenceMatcher

from notifiers.ports import Value
from notifiers.replies.folding import fold
from notifiers.replies.shorthand import written_out
from notifiers.replies.values.numbers import read_number
from schemas.forms import Rule
from schemas.model import Field, FieldType

_DATE = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:[/.-]|tháng|thang)\s?(\d{1,2})(?:\s?(?:[/.-]|năm|nam)\s?(\d{4}|"
    r"\d\d))?(?![\d/.-]*\d)"
)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_PLACEHOLDER = re.compile(r"[\s._…\-–—/*]*")
_YES = ("co", "roi", "da", "yes", "y", "true", "x", "dung", "co roi", "dat")
_NO = ("khong", "chua", "no", "n", "false", "ko", "k", "khong co")
_BOX = re.compile(r"[\[(]\s?([xX✓✔vV]?)\s?[\])]|([☐□])|([☑☒✓✔■])")
_ALIKE = 0.86
_LEAD = 0.06
_HALF_YEAR = timedelta(days=183)


def is_blank(text: str) -> bool:
    """Whether nothing was answered: empty, or the dots and dashes of a form."""
    return _PLACEHOLDER.fullmatch(text) is not None


def read_answer(field: Field, text: str, sent_on: date | None = None) -> Value | Rule:
    """The value, typed as the field asks; the rule broken when the text cannot be read as such.

    A day without a year is the one nearest to `sent_on`.
    """
    if field.type in (FieldType.INTEGER, FieldType.NUMBER):
        number = read_number(text, field.unit, whole=field.type is FieldType.INTEGER)
        return Rule.NOT_A_NUMBER if number is None else number
    if field.type is FieldType.DATE:
        return _date(text, sent_on) or Rule.NOT_A_DATE
    if field.type is FieldType.YES_NO:
        return _yes_no(_ticked(text))
    if field.type is FieldType.CHOICE:
        return _choice(field.choices, _ticked(text)) or Rule.NOT_A_CHOICE
    return text


def _date(text: str, sent_on: date | None) -> date | None:
    iso = _ISO_DATE.search(text)
    found = iso or _DATE.search(text)
    if not found:
        return None
    year, month, day = (found[1], found[2], found[3]) if iso else (found[3], found[2], found[1])
    try:
        if year is None:
            return _nearest(int(month), int(day), sent_on)
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _nearest(month: int, day: int, sent_on: date | None) -> date | None:
    """That day in the year in which it is nearest to the day of the mail."""
    if sent_on is None:
        return None
    this = date(sent_on.year, month, day)
    if this - sent_on > _HALF_YEAR:
        return date(sent_on.year - 1, month, day)
    return date(sent_on.year + 1, month, day) if sent_on - this > _HALF_YEAR else this


def _ticked(text: str) -> str:
    """What is ticked among boxes, before or behind which the words stand; a text without boxes as it is.

    Nothing when no box is ticked, or more than one.
    """
    boxes = list(_BOX.finditer(text))
    if not boxes:
        return text
    before = not text[: boxes[0].start()].strip()
    ends = [*(box.start() for box in boxes[1:]), len(text)]
    starts = [0, *(box.end() for box in boxes[:-1])]
    told = [
        text[box.end() : end] if before else text[start : box.start()]
        for box, start, end in zip(boxes, starts, ends, strict=True)
        if box[1] or box[3]
    ]
    return told[0] if len(told) == 1 else ""


def _yes_no(text: str) -> bool | Rule:
    words = written_out(text).split()
    first = words[0] if words else ""
    if first in _NO:
        return False
    if first in _YES:
        return True
    return Rule.NOT_YES_NO


def _choice(choices: list[str], text: str) -> str | None:
    """The choice written out, begun with, meant by a beginning that only one choice has, or misspelt."""
    answer = fold(text).split()
    if not answer:
        return None
    folded = [(choice, fold(choice).split()) for choice in choices]
    begun = [(len(words), choice) for choice, words in folded if words and answer[: len(words)] == words]
    if begun:
        return max(begun)[1]
    meant = [choice for choice, words in folded if words[: len(answer)] == answer]
    if len(meant) == 1:
        return meant[0]
    told = " ".join(answer)[:200]
    alike = sorted(
        ((SequenceMatcher(None, told, " ".join(words)).ratio(), choice) for choice, words in folded),
        reverse=True,
    )
    clear = len(alike) == 1 or alike[0][0] - alike[1][0] >= _LEAD
    return alike[0][1] if alike and alike[0][0] >= _ALIKE and clear else None
