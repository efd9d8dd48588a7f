"""Help pages and misuse speak the language of whoever types: no word of the library's is left in English."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from flows.cli import texts, usage
from flows.cli.commands import app
from flows.cli.failure import told
from schemas.model import Language

_ENGLISH = re.compile(r"\b(usage|options|arguments|commands|required|default|show this)\b", re.IGNORECASE)
_GROUPS = [one for one in app.registered_groups if one.typer_instance is not None]
_COMMANDS = [
    *(one.name or one.callback.__name__ for one in app.registered_commands),
    *(group.name for group in _GROUPS),
    *(
        f"{group.name} {one.name or one.callback.__name__}"
        for group in _GROUPS
        for one in group.typer_instance.registered_commands
    ),
]


@pytest.fixture
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What the whole command writes to a misuse."""
    for room in (texts, usage):
        monkeypatch.setattr(room, "LANGUAGE", Language.VI)

    def misuse(*arguments: str) -> str:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the library raises
            get_command(app).main(list(arguments), prog_name="dondoc", standalone_mode=False)
        found = told(caught.value)
        assert found is not None
        assert found.status == 2
        return found.line

    return misuse


@pytest.mark.parametrize("command", ["", *_COMMANDS])
def test_a_help_page_has_no_english_of_the_librarys(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (texts, usage):
        monkeypatch.setattr(room, "LANGUAGE", Language.VI)
    page = CliRunner().invoke(app, [*(one.strip("_") for one in command.split()), "--help"]).output
    assert page.startswith("Cách dùng: ")
    shown = {line for line in page.splitlines() if line and not line.startswith(" ")}
    assert {line for line in shown if _ENGLISH.search(line)} == set()
    assert "Hiện trang hướng dẫn này." in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask",), "dondoc: thiếu plan; xem: dondoc ask --help"),
        (("ask", "x", "y"), "dondoc: thiếu --due; xem: dondoc ask --help"),
        (("ask", "x", "y", "--due"), "dondoc: sau --due phải có một giá trị; xem: dondoc --help"),
        (("chạy",), "dondoc: không có lệnh “chạy”; xem: dondoc --help"),
        (("status", "--jso"), "dondoc: không có tùy chọn --jso; xem: dondoc status --help"),
        (
            ("inbox", "show", "99999999999999999999"),
            "dondoc: number ghi chưa đúng: nhiều nhất là 2147483647; xem: dondoc inbox show --help",
        ),
        (("inbox", "answer", "1", " "), "dondoc: cần viết câu trả lời"),
        (
            ("apply", "--plan", "/nope"),
            "dondoc: “/nope” không phải là mã mà `dondoc plan` nêu, cũng không phải tệp nó đã ghi (--out)",
        ),
        (("status", "x"), "dondoc: ghi thừa: x; xem: dondoc status --help"),
        (("new", "--year", "hai"), "dondoc: --year ghi chưa đúng: phải là một số; xem: dondoc new --help"),
        (
            ("check", "--format", "xml"),
            (
                "dondoc: --format ghi chưa đúng: “xml” không thuộc "
                "'text', 'json', 'github'; xem: dondoc check --help"
            ),
        ),
    ],
)
def test_a_misuse_is_told_in_one_line(
    vietnamese: Callable[..., str], arguments: tuple[str, ...], said: str
) -> None:
    assert vietnamese(*arguments) == said


def test_a_sentence_of_ours_stands_by_itself(vietnamese: Callable[..., str]) -> None:
    assert vietnamese("explain", "D999").startswith('dondoc: không có mã lỗi "D999"')


def test_the_command_alone_shows_its_help_page(vietnamese: Callable[..., str]) -> None:
    assert vietnamese().startswith("Cách dùng: dondoc [TÙY CHỌN] LỆNH")
