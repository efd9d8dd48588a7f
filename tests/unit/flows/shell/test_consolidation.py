"""The consolidated result as markdown, whatever agencies wrote into it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.core.rollup import TEXT_FIELD
from flows.core.state import CycleFacts, RequestFacts, Status
from flows.shell.showing.consolidation import markdown, plain
from tests.bundles import cycle, task

HARM = [
    "![x](http://evil.example/pixel.png)",
    "[Bấm vào đây](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<http://evil.example>",
    "&lt;b&gt; &#60;",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "# To\n## Nhỏ",
    "a\n===",
    "a\n---",
    "1. một\n2) hai",
    "- a\n* b\n+ c",
    "> trích",
    "```\nmã\n```",
    "    mã",
    "[x]: http://evil.example\n\n[x]",
    "**đậm** _nghiêng_ ~~xoá~~ `mã`",
    "\\",
    "a\\\n<b>",
]
ALLOWED = {"inline", "text", "softbreak", "hardbreak", "text_special"}


def drawn(text: str) -> set[str]:
    """The kinds of things that a page draws from it."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    kinds = {one.type for one in tokens} | {kid.type for one in tokens for kid in one.children or ()}
    return kinds - ALLOWED


def page(text: str) -> str:
    one = cycle(task(lead=["xa-1", "xa-2"]))
    done = RequestFacts(status=Status.REPORTED)
    facts = CycleFacts(requests={("bao-cao", "xa-1"): done, ("bao-cao", "xa-2"): done})
    values = {("bao-cao", "xa-1"): {TEXT_FIELD.id: text}, ("bao-cao", "xa-2"): {TEXT_FIELD.id: "tốt"}}
    return markdown(one, values, facts)


@pytest.mark.parametrize("text", HARM)
def test_what_an_agency_writes_draws_nothing_of_its_own(text: str) -> None:
    assert drawn(page(text)) == drawn(page("tốt"))


@given(st.text(alphabet="ab1 \n\\`*_[](){}<>#+-=.!|~&;:/'\"x", max_size=40))
def test_no_text_draws_anything_of_its_own(text: str) -> None:
    assert drawn(page(text or "a")) == drawn(page("tốt"))


def test_the_text_is_shown_as_it_was_written() -> None:
    said = "Đã đăng 45 tin; kinh phí: 12,5 triệu (tăng 10%) & R&D, a_b*c <d>"

    html = MarkdownIt("commonmark").renderInline(plain(said))

    assert html == said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_lines_stay_lines() -> None:
    assert "**UBND xã 1**: một\\\n  \\- hai\n" in page("một\n\n- hai")


def test_a_text_without_end_does_not_bury_the_others() -> None:
    shown = page("a" * 400_000)

    assert len(shown) < 4000
    assert "còn 398.000 ký tự nữa" in shown
    assert "tốt" in shown
