"""The one door to openpyxl here: a workbook that came along becomes rows of texts, within limits.

Nothing in it is run or followed: formulas give the value that was last computed, links and macros nothing.
"""

from __future__ import annotations

import io
import math
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from notifiers.replies.mime.decoding import writable
from notifiers.replies.patience import UNLIMITED, Patience

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

TYPES = frozenset(
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroenabled.12",
    )
)
ENDINGS = (".xlsx", ".xlsm")
MAX_BYTES = 10 * 1024 * 1024
_MOST_UNPACKED = 12 * 1024 * 1024
"""Octets of XML: far more than a form has, and read in a few seconds."""
_MOST_FILES = 500
_MOST_SHEETS = 5
_MOST_ROWS = 1_000
_MOST_COLUMNS = 30
_LONGEST_CELL = 20_000
_PROTECTED = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a file with a password begins, and one in the format before 2007."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet's cells as texts, the empty ones at the ends left out; rows and columns count from 0."""

    rows: tuple[tuple[str, ...], ...]

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; empty where there is none."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A workbook that was not read, and why, in short words for the record."""

    why: str


def read_workbook(octets: bytes, patience: Patience = UNLIMITED) -> tuple[Sheet, ...] | Unreadable:
    """The sheets that can be seen, the first five at the most.

    Raises TookTooLong when patience ends, and nothing else.
    """
    if octets.startswith(_PROTECTED):
        return Unreadable(why="protected by a password, or in the format before 2007")
    too_much = _too_much(octets)
    if too_much is not None:
        return Unreadable(why=too_much)
    from defusedxml import DefusedXmlException
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # it warns of all that it leaves out
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(octets), read_only=True, data_only=True, keep_links=False)
            shown = [one for one in book.worksheets if one.sheet_state == "visible"]
            return tuple(_sheet(one, patience) for one in shown[:_MOST_SHEETS])
    except DefusedXmlException:
        return Unreadable(why="its XML declares entities")
    # what a stranger's file makes of the library is no failure of ours
    except (
        InvalidFileException, zipfile.BadZipFile, ValueError, TypeError, LookupError, AttributeError, OSError,
        SyntaxError, ArithmeticError, RuntimeError, EOFError, AssertionError, zlib.error,
    ):  # fmt: skip
        return Unreadable(why="broken, or no workbook")


def _too_much(octets: bytes) -> str | None:
    """Why a file is not even opened: what it would unpack to is told before it is unpacked."""
    if len(octets) > MAX_BYTES:
        return "too large"
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as packed:
            held = packed.infolist()
    except (zipfile.BadZipFile, ValueError, LookupError, OSError, struct.error):
        return "broken, or no workbook"
    if any(one.flag_bits & 1 for one in held):
        return "protected by a password"
    if len(held) > _MOST_FILES:
        return "too many files in it"
    xml = sum(one.file_size for one in held if one.filename.lower().endswith((".xml", ".rels")))
    # a sheet may go by any name; pictures are as large packed as unpacked
    every = sum(one.file_size for one in held) - len(octets)
    too_large = max(xml, every) > _MOST_UNPACKED
    return "it would unpack to far more than a form has" if too_large else None


def _sheet(sheet: ReadOnlyWorksheet, patience: Patience) -> Sheet:
    # the size that a file tells of itself may be anything
    sheet.reset_dimensions()
    rows: list[tuple[str, ...]] = []
    # the stubs take it for a sheet that is written
    for row in cast("Worksheet", sheet).iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS):
        patience.check()
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(tuple(texts))
    while rows and not rows[-1]:
        rows.pop()
    return Sheet(rows=tuple(rows))


def _text(cell: Cell | MergedCell) -> str:
    """The cell as a person in Viet Nam would type it, for whoever reads typed answers."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime | date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    said = writable(unicodedata.normalize("NFC", str(value)[:_LONGEST_CELL]))
    return said.replace("\r\n", "\n").strip()


def _number(value: float, shown_as: str) -> str:
    """With a comma for the decimals, and never three of them, which could be taken for thousands."""
    if not math.isfinite(value):
        return ""
    percent = "%" in _IN_QUOTES.sub("", shown_as)
    exact = Decimal(repr(value)) * (100 if percent else 1)
    whole, _, decimals = format(exact, "f").partition(".")
    decimals = decimals.rstrip("0")
    told = f"{whole},{decimals.ljust(4, '0') if len(decimals) == 3 else decimals}" if decimals else whole
    return f"{told}%" if percent else told


_IN_QUOTES = re.compile(r"\"[^\"]{0,100}\"")
