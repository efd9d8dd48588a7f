"""What is said about a spec: a finding with its code, its place, the line itself and what to do."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.codes import Code, Severity
from schemas.model.base import Language
from schemas.model.dates import Span
from schemas.texts.glosses import KEYS as _KEYS
from schemas.texts.glosses import WORDS as _WORDS

__all__ = ["Argument", "Code", "Finding", "Place", "Severity", "Thing", "explain", "spoken_language"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A stretch of one line of a file; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1
    length: int = 1
    text: str = ""
    """The line itself; of a workbook, what the cell shows."""
    cell: str = ""
    """Of a workbook, sheet and cell (`Sheet1!C5`); the line is the row, the column is counted from 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" + (f" ({self.cell})" if self.cell else "")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something a spec declares, such as the task "bao-cao", to be said in the reader's language."""

    kind: str
    name: str = ""
    inside: str = ""
    """The key within it that is meant, such as `report.due`."""

    def said(self, words: Mapping[str, str]) -> str:
        """The thing in words, `words` naming the kinds."""
        called = words[self.kind] + (f' "{self.name}"' if self.name else "")
        return f"{called}, {self.inside}" if self.inside else called


MOST_NAMES = 30
"""Told of a list of names, such as the tasks of a plan."""

Argument = str | int | Thing | Span | tuple[str, ...]

_OF_THE_LANGUAGE = frozenset({Code.UNKNOWN_KEY, Code.NOT_A_CHOICE, Code.WRONG_KIND})
"""Codes whose `known` are keys or words of the language, told with what they mean."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One mistake in a spec, told once."""

    code: Code
    place: Place
    variant: str = ""
    """Which of the code's texts is told, when it has several."""
    args: Mapping[str, Argument] = field(default_factory=dict)
    guess: str | None = None
    """What was probably meant."""
    also: Place | None = None
    """The other place that it takes to make this mistake."""

    @property
    def severity(self) -> Severity:
        """error, warning or note."""
        return self.code.severity

    @property
    def file(self) -> str:
        """The file, as its path was given."""
        return self.place.file

    @property
    def line(self) -> int:
        """Counted from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """Counted from 1, in characters."""
        return self.place.column

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.message_in(Language.EN)

    @property
    def help(self) -> str:
        """What to do, in English; empty when the message says it all."""
        return self.help_in(Language.EN)

    def message_in(self, language: Language) -> str:
        """What is wrong, in one sentence."""
        return self._told(language, 0)

    def help_in(self, language: Language) -> str:
        """What to do; empty when the message says it all."""
        return self._told(language, 1)

    def render(self, language: Language = Language.EN) -> str:
        """The finding as a person reads it: headline, place, the line with a mark under it, what to do."""
        words = _texts(language).WORDS
        number = str(self.place.line)
        margin = " " * len(number)
        lines = [
            f"{words[self.severity.value]}[{self.code.value}]: {self.message_in(language)}",
            f"{margin}--> {self.place}",
        ]
        if self.place.text.strip():
            shown = self.place.text.replace("\t", " ")
            start = 1 if self.place.cell else self.place.column
            length = len(shown) if self.place.cell else self.place.length
            mark = " " * (start - 1) + "^" * max(1, min(length, len(shown) - start + 1))
            hint = f" {words['did-you-mean'].format(guess=self.guess)}" if self.guess else ""
            lines += [f"{margin} |", f"{number} | {shown.rstrip()}", f"{margin} | {mark}{hint}"]
        elif self.guess:
            lines.append(f"{margin} = {words['did-you-mean'].format(guess=self.guess)}")
        if self.also is not None:
            lines.append(f"{margin} = {words['also']}: {self.also}")
            if self.also.text.strip() and self.also.line != self.place.line:
                lines.append(f"{margin}   {self.also.text.strip()}")
        told = self.help_in(language)
        if told:
            lines.append(f"{margin} = {words['help']}: {told}")
        return "\n".join(lines)

    def as_dict(self, language: Language = Language.EN) -> dict[str, str | int | None]:
        """The finding for a machine (`--format json`)."""
        return {
            "code": self.code.value,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "cell": self.place.cell or None,
            "message": self.message_in(language),
            "help": self.help_in(language) or None,
            "guess": self.guess,
            "also": str(self.also) if self.also else None,
        }

    def as_github(self, language: Language = Language.EN) -> str:
        """The finding as a workflow command that GitHub shows beside the line (`--format github`)."""
        kind = "notice" if self.severity is Severity.NOTE else self.severity.value
        parts = [self.message_in(language)]
        if self.guess:
            parts.append(_texts(language).WORDS["did-you-mean"].format(guess=self.guess))
        if told := self.help_in(language):
            parts.append(told)
        text = " ".join(parts).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        path = self.file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
        return f"::{kind} file={path},line={self.line},col={self.column},title={self.code.value}::{text}"

    def _told(self, language: Language, which: int) -> str:
        texts = _texts(language)
        key = f"{self.code.value}:{self.variant}" if self.variant else self.code.value
        said = {name: _say(value, texts.WORDS) for name, value in self.args.items()}
        known = self.args.get("known")
        if language is Language.VI and isinstance(known, tuple) and self.code in _OF_THE_LANGUAGE:
            called = _WORDS if self.code is Code.NOT_A_CHOICE else _KEYS
            said["known"] = ", ".join(f"{key} ({called[key][0]})" if key in called else key for key in known)
        return texts.TEXTS[key][which].format_map(said)


def explain(code: Code, language: Language = Language.EN) -> str:
    """All that is known about a code: its title, how bad it is, what it says and what to do."""
    texts = _texts(language)
    lines = [f"{code.value} ({texts.WORDS[code.severity.value]}): {texts.TITLES[code.value]}"]
    for key, (message, told) in texts.TEXTS.items():
        if key.split(":")[0] == code.value:
            lines += ["", message.replace("{", "<").replace("}", ">")]
            lines += [f"  {texts.WORDS['help']}: {told.replace('{', '<').replace('}', '>')}"] if told else []
    return "\n".join(lines)


def spoken_language(environ: Mapping[str, str]) -> Language:
    """The language to speak: `DONDOC_LANG`, else `LANG`, else English."""
    for name in ("DONDOC_LANG", "LANG"):
        said = environ.get(name, "").lower()
        if said:
            return Language.VI if said.startswith("vi") else Language.EN
    return Language.EN


def _say(value: Argument, words: Mapping[str, str]) -> str:
    if isinstance(value, Thing):
        return value.said(words)
    if isinstance(value, Span):
        unit = words[value.unit.value]
        return f"{value.count} {unit}" if value.count == 1 else f"{value.count} {unit}{words['plural']}"
    if isinstance(value, tuple):
        return ", ".join(value[:MOST_NAMES]) + (", …" if len(value) > MOST_NAMES else "")
    return str(value)


class _Texts:
    WORDS: Mapping[str, str]
    TITLES: Mapping[str, str]
    TEXTS: Mapping[str, tuple[str, str]]


def _texts(language: Language) -> type[_Texts]:
    module: type[_Texts] = importlib.import_module(f"schemas.texts.{language.value}")  # type: ignore[assignment]
    return module
