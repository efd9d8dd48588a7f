"""The answers in the sheets of a workbook that came along: by the ids of our own form, else by labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from notifiers import form_sheet
from notifiers.replies.folding import fold
from notifiers.replies.mime.sheets import Sheet
from schemas.model import Form

_FIGURE = re.compile(r"[\d.,%\s-]+")
_ANSWERS = re.compile(
    r"(?:tra loi|ket qua(?: thuc hien)?|so lieu|gia tri|noi dung tra loi|(?:your )?answer|value|result)"
)
"""How the heading of a column of answers reads, folded."""


def answers_by_id(sheets: Sequence[Sheet], form: Form) -> dict[str, str]:
    """What the cells of our own form say, by field id, empty ones left out; rows may have been moved."""
    ids = {one.id for one in form.fields}
    given: dict[str, str] = {}
    for sheet in sheets:
        if sheet.cell(0, 0) != form_sheet.MARK:
            continue
        for row in sheet.rows:
            name = row[form_sheet.ID_COLUMN - 1] if row else ""
            answer = row[form_sheet.ANSWER_COLUMN - 1] if len(row) >= form_sheet.ANSWER_COLUMN else ""
            if name in ids and answer:
                given.setdefault(name, answer)
    return given


def tokens(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """The tokens of requests that forms of ours were made for: hints, for they are not signed."""
    row, column = int(form_sheet.TOKEN_CELL[1:]) - 1, ord(form_sheet.TOKEN_CELL[0]) - ord("A")
    marked = (one for one in sheets if one.cell(0, 0) == form_sheet.MARK)
    return tuple(dict.fromkeys(told for one in marked if (told := one.cell(row, column))))


def rows_as_lines(sheets: Sequence[Sheet], form: Form) -> Iterator[str]:
    """The rows of sheets that are no form of ours, as lines of cells such as those of a table in a mail.

    Where a heading says which column has the answers, cells behind the label other than it are left out, and
    so is guidance that the form itself gives.
    """
    guidance = {fold(one.help) for one in form.fields if one.help}
    for sheet in sheets:
        column: int | None = None
        for row in sheet.rows:
            named = [place for place, text in enumerate(row) if _ANSWERS.fullmatch(fold(text[:60]))]
            if named and column is None and len(row) > 1:
                column = named[-1]
                continue
            cells = row if column is None else _with_answer(row, column)
            texts = [" ".join(text.split()) for text in cells if fold(text) not in guidance]
            yield "\t".join(texts)


def _with_answer(row: Sequence[str], column: int) -> Sequence[str]:
    """The words in front of the column of answers, and the answer; figures of other columns are left out."""
    return (*(text for text in row[:column] if not _FIGURE.fullmatch(text)), *row[column : column + 1])


def has_answers(sheets: Sequence[Sheet]) -> bool:
    """Whether a form of ours came back with something filled in."""
    return any(
        sheet.cell(row, form_sheet.ID_COLUMN - 1) and sheet.cell(row, form_sheet.ANSWER_COLUMN - 1)
        for sheet in sheets
        if sheet.cell(0, 0) == form_sheet.MARK
        for row in range(form_sheet.FIRST_FIELD_ROW - 1, len(sheet.rows))
    )
