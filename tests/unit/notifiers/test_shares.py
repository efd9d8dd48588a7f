"""An answer to several requests in one mail: what belongs to which of them, and what to none for certain."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from notifiers.address import signed_address
from notifiers.ports import LetterKind, Parcel, Section
from notifiers.rendering import rendered
from notifiers.replies import Reading, Shares, Wanted, read_values, shares, understand
from schemas.model import Field, FieldType, Form
from tests.unit.notifiers.letters import BASE, SECRET, letter

MEDIA = Form(
    title="Thông tin",
    fields=[
        Field(id="tin", label="Số tin, bài", type=FieldType.INTEGER, min=0),
        Field(id="noi-bat", label="Kết quả nổi bật"),
    ],
)
GUESTS = Form(
    title="Đoàn",
    fields=[
        Field(id="doan", label="Số đoàn khách quốc tế", type=FieldType.INTEGER, min=0),
        Field(id="noi-bat", label="Kết quả nổi bật"),
    ],
)
WANTED = (
    Wanted(token="r12", title="Tuyên truyền, quảng bá hình ảnh địa phương", form=MEDIA),
    Wanted(token="r13", title="Đón tiếp đoàn khách quốc tế", form=GUESTS),
    Wanted(token="r14", title="Sơ kết công tác thông tin đối ngoại", form=None),
)


def asked() -> str:
    """The mail that is answered."""
    sections = tuple(
        Section(
            letter=letter(
                reply_to=signed_address(BASE, one.token, SECRET), task_title=one.title, form=one.form
            )
        )
        for one in WANTED
    )
    reply_to = signed_address(BASE, "b0123456789ab", SECRET)
    return rendered(
        Parcel(kind=LetterKind.REQUEST, sections=sections, message_id="<a@b.example>", reply_to=reply_to)
    ).text


def quoted(text: str) -> str:
    return "Vào 08:00 15/11/2024, Đôn đốc đã viết:\n" + "".join(f"> {line}\n" for line in text.splitlines())


def read(text: str) -> tuple[Shares, dict[str, Reading]]:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "xa@xa.example", "Re: [Đôn đốc] 3 báo cáo"
    message.set_content(text)
    found = shares(understand(message.as_bytes()), WANTED)
    return found, {
        one.token: read_values(found.by_token[one.token], one.form)
        for one in WANTED
        if one.token in found.by_token
    }


def values(text: str) -> dict[str, dict[str, object]]:
    return {token: dict(reading.values) for token, reading in read(text)[1].items()}


def test_what_is_filled_in_inside_the_quote_belongs_to_its_block() -> None:
    text = asked()
    for line, answer in (
        ("1. Số tin, bài: ", "45"),
        ("1. Số đoàn khách quốc tế: ", "3"),
        ("1. Nội dung báo cáo: ", "Đã sơ kết ngày 10/11."),
    ):
        text = text.replace(line, line + answer, 1)
    first, _, rest = text.partition("mã r13")
    text = first.replace("2. Kết quả nổi bật: ", "2. Kết quả nổi bật: Mở chuyên mục") + "mã r13" + rest
    assert values("Kính gửi UBND huyện, xã báo cáo như dưới đây.\n\n" + quoted(text)) == {
        "r12": {"tin": 45, "noi-bat": "Mở chuyên mục"},
        "r13": {"doan": 3},
        "r14": {"text": "Đã sơ kết ngày 10/11."},
    }


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("Báo cáo 1:", "Báo cáo 2:", "Báo cáo 3:"),
        ("BÁO CÁO 1/3: Tuyên truyền", "BÁO CÁO 2/3", "BÁO CÁO 3/3: Sơ kết công tác thông tin đối ngoại"),
        ("bao cao so 1", "bao cao so 2", "bao cao so 3"),
        ("Report 1.", "Report 2.", "Report 3."),
        ("PHẦN TRẢ LỜI (mã r12)", "PHẦN TRẢ LỜI (mã r13)", "PHẦN TRẢ LỜI (mã r14)"),
        (
            "Nhiệm vụ: Tuyên truyền, quảng bá hình ảnh địa phương",
            "- Đón tiếp đoàn khách quốc tế",
            "Sơ kết công tác thông tin đối ngoại",
        ),
    ],
)
def test_what_stands_below_a_heading_belongs_to_that_report(first: str, second: str, third: str) -> None:
    text = (
        f"Kính gửi UBND huyện,\n\n{first}\nSố tin, bài: 45\nKết quả nổi bật: Mở chuyên mục\n\n"
        f"{second}\nKết quả nổi bật: Đón đoàn Lào\n\n{third}\nXã đã tổ chức sơ kết.\n"
    )
    assert values(text + "\n" + quoted(asked())) == {
        "r12": {"tin": 45, "noi-bat": "Mở chuyên mục"},
        "r13": {"noi-bat": "Đón đoàn Lào"},
        "r14": {"text": "Xã đã tổ chức sơ kết."},
    }


def test_a_report_may_stand_behind_its_heading() -> None:
    assert values("Báo cáo 3: Xã đã tổ chức sơ kết.\n") == {"r14": {"text": "Xã đã tổ chức sơ kết."}}


def test_a_label_that_only_one_form_has_says_which_report_is_meant() -> None:
    found, readings = read("Xã xin báo cáo:\nSố tin, bài: 45\nSố đoàn khách quốc tế: 3\n")
    assert {token: dict(one.values) for token, one in readings.items()} == {
        "r12": {"tin": 45},
        "r13": {"doan": 3},
    }
    assert found.unclear == ()


def test_a_label_that_two_forms_have_belongs_to_neither_and_is_named() -> None:
    found, readings = read("Kết quả nổi bật: Mở chuyên mục\nSố tin, bài: 45\n")
    assert {token: dict(one.values) for token, one in readings.items()} == {"r12": {"tin": 45}}
    assert found.unclear == ("Kết quả nổi bật: Mở chuyên mục",)


@pytest.mark.parametrize(
    "text",
    [
        "Xã đã thực hiện xong các nhiệm vụ được giao.",
        "1. 45\n2. Mở chuyên mục\n",
        "Xã gửi 3 báo cáo kèm theo thư này.",
        "Báo cáo 6 tháng đầu năm đã gửi.",
        "Đã nhận, cảm ơn.",
    ],
)
def test_prose_and_bare_numbers_belong_to_no_report(text: str) -> None:
    assert read(text)[0].by_token == {}


def test_figures_of_one_block_never_reach_another_report_of_the_same_form() -> None:
    same = tuple(replace(one, form=MEDIA) for one in WANTED)
    message = EmailMessage(policy=SMTP)
    message["From"] = "xa@xa.example"
    message.set_content("Báo cáo 2\nSố tin, bài: 7\n\nBáo cáo 1\nSố tin, bài: 5\n")
    found = shares(understand(message.as_bytes()), same)
    assert {token: dict(read_values(one, MEDIA).values) for token, one in found.by_token.items()} == {
        "r12": {"tin": 5},
        "r13": {"tin": 7},
    }


def test_an_older_quote_says_nothing() -> None:
    text = asked().replace("1. Số tin, bài: ", "1. Số tin, bài: 99", 1)
    older = "".join(f"> {line}\n" for line in quoted(text).splitlines())
    assert values("Báo cáo 3: Đã sơ kết.\n\nVào hôm qua, xã đã viết:\n" + older) == {
        "r14": {"text": "Đã sơ kết."}
    }
