"""winmail.dat: what Outlook wraps up is taken out, and counts that lie end the reading."""

from __future__ import annotations

import struct
from email.message import EmailMessage

import pytest

from notifiers.replies import ReplyKind, Understood, read_values, understand
from notifiers.replies.mime.rtf import text_of_compressed, text_of_rich
from notifiers.replies.mime.tnef import unpack
from tests.unit.notifiers.letters import FORM

SIGNATURE = struct.pack("<IH", 0x223E9F78, 1)


def _object(level: int, name: int, content: bytes) -> bytes:
    return (
        struct.pack("<BHHI", level, name, 6, len(content))
        + content
        + struct.pack("<H", sum(content) & 0xFFFF)
    )


def _properties(*told: tuple[int, int, bytes]) -> bytes:
    packed = struct.pack("<I", len(told))
    for kind, name, value in told:
        packed += struct.pack("<HH", kind, name)
        if kind in (0x1E, 0x1F, 0x102):
            packed += struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
        else:
            packed += value
    return packed


def _file(name: str, content: bytes) -> bytes:
    long_name = (0x1F, 0x3707, f"{name}\0".encode("utf-16-le"))
    return (
        _object(2, 0x9002, bytes(14))
        + _object(2, 0x8010, b"BIEUMA~1.DOC\0")
        + _object(2, 0x800F, content)
        + _object(2, 0x9005, _properties((3, 0x0E21, bytes(4)), long_name))
    )


def _mail(winmail: bytes, text: str = "") -> Understood:
    message = EmailMessage()
    message["From"] = "lan@xa.example"
    message["Subject"] = "Re: Báo cáo"
    message.set_content(text)
    message.add_attachment(winmail, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return understand(message.as_bytes())


TEXT = "Kính gửi phòng,\r\nSố tin, bài đã đăng, phát: 45\r\n"


def test_the_text_and_the_files_of_a_winmail_are_those_of_the_mail() -> None:
    winmail = SIGNATURE + _object(1, 0x9003, _properties((0x1F, 0x1000, TEXT.encode("utf-16-le"))))
    mail = _mail(winmail + _file("Báo cáo quý I.docx", b"PK" * 50) + _file("../../etc/x.pdf", b"%PDF"))

    assert mail.kind is ReplyKind.REPLY
    assert mail.text.startswith("Kính gửi phòng,")
    assert read_values(mail, FORM).values == {"so-tin-bai": 45}
    assert [(one.name, one.size) for one in mail.attachments] == [("Báo cáo quý I.docx", 100), ("x.pdf", 4)]


def test_the_text_of_the_mail_goes_before_that_of_the_winmail() -> None:
    winmail = SIGNATURE + _object(1, 0x800C, b"Bao cao khac\0") + _file("a.docx", b"x")

    assert _mail(winmail, "Xã gửi báo cáo.").text == "Xã gửi báo cáo."


def test_a_winmail_with_nothing_but_rich_text_is_read_too() -> None:
    rich = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}S\u7889? tin, b\'e0i \u273?\'e3 \u273?\u259?ng, "
        rb"ph\'e1t: 45\par T\'f4t}"
    )
    stored = struct.pack("<IIII", len(rich) + 12, len(rich), 0x414C454D, 0) + rich

    assert text_of_rich(rich) == "Số tin, bài đã đăng, phát: 45\nTôt"
    mail = _mail(SIGNATURE + _object(1, 0x9003, _properties((0x102, 0x1009, stored))))
    assert read_values(mail, FORM).values == {"so-tin-bai": 45}


def test_compressed_rich_text_repeats_what_went_before() -> None:
    # the example of [MS-OXRTFCP] 3.1: "{\rtf1\ansi\ansicpg1252\pard hello world}"
    octets = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )

    assert text_of_compressed(octets) == "hello world"


def test_of_html_in_rich_text_only_the_text_is_read() -> None:
    rich = (
        rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Xin ch\'e0o"
        rb"{\*\htmltag72 </p>}\{1\}}"
    )

    assert text_of_rich(rich) == "Xin chào{1}"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        SIGNATURE,
        SIGNATURE + b"\x01" * 200_000,
        SIGNATURE + _object(1, 0x9003, b"\xff\xff\xff\xff"),
        SIGNATURE + _object(1, 0x9003, b"\xff\xff\xff\xff" + b"\x02\x10\x00\x10\xff\xff\xff\x7f" * 1000),
        SIGNATURE + _object(1, 0x9003, b"\x01\0\0\0\x1f\0\0\x10\xff\xff\xff\xff" + bytes(4000)),
        SIGNATURE + _object(1, 0x9003, b"\x01\0\0\0\x1f\0\0\x80" + bytes(16) + b"\1\0\0\0\xff\xff\xff\xff"),
        SIGNATURE + _object(1, 0x9004, b"\xff\xff\xff\xff"),
        SIGNATURE + _object(2, 0x800F, b"x"),
        SIGNATURE + _object(1, 0x9007, b"\xff\xff\xff\xff") + _object(1, 0x800C, b"a"),
        SIGNATURE + b"".join(_object(2, 0x9002, b"") for _ in range(9000)),
        SIGNATURE + _object(1, 0x9003, _properties((0x102, 0x1009, b"\xff" * 40))),
    ],
)
def test_counts_that_lie_end_the_reading(octets: bytes) -> None:
    held = unpack(octets)

    assert held is None or len(held.files) <= 50
    assert _mail(octets, "Xã gửi báo cáo.").text == "Xã gửi báo cáo."


def test_a_winmail_that_cannot_be_unpacked_is_told_of_and_kept() -> None:
    mail = _mail(b"no winmail", "Xã gửi báo cáo.")

    assert any("winmail.dat could not be unpacked" in one for one in mail.evidence)
