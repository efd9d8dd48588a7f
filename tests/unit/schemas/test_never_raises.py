"""Whatever stands in the files, check tells it and never raises."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.check import CheckResult, check_contents
from schemas.model import Language
from tests.unit.schemas.corpus import right

RIGHT = right()
PIECES = [
    *(
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "\n",
        "\t",
        "  ",
        '"',
        "'",
        "*a",
        "&a ",
        "!x ",
        "|",
        "? ",
        "null",
        "---\n",
    ),
    *(
        "<<: ",
        "true",
        "-1.5",
        "9" * 30,
        "30/11",
        "31/4/2024",
        "0001-01-01",
        "9999-12-31",
        "9999 months",
        "\u200b",
    ),
    *("e\u0301", "\x85", "\u2028", "\x00", "by: 9999-12-31", "every: once", "id: xa-1", "superior: xa-1"),
]


def settle(result: CheckResult) -> None:
    """Ask the result everything that it can be asked."""
    for finding in result.findings:
        assert finding.line >= 1
        assert finding.column >= 1
        for language in Language:
            assert finding.code.value in finding.render(language)
        assert finding.as_dict()["file"] == finding.file
        assert finding.as_github().startswith("::")
    for plan in result.catalogue.plans:
        result.catalogue.bundle(plan)


@pytest.mark.parametrize(
    "content",
    [
        b"a" * 10_000_000,
        b"[" * 500_000,
        b"{a: " * 300_000,
        b"- " * 300_000,
        b"".join(b" " * n + b"a:\n" for n in range(600)),
        b"a: &a [x,x,x,x]\n" + b"".join(b"a%d: &a%d [*a,*a,*a,*a]\n" % (n, n) for n in range(9_000)),
        b"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c,*c]\n" * 3,
        b"plan: &a [*a]\n",
        b"a: &a {x: 1}\nplan:\n  <<: *a\n",
        b"---\na: &a 1\n---\nb: *a\n",
        b"plan: !!python/object:os.system x\n",
        b"%TAG ! tag:x,2000:\n---\nplan: !foo {}\n",
        b"? [a, b]\n: c\n",
        b"plan: {id: " + b"9" * 100_000 + b"}",
        b'plan: "\\uD800"\n',
        "plan: \ud800".encode("utf-8", "surrogatepass"),
        "plan: {}\n".encode("utf-16"),
        b"\xfe\xff" + "plan: {}\n".encode("utf-16-be"),
        b"plan:\x00 x\n",
        b"plan: {}\rtasks: []\r",
        b"plan:\n" + b"".join(b"  a%d: x\n" % n for n in range(20_000)),
        b'agencies: [{id: a, name: A, mailbox: "' + b"a." * 300_000 + b'"}]',
        b'agencies: [{id: a, name: A, mailbox: "' + b" " * 300_000 + b'x"}]',
        b'plan: {issued_on: "' + b"1/" * 300_000 + b'", period: "' + b"2" * 300_000 + b'"}',
        b'escalations: {a: {title: A, closes: "' + b"1" * 300_000 + b' x"}}',
        b'plan: {title: "' + b"tr\xc6\xb0\xe1\xbb\x9bc " * 50_000 + b'"}',
        b"plan: a" + b" " * 900_000 + b"#",
        b"a: " * 300_000,
    ],
    ids=itertools.count(),
)
def test_what_was_made_to_hang_or_break_a_reader(content: bytes) -> None:
    result = check_contents({"a.yaml": content})

    assert result.errors >= 1
    settle(result)


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    settle(check_contents({"a.yaml": content}))


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    settle(check_contents({"a.yaml": text.encode("utf-8", "surrogatepass")}))


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_anything_made_of_yaml(pieces: list[str]) -> None:
    settle(check_contents({"a.yaml": ("plan:\n" + "".join(pieces)).encode()}))


@settings(max_examples=200)
@given(data=st.data())
def test_a_right_spec_with_something_put_in_cut_out_or_moved(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([one for one in sorted(RIGHT) if not one.endswith(".xlsx")]))
    text = RIGHT[name].decode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        kind = data.draw(st.sampled_from(["put in", "cut out", "move a line"]))
        if kind == "put in":
            text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at:]
        elif kind == "cut out":
            text = text[:at] + text[at + data.draw(st.integers(1, 30)) :]
        else:
            lines = text.split("\n")
            moved = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
            lines.insert(data.draw(st.integers(0, len(lines))), moved)
            text = "\n".join(lines)
    settle(check_contents({**RIGHT, name: text.encode()}))
