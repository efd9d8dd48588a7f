from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from notifiers.ports import Value
from notifiers.replies import ReplyKind, read_values, understand
from tests.unit.notifiers.letters import FORM


def _values(text: str) -> dict[str, Value]:
    message = EmailMessage()
    message["From"] = "Văn thư <vanthu@xa.example>"
    message["Subject"] = "Re: Báo cáo"
    message["Date"] = "Tue, 12 Nov 2024 09:00:00 +0700"
    message.set_content(f"Xã báo cáo:\n{text}\n")
    mail = understand(message.as_bytes(), form=FORM)
    assert mail.kind is ReplyKind.REPLY
    return dict(read_values(mail, FORM).values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Số tin bài: 45 tin, bài", {"so-tin-bai": 45}),
        ("Số tin, bài đã đăng: 45 (trong đó 12 tin truyền hình)", {"so-tin-bai": 45}),
        ("Số buổi: 12 buổi tại 12 ấp", {"so-buoi": 12}),
        ("Số lượt người tham dự: 1 250", {"luot-nguoi": 1250}),
        ("Số lượt người tham dự: 1.250 lượt", {"luot-nguoi": 1250}),
        ("Kinh phí: 1.250,5 triệu đồng", {"kinh-phi": 1250.5}),
        ("Kinh phí thực hiện: 35.000.000 đồng", {"kinh-phi": 35}),
        ("Kinh phí thực hiện: 35.000.000đ", {"kinh-phi": 35}),
        ("Kinh phí thực hiện: 35 triệu", {"kinh-phi": 35}),
        ("Kinh phí thực hiện: 0,5 tỷ đồng", {"kinh-phi": 500}),
        ("Kinh phí thực hiện: 500 nghìn đồng", {"kinh-phi": 0.5}),
        ("Kinh phí thực hiện: 20tr", {"kinh-phi": 20}),
        ("Số buổi, hội nghị tuyên truyền: mười hai", {"so-buoi": 12}),
        ("Số buổi, hội nghị tuyên truyền: 12 (mười hai)", {"so-buoi": 12}),
        ("Số buổi, hội nghị tuyên truyền: một trăm hai mươi buổi", {"so-buoi": 120}),
        ("Số buổi, hội nghị tuyên truyền: hai mươi lăm", {"so-buoi": 25}),
        ("Số lượt người tham dự: khoảng 300", {"luot-nguoi": 300}),
        ("Số lượt người tham dự: 300-350", {}),
        ("Số lượt người tham dự: 30 - 35 người", {}),
        ("Số lượt người tham dự: từ 300 đến 350", {}),
        ("Số lượt người tham dự: hơn 2.000 người", {"luot-nguoi": 2000}),
        ("Số buổi, hội nghị tuyên truyền: không", {"so-buoi": 0}),
        ("Số buổi, hội nghị tuyên truyền: ko có", {"so-buoi": 0}),
        ("Số buổi, hội nghị tuyên truyền: chưa tổ chức", {"so-buoi": 0}),
        ("Số buổi, hội nghị tuyên truyền: chưa có số liệu", {}),
        ("Số buổi, hội nghị tuyên truyền: Không phát sinh", {"so-buoi": 0}),
        ("Số buổi, hội nghị tuyên truyền: 0 buổi", {"so-buoi": 0}),
        ("Số buổi, hội nghị tuyên truyền: như trên", {}),
        ("Số buổi, hội nghị tuyên truyền: đang tổng hợp", {}),
        ("SỐ TIN, BÀI ĐÃ ĐĂNG, PHÁT: 45", {"so-tin-bai": 45}),
        ("Số tin,bài đã đăng,phát:45", {"so-tin-bai": 45}),
        ("Số người bị xử phạt: 5", {}),
        ("Tổng số lượt người tham dự: 400", {"luot-nguoi": 400}),
        ("Khó khăn, kiến nghị: không có", {"kien-nghi": "không có"}),
        ("Số lượt người tham dự: 1,250", {"luot-nguoi": 1250}),
        ("Số lượt người tham dự: 1.250.000", {"luot-nguoi": 1250000}),
        ("Số lượt người tham dự: 1k2", {"luot-nguoi": 1200}),
        ("Số lượt người tham dự: 80%", {}),
        ("Số lượt người tham dự: 1.250 người (tăng 20% so với năm 2023)", {"luot-nguoi": 1250}),
        ("Số lượt người tham dự: 1.250 người, tăng 200 so với cùng kỳ", {"luot-nguoi": 1250}),
    ],
)
def test_a_figure_is_read_as_it_was_meant_or_not_at_all(text: str, values: dict[str, Value]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Tin bài: 45; buổi: 6; người: 1250", {"so-tin-bai": 45}),
        ("Số buổi, hội nghị tuyên truyền\n6", {"so-buoi": 6}),
        ("Số buổi, hội nghị tuyên truyền:\n6 buổi", {"so-buoi": 6}),
        (
            "- Số buổi, hội nghị tuyên truyền: 6\n+ Số tin, bài đã đăng, phát: 45",
            {"so-buoi": 6, "so-tin-bai": 45},
        ),
        (
            "a) Số buổi, hội nghị tuyên truyền: 6\nb) Số tin, bài đã đăng, phát: 45",
            {"so-buoi": 6, "so-tin-bai": 45},
        ),
        ("1: 45\n2: 6\n3: 1250", {"so-tin-bai": 45, "so-buoi": 6, "luot-nguoi": 1250}),
        ("1. 45\n2. 6\n3. 1250", {"so-tin-bai": 45, "so-buoi": 6, "luot-nguoi": 1250}),
        ("1) 45 tin\n2) 6 buổi", {"so-tin-bai": 45, "so-buoi": 6}),
        ("Mục 1: 45\nMục 2: 6", {"so-tin-bai": 45, "so-buoi": 6}),
        ("Câu 1: 45\nCâu 2: 6", {"so-tin-bai": 45, "so-buoi": 6}),
        ("so tin bai da dang phat 45", {"so-tin-bai": 45}),
        ("so tin bai = 45", {"so-tin-bai": 45}),
        ("Số tin, bài đã đăng, phát là 45 tin", {"so-tin-bai": 45}),
        ("Số tin, bài đăng báo tỉnh: 9\nSố tin, bài đã đăng, phát: 45", {"so-tin-bai": 45}),
        ("Số cuộc kiểm tra: 5\nSố buổi, hội nghị tuyên truyền: 6", {"so-buoi": 6}),
        ("Số lượt người tham dự năm 2023: 900\nSố lượt người tham dự năm 2024: 1.250", {"luot-nguoi": 1250}),
        (
            "Số tin, bài: 45, số buổi: 6, lượt người: 1250",
            {"so-tin-bai": 45, "so-buoi": 6, "luot-nguoi": 1250},
        ),
        (
            "Số tin, bài: 45. Số buổi: 6. Lượt người: 1.250.",
            {"so-tin-bai": 45, "so-buoi": 6, "luot-nguoi": 1250},
        ),
        (
            "Kết quả nổi bật: Đã mở 2 chuyên mục: biển đảo và biên giới",
            {"ket-qua": "Đã mở 2 chuyên mục: biển đảo và biên giới"},
        ),
        ("Số lượt người tham dự: 1250 (năm 2023: 1100)", {"luot-nguoi": 1250}),
        ("Số lượt người tham dự: năm 2024: 1250", {"luot-nguoi": 1250}),
        ("45 tin bài, 6 buổi, 1.250 lượt người", {"so-tin-bai": 45, "so-buoi": 6, "luot-nguoi": 1250}),
    ],
)
def test_fields_are_told_apart_however_they_are_listed(text: str, values: dict[str, Value]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            (
                "STT\tNội dung\tĐVT\tKết quả\n1\tSố tin, bài đã đăng, phát\ttin, bài\t45\n"
                "2\tSố buổi, hội nghị tuyên truyền\tbuổi\t6"
            ),
            {"so-tin-bai": 45, "so-buoi": 6},
        ),
        (
            (
                "Chỉ tiêu\tNăm 2023\tNăm 2024\nSố tin, bài đã đăng, phát\t88\t104\n"
                "Số buổi, hội nghị tuyên truyền\t10\t6"
            ),
            {"so-tin-bai": 104, "so-buoi": 6},
        ),
        (
            "Chỉ tiêu\tKế hoạch\tThực hiện\tTỷ lệ\nSố tin, bài đã đăng, phát\t100\t104\t104%",
            {"so-tin-bai": 104},
        ),
        ("Chỉ tiêu\tCùng kỳ\tKỳ này\nSố tin, bài đã đăng, phát\t100\t104", {"so-tin-bai": 104}),
        ("Chỉ tiêu\tThôn A\tThôn B\nSố tin, bài đã đăng, phát\t10\t14", {}),
        ("Chỉ tiêu\tQuý I\tQuý II\tTổng\nSố tin, bài đã đăng, phát\t10\t14\t24", {"so-tin-bai": 24}),
    ],
)
def test_the_column_of_this_period_counts_and_none_in_doubt(text: str, values: dict[str, Value]) -> None:
    assert _values(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Tự đánh giá mức độ hoàn thành: Tốt", {}),
        ("Tự đánh giá mức độ hoàn thành: hoàn thành tốt nhiệm vụ", {"danh-gia": "Hoàn thành tốt"}),
        ("Tự đánh giá mức độ hoàn thành: Hoan thanh tot", {"danh-gia": "Hoàn thành tốt"}),
        ("Tự đánh giá: Hoàn thnh tốt", {"danh-gia": "Hoàn thành tốt"}),
        ("Tự đánh giá: chưa hoàn thành", {"danh-gia": "Chưa hoàn thành"}),
        ("Tự đánh giá: Hoàn thành", {"danh-gia": "Hoàn thành"}),
        (
            "Tự đánh giá: [x] Hoàn thành tốt  [ ] Hoàn thành  [ ] Chưa hoàn thành",
            {"danh-gia": "Hoàn thành tốt"},
        ),
        ("Tự đánh giá: [ ] Hoàn thành tốt  [x] Hoàn thành  [ ] Chưa hoàn thành", {"danh-gia": "Hoàn thành"}),
        ("Ngày tổ chức sơ kết: 15/11/2024", {"ngay-so-ket": date(2024, 11, 15)}),
        ("Ngày tổ chức sơ kết: ngày 15 tháng 11 năm 2024", {"ngay-so-ket": date(2024, 11, 15)}),
        ("Ngày tổ chức sơ kết: 15-11-2024", {"ngay-so-ket": date(2024, 11, 15)}),
        ("Ngày tổ chức sơ kết: 15.11.24", {"ngay-so-ket": date(2024, 11, 15)}),
        ("Ngày tổ chức sơ kết: 15/11/24", {"ngay-so-ket": date(2024, 11, 15)}),
        ("Ngày tổ chức sơ kết: 15/11", {"ngay-so-ket": date(2024, 11, 15)}),
        ("Ngày tổ chức sơ kết: chưa tổ chức", {}),
        ("Ngày sơ kết: không", {}),
        ("Đã phân công cán bộ phụ trách: Có", {"co-can-bo": True}),
        ("Đã phân công cán bộ phụ trách: rồi ạ", {"co-can-bo": True}),
        ("Đã phân công cán bộ phụ trách: Đã phân công đồng chí Lan", {"co-can-bo": True}),
        ("Đã phân công cán bộ phụ trách: chưa", {"co-can-bo": False}),
        ("Đã phân công cán bộ phụ trách: Không", {"co-can-bo": False}),
        ("Đã phân công cán bộ phụ trách: [x] Có [ ] Không", {"co-can-bo": True}),
        ("Đã phân công cán bộ phụ trách: [ ] Có [x] Không", {"co-can-bo": False}),
    ],
)
def test_choices_dates_and_ticks_are_read_or_left(text: str, values: dict[str, Value]) -> None:
    assert _values(text) == values
