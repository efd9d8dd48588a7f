"""Letters of one task as the engine would write them, for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from notifiers.address import return_path, signed_address
from notifiers.compose import Sender
from notifiers.ports import Asked, Letter, LetterKind, Owed, Party
from schemas.model import Field, FieldType, Form, Language

SECRET = b"a secret of the tests"
BASE = "baocao@dondoc.example"
KEY = "k3x9m2p7"

FORM = Form(
    title="Báo cáo kết quả thông tin đối ngoại",
    fields=[
        Field(
            id="so-tin-bai",
            label="Số tin, bài đã đăng, phát",
            label_en="News items published",
            type=FieldType.INTEGER,
            unit="tin, bài",
            min=0,
            help="Tính cả cổng thông tin điện tử và hệ thống truyền thanh",
        ),
        Field(
            id="so-buoi", label="Số buổi, hội nghị tuyên truyền", type=FieldType.INTEGER, unit="buổi", min=0
        ),
        Field(
            id="luot-nguoi", label="Số lượt người tham dự", type=FieldType.INTEGER, unit="lượt người", min=0
        ),
        Field(
            id="kinh-phi",
            label="Kinh phí thực hiện",
            type=FieldType.NUMBER,
            unit="triệu đồng",
            min=0,
            max=50000,
        ),
        Field(
            id="danh-gia",
            label="Tự đánh giá mức độ hoàn thành",
            type=FieldType.CHOICE,
            choices=["Hoàn thành tốt", "Hoàn thành", "Chưa hoàn thành"],
        ),
        Field(id="ngay-so-ket", label="Ngày tổ chức sơ kết", type=FieldType.DATE, required=False),
        Field(id="co-can-bo", label="Đã phân công cán bộ phụ trách", type=FieldType.YES_NO),
        Field(id="ket-qua", label="Kết quả nổi bật", type=FieldType.TEXT),
        Field(id="kien-nghi", label="Khó khăn, kiến nghị", type=FieldType.TEXT, required=False),
    ],
)

VALUES = {
    "so-tin-bai": 1250,
    "so-buoi": 12,
    "luot-nguoi": 3480,
    "kinh-phi": 45.5,
    "danh-gia": "Hoàn thành tốt",
    "ngay-so-ket": date(2024, 11, 15),
    "co-can-bo": True,
    "ket-qua": "Đã mở chuyên mục thông tin đối ngoại trên hệ thống truyền thanh xã.\n"
    "Phối hợp Đồn Biên phòng 04 buổi.",
}

SENDER = Sender(
    name="Phòng Văn hóa và Thông tin huyện Cầu Ngang",
    mailbox="baocao@dondoc.example",
    return_path=return_path(BASE, KEY, SECRET),
)


def letter(
    kind: LetterKind = LetterKind.REQUEST, language: Language = Language.VI, **changed: object
) -> Letter:
    """A letter of this kind; `changed` replaces any of its fields."""
    commune = Party(
        name="UBND xã Mỹ Long Bắc", mailbox="vanthu@mylongbac.example", attention="Chủ tịch Nguyễn Văn A"
    )
    district = Party(name="UBND huyện Cầu Ngang", mailbox="vanthu@caungang.example")
    known: dict[str, Any] = {
        "kind": kind,
        "language": language,
        "to": commune,
        "agency": commune,
        "issuer": district,
        "report_to": district,
        "via": Party(name="Phòng Văn hóa và Thông tin", mailbox="vhtt@caungang.example"),
        "coordinator": Party(
            name="Trần Thị B, Phòng Văn hóa và Thông tin", mailbox="tranthib@caungang.example"
        ),
        "plan_number": "99/KH-UBND",
        "plan_title": "Kế hoạch thông tin đối ngoại trên địa bàn huyện Cầu Ngang năm 2024",
        "task_title": "Tuyên truyền, quảng bá hình ảnh vùng đất, con người Cầu Ngang",
        "task_text": "Tổ chức tuyên truyền trên hệ thống truyền thanh và cổng thông tin điện tử.",
        "cycle_name": "Năm 2024",
        "period_from_on": date(2023, 12, 1),
        "period_to_on": date(2024, 11, 15),
        "due_on": date(2024, 11, 29),
        "asked": Asked(
            kind="extension-request",
            number=12,
            sender="vanthu@mylongbac.example",
            text="Xã xin gia hạn nộp báo cáo đến ngày 05/12/2024 do cán bộ phụ trách nghỉ ốm.",
            until_on=date(2024, 12, 5),
        ),
        "said": "Đề nghị xã tính cả cổng thông tin điện tử.",
        "handed_to": Party(name="UBND xã Mỹ Long Nam", mailbox="vanthu@mylongnam.example"),
        "form": FORM,
        "sent_at": datetime(2024, 11, 1, 1, 0, tzinfo=UTC),
        "message_id": "<k3x9m2p7.request.1@dondoc.example>",
        "reply_to": signed_address(BASE, KEY, SECRET),
    }
    if kind is LetterKind.RESOLVED:
        known["reports"] = (
            Owed(
                title=known["task_title"],
                due_on=known["due_on"],
                agency=commune.name,
                came_on=date(2024, 12, 5),
            ),
        )
    return Letter(**{**known, **changed})
