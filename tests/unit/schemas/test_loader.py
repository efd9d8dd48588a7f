"""Bytes of a file → a tree with places; what is unreadable is told, never raised."""

from __future__ import annotations

import pytest

from schemas import loader
from schemas.codes import Code
from schemas.loader import load


def codes(content: bytes) -> list[Code]:
    return [finding.code for finding in load("a.yaml", content).findings]


def value(text: str) -> object:
    root = load("a.yaml", f"a: {text}\n".encode()).root
    assert root is not None
    assert isinstance(root.value, dict)
    return root.value["a"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024-04-10", "2024-04-10"),
        ("30/11", "30/11"),
        ("12:30", "12:30"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("99/KH-UBND", "99/KH-UBND"),
        ('"12"', "12"),
        ("'null'", "null"),
        ("!!str 12", "12"),
    ],
)
def test_plain_scalars_are_read_by_yaml_1_2s_core_schema(text: str, read: object) -> None:
    assert value(text) == read
    assert type(value(text)) is type(read)


def test_keys_stay_the_text_that_was_written() -> None:
    root = load("a.yaml", b"2024: a\ntrue: b\n1.50: c\n~: d\n").root

    assert root is not None
    assert root.value == {"2024": "a", "true": "b", "1.50": "c", "~": "d"}


def test_places_count_from_one_in_characters() -> None:
    source = load("a.yaml", "đơn vị:\n  - id: một\n    tên: Hai\n".encode())

    assert str(source.key_place(("đơn vị", 0, "tên"))) == "a.yaml:3:5"
    assert str(source.value_place(("đơn vị", 0, "tên"))) == "a.yaml:3:10"
    assert source.value_place(("đơn vị", 0, "tên")).length == len("Hai")
    assert str(source.key_place(("đơn vị", 0, "thiếu"))) == "a.yaml:2:5"


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n"])
def test_lines_are_counted_alike_on_every_system(line_break: str) -> None:
    source = load("a.yaml", f"a: 1{line_break}b: 2{line_break}c: 3".encode())

    assert source.key_place(("c",)).line == 3
    assert source.key_place(("c",)).text == "c: 3"


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    source = load("a.yaml", b"\xef\xbb\xbfplan: 1\n")

    assert source.top_keys == {"plan"}
    assert source.key_place(("plan",)).column == 1
    assert source.findings == []


def test_an_old_vietnamese_encoding_is_told_with_its_line_and_byte() -> None:
    (finding,) = load("a.yaml", "a: 1\ntên: Hà Nội".encode("cp1258", "replace")).findings

    assert finding.code is Code.NOT_UTF8
    assert (finding.line, finding.column) == (2, 2)
    assert "0xEA" in finding.message


def test_utf_16_is_told_as_such() -> None:
    (finding,) = load("a.yaml", "plan: 1".encode("utf-16")).findings

    assert finding.code is Code.NOT_UTF8
    assert "UTF-16" in finding.message


def test_accents_typed_apart_are_read_as_one_and_told_once() -> None:
    source = load("a.yaml", "a: Tie\u0302\u0301ng\nb: Vie\u0323\u0302t\n".encode())

    assert source.root is not None
    assert source.root.value == {"a": "Tiếng", "b": "Việt"}
    assert [finding.code for finding in source.findings] == [Code.DECOMPOSED]


def test_the_first_of_two_equal_keys_counts() -> None:
    source = load("a.yaml", b"a: 1\nb: 2\na: 3\n")

    assert source.root is not None
    assert source.root.value == {"a": 1, "b": 2}
    (finding,) = source.findings
    assert finding.line == 3
    assert finding.also is not None
    assert finding.also.line == 1


def test_an_alias_stands_for_its_anchor() -> None:
    source = load("a.yaml", b"a: &x {b: 1}\nc: *x\n")

    assert source.root is not None
    assert source.root.value == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_file_too_big_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MAX_BYTES", 10)

    assert codes(b"a: 123456789\n") == [Code.TOO_BIG]
    assert codes(b"a: 1\n") == []


def test_aliases_count_as_often_as_they_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MAX_VALUES", 50)
    ten = b"a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n"

    assert codes(ten + b"b: [*a, *a]\n") == []
    assert codes(ten + b"b: [*a, *a, *a, *a]\n") == [Code.TOO_BIG]


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- "])
def test_depth_is_limited_before_anything_is_built(opening: bytes) -> None:
    assert codes(opening * 5000)[:1] in ([Code.TOO_BIG], [Code.SYNTAX])


def test_what_was_seen_before_a_mistake_tells_what_the_file_was_to_be() -> None:
    source = load("a.yaml", b"agencies:\n  - id: a\n   name: b\n")

    assert source.root is None
    assert source.top_keys == {"agencies"}
