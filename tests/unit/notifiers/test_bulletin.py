"""What a bulletin says, in both languages, and what it never says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifiers.bulletin import ANNOUNCED, Bulletin, bulletin, digest, is_announced, subject_of
from notifiers.ports import LetterKind
from schemas.model import Language
from tests.unit.notifiers.letters import VALUES, letter

TITLES = {
    (LetterKind.ESCALATION, Language.VI): "[Đôn đốc] Kế hoạch số 99/KH-UBND: 1 báo cáo quá hạn",
    (LetterKind.ESCALATION, Language.EN): "[Don doc] Plan No. 99/KH-UBND: 1 report is overdue",
    (LetterKind.RESOLVED, Language.VI): "[Đôn đốc] Kế hoạch số 99/KH-UBND: 1 báo cáo chậm đã có kết quả",
    (LetterKind.RESOLVED, Language.EN): "[Don doc] Plan No. 99/KH-UBND: 1 overdue report is settled",
    (LetterKind.MISSING, Language.VI): "[Đôn đốc] Kế hoạch số 99/KH-UBND: khép kỳ, còn thiếu 1 báo cáo",
    (LetterKind.MISSING, Language.EN): "[Don doc] Plan No. 99/KH-UBND: closed without 1 report",
    (LetterKind.PETITION, Language.VI): "[Đôn đốc] Kế hoạch số 99/KH-UBND: có đề nghị chờ quyết định",
    (LetterKind.PETITION, Language.EN): "[Don doc] Plan No. 99/KH-UBND: a decision is asked for",
    (LetterKind.UNREACHABLE, Language.VI): "[Đôn đốc] Kế hoạch số 99/KH-UBND: không gửi được thư",
    (LetterKind.UNREACHABLE, Language.EN): "[Don doc] Plan No. 99/KH-UBND: mail cannot be delivered",
}


@pytest.mark.parametrize(("kind", "language"), TITLES)
def test_its_title_says_of_which_plan_and_what(kind: LetterKind, language: Language) -> None:
    assert bulletin([letter(kind, language)]).title == TITLES[kind, language]


def test_a_title_is_held_for_each_letter_that_is_announced() -> None:
    assert {kind for kind, _ in TITLES} == ANNOUNCED
    assert [kind for kind in LetterKind if is_announced(letter(kind))] == [
        kind for kind in LetterKind if kind in ANNOUNCED
    ]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            Language.VI,
            "(năm 2024), thời hạn hết ngày 29/11/2024, đã quá hạn 4 ngày làm việc",
        ),
        (
            Language.EN,
            "(Năm 2024), due by the end of 29 November 2024, 4 working days late",
        ),
    ],
)
def test_each_report_has_a_line_with_who_what_and_when(language: Language, line: str) -> None:
    said = bulletin([letter(LetterKind.ESCALATION, language, days_late=4)])
    first = said.text.splitlines()[0]
    assert first.startswith("– UBND xã Mỹ Long Bắc: Tuyên truyền, quảng bá hình ảnh vùng đất, ")
    assert first.endswith(line)
    assert len(said.text.splitlines()) == 2


def test_many_reports_are_told_in_part_and_counted() -> None:
    said = bulletin([letter(LetterKind.ESCALATION, days_late=1)] * 31)
    assert "31 báo cáo quá hạn" in said.title
    assert said.text.count("UBND xã Mỹ Long Bắc") == 10
    assert "– và 21 báo cáo khác" in said.text
    assert len(said.text) < 2_000


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", sorted(ANNOUNCED))
def test_no_value_and_nothing_that_an_agency_wrote_is_repeated(kind: LetterKind, language: Language) -> None:
    one = letter(kind, language, values=VALUES)
    said = repr(bulletin([one]))
    assert one.asked is not None
    for told in ("1250", "1.250", "45.5", "45,5", "Đã mở chuyên mục", one.asked.text, one.asked.sender):
        assert told not in said


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", sorted(ANNOUNCED))
def test_of_classified_reports_only_that_they_are_owed(kind: LetterKind, language: Language) -> None:
    secret = letter(kind, language, classified=True)
    said = bulletin([secret])
    other = replace(secret, task_title="x", agency=secret.issuer, days_late=9, cycle_name="y")
    assert bulletin([other]) == said
    assert subject_of(secret) == "owed" != subject_of(replace(secret, classified=False))


def test_a_digest_counts_what_waits() -> None:
    assert digest(Language.VI, waiting=2, troubled=0, strays=1) == Bulletin(
        title="[Đôn đốc] 3 việc đang chờ đồng chí",
        text="– Thư của các đơn vị chờ quyết định hoặc trả lời: 2\n"
        "– Thư đến chưa rõ thuộc báo cáo nào: 1\n"
        "Chi tiết và cách xử lý: xem thư gửi cùng lúc.",
    )
    assert digest(Language.EN, waiting=0, troubled=1, strays=0).text.splitlines()[0] == (
        "– Mails that were refused, or may not have arrived: 1"
    )
