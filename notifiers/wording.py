"""How dates, numbers, values and document numbers are written for people, in Vietnamese and in English."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from notifiers.ports import Value
from schemas.model import Field, Language

_WEEKDAYS = {
    Language.VI: ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_YES_NO = {Language.VI: ("Có", "Không"), Language.EN: ("Yes", "No")}

_DOCUMENTS = {
    # the symbol in a document's number (Decree 30/2020/NĐ-CP, appendix III): its type in both languages
    "KH": ("Kế hoạch", "Plan"),
    "QĐ": ("Quyết định", "Decision"),
    "NQ": ("Nghị quyết", "Resolution"),
    "CTR": ("Chương trình", "Programme"),
    "KL": ("Kết luận", "Conclusion"),
    "CT": ("Chỉ thị", "Directive"),
    "CV": ("Công văn", "Official letter"),
}
_REPORT = {
    Language.VI: re.compile(r"báo cáo\b(?! viên\b)", re.IGNORECASE),  # báo cáo viên: somebody who speaks
    Language.EN: re.compile(r"reports?\b", re.IGNORECASE),
}
_UNKNOWN_DOCUMENT = ("Văn bản", "Document")


def day(on: date, language: Language) -> str:
    """A date: "29/11/2024" in Vietnamese, "29 November 2024" in English."""
    if language is Language.VI:
        return f"{on.day:02}/{on.month:02}/{on.year}"
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def weekday(on: date, language: Language) -> str:
    """The day of the week: "thứ Sáu"."""
    return _WEEKDAYS[language][on.weekday()]


def number(value: float, language: Language) -> str:
    """A number, thousands grouped, at most six decimals: "1.250,5" in Vietnamese, "1,250.5" in English."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")
    if language is Language.VI:
        return text.translate(str.maketrans(",.", ".,"))
    return text


def value(given: Value, language: Language) -> str:
    """A field's value."""
    if isinstance(given, bool):
        return _YES_NO[language][0 if given else 1]
    if isinstance(given, int | float):
        return number(given, language)
    if isinstance(given, date):
        return day(given, language)
    return given


def yes_no(language: Language) -> tuple[str, str]:
    """The words for a yes and for a no."""
    return _YES_NO[language]


def label(field: Field, language: Language) -> str:
    """What a field is called."""
    return field.label_en or field.label if language is Language.EN else field.label


def inline(name: str, language: Language) -> str:
    """A period's name inside a sentence: "Năm 2024" becomes "năm 2024"; English names keep their capital."""
    return name[:1].lower() + name[1:] if language is Language.VI else name


def says_report(title: str, language: Language) -> bool:
    """Whether a title begins with the word for a report, which is then not said before it once more."""
    return _REPORT[language].match(unicodedata.normalize("NFC", title)) is not None


def document(plan_number: str, language: Language) -> str:
    """A document with its type, which its symbol tells: "Kế hoạch số 143/KH-UBND", "Plan No. 143/KH-UBND".

    A number that starts with a letter is a name already and is returned as it is.
    """
    if not plan_number[:1].isdigit():
        return plan_number
    symbols = plan_number.replace("/", "-").upper().split("-")
    kinds = next((_DOCUMENTS[symbol] for symbol in symbols if symbol in _DOCUMENTS), _UNKNOWN_DOCUMENT)
    return f"{kinds[0]} số {plan_number}" if language is Language.VI else f"{kinds[1]} No. {plan_number}"


def printable(text: str) -> str:
    """A text from outside without what would steer a terminal or turn writing round; lines and tabs stay."""
    return "".join(char for char in text if char in "\n\t" or not unicodedata.category(char).startswith("C"))


def capped(text: str, width: int) -> str:
    """The text with its lines, cut after a word with an ellipsis when it is longer than `width`."""
    if len(text) <= width:
        return text
    return text[: width - 1].rsplit(None, 1)[0].rstrip(" ,;:.–-\n") + "…"


def shortened(text: str, width: int) -> str:
    """The text on one line, cut after a word with an ellipsis when it is longer than `width`."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    return line[: width - 1].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"
