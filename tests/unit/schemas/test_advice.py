"""What a coordinator is told of a typical slip: what was meant, and what to do, in Vietnamese."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas import hints
from schemas.check import check, check_contents
from schemas.codes import Code
from schemas.findings import Finding
from schemas.model import Language
from tests.unit.schemas.corpus import right, wrong

RIGHT, WRONG = right(), wrong()


def told(name: str) -> Finding:
    (finding,) = (
        finding
        for finding in check_contents({**RIGHT, f"wrong/{name}.yaml": WRONG[f"wrong/{name}.yaml"]}).findings
        if finding.code is not Code.LEFT_OUT
    )
    return finding


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("vietnamese-key", "lead"),
        ("vietnamese-word", "quarter"),
        ("yes-for-true", "true"),
        ("mapping-or-none", "none"),
        ("name-for-id", "phong-vhtt"),
        ("owners-with-comma", "[xa-1, xa-2]"),
        ("due-without-key", "{before: 15/3/2024}"),
        ("cut-off-without-key", "{by: 30/11}"),
        ("mailbox-with-accents", "vanthu@huyen.example"),
        ("bad-mailbox", "a@b.example"),
        ("bad-clock", '"08:00"'),
        ("no-space-before-brackets", "due: {by"),
        ("year-for-period", "{from: 1/1/2024, to: 31/12/2024}"),
        ("number-for-plan", "cap-tren"),
        ("title-for-task", "hai"),
        ("blank-in-mailbox", "vanthu@x.example"),
    ],
)
def test_what_was_meant_is_guessed(name: str, guess: str) -> None:
    assert told(name).guess == guess


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("bullet-of-word", "gõ lại dấu trừ"),
        ("no-space-after-dash", "`- id: hai`"),
        ("no-space-after-colon", "`title: Một`"),
        ("no-space-in-brackets", "`by: 20/3`"),
        ("clock-without-quotes", '"10:00"'),
        ("text-after-bracket", "cả câu trong ngoặc kép"),
        ("comma-without-quotes", "cả câu trong ngoặc kép thẳng"),
        ("dash-forgotten", "`- id: …`"),
        ("comment-for-value", '"#…"'),
        ("key-of-report-in-task", "ghi ở dòng dưới `report:`"),
        ("two-kinds-in-one", "tệp riêng"),
        ("tasks-in-forms", "sát lề trái"),
        ("day-of-month", "after_cut_off: 6 ngày"),
        ("number-for-day", "after_cut_off: 6 ngày"),
        ("number-for-span", "5 ngày làm việc"),
        ("due-on-the-cut-off", "`cut_off: {by: 04/12}`"),
        ("too-rare", "after_cut_off: "),
        ("quarter-in-a-month", "after_cut_off: 17 ngày"),
        ("early-reminder", "`opens`"),
        ("not-a-choice", "quarter (quý)"),
        ("unknown-key", "lead (chủ trì)"),
        ("no-mailbox", 'phải báo cáo nhiệm vụ "mot"'),
        ("no-date", "`every: once`"),
        ("too-deep-a-line", "thẳng cột"),
        ("curly-quotes", 'title: "Kế hoạch: năm 2024"'),
        ("colon-in-title", 'title: "Kế hoạch: năm 2024"'),
        ("round-brackets", "`period: {from: 2024-01-01, to: 2024-12-31}`"),
        ("keys-on-one-line", "`- {after: 2 days, to: head}`"),
        ("hash-in-brackets", "trong ngoặc kép"),
        ("merge-conflict", "chọn một trong hai bản"),
        ("pasted-twice", "dán hai lần"),
        ("mapping-for-list", "`- plan: …`"),
        ("report-one-level-out", "ghi ở dòng dưới `report:`"),
        ("last-of-the-month", "`last`"),
        ("due-of-every-quarter", "after_cut_off: 6 ngày"),
        ("hash-in-title", '"Kế hoạch số #5 năm 2024"'),
        ("words-say-before", "`before: 29/11`"),
    ],
)
def test_the_advice_can_be_followed_as_it_stands(name: str, advice: str) -> None:
    assert advice in told(name).help_in(Language.VI)


def test_a_due_date_on_the_day_of_the_cut_off_is_not_called_earlier() -> None:
    assert "14/12/2024, nhưng đến 14/12/2024" in told("due-on-the-cut-off").message_in(Language.VI)
    assert "before 14/12/2024" in told("due-on-the-cut-off").message


def test_lengths_of_time_are_told_in_the_readers_language() -> None:
    assert "ngày làm việc" in told("early-reminder").message_in(Language.VI)
    assert "working days" in told("early-reminder").message


def test_a_single_owner_is_not_counted() -> None:
    finding = told("no-agency")

    assert "[1]" not in finding.message
    assert finding.place.text[finding.column - 1 :].startswith(str(finding.args["name"]))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15.3.2027", "15/3/2027"),
        ("15-3-27", "15/3/2027"),
        ("ngày 15 tháng 3 năm 2027", "15/3/2027"),
        ("3/15/2027", "15/3/2027"),
        ("2027-18-01", "18/1/2027"),
        ("15-3", "15/3"),
        ("31/02/2027", None),
        ("cuối năm", None),
        ("1/2/3/4", None),
    ],
)
def test_days_written_otherwise(text: str, day: str | None) -> None:
    assert hints.day(text, annual=True) == day


def test_a_day_without_a_year_is_no_guess_where_the_year_is_needed() -> None:
    assert hints.day("15-3", annual=False) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("6 ngay", "6 ngày"),
        ("6ngày", "6 ngày"),
        ("6 Ngày làm việc", "6 ngày làm việc"),
        ("sáu ngày làm", "6 ngày làm việc"),
        ("2 Weeks", "2 weeks"),
        ("6", None),
        ("sớm", None),
    ],
)
def test_lengths_of_time_written_otherwise(text: str, span: str | None) -> None:
    assert hints.span(text) == span


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("7h30", '"07:30"'),
        ("8h", '"08:00"'),
        ("8:00", '"08:00"'),
        ("13 giờ 30 phút", '"13:30"'),
        ("25:00", None),
    ],
)
def test_times_of_day_written_otherwise(text: str, clock: str | None) -> None:
    assert hints.clock(text) == clock


@pytest.mark.parametrize(
    ("text", "month"), [("tháng 4/2027", "4/2027"), ("30/4/2027", "4/2027"), ("4", None)]
)
def test_months_written_otherwise(text: str, month: str | None) -> None:
    assert hints.month(text) == month


def test_a_spec_saved_as_txt_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.yaml.txt").write_text("plan: {}\n", encoding="utf-8")

    (finding,) = check([tmp_path]).findings

    assert finding.code is Code.NOT_READ
    assert "ke-hoach.yaml " in finding.help_in(Language.VI)


def test_a_folder_without_specs_is_not_called_sound(tmp_path: Path) -> None:
    (finding,) = check([tmp_path]).findings

    assert finding.code is Code.UNREADABLE
    assert "không có tệp .yaml nào" in finding.message_in(Language.VI)


def test_a_missing_folder_is_told_in_vietnamese(tmp_path: Path) -> None:
    (finding,) = check([tmp_path / "khong-co"]).findings

    assert finding.message_in(Language.VI).startswith("không có tệp hoặc thư mục")


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00\xff", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_an_office_document_is_told_as_such(start: bytes) -> None:
    (finding,) = check_contents({"kh.yaml": start + bytes(100)}).findings

    assert "Word" in finding.message_in(Language.VI)


def test_a_key_left_empty_on_purpose_is_no_finding() -> None:
    content = WRONG["wrong/blank-key.yaml"].replace(b"due:", b"due: null")

    assert check_contents({**RIGHT, "a.yaml": content}).findings == ()
