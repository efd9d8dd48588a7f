"""What a mail names of ours, and which reporting periods."""

from __future__ import annotations

import pytest

from notifiers.address import signed_address
from notifiers.replies import mentions, other_period, same_period, understand

ADDRESS = signed_address("baocao@dondoc.example", "r12", b"secret")
ID = f"dd.{'0a' * 16}@dondoc.example"


def said(text: str, subject: str = "Trả lời") -> bytes:
    head = f"From: a@b.example\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return f"{head}\r\n{text}".encode()


def test_codes_addresses_and_ids_are_found_where_they_stand() -> None:
    found = mentions(
        understand(
            said(
                f"Xã gửi báo cáo.\n\nFrom: Đôn đốc <{ADDRESS.upper()}>\nMessage-ID: <{ID}>\n"
                "===== PHẦN TRẢ LỜI (mã r12) =====\n",
                "Chuyển: [Đôn đốc] Báo cáo (99/KH-UBND) [#R12]",
            )
        )
    )
    assert (found.tags, found.codes) == (("r12",), ("r12",))
    assert found.addresses == (ADDRESS,)
    assert found.message_ids == (f"<{ID}>",)


def test_the_code_of_an_older_quote_is_none_of_this_mail() -> None:
    older = "> > ===== PHẦN TRẢ LỜI (mã r7) =====\n> ===== PHẦN TRẢ LỜI (mã r8) =====\n"
    assert mentions(understand(said(f"Xã gửi.\n{older}"))).codes == ("r8",)


def test_of_very_many_only_the_first_are_looked_at() -> None:
    lines = "\n".join(f"(mã r{n})" for n in range(5000))
    assert len(mentions(understand(said(lines))).codes) == 20


@pytest.mark.parametrize(
    ("subject", "period"),
    [
        ("Báo cáo tháng 4/2024", "Tháng 3/2024"),
        ("Re: Báo cáo tháng 4", "Tháng 3/2024"),
        ("Báo cáo tháng 3/2023", "Tháng 3/2024"),
        ("Báo cáo năm 2023", "Năm 2024"),
        ("BC quý II", "Quý I/2024"),
        ("Báo cáo quý I/2024", "Tháng 3/2024"),
        ("Báo cáo 6 tháng đầu năm 2024", "Năm 2023"),
        ("Report for quarter 2 of 2024", "Quarter I of 2024"),
    ],
)
def test_another_period_is_seen(subject: str, period: str) -> None:
    assert other_period(subject, period)
    assert not same_period(subject, period)


@pytest.mark.parametrize(
    ("subject", "period"),
    [
        ("Re: [Đôn đốc] Báo cáo Tháng 3/2024 – kết quả quý I (99/KH-UBND)", "Tháng 3/2024"),
        ("Bao cao thang 3", "Tháng 3/2024"),
        ("Báo cáo tháng 03 năm 2024", "Tháng 3/2024"),
        ("Báo cáo Quý 1/2024", "Quý I/2024"),
        ("Báo cáo 6 tháng", "6 tháng đầu năm 2024"),
        ("Báo cáo năm 2024", "Năm 2024"),
        ("Week 12 of 2024", "Tuần 12/2024"),
    ],
)
def test_the_same_period_is_seen(subject: str, period: str) -> None:
    assert same_period(subject, period)
    assert not other_period(subject, period)


@pytest.mark.parametrize(
    ("subject", "period"),
    [
        ("Trả lời công văn", "Tháng 3/2024"),
        ("Báo cáo ngày 05 tháng 11 năm 2024", "Tháng 10/2024"),
        ("Báo cáo tháng 3", ""),
        ("Báo cáo chuyên đề", "Đột xuất ngày 03/04/2024"),
    ],
)
def test_a_subject_may_name_no_period(subject: str, period: str) -> None:
    assert not other_period(subject, period)
    assert not same_period(subject, period)
