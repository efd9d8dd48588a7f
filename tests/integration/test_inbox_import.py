"""`dondoc inbox import`: mails from files become mails that came in, each once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flows.ledger import inbox
from flows.ledger.database import open_ledger
from flows.ledger.inbox import Placing
from flows.shell.incoming.importing import import_mails
from notifiers.replies.mime.mailbag import mails
from tests.bundles import bundle, task
from tests.integration.office import Office
from tests.integration.staging import ROOT


def _import(home: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "inbox", "import", *map(str, paths)],
        cwd=ROOT,
        env=ours | {"DONDOC_HOME": str(home), "DONDOC_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _letter(subject: str) -> bytes:
    return f"From: vanthu@xa.example\nTo: a@tinh.example\nSubject: {subject}\n\nSố tin, bài: 45\n".encode()


def test_files_mboxes_and_maildirs_are_taken_in_each_mail_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    (tmp_path / "Maildir" / "cur" / "1.x:2,S").write_bytes(_letter("one"))
    (tmp_path / "Maildir" / "new" / "2.x").write_bytes(_letter("two"))
    (tmp_path / "Maildir" / "tmp" / "3.x").write_bytes(_letter("half written"))
    (tmp_path / "all.mbox").write_bytes(
        b"From a@xa.example Mon\n" + _letter("three") + b"\nFrom b@xa.example Mon\n" + _letter("four")
    )
    (tmp_path / "five.eml").write_bytes(_letter("five"))
    paths = [tmp_path / "Maildir", tmp_path / "all.mbox", tmp_path / "five.eml"]

    first, second = _import(home, *paths), _import(home, *paths)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "Mails: 5 new, 0 taken in before.\n"
    assert second.stdout == "Mails: 0 new, 5 taken in before.\n"
    ledger = open_ledger(f"sqlite:///{home / 'ledger.db'}")
    try:
        with ledger.read() as tx:
            taken_in = inbox.listed(tx, [Placing.UNPLACED], 100)
            raw = inbox.raw_mail(tx, max(one.id for one in taken_in))
    finally:
        ledger.close()
    assert sorted(one.subject for one in taken_in) == ["five", "four", "one", "three", "two"]
    assert raw == _letter("five")


def test_what_is_no_mail_or_not_there_is_named_and_holds_up_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(b"PK\x03\x04 not a mail")
    (tmp_path / "one.eml").write_bytes(_letter("one"))
    done = _import(tmp_path / "home", tmp_path / "report.docx", tmp_path / "gone.eml", tmp_path / "one.eml")
    assert done.returncode == 1
    assert done.stdout == "Mails: 1 new, 0 taken in before.\n"
    said = done.stderr.splitlines()
    assert len(said) == 2
    assert "report.docx: is no mail" in said[0]
    assert "gone.eml: No such file" in said[1]


def test_an_answer_from_a_file_counts_for_its_request_once(tmp_path: Path) -> None:
    with Office(f"sqlite:///{tmp_path / 'ledger.db'}", bundle(task())) as office:
        office.turn("2024-12-06")
        to = office.reply_to()
        raw = f"From: xa-1@xa.example\r\nTo: {to}\r\nSubject: Re: bao cao\r\n\r\nSo doi: 7\r\n".encode()
        (tmp_path / "answer.eml").write_bytes(raw)
        found = [
            import_mails(office.intake, mails(tmp_path / "answer.eml"), size_limit=1_000_000)
            for _ in range(2)
        ]
        assert [(one.new, one.known) for one in found] == [(1, 0), (0, 1)]
        with office.ledger.read() as tx:
            (listed,) = inbox.listed(tx, list(Placing), 10)
        assert listed.placing is Placing.PLACED
        assert listed.reason.startswith("found: signed-address")
