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

    1k2  2tr5  1200 2500000
    35.000.000 đồng  35   in a field counted in "triệu đồng": money that is told to the đồng
    mười hai         12   words, when nothing but the unit stands beside them

What else stands there (units, "khoảng", a remark in brackets, "so với …", "tại 12 ấp") is passed over; two
numbers are no number, unless the field's unit stands behind the first alone; and a share (80%) is none.
Words of absence (không, không có, chưa tổ chức) are 0, words of not knowing (chưa có số liệu) are no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold
from notifiers.replies.shorthand import written_out
from notifiers.replies.values.number_words import read_words

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
_SPLIT = re.compile(r"(k|tr|ty)(\d{1,3})(?![\w.,])", re.IGNORECASE)
"""2tr5: two and a half million."""

_STUCK = re.compile(r"(?!k?m[23](?!\w))[^\W\d_]{1,9}\d")
_OF_YEAR = re.compile(r"^\s*(?:năm|nam|quý|quy|tháng|thang|kỳ|ky)\s+[\dIVX/]{1,7}\s*[:=–-]\s*", re.IGNORECASE)
_REMARK = re.compile(
    r"\b(?:so với|so voi|tăng|tang|giảm|giam|trong đó|trong do|bao gồm|bao gom|gồm|gom|tại|tai|ở|"
    r"trên địa bàn|"
    r"tren dia ban|cho|của|cua|đạt tỷ lệ|chiếm|chiem|compared|including|of which|in \d|at \d)\b",
    re.IGNORECASE,
)
_CURRENCIES = frozenset(("dong", "vnd", "d", "đ"))
_ABOUT = frozenset(
    ("khoang", "hon", "gan", "tren", "duoi", "tong", "so", "cong", "la", "du", "chung", "about", "a")
)
_SIZES = {
    "nghin": 1e3, "ngan": 1e3, "thousand": 1e3, "k": 1e3,
    "trieu": 1e6, "million": 1e6, "tr": 1e6,
    "ty": 1e9, "ti": 1e9, "billion": 1e9,
}  # fmt: skip


def read_number(text: str, unit: str | None, *, whole: bool) -> float | int | None:
    """The one number that the text gives, in the field's unit; None when there is none, or more than one."""
    bare = _BRACKETS.sub(" ", text)
    bare = bare[: _end_of_answer(bare)]
    bare = _OF_YEAR.sub("", bare, count=1)
    found = list(_NUMBER.finditer(bare))
    if not found:
        folded = written_out(bare)
        return 0 if _is_absence(folded) else _in_words(folded.split(), unit)
    if len(found) > 1 and not _only_first_counts(bare, found, unit):
        return None
    return _told(bare, found[0], unit, whole=whole)


def _told(text: str, found: re.Match[str], unit: str | None, *, whole: bool) -> float | int | None:
    """The value of one number with the words behind it."""
    sign, digits = found.groups()
    behind = text[found.end() :]
    split = _SPLIT.match(behind)
    if split and digits.isdigit():
        value = float(f"{digits}.{split[2]}") * _SIZES[split[1].lower()] / _scale_of_unit(unit)
    else:
        if _OTHER_NOTATION.match(behind) or _STUCK.match(behind) or _is_share(behind, unit):
            return None
        plain = _value(digits.rstrip(".,'"), whole=whole)
        if plain is None:
            return None
        value = _scaled(plain, fold(behind).split(), unit)
    if value >= _OUT_OF_REASON:
        return None
    value = -value if sign in ("-", "−") else value
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _is_share(behind: str, unit: str | None) -> bool:
    """Whether a share is told where something else is counted."""
    return (
        unit is not None and behind.lstrip()[:1] == "%" and "%" not in unit and "phan tram" not in fold(unit)
    )


def _scaled(value: float, behind: Sequence[str], unit: str | None) -> float:
    """The value in the field's unit: words of size count, and money told to the đồng."""
    told = _scale(behind)
    if told != 1.0 or (behind and behind[0] in _CURRENCIES):
        return value * told / _scale_of_unit(unit)
    return value


def _end_of_answer(text: str) -> int:
    """Where a remark begins that compares or places the number before it: "so với", "trong đó", "tại"."""
    first = _NUMBER.search(text)
    if not first:
        return len(text)
    remark = _REMARK.search(text, first.end())
    return remark.start() if remark else len(text)


def _only_first_counts(text: str, found: Sequence[re.Match[str]], unit: str | None) -> bool:
    """Whether the field's unit stands behind the first number and behind no other."""
    units = fold(unit or "").split()
    counted = [fold(text[one.end() : one.end() + 20]).split()[:1] for one in found]
    return bool(units) and counted[0] == units[:1] and all(one != units[:1] for one in counted[1:])


def _in_words(words: Sequence[str], unit: str | None) -> int | None:
    """A number in words, with nothing beside it but "khoảng" and the unit."""
    words = list(words)
    while words and words[0] in _ABOUT:
        words.pop(0)
    value, used = read_words(words)
    units = {*fold(unit or "").split(), *_ABOUT, "anh", "chi"}
    return value if value is not None and all(word in units for word in words[used:]) else None


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


def _scale(after: Sequence[str]) -> float:
    """What the words right behind the number multiply it by."""
    scale = 1.0
    for word in after[:2]:
        if word not in _SIZES:
            break
        scale *= _SIZES[word]
    return scale


def _scale_of_unit(unit: str | None) -> float:
    """A unit such as "triệu đồng" has its size in its name."""
    return _scale(fold(unit).split()) if unit else 1.0
