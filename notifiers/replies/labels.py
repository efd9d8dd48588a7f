"""Finding a form's fields in lines that people typed: reordered, renumbered, shortened, without accents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from notifiers.replies.folding import fold
from schemas.model import Field, FieldType, Form

_LEAD = re.compile(
    r"[\s\-*•+–·|_▪◦●]*(?:\(?(\d{1,2})\s?[.)\]:/]+(?!\d)|([a-zđ])[.)](?=\s))?[\s*_]*", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_REMARK = re.compile(r"[\s*_]*\([^()]{0,300}\)")
_SEPARATOR = re.compile(r"[\s*_]*(?:[:：=]|\s[-–—]\s|\t|\slà\s)[\s*_]*")
_LOOSE_SEPARATOR = re.compile(r"[:：=\t]")
_BETWEEN = re.compile(r"\s?;\s{1,3}")
_MAX_LINE = 600
_MAX_LABEL_WORDS = 30
_ALIKE = 0.86


@dataclass(frozen=True, slots=True)
class Found:
    """A field that a line answers, with the rest of the line."""

    field: Field
    answer: str
    by_number: bool = False
    """Only the number said which field is meant: anything else outranks that."""


class Labels:
    """The labels of one form, ready to be looked for."""

    def __init__(self, form: Form) -> None:
        self._fields = form.fields
        named = [(field, name) for field in form.fields for name in (field.label, field.label_en) if name]
        self._names = [(field, fold(name).split()) for field, name in named]
        self._helps = [fold(field.help) for field in form.fields if field.help]

    def find(self, text: str) -> Found | None:
        """The field whose label the line starts with, or None."""
        lead = _LEAD.match(text)
        start = lead.end() if lead else 0
        number = int(lead[1]) if lead and lead[1] else None
        rest = text[start:]
        return self._whole(rest) or self._shortened(rest, number) or self._numbered(rest, number)

    def apart(self, text: str) -> list[str]:
        """The answers that one line gives to several fields: "Số tin, bài: 45; số buổi: 6", each by itself.

        Words before the first label are left out ("Xã báo cáo: Số tin, bài: 45"); any other line stays whole.
        """
        if len(text) > _MAX_LINE or not _LOOSE_SEPARATOR.search(text):
            return [text]
        if "\t" in text:
            return [self._row([cell.strip() for cell in text.split("\t")]) or text]
        pieces = _BETWEEN.split(text)
        if self.find(pieces[0]) is None:
            _, colon, rest = pieces[0].partition(":")
            if not colon or self._whole(rest.strip()) is None:
                return [text]
            pieces[0] = rest.strip()
        found = [self.find(piece) for piece in pieces]
        whole = any(one is None or one.by_number or one.field.type is FieldType.TEXT for one in found[:-1])
        return ["; ".join(pieces)] if whole or found[-1] is None else pieces

    def _row(self, cells: Sequence[str]) -> str | None:
        """A table's row as a line: the cell with the label, and the first behind it that is not the unit."""
        for place, cell in enumerate(cells[:-1]):
            found = self._whole(f"{cell}:")
            if found and not found.answer:
                units = ("", fold(found.field.unit or ""))
                told = [one for one in cells[place + 1 :] if one and fold(one) not in units]
                return f"{cell}: {told[0] if told else ''}"
        return None

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
        words: list[tuple[str, int]] = []
        for match in _WORD.finditer(rest):
            words.extend((one, match.end()) for one in fold(match.group()).split())
            if len(words) > _MAX_LABEL_WORDS:
                break
        best: tuple[int, Found] | None = None
        for field, name in self._names:
            if len(words) < len(name) or (best and len(name) <= best[0]):
                continue
            if [word for word, _ in words[: len(name)]] != name:
                continue
            answer = _behind(rest[words[len(name) - 1][1] :])
            if answer is not None:
                best = len(name), Found(field, answer)
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
        words = fold(without_remark[: separator.start()]).split()
        if not 1 <= len(words) <= _MAX_LABEL_WORDS:
            return None
        answer = without_remark[separator.end() :].strip(" \t*_")
        for like in (_is_prefix, _is_abridged, _is_alike, _is_within):
            fields = {field.id: field for field, name in self._names if like(words, name)}
            if number is not None and number <= len(self._fields) and self._fields[number - 1].id in fields:
                return Found(self._fields[number - 1], answer)
            if len(fields) == 1:
                return Found(next(iter(fields.values())), answer)
        return None

    def _numbered(self, rest: str, number: int | None) -> Found | None:
        if number is None or not 1 <= number <= len(self._fields) or not rest.strip():
            return None
        return Found(self._fields[number - 1], rest.strip(), by_number=True)


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
    return (
        abs(len(words) - len(name)) <= 2
        and SequenceMatcher(None, " ".join(words), " ".join(name)).ratio() >= _ALIKE
    )


def _is_within(words: Sequence[str], name: Sequence[str]) -> bool:
    """A piece of the label, two words at least: "Lượt người" of "Số lượt người tham dự"."""
    length = len(words)
    return length >= 2 and any(list(name[at : at + length]) == list(words) for at in range(len(name)))
