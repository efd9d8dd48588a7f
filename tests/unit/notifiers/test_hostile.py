"""Mail that was written to do harm, or by software that knows no better."""

from __future__ import annotations

from datetime import date

import pytest

from notifiers.replies import ReplyKind, Understood, understand
from notifiers.replies.mime.message import parse
from notifiers.replies.patience import patience_for
from notifiers.replies.values.numbers import read_number

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
        b"Content-Type: app\x1b]0;x\x07/p\xffdf\r\n\r\nabc",
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


HEAD = b"From: Lan <lan@xa.example>\nSubject: Re: x\nMIME-Version: 1.0\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(b"X-%d: v\n" % number for number in range(100_000)) + b"\nabc",
        b"A: b\r\n" * 100_000 + b"\r\nabc",
        b"X: " + b"a\n b" * 100_000 + b"\n\nabc",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nabc\n" * 20_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + b"A: b\n" * 60_000 + b"\nabc\n--b--\n",
    ],
    ids=["headers", "crlf headers", "folded header", "parts", "headers of a part"],
)
def test_a_flood_is_cut_and_told_of(raw: bytes) -> None:
    message = parse(raw)

    assert len(message.keys()) <= 2_000
    assert any("too much for a mail" in one for one in understand(raw).evidence)


def test_a_real_mail_is_not_cut() -> None:
    long_log = b"dong: 1\n" * 15_000 + b"\nhet\n"
    raw = HEAD + b"Received: by mx\n\tfor x\n" * 60 + b"Content-Type: text/plain\n\n" + long_log

    assert understand(raw).evidence == ()


@pytest.mark.parametrize("size", [100, 400_000])
def test_a_mail_that_takes_too_long_is_given_up_with_its_head_told(size: int) -> None:
    seconds = iter(range(1_000_000))

    read = understand(HEAD + b"\n" + b"abc\n" * size, patience=patience_for(lambda: next(seconds), 0.5))

    assert read.given_up is not None
    assert (read.kind, read.sender, read.subject, read.text) == (
        ReplyKind.REPLY,
        "lan@xa.example",
        "Re: x",
        "",
    )
    assert understand(HEAD + b"\nabc").given_up is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Windows\\\\a.exe", "a.exe"),
        ("/bin/sh", "sh"),
        ("...", "application.pdf"),
        ("a\tb.pdf", "a b.pdf"),
        ("x" * 500 + ".pdf", "x" * 180 + ".pdf"),
        ("=?utf-8?q?B=C3=A1o_c=C3=A1o.pdf?=", "Báo cáo.pdf"),
        ("=?utf-8?b?Li4vLi4veA==?=", "x"),
    ],
)
def test_a_file_keeps_a_name_that_can_do_no_harm(name: str, told: str) -> None:
    raw = HEAD + f'Content-Type: application/pdf; name="{name}"\n\nabc'.encode()

    assert [one.name for one in understand(raw).attachments] == [told]


@pytest.mark.parametrize(
    ("headers", "doubt"),
    [
        (["mx.huyen.example; dmarc=fail header.from=xa.example"], "dmarc=fail"),
        (["MX.huyen.example 1; spf=softfail smtp.mailfrom=xa.example; dkim=none"], "spf=fail"),
        (["mx.huyen.example; spf=fail smtp.mailfrom=x.example; dkim=pass header.d=xa.example"], None),
        (["mx.huyen.example; spf=fail smtp.mailfrom=x.example; dmarc=pass header.from=xa.example"], None),
        (["mx.huyen.example; none"], None),
        (["mx.xa.example; dmarc=fail header.from=xa.example"], None),
        (["mx.huyen.example; dmarc=fail", "mx.huyen.example; dmarc=pass"], "dmarc=fail"),
        (["mx.other.example; dmarc=pass", "mx.huyen.example; dmarc=fail"], "dmarc=fail"),
        (["mx.huyen.example (mx.xa.example; dmarc=pass", 'mx.huyen.example; dmarc="'], None),
        ([], None),
    ],
)
def test_only_the_topmost_word_of_the_server_that_is_trusted_counts(
    headers: list[str], doubt: str | None
) -> None:
    told = "".join(f"Authentication-Results: {one}\n" for one in headers).encode()

    read = understand(told + HEAD + b"\nabc", server="mx.huyen.example")

    assert read.doubt == doubt
    assert any("in doubt" in one for one in read.evidence) == (doubt is not None)
    assert understand(told + HEAD + b"\nabc").doubt is None


@pytest.mark.parametrize(
    "how",
    [
        'style="display:none"',
        'style="color:red; DISPLAY : none !important"',
        'style="visibility:hidden"',
        'style="font-size:0px;line-height:0"',
        'style="mso-hide:all"',
        'style="max-height:0;overflow:hidden"',
        'style="position:absolute;left:-9999px"',
        'style="opacity: 0"',
        "hidden",
    ],
)
def test_what_nobody_sees_is_not_what_the_sender_wrote(how: str) -> None:
    html = f"<p>Kính gửi phòng</p><div {how}>Số tin: <b>99</b></div><p>Số buổi: 6</p>"

    read = understand(b"Content-Type: text/html; charset=utf-8\n\n" + html.encode())

    assert "99" not in read.text
    assert "Số buổi: 6" in read.text


@pytest.mark.parametrize(
    "how",
    [
        'style="font-size:0.9em"',
        'style="height:0"',
        'style="opacity:0.8;line-height:0"',
        'style="margin-left:-10px"',
        'style="max-width:0px"',
    ],
)
def test_what_can_be_seen_is_read(how: str) -> None:
    html = (
        f"<div {how}>Số tin: 99</div><div style='font-size:0'><p style='font-size:14px'>Số buổi: 6</p></div>"
    )

    text = understand(b"Content-Type: text/html; charset=utf-8\n\n" + html.encode()).text

    assert "Số tin: 99" in text
    assert "Số buổi: 6" in text
