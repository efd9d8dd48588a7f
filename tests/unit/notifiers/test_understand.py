from __future__ import annotations

import email
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.replies import LinePart, ReplyKind, understand

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "Content-Type",
    "Auto-Submitted",
    "Received",
]
odd = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"=?utf-8?B?4bqv?=", b"=?x?q?=ff?=", b"=?utf-8?B?!!!?=", b"multipart/mixed; boundary=x",
            b"text/html; charset=nope",
            b'multipart/report; report-type="delivery-status"; boundary="x"', b"message/rfc822", b"<a@b",
            b'"', b"(((((",
            b"text/plain; charset=utf-7", b"text/plain; name*0*=utf-8''%ff; name*1=\x00", b"@,;<>",
            b"Thu, 99 Foo 0000 99:99",
            b"message/delivery-status", b"text/plain; charset*=", b"Fri, 01 Nov 2024 00:00:00 +9999",
        ]
    ),
)  # fmt: skip
bodies = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            [
                b"--x\r\n", b"--x--\r\n", b"Content-Type: text/html\r\n\r\n<blockquote><div id=zwchr>",
                b"> > >> 1. a: b\r\n",
                b"Content-Transfer-Encoding: base64\r\n\r\n", b"-----Original Message-----\r\n",
                b"From: a\r\nSent: b\r\nTo: c\r\n",
                b"\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"On 1/1/2024 a@b wrote:\r\n",
                b"\xff\xfe\x00", b"-- \r\n",
                b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n",
                b"Tr\xc3\xa2n tr\xe1\xbb\x8dng\r\n",
            ]
        ),
        max_size=12,
    ).map(b"".join),
)  # fmt: skip


@given(st.binary(max_size=500))
def test_no_octets_make_it_raise(raw: bytes) -> None:
    assert understand(raw).kind in ReplyKind


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(HEADERS), odd), max_size=8), bodies)
def test_no_mail_makes_it_raise(fields: list[tuple[str, bytes]], body: bytes) -> None:
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body

    mail = understand(raw)

    assert all(line.depth == 0 for line in mail.lines if line.part in (LinePart.OWN, LinePart.SIGNATURE))
    assert "\n\n\n" not in mail.text


def _nested(depth: int) -> bytes:
    head = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
        for level in range(depth)
    )
    return b"From: a@b.example\r\n" + head + b"Content-Type: text/plain\r\n\r\nsau\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        _nested(1500),
        _nested(50),
        b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" * 800,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 30_000 + b"x",
        b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 200 + b"x",
        b"Content-Type: text/plain\r\n\r\n" + b">" * 200_000,
        b"Content-Type: text/plain\r\n\r\n" + b"1. (" * 50_000,
        b"Content-Type: text/plain\r\n\r\n" + b"On 1/1/2024\n" * 20_000,
        b"Content-Type: text/plain\r\n\r\n" + b"From: a\n" * 20_000,
        b"Content-Type: text/plain\r\n\r\n" + b"-----\n" * 60_000,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\na\r\n" * 20_000,
        b"Subject: " + b"=?utf-8?Q?a?= " * 50_000,
        b"References: " + b"<a@b> " * 50_000,
    ],
    ids=[
        "empty", "nested 1500 deep", "nested 50 deep", "mails in mails", "deep markup", "deep quotes",
        "quote marks",
        "brackets", "half introductions", "half header blocks", "drawn lines", "many parts",
        "encoded words", "references",
    ],
)  # fmt: skip
def test_a_mail_made_to_exhaust_is_read_in_bounds(raw: bytes) -> None:
    mail = understand(raw)

    assert len(mail.lines) < 100_000
    assert len(mail.subject) <= 30_000


def _mail(text: str, **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def test_addresses_ids_and_date_are_read() -> None:
    mail = understand(
        _mail(
            "x",
            From='"Lan, Văn thư" <VanThu@Xa.example>',
            To="Huyện <BaoCao+k3-x@Huyen.example>, b@c.example",
            Cc="b@c.example",
            Delivered_To="d@e.example",
            Message_ID="<1@xa.example>",
            In_Reply_To="<0@huyen.example>",
            References="<r@huyen.example> <0@huyen.example>",
            Date="Fri, 15 Nov 2024 09:00:00 +0700",
            Subject="Re: báo cáo [#k3x9]",
        )
    )

    assert (mail.sender, mail.sender_name) == ("vanthu@xa.example", "Lan, Văn thư")
    assert mail.recipients == ("baocao+k3-x@huyen.example", "b@c.example", "d@e.example")
    assert (mail.message_id, mail.in_reply_to) == ("<1@xa.example>", "<0@huyen.example>")
    assert mail.references == ("<r@huyen.example>", "<0@huyen.example>")
    assert mail.sent_at is not None
    assert mail.sent_at.isoformat() == "2024-11-15T09:00:00+07:00"
    assert mail.tokens == ("k3x9",)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"=?UTF-8?B?QsOhbyBjw6Fv?=", "Báo cáo"),
        (b"=?utf-8?Q?B=C3=A1o_c=C3=A1o?= =?utf-8?Q?_n=C4=83m?=", "Báo cáo năm"),
        # a letter cut in two by the client
        (b"=?utf-8?Q?B=C3?=\r\n =?utf-8?Q?=A1o?=", "Báo"),
        (b"Re: =?utf-8?B?QsOhbw==?= x", "Re: Báo x"),
        (b"=?windows-1258?Q?B=E1o_c=E1o?=", "Báo cáo"),
        ("Báo cáo".encode(), "Báo cáo"),
        (b"B\xe1o", "Báo"),
        (b"=?utf-8?B?broken", "=?utf-8?B?broken"),
        (b"=?nope?B?QQ==?=", "A"),
    ],
)
def test_subjects_are_decoded_however_they_were_written(raw: bytes, shown: str) -> None:
    assert understand(b"Subject: " + raw + b"\r\n\r\nx").subject == shown


def test_a_persons_mail_is_never_taken_for_an_automatic_one_by_its_words_alone() -> None:
    for subject, text in (
        ("Re: Đề nghị báo cáo", "Tôi đi công tác về sẽ gửi báo cáo vào ngày 20/11."),
        ("Re: Báo cáo cán bộ vắng mặt", "Số cán bộ vắng mặt: 3"),
        ("Báo cáo không gửi được", "Xin gửi lại báo cáo do thư trước không gửi được."),
    ):
        assert understand(_mail(text, From="a@xa.example", Subject=subject)).kind.by_person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tôi vắng mặt từ 11/11/2024 đến hết ngày 18/11/2024", "2024-11-19"),
        ("đến ngày 18/11/2024", "2024-11-18"),
        ("sẽ trở lại cơ quan vào thứ Hai, ngày 18 tháng 11 năm 2024", "2024-11-18"),
        ("I will be back on 18 November 2024.", "2024-11-18"),
        ("I will return to the office on November 18, 2024", "2024-11-18"),
        ("out until 18 Nov", "2024-11-18"),
        ("vắng mặt đến hết ngày 02/01", "2025-01-03"),
        ("Tôi đang đi công tác.", None),
        ("đến ngày 45/18/2024", None),
    ],
)
def test_the_day_of_return_is_the_first_day_back(text: str, expected: str | None) -> None:
    raw = _mail(
        text, From="a@xa.example", Auto_Submitted="auto-replied", Date="Tue, 12 Nov 2024 09:00:00 +0700"
    )
    mail = understand(raw)

    assert mail.kind is ReplyKind.AUTO_REPLY
    assert (mail.return_on.isoformat() if mail.return_on else None) == expected


def test_the_sender_of_a_forged_loop_is_still_told() -> None:
    raw = _mail("x", From="a@xa.example", X_Dondoc_Letter="request")

    assert understand(raw).kind is ReplyKind.LOOP
    assert understand(raw).sender == "a@xa.example"


def test_the_whole_text_is_given_back_with_quote_marks() -> None:
    mail = understand(_mail("mới\n\n> cũ\n>> cũ hơn\n"))

    assert mail.body.split("\n")[:4] == ["mới", "", "> cũ", "> > cũ hơn"]
    assert email.message_from_bytes(_mail("x")).get_payload() == "x\n"


def test_a_mail_of_nothing_but_a_signature_is_read() -> None:
    contact = "\n\n" + "\n".join(f"ĐT: 0294 3 123 4{nth:02}" for nth in range(30))

    assert understand(_mail(contact, From="a@xa.example")).kind is ReplyKind.REPLY


@pytest.mark.parametrize(
    "text",
    [
        "Kính đề nghị cho xã gia hạn nộp báo cáo thêm 3 ngày.",
        "Xin gia hạn nộp báo cáo thêm 2 tháng.",
        "Xin lùi nộp báo cáo đến hết tuần sau.",
        "Xin lùi nộp báo cáo đến ngày mai.",
        "Em nghỉ ốm, thứ hai em đi làm lại.",
    ],
)
@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:00:00 +0700", "Mon, 01 Jan 0001 00:00:00 +0700"])
def test_days_are_counted_from_no_date_at_the_ends_of_time(date: str, text: str) -> None:
    mail = understand(f"From: a@b.example\r\nDate: {date}\r\n\r\n{text}\r\n".encode())

    assert mail.asked_until_on is None or 2000 < mail.asked_until_on.year < 3000
