"""Whoever decides hears once a working day of what still waits, and only when something does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.ledger import cycles, outbox
from flows.ledger.outbox import MailStatus
from flows.shell.assigning import discard
from flows.shell.digest import Digest
from flows.shell.status import as_json, read_status
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, read, text_of
from tests.ledgers import mail_row, rows

MORE_TIME = "Kính đề nghị UBND huyện cho xã gia hạn nộp báo cáo đến ngày 05/12/2024.\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), bundle(task(lead=["xa-1", "xa-3"]))) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven) -> EmailMessage:
    (row,) = rows(engine.ledger, "outbox", request_id=engine.request()["id"], kind="request")
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def day(engine: Driven, digest: Digest, start: str) -> list[EmailMessage]:
    """A whole day of looking every few minutes; the digests that went out in it."""
    engine.mailer.sent.clear()
    engine.clock.set(at(f"{start} 00:00"))
    for _ in range(24 * 4 - 1):
        engine.clock.set(engine.clock.now() + timedelta(minutes=15))
        digest.look()
    engine.postman()
    return engine.letters("digest")


def test_a_digest_comes_once_a_working_day_until_nothing_waits(engine: Driven) -> None:
    digest = Digest(shell=engine.shell)
    engine.reply(asked(engine), MORE_TIME)
    assert digest.look() == 0  # the mail about it has just gone out
    (told,) = day(engine, digest, "2024-11-19")
    assert told["To"].addresses[0].addr_spec == "huyen@huyen.example"
    assert "UBND xã 1: xin gia hạn đến hết ngày 05/12/2024 (thư số 1, nhận ngày 18/11/2024)" in text_of(told)
    assert told["Auto-Submitted"] == "auto-generated"
    assert len(day(engine, digest, "2024-11-20")) == 1
    assert day(engine, digest, "2024-11-23") == []  # a Saturday
    discard(engine.shell, engine.unplaced()[0].id, "đã trao đổi qua điện thoại", by="lan")
    assert day(engine, digest, "2024-11-25") == []


def test_nothing_waits_and_nobody_is_written_to(engine: Driven) -> None:
    assert day(engine, Digest(shell=engine.shell), "2024-11-19") == []


def test_two_processes_write_one_digest(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.clock.set(at("2024-11-19 09:00"))
    assert [Digest(shell=engine.shell).look() for _ in range(2)] == [1, 0]


def test_a_mail_nobody_can_place_is_counted_where_one_person_decides(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD, to=IDENTITY.mailbox, sender="la@khac.example", thread="no")
    (told,) = day(engine, Digest(shell=engine.shell), "2024-11-19")
    assert "Thư đến chưa rõ thuộc báo cáo nào: 1." in text_of(told)
    assert "la@khac.example" not in text_of(told)


def test_a_mail_that_may_not_have_arrived_is_told(engine: Driven) -> None:
    row = mail_row(engine.ledger, "mat", status=MailStatus.IN_DOUBT, answer="line\x1b broke")
    with engine.ledger.write() as tx:
        outbox.enqueue(tx, [row])
    (told,) = day(engine, Digest(shell=engine.shell), "2024-11-19")
    assert "Gửi xa-1@xa.example về báo cáo của UBND xã 1" in text_of(told)
    assert "chưa rõ đã đến nơi; máy chủ trả lời: line broke" in text_of(told)
    status = as_json(read_status(engine.ledger, engine.shell.versions))
    assert status["waiting"] == {"mails": 0, "to_decide": 0, "troubled_mails": 1}


def test_stopping_one_period_takes_no_digest_back(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.clock.set(at("2024-11-19 08:30"))
    assert Digest(shell=engine.shell).look() == 1
    with engine.ledger.write() as tx:
        cycles.stop(tx, "ke-hoach", "once", "nhầm", engine.clock.now())
    engine.postman()
    assert len(engine.letters("digest")) == 1


def test_status_counts_what_is_to_be_decided(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    status = as_json(read_status(engine.ledger, engine.shell.versions))
    assert status["waiting"] == {"mails": 1, "to_decide": 1, "troubled_mails": 0}


def test_a_focal_point_is_the_one_who_hears_in_the_language_of_the_agency(tmp_path: Path) -> None:
    chi = {"name": "Chi", "mailbox": "chi@huyen.example"}
    huyen = Agency.model_validate(
        {**AGENCIES["huyen"].model_dump(mode="json"), "language": "en", "focal_point": chi}
    )
    with driven(tmp_path, at("2024-11-15"), bundle(task(), agencies={**AGENCIES, "huyen": huyen})) as engine:
        engine.run_until(at("2024-11-18 10:00"))
        engine.reply(asked(engine), MORE_TIME)
        (told,) = day(engine, Digest(shell=engine.shell), "2024-11-19")
        assert told["To"].addresses[0].addr_spec == "chi@huyen.example"
        assert "UBND xã 1: asks for more time, until 5 December 2024" in text_of(told)
