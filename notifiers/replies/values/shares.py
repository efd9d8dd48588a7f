"""Shares: an answer to a mail about several reports, taken apart by what belongs to which of them.

What stands in a report's fill-in block, or below its heading, belongs to it; so does a line with a label that
only its form has. Nothing is guessed: a line that two reports could claim belongs to neither.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from notifiers.replies.folding import fold
from notifiers.replies.mentions import BLOCK_CODE
from notifiers.replies.mime.sheets import Sheet
from notifiers.replies.says.courtesy import is_courtesy
from notifiers.replies.understood import Line, LinePart, ReplyKind, Understood
from notifiers.replies.values import tables
from notifiers.replies.values.filled import filled_lines, opens_block
from notifiers.replies.values.labels import Labels
from notifiers.replies.values.reading import TEXT_FIELD, read_values
from schemas.model import Field, Form

_FREE_TEXT = Form(
    title="Báo cáo",
    fields=[Field(id=TEXT_FIELD, label="Nội dung báo cáo", label_en="Your report")],
)
"""How a report without a form is filled in beside others."""

_HEADING = re.compile(
    r"[\s*_#>=-]{0,8}(?:báo cáo|bao cao|b[/.]?c|report)\s{0,3}(?:thứ|thu|số|so|no\.?)?\s{0,3}"
    r"(\d{1,2})\s{0,3}(?:$|[/:.)(–—-])",
    re.IGNORECASE,
)
_OF_HOW_MANY = re.compile(r"^\s{0,3}\d{1,2}\s{0,3}[:.)–—-]?")
_TITLE_WORDS = 3
_GAP = Line("", part=LinePart.INTRODUCTION)
"""Stands where lines of others were: no answer goes on across it."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One of the reports that the mail asked for, in the order of their numbers."""

    token: str
    title: str
    form: Form | None


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Who gets what of an answer."""

    by_token: Mapping[str, Understood]
    """For each report that the answer says something to, what it says; its lines and text alone."""
    unclear: tuple[str, ...]
    """The sender's lines that look like answers and could belong to more than one report."""


def shares(understood: Understood, wanted: Sequence[Wanted]) -> Shares:
    """Take an answer apart. Reports that it says nothing to have no share."""
    desk = _Desk(wanted)
    owners, mails = desk.owners(understood.lines)
    found = {}
    for place, one in enumerate(wanted, start=1):
        lines = _of(one.token, mails, owners)
        own = "\n".join(line.text for line in lines if line.depth == 0 and line.part is LinePart.OWN).strip()
        filled = "\n".join(filled_lines(lines))
        text = "\n\n".join(said for said in (own, filled) if said)
        if one.form is None:
            text = _free_text(lines, understood) or own or _file_of(place, one, understood)
        sheets = _sheets_of(one.token, understood.sheets, strict=True)
        if tables.has_answers(sheets) or (text and not is_courtesy(text)):
            found[one.token] = replace(
                understood,
                lines=lines,
                text=text,
                attachments=(),
                sheets=sheets,
                kind=_kind(understood, text),
            )
    unclear = tuple(
        line.text.strip()
        for line, owner in zip(understood.lines, owners, strict=True)
        if owner is None and line.depth == 0 and line.part is LinePart.OWN and desk.claimed(line.text) > 1
    )
    return Shares(by_token=found, unclear=unclear)


def own_part(understood: Understood, token: str) -> Understood:
    """An answer to one request, without the forms that were made for another."""
    return replace(understood, sheets=_sheets_of(token, understood.sheets, strict=False))


def _sheets_of(token: str, sheets: Sequence[Sheet], *, strict: bool) -> tuple[Sheet, ...]:
    """The sheets that name this request; unless `strict`, also those that name none."""
    return tuple(
        one for one in sheets if (named := tables.tokens([one])) == (token,) or (not named and not strict)
    )


def _kind(understood: Understood, text: str) -> ReplyKind:
    """A form that came back filled in is a report, whatever little was written beside it."""
    return understood.kind if text else ReplyKind.REPLY


def _file_of(place: int, one: Wanted, said: Understood) -> str:
    """The names of the files that are this report by their names: "Báo cáo 3.docx", "BC r14.pdf"."""
    named = []
    for file in said.attachments:
        number = _HEADING.match(file.name.rpartition(".")[0])
        if one.token in fold(file.name).split() or (number and int(number[1]) == place):
            named.append(file.name)
    return ", ".join(named)


def _free_text(lines: tuple[Line, ...], said: Understood) -> str:
    """What was written behind the label of a report without a form; without that label, all of it."""
    reading = read_values(replace(said, lines=lines), _FREE_TEXT)
    return str(reading.values.get(TEXT_FIELD, ""))


class _Desk:
    """Knows the reports by token, number, title and labels."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted
        self._tokens = {one.token for one in wanted}
        self._titles = [(one.token, fold(one.title)) for one in wanted]
        self._labels = [(one.token, Labels(one.form)) for one in wanted if one.form is not None]

    def owners(self, lines: Sequence[Line]) -> tuple[list[str | None], list[Line]]:
        """The report that each line belongs to, None where that is none or not certain; and the lines without
        the headings.
        """
        owners: list[str | None] = []
        without = list(lines)
        written: str | None = None  # below a heading of the sender's own
        by_label: str | None = None
        quoted: str | None = None  # inside a block of the mail that is answered
        for place, line in enumerate(lines):
            if line.depth == 0 and line.part is LinePart.OWN:
                named = self._named(line.text)
                if named is not None:
                    written, by_label = named[0], None
                    without[place] = replace(line, text=named[1])
                elif written is None and (claims := self._claims(line.text)):
                    by_label = next(iter(claims)) if len(claims) == 1 else None
                owners.append(written or by_label)
            elif line.depth == 0:
                written = by_label = None
                owners.append(None)
            else:
                quoted = self._in_block(line, quoted)
                owners.append(quoted if line.depth == 1 else None)
        return self._between(lines, owners), without

    def claimed(self, text: str) -> int:
        """How many of the reports have a field of that name."""
        return len(self._claims(text))

    def _claims(self, text: str) -> set[str]:
        claims = set()
        for token, labels in self._labels:
            for piece in labels.apart(text):
                found = labels.find(piece)
                if found is not None and not found.by_number:
                    claims.add(token)
        return claims

    def _named(self, text: str) -> tuple[str, str] | None:
        """The report that a line names, by token, number or title, and what else stands in the line."""
        if len(text) > 300:
            return None
        token = BLOCK_CODE.search(text)
        if token and token[1].lower() in self._tokens:
            return token[1].lower(), ""
        number = _HEADING.match(text)
        if number and 1 <= int(number[1]) <= len(self._wanted):
            meant = self._wanted[int(number[1]) - 1]
            rest = text[number.end() :]
            if number[0].endswith("/"):
                rest = _OF_HOW_MANY.sub("", rest)
            rest = rest.strip()
            return meant.token, "" if fold(meant.title).startswith(fold(rest)) else rest
        words = fold(text)
        titled = {token for token, title in self._titles if _ends_with(words, title)}
        return (titled.pop(), "") if len(titled) == 1 else None

    def _in_block(self, line: Line, inside: str | None) -> str | None:
        opens = opens_block(line.text)
        if not opens:
            return inside if opens is None else None
        token = BLOCK_CODE.search(line.text)
        return token[1].lower() if token and token[1].lower() in self._tokens else None

    @staticmethod
    def _between(lines: Sequence[Line], owners: list[str | None]) -> list[str | None]:
        """Lines that the sender wrote between the lines of a quoted block belong to it."""
        above: str | None = None
        for place, line in enumerate(lines):
            if line.depth == 1:
                above = owners[place]
            elif (
                line.depth == 0 and line.part is LinePart.OWN and above is not None and owners[place] is None
            ):
                below = next((one for one in range(place + 1, len(lines)) if lines[one].depth == 1), None)
                if below is not None and owners[below] in (above, None):
                    owners[place] = above
        return owners


def _of(token: str, lines: Sequence[Line], owners: Sequence[str | None]) -> tuple[Line, ...]:
    """The lines of one report, gaps between them marked."""
    kept: list[Line] = []
    for line, owner in zip(lines, owners, strict=True):
        if owner == token:
            kept.append(line)
        elif kept and kept[-1] is not _GAP:
            kept.append(_GAP)
    return tuple(kept)


def _ends_with(words: str, title: str) -> bool:
    """Whether a line is a report's title, with a few words such as "Nhiệm vụ" before it."""
    if len(title.split()) < _TITLE_WORDS or not words.endswith(title):
        return False
    return len(words) - len(title) <= 24
