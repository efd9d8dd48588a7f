"""Mail that was written to do harm, or by software that knows no better."""

from __future__ import annotations

from datetime import date

import pytest

from notifiers.replies import ReplyKind, Understood, understand
from notifiers.replies.numbers import read_number

HALF_A_CHARACTER = b"+2AA-"  # in UTF-7: a surrogate without its other half, which no database takes


def writable(read: Understood) -> bool:
    texts = [read.text, read.subject, read.sender or "", read.sender_name, *read.recipients, *read.references]
    texts += [one.name for one in read.attachments]
    return all(one.isprintable() or "\n" in one for one in texts) and bool("".join(texts).encode("utf-8"))


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: =?utf-7?Q?" + HALF_A_CHARACTER + b"?= x\r\n\r\nabc",
        b"From: =?utf-7?Q?" + HALF_A_CHARACTER + b"?= <a@b.example>\r\n\r\nabc",
        b"From: <a=?utf-7?Q?" + HALF_A_CHARACTER + b"?=@b.example>\r\n\r\nabc",
        b"References: <=?utf-7?Q?" + HALF_A_CHARACTER + b"?=@b.example>\r\n\r\nabc",
        b"Content-Type: text/plain; charset=utf-7\r\n\r\nabc " + HALF_A_CHARACTER,
        b"Content-Type: text/plain; charset=raw_unicode_escape\r\n\r\n\\ud800 \xff",
        b"Content-Type: text/html\r\n\r\n<p>abc &#xD800; &#0; &#27;]0;x</p>",
        b"Subject: a\0b \x1b[31m\r\n\r\nabc\0def \x1b]0;title\x07",
        "Subject: \u202eabc\r\n\r\n\u202eabc\u2066".encode(),
        b"Content-Type: application/pdf; name*=utf-7''" + HALF_A_CHARACTER + b".pdf\r\n\r\nabc",
    ],
)
def test_nothing_that_was_read_can_harm_a_database_or_a_terminal(raw: bytes) -> None:
    assert writable(understand(raw))


def test_what_people_write_is_left_alone() -> None:
    said = "Số liệu:\t1.250\nđã đăng 🙂 e\u0301"
    read = understand(f"Content-Type: text/plain; charset=utf-8\r\n\r\n{said}".encode())
    assert "Số liệu: 1.250" in read.text.replace("\t", " ")
    assert read.text.endswith("đã đăng 🙂 é")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e5", None),
        ("1e999", None),
        ("0x10", None),
        ("9" * 400, None),
        ("1" + "0" * 40, None),
        ("999 tỷ tỷ tỷ", None),
        ("NaN", None),
        ("-0", 0),
        ("5k", 5000),
        ("5tr", 5_000_000),
        ("100m2", 100),
        ("1 extra", 1),
        ("\u200f54", 54),
        ("５４", 54),
    ],
)
def test_a_number_is_read_as_it_was_meant_or_not_at_all(text: str, value: int | None) -> None:
    assert read_number(text, None, whole=True) == value


def test_an_absence_until_the_end_of_time_is_read() -> None:
    read = understand(
        "Auto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Tôi vắng mặt đến hết ngày 31/12/9999.".encode()
    )
    assert read.kind is ReplyKind.AUTO_REPLY
    assert read.return_on == date.max
