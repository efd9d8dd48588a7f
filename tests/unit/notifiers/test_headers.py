from __future__ import annotations

import email
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers import headers

NAMES = [
    "Report form r12.xlsx",
    "Biểu mẫu báo cáo r12.xlsx",
    "Biểu mẫu báo cáo kết quả thực hiện nhiệm vụ thông tin đối ngoại trên địa bàn tỉnh Đắk Lắk năm 2024.xlsx",
    "tên \"lạ\" \\ %41 'x'; y=z.xlsx",
]


def read(told: str) -> str | None:
    raw = f"Content-Type: text/plain\r\nContent-Disposition: attachment{told}\r\n\r\nx"
    message = email.message_from_string(raw, policy=policy.default)
    assert message.defects == []
    return message.get_filename()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_its_name_with_all_accents(name: str) -> None:
    assert read(headers.parameter("filename", name)) == name


@pytest.mark.parametrize("name", NAMES[1:3])
def test_a_reader_that_knows_no_accents_gets_the_name_without_them(name: str) -> None:
    told = headers.parameter("filename", name)
    plain = told.rpartition('filename="')[2].rstrip('"')
    assert plain.isascii()
    assert plain.startswith("Bieu mau bao cao ")
    assert plain.endswith(".xlsx")
    assert all(len(line) <= 78 for line in told.split("\r\n"))


@given(name=st.text(max_size=80))
def test_no_name_can_end_its_header(name: str) -> None:
    told = headers.parameter("filename", name)
    assert told.isascii()
    assert all(line.startswith((" filename", "")) for line in told.split("\r\n"))
    lines = told.split(";\r\n")
    assert "\r" not in "".join(lines)
    assert "\n" not in "".join(lines)
