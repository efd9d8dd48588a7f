"""A decision is read from a mail only when it is plain."""

from __future__ import annotations

from datetime import date

import pytest

from notifiers.replies import read_verdict

SENT = date(2024, 11, 18)


@pytest.mark.parametrize(
    ("text", "until_on"),
    [
        ("Đồng ý.", None),
        ("Kính gửi phòng VHTT,\nĐồng ý đến ngày 5/12/2024.", date(2024, 12, 5)),
        ("ĐỒNG Ý cho xã gia hạn đến hết ngày 05/12", date(2024, 12, 5)),
        ("Nhất trí nhé", None),
        ("UBND chấp thuận", None),
        ("ok", None),
        ("Agreed until 5 December 2024", date(2024, 12, 5)),
        ("Yes, granted.", None),
    ],
)
def test_a_plain_yes_is_one_with_its_day(text: str, until_on: date | None) -> None:
    verdict = read_verdict(text, SENT)
    assert verdict is not None
    assert (verdict.agreed, verdict.until_on) == (True, until_on)


@pytest.mark.parametrize(
    "text",
    [
        "Không đồng ý, tỉnh đang chờ số liệu.",
        "Chưa thể đồng ý vì đã quá hạn.",
        "Rất tiếc, không gia hạn được.",
        "Not agreed: the ministry waits.",
        "We cannot grant more time.",
        "No.",
    ],
)
def test_a_plain_no_is_one_with_what_was_written(text: str) -> None:
    verdict = read_verdict(text, SENT)
    assert verdict is not None
    assert (verdict.agreed, verdict.reason) == (False, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Để tôi xem.",
        "Đồng ý nếu gửi số tạm tính trước.",
        "Đồng ý, nhưng chỉ một lần này thôi",
        "Đồng ý không?",
        "Đồng ý nhưng không gia hạn thêm nữa",
        "Đồng chí A cho ý kiến.",
        "Ok, để tôi hỏi lại tỉnh.",
        "Ok, đã nhận. Chiều tôi trả lời.",
        "Tôi đồng ý là xã chậm, đề nghị nộp ngay.",
        "Yes, received. I will get back to you.",
        "Ok, let me check.",
        "Xã đã gửi báo cáo rồi, không cần gia hạn.",
        "Agreed if the figures come first.",
        "Đồng ý. " + "Lý do như sau. " * 60,
    ],
)
def test_what_is_not_plain_is_no_decision(text: str) -> None:
    assert read_verdict(text, SENT) is None
