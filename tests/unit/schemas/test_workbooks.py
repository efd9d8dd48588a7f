"""Directories kept in Excel: values are read as the cells show them; what has no value of its own is told."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas import workbooks
from schemas.check import CheckResult, check, check_contents
from schemas.codes import Code
from schemas.model import Language

HEADINGS = ("id", "name", "superior", "mailbox")
ROWS = (
    ("tinh", "Tỉnh", None, "vanthu@tinh.example"),
    ("xa-1", "Xã Một", "tinh", "xa1@xa.example"),
    ("xa-2", "Xã Hai", "tinh", "xa2@xa.example"),
)


def workbook(
    rows: Iterable[Sequence[object]] = (HEADINGS, *ROWS),
    change: Callable[[Worksheet], None] | None = None,
    title: str = "Danh bạ",
) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, more: dict[str, bytes]) -> bytes:
    """The workbook with parts put in or replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in more:
                new.writestr(name, old.read(name))
        for name, part in more.items():
            new.writestr(name, part)
    return out.getvalue()


def checked(content: bytes, table: str = "{file: bang.xlsx}", name: str = "bang.xlsx") -> CheckResult:
    return check_contents({"danh-ba.yaml": f"tables:\n  - {table}\n".encode(), name: content})


def told(content: bytes, table: str = "{file: bang.xlsx}") -> list[tuple[Code, str, str]]:
    found = checked(content, table).findings
    assert all(one.file == "bang.xlsx" and one.render(language) for one in found for language in Language)
    return [(one.code, one.variant, one.place.cell) for one in found]


def test_rows_become_agencies_as_those_of_a_csv_do() -> None:
    text = "\n".join(",".join(str(cell or "") for cell in row) for row in (HEADINGS, *ROWS))
    csv = check_contents({"danh-ba.yaml": b"tables: [{file: bang.csv}]", "bang.csv": text.encode()})

    result = checked(workbook())
    assert result.findings == ()
    assert result.catalogue.agencies == csv.catalogue.agencies
    assert result.catalogue.agencies["xa-2"].superior == "tinh"


def test_numbers_and_dates_are_read_as_the_cells_show_them() -> None:
    def zeros(sheet: Worksheet) -> None:
        sheet["A2"].number_format = "00000"

    content = workbook(
        [
            ("id", "name", "short", "from", "until"),
            (4, "Phường Ba Đình", 2025.0, datetime(2025, 7, 1), date(2030, 12, 31)),  # noqa: DTZ001 - as Excel has it
        ],
        zeros,
    )
    agency = checked(content).catalogue.agencies["00004"]

    assert agency.short == "2025"
    assert agency.valid is not None
    assert (agency.valid.since, agency.valid.until) == (date(2025, 7, 1), date(2030, 12, 31))


def test_titles_may_stand_above_the_headings_and_other_sheets_beside_them() -> None:
    def title(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 3)
        sheet["A1"] = "DANH BẠ CƠ QUAN"
        sheet.merge_cells("A1:D1")
        assert sheet.parent is not None
        sheet.parent.create_sheet("Ghi chú", 0)["A1"] = "id"

    content = workbook(change=title)
    assert len(checked(content, "{file: bang.xlsx, sheet: danh bạ}").catalogue.agencies) == 3
    assert told(content) == [(Code.NO_COLUMN, "", "Ghi chú!A1")], "without a name the first sheet is read"


def test_headings_of_other_names_are_told_below_the_title_that_stands_above_them() -> None:
    rows = (
        ("DANH BẠ CƠ QUAN",),
        (),
        ("Mã", "Tên cơ quan", "Thư điện tử"),
        ("tinh", "Tỉnh", "vanthu@tinh.example"),
    )
    found = [one for one in checked(workbook(rows)).findings if one.code is Code.NO_COLUMN]
    assert [(one.args["key"], one.place.line) for one in found] == [("id", 3), ("name", 3)]
    assert all(one.args["known"] == ("Mã", "Tên cơ quan", "Thư điện tử") for one in found)
    mended = "{file: bang.xlsx, columns: {id: Mã, name: Tên cơ quan, mailbox: Thư điện tử}}"
    assert checked(workbook(rows), mended).findings == ()


def test_a_mistake_is_told_at_its_cell() -> None:
    result = checked(workbook([HEADINGS, *ROWS[:2], ("xa-2", "Xã Hai", "khong-co", "xa2")]))

    assert [(one.code, one.line, one.column, one.place.cell) for one in result.findings] == [
        (Code.NO_AGENCY, 4, 3, "Danh bạ!C4"),
        (Code.NOT_WRITTEN_SO, 4, 4, "Danh bạ!D4"),
    ]
    assert result.findings[1].as_dict()["cell"] == "Danh bạ!D4"
    shown = result.findings[1].render(Language.VI).splitlines()
    assert "bang.xlsx:4:4 (Danh bạ!D4)" in shown[1]
    assert shown[3:5] == ["4 | xa2", "  | ^^^"]


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("D3", "=A3", [(Code.NOT_A_VALUE, "formula", "Danh bạ!D3")]),
        ("A3", "=A2", [(Code.NOT_A_VALUE, "formula", "Danh bạ!A3")]),
        ("D3", "#REF!", [(Code.NOT_A_VALUE, "error", "Danh bạ!D3")]),
        ("F3", "=A3", []),
        ("F9", "#N/A", []),
    ],
)
def test_a_cell_without_a_value_of_its_own_is_told_where_it_is_read(
    cell: str, value: str, expected: list[tuple[Code, str, str]]
) -> None:
    def put(sheet: Worksheet) -> None:
        sheet[cell] = value

    assert told(workbook(change=put)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("C3:C4", [(Code.NOT_A_VALUE, "merged", "Danh bạ!C3")]),
        ("A1:B1", [(Code.NOT_A_VALUE, "heading", "Danh bạ!A1")]),
        ("F3:G9", []),
    ],
)
def test_merged_cells_are_told_where_they_are_read(cells: str, expected: list[tuple[Code, str, str]]) -> None:
    assert told(workbook(change=lambda sheet: sheet.merge_cells(cells))) == expected


@pytest.mark.parametrize(
    ("content", "variant"),
    [
        (b"id,name\nxa,Xa\n", "text"),
        (b"", "text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old"),
        (workbook()[:2_000], "text"),
        (repacked(workbook(), {"xl/vbaProject.bin": b"x"}), "macro"),
        (repacked(workbook(), {"xl/workbook.xml": b"<workbook"}), ""),
        (repacked(workbook(), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), ""),
        (
            repacked(
                workbook(),
                {
                    "xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
                    b"<workbook>&b;</workbook>"
                },
            ),
            "",
        ),
    ],
    ids=["text", "empty", "old", "cut", "macro", "no book", "no sheet", "entities"],
)
def test_a_file_that_is_no_workbook_to_be_read_is_one_finding(content: bytes, variant: str) -> None:
    assert told(content) == [(Code.NO_WORKBOOK, variant, "")]


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    (finding,) = checked(workbook(), "{file: bang.xlsx, sheet: Xã}").findings

    assert (finding.code, finding.variant) == (Code.NO_WORKBOOK, "sheet")
    assert "Danh bạ" in finding.help_in(Language.VI)


def test_a_workbook_called_csv_is_told_as_such() -> None:
    (finding,) = checked(workbook(), "{file: bang.csv}", "bang.csv").findings

    assert (finding.code, finding.variant) == (Code.NO_WORKBOOK, "named-csv")


@pytest.mark.parametrize("name", ["bang.xls", "bang.xlsm", "bang.ods"])
def test_other_kinds_of_workbooks_are_refused_by_their_names(name: str) -> None:
    (finding,) = check_contents({"danh-ba.yaml": f"tables: [{{file: {name}}}]".encode()}).findings

    assert (finding.code, finding.variant) == (Code.NOT_WRITTEN_SO, "table")
    assert ".xlsx" in finding.help_in(Language.VI)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(workbook(), {"xl/worksheets/sheet2.xml": b" " * 50_000_000})
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))

    assert told(bomb) == [(Code.TOO_BIG, "unpacked", "")]


def test_a_sheet_that_says_it_is_endless_is_read_as_far_as_it_goes() -> None:
    sheet = zipfile.ZipFile(BytesIO(workbook())).read("xl/worksheets/sheet1.xml")
    vast = sheet.replace(b'ref="A1:D4"', b'ref="A1:XFD1048576"')
    assert vast != sheet

    assert len(checked(repacked(workbook(), {"xl/worksheets/sheet1.xml": vast})).catalogue.agencies) == 3


def test_a_row_far_below_all_others_does_not_hold_the_check_up() -> None:
    sheet = zipfile.ZipFile(BytesIO(workbook())).read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'<row r="4"', b'<row r="99999999999"')
    assert far != sheet

    found = told(repacked(workbook(), {"xl/worksheets/sheet1.xml": far}))
    assert [code for code, *_ in found] == [Code.TOO_BIG]


def test_too_many_cells_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_CELLS", 8)

    assert told(workbook()) == [(Code.TOO_BIG, "cells", "Danh bạ!A1")]


def test_a_directory_of_a_country_is_read(tmp_path: Path) -> None:
    provinces = [(f"{n:02d}", f"Tỉnh {n}", "province", None, f"t{n}@vn.example") for n in range(34)]
    communes = [
        (f"{n:05d}", f"Xã {n}", "commune", f"{n % 34:02d}", f"x{n}@vn.example") for n in range(100, 3_421)
    ]
    headings = ("code", "name", "level", "parent_code", "mailbox")
    (tmp_path / "don-vi.xlsx").write_bytes(workbook([headings, *provinces, *communes]))
    (tmp_path / "danh-ba.yaml").write_text(
        "agencies: [{id: chinh-phu, name: Chính phủ, mailbox: cp@vn.example}]\n"
        "tables:\n"
        "  - {file: don-vi.xlsx, columns: {id: code, superior: parent_code}, prefix: dv,"
        " superior: chinh-phu}\n"
        "groups: [{id: cac-xa, name: Các xã, members: [{under: dv-05, level: commune}]}]\n",
        encoding="utf-8",
    )
    result = check([tmp_path])

    assert result.findings == ()
    assert len(result.catalogue.agencies) == 3_356
    assert result.catalogue.agencies["dv-03420"].superior == "dv-20"
    assert len(result.catalogue.members("cac-xa")) == 98


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6_000), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_never_makes_check_raise(at: int, damage: bytes) -> None:
    content = workbook()
    at %= len(content)
    for finding in checked(content[:at] + damage + content[at + len(damage) :]).findings:
        assert finding.render()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]),
    st.floats(0, 1),
    st.sampled_from([b"<", b">", b'"', b"r=", b"<c t='s'><v>9</v></c>", b"&x;", b"\x00", b"99999999999"]),
)
def test_damaged_parts_never_make_check_raise(part: str, where: float, damage: bytes) -> None:
    whole = zipfile.ZipFile(BytesIO(workbook())).read(part)
    at = int(len(whole) * where)
    for finding in checked(repacked(workbook(), {part: whole[:at] + damage + whole[at:]})).findings:
        assert finding.render()
