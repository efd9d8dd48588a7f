from __future__ import annotations

from pathlib import Path

import pytest

from notifiers.replies.mime.mailbag import mails

ONE = b"From: a@xa.example\r\nSubject: mot\r\n\r\nXin chao\r\n"
TWO = b"From: b@xa.example\nSubject: hai\n\n>From hom qua\n"


def _names(path: Path) -> list[str]:
    return [Path(name).relative_to(path).as_posix() for name, _ in mails(path)]


def test_a_file_is_one_mail_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "x.eml"
    file.write_bytes(ONE)

    assert list(mails(file)) == [(file.as_posix(), ONE)]


def test_the_mails_of_an_mbox_are_numbered_and_unstuffed(tmp_path: Path) -> None:
    file = tmp_path / "thu"
    file.write_bytes(
        b"From a Thu Jan 1 00:00:00 2024\n" + ONE + b"\nFrom b Thu Jan 1 00:00:00 2024\n" + TWO + b"\n"
    )

    found = list(mails(file))

    assert [name for name, _ in found] == [f"{file.as_posix()}:1", f"{file.as_posix()}:2"]
    assert found[0][1] == ONE
    assert found[1][1].endswith(b"\r\n\r\nFrom hom qua\r\n")


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\nFrom c Fri Jan 2 00:00:00 2024\nSubject: ba\n\nx\n"])
def test_a_mail_has_the_same_octets_out_of_every_mbox(tmp_path: Path, end: bytes) -> None:
    held = b"From a Thu Jan 1 00:00:00 2024\nSubject: mot\n\nXin chao\n\n>From hom qua\n>>From xua\nhet" + end
    unix, dos = tmp_path / "unix.mbox", tmp_path / "dos.mbox"
    unix.write_bytes(held)
    dos.write_bytes(held.replace(b"\n", b"\r\n"))

    found = [next(iter(mails(one)))[1] for one in (unix, dos)]

    expected = b"Subject: mot\r\n\r\nXin chao\r\n\r\nFrom hom qua\r\n>From xua\r\nhet\r\n"
    assert found == [expected, expected]


def test_a_line_that_begins_with_from_below_text_does_not_cut_a_mail(tmp_path: Path) -> None:
    file = tmp_path / "one.mbox"
    file.write_bytes(b"From a Thu Jan 1 00:00:00 2024\nSubject: x\n\nDear all,\nFrom now on it is so.\n")

    assert [name for name, _ in mails(file)] == [file.as_posix()]


def test_of_a_folder_only_what_begins_like_a_mail_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(ONE)
    (tmp_path / "a").write_bytes(TWO)
    (tmp_path / "b.json").write_bytes(b'{"kind": "reply"}')
    (tmp_path / "notes.txt").write_bytes(b"nothing of the kind\n")
    (tmp_path / ".hidden.eml").write_bytes(ONE)

    assert _names(tmp_path) == ["a", "b.eml"]


def test_of_a_maildir_what_has_arrived_is_read(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"1.{folder}.host:2,S").write_bytes(ONE)

    assert _names(tmp_path) == ["cur/1.cur.host:2,S", "new/1.new.host:2,S"]


def test_a_path_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        list(mails(tmp_path / "none.eml"))
