"""What was probably meant by a value that is not written as it must be: days, months, spans, times, lists."""

from __future__ import annotations

import calendar
import re

from schemas.names import as_id, plain_letters

_NUMBER = re.compile(r"\d+")
_OFTEN = re.compile(r"^(ngày\s*)?(\d{1,2})\b(?!\s*[/.-]\s*\d)(?!.*\d)", re.IGNORECASE)
_CLOCK = re.compile(r"^(\d{1,2})\s*(?:[:hg.]|giờ)\s*(\d{2})?\s*(?:phút)?$", re.IGNORECASE)
_UNITS = {
    "ngay-lam-viec": "ngày làm việc",
    "ngay-lam": "ngày làm việc",
    "ngay": "ngày",
    "tuan": "tuần",
    "thang": "tháng",
    "working-days": "working days",
    "working-day": "working day",
    "work-days": "working days",
    "workdays": "working days",
    "workday": "working day",
    "business-days": "working days",
    "business-day": "working day",
    "days": "days",
    "day": "day",
    "weeks": "weeks",
    "week": "week",
    "months": "months",
    "month": "month",
}
_COUNTED = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip


def is_day_of_month(text: str) -> bool:
    """Whether only the day is told, as in `20`, "ngày 20 hằng tháng", "ngày 20 của tháng cuối quý"."""
    found = _OFTEN.match(text.strip())
    return found is not None and 1 <= int(found[2]) <= 31


def day(text: str, *, annual: bool) -> str | None:
    """The day that a text tells in some other way, as `15/3/2027` (or `15/3` where `annual`); else None."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) == 2 and annual:
        first, second = numbers
        for one, month_ in ((first, second), (second, first)):
            if _exists(2024, month_, one):
                return f"{one}/{month_}"
    if len(numbers) != 3:
        return None
    if numbers[0] > 31:
        numbers.reverse()
    one, month_, year = numbers
    year += 2000 if year < 100 else 0
    if not 1900 <= year <= 2200:
        return None
    for first, second in ((one, month_), (month_, one)):
        if _exists(year, second, first):
            return f"{first}/{second}/{year}"
    return None


def month(text: str) -> str | None:
    """The month that a text tells in some other way, as `4/2027`; else None."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if len(numbers) == 3:
        numbers = numbers[1:] if numbers[2] > 31 else numbers[:2]
    if len(numbers) != 2:
        return None
    year, one = max(numbers), min(numbers)
    return f"{one}/{year}" if 1 <= one <= 12 and 1900 <= year <= 2200 else None


def span(text: str) -> str | None:
    """The length of time that a text tells in some other way, as `6 ngày`; else None."""
    folded = as_id(re.sub(r"(\d)(?=[^\W\d])", r"\1 ", text)) or ""
    count, _, unit = folded.partition("-")
    number = int(count) if count.isdigit() else _COUNTED.get(count)
    return f"{number} {_UNITS[unit]}" if number is not None and unit in _UNITS else None


def period(text: str) -> str | None:
    """A stretch of time told in one text, as `{from: 1/1/2025, to: 31/12/2025}`; else None."""
    if re.fullmatch(r"\D*(19|20)\d\d\D*", text):
        year = "".join(re.findall(r"\d", text))
        return f"{{from: 1/1/{year}, to: 31/12/{year}}}"
    days = re.findall(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{1,2}-\d{1,2}", text)
    first, last = (day(one, annual=False) for one in days) if len(days) == 2 else (None, None)
    return f"{{from: {first}, to: {last}}}" if first and last else None


def clock(text: str) -> str | None:
    """The time of day that a text tells in some other way, as `"07:30"`; else None."""
    found = _CLOCK.match(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return f'"{int(found[1]):02d}:{int(found[2] or 0):02d}"'


def mailbox(text: str) -> str | None:
    """The first address in a text that holds more than one address alone, or slips in it; else None."""
    mended = re.sub(r"\s*@\s*", "@", text)
    mended = re.sub(r"\.{2,}", ".", mended)
    mended = re.sub(r"(?<=\w),(?=\w+$)", ".", mended.strip())
    found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", mended)
    if found is None:
        return None
    plain = plain_letters(found[0])
    return plain if plain != text and plain.isascii() else None


def due(text: str, *, of_cut_off: bool = False) -> str | None:
    """A time limit written as a text, as the mapping that says the same; None when it says too little."""
    folded = as_id(text) or ""
    named = day(text, annual=True)
    if of_cut_off:
        return f"{{by: {named}}}" if named is not None else None
    if folded.startswith(("truoc", "before")) and named is not None:
        return f"{{before: {named}}}"
    if "thang" in folded and named is None and (whole := month(text)) is not None:
        return f"{{in_month: {whole}}}"
    if folded.startswith(("cham-nhat", "han", "den", "by")) and named is not None:
        return f"{{by: {named}}}"
    length = span(text)
    return f"{{after_cut_off: {length}}}" if length is not None else None


def _exists(year: int, month_: int, day_: int) -> bool:
    return 1 <= month_ <= 12 and 1 <= day_ <= calendar.monthrange(year, month_)[1]
