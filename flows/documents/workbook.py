"""A report's form as a workbook (.xlsx) to be filled in: one row for each field, all else locked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from xml.sax.saxutils import escape

from notifiers import form_sheet, wording
from schemas.model import Field, FieldType, Form, Language

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_TEXTS = "xl/worksheets/sheet1.xml"
"""The first sheet: openpyxl writes its texts into the cells themselves."""
_PROPERTIES = "docProps/core.xml"
_INSTANT = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LINE = 15.5
_LEAST, _MOST = -(10**15), 10**15
_INLINE_CHOICES = 250
"""Excel takes a list of choices of at most 255 characters; a longer one is kept on a sheet of its own."""

_WIDTHS: Mapping[str, float] = {"A": 2, "B": 6, "C": 46, "D": 14, "E": 36, "F": 48}
_HEADINGS: Mapping[Language, tuple[str, ...]] = {
    Language.VI: ("Số TT", "Nội dung, chỉ tiêu", "Đơn vị tính", "Trả lời", "Hướng dẫn"),
    Language.EN: ("No.", "Item", "Unit", "Your answer", "Guidance"),
}
_SAID: Mapping[Language, Mapping[str, str]] = {
    Language.VI: {
        "sheet": "Biểu mẫu",
        "how": "Ghi vào cột “Trả lời”, lưu tệp rồi đính kèm thư trả lời. Không phát sinh thì ghi 0.",
        "integer": "Số nguyên",
        "number": "Số",
        "date": "Ngày/tháng/năm",
        "choice": "Chọn một: {choices}",
        "yes-no": "Có hoặc Không",
        "from": "từ {low} trở lên",
        "to": "không quá {high}",
        "between": "từ {low} đến {high}",
        "optional": "Nếu có",
        "wrong": "Ô này chỉ nhận: {what}.",
        "wrong_title": "Chưa đúng",
    },
    Language.EN: {
        "sheet": "Form",
        "how": "Write in “Your answer”, save the file and attach it to your reply; 0 where there is none.",
        "integer": "Whole number",
        "number": "Number",
        "date": "Day/month/year",
        "choice": "Choose one: {choices}",
        "yes-no": "Yes or No",
        "from": "{low} or more",
        "to": "{high} at the most",
        "between": "from {low} to {high}",
        "optional": "If any",
        "wrong": "This cell takes only: {what}.",
        "wrong_title": "Not quite right",
    },
}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands above the form: whose it is, what for, and until when."""

    token: str
    """Of the request, for the reading of what comes back."""
    report: str
    """What is reported on."""
    plan: str
    agency: str
    due: str


def workbook(form: Form, language: Language, heading: Heading) -> bytes:
    """The form with its heading; the same arguments always give the same bytes.

    Laid out as `notifiers.form_sheet` says. No text in it can become a formula. The sheet is drawn once for
    each form: a heading costs about a millisecond.
    """
    said = {name: _clean(getattr(heading, name)) for name in _PLACES}
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
            for name, content in _blank(form.model_dump_json(), language):
                if name == _TEXTS:
                    content = _PLACE.sub(lambda found: escape(said[found[1]]), content.decode()).encode()  # noqa: PLW2901
                written.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
        return file.getvalue()


_PLACES = ("token", "report", "plan", "agency", "due")
_PLACE = re.compile(rf"@@({'|'.join(_PLACES)})@@")


def _clean(text: str) -> str:
    """The text as a cell can hold it; a placeholder in it would be taken for one of ours."""
    return _CONTROL.sub(" ", text).replace("@@", "@ @")


@lru_cache(maxsize=256)
def _blank(form_json: str, language: Language) -> tuple[tuple[str, bytes], ...]:
    """The parts of the file, with places to be filled where a heading's texts go."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("openpyxl made a workbook without a sheet")
    _draw(sheet, Form.model_validate_json(form_json), language)
    with io.BytesIO() as file:
        book.save(file)
        with zipfile.ZipFile(file) as drawn:
            return tuple((name, _undated(name, drawn.read(name))) for name in sorted(drawn.namelist()))


def _undated(name: str, content: bytes) -> bytes:
    """Without the time at which it was drawn."""
    if name != _PROPERTIES:
        return content
    return _INSTANT.sub(r"\g<1>2000-01-01T00:00:00Z", content.decode()).encode()


def _draw(sheet: Worksheet, form: Form, language: Language) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    said = _SAID[language]
    wrapped = Alignment(wrap_text=True, vertical="top")
    line = Side(style="thin", color="808080")
    box = Border(left=line, right=line, top=line, bottom=line)
    sheet.title = said["sheet"]
    _write(sheet, form_sheet.MARK_CELL, form_sheet.MARK)
    _write(sheet, form_sheet.TOKEN_CELL, "@@token@@")
    above = (
        (_clean(form.title), 14, 24),
        ("@@report@@", 11, 32),
        ("@@plan@@", 11, 32),
        ("@@agency@@", 11, 18),
    )
    for row, (text, size, height) in enumerate((*above, ("@@due@@", 11, 18), (said["how"], 11, 18)), start=1):
        cell = _write(sheet, f"B{row}", text)
        cell.font = Font(name="Times New Roman", size=size, bold=row in (1, 5), italic=row == 6)
        cell.alignment = wrapped
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=form_sheet.HINT_COLUMN)
        sheet.row_dimensions[row].height = height
    for column, text in enumerate(_HEADINGS[language], start=form_sheet.NUMBER_COLUMN):
        cell = _write(sheet, sheet.cell(form_sheet.HEADING_ROW, column).coordinate, text)
        cell.font = Font(name="Times New Roman", size=12, bold=True)
        cell.fill = PatternFill("solid", start_color="DDE6F0")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.border = box
    for place, field in enumerate(form.fields):
        row = form_sheet.FIRST_FIELD_ROW + place
        texts = (
            field.id, str(place + 1), wording.label(field, language), field.unit or "", None,
            _guidance(field, language),
        )  # fmt: skip
        for column, told in enumerate(texts, start=form_sheet.ID_COLUMN):
            drawn = sheet.cell(row, column)
            if told is not None:
                _write(sheet, drawn.coordinate, _clean(told))
            if column == form_sheet.ID_COLUMN:
                continue
            drawn.font = Font(name="Times New Roman", size=12)
            drawn.alignment, drawn.border = wrapped, box
        answer = sheet.cell(row, form_sheet.ANSWER_COLUMN)
        answer.protection = Protection(locked=False)
        answer.fill = PatternFill("solid", start_color="FFF9DB")
        answer.number_format = _FORMATS.get(field.type, "General")
        if (rule := _rule(sheet, field, language)) is not None:
            rule.add(answer)
            sheet.add_data_validation(rule)
        sheet.row_dimensions[row].height = _height(texts, text_wanted=field.type is FieldType.TEXT)
    _arrange(sheet, form_sheet.FIRST_FIELD_ROW + len(form.fields) - 1)


def _height(texts: Sequence[str | None], *, text_wanted: bool) -> float:
    """Of a row that shows all its texts, in points; where a text is asked for there is room to write one."""
    shown = list(zip(texts, _WIDTHS.values(), strict=True))[1:]
    lines = [-(-len(text) // int(width * 0.9)) for text, width in shown if text]
    return _LINE * max(*lines, 4 if text_wanted else 1) + 3


_FORMATS: Mapping[FieldType, str] = {
    FieldType.INTEGER: "#,##0",
    FieldType.DATE: "dd/mm/yyyy",
    FieldType.TEXT: "@",
    FieldType.CHOICE: "@",
    FieldType.YES_NO: "@",
}


def _arrange(sheet: Worksheet, last_row: int) -> None:
    """Widths, protection, and how it is printed."""
    from openpyxl.worksheet.properties import PageSetupProperties

    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = f"A{form_sheet.FIRST_FIELD_ROW}"
    sheet.protection.sheet = True
    sheet.protection.formatRows = False
    sheet.protection.formatColumns = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_area = f"B1:F{last_row}"
    sheet.print_title_rows = f"{form_sheet.HEADING_ROW}:{form_sheet.HEADING_ROW}"
    sheet.sheet_view.selection[0].activeCell = f"E{form_sheet.FIRST_FIELD_ROW}"
    sheet.sheet_view.selection[0].sqref = f"E{form_sheet.FIRST_FIELD_ROW}"


def _write(sheet: Worksheet, place: str, text: str) -> Cell:
    """A text in a cell; one that looks like a formula stays a text, also when the cell is edited."""
    cell = cast("Cell", sheet[place])
    cell.value = text
    cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@") and not _PLACE.fullmatch(text):
        cell.quotePrefix = True
    return cell


def _guidance(field: Field, language: Language) -> str:
    said = _SAID[language]
    told = [field.help or "", _asked(field, language), "" if field.required else said["optional"]]
    return ". ".join(one.rstrip(".") for one in told if one)


def _asked(field: Field, language: Language) -> str:
    """What the cell takes: "Số nguyên, từ 0 trở lên"; nothing for a text."""
    said = _SAID[language]
    if field.type is FieldType.TEXT:
        return ""
    what = said[field.type].format(choices=" / ".join(field.choices))
    low = wording.number(_plain(field.min), language) if field.min is not None else None
    high = wording.number(_plain(field.max), language) if field.max is not None else None
    if low is None and high is None:
        return what
    bounds = said["to" if low is None else "from" if high is None else "between"]
    return f"{what}, {bounds.format(low=low, high=high)}"


def _plain(bound: float) -> float:
    return int(bound) if bound == int(bound) else bound


def _rule(sheet: Worksheet, field: Field, language: Language) -> DataValidation | None:
    """What the cell accepts; a text accepts anything."""
    from openpyxl.worksheet.datavalidation import DataValidation

    said = _SAID[language]
    match field.type:
        case FieldType.INTEGER | FieldType.NUMBER:
            low = _plain(field.min) if field.min is not None else _LEAST
            high = _plain(field.max) if field.max is not None else _MOST
            whole = field.type is FieldType.INTEGER
            rule = DataValidation(
                type="whole" if whole else "decimal",
                operator="between",
                formula1=str(low),
                formula2=str(high),
            )
        case FieldType.DATE:
            # as the days since 1900 that workbooks count: 1/1/1950 to 31/12/2199
            rule = DataValidation(type="date", operator="between", formula1="18264", formula2="109574")
        case FieldType.CHOICE:
            rule = DataValidation(type="list", formula1=_choices(sheet, field))
        case FieldType.YES_NO:
            rule = DataValidation(type="list", formula1=f'"{",".join(wording.yes_no(language))}"')
        case _:
            return None
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = said["wrong_title"]
    rule.error = wording.shortened(said["wrong"].format(what=_asked(field, language)), 220)
    return rule


def _choices(sheet: Worksheet, field: Field) -> str:
    """The list as a rule names it: in itself, or where a longer one was put."""
    from openpyxl.utils import get_column_letter

    choices = [_clean(choice) for choice in field.choices]
    inline = ",".join(choices)
    if len(inline) <= _INLINE_CHOICES and not any(mark in choice for choice in choices for mark in ',"'):
        return f'"{inline}"'
    book = cast("Workbook", sheet.parent)
    lists = book["dondoc"] if "dondoc" in book.sheetnames else book.create_sheet("dondoc")
    lists.sheet_state = "hidden"
    column = lists.max_column + 1
    for row, choice in enumerate(choices, start=1):
        _write(lists, lists.cell(row, column).coordinate, choice)
    letter = get_column_letter(column)
    return f"dondoc!${letter}$1:${letter}${len(choices)}"
