from __future__ import annotations

import pytest

from notifiers.replies import is_courtesy


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn anh chị!",
        "Đã nhận được văn bản. Trân trọng cảm ơn.",
        "ok",
        "Vâng, xã sẽ báo cáo đúng hạn ạ.",
        "Thanks, well received.",
        "Da nhan",
    ],
)
def test_who_acknowledges_or_thanks_reports_nothing(text: str) -> None:
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Không phát sinh.",
        "Không có",
        "Báo cáo",
        "Đã tổ chức 3 buổi, cảm ơn.",
        "42",
        "Xã đã hoàn thành nhiệm vụ.",
        "cảm ơn " * 30,
        "👍",
    ],
)
def test_whatever_says_more_may_be_a_report(text: str) -> None:
    assert not is_courtesy(text)
