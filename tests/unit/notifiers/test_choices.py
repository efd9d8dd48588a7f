from __future__ import annotations

import pytest

from notifiers.replies import Choice, Named, read_choice

REPORTS = (
    Named(title="Phát thanh, tuyên truyền", period="Quý III/2024", plan_number="99/KH-UBND"),
    Named(title="Phát thanh, tuyên truyền", period="Quý IV/2024", plan_number="99/KH-UBND"),
    Named(title="Chuyển đổi số cấp xã", period="6 tháng đầu năm 2024", plan_number="12/CTr-UBND"),
)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("2", 1),
        ("2.", 1),
        ("Số 2", 1),
        ("Báo cáo 2", 1),
        ("BC số 2 ạ", 1),
        ("Kính gửi UBND huyện,\n\nThư đó là báo cáo số 2.", 1),
        ("Dạ thư thuộc báo cáo thứ 2 nhé, cảm ơn anh chị nhiều", 1),
        ("Xã nhầm, xin lỗi huyện. Đây là báo cáo 3 ạ", 2),
        ("It is report no. 1", 0),
        ("3\n\nNgười viết: Lan, số điện thoại 2", 2),
        ("Chuyển đổi số cấp xã", 2),
        ("chuyen doi so cap xa a", 2),
        ("phát thanh, tuyên truyền quý IV", 1),
        ("báo cáo quý 3", 0),
        ("báo cáo 6 tháng", 2),
        ("Kế hoạch 12/CTr-UBND", 2),
        ("Không", None),
        ("Không ạ", None),
        ("Không thuộc báo cáo nào.", None),
        ("None of these", None),
        ("no", None),
    ],
)
def test_a_plain_answer_chooses(said: str, place: int | None) -> None:
    assert read_choice(said, REPORTS) == Choice(place=place)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "4",
        "0",
        "1 và 2",
        "Báo cáo 1 hoặc báo cáo 2",
        "Báo cáo 1 phải không?",
        "Không phải báo cáo 1",
        "Để xã kiểm tra lại",
        "Phát thanh, tuyên truyền",
        "Kế hoạch 99/KH-UBND",
        "báo cáo 9 tháng",
        "ngày 2 tháng 3",
        "Không rõ",
        "x" * 400 + " báo cáo 1",
        "9" * 5000,
        "so " * 5000 + "1",
        "bao cao " * 5000,
    ],
)
def test_what_is_not_plain_chooses_nothing(said: str) -> None:
    assert read_choice(said, REPORTS) is None


def test_a_report_that_may_not_be_named_is_chosen_by_its_number_alone() -> None:
    secret = (Named(title="", period="", plan_number="7/KH"), REPORTS[0])
    assert read_choice("1", secret) == Choice(place=0)
    assert read_choice("báo cáo đầu tiên", secret) is None
