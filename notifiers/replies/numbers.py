"""Numbers as people in Vietnamese offices write them.

The Vietnamese convention decides: a point groups thousands, a comma starts decimals. What is read:

    1.250        1250      a point before exactly three digits groups, unless a lone zero stands before it
    1.250.000    1250000
    1.5   1.25   1.5 1.25  a point before one, two or more than three digits starts decimals
    0.125        0.125
    1,5   12,25  1.5 12.25
    1,250        1.25      in a field of numbers; 1250 in a field of whole numbers, where decimals cannot be
    1,250,000    1250000   commas that occur twice group
    1.250,5      1250.5    of both signs, the last one starts the decimals
    1,250.5      1250.5
    1 250 000    1250000   spaces group
    1,2 tỷ       1200      in a field counted in "triệu đồng": words of size count, against the field's unit
    5k   5tr     5000   5000000

What is written in another way, such as 1e5 or 0x10, or is out of all reason, is no number.

What else stands there (units, "khoảng", a remark in brackets) is passed over; two numbers are no number.
Words of absence (không, không có, chưa tổ chức) are 0, words of not knowing (chưa có số liệu) are no answer.
"""

from __future__ import annotations

import re

from notifiers.replies.folding import fold

_NUMBER = re.compile(r"(?<![\w.,])([-+−]?)(\d(?:[\d.,']|[ \u00a0\u202f](?=\d{3}(?!\d)))*)", re.UNICODE)
_OTHER_NOTATION = re.compile(r"[eExX][+-]?[0-9a-fA-F]")
_OUT_OF_REASON = 1e18
_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_GROUPED = re.compile(r"\d{1,3}(?:[ .,'\u00a0\u202f]\d{3})+")
_ABSENT = re.compile(
    r"(?:khong|chua|none|nil|zero|no|khong co|chua co)"
    r"(?: (?!so lieu|thong ke|tong hop|bao cao|ro|biet|xac dinh|cung cap)"
    r"[a-z]+){0,8}"
)
_UNKNOWN = re.compile(
    r"\b(?:so lieu|thong ke|tong hop|bao cao duoc|ro|biet|xac dinh|cung cap|data yet|known)\b"
)
_SIZES = {
    "nghin": 1e3, "ngan": 1e3, "thousand": 1e3, "k": 1e3,
    "trieu": 1e6, "million": 1e6, "tr": 1e6,
    "ty": 1e9, "ti": 1e9, "billion": 1e9,
}  # fmt: skip


def read_number(text: str, unit: str | None, *, whole: bool) -> float | int | None:
    """The one number that the text gives, in the field's unit; None when there is none, or more than one."""
    bare = _BRACKETS.sub(" ", text)
    found = list(_NUMBER.finditer(bare))
    if not found:
        return 0 if _is_absence(fold(bare)) else None
    if len(found) > 1:
        return None
    sign, digits = found[0].groups()
    if _OTHER_NOTATION.match(bare, found[0].end()):
        return None
    value = _value(digits.rstrip(".,'"), whole=whole)
    if value is None:
        return None
    told = _scale(fold(bare[found[0].end() :]))
    if told != 1.0:
        value = value * told / _scale_of_unit(unit)
    if value >= _OUT_OF_REASON:
        return None
    value = -value if sign in ("-", "−") else value
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _is_absence(folded: str) -> bool:
    return _ABSENT.fullmatch(folded) is not None and _UNKNOWN.search(folded) is None


def _value(digits: str, *, whole: bool) -> float | None:
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
        if digits.count(decimal) > 1:
            return None
        head, _, tail = digits.partition(decimal)
        return float(f"{_ungrouped(head)}.{tail}") if _GROUPED.fullmatch(head) and tail.isdigit() else None
    if points + commas > 1 or (points and _groups_thousands(digits, ".")):
        return float(_ungrouped(digits)) if _GROUPED.fullmatch(digits) else None
    if commas and whole and _groups_thousands(digits, ","):
        return float(_ungrouped(digits))
    head, _, tail = digits.replace(",", ".").partition(".")
    if not head.isdigit():
        if not _GROUPED.fullmatch(head):
            return None
        head = _ungrouped(head)
    return float(f"{head}.{tail or 0}") if not tail or tail.isdigit() else None


def _groups_thousands(digits: str, sign: str) -> bool:
    head, _, tail = digits.partition(sign)
    return len(tail) == 3 and 1 <= len(head) <= 3 and head.strip("0") != ""


def _ungrouped(digits: str) -> str:
    return "".join(one for one in digits if one.isdigit())


def _scale(after: str) -> float:
    """What the words right behind the number multiply it by."""
    scale = 1.0
    for word in after.split()[:2]:
        if word not in _SIZES:
            break
        scale *= _SIZES[word]
    return scale


def _scale_of_unit(unit: str | None) -> float:
    """A unit such as "triệu đồng" has its size in its name."""
    return _scale(fold(unit)) if unit else 1.0
