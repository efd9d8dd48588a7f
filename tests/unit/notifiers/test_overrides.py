from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.address import read_address, signed_address
from notifiers.compose import compose
from notifiers.fields import NAMES, digest_fields, fields_of
from notifiers.forwarding import Forward, forwarded
from notifiers.notice import Notice, compose_notice
from notifiers.overrides import NONE, Overrides, read_overrides
from notifiers.ports import LetterKind, Owed, Parcel, Party, Section
from schemas.model import Language
from tests.unit.notifiers.letters import BASE, KEY, SECRET, SENDER, VALUES, letter

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
        ("[opening]\nxin chào\n\n{{ ten }}\n", (4, "unknown-field")),
        ("[opening]\n{{ to }}\n{% if via == 'x' %}{{ days_late }}{% endif %}\n", (3, "unknown-field")),
        ("[opening]\n\n{% if to %}\na\n", (3, "syntax")),
        ("[opening]\n{{ to.__class__.__mro__ }}\n", (2, "fails")),
        ("[opening]\n{{ 1 // 0 }}\n", (2, "fails")),
        ("[opening]\n{% include 'x' %}\n", (2, "fails")),
        ("[opening]\n{{ range(10) }}\n", (2, "unknown-field")),
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
    found = folder(tmp_path, "[opening]\n{{ 10 // (step - 2) }}\n", "vi/reminder.txt")
    assert found.faults == ()
    first, second = (letter(LetterKind.REMINDER, step=step) for step in (1, 2))
    assert compose(second, SENDER, found) == compose(second, SENDER)
    assert "\n-10\n" in parsed(compose(first, SENDER, found).raw)[1]


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


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", NAMES)
def test_every_mail_can_speak_of_every_field_that_it_is_said_to_have(
    tmp_path: Path, name: str, language: Language
) -> None:
    text = "".join(f"{field}: {{{{ {field} }}}}\n\n" for field in fields_of(name))
    assert folder(tmp_path, f"[opening]\n{text}", f"{language}/{name}.txt").faults == ()
    assert told(folder(tmp_path, "[opening]\nx\n{{ ten }}\n", f"{language}/{name}.txt")) == [
        (3, "unknown-field")
    ]


def test_a_coordinators_own_words_put_what_an_agency_asks_before_him(tmp_path: Path) -> None:
    words = (
        "[subject]\n{{ agency }} xin thêm thời gian\n"
        "[opening]\n{{ asked_by }} viết: {{ asked_text }} (đến {{ asked_until }}, thư {{ mail_number }})\n"
        "[closing]\n{% if asked == 'extension-request' %}Xin quyết định trong ngày.{% endif %}\n"
    )
    found = folder(tmp_path, words, "vi/petition.txt")
    assert found.faults == ()
    message, text = parsed(compose(letter(LetterKind.PETITION), SENDER, found).raw)
    assert message["Subject"] == f"[Đôn đốc] UBND xã Mỹ Long Bắc xin thêm thời gian [#{KEY}]"
    read = " ".join(text.split())
    assert "vanthu@mylongbac.example viết: Xã xin gia hạn nộp báo cáo đến ngày 05/12/2024" in read
    assert "(đến 05/12/2024, thư 12)" in read
    assert "ghi “Đồng ý”" in read  # how to decide is not the file's business
    assert "Xin quyết định trong ngày." in read


def test_own_words_stand_also_where_several_reports_are_asked_about(tmp_path: Path) -> None:
    found = folder(tmp_path, "[subject]\n{{ agency }} hỏi về {{ reports }} báo cáo\n", "vi/petition.txt")
    reports = tuple(Owed(title=one, due_on=date(2024, 11, 29)) for one in ("a", "b"))
    asked = replace(letter().asked or pytest.fail("nothing is asked"), reports=reports)
    message, _ = parsed(compose(letter(LetterKind.PETITION, asked=asked), SENDER, found).raw)
    assert message["Subject"] == f"[Đôn đốc] UBND xã Mỹ Long Bắc hỏi về 2 báo cáo [#{KEY}]"


def test_what_is_said_of_several_reports_is_true_of_each(tmp_path: Path) -> None:
    words = "[opening]\n{{ plan_number }}|{{ cycle }}|{{ due }}|{{ issuer }}\n"
    found = folder(tmp_path, words, "vi/requests.txt")
    letters = (letter(), letter(plan_number="12/KH-UBND", cycle_name="Quý IV/2024"))
    reply_to = signed_address(BASE, "b0123456789ab", SECRET)
    sections = tuple(Section(letter=one) for one in letters)
    parcel = Parcel(kind=LetterKind.REQUEST, sections=sections, message_id="<a@b.example>", reply_to=reply_to)
    text = parsed(compose(parcel, SENDER, found).raw)[1]
    assert "99/KH-UBND; 12/KH-UBND||29/11/2024|UBND huyện Cầu Ngang" in text


def test_one_file_has_the_words_for_how_several_reports_stand(tmp_path: Path) -> None:
    found = folder(tmp_path, "[opening]\nĐã nhận thư về {{ count }} báo cáo.\n", "vi/answers.txt")
    sections = (
        Section(letter=letter(LetterKind.ACCEPTED, values=VALUES)),
        Section(letter=letter(LetterKind.REFUSED)),
    )
    reply_to = signed_address(BASE, "b0123456789ab", SECRET)
    parcel = Parcel(kind=LetterKind.REFUSED, sections=sections, message_id="<a@b.example>", reply_to=reply_to)
    text = parsed(compose(parcel, SENDER, found).raw)[1]
    assert "Đã nhận thư về 2 báo cáo." in text
    assert "Số tin, bài đã đăng, phát = 1.250" in text


def test_the_daily_mail_can_be_in_ones_own_words_and_keeps_its_lists(tmp_path: Path) -> None:
    words = "[subject]\n{{ total }} việc\n[opening]\nChào {{ attention }},\n[closing]\nGọi phòng Tổng hợp.\n"
    to = Party(name="UBND huyện", mailbox="huyen@huyen.example", attention="Trần Thị B")
    today = date(2027, 3, 1)
    notice = Notice(
        kind="digest",
        language=Language.VI,
        to=to,
        said={"items": [], "troubled": [], "unreached": [], "strays": [7, 9], "today": today},
        fields=digest_fields(to, Language.VI, today=today, waiting=0, troubled=0, unreached=0, strays=2),
        sent_at=datetime(2027, 3, 1, 8, tzinfo=UTC),
        message_id="<d@dondoc.example>",
    )
    found = folder(tmp_path, words, "vi/digest.txt")
    message, text = parsed(compose_notice(notice, SENDER, found).raw)
    assert message["Subject"] == "[Đôn đốc] 2 việc"
    assert "Chào Trần Thị B,\n" in text
    assert "Gọi phòng Tổng hợp." in text
    assert "7, 9" in text
    plain = parsed(compose_notice(notice, SENDER).raw)[1]
    assert "dondoc inbox show" in plain
    assert "dondoc inbox show" not in text


def test_what_stands_above_a_mail_that_is_sent_on_can_be_in_ones_own_words(tmp_path: Path) -> None:
    words = "[opening]\n{{ person }} {{ back_on }}{% if not away %}{{ address }} hỏng.{% endif %}\n"
    found = folder(tmp_path, words, "vi/forwarded.txt")
    assert found.faults == ()
    written = compose(letter(), SENDER)
    onward = Forward(
        to=Party(name="UBND xã Mỹ Long Bắc", mailbox="pct@mylongbac.example", attention="Phó Chủ tịch"),
        language=Language.VI,
        addresses=("vanthu@mylongbac.example",),
        agency="UBND xã Mỹ Long Bắc",
        settled=("Sơ kết",),
        message_id="<f@dondoc.example>",
        sent_at=datetime(2024, 11, 1, tzinfo=UTC),
    )
    raw = forwarded(written.raw, onward, envelope_from=written.envelope_from, overrides=found).raw
    text = parsed(raw)[1]
    assert text.startswith("Kính gửi: UBND xã Mỹ Long Bắc\n(Trân trọng đề nghị chuyển: Phó Chủ tịch)")
    assert "vanthu@mylongbac.example hỏng." in text
    assert "hoặc đề nghị đã rút): “Sơ kết”" in text
    away = replace(onward, away=True, person="Lê Thị B", back_on=date(2024, 12, 2))
    raw = forwarded(written.raw, away, envelope_from=written.envelope_from, overrides=found).raw
    assert "Lê Thị B 02/12/2024" in parsed(raw)[1]


def test_above_a_mail_that_is_sent_on_there_is_nothing_but_an_opening(tmp_path: Path) -> None:
    found = folder(tmp_path, "[opening]\nx\n[closing]\ny\n", "vi/forwarded.txt")
    assert told(found) == [(3, "unknown-section")]
