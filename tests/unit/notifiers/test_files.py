"""Whatever came with a mail can be looked at, also what is no part of an answer."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.replies import files, understand


def mail(*, subject: str = "Bao cao") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "vanthu@xadong.example", subject
    message.set_content("Xã gửi báo cáo kèm theo.\n")
    return message


def test_every_file_is_there_logos_signatures_and_mails_too() -> None:
    message = mail()
    message.add_attachment(b"PK", maintype="application", subtype="msword", filename="Báo cáo.docx")
    message.add_attachment(b"GIF8", maintype="image", subtype="gif", filename="image001.gif")
    message.add_attachment(b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    message.add_attachment(mail(subject="Đề nghị báo cáo"))
    raw = message.as_bytes()
    assert [one.name for one in understand(raw).attachments] == ["Báo cáo.docx", "Đề nghị báo cáo.eml"]
    found = {one.name: one.content for one in files(raw)}
    assert list(found) == ["Báo cáo.docx", "image001.gif", "smime.p7s", "Đề nghị báo cáo.eml"]
    assert found["image001.gif"] == b"GIF8"
    assert (
        "Xã gửi báo cáo".encode() in found["Đề nghị báo cáo.eml"] or b"base64" in found["Đề nghị báo cáo.eml"]
    )


def test_each_of_several_mails_is_itself() -> None:
    message = mail()
    for subject in ("một", "hai"):
        message.add_attachment(mail(subject=subject))
    found = files(message.as_bytes())
    assert [one.name for one in found] == ["một.eml", "hai.eml"]
    assert [understand(one.content).subject for one in found] == ["một", "hai"]
    assert [one.size for one in found] == [len(one.content) for one in found]


def test_a_question_keeps_its_files_too() -> None:
    message = mail()
    message.set_content("Cho hỏi số liệu lấy đến ngày nào ạ?\n")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="CV 12.pdf")
    assert [one.name for one in files(message.as_bytes())] == ["CV 12.pdf"]


def test_a_mail_without_files_has_none() -> None:
    assert files(mail().as_bytes()) == ()


@given(st.binary(max_size=400))
def test_no_mail_makes_it_fail(raw: bytes) -> None:
    files(
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n" + raw
    )


@pytest.mark.parametrize("subtype", ["rfc822", "global"])
def test_a_mail_that_is_wrapped_in_base64_is_unwrapped(subtype: str) -> None:
    raw = (
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        f"Content-Type: message/{subtype}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "U3ViamVjdDogYQ0KDQpi\r\n--x--\r\n"
    )
    (found,) = files(raw.encode())
    assert understand(found.content).subject == "a"
