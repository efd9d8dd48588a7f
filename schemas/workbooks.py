"""Workbooks of Excel → rows of a table: each cell as the text that it shows, with its place.

Nothing in a workbook is ever run or computed: formulas, macros and links to other files are refused.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final, NoReturn

from schemas.findings import Argument, Code
from schemas.tree import Mark, Source, column_letters

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook

    from schemas.model import Table

MAX_UNPACKED: Final = 40_000_000
"""Bytes of all parts together; a table of 50,000 rows has half of that."""
MAX_CELLS: Final = 1_000_000
"""Cells that are looked at, empty ones and empty rows between others included."""
MAX_ROWS: Final = 50_000
"""Rows that hold something."""

Row = list[tuple[str, Mark]]
"""The cells of a row: text and place, the line being the row and the column counted from 1."""

_OLD = b"\xd0\xcf\x11\xe0"
"""How .xls files begin, and .xlsx files with a password."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    AssertionError,
)
"""What openpyxl and its XML parsers raise on files that are not what they say, and on XML that attacks."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_REFUSED = {"f": "formula", "e": "error"}
_ZEROS = re.compile("0{2,20}")


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A range of cells made one: all but the first seem empty."""

    first: Mark
    last: Mark

    def __str__(self) -> str:
        cells = (f"{column_letters(mark.column)}{mark.line}" for mark in (self.first, self.last))
        return ":".join(cells)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a sheet holds."""

    rows: Sequence[Row]
    """The rows that are not empty."""
    merged: Sequence[Merged]
    refused: Mapping[tuple[int, int], str]
    """Cells by row and column that hold no value of their own: `formula`, or `error` such as #REF!."""


class _Refused(Exception):
    """The workbook is not read; why is told."""


def read_sheet(source: Source, content: bytes, table: Table) -> Sheet | None:
    """The sheet of a workbook that a table names, or its first one.

    What stands in the way is reported to `source`, which also learns the cells; None when nothing is read.
    """
    if not zipfile.is_zipfile(BytesIO(content)):
        variant = "old" if content.startswith(_OLD) else "text"
        source.report(Code.NO_WORKBOOK, Mark(1, 1, 1), variant)
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not kept
            return _read(source, content, table)
    except _Refused:
        return None
    except _BROKEN:
        source.report(Code.NO_WORKBOOK, Mark(1, 1, 1))
        return None


def _read(source: Source, content: bytes, table: Table) -> Sheet:
    from openpyxl import load_workbook

    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {part.filename: part for part in archive.infolist()}
        if sum(part.file_size for part in parts.values()) > MAX_UNPACKED:
            _refuse(source, Code.TOO_BIG, "unpacked", limit=MAX_UNPACKED)
        if any(name.lower().endswith("vbaproject.bin") for name in parts):
            _refuse(source, Code.NO_WORKBOOK, "macro")
        workbook = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        try:
            name = _chosen(source, workbook, table)
            source.sheet = name
            refused: dict[tuple[int, int], str] = {}
            rows = list(_rows(source, workbook, name, refused))
            return Sheet(rows=rows, merged=tuple(_merged(archive, name)), refused=refused)
        finally:
            workbook.close()


def _refuse(source: Source, code: Code, variant: str, **args: Argument) -> NoReturn:
    source.report(code, Mark(1, 1, 1), variant, also=None, **args)
    raise _Refused


def _chosen(source: Source, workbook: Workbook, table: Table) -> str:
    """The name of the sheet to read."""
    names = [sheet.title for sheet in workbook.worksheets]
    if not names:
        _refuse(source, Code.NO_WORKBOOK, "")
    if table.sheet is None:
        return names[0]
    for name in names:
        if name.strip().casefold() == table.sheet.casefold():
            return name
    _refuse(source, Code.NO_WORKBOOK, "sheet", name=table.sheet, known=tuple(names))


def _rows(
    source: Source, workbook: Workbook, name: str, refused: dict[tuple[int, int], str]
) -> Iterator[Row]:
    sheet = workbook[name]
    sheet.reset_dimensions()  # what a sheet says of its size may be a lie
    looked_at = found = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        looked_at += max(1, len(cells))  # a row far down is preceded by as many empty ones
        row: Row = []
        for column, cell in enumerate(cells, start=1):
            if cell.data_type in _REFUSED:
                refused[number, column] = _REFUSED[cell.data_type]
            row.append((_shown(cell), Mark(number, column, 1)))
            if row[-1][0]:
                source.cells[number, column] = row[-1][0]
        while row and not row[-1][0]:
            row.pop()
        if row:
            found += 1
            yield row
        if looked_at > MAX_CELLS or found > MAX_ROWS:
            limit = MAX_ROWS if found > MAX_ROWS else MAX_CELLS
            _refuse(source, Code.TOO_BIG, "cells", limit=limit)


def _shown(cell: Cell | MergedCell) -> str:
    """What a cell shows: whole numbers without a point, with the zeros in front that its format gives."""
    return "" if cell.value is None else _told(cell.value, str(cell.number_format or ""))


def _told(value: object, pattern: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return f"{value:0{len(pattern)}d}" if _ZEROS.fullmatch(pattern) else str(value)
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return str(value).strip()


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - ord("A") + 1
    return number


def _merged(archive: zipfile.ZipFile, name: str) -> Iterator[Merged]:
    """The merged ranges of a sheet, of which read-only workbooks do not tell."""
    for left, top, right, bottom in _MERGED.findall(archive.read(_part(archive, name)))[:MAX_ROWS]:
        first, last = Mark(int(top), _column(left), 1), Mark(int(bottom), _column(right), 1)
        yield Merged(first=first, last=last)


def _part(archive: zipfile.ZipFile, name: str) -> str:
    """The part of the archive that holds a sheet."""
    from defusedxml.ElementTree import fromstring

    book = fromstring(archive.read("xl/workbook.xml"))
    links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            known = (targets[value] for key, value in sheet.attrib.items() if key.endswith("}id"))
            target = next(known)
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(name)
