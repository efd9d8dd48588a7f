from __future__ import annotations

import io
import zipfile

import pytest

from notifiers.replies import understand
from notifiers.replies.mime.macros import holds_macros

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(*names: str) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as written:
            for name in names:
                written.writestr(name, "x")
        return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bao-cao.docm", b""),
        ("BAO-CAO.XLSM", packed("xl/workbook.xml")),
        ("bao-cao.xlsx", packed("xl/workbook.xml", "xl/vbaProject.bin")),
        ("bao-cao.docx", packed("word/document.xml", "word/VBAPROJECT.BIN")),
        ("bao-cao.pdf", packed("ppt/vbaProject.bin")),  # whatever it is called
        ("so-lieu.xlsx", packed("xl/macrosheets/sheet1.xml")),
        ("bao-cao.doc", OLE + "_VBA_PROJECT".encode("utf-16-le") + b"\0" * 100),
        ("so-lieu.xls", OLE + "_VBA_PROJECT_CUR".encode("utf-16-le")),
        (
            "hong.docx",
            packed("word/document.xml", "word/vbaProject.bin")[:-30],
        ),  # its list of parts is cut off
    ],
)
def test_a_file_with_macros_is_known_by_what_is_in_it(name: str, content: bytes) -> None:
    assert holds_macros(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bao-cao.docx", packed("word/document.xml")),
        ("bao-cao.xlsx", packed("xl/workbook.xml", "xl/worksheets/sheet1.xml")),
        ("bao-cao.doc", OLE),
        ("bao-cao.pdf", b"%PDF-1.7 vbaProject.bin"),
        ("hong.zip", b"PK\x03\x04" + b"\xff" * 200),
        ("", b""),
    ],
)
def test_other_files_are_left_in_peace(name: str, content: bytes) -> None:
    assert not holds_macros(name, content)


def test_a_file_of_a_mail_is_kept_and_marked() -> None:
    raw = (
        b"From: xa-1@xa.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nXa gui bao cao.\r\n"
        b'--b\r\nContent-Type: application/octet-stream; name="bao-cao.docm"\r\n\r\nabc\r\n--b--\r\n'
    )
    (file,) = understand(raw).attachments
    assert (file.name, file.macros, file.content) == ("bao-cao.docm", True, b"abc")
