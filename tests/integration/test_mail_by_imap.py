from __future__ import annotations

import datetime as dt
import itertools
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from flows.ledger import inbox
from flows.ledger.database import Ledger, open_ledger
from flows.shell.incoming.fetching import MailCursors
from notifiers.delivered import is_left_behind
from notifiers.errors import MailboxLoginRefused, MailboxUnavailable
from notifiers.imap import ImapFetcher
from notifiers.imap_folder import ImapSettings
from notifiers.ports import RawMail
from notifiers.tls import Tls
from tests.integration.certificates import Certificate
from tests.integration.imap_server import PASSWORD, Dovecot, running_dovecot
from tests.integration.memory_cursors import Cursors
from tests.integration.required import not_here

_NUMBERS = itertools.count(1)
WITHIN_SECONDS = 15.0


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    if shutil.which("dovecot") is None or not Path("/usr/lib/dovecot/lmtp").exists():
        not_here("Dovecot", "apt install dovecot-imapd dovecot-lmtpd")
    with running_dovecot() as started:
        yield started


@pytest.fixture
def dovecot(server: Dovecot) -> Dovecot:
    """The server, with an empty mailbox: that of a user nobody was before."""
    server.user = f"baocao{next(_NUMBERS)}"
    return server


class Keeping:
    """Keeps mails in memory, in the order they came; can be told to fail."""

    def __init__(self) -> None:
        self.mails: list[RawMail] = []
        self.fails_for: bytes | None = None
        self.failed = threading.Event()

    def __call__(self, mail: RawMail) -> None:
        if self.fails_for is not None and self.fails_for in mail.raw:
            self.failed.set()
            raise OSError("the disk is full")
        self.mails.append(mail)

    @property
    def subjects(self) -> list[str]:
        return [
            line.removeprefix("Subject: ")
            for mail in self.mails
            for line in mail.raw.decode().split("\r\n")
            if line.startswith("Subject: ")
        ]


def settings(server: Dovecot, **changes: object) -> ImapSettings:
    given: dict[str, object] = {
        "host": "127.0.0.1",
        "port": server.imap_port,
        "username": server.user,
        "password": PASSWORD,
        "tls": Tls.NONE,
        "timeout": 5.0,
        "look_every": 60.0,
        "retry_after": 0.1,
        "retry_at_most": 0.4,
    }
    return ImapSettings(**(given | changes))  # type: ignore[arg-type]


def letter(subject: str, body: str = "Số tin, bài: 45") -> bytes:
    return (
        f"From: vanthu@xa.example\r\nTo: baocao@tinh.example\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()
    )


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def deliver(server: Dovecot, subject: str, body: str = "45") -> None:
    server.deliver(letter(subject, body))


@contextmanager
def logged_in(server: Dovecot) -> Iterator[MailBoxUnencrypted]:
    """Somebody else in the same mailbox, with a mail program."""
    with MailBoxUnencrypted("127.0.0.1", server.imap_port).login(server.user, PASSWORD) as box:
        yield box


def test_mails_that_came_before_and_come_during_idle_arrive_once_octet_for_octet(dovecot: Dovecot) -> None:
    keep, cursors = Keeping(), Cursors()
    deliver(dovecot, "one", body="Tiếng Việt\r\n.một dòng có dấu chấm\r\n\tcuối")
    deliver(dovecot, "two")
    with ImapFetcher(settings(dovecot), keep, cursors):
        until(lambda: keep.subjects == ["one", "two"] and cursors.noted)
        deliver(dovecot, "three")
        until(lambda: len(keep.mails) == 3)
        deliver(dovecot, "four")
        until(lambda: len(keep.mails) == 4 and cursors.only.last_uid == 4)
    assert keep.subjects == ["one", "two", "three", "four"]
    assert "Tiếng Việt\r\n.một dòng có dấu chấm\r\n\tcuối\r\n".encode() in keep.mails[0].raw
    stored = {file.read_bytes().replace(b"\r\n", b"\n") for file in dovecot.files()}
    assert {mail.raw.replace(b"\r\n", b"\n") for mail in keep.mails} == stored
    assert {mail.envelope_to for mail in keep.mails} == {(dovecot.address,)}
    assert {mail.envelope_from for mail in keep.mails} == {"vanthu@xa.example"}
    assert dovecot.seen() == [True] * 4
    assert cursors.only.pending == ()


def test_a_mail_counts_from_when_the_server_took_it_in_not_from_when_it_is_fetched(dovecot: Dovecot) -> None:
    taken_in_at = dt.datetime(2024, 11, 29, 16, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    with logged_in(dovecot) as box:
        box.append(letter("in time"), "INBOX", dt=taken_in_at)
    keep, cursors = Keeping(), Cursors()
    with ImapFetcher(settings(dovecot), keep, cursors):
        until(lambda: keep.mails)
    assert keep.mails[0].arrived_at == taken_in_at


def test_a_restart_goes_on_where_reading_stopped(dovecot: Dovecot) -> None:
    first, second, cursors = Keeping(), Keeping(), Cursors()
    deliver(dovecot, "one")
    with ImapFetcher(settings(dovecot), first, cursors):
        until(lambda: first.mails and cursors.noted)
    deliver(dovecot, "two")
    with ImapFetcher(settings(dovecot), second, cursors):
        until(lambda: second.mails)
    assert first.subjects == ["one"]
    assert second.subjects == ["two"]


def test_a_mail_that_a_person_has_already_read_in_a_mail_program_is_taken_all_the_same(
    dovecot: Dovecot,
) -> None:
    deliver(dovecot, "read before")
    (new,) = dovecot.files()
    new.rename(new.parent.parent / "cur" / f"{new.name}:2,S")
    keep = Keeping()
    with ImapFetcher(settings(dovecot), keep, Cursors()):
        until(lambda: keep.mails)
    assert keep.subjects == ["read before"]


def test_a_mail_is_seen_only_after_it_was_kept_and_one_that_cannot_be_kept_holds_up_no_other(
    dovecot: Dovecot,
) -> None:
    keep, cursors = Keeping(), Cursors()
    keep.fails_for = b"Subject: bad"
    for subject in ("bad", "good"):
        deliver(dovecot, subject)
    with ImapFetcher(settings(dovecot), keep, cursors):
        until(lambda: keep.mails and keep.failed.is_set() and cursors.noted)
        assert keep.subjects == ["good"]
        assert sorted(dovecot.seen()) == [False, True]
        assert (cursors.only.last_uid, cursors.only.pending) == (2, (1,))
    keep.failed.clear()
    with ImapFetcher(settings(dovecot), keep, cursors):  # what failed is known after a restart too
        until(keep.failed.is_set)
        keep.fails_for = None
        until(lambda: cursors.only.pending == ())
    assert keep.subjects == ["good", "bad"]
    assert dovecot.seen() == [True, True]


def test_a_mail_that_vanishes_before_it_could_be_kept_is_forgotten(dovecot: Dovecot) -> None:
    keep, cursors = Keeping(), Cursors()
    keep.fails_for = b"Subject: bad"
    deliver(dovecot, "bad")
    with ImapFetcher(settings(dovecot), keep, cursors):
        until(lambda: cursors.noted and cursors.only.pending)
        for file in dovecot.files():
            file.unlink()
        deliver(dovecot, "good")
        until(lambda: keep.mails and not cursors.only.pending)
    assert keep.subjects == ["good"]


def test_a_mail_over_the_limit_stays_on_the_server_unseen_and_is_put_before_a_person(
    dovecot: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    keep, cursors = Keeping(), Cursors()
    deliver(dovecot, "huge", body="x" * 900 + "\r\n" + "y" * 900 + "\r\n" + "z" * 900)
    deliver(dovecot, "small")
    with ImapFetcher(settings(dovecot, size_limit=2000), keep, cursors):
        until(lambda: len(keep.mails) == 2 and cursors.noted)
    assert keep.subjects == ["huge", "small"]
    huge = keep.mails[0]
    assert is_left_behind(huge.raw)
    assert b"xxx" not in huge.raw
    assert huge.envelope_to == (dovecot.address,)
    assert sorted(dovecot.seen()) == [False, True]
    assert "more than 2000" in caplog.text


def test_what_others_marked_as_deleted_is_left_to_them(dovecot: Dovecot) -> None:
    deliver(dovecot, "one")
    (new,) = dovecot.files()
    new.rename(new.parent.parent / "cur" / f"{new.name}:2,T")
    keep = Keeping()
    with ImapFetcher(settings(dovecot), keep, Cursors()):
        until(lambda: keep.mails and dovecot.seen() == [True])
    assert len(dovecot.files()) == 1


@pytest.mark.parametrize("following", [True, False], ids=["while followed", "between two followings"])
def test_a_folder_that_was_made_again_loses_nothing_and_stores_nothing_twice(
    dovecot: Dovecot, tmp_path: Path, *, following: bool
) -> None:
    told = settings(dovecot, folder="Thư đến")
    with opened(tmp_path) as ledger, logged_in(dovecot) as box:
        box.folder.create(told.folder)
        box.append(letter("one"), told.folder)
        cursors = MailCursors(ledger)

        def read_anew() -> bool:
            now = cursors.load(told.mailbox)
            return now is not None and now.last_uid == 3 and now.uid_validity != before.uid_validity

        fetcher = ImapFetcher(told, keeping_in(ledger), cursors)
        with fetcher:
            until(lambda: kept_in(ledger) == ["one"] and cursors.load(told.mailbox))
            before = cursors.load(told.mailbox)
            assert before is not None
            if following:
                box.folder.delete(told.folder)
                until(lambda: fetcher.trouble)
                make_again(box, told.folder)
                until(read_anew)
        if not following:
            box.folder.delete(told.folder)
            make_again(box, told.folder)
            with fetcher:
                until(read_anew)
        assert before.last_uid == 1
        assert sorted(kept_in(ledger)) == ["one", "three", "two"]


def make_again(box: MailBoxUnencrypted, folder: str) -> None:
    """The folder anew, with a mail that was in the one before and two that were not."""
    box.folder.create(folder)
    for subject in ("two", "one", "three"):
        box.append(letter(subject), folder)


def test_a_server_that_goes_away_is_waited_for(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    keep, cursors = Keeping(), Cursors()
    deliver(dovecot, "before")
    fetcher = ImapFetcher(settings(dovecot), keep, cursors)
    with fetcher:
        until(lambda: keep.mails and cursors.noted)
        dovecot.stop()
        until(lambda: isinstance(fetcher.trouble, MailboxUnavailable))
        time.sleep(0.5)  # several tries in vain
        dovecot.start()
        deliver(dovecot, "after")
        until(lambda: len(keep.mails) == 2 and fetcher.trouble is None)
    assert keep.subjects == ["before", "after"]
    errors = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "cannot be read" in errors[0].getMessage()


def test_a_wrong_password_is_told_once_in_one_clear_line(
    dovecot: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    fetcher = ImapFetcher(settings(dovecot, password="sai-mat-khau"), Keeping(), Cursors())
    with fetcher:
        until(lambda: isinstance(fetcher.trouble, MailboxLoginRefused))
        time.sleep(1.0)
    (error,) = caplog.records
    assert f"127.0.0.1:{dovecot.imap_port} refused the login of {dovecot.user}" in error.getMessage()
    assert "Authentication failed" in error.getMessage()
    assert "sai-mat-khau" not in caplog.text
    assert "\n" not in error.getMessage()
    assert "sai-mat-khau" not in repr(settings(dovecot, password="sai-mat-khau"))


def test_a_folder_that_is_not_there_is_told_and_waited_for(dovecot: Dovecot) -> None:
    keep = Keeping()
    fetcher = ImapFetcher(settings(dovecot, folder="Báo cáo"), keep, Cursors())
    with fetcher:
        until(lambda: isinstance(fetcher.trouble, MailboxUnavailable))
        assert "doesn't exist" in str(fetcher.trouble)
        with logged_in(dovecot) as box:
            box.folder.create("Báo cáo")
            box.append(letter("made since"), "Báo cáo")
        until(lambda: keep.mails)
    assert keep.subjects == ["made since"]


@pytest.mark.parametrize("trusted", [True, False])
def test_the_line_is_encrypted_to_a_server_that_somebody_vouches_for_and_to_no_other(
    certificate: Certificate, *, trusted: bool
) -> None:
    keep = Keeping()
    with running_dovecot(certificate) as server:
        deliver(server, "sealed")
        fetcher = ImapFetcher(
            settings(
                server,
                host="localhost",
                tls=Tls.STARTTLS,
                certificates=str(certificate.pem) if trusted else None,
            ),
            keep,
            Cursors(),
        )
        with fetcher:
            until(lambda: keep.mails or fetcher.trouble)
    assert keep.subjects == (["sealed"] if trusted else [])
    assert trusted or "certificate" in str(fetcher.trouble)


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    ledger = open_ledger(f"sqlite:///{folder / 'ledger.db'}")
    try:
        yield ledger
    finally:
        ledger.close()


def keeping_in(ledger: Ledger) -> Callable[[RawMail], None]:
    def keep(mail: RawMail) -> None:
        with ledger.write() as tx:
            inbox.keep(tx, [(mail, dt.datetime(2024, 3, 1, tzinfo=dt.UTC))])

    return keep


def kept_in(ledger: Ledger) -> list[str]:
    keeping = Keeping()
    with ledger.read() as tx:
        for one in inbox.new_mails(tx, 100):
            keeping(RawMail(envelope_from="", envelope_to=(), raw=one.raw))
    return keeping.subjects
