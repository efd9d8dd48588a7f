"""Days as people write them in mails: "05/12", "thứ Hai, ngày 18 tháng 11", "December 7th", "le 3 août"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from notifiers.replies.folding import fold

_NAMES = (
    ("jan(?:uary|uar|uari|vier|eiro|v|nar)?", "ener[ou]", "gennaio", "stycz[a-z]{2,4}", "янв[а-я]{0,4}"),
    ("feb(?:ruary|ruar|ruari|brero|braio|r)?", "fevr(?:ier)?", "fevereiro", "lutego", "фев[а-я]{0,5}"),
    ("mar(?:ch|s|zo|co|ca|z|t)?", "marz", "maart", "март[а-я]?"),
    ("apr(?:il|ile)?", "avr(?:il)?", "abril", "kwietnia", "апр[а-я]{0,4}"),
    ("may", "mai", "mayo", "maggio", "maio", "mei", "maja", "ма[яй]"),
    ("june?", "juni", "juin", "junio", "giugno", "junho", "czerwca", "июн[ья]"),
    ("july?", "juli", "juil(?:let)?", "julio", "luglio", "julho", "lipca", "июл[ья]"),
    ("aug(?:ust|ustus)?", "aout", "agosto", "sierpnia", "авг[а-я]{0,5}"),
    ("sept?(?:ember|embre|iembre|tembre)?", "settembre", "setembro", "wrzesnia", "сен[а-я]{0,6}"),
    ("oct(?:ober|obre|ubre)?", "okt(?:ober)?", "ottobre", "outubro", "pazdziernika", "окт[а-я]{0,5}"),
    ("nov(?:ember|embre|iembre|embro)?", "listopada", "ноя[а-я]{0,4}"),
    ("dec(?:ember|embre)?", "dez(?:ember|embro)?", "diciembre", "dicembre", "grudnia", "дек[а-я]{0,5}"),
)
_OF_NAME = tuple(re.compile("|".join(names)) for names in _NAMES)
_MONTH = rf"(?:{'|'.join(name for names in _NAMES for name in names)})(?![a-z])"
DAY = (
    r"(?:(?P<iy>20\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})"
    r"|(?:(?P<cy>\d{4}) ?[年년] ?)?(?P<cm>\d{1,2}) ?[月월] ?(?P<cd>\d{1,2}) ?[日号일]"
    r"|(?P<d>\d{1,2})(?:st|nd|rd|th|er|e|º)?\.? ?"
    rf"(?:(?:[/.-]| thang ) ?(?P<m>\d{{1,2}})| ?(?:of |de |do )?(?P<name>{_MONTH}))"
    r"(?:(?:\.? ?[/.-]| nam |,? (?:de |del )?)(?P<y>\d{4}|\d\d(?=\W|$)))?"
    rf"|(?P<name2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y2>\d{{4}}))?)(?!\d)"
)
"""A day in text made by `foldable`, as a pattern; `day_of` tells which day was found."""
_ANY = re.compile(rf"(?<![\d/.-]){DAY}")
_KEPT = "/.-,"


def foldable(text: str) -> str:
    """Folded, with the signs of dates kept, and scripts without a folded form as they are."""
    return " ".join("".join(_folded(one) for one in word) for word in text.split())


def _folded(sign: str) -> str:
    return sign if sign in _KEPT else fold(sign) or (sign.lower() if sign.isalnum() else "")


def day_in(text: str, sent_on: date | None) -> date | None:
    """The first day named in `text`, made by `foldable`; without a year it is the next after `sent_on`."""
    for found in _ANY.finditer(text):
        day = day_of(found, sent_on)
        if day is not None:
            return day
    return None


def day_of(match: re.Match[str], sent_on: date | None) -> date | None:
    """The day that `DAY` matched; None when there is no such day, or its year cannot be told."""
    if match["iy"]:
        return _date(int(match["iy"]), int(match["im"]), int(match["id"]))
    if match["cm"]:
        return _of_year(match["cy"], int(match["cm"]), int(match["cd"]), sent_on)
    day, year = int(match["d"] or match["d2"]), match["y"] or match["y2"]
    name = match["name"] or match["name2"]
    if name:
        month = next(at for at, pattern in enumerate(_OF_NAME, start=1) if pattern.fullmatch(name))
        return _of_year(year, month, day, sent_on)
    month = int(match["m"])
    if month > 12 >= day:
        day, month = month, day  # as in America
    return _of_year(year, month, day, sent_on)


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


_WEEKDAYS = (
    ("thu hai", "monday", "montag", "lundi", "lunes", "lunedi", "maandag", "segunda"),
    ("thu ba", "tuesday", "dienstag", "mardi", "martes", "martedi", "dinsdag", "terca"),
    ("thu tu", "wednesday", "mittwoch", "mercredi", "miercoles", "mercoledi", "woensdag", "quarta"),
    ("thu nam", "thursday", "donnerstag", "jeudi", "jueves", "giovedi", "donderdag", "quinta"),
    ("thu sau", "friday", "freitag", "vendredi", "viernes", "venerdi", "vrijdag", "sexta"),
    ("thu bay", "saturday", "samstag", "samedi", "sabado", "sabato", "zaterdag"),
    ("chu nhat", "sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag"),
)
WEEKDAY = rf"(?P<weekday>{'|'.join(name for names in _WEEKDAYS for name in names)}|thu [2-7])"


def weekday_of(name: str, sent_on: date) -> date | None:
    """The next day of that name after `sent_on`; None at the end of time."""
    if name[-1].isdigit():
        wanted = int(name[-1]) - 2
    else:
        wanted = next(at for at, names in enumerate(_WEEKDAYS) if name in names)
    try:
        return sent_on + timedelta(days=(wanted - sent_on.weekday() - 1) % 7 + 1)
    except OverflowError:
        return None
