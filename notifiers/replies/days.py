"""Days as people write them in mails: "05/12", "thứ Hai, ngày 18 tháng 11", "December 7th", "le 3 août".

Names of months and weekdays are those of CLDR, which are loaded when a mail first speaks of a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache

from notifiers.replies.folding import fold

_LOCALES = (
    "vi", "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro",
    "bg", "ru", "uk", "tr", "el", "id",
)  # fmt: skip
"""Where two languages mean different months by one word, the first counts."""
_FAR, _NEAR = timedelta(days=120), timedelta(days=60)
_KEPT = "/.-,"
_DASHES = str.maketrans({"–": "-", "—": "-", "'": " ", "’": " ", "ʼ": " "})


@cache
def _months() -> dict[str, int]:
    """The number of each month by its names, folded."""
    return {name: month for month, name in _named("months") if len(name) > 2} | {"mrz": 3}


@cache
def _weekdays() -> dict[str, int]:
    """The number of each day of the week (Monday is 0) by its names, folded."""
    counted = {f"thu {day}": day - 2 for day in range(2, 8)}
    return {name: day for day, name in _named("days") if len(name) > 3} | counted


def _named(what: str) -> Iterator[tuple[int, str]]:
    """Numbers and folded names, those of the first language last, so that they win."""
    from babel import Locale  # heavy, and only mails that name a day need it

    for language in reversed(_LOCALES):
        names = getattr(Locale(language), what)
        for usage in ("stand-alone", "format"):
            for width in ("abbreviated", "wide"):
                for number, name in names[usage][width].items():
                    folded = foldable(name).strip(".")
                    if not any(one.isdigit() for one in folded):
                        yield number, folded


@cache
def month_pattern() -> str:
    """Any month's name in text made by `foldable`."""
    names = sorted(_months(), key=len, reverse=True)
    return rf"(?:{'|'.join(map(re.escape, names))})(?![^\W\d_])"


@cache
def day_pattern() -> str:
    """A day in text made by `foldable`, as a pattern; `day_of` tells which day was found."""
    month = month_pattern()
    return (
        r"(?:(?P<iy>20\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})"
        r"|(?:(?P<cy>\d{4}) ?[年년] ?)?(?P<cm>\d{1,2}) ?[月월] ?(?P<cd>\d{1,2}) ?[日号일]"
        r"|(?P<d>\d{1,2})(?:st|nd|rd|th|er|e|º)?\.? ?"
        rf"(?:(?:[/.-]| thang ) ?(?P<m>\d{{1,2}})|[-. ]?(?:of |de |do )?(?P<name>{month}))"
        r"(?:(?:\.? ?[/.-]| nam |,? (?:de |del )?)(?P<y>\d{4}|\d\d(?=\W|$)))?"
        rf"|(?P<name2>{month})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y2>\d{{4}}))?)(?!\d)"
    )


@cache
def weekday_pattern() -> str:
    """A day of the week in text made by `foldable`; `weekday_of` tells the next one."""
    names = sorted(_weekdays(), key=len, reverse=True)
    return rf"(?P<weekday>{'|'.join(map(re.escape, names))})(?!\w)"


@cache
def _any() -> re.Pattern[str]:
    return re.compile(rf"(?<![\d/.-]){day_pattern()}")


def foldable(text: str) -> str:
    """Folded, with the signs of dates kept, and scripts without a folded form as they are."""
    return " ".join("".join(map(_folded, word)) for word in text.translate(_DASHES).split())


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    return sign if sign in _KEPT else fold(sign) or (sign.lower() if sign.isalnum() else "")


def day_in(text: str, sent_on: date | None) -> date | None:
    """The first day named in `text`, made by `foldable`; without a year it is the next after `sent_on`."""
    for found in _any().finditer(text):
        day = day_of(found, sent_on)
        if day is not None:
            return day
    return None


def day_of(match: re.Match[str], sent_on: date | None) -> date | None:
    """The day that `day_pattern` matched; None when there is no such day, or its year cannot be told.

    Numbers are day and month, unless that is no day to come, or one far off, and the other way round is near.
    """
    if match["iy"]:
        return _date(int(match["iy"]), int(match["im"]), int(match["id"]))
    if match["cm"]:
        return _of_year(match["cy"], int(match["cm"]), int(match["cd"]), sent_on)
    day, year = int(match["d"] or match["d2"]), match["y"] or match["y2"]
    name = match["name"] or match["name2"]
    if name:
        return _of_year(year, _months()[name], day, sent_on)
    month = int(match["m"])
    here, there = _of_year(year, month, day, sent_on), _of_year(year, day, month, sent_on)
    if here is None or (there is not None and sent_on is not None and _is_likelier(there, here, sent_on)):
        return there
    return here


def _is_likelier(there: date, here: date, sent_on: date) -> bool:
    """Whether the day that America would read is the one meant."""
    return (here < sent_on or here - sent_on > _FAR) and sent_on <= there and there - sent_on <= _NEAR


def next_of_month(number: int, sent_on: date) -> date | None:
    """The next day after `sent_on` that has this number in its month; None when there is none soon."""
    for ahead in range(1, 62):
        try:
            day = sent_on + timedelta(days=ahead)
        except OverflowError:
            return None
        if day.day == number:
            return day
    return None


def _of_year(year: str | None, month: int, day: int, sent_on: date | None) -> date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if sent_on is None:
        return None
    this = _date(sent_on.year, month, day)
    return this if this is None or this >= sent_on else _date(sent_on.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weekday_of(name: str, sent_on: date) -> date | None:
    """The next day of that name after `sent_on`; None at the end of time."""
    try:
        return sent_on + timedelta(days=(_weekdays()[name] - sent_on.weekday() - 1) % 7 + 1)
    except OverflowError:
        return None
