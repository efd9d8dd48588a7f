"""Files of strangers are written where they are asked for, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli.saving import safe_name, save
from notifiers.replies import Attachment


def file(name: str, content: bytes = b"x") -> Attachment:
    return Attachment(name=name, content_type="application/pdf", size=len(content), content=content)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Báo cáo tháng 3.pdf", "Báo cáo tháng 3.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\a.exe", "C_Windows_a.exe"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("a\x00b\nc.pdf", "a_b_c.pdf"),
        ("bao\u202efdp.exe", "bao_fdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
    ],
)
def test_a_name_does_no_harm(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("đ" * 500 + ".xlsx")
    assert name.endswith(".xlsx")
    assert len(name.encode()) <= 150


def test_no_file_is_written_over_and_none_can_be_run(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"mine")
    paths = list(save([file("a.pdf", b"1"), file("a.pdf", b"2"), file("mail.eml", b"")], tmp_path))
    assert [path.name for path in paths] == ["a (2).pdf", "a (3).pdf"]
    assert [path.read_bytes() for path in (tmp_path / "a.pdf", *paths)] == [b"mine", b"1", b"2"]
    assert all(path.stat().st_mode & 0o177 == 0 for path in paths)


def test_the_folder_is_made(tmp_path: Path) -> None:
    (path,) = save([file("../b.pdf")], tmp_path / "new" / "folder")
    assert path.parent == tmp_path / "new" / "folder"
