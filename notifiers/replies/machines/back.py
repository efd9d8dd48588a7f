"""When somebody who is away is back, as notices of absence tell it in many languages.

Latin script is held against folded text, other scripts as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from notifiers.replies.days import (
    day_of,
    day_pattern,
    foldable,
    month_pattern,
    next_of_month,
    weekday_of,
    weekday_pattern,
)

_LONGEST = 3000
_RETURNS = (
    r"(?:tro lai|quay lai|lam viec lai|di lam lai|co mat (?:lai|tai)|lam viec binh thuong|"
    r"\bback|\breturn(?:ing)?|be in the office|\bresume|"
    r"wieder|zuruck|\bab (?:dem)?|de retour|retour|reprend\w*|vuelvo|regres\w*|de vuelta|a partir d|"
    r"torno|rientr\w*|ritorn\w*|a partire d|volto|retorn\w*|de volta|terug|vanaf|aanwezig|bereikbaar|"
    r"wracam|wroce|powr\w*|bede ponownie|dostepn\w*|"
    r"tilbage|tilbake|tillbaka|ater pa|palaan|takaisin|vrat\w+|zpet|\bspat|visszater\w*|\bujra|\brevin\w*|"
    r"inapoi|kembali|"
    r"вернусь|выхожу|выйду|буду (?:на месте|в офисе|доступ[а-я]*)|начиная с|повернусь|"
    r"επιστρέφω|επιστρέψω|θα είμαι) ?"
    r"(?:[^\W\d_]+[,.:]? ){0,8}?"
)
"""Words of coming back in front of the day."""
_AFTER = (
    r"[^\W\d_.,-]{0,4}(?:-\w{1,5})? (?:[^\W\d_]+ ){0,4}?"
    r"(?:donece\w*|ofiste ola\w*|is basi\w*|terek vissza|visszater\w*|ujra|wieder|zuruck|tilbage|tilbake|"
    r"tillbaka|de retour|weer|terug|di ritorno|zpet|wracam|wroce|palaan|takaisin|de volta|de vuelta|back|"
    r"вернусь|выхожу|на месте|повернусь|επιστρέφω|επιστρέψω)\b"
)
"""The same behind it."""
_UNTIL_WORD = re.compile(
    r"\b(?:(?P<whole>den het|het|through|thru|until the end of|up to and including|bis einschliesslich|"
    r"bis einschl\.|t/m|tot en met|jusqu au .{0,12}inclus|hasta el .{0,12}inclusive|til og med|till och med|"
    r"t\.?o\.?m\.?|az do)|"
    r"den|until|till?|to|bis(?: zum)?|jusqu au|au|hasta(?: el)?|fino al|al|ate(?: o)?(?: dia)?|tot|do|"
    r"pana (?:la|pe|in)|sampai|hingga|по|до|έως|μέχρι)(?: tis| pe| ngay)? |(?<=[\w.]) ?- ?"
)
_DAYS_NAME = r"(?:ngay |the end of |the |dia |am |den |le |el )?(?:[^\W\d_]+[,.]? ){0,4}?"
_INCLUSIVE = re.compile(
    r"[ ,]{0,2}(?:20\d\d[ ,]{0,2})?(?:both (?:days|dates) )?"
    r"(?:inclusive|included|inclus\b|compris|einschliesslich|inkl|"
    r"incluid|incluso|inbegrepen|tinh ca ngay)"
)
_EAST_ENDS = r" ?(?:\(.\) ?)?(?:まで|까지|止|为止|為止)"
_TOMORROW = re.compile(
    r"\bback (?:in (?:the )?office )?tomorrow|(?:tro lai|di lam) (?:lai )?(?:vao )?ngay mai"
)


def return_on(text: str, sent_on: date | None) -> date | None:
    """The first day back that a notice names; a day without a year is the next after `sent_on`.

    A day that somebody is away "until" counts as the first day back, unless the notice says that the whole of
    it is meant. A day of the week alone is the next of that name.
    """
    folded = foldable(text[:_LONGEST])
    for pattern in _back():
        for found in pattern.finditer(folded):
            day = day_of(found, sent_on)
            if day is not None:
                return day
    end = max(_ends(folded, sent_on), default=None)
    return end if end is not None or sent_on is None else _soon(folded, sent_on)


@cache
def _back() -> tuple[re.Pattern[str], ...]:
    """How the first day back is told, the surest first."""
    day = day_pattern()
    return (
        re.compile(f"{_RETURNS}{day}"),
        re.compile(
            rf"{day} ?(?:(?:から|より|に|以降|起|后|後)?.{{0,6}}(?:出社|復帰|戻り|戻る|返回|回来|回到|上班|"
            rf"出勤|복귀|출근)|(?:から|より|以降|起).{{0,8}}(?:返信|対応|業務|通常|恢复|回复))"
        ),
        re.compile(
            rf"{day},? (?:[^\W\d_]+ ){{0,3}}?(?:tro lai|quay lai|lam viec lai|di lam|co mat|tro ve)\b"
        ),
        re.compile(f"{day}{_AFTER}"),
    )


@cache
def _until() -> tuple[re.Pattern[str], re.Pattern[str], tuple[tuple[re.Pattern[str], bool], ...]]:
    """A day behind a word such as "until"; one in the month of the day before it; days before a word."""
    day = day_pattern()
    return (
        re.compile(f"{_DAYS_NAME}{day}"),
        re.compile(
            rf"(?P<month>{month_pattern()})\.? \d{{1,2}}(?:st|nd|rd|th)? ?(?:-|to|until|through|bis) ?"
            r"(?P<last>\d{1,2})(?:st|nd|rd|th)?(?!\w|[/.-]\d)"
        ),
        (
            (re.compile(f"{day}{_EAST_ENDS}"), True),
            (re.compile(rf"[至到] ?{day}"), False),
            (
                re.compile(rf"{day}(?:-\w{{1,4}})? ?(?:[^\W\d_]{{1,8}} )?(?:kadar|asti|saakka|bezarolag)\b"),
                False,
            ),
            (re.compile(rf"{day}-(?:ig|eig|aig)\b"), False),
        ),
    )


def _ends(folded: str, sent_on: date | None) -> Iterator[date]:
    """The days until which somebody is away, moved to the day after when the whole day is meant."""
    until, same_month, before = _until()
    for word in _UNTIL_WORD.finditer(folded):
        found = until.match(folded, word.end())
        day = day_of(found, sent_on) if found else None
        if found is not None and day is not None:
            whole = word["whole"] or _INCLUSIVE.match(folded, found.end())
            yield _after(day) if whole else day
    for found in same_month.finditer(folded):
        told = re.fullmatch(day_pattern(), f"{found['month']} {found['last']}")
        day = day_of(told, sent_on) if told else None
        if day is not None:
            yield _after(day) if _INCLUSIVE.match(folded, found.end()) else day
    for pattern, whole in before:
        for found in pattern.finditer(folded):
            day = day_of(found, sent_on)
            if day is not None:
                yield _after(day) if whole else day


def _soon(folded: str, sent_on: date) -> date | None:
    """A day told without its month: of the week, tomorrow, "until the 25th"."""
    named = _weekday_back().search(folded)
    if named:
        return weekday_of(named["weekday"], sent_on)
    if _TOMORROW.search(folded):
        return _after(sent_on)
    numbered = _NUMBERED.search(folded)
    return next_of_month(int(numbered["number"]), sent_on) if numbered else None


_NUMBERED = re.compile(
    r"\b(?:until|till|back on|return(?:ing)? on) (?:the )?(?P<number>[123]?\d)(?:st|nd|rd|th)\b"
)


@cache
def _weekday_back() -> re.Pattern[str]:
    return re.compile(f"{_RETURNS}{weekday_pattern()}")


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
