"""Directories kept as tables: rows become agencies, and mistakes are told with file, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.check import check, check_contents
from schemas.codes import Code
from schemas.tables import load_table
from tests.unit.schemas.corpus import right

DIRECTORY = b"tables:\n  - {file: bang.csv}\n"


def checked(table: bytes) -> list[tuple[Code, str, int, int]]:
    result = check_contents({"a/danh-ba.yaml": DIRECTORY, "a/bang.csv": table})
    return [(one.code, one.file, one.line, one.column) for one in result.findings]


def test_rows_become_agencies_with_the_columns_that_the_directory_maps() -> None:
    agencies = check_contents(right()).catalogue.agencies

    assert agencies["dv-01"].superior == "ubnd-tinh", "a row that names no superior has the table's"
    assert agencies["dv-00004"].superior == "dv-01"
    assert agencies["dv-00004"].name == 'Phường "Ba", quận cũ'
    assert agencies["dv-01"].head is not None
    assert agencies["dv-01"].head.title == "Chủ tịch"
    valid = agencies["dv-00008"].valid
    assert valid is not None
    assert str(valid.until) == "2025-06-30"


def test_a_table_names_the_channels_of_an_agency_and_of_its_people() -> None:
    table = (
        "id,name,mailbox,Kênh,head_name,head_notify,focal_point_notify\n"
        "xa,Xã,vanthu@xa.example,chat-xa,Lê Thị B,chat-chu-tich,\n"
    )
    directory = b"tables:\n  - {file: bang.csv, columns: {notify: K\xc3\xaanh}}\n"

    result = check_contents({"danh-ba.yaml": directory, "bang.csv": table.encode()})
    assert result.findings == ()
    agency = result.catalogue.agencies["xa"]
    assert agency.notify == "chat-xa"
    assert agency.head is not None
    assert agency.head.notify == "chat-chu-tich"
    assert agency.focal_point is None


def test_the_address_of_a_channel_in_a_table_is_told_at_its_cell() -> None:
    table = "id,name,deputy_notify\nxa,Xã,tgram://123:abc/-100\n".encode()

    assert checked(table) == [(Code.NOT_WRITTEN_SO, "a/bang.csv", 2, 7)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_spreadsheets_save_it_is_read(separator: str) -> None:
    rows = [["id", "name", "superior"], ["tinh", "Tỉnh", ""], ["xa", "Xã; một, hai", "tinh"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)

    result = check_contents({"danh-ba.yaml": DIRECTORY, "bang.csv": text.encode("utf-8-sig")})
    assert result.findings == ()
    assert result.catalogue.agencies["xa"].superior == "tinh"
    assert result.catalogue.agencies["xa"].name == "Xã; một, hai"


def test_a_mistake_is_told_at_its_cell() -> None:
    table = 'id,name,superior\nxa,"Xã, một",khong-co\n'.encode()

    assert checked(table) == [(Code.NO_AGENCY, "a/bang.csv", 2, 14)]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (b"", Code.EMPTY_FILE),
        (b"id,name\n", Code.CONTRADICTION),
        ("id,name\nxa,Xã\n".encode("utf-16"), Code.NOT_UTF8),
        (b"id,name\nxa," + b"x" * 200_000, Code.SYNTAX),
        ("id,name\nxa,Xa\u0303\n".encode(), Code.DECOMPOSED),
        (b"name\nXa\n", Code.NO_COLUMN),
    ],
)
def test_a_table_that_cannot_be_used_is_one_finding(table: bytes, code: Code) -> None:
    assert [found for found, *_ in checked(table)] == [code]


def test_tables_are_found_beside_their_directory(tmp_path: Path) -> None:
    (tmp_path / "danh-ba.yaml").write_bytes(DIRECTORY)
    (tmp_path / "bang.csv").write_bytes("id,name\nxa,Xã\n".encode())

    assert set(check([tmp_path]).catalogue.agencies) == {"xa"}
    (tmp_path / "bang.csv").unlink()
    (finding,) = check([tmp_path]).findings
    assert (finding.code, finding.line) == (Code.UNREADABLE, 2)
    assert finding.file.endswith("danh-ba.yaml")


def test_thousands_of_rows_are_agencies_of_two_tiers() -> None:
    rows = ["id,name,level,superior,mailbox", "t,Tỉnh,province,,t@t.example"]
    rows += [f"x{n},Xã {n},commune,t,x{n}@x.example" for n in range(3_000)]
    result = check_contents({"danh-ba.yaml": DIRECTORY, "bang.csv": "\n".join(rows).encode()})

    assert result.findings == ()
    assert len(result.catalogue.agencies) == 3_001


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*'",;\n\r\t', "id", "name", "xa", "\x00", "\u2028", "e\u0301", "superior", " "])
    )
)
def test_no_table_makes_check_raise(pieces: list[str]) -> None:
    for head in ("", "id,name\n"):
        result = check_contents({"danh-ba.yaml": DIRECTORY, "bang.csv": (head + "".join(pieces)).encode()})
        assert all(finding.render() for finding in result.findings)


def test_bytes_that_are_no_text_are_a_finding() -> None:
    from schemas.model import Table

    source = load_table("bang.csv", bytes(range(256)), Table(file="bang.csv"))
    assert [finding.code for finding in source.findings] == [Code.NOT_UTF8]
