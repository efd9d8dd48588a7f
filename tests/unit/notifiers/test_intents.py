from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from notifiers.replies import ReplyKind, understand
from tests.unit.notifiers.letters import FORM

QUOTE = "\n\nVào 09:00, 12 thg 11, 2024, Phòng VH-TT <baocao@dondoc.example> đã viết:\n> Kính gửi: UBND xã\n"


def _mail(text: str, subject: str = "Re: Báo cáo năm 2024", file: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = "Văn thư xã <vanthu@xa.example>"
    message["Subject"] = subject
    message["Date"] = "Tue, 12 Nov 2024 09:00:00 +0700"
    message.set_content(text + QUOTE)
    if file:
        message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=file)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Xã xin gia hạn nộp báo cáo đến hết ngày 05/12/2024 do chờ số liệu của các ấp.", "2024-12-05"),
        ("Kính đề nghị phòng cho phép xã được nộp báo cáo chậm đến 02/12.", "2024-12-02"),
        ("Do lãnh đạo đi công tác, đơn vị xin lùi thời hạn gửi báo cáo sang ngày 20 tháng 11.", "2024-11-20"),
        ("Mong anh chị cho em xin thêm thời gian ạ.", None),
        ("xin gia han bao cao them 5 ngay", "2024-11-17"),
        ("Could we have an extension until 5 December 2024, please?", "2024-12-05"),
        ("We kindly request more time to submit the report.", None),
        ("Xin lùi đến 05/12 ạ.", "2024-12-05"),
        ("Cho đơn vị nộp trễ đến hết tuần này được không anh?", "2024-11-17"),
        ("xã xin phép nộp vào thứ hai tuần sau ạ", "2024-11-18"),
        ("Số liệu các ấp chưa về đủ, xã xin được báo cáo vào cuối tháng này ạ", "2024-11-30"),
        ("Đề nghị gia hạn thời gian báo cáo thêm 02 tuần.", "2024-11-26"),
        ("xin lui thoi gian nop bao cao 1 thang", "2024-12-12"),
        ("e xin thêm 3 ngày nữa nha chị", "2024-11-15"),
        ("Could we send it by next Friday?", "2024-11-22"),
        ("Chưa tổng hợp kịp, ngày mai em gửi ạ.", "2024-11-13"),
    ],
)
def test_who_asks_for_more_time_asks_for_an_extension(text: str, until: str | None) -> None:
    mail = understand(_mail(text))

    assert mail.kind is ReplyKind.EXTENSION_REQUEST
    assert mail.asked_until_on == (date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("Nhiệm vụ này thuộc Trung tâm Văn hóa huyện, đề nghị phòng gửi lại.", "Trung tâm Văn hóa huyện"),
        ("Nội dung này không thuộc thẩm quyền của xã ạ.", None),
        ("Anh gửi nhầm rồi, việc này của bên Phòng Nội vụ.", "Phòng Nội vụ"),
        ("Xã đã chuyển văn bản cho Đồn Biên phòng Mỹ Long để báo cáo.", "Đồn Biên phòng Mỹ Long"),
        ("Em xin chuyển nội dung này sang Phòng Tài chính thực hiện.", "Phòng Tài chính"),
        ("This has been forwarded to the Department of Culture.", None),
        ("We are not responsible for this task, please contact Mr. Nam.", None),
        (
            "Việc này anh liên hệ chị Hoa bên Trung tâm VHTT nhé, bên em không phụ trách.",
            "chị Hoa bên Trung tâm VHTT",
        ),
        (
            "Nội dung này không thuộc chức năng, nhiệm vụ của Sở Nội vụ. Đề nghị quý Sở gửi Sở Ngoại vụ.",
            "Sở Ngoại vụ",
        ),
        ("Xã em đã sáp nhập vào xã Hiệp Mỹ từ tháng 7, đề nghị gửi cho UBND xã Hiệp Mỹ.", "UBND xã Hiệp Mỹ"),
    ],
)
def test_who_names_somebody_else_hands_the_report_over(text: str, to: str | None) -> None:
    mail = understand(_mail(text))

    assert mail.kind is ReplyKind.DELEGATION
    if to:
        assert mail.handed_to == to


@pytest.mark.parametrize(
    "text",
    [
        "Cho xã hỏi số liệu tính đến ngày nào ạ?",
        "Đề nghị phòng hướng dẫn cách tính lượt người tham dự.",
        "Anh ơi báo cáo này gửi bản giấy hay bản mềm?",
        "Could you clarify which period this covers?",
        "bao cao nay co can dong dau khong a",
        "Báo cáo quý hay báo cáo năm vậy chị",
        "Em không mở được file đính kèm, anh gửi lại giúp em với ạ",
    ],
)
def test_who_asks_has_a_question(text: str) -> None:
    assert understand(_mail(text)).kind is ReplyKind.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "Xã đã nhận được văn bản, cảm ơn anh chị.",
        "Đã nhận ạ.",
        "Em nhận được rồi ạ",
        "Vâng, xã sẽ báo cáo đúng hạn.",
        "Kính gửi phòng,\nĐơn vị đã tiếp nhận đề nghị và sẽ gửi báo cáo trước ngày 29/11.",
        "Well received, thanks.",
        "We will send the report next week.",
        "Xã nhận đc rồi nha chị",
        "UBND xã đã tiếp nhận, giao công chức Văn hóa - Xã hội tham mưu báo cáo theo quy định.",
        "Bien reçu, nous vous enverrons le rapport la semaine prochaine.",
    ],
)
def test_who_says_that_it_came_acknowledges(text: str) -> None:
    assert understand(_mail(text)).kind is ReplyKind.ACKNOWLEDGEMENT


@pytest.mark.parametrize("text", ["", "Kính chuyển anh xử lý."])
def test_who_passes_a_mail_on_without_a_report_forwards(text: str) -> None:
    message = EmailMessage()
    message["From"] = "Văn thư xã <vanthu@xa.example>"
    message["Subject"] = "Fwd: Báo cáo năm 2024"
    message.set_content(
        f"{text}\n\n---------- Forwarded message ---------\nTừ: Phòng VH-TT <baocao@dondoc.example>\n"
        "Date: Th 6, 1 thg 11, 2024 lúc 08:00\nSubject: Báo cáo năm 2024\nTo: <vt@xa.example>\n\nKính gửi\n"
    )

    assert understand(message.as_bytes()).kind is ReplyKind.FORWARD


@pytest.mark.parametrize(
    "text",
    [
        "Xã gửi báo cáo. Số tin, bài: 45. Đề nghị cấp trên gia hạn thời gian thực hiện đề án.",
        "1. Số tin, bài đã đăng, phát: 45\n2. Khó khăn, kiến nghị: đề nghị hướng dẫn, cho thêm thời gian",
        "Không phát sinh.",
        "Xã không tổ chức buổi nào.",
        "Trong kỳ đã tổ chức 3 buổi, đã chuyển 20 tin cho Đài huyện. Đề nghị huyện hỗ trợ kinh phí.",
        "Xã xin gửi báo cáo theo đề nghị của phòng.",
        "Số lượt người tham dự: không",
        "45",
        "Năm nay chưa tổ chức được hoạt động nào do thiếu cán bộ, xã sẽ làm vào quý I năm sau ạ.",
        "Trong năm, dự án được gia hạn đến 2025; xã đã tổ chức 2 hội nghị, 150 lượt người dự.",
    ],
)
def test_a_report_is_a_reply_whatever_words_stand_in_it(text: str) -> None:
    assert understand(_mail(text)).kind is ReplyKind.REPLY


def test_a_report_as_a_file_is_a_reply_and_its_file_is_kept() -> None:
    mail = understand(_mail("Đã nhận được văn bản, xã gửi kèm theo ạ.", file="báo cáo.docx"))

    assert mail.kind is ReplyKind.REPLY
    assert [one.name for one in mail.attachments] == ["báo cáo.docx"]


def test_with_the_form_whoever_gives_a_value_replies() -> None:
    raw = _mail("Đã nhận. Số buổi, hội nghị tuyên truyền - mười hai\nSố lượt người tham dự là 12 người ạ?")

    assert understand(raw, form=FORM).kind is ReplyKind.REPLY


def test_an_answer_below_a_quoted_question_is_a_reply() -> None:
    message = EmailMessage()
    message["From"] = "Văn thư xã <vanthu@xa.example>"
    message["Subject"] = "Re: Báo cáo năm 2024"
    message.set_content(
        "Vào 04/11/2024 08:00, Phòng VH-TT đã viết:\n> Xã đã chuyển kế hoạch đến các ấp chưa?\n"
        "Đã nhận và chuyển từ ngày 6/11.\n> Trân trọng.\n"
    )

    assert understand(message.as_bytes()).kind is ReplyKind.REPLY
