"""Whatever stands in the files, check tells it and never raises."""

from __future__ import annotations

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
