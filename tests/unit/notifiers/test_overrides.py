from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.address import read_address, signed_address
from notifiers.compose import compose
from notifiers.overrides import NONE, Overrides, read_overrides, variables
from notifiers.ports import LetterKind, Parcel, Section
from schemas.model import Language
from tests.unit.notifiers.letters import BASE, KEY, SECRET, SENDER, letter

GOOD = """\
# Lời thư của Phòng Văn hóa
[subject]
{{ issuer }} đề nghị báo cáo {{ cycle | inline }}
[opening]
Kính mong {{ to }} gửi báo cáo “{{ task }}”
trước hết ngày {{ due }}.

Xin cảm ơn.
[closing]
Mọi vướng mắc xin liên hệ {{ coordinator }}.
"""


def folder(path: Path, text: str, name: str = "vi/request.txt") -> Overrides:
    file = path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return read_overrides(path)


def told(found: Overrides) -> list[tuple[int, str]]:
    return [(fault.line, fault.rule) for fault in found.faults]


def parsed(raw: bytes) -> tuple[EmailMessage, str]:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return message, str(body.get_content()).replace("\r\n", "\n")


def test_the_words_of_a_file_stand_where_the_built_in_ones_stood(tmp_path: Path) -> None:
    found = folder(tmp_path, GOOD)
    assert found.faults == ()
    message, text = parsed(compose(letter(), SENDER, found).raw)
    assert message["Subject"] == f"[Đôn đốc] UBND huyện Cầu Ngang đề nghị báo cáo năm 2024 [#{KEY}]"
    assert "hình ảnh vùng đất, con người Cầu Ngang” trước hết ngày 29/11/2024." in " ".join(text.split())
    assert "\n\nXin cảm ơn.\n" in text
    assert "Mọi vướng mắc xin liên hệ Trần Thị B" in text
    assert "Căn cứ Kế hoạch" not in text


def test_a_file_cannot_take_out_what_a_mail_must_not_lose(tmp_path: Path) -> None:
    found = folder(tmp_path, "[subject]\nx\n[opening]\nx\n[closing]\nx\n")
    message, text = parsed(compose(letter(), SENDER, found).raw)
    assert read_address(message["Reply-To"].addresses[0].addr_spec, BASE, SECRET) == KEY
    assert f"[#{KEY}]" in message["Subject"]
    assert f"===== PHẦN TRẢ LỜI (mã {KEY}) =====" in text
    assert "1. Số tin, bài đã đăng, phát (tin, bài): " in text
    assert "Hết ngày 29/11/2024" in text


def test_a_classified_mail_uses_no_file(tmp_path: Path) -> None:
    found = folder(tmp_path, "[subject]\n{{ task }}\n[opening]\n{{ plan_title }}\n[closing]\n{{ task }}\n")
    secret = replace(letter(), classified=True)
    assert compose(secret, SENDER, found) == compose(secret, SENDER)


def test_a_file_speaks_for_its_own_kind_and_language_only(tmp_path: Path) -> None:
    found = folder(tmp_path, GOOD)
    for other in (letter(LetterKind.REMINDER), letter(language=Language.EN)):
        assert compose(other, SENDER, found) == compose(other, SENDER)


def test_a_mail_about_several_reports_has_a_file_of_its_own(tmp_path: Path) -> None:
    found = folder(
        tmp_path, "[subject]\n{{ count }} báo cáo\n[opening]\nXin {{ count }} báo cáo.\n", "vi/requests.txt"
    )
    sections = (Section(letter=letter()), Section(letter=letter()))
    reply_to = signed_address(BASE, "b0123456789ab", SECRET)
    parcel = Parcel(kind=LetterKind.REQUEST, sections=sections, message_id="<a@b.example>", reply_to=reply_to)
    message, text = parsed(compose(parcel, SENDER, found).raw)
    assert message["Subject"] == "[Đôn đốc] 2 báo cáo [#b0123456789ab]"
    assert "Xin 2 báo cáo." in text
    assert compose(letter(), SENDER, found) == compose(letter(), SENDER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[opening]\nxin chào {{ to }\n", (2, "syntax")),
        ("[opening]\nxin chào\n\n{{ ten }}\n", (4, "fails")),
        ("[opening]\n\n{% if to %}\na\n", (3, "syntax")),
        ("[opening]\n{{ to.__class__.__mro__ }}\n", (2, "fails")),
        ("[opening]\n{{ 1 // 0 }}\n", (2, "fails")),
        ("[opening]\n{% include 'x' %}\n", (2, "fails")),
        ("[opening]\n{{ range(10) }}\n", (2, "fails")),
        ("[opening]\n{{ to * 1000000000 }}\n", (2, "fails")),
        ("[opening]\n{{ 9 ** 9 ** 9 }}\n", (2, "fails")),
        ("[opening]\n{{ '%999999999s' % to }}\n", (2, "fails")),
        ("[opening]\n{{ '{:>999999999}'.format(to) }}\n", (2, "fails")),
        ("[opening]\n{{ to.ljust(999999999) }}\n", (2, "fails")),
        ("[mở đầu]\nxin chào\n", (1, "unknown-section")),
        ("[closing]\na\n[closing]\nb\n", (3, "twice")),
        ("xin chào\n[opening]\na\n", (1, "outside")),
        ("[opening]\n   \n[closing]\na\n", (1, "empty")),
    ],
)
def test_each_mistake_is_told_with_its_line_and_the_built_in_words_are_used(
    tmp_path: Path, text: str, expected: tuple[int, str]
) -> None:
    found = folder(tmp_path, text)
    assert told(found) == [expected]
    assert "Căn cứ Kế hoạch" in parsed(compose(letter(), SENDER, found).raw)[1] or expected[1] == "outside"


@pytest.mark.parametrize(
    "name", ["request.txt", "vi/don-doc.txt", "fr/request.txt", "vi/request.j2", "vi/a/request.txt"]
)
def test_a_file_that_no_mail_would_use_is_told(tmp_path: Path, name: str) -> None:
    assert told(folder(tmp_path, GOOD, name)) == [(1, "unknown-file")]


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi/request.txt").write_bytes("[opening]\nđề nghị".encode("utf-16"))
    assert told(read_overrides(tmp_path)) == [(1, "unreadable")]


def test_what_fails_for_one_letter_only_leaves_that_letter_as_it_is_built_in(tmp_path: Path) -> None:
    found = folder(tmp_path, "[opening]\n{{ 10 // (step - 2) }}\n")
    assert found.faults == ()
    assert compose(letter(step=2), SENDER, found) == compose(letter(step=2), SENDER)
    assert "\n-10\n" in parsed(compose(letter(step=1), SENDER, found).raw)[1]


def test_markup_in_a_file_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    found = folder(tmp_path, "[opening]\n<b>{{ task }}</b>\n[subject]\nx\n Bcc: a@b.example\n")
    raw = compose(letter(), SENDER, found).raw
    message, _ = parsed(raw)
    html = message.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Tuyên truyền" in str(html.get_content())
    assert message["Bcc"] is None


@given(text=st.text(max_size=200))
def test_no_file_makes_a_mail_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    found = folder(tmp_path_factory.mktemp("t"), f"[opening]\n{text}".encode("utf-8", "replace").decode())
    assert compose(letter(), SENDER, found).raw


def test_no_folder_means_no_words() -> None:
    assert NONE.words(letter(), "request", "opening") is None
    assert set(variables(letter())) >= {"task", "due", "agency", "issuer", "cycle", "step", "days_late"}
