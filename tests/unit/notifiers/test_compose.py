from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import date
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.address import read_address, read_return_path
from notifiers.compose import LETTER_HEADER, compose
from notifiers.conversation import OF_THEIR_OWN
from notifiers.errors import UnusableAddress
from notifiers.phrases import wrapped
from notifiers.ports import Earlier, LetterKind, Party, Step
from notifiers.rendering import subject
from schemas.forms import FieldProblem, Rule
from schemas.model import Form, Language
from tests.unit.notifiers.letters import BASE, FORM, KEY, SECRET, SENDER, VALUES, letter

KINDS = list(LetterKind)
LANGUAGES = list(Language)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(raw: bytes, form: str = "plain") -> str:
    body = parsed(raw).get_body((form,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def flowing(raw: bytes) -> str:
    """The plain text as it is read, wherever its lines end."""
    return " ".join(text_of(raw).split())


def problem(field_id: str, rule: Rule, given: str = "", limit: str | None = None) -> FieldProblem:
    label = next(field.label for field in FORM.fields if field.id == field_id)
    return FieldProblem(field_id=field_id, label=label, rule=rule, given=given, limit=limit)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_language_is_a_whole_mail(kind: LetterKind, language: Language) -> None:
    mail = compose(letter(kind, language, values=VALUES, thread=("<a@b.example>", "<c@d.example>")), SENDER)
    message = parsed(mail.raw)

    assert message.defects == []
    assert mail.raw.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", mail.raw) is None
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message[LETTER_HEADER] == kind
    assert message["Content-Language"] == language
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for form in ("plain", "html"):
        text = text_of(mail.raw, form)
        assert "{{" not in text
        assert "None" not in text
        assert "<built-in" not in text
        assert "99/KH-UBND" in text
        assert "UBND xã Mỹ Long Bắc" in text


def test_envelope_and_headers_say_the_same() -> None:
    copied = Party(name="Phòng VH-TT", mailbox="vhtt@caungang.example")
    mail = compose(letter(cc=(copied, copied)), SENDER)
    message = parsed(mail.raw)

    assert mail.envelope_to == ("vanthu@mylongbac.example", "vhtt@caungang.example")
    assert message["To"].addresses[0].addr_spec == "vanthu@mylongbac.example"
    assert message["To"].addresses[0].display_name == "UBND xã Mỹ Long Bắc"
    assert message["From"].addresses[0].addr_spec == SENDER.mailbox
    assert read_address(message["Reply-To"].addresses[0].addr_spec, BASE, SECRET) == KEY
    assert read_return_path(mail.envelope_from, BASE, SECRET) == KEY
    assert mail.message_id == message["Message-ID"] == "<k3x9m2p7.request.1@dondoc.example>"


def test_the_same_letter_gives_the_same_bytes_and_another_gives_others() -> None:
    assert compose(letter(), SENDER) == compose(letter(), SENDER)
    assert compose(letter(), SENDER).raw != compose(letter(due_on=date(2024, 12, 2)), SENDER).raw


def test_the_ids_of_a_long_thread_stay_plain() -> None:
    thread = tuple(f"<k3x9m2p7.reminder.{number:030}@dondoc.example>" for number in range(40))
    raw = compose(letter(LetterKind.REMINDER, thread=thread), SENDER).raw
    references = raw.partition(b"References: ")[2].partition(b"\r\nAuto-Submitted")[0].decode()

    assert "=?" not in references
    assert references.split()[0] == thread[0]
    assert references.split()[1:] == list(thread[-19:])
    assert f"In-Reply-To: {thread[-1]}\r\n".encode() in raw


def test_one_subject_runs_through_a_conversation_and_the_text_begins_with_its_kind() -> None:
    request = str(parsed(compose(letter(), SENDER).raw)["Subject"])
    reminder = compose(letter(LetterKind.REMINDER, step=2, conversation=request), SENDER)

    assert request.startswith("[Đôn đốc] Báo cáo năm 2024 – ")
    assert request.endswith(f"(99/KH-UBND) [#{KEY}]")
    assert parsed(reminder.raw)["Subject"] == f"Re: {request}"
    assert text_of(reminder.raw).startswith("Nhắc lần 2\n\nKính gửi: ")
    assert text_of(compose(letter(), SENDER).raw).startswith("Kính gửi: ")


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind not in OF_THEIR_OWN])
def test_whatever_is_written_to_the_agency_first_has_the_subject_of_the_request(kind: LetterKind) -> None:
    assert subject(letter(kind)) == subject(letter())


@pytest.mark.parametrize(
    ("language", "title", "expected"),
    [
        ("vi", "Báo cáo sơ kết", "Báo cáo sơ kết – năm 2024 (99/KH-UBND)"),
        ("vi", "báo cáo: tổng kết", "báo cáo: tổng kết – năm 2024 (99/KH-UBND)"),
        ("vi", "Báo cáo viên cấp xã", "Báo cáo năm 2024 – Báo cáo viên cấp xã (99/KH-UBND)"),
        ("vi", "Tổng hợp báo cáo", "Báo cáo năm 2024 – Tổng hợp báo cáo (99/KH-UBND)"),
        ("en", "Report on training", "Report on training – Năm 2024 (99/KH-UBND)"),
        ("en", "Reporters' training", "Report, Năm 2024 – Reporters' training (99/KH-UBND)"),
        ("en", "Báo cáo sơ kết", "Report, Năm 2024 – Báo cáo sơ kết (99/KH-UBND)"),
    ],
)
@pytest.mark.parametrize("kind", LetterKind)
def test_no_subject_says_report_twice(kind: LetterKind, language: str, title: str, expected: str) -> None:
    said = subject(letter(kind, task_title=title, language=Language(language)))
    assert said.endswith(f"{expected} [#{KEY}]")
    prefix = said.removesuffix(f"{expected} [#{KEY}]").lower()
    assert "báo cáo" not in prefix
    assert "report" not in prefix


def test_the_request_says_who_what_to_whom_and_until_when() -> None:
    text = flowing(compose(letter(), SENDER).raw)

    for said in (
        "Kính gửi: UBND xã Mỹ Long Bắc",
        "(Trân trọng đề nghị chuyển: Chủ tịch Nguyễn Văn A)",
        "Kế hoạch số 99/KH-UBND",
        "UBND huyện Cầu Ngang (gửi qua Phòng Văn hóa và Thông tin tổng hợp)",
        "số liệu từ ngày 01/12/2023 đến hết ngày 15/11/2024",
        "Hết ngày 29/11/2024 (thứ Sáu), tức là trước ngày 30/11/2024",
        "Tổ chức tuyên truyền trên hệ thống truyền thanh",
    ):
        assert said in text


@pytest.mark.parametrize("form", ["plain", "html"])
def test_the_fill_in_block_has_a_line_for_each_field_with_unit_and_hint(form: str) -> None:
    text = text_of(compose(letter(), SENDER).raw, form)
    block = text[text.index("PHẦN TRẢ LỜI (mã k3x9m2p7)") : text.index("HẾT PHẦN TRẢ LỜI")]

    for line in (
        "1. Số tin, bài đã đăng, phát (tin, bài): ",
        "(Tính cả cổng thông tin điện tử và hệ thống truyền thanh)",
        "4. Kinh phí thực hiện (triệu đồng): ",
        "5. Tự đánh giá mức độ hoàn thành (chọn một: Hoàn thành tốt / Hoàn thành / Chưa hoàn thành): ",
        "6. Ngày tổ chức sơ kết (ngày/tháng/năm; nếu có): ",
        "7. Đã phân công cán bộ phụ trách (có/không): ",
        "8. Kết quả nổi bật: ",
    ):
        assert line in block
    assert "“Trả lời” (Reply)" in text


def test_a_partly_accepted_answer_names_each_problem_and_asks_for_those_fields_only() -> None:
    problems = (
        problem("so-tin-bai", Rule.NOT_A_NUMBER, "nhiều lắm"),
        problem("kinh-phi", Rule.ABOVE, "90.000", "50000"),
        problem("danh-gia", Rule.NOT_A_CHOICE, "khá"),
    )
    raw = compose(letter(LetterKind.PARTLY, values={"so-buoi": 12}, problems=problems), SENDER).raw
    text = flowing(raw)

    assert "Số tin, bài đã đăng, phát: đã ghi “nhiều lắm”, chưa đọc được thành một số" in text
    assert "Kinh phí thực hiện: đã ghi “90.000”, lớn hơn mức cao nhất là 50.000." in text
    assert "Hoàn thành tốt / Hoàn thành / Chưa hoàn thành." in text
    assert "Số buổi, hội nghị tuyên truyền = 12 buổi" in text
    assert re.findall(r"^(\d)\. ", text_of(raw), re.MULTILINE) == ["1", "4", "5"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", list(Rule))
def test_every_broken_rule_has_words(rule: Rule, language: Language) -> None:
    found = (problem("so-tin-bai", rule, "abc", "5"),)
    text = text_of(compose(letter(LetterKind.PARTLY, language, problems=found), SENDER).raw)
    said = [line for line in text.splitlines() if line.startswith("  + ")]

    assert len(said) == 1
    assert len(said[0]) > 40


def test_an_accepted_report_is_told_back_as_it_was_understood() -> None:
    text = flowing(compose(letter(LetterKind.ACCEPTED, values=VALUES), SENDER).raw)

    assert "Số tin, bài đã đăng, phát = 1.250 tin, bài" in text
    assert "Kinh phí thực hiện = 45,5 triệu đồng" in text
    assert "Ngày tổ chức sơ kết = 15/11/2024" in text
    assert "Đã phân công cán bộ phụ trách = Có" in text
    assert "ví dụ: “Số tin, bài đã đăng, phát: 1.250”" in text
    assert "PHẦN TRẢ LỜI" not in text


def test_an_escalation_says_who_is_late_by_how_much_and_what_is_asked() -> None:
    superior = Party(name="UBND tỉnh Trà Vinh", mailbox="vanthu@travinh.example")
    escalated = letter(
        LetterKind.ESCALATION,
        to=superior,
        days_late=3,
        step=1,
        steps=2,
        history=(
            Earlier(step=Step.ASKED, on=date(2024, 11, 15)),
            Earlier(step=Step.ANSWERED, on=date(2024, 11, 18)),
            Earlier(step=Step.REMINDED, on=date(2024, 11, 22)),
        ),
    )
    text = flowing(compose(escalated, SENDER).raw)

    assert "Kính gửi: UBND tỉnh Trà Vinh" in text
    assert "quá hạn 3 ngày làm việc" in text
    assert "2 lần gửi thư" in text
    assert "lần 1/2" in text
    assert (
        "Kính đề nghị UBND tỉnh Trà Vinh quan tâm chỉ đạo UBND xã Mỹ Long Bắc hoàn thành và gửi báo cáo"
        in text
    )
    assert "PHẦN TRẢ LỜI" not in text


def test_an_agencys_own_head_is_not_told_as_a_superior_is() -> None:
    head = Party(name="UBND xã Mỹ Long Bắc", mailbox="chutich@mylongbac.example", attention="Chủ tịch")
    text = flowing(compose(letter(LetterKind.ESCALATION, to=head, days_late=1), SENDER).raw)

    assert "Đây là thông báo đến lãnh đạo cơ quan." in text
    assert "lãnh đạo UBND xã Mỹ Long Bắc quan tâm chỉ đạo bộ phận phụ trách" in text
    assert "cấp trên" not in text


@pytest.mark.parametrize(
    ("form", "said"), [(FORM, "các dòng khác được giữ nguyên"), (None, "ghi lại đầy đủ")]
)
def test_a_receipt_says_how_such_a_report_is_corrected(form: Form | None, said: str) -> None:
    values = VALUES if form else {"text": "Đã tổ chức 5 buổi."}
    assert said in flowing(compose(letter(LetterKind.ACCEPTED, form=form, values=values), SENDER).raw)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_prose_keeps_to_76_columns_and_lines_to_fill_in_stay_whole(
    kind: LetterKind, language: Language
) -> None:
    text = text_of(compose(letter(kind, language), SENDER).raw)
    before, _, rest = text.partition("=====")
    block, _, after = rest.rpartition("=====")
    prose = [line for line in (before + after).splitlines() if "@" not in line]

    assert max(map(len, prose)) <= 76
    if block:
        assert any(len(line) > 76 and line.startswith("5. ") for line in block.splitlines())


@given(st.text(alphabet="ab đ\n-@", max_size=400))
def test_wrapping_loses_no_word_and_parts_none(text: str) -> None:
    found = wrapped(text, "  - ", "    ")
    assert ["-", *text.split()] == found.split() or found.split() == text.split()
    assert all(len(line) <= 76 or len(line.split()) <= 2 for line in found.splitlines())


def test_a_letter_to_the_issuer_itself_is_signed_by_its_coordinator() -> None:
    to_issuer = letter(LetterKind.MISSING, to=letter().issuer)
    ending = text_of(compose(to_issuer, SENDER).raw).rpartition("Trân trọng./.")[2]

    assert ending.split("\n")[1].startswith("Trần Thị B")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_classified_letter_says_only_that_a_report_is_owed(kind: LetterKind, language: Language) -> None:
    secret = replace(
        letter(kind, language, values=VALUES, problems=(problem("so-tin-bai", Rule.MISSING),)),
        classified=True,
        task_title="Phương án đặc biệt",
        task_text="Nội dung đặc biệt",
        plan_title="Kế hoạch đặc biệt",
        replaced_by="Kế hoạch đặc biệt khác",
    )
    mail = compose(secret, SENDER)
    whole = str(parsed(mail.raw)["Subject"]) + text_of(mail.raw) + text_of(mail.raw, "html")

    assert "đặc biệt" not in whole
    for field in FORM.fields:
        assert field.label not in whole
    assert "1.250" not in whole
    assert "99/KH-UBND" in whole


def test_a_report_without_a_form_is_asked_for_as_text() -> None:
    text = flowing(compose(letter(form=None), SENDER).raw)

    assert "PHẦN TRẢ LỜI" not in text
    assert "ghi nội dung báo cáo vào thư hoặc đính kèm tệp văn bản" in text


hostile = st.text(
    alphabet=st.sampled_from(list("aZ9 ắữđ<>&\"'\\:;,@{}%#\r\n\t\x00\x0b\x85\u2028\u202e\ud800")), max_size=60
)


@given(name=hostile, title=hostile, given_text=hostile)
def test_no_text_can_add_a_header_or_markup(name: str, title: str, given_text: str) -> None:
    evil = "x\r\nBcc: all@a.example\r\n\r\n" + name
    mail = compose(
        letter(
            LetterKind.PARTLY,
            to=Party(name=evil, mailbox="vanthu@mylongbac.example"),
            task_title="<script>alert(1)</script>" + title,
            cycle_name="{{ 7*7 }}" + title,
            problems=(problem("so-tin-bai", Rule.NOT_A_NUMBER, evil + given_text),),
        ),
        replace(SENDER, name=evil),
    )
    message = email.message_from_bytes(mail.raw)

    assert message["Bcc"] is None
    assert [name.lower() for name in message.keys()] == [  # noqa: SIM118 - a message is no mapping
        "from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "x-dondoc-letter",
        "content-language", "mime-version", "content-type",
    ]  # fmt: skip
    assert mail.envelope_to == ("vanthu@mylongbac.example",)
    assert "<script" not in text_of(mail.raw, "html")
    assert "49" not in text_of(mail.raw).split("\n")[0]


@pytest.mark.parametrize(
    "mailbox",
    [
        None,
        "",
        "a",
        "a@",
        "@b",
        "a b@c.example",
        "a@c.example\r\nBcc: d@e.example",
        "a@c.example, d@e.example",
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused(mailbox: str | None) -> None:
    with pytest.raises(UnusableAddress):
        compose(letter(to=Party(name="A", mailbox=mailbox)), SENDER)
    with pytest.raises(UnusableAddress):
        compose(letter(cc=(Party(name="A", mailbox=mailbox),)), SENDER)


@pytest.mark.parametrize("message_id", ["", "a@b", "<a@b>\r\nBcc: x@y", "<a b@c>", "<" + "a" * 80 + "@b>"])
def test_a_message_id_that_software_would_break_is_refused(message_id: str) -> None:
    with pytest.raises(UnusableAddress):
        compose(letter(message_id=message_id), SENDER)
    with pytest.raises(UnusableAddress):
        compose(letter(thread=(message_id,)), SENDER)


def test_a_long_text_is_told_back_by_its_beginning() -> None:
    long = "Đã mở chuyên mục. " * 200
    text = text_of(compose(letter(LetterKind.ACCEPTED, values={"ket-qua": long}), SENDER).raw)

    assert "Kết quả nổi bật = Đã mở chuyên mục. Đã mở" in text
    assert text.count("Đã mở chuyên mục") < 40
    assert "…" in text
