"""Forms that come back as workbooks, and workbooks that were made to do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from email.message import EmailMessage

import pytest
from openpyxl import Workbook

from notifiers import form_sheet
from notifiers.replies import ReplyKind, Understood, read_values, understand
from notifiers.replies.mime.sheets import Unreadable, read_workbook
from tests.unit.notifiers.letters import FORM, KEY

FILLED: dict[str, object] = {
    "so-tin-bai": 1250,
    "so-buoi": "12 buổi",
    "luot-nguoi": 3480.0,
    "kinh-phi": 45.125,
    "danh-gia": "hoàn thành tốt",
    "ngay-so-ket": datetime(2024, 11, 15),  # noqa: DTZ001 - cells have no zones
    "co-can-bo": True,
    "ket-qua": "Đã mở chuyên mục.\nPhối hợp 04 buổi.",
}
EXPECTED = {
    "so-tin-bai": 1250,
    "so-buoi": 12,
    "luot-nguoi": 3480,
    "kinh-phi": 45.125,
    "danh-gia": "Hoàn thành tốt",
    "ngay-so-ket": date(2024, 11, 15),
    "co-can-bo": True,
    "ket-qua": "Đã mở chuyên mục.\nPhối hợp 04 buổi.",
}


def _packed(book: Workbook) -> bytes:
    with io.BytesIO() as file:
        book.save(file)
        return file.getvalue()


def _form(answers: dict[str, object]) -> Workbook:
    """The form as it goes out, filled in."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet[form_sheet.MARK_CELL] = form_sheet.MARK
    sheet[form_sheet.TOKEN_CELL] = KEY
    for row, field in enumerate(FORM.fields, start=form_sheet.FIRST_FIELD_ROW):
        sheet.cell(row, form_sheet.ID_COLUMN, field.id)
        sheet.cell(row, form_sheet.LABEL_COLUMN, field.label)
        sheet.cell(row, form_sheet.UNIT_COLUMN, field.unit)
        sheet.cell(row, form_sheet.ANSWER_COLUMN, answers.get(field.id))
        sheet.cell(row, form_sheet.HINT_COLUMN, field.help or "Số nguyên, từ 0 trở lên")
    return book


def _mail(workbook: bytes, text: str = "Xã gửi biểu kèm theo.", name: str = "biểu mẫu.xlsx") -> Understood:
    message = EmailMessage()
    message["From"] = "lan@xa.example"
    message["Subject"] = "Re: Báo cáo"
    message.set_content(text)
    message.add_attachment(workbook, maintype="application", subtype="octet-stream", filename=name)
    return understand(message.as_bytes())


def test_a_form_that_comes_back_as_a_workbook_is_read_by_its_ids() -> None:
    mail = _mail(_packed(_form(FILLED)))

    assert mail.kind is ReplyKind.REPLY
    assert mail.tokens == (KEY,)
    assert [one.name for one in mail.attachments] == ["biểu mẫu.xlsx"]
    assert read_values(mail, FORM).values == EXPECTED


def test_a_form_filled_in_is_an_answer_whatever_the_text_says() -> None:
    assert _mail(_packed(_form(FILLED)), "Đã nhận được, cảm ơn.").kind is ReplyKind.REPLY


def test_rows_that_were_moved_keep_their_fields() -> None:
    book = _form(FILLED)
    book.worksheets[0].insert_rows(form_sheet.FIRST_FIELD_ROW, 2)

    assert read_values(_mail(_packed(book)), FORM).values == EXPECTED


def test_a_table_of_their_own_is_read_by_labels_in_the_column_of_answers() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["BÁO CÁO KẾT QUẢ"])
    sheet.append(["TT", "Nội dung", "ĐVT", "Kết quả", "Ghi chú"])
    sheet.append([1, "Số tin, bài đã đăng, phát", "tin, bài", 45, "có 12 tin tiếng Khmer"])
    sheet.append([2, "Số buổi, hội nghị tuyên truyền", "buổi", None, "đang tổ chức"])
    sheet.append([3, "Kinh phí thực hiện", "triệu đồng", 0.5])

    assert read_values(_mail(_packed(book)), FORM).values == {"so-tin-bai": 45, "kinh-phi": 0.5}


def test_a_field_that_two_rows_answer_differently_is_left_out() -> None:
    book = Workbook()
    book.worksheets[0].append(["Số tin, bài đã đăng, phát", 45])
    book.worksheets[0].append(["Số tin, bài đã đăng, phát", 54])

    assert "so-tin-bai" not in read_values(_mail(_packed(book)), FORM).values


def test_what_is_typed_into_the_mail_goes_before_the_file_unless_it_points_to_it() -> None:
    book = _packed(_form({"so-tin-bai": 45, "so-buoi": 6}))
    mail = _mail(book, "Số tin, bài đã đăng, phát: 46\nSố buổi, hội nghị tuyên truyền: xem biểu kèm theo\n")

    values = read_values(mail, FORM).values
    assert (values["so-tin-bai"], values["so-buoi"]) == (46, 6)


def test_a_percentage_is_read_as_it_is_shown_and_an_error_as_nothing() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = 0.455, "#REF!", "=1+1", 1e300
    sheet["A1"].number_format = "0.0%"
    sheet["A2"].data_type = "e"

    read = read_workbook(_packed(book))

    assert not isinstance(read, Unreadable)
    assert [read[0].cell(row, 0) for row in range(3)] == ["45,5%", "", ""]


def test_cells_far_away_cost_nothing() -> None:
    book = Workbook()
    book.worksheets[0]["XFD1048576"] = "x"
    book.worksheets[0]["A1"] = "y"

    read = read_workbook(_packed(book))

    assert not isinstance(read, Unreadable)
    assert read[0].cell(0, 0) == "y"
    assert len(read[0].rows) == 1


def _zip(files: dict[str, bytes]) -> bytes:
    with io.BytesIO() as held:
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        return held.getvalue()


def _with(name: str, content: bytes) -> bytes:
    """A real workbook, one file in it replaced."""
    with zipfile.ZipFile(io.BytesIO(_packed(_form(FILLED)))) as book:
        files = {one: book.read(one) for one in book.namelist()}
    return _zip({**files, name: content})


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "password"),
        (b"PK\x03\x04" + bytes(600), "broken"),
        (b"no workbook", "broken"),
        (_zip({"[Content_Types].xml": b"<Types/>"}), "broken"),
        (_zip({"xl/worksheets/sheet1.xml": b"0" * 20_000_000}), "unpack"),
        (_zip({"xl/worksheets/sheet1.bin": b"0" * 20_000_000}), "unpack"),
        (_zip({f"{number}.xml": b"" for number in range(600)}), "too many files"),
        (_with("xl/worksheets/sheet1.xml", ENTITIES + b"<x>&b;</x>"), ""),
        (_with("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'>"), ""),
        (_with("xl/workbook.xml", b"\0"), ""),
        (_with("xl/styles.xml", b"<styleSheet><cellXfs><xf numFmtId='y'/></cellXfs></styleSheet>"), ""),
    ],
    ids=[
        "password",
        "cut",
        "text",
        "empty",
        "bomb",
        "renamed",
        "many",
        "entities",
        "sheet",
        "book",
        "styles",
    ],
)
def test_a_workbook_made_to_do_harm_is_put_aside_with_a_reason(octets: bytes, why: str) -> None:
    mail = _mail(octets)

    assert mail.kind is ReplyKind.REPLY
    assert not mail.sheets
    assert any("was not read" in one and why in one for one in mail.evidence)
