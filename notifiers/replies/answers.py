"""The text of one answer becomes the value of its field, or the rule that it breaks."""

from __future__ import annotations

import re
from datetime import date

from notifiers.ports import Value
from notifiers.replies.folding import fold
from notifiers.replies.numbers import read_number
from schemas.forms import Rule
from schemas.model import Field, FieldType

_DATE = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:[/.-]|tháng|thang)\s?(\d{1,2})\s?(?:[/.-]|năm|nam)\s?(\d{4})(?!\d)"
)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_PLACEHOLDER = re.compile(r"[\s._…\-–—/*]*")
_YES = ("co", "roi", "da", "yes", "y", "true", "x", "dung", "co roi", "dat")
_NO = ("khong", "chua", "no", "n", "false", "ko", "k", "khong co")
_TICK = re.compile(r"[\[(]\s?[xX✓✔vV]\s?[\])]\s*")


def is_blank(text: str) -> bool:
    """Whether nothing was answered: empty, or the dots and dashes of a form."""
    return _PLACEHOLDER.fullmatch(text) is not None


def read_answer(field: Field, text: str) -> Value | Rule:
    """The value, typed as the field asks; the rule broken when the text cannot be read as such."""
    if field.type in (FieldType.INTEGER, FieldType.NUMBER):
        number = read_number(text, field.unit, whole=field.type is FieldType.INTEGER)
        return Rule.NOT_A_NUMBER if number is None else number
    if field.type is FieldType.DATE:
        return _date(text) or Rule.NOT_A_DATE
    if field.type is FieldType.YES_NO:
        return _yes_no(text)
    if field.type is FieldType.CHOICE:
        return _choice(field.choices, text) or Rule.NOT_A_CHOICE
    return text


def _date(text: str) -> date | None:
    iso = _ISO_DATE.search(text)
    found = iso or _DATE.search(text)
    if not found:
        return None
    year, month, day = (found[1], found[2], found[3]) if iso else (found[3], found[2], found[1])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _yes_no(text: str) -> bool | Rule:
    words = fold(_TICK.sub("", text)).split()
    first = words[0] if words else ""
    if first in _NO:
        return False
    if first in _YES:
        return True
    return Rule.NOT_YES_NO


def _choice(choices: list[str], text: str) -> str | None:
    """The choice written out, begun with, or meant by a beginning that only one choice has."""
    answer = fold(_TICK.sub("", text)).split()
    if not answer:
        return None
    folded = [(choice, fold(choice).split()) for choice in choices]
    begun = [(len(words), choice) for choice, words in folded if words and answer[: len(words)] == words]
    if begun:
        return max(begun)[1]
    meant = [choice for choice, words in folded if words[: len(answer)] == answer]
    return meant[0] if len(meant) == 1 else None
