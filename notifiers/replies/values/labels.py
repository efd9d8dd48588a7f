"""Finding a form's fields in lines that people typed: reordered, renumbered, shortened, without accents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from notifiers.replies.folding import fold
from notifiers.replies.values.columns import answer_column
from schemas.model import Field, FieldType, Form

_LEAD = re.compile(
    r"[\s\-*•+–·|_▪◦●]*(?:(?:mục|muc|câu|cau|chỉ tiêu|chi tieu|ý|item)\s(?=\d))?"
    r"(?:\(?(\d{1,2})\s?[.)\]:/]+(?!\d)|([a-zđ])[.)](?=\s))?[\s*_]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_REMARK = re.compile(r"[\s*_]*\([^()]{0,300}\)")
_SEPARATOR = re.compile(r"[\s*_]*(?:[:：=]|\s[-–—]\s|\t|\slà\s)[\s*_]*")
_LOOSE_SEPARATOR = re.compile(r"[:：=\t]")
_NEXT_ANSWER = re.compile(r"[:=]\s{0,3}\d[\d.,]{0,20}(?<=\d)[^\d:;=,.\t]{0,30}([;,.])\s")
_BETWEEN = re.compile(r"\s?;\s{1,3}")
_COUNTED = re.compile(r"\s{0,3}(\d[\d.,]{0,20}(?<=\d))\s([^\d,;.:]{2,40})")
_PERIOD = re.compile(
    r"[\s*_]*(?:trong |của |cua )?(?:(?:năm|nam|quý|quy|tháng|thang|kỳ|ky)\s)?"
    r"(?:(?:\d{1,2}|[IVX]{1,4})[/ ]\s?(?:năm |nam )?)?(?:((?:19|20)\d\d)|(?:nay|này|báo cáo|bao cao)\b)|"
    r"[\s*_]*(?:trong|của|cua)?\s?((?:năm|kỳ|quý|tháng|nam|ky|quy|thang)\s(?:trước|truoc|ngoái|"
    r"ngoai)|cùng kỳ|cung ky)",
    re.IGNORECASE,
)
_FORMERLY = -1
_HEAD = 12
"""Letters by which nearly all lines are told apart from those that begin with a label."""
_MAX_LINE = 600
_MAX_LABEL_WORDS = 30
_LIST_BETWEEN = re.compile(r"[,;]\s{1,3}(?:và )?|\svà\s")
_FIGURES = (FieldType.INTEGER, FieldType.NUMBER)
_ALIKE = 0.86


@dataclass(frozen=True, slots=True)
class Found:
    """A field that a line answers, with the rest of the line."""

    field: Field
    answer: str
    by_number: bool = False
    """Only the number said which field is meant: anything else outranks that."""
    year: int = 0
    """The year that stands behind the label; 0 when none does."""


class Labels:
    """The labels of one form, ready to be looked for."""

    def __init__(self, form: Form) -> None:
        self._fields = form.fields
        named = [(field, name) for field in form.fields for name in (field.label, field.label_en) if name]
        self._names = [(field, fold(name).split()) for field, name in named if fold(name)]
        self._begun = [(_letters(" ".join(name))[:_HEAD], field, name) for field, name in self._names]
        # a line is looked at more than once, and those of a quoted request come again with each answer to it
        self._found = lru_cache(maxsize=256)(self._looked_for)
        self._helps = [fold(field.help) for field in form.fields if field.help]

    def find(self, text: str) -> Found | None:
        """The field whose label the line starts with, or None."""
        return self._found(text)

    def _looked_for(self, text: str) -> Found | None:
        lead = _LEAD.match(text)
        start = lead.end() if lead else 0
        number = int(lead[1]) if lead and lead[1] else None
        rest = text[start:]
        return self._whole(rest) or self._shortened(rest, number) or self._numbered(rest, number)

    def apart(self, text: str) -> list[str]:
        """The answers that one line gives to several fields: "Số tin, bài: 45; số buổi: 6", each by itself.

        Words before the first label are left out ("Xã báo cáo: Số tin, bài: 45"); any other line stays whole.
        """
        if len(text) > _MAX_LINE:
            return [text]
        if not _LOOSE_SEPARATOR.search(text):
            return self._by_unit(text) or [text]
        pieces = [piece for one in _BETWEEN.split(text) for piece in _answers_apart(one)]
        if self.find(pieces[0]) is None:
            _, colon, rest = pieces[0].partition(":")
            if not colon or self._whole(rest.strip()) is None:
                return self._by_unit(text.partition(":")[2]) or [text]
            pieces[0] = rest.strip()
        found = [self.find(piece) for piece in pieces]
        if found[0] is None or found[0].by_number or found[0].field.type is FieldType.TEXT:
            return ["; ".join(_BETWEEN.split(text))] if len(pieces) > 1 else pieces
        told = [one is not None and not one.by_number for one in found]
        figures = all(_LOOSE_SEPARATOR.search(piece) for piece in pieces)
        return pieces if all(told) or (len(pieces) > 1 and figures) else ["; ".join(pieces)]

    def row(self, cells: Sequence[str], head: Sequence[str]) -> str | None:
        """A table's row as a line: the cell with the label, and the one that answers; None for other rows.

        Of several figures, the one of this period counts, as the `head` names the columns; in doubt none.
        """
        for place, cell in enumerate(cells[:-1]):
            found = self._whole(f"{cell}:")
            if not found or found.answer:
                continue
            units = ("", fold(found.field.unit or ""))
            told = [at for at in range(place + 1, len(cells)) if cells[at] and fold(cells[at]) not in units]
            if len(told) > 1:
                at = answer_column(["", *head[place + 1 :]]) if len(head) == len(cells) else None
                if at is None and found.field.type in _FIGURES and _has_figures(cells, told):
                    return f"{cell}: "
                told = told[:1] if at is None else [place + at]
            return f"{cell}: {cells[told[0]] if told else ''}"
        return None

    def _by_unit(self, text: str) -> list[str] | None:
        """Figures that are told by their units alone: "45 tin bài, 6 buổi, 1.250 lượt người"."""
        pieces = []
        for piece in _LIST_BETWEEN.split(text.strip().rstrip(".;")):
            counted = _COUNTED.fullmatch(piece)
            field = self._of_unit(fold(counted[2])) if counted else None
            if counted is None or field is None:
                return None
            pieces.append(f"{field.label}: {counted[1]}")
        return pieces

    def _of_unit(self, unit: str) -> Field | None:
        """The one field that is counted in this unit, or in a unit that begins so."""
        fields = [
            field for field in self._fields if field.unit and _begins(fold(field.unit).split(), unit.split())
        ]
        return fields[0] if len(fields) == 1 else None

    def begins(self, text: str) -> bool:
        """Whether the line may be the first part of a label that goes on in the next line."""
        lead = _LEAD.match(text)
        rest = text[lead.end() :] if lead else text
        if rest.count("(") > rest.count(")"):
            return self._starts_like(fold(rest.partition("(")[0]).split(), whole=True)
        if _LOOSE_SEPARATOR.search(rest):
            return False
        words = fold(rest).split()
        return len(words) >= 2 and self._starts_like(words, whole=False)

    def is_help(self, text: str) -> bool:
        """Whether the line is the guidance printed under a field, or a wrapped piece of it."""
        line = fold(text)
        return (
            any(line == told or (len(line) >= 8 and line in told) for told in self._helps) if line else False
        )

    def _starts_like(self, words: Sequence[str], *, whole: bool) -> bool:
        return any(list(words) == (name if whole else name[: len(words)]) for _, name in self._names)

    def _whole(self, rest: str) -> Found | None:
        """The longest label that stands there in full."""
        head = _beginning(rest)
        names = [(field, name) for begun, field, name in self._begun if head.startswith(begun)]
        if not names:
            return None
        words: list[tuple[str, int]] = []
        longest = min(_MAX_LABEL_WORDS + 1, max(len(name) for _, name in names))
        for match in _WORD.finditer(rest):
            words.extend((one, match.end()) for one in fold(match.group()).split())
            if len(words) >= longest:
                break
        best: tuple[int, Found] | None = None
        for field, name in names:
            if len(words) < len(name) or (best and len(name) <= best[0]):
                continue
            if [word for word, _ in words[: len(name)]] != name:
                continue
            behind = rest[words[len(name) - 1][1] :]
            year, period = _period(behind)
            answer = _behind(behind[period:]) if year != _FORMERLY else None
            if answer is not None:
                best = len(name), Found(field, answer, year=year)
        return best[1] if best else None

    def _shortened(self, rest: str, number: int | None) -> Found | None:
        """A label cut short, with words left out, or misspelt, before an explicit separator."""
        without_remark = rest
        remark = _REMARK.search(rest)
        separator = _LOOSE_SEPARATOR.search(rest)
        if remark and separator and remark.start() < separator.start():
            without_remark = rest[: remark.start()] + rest[remark.end() :]
            separator = _LOOSE_SEPARATOR.search(without_remark)
        if not separator:
            return None
        named, year = _without_period(without_remark[: separator.start()])
        words = fold(named).split()
        if year == _FORMERLY or not 1 <= len(words) <= _MAX_LABEL_WORDS:
            return None
        answer = without_remark[separator.end() :].strip(" \t*_")
        for like in (_is_prefix, _is_abridged, _is_alike, _is_within, _is_one_of):
            fields = {field.id: field for field, name in self._names if like(words, name)}
            if number is not None and number <= len(self._fields) and self._fields[number - 1].id in fields:
                return Found(self._fields[number - 1], answer, year=year)
            if len(fields) == 1:
                return Found(next(iter(fields.values())), answer, year=year)
        return None

    def _numbered(self, rest: str, number: int | None) -> Found | None:
        if number is None or not 1 <= number <= len(self._fields) or not rest.strip():
            return None
        return Found(self._fields[number - 1], rest.strip(), by_number=True)


def _beginning(text: str) -> str:
    """The first letters of a text, as many as are compared at least, when it has so many."""
    first = _letters(text[: 4 * _HEAD])
    return first if len(first) >= _HEAD else _letters(text)


def _letters(text: str) -> str:
    """The letters and digits that are compared, without blanks."""
    return fold(text).replace(" ", "")


def _answers_apart(text: str) -> list[str]:
    """A line cut behind each figure that a comma or point ends, before the next label."""
    pieces = []
    start = 0
    for one in _NEXT_ANSWER.finditer(text):
        pieces.append(text[start : one.start(1)].strip())
        start = one.end()
    return [*pieces, text[start:].strip()] if text[start:].strip() or not pieces else pieces


def _has_figures(cells: Sequence[str], places: Sequence[int]) -> bool:
    """Whether more than one of the cells holds a figure."""
    return sum(1 for at in places if any(map(str.isdigit, cells[at]))) > 1


def _begins(words: Sequence[str], with_words: Sequence[str]) -> bool:
    return bool(with_words) and list(words[: len(with_words)]) == list(with_words)


def _period(text: str) -> tuple[int, int]:
    """The year that is told at the head of a text, `_FORMERLY` for an earlier period; and where that ends."""
    told = _PERIOD.match(text)
    if not told:
        return 0, 0
    return (_FORMERLY if told[2] else int(told[1] or 0)), told.end()


def _without_period(label: str) -> tuple[str, int]:
    """A label without the period at its end, and the year of it."""
    for at in (match.start() for match in _WORD.finditer(label)):
        year, end = _period(label[at:])
        if end and not label[at + end :].strip(" *_"):
            return label[:at], year
    return label, 0


def _behind(text: str) -> str | None:
    """The answer behind a whole label: after a unit in brackets and a separator, or at once when a digit."""
    end = 0
    for _ in range(2):
        remark = _REMARK.match(text, end)
        if not remark:
            break
        end = remark.end()
    separator = _SEPARATOR.match(text, end)
    if separator:
        return text[separator.end() :].strip()
    answer = text[end:].strip(" \t*_")
    if not answer or answer[0].isdigit():
        return answer
    return None


def _is_prefix(words: Sequence[str], name: Sequence[str]) -> bool:
    return list(words) == list(name[: len(words)]) and (len(words) >= 2 or len(name) == 1)


def _is_abridged(words: Sequence[str], name: Sequence[str]) -> bool:
    """All words in the label's order, and at least half of the label."""
    if len(words) < 2 or len(words) * 2 < len(name):
        return False
    rest = iter(name)
    return all(word in rest for word in words)


def _is_alike(words: Sequence[str], name: Sequence[str]) -> bool:
    if abs(len(words) - len(name)) > 2:
        return False
    alike = SequenceMatcher(None, " ".join(words), " ".join(name))
    # the first two are bounds of the third, and quickly told
    return all(told() >= _ALIKE for told in (alike.real_quick_ratio, alike.quick_ratio, alike.ratio))


def _is_within(words: Sequence[str], name: Sequence[str]) -> bool:
    """A piece of the label, two words at least: "Lượt người" of "Số lượt người tham dự"."""
    length = len(words)
    return length >= 2 and any(list(name[at : at + length]) == list(words) for at in range(len(name)))


def _is_one_of(words: Sequence[str], name: Sequence[str]) -> bool:
    """The head of a label and one of its last words: "Số sự kiện" of "Số hội nghị, hội thảo, sự kiện"."""
    tail = len(words) - 1
    return (
        tail >= 2 and len(name) > tail + 1 and words[0] == name[0] and list(name[-tail:]) == list(words[1:])
    )
