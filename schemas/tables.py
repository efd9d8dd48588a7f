"""Tables of agencies → plain trees: each row of a CSV or Excel file becomes an agency, with its place."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, get_args

from schemas.codes import Code
from schemas.loader import MAX_BYTES
from schemas.model import Table
from schemas.model.agencies import Column
from schemas.names import closest
from schemas.tree import Mark, Node, Source, Tree

if TYPE_CHECKING:
    from schemas.workbooks import Merged, Sheet

MAX_ROWS: Final = 50_000
WORKBOOK: Final = ".xlsx"
"""How the name of a table ends that is a workbook of Excel; all others are CSV."""
_PACKED = b"PK\x03\x04"
"""How workbooks begin."""
_TITLES = 20
"""Rows at the top among which the headings are looked for."""

_PEOPLE = ("head", "deputy", "focal_point")
_IN_VALID = ("from", "until", "successor")
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)
"""Each column a table may have."""
_NEEDED: tuple[Column, ...] = ("id", "name")
_NAMES_ROWS = ("id", "superior", "successor")
"""Columns whose cells name rows of the table, and take its prefix."""


_Cell = tuple[str, Mark]


def load_table(file: str, content: bytes, table: Table) -> Source:
    """The agencies of a table as a directory would write them; what is wrong with the file is a finding."""
    source = Source(file=file, top_keys={"agencies"})
    if len(content) > MAX_BYTES:
        source.report(Code.TOO_BIG, Mark(1, 1, 1), "bytes", limit=MAX_BYTES)
    elif file.lower().endswith(WORKBOOK):
        from schemas.workbooks import read_sheet

        sheet = read_sheet(source, content, table)
        if sheet is not None:
            _fill(source, sheet.rows, table, sheet)
    elif content.startswith(_PACKED):
        source.report(Code.NO_WORKBOOK, Mark(1, 1, 1), "named-csv")
    else:
        _fill(source, _of_text(source, content), table, None)
    return source


def _of_text(source: Source, content: bytes) -> Sequence[Sequence[_Cell]]:
    """The rows of a CSV file; none when it cannot be read, which is told."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        variant = "utf16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        source.report(Code.NOT_UTF8, Mark(1, 1, 1), variant, byte=f"0x{content[error.start]:02X}")
        return ()
    composed = unicodedata.normalize("NFC", text)
    source.lines = composed.splitlines()
    if composed != text:
        apart = sum(not unicodedata.is_normalized("NFC", line) for line in text.splitlines())
        source.report(Code.DECOMPOSED, Mark(1, 1, 1), lines=apart)
    try:
        return list(_rows(composed))
    except csv.Error as error:
        source.report(Code.SYNTAX, Mark(1, 1, 1), "table", problem=str(error))
        return ()


def _fill(source: Source, rows: Sequence[Sequence[_Cell]], table: Table, sheet: Sheet | None) -> None:
    """Make agencies of the rows below the heading."""
    if not rows:
        return
    top = _heading(rows, table)
    merged = _merged_in(sheet, rows[top][0][1].line) if sheet is not None else None
    if merged is not None:
        source.report(Code.NOT_A_VALUE, merged.first, "heading", given=str(merged))
        return
    columns = _columns(source, rows[top], table)
    if columns is None:
        return
    below = rows[top + 1 :]
    if sheet is not None:
        _find_refused(source, sheet, rows[top][0][1].line, columns)
        below = _without(sheet, below, [columns[key] for key in _NEEDED])
    source.root = _tree(source, below, columns, table)


def _heading(rows: Sequence[Sequence[_Cell]], table: Table) -> int:
    """The number of the row with the headings: titles may stand above it. When none has the columns that must
    be there, the first with more than one cell filled: a title stands alone in its row.
    """
    needed = {table.columns.get(key, key) for key in _NEEDED}
    for number, row in enumerate(rows[:_TITLES]):
        if needed <= {text for text, _ in row}:
            return number
    filled = (sum(1 for text, _ in row if text) for row in rows[:_TITLES])
    return next((number for number, cells in enumerate(filled) if cells > 1), 0)


def _merged_in(sheet: Sheet, line: int) -> Merged | None:
    """The first merged range that the row of headings has a part in."""
    return next((one for one in sheet.merged if one.first.line <= line <= one.last.line), None)


def _find_refused(source: Source, sheet: Sheet, heading: int, columns: Mapping[str, int]) -> None:
    """Tell of cells that are asked for and hold no value of their own: formulas, errors, merged ones."""
    used = {position + 1 for position in columns.values()}
    for (line, column), variant in sheet.refused.items():
        if column in used and line > heading:
            given = source.cells.get((line, column), "")
            source.report(Code.NOT_A_VALUE, Mark(line, column, 1), variant, given=given[:60])
    for one in sheet.merged:
        if one.last.line > heading and any(one.first.column <= n <= one.last.column for n in used):
            source.report(Code.NOT_A_VALUE, one.first, "merged", given=str(one))


def _without(sheet: Sheet, rows: Sequence[Sequence[_Cell]], needed: Sequence[int]) -> list[list[_Cell]]:
    """The rows with nothing where a cell was refused; none whose id or name was."""
    kept = []
    for row in rows:
        refused = [(mark.line, mark.column) in sheet.refused for _, mark in row]
        if not any(refused[n] for n in needed if n < len(row)):
            pairs = zip(row, refused, strict=True)
            kept.append([("", mark) if gone else (text, mark) for (text, mark), gone in pairs])
    return kept


def _rows(text: str) -> Iterator[list[_Cell]]:
    """The rows that are not empty, each cell with its place. Excel writes semicolons in some countries."""
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=separator)
    before = 0
    for values in reader:
        line = before + 1
        whole = reader.line_num == line
        before = reader.line_num
        starts = _starts(lines[line - 1], separator) if whole else []
        if any(value.strip() for value in values):
            yield [
                (value.strip(), Mark(line, starts[n] if n < len(starts) else 1, max(1, len(value))))
                for n, value in enumerate(values)
            ]


def _starts(line: str, separator: str) -> Sequence[int]:
    """The columns at which the cells of a line begin."""
    found, quoted = [1], False
    for position, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == separator and not quoted:
            found.append(position + 2)
    return found


def _columns(source: Source, header: Sequence[_Cell], table: Table) -> Mapping[str, int] | None:
    """Where each column of an agency stands in the table; None when a column is not there that must be."""
    there = {name: number for number, (name, _) in reversed(list(enumerate(header)))}
    known = tuple(dict.fromkeys(name for name, _ in header if name)) or ("…",)
    top = header[0][1]
    found: dict[str, int] = {}
    for key in COLUMNS:
        name = table.columns.get(key, key)
        if name in there:
            found[key] = there[name]
        elif key in _NEEDED or key in table.columns:
            source.report(Code.NO_COLUMN, top, name=name, key=key, known=known)
    if any(finding.code is Code.NO_COLUMN for finding in source.findings):
        return None
    used = set(found.values())
    free = [key for key in COLUMNS if key not in found]
    for number, (name, mark) in enumerate(header):
        guess = closest(name, free) if name and number not in used else None
        if guess:
            source.report(Code.COLUMN_NOT_READ, mark, name=name, guess=guess)
    return found


def _tree(
    source: Source, rows: Sequence[Sequence[_Cell]], columns: Mapping[str, int], table: Table
) -> Node | None:
    if len(rows) > MAX_ROWS:
        source.report(Code.TOO_BIG, rows[MAX_ROWS][0][1], "values", limit=MAX_ROWS)
        return None
    own = {row[columns["id"]][0] for row in rows if columns["id"] < len(row)}
    listed = Node([], Mark(1, 1, 1))
    asked_for = frozenset(columns.values())
    rows = [row for row in rows if any(row[n][0] for n in asked_for if n < len(row))]
    for number, row in enumerate(rows):
        item = Node({}, row[0][1])
        for key, position in columns.items():
            value, mark = row[position] if position < len(row) else ("", row[-1][1])
            if key in _NAMES_ROWS and table.prefix and value in own:
                value = f"{table.prefix}-{value}"
            if value:
                _put(item, _filled(key), value, mark)
        if table.superior and "superior" not in item.items:
            _put(item, ("superior",), table.superior, row[0][1])
        _hang(listed, number, item, row[0][1])
    return _root(listed)


def _filled(column: str) -> tuple[str, ...]:
    """The key of an agency that a column fills."""
    if column in _IN_VALID:
        return ("valid", column)
    who, _, key = column.rpartition("_")
    return (who, key) if who in _PEOPLE else (column,)


def _put(item: Node, path: Sequence[str], value: str, mark: Mark) -> None:
    if len(path) == 1:
        _hang(item, path[0], Node(value, mark), mark)
        return
    if path[0] not in item.items:
        _hang(item, path[0], Node({}, mark), mark)
    _put(item.items[path[0]], path[1:], value, mark)


def _hang(holder: Node, step: str | int, node: Node, mark: Mark) -> None:
    value: Tree = holder.value
    if isinstance(value, dict):
        value[str(step)] = node.value
    elif isinstance(value, list):
        value.append(node.value)
    holder.items[step] = node
    holder.keys[step] = mark


def _root(listed: Node) -> Node:
    root = Node({}, Mark(1, 1, 1))
    _hang(root, "agencies", listed, Mark(1, 1, 1))
    return root
