from __future__ import annotations

import base64
import email
import html as markup
import textwrap
from collections.abc import Callable
from datetime import date
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers import wording
from notifiers.compose import compose
from notifiers.ports import LetterKind, Value
from notifiers.replies import Reading, read_values, understand
from notifiers.replies.folding import fold
from notifiers.replies.values.numbers import read_number
from schemas.forms import FieldProblem, Rule
from schemas.model import Field, FieldType, Form, Language
from tests.unit.notifiers.letters import FORM, SENDER, VALUES, letter


def read(text: str, form: Form | None = FORM, known: dict[str, Value] | None = None) -> Reading:
    message = EmailMessage()
    message["From"] = "vanthu@mylongbac.example"
    message["Subject"] = "Re: [Đôn đốc]"
    message.set_content(text)
    return read_values(understand(message.as_bytes()), form, known)


def one(field_type: FieldType, text: str, **more: object) -> Reading:
    form = Form(title="F", fields=[Field(id="f", label="Chỉ tiêu", type=field_type, **more)])  # type: ignore[arg-type]
    return read(f"Chỉ tiêu: {text}", form)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45", 45), ("45 tin", 45), ("45tin", 45), ("khoảng 45 tin, bài", 45), ("45.", 45), ("045", 45),
        ("-5", -5),
        ("1.250", 1250), ("1.250.000", 1250000), ("1 250 000", 1250000), ("1\u00a0250", 1250),
        ("1'250", 1250),
        ("1.5", 1.5), ("1.25", 1.25), ("0.125", 0.125), ("12.3456", 12.3456),
        ("1,5", 1.5), ("12,25", 12.25), ("1,250", 1.25), ("1,250,000", 1250000),
        ("1.250,5", 1250.5), ("1,250.5", 1250.5), ("1.250.000,75", 1250000.75), ("98,5%", 98.5),
        ("45 (trong đó 12 tin)", 45), ("2 nghìn lượt", 2000), ("1,2 triệu", 1200000), ("3 tỷ", 3e9),
        ("không", 0), ("Không có", 0), ("không có tin bài nào", 0), ("chưa tổ chức", 0),
        ("Chưa phát sinh.", 0), ("none", 0),
        ("nhiều lắm", None), ("45 tin và 12 bài", None), ("5/10", None), ("10-15", None), ("1.250.5", None),
        ("1,25.5,1", None),
        ("chưa có số liệu", None), ("chưa thống kê", None), ("không rõ", None), ("từ 10 đến 20", None),
        ("", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_vietnamese_offices_write_them(text: str, value: float | None) -> None:
    assert read_number(text, None, whole=False) == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("45,5 triệu đồng", "triệu đồng", 45.5), ("1,2 tỷ đồng", "triệu đồng", 1200), ("500 nghìn",
        "triệu đồng", 0.5),
        ("5 triệu", "đồng", 5_000_000), ("45,5", "triệu đồng", 45.5), ("2 tỷ", None, 2_000_000_000),
        ("45 trang", "trang", 45),
    ],
)  # fmt: skip
def test_words_of_size_count_against_the_unit_of_the_field(text: str, unit: str | None, value: float) -> None:
    assert read_number(text, unit, whole=False) == pytest.approx(value)


def test_a_comma_before_three_digits_groups_where_decimals_cannot_be() -> None:
    assert read_number("1,250", None, whole=True) == 1250
    assert read_number("1,250", None, whole=False) == 1.25
    assert one(FieldType.INTEGER, "1,5").problems[0].rule is Rule.NOT_WHOLE


@given(st.integers(0, 10**12))
def test_every_whole_number_as_we_print_it_is_read_back(number: int) -> None:
    for language in Language:
        printed = wording.number(number, language)
        assert read_number(printed, None, whole=True) == number


@given(st.integers(0, 10**9), st.integers(1, 99))
def test_every_vietnamese_decimal_as_we_print_it_is_read_back(whole: int, hundredths: int) -> None:
    number = whole + hundredths / 100

    assert read_number(wording.number(number, Language.VI), None, whole=False) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15/11/2024", date(2024, 11, 15)), ("ngày 15 tháng 11 năm 2024", date(2024, 11, 15)),
        ("15-11-2024", date(2024, 11, 15)),
        ("5.1.2024", date(2024, 1, 5)), ("2024-11-15", date(2024, 11, 15)),
        ("sáng 15/11/2024 tại hội trường", date(2024, 11, 15)),
        ("15/11", None), ("31/02/2024", None), ("tuần sau", None), ("11/15/2024", None),
    ],
)  # fmt: skip
def test_dates_are_read_day_first(text: str, value: date | None) -> None:
    reading = one(FieldType.DATE, text)

    assert reading.values.get("f") == value
    assert [problem.rule for problem in reading.problems] == ([] if value else [Rule.NOT_A_DATE])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("có", True),
        ("Rồi", True),
        ("Đã phân công", True),
        ("x", True),
        ("yes", True),
        ("không", False),
        ("Chưa", False),
        ("no", False),
        ("có lẽ sang năm", True),
        ("đang xem xét", None),
    ],
)
def test_yes_and_no_are_read_in_both_languages(text: str, value: object) -> None:
    assert one(FieldType.YES_NO, text).values.get("f") is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Hoàn thành tốt", "Hoàn thành tốt"),
        ("hoan thanh tot nhiem vu", "Hoàn thành tốt"),
        ("hoàn thành", "Hoàn thành"),
        ("chưa", "Chưa hoàn thành"),
        ("[x] Chưa hoàn thành", "Chưa hoàn thành"),
        ("hoàn", None),
        ("khá", None),
    ],
)
def test_a_choice_is_recognised_by_its_beginning(text: str, value: str | None) -> None:
    choices = ["Hoàn thành tốt", "Hoàn thành", "Chưa hoàn thành"]
    reading = one(FieldType.CHOICE, text, choices=choices)

    assert reading.values.get("f") == value
    assert [problem.rule for problem in reading.problems] == ([] if value else [Rule.NOT_A_CHOICE])


@pytest.mark.parametrize(
    "line",
    [
        "1. Số tin, bài đã đăng, phát (tin, bài): 45", "Số tin, bài đã đăng, phát: 45",
        "so tin bai da dang phat: 45",
        "So tin, bai: 45", "- Số tin, bài = 45", "a) Số tin, bài đã đăng, phát là 45",
        "*1. Số tin, bài đã đăng, phát:* 45 tin",
        "7/ SỐ TIN, BÀI ĐÃ ĐĂNG, PHÁT – 45", "Số tin, bài đã đăng, phát 45",
        "• Số tin, bài đã đang, phát: 45", "1. 45 tin",
        "Số tin bài đăng phát: 45", "1) Số tin, bài đã đăng, phát (tin, bài):\n45",
        "News items published: 45",
        "1. Số tin, bài đã đăng, phát\n(tin, bài): 45", "1. Số tin, bài đã\nđăng, phát (tin, bài): 45",
    ],
)  # fmt: skip
def test_a_field_is_found_however_its_label_was_retyped(line: str) -> None:
    assert read(f"Kính gửi huyện,\n\n{line}\n\nTrân trọng").values == {"so-tin-bai": 45}


@pytest.mark.parametrize(
    "line",
    [
        "Số tin, bài đã đăng, phát tăng mạnh so với năm 2023", "Số: 45/BC-UBND", "Điện thoại: 0294 3825 111",
        "Báo cáo số 45 ngày 15/11/2024", "45", "2024", "Số điện thoại: 45",
    ],
)  # fmt: skip
def test_what_is_no_field_is_left_alone(line: str) -> None:
    assert read(f"Kính gửi huyện,\n{line}\n").values == {}


def test_good_values_are_kept_and_each_bad_one_is_named_with_what_was_given() -> None:
    reading = read("Số tin, bài: nhiều\nSố buổi: 6\nKinh phí: 60.000 triệu đồng\nKết quả nổi bật: Tốt")

    assert reading.values == {"so-buoi": 6, "ket-qua": "Tốt"}
    assert {
        (one.field_id, one.rule, one.given) for one in reading.problems if one.rule is not Rule.MISSING
    } == {
        ("so-tin-bai", Rule.NOT_A_NUMBER, "nhiều"),
        ("kinh-phi", Rule.ABOVE, "60.000 triệu đồng"),
    }
    assert [one.field_id for one in reading.problems if one.rule is Rule.MISSING] == [
        "luot-nguoi",
        "danh-gia",
        "co-can-bo",
    ]
    assert reading.found == {"so-tin-bai", "so-buoi", "kinh-phi", "ket-qua"}


def test_what_is_known_already_is_not_missing() -> None:
    known: dict[str, Value] = {**VALUES, "no-field-any-more": 1}

    reading = read("Số buổi: 7", known=known)

    assert reading.values == {"so-buoi": 7}
    assert reading.problems == ()


def test_dots_and_dashes_of_a_form_are_no_answer() -> None:
    assert read("1. Số tin, bài: ......\n2. Số buổi: ____\n8. Kết quả nổi bật: …").found == frozenset()


def test_without_a_form_the_text_is_the_report() -> None:
    assert read("Xã đã triển khai.\n\nTrân trọng\nLan", form=None).values == {"text": "Xã đã triển khai."}
    assert read("\n", form=None).values == {}


def test_the_senders_own_line_outranks_what_is_written_in_the_quote() -> None:
    block = "> ===== PHẦN TRẢ LỜI =====\n> 1. Số tin, bài: 7\n> 2. Số buổi: 3\n> ===== HẾT PHẦN TRẢ LỜI ====="

    assert read(f"Số tin, bài: 45\n\n{block}\n").values == {"so-tin-bai": 45, "so-buoi": 3}


def test_figures_of_older_mails_never_count() -> None:
    older = "> Số tin, bài: 7\n>> ===== PHẦN TRẢ LỜI =====\n>> 2. Số buổi: 3\n>> ===== HẾT PHẦN TRẢ LỜI ====="

    assert read(f"Xin gửi lại.\n\n{older}\n").found == frozenset()


Client = Callable[[str, str, str, str], bytes]
"""Own text, answered text, answered HTML, introduction: the reply as a client sends it."""


def _mail(plain: str | None, marked: str | None) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = "vanthu@mylongbac.example"
    message["Subject"] = "Re: [Đôn đốc]"
    if plain is not None:
        message.set_content(plain, cte="base64")
    if marked is not None and plain is not None:
        message.add_alternative(marked, subtype="html", cte="base64")
    elif marked is not None:
        message.set_content(marked, subtype="html", cte="base64")
    return message.as_bytes()


def _lines(text: str) -> str:
    return "".join(f"<div>{markup.escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _quoted(text: str, width: int) -> str:
    wrapped = [part for line in text.split("\n") for part in (textwrap.wrap(line, width) or [""])]
    return "\n".join(f"> {line}".rstrip() for line in wrapped)


def gmail(own: str, text: str, marked: str, who: str) -> bytes:
    introduction = f"Vào Th 6, 1 thg 11, 2024 vào lúc 08:00 {who} <baocao@dondoc.example> đã viết:"
    return _mail(
        f"{own}\n\n{textwrap.fill(introduction, 70)}\n\n{_quoted(text, 74)}\n",
        f'<div dir="ltr">{_lines(own)}</div><br><div class="gmail_quote"><div class="gmail_attr">'
        f'{markup.escape(introduction)}<br></div><blockquote class="gmail_quote">{marked}</blockquote></div>',
    )


def gmail_html_alone(own: str, text: str, marked: str, who: str) -> bytes:
    whole = email.message_from_bytes(gmail(own, text, marked, who), policy=policy.default)
    assert isinstance(whole, EmailMessage)
    body = whole.get_body(("html",))
    assert body is not None
    return _mail(None, body.get_content())


def outlook(own: str, text: str, marked: str, who: str) -> bytes:
    paragraphs = "".join(
        f'<p class="MsoNormal">{markup.escape(line) or "&nbsp;"}</p>' for line in own.split("\n")
    )
    head = f"<b>Từ:</b> {who}<br><b>Đã gửi:</b> 01/11/2024 8:00<br><b>Đến:</b> xã<br><b>Chủ đề:</b> [Đôn đốc]"
    return _mail(
        None,
        f'<html><body>{paragraphs}<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>{head}</p></div>'
        f"{marked}</body></html>",
    )


def outlook_plain(own: str, text: str, marked: str, who: str) -> bytes:
    return _mail(
        f"{own}\n\n________________________________\nFrom: {who} <baocao@dondoc.example>\n"
        f"Sent: Friday, November 1, 2024 8:00 AM\nTo: xa@mylongbac.example\nSubject: [Đôn đốc]\n\n{text}\n",
        None,
    )


def zimbra(own: str, text: str, marked: str, who: str) -> bytes:
    return _mail(
        f'{own}\n\n----- Thư gốc -----\nTừ: "{who}" <baocao@dondoc.example>\nTới: xa@mylongbac.example\n'
        f"Đã gửi: Thứ Sáu, 1 Tháng 11, 2024 08:00:00\nChủ đề: [Đôn đốc]\n\n{text}\n",
        None,
    )


CLIENTS: list[Client] = [gmail, gmail_html_alone, outlook, outlook_plain, zimbra]

sentences = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy ắằếềốộứừẩẫ,", min_size=3, max_size=60).filter(
    lambda text: len(fold(text)) > 2
)
written = st.fixed_dictionaries(
    {
        "so-tin-bai": st.integers(0, 10**7),
        "so-buoi": st.integers(0, 10**4),
        "luot-nguoi": st.integers(0, 10**7),
        "kinh-phi": st.integers(0, 5_000_000).map(lambda hundredths: hundredths / 100),
        "danh-gia": st.sampled_from(["Hoàn thành tốt", "Hoàn thành", "Chưa hoàn thành"]),
        "ngay-so-ket": st.dates(date(2020, 1, 1), date(2030, 12, 31)),
        "co-can-bo": st.booleans(),
        "ket-qua": sentences.map(lambda text: " ".join(text.split()).strip(" ,")).filter(
            lambda text: len(fold(text)) > 2
        ),
    }
)


def _typed(values: dict[str, Value], label: Callable[[str], str]) -> str:
    lines = []
    for place, field in enumerate(FORM.fields, start=1):
        if field.id in values:
            value = wording.value(values[field.id], Language.VI)
            lines.append(f"{place}. {label(field.label)}: {value} {field.unit or ''}".rstrip())
    return "\n".join(reversed(lines))


def _bodies(
    kind: LetterKind, problems: tuple[FieldProblem, ...] = (), values: dict[str, Value] | None = None
) -> list[str]:
    mail = compose(letter(kind, values=values or {}, problems=problems), SENDER)
    parts = email.message_from_bytes(mail.raw).get_payload()
    assert isinstance(parts, list)
    return [base64.b64decode(str(part.get_payload())).decode().replace("\r\n", "\n") for part in parts]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
@settings(max_examples=25, deadline=None)
@given(values=written, label=st.sampled_from([str, fold]))
def test_answers_typed_above_our_request_come_back_as_values(
    client: Client, values: dict[str, Value], label: Callable[[str], str]
) -> None:
    text, marked = _bodies(LetterKind.REQUEST)
    own = "Kính gửi UBND huyện,\n" + _typed(values, label) + "\n\nTrân trọng./.\nNguyễn Thị Lan"

    reading = read_values(understand(client(own, text, marked, "Phòng VH-TT")), FORM)

    assert dict(reading.values) == values
    assert reading.problems == ()


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
@settings(max_examples=25, deadline=None)
@given(values=written)
def test_answers_filled_into_our_block_come_back_as_values(client: Client, values: dict[str, Value]) -> None:
    text, marked = _bodies(LetterKind.REQUEST)
    for place, field in enumerate(FORM.fields, start=1):
        if field.id in values:
            start = f"{place}. {field.label}"
            answer = wording.value(values[field.id], Language.VI)
            line = next(line for line in text.split("\n") if line.startswith(start))
            text = text.replace(line, f"{line}{answer}")
            marked = marked.replace(f"{line}&nbsp;", f"{line}{markup.escape(answer)}")

    reading = read_values(understand(client("Xã đã điền bên dưới.", text, marked, "Phòng VH-TT")), FORM)

    given_back = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in reading.values.items()
    }
    assert given_back == values
    assert reading.problems == ()


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
@pytest.mark.parametrize("kind", [LetterKind.ACCEPTED, LetterKind.PARTLY, LetterKind.TAKEN_OVER])
def test_thanks_above_a_table_of_what_was_recorded_are_no_new_answer(
    client: Client, kind: LetterKind
) -> None:
    problems = (FieldProblem(field_id="so-buoi", label="Số buổi", rule=Rule.NOT_A_NUMBER, given="6 hoặc 7"),)
    text, marked = _bodies(kind, problems, VALUES)

    mail = understand(client("Cảm ơn anh chị.", text, marked, "Phòng VH-TT"))

    assert mail.text == "Cảm ơn anh chị."
    assert read_values(mail, FORM, VALUES) == Reading(values={}, problems=(), found=frozenset())


def test_a_label_in_letters_that_are_not_compared_is_not_found_in_every_line() -> None:
    form = Form(title="F", fields=[Field(id="f", label="数量"), Field(id="g", label="Số tin")])

    assert read("Kính gửi phòng\nSố tin: 4", form).values == {"g": "4"}
