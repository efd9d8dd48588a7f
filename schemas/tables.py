"""Tables of agencies → plain trees: each row of a CSV file becomes an agency, each cell with its place."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, get_args

from schemas.codes import Code
from schemas.loader import MAX_BYTES
from schemas.model import Table
from schemas.model.agencies import Column
from schemas.names import closest
from schemas.tree import Mark, Node, Source, Tree

MAX_ROWS: Final = 50_000

_PEOPLE = ("head", "deputy", "focal_point")
_IN_VALID = ("from", "until", "successor")
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)
"""Each column a table may have."""
_NEEDED = ("id", "name")
_NAMES_ROWS = ("id", "superior", "successor")
"""Columns whose cells name rows of the table, and take its prefix."""


def load_table(file: str, content: bytes, table: Table) -> Source:
    """The agencies of a table as a directory would write them; what is wrong with the file is a finding."""
    source = Source(file=file, top_keys={"agencies"})
    if len(content) > MAX_BYTES:
        source.report(Code.TOO_BIG, Mark(1, 1, 1), "bytes", limit=MAX_BYTES)
        return source
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        variant = "utf16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        source.report(Code.NOT_UTF8, Mark(1, 1, 1), variant, byte=error.start + 1)
        return source
    composed = unicodedata.normalize("NFC", text)
    source.lines = composed.splitlines()
    if composed != text:
        apart = sum(not unicodedata.is_normalized("NFC", line) for line in text.splitlines())
        source.report(Code.DECOMPOSED, Mark(1, 1, 1), lines=apart)
    try:
        rows = list(_rows(composed))
    except csv.Error as error:
        source.report(Code.SYNTAX, Mark(1, 1, 1), "table", problem=str(error))
        return source
    if rows:
        columns = _columns(source, rows[0], table)
        if columns is not None:
            source.root = _tree(source, rows[1:], columns, table)
    return source


_Cell = tuple[str, Mark]


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
    known = tuple(name for name in there if name) or ("…",)
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
