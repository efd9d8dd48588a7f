from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.documents.workbook import Heading, workbook
from notifiers import form_sheet
from schemas.model import Field, FieldType, Form, Language
from tests.unit.notifiers.letters import FORM

HEADING = Heading(token="r12", report="Báo cáo A & B", plan="Kế hoạch", agency="Xã Đông", due="29/11/2024")


def opened(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def column(sheet: Worksheet, number: int) -> list[object]:
    rows = range(form_sheet.FIRST_FIELD_ROW, form_sheet.FIRST_FIELD_ROW + len(FORM.fields))
    return [sheet.cell(row, number).value for row in rows]


def test_each_field_has_a_row_with_its_id_hidden_and_only_the_answer_to_be_written() -> None:
    sheet = opened(workbook(FORM, Language.VI, HEADING))
    assert sheet[form_sheet.MARK_CELL].value == form_sheet.MARK
    assert sheet[form_sheet.TOKEN_CELL].value == "r12"
    assert column(sheet, form_sheet.ID_COLUMN) == [field.id for field in FORM.fields]
    assert column(sheet, form_sheet.LABEL_COLUMN) == [field.label for field in FORM.fields]
    assert column(sheet, form_sheet.ANSWER_COLUMN) == [None] * len(FORM.fields)
    assert sheet.column_dimensions["A"].hidden
    assert sheet.protection.sheet
    unlocked = [cell.coordinate for row in sheet for cell in row if not cell.protection.locked]
    assert unlocked == [f"E{form_sheet.FIRST_FIELD_ROW + place}" for place in range(len(FORM.fields))]


def test_the_heading_is_filled_in_and_is_the_only_thing_that_differs_between_requests() -> None:
    one, other = workbook(FORM, Language.VI, HEADING), workbook(FORM, Language.VI, HEADING)
    assert one == other
    assert [opened(one)[f"B{row}"].value for row in range(1, 6)] == [
        FORM.title, "Báo cáo A & B", "Kế hoạch", "Xã Đông", "29/11/2024"
    ]  # fmt: skip
    assert len(one) < 12_000


def test_numbers_dates_and_choices_are_checked_as_they_are_typed() -> None:
    sheet = opened(workbook(FORM, Language.EN, HEADING))
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert (rules["E8"].type, rules["E8"].formula1) == ("whole", "0")
    assert (rules["E11"].type, rules["E11"].formula2) == ("decimal", "50000")
    assert rules["E12"].formula1 == '"Hoàn thành tốt,Hoàn thành,Chưa hoàn thành"'
    assert rules["E13"].type == "date"
    assert rules["E14"].formula1 == '"Yes,No"'
    assert set(rules) == {"E8", "E9", "E10", "E11", "E12", "E13", "E14"}
    assert column(sheet, form_sheet.LABEL_COLUMN)[0] == "News items published"


def test_choices_that_cannot_stand_in_the_rule_stand_on_a_hidden_sheet() -> None:
    choices = ["Tốt, đúng hạn", "Khá", "=1+1"]
    field = Field(id="muc", label="Mức", type=FieldType.CHOICE, choices=choices)
    book = load_workbook(io.BytesIO(workbook(Form(title="T", fields=[field]), Language.VI, HEADING)))
    (rule,) = book.worksheets[0].data_validations.dataValidation
    _, _, span = str(rule.formula1).partition("!")
    cells = [cell for (cell,) in book["dondoc"][span.replace("$", "")]]
    assert [cell.value for cell in cells] == choices
    assert cells[2].data_type != "f"
    assert book["dondoc"].sheet_state == "hidden"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "@@token@@"])
def test_no_text_of_a_plan_becomes_a_formula(text: str) -> None:
    form = Form(title=text, fields=[Field(id="a", label=text, unit=text, help=text)])
    heading = Heading(token="r1", report=text, plan=text, agency=text, due=text)
    sheet = opened(workbook(form, Language.VI, heading))
    texts = [cell for row in sheet for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in texts)
    assert sheet["C8"].value == text.replace("@@", "@ @")
    assert sheet["B2"].value == text.replace("@@", "@ @")


@settings(max_examples=40)
@given(text=st.text(min_size=1, max_size=40).filter(str.strip))
def test_any_text_gives_a_workbook_that_opens(text: str) -> None:
    form = Form.model_construct(title=text, fields=[Field.model_construct(id="a", label=text, help=text)])
    sheet = opened(workbook(form, Language.VI, Heading(token="r1", report=text, plan="", agency="", due="")))
    assert sheet["A8"].value == "a"
