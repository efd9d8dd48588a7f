"""Whoever decides hears once a working day of what still waits, and only when something does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.ledger import cycles, outbox
from flows.ledger.outbox import MailStatus
from flows.shell.desk.assigning import discard
from flows.shell.desk.digest import Digest
from flows.shell.desk.inspecting import mails_for_people
from flows.shell.showing.status import as_json, read_status
from notifiers.ports import RawMail
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
    assert "Thư đến chưa rõ thuộc báo cáo nào: 1 (thư số 1)." in text_of(told)
    assert "la@khac.example" not in text_of(told)


TINH = "tinh@tinh.example"
HUYEN = "huyen@huyen.example"


@pytest.fixture
def two_plans(tmp_path: Path) -> Iterator[Driven]:
    """Of the district, which has to do with xa-1, and of the province, which has to do with xa-2."""
    commune = Agency.model_validate(
        {**AGENCIES["xa-1"].model_dump(mode="json"), "aliases": ["ubnd.xa1@gmail.com"]}
    )
    known = AGENCIES | {"xa-1": commune}
    of_district = {name: known[name] for name in ("huyen", "tinh", "xa-1")}
    of_province = {name: known[name] for name in ("huyen", "tinh", "xa-2")}
    plans = (
        bundle(task(lead="xa-1"), agencies=of_district),
        bundle(task("so-ket", lead="xa-2"), agencies=of_province, id="cua-tinh", issuer="tinh"),
    )
    with driven(tmp_path, at("2024-11-15"), *plans) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def stray(engine: Driven, sender: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, IDENTITY.mailbox, "Về công việc"
    mail.set_content(f"Xã xin trao đổi. {sender}")
    engine.receive(mail.as_bytes(), IDENTITY.mailbox, sender=sender)


def told_to(mails: list[EmailMessage]) -> dict[str, str]:
    """The line about mails that belong to no request, by whom it went to."""
    return {
        str(one["To"].addresses[0].addr_spec): next(
            (line for line in text_of(one).splitlines() if "thuộc báo cáo nào" in line), ""
        )
        for one in mails
    }


def test_a_stray_mail_is_told_to_whoever_decides_about_the_plans_that_know_its_sender(
    two_plans: Driven,
) -> None:
    stray(two_plans, "ubnd.xa1@gmail.com")  # an address that the directory has, and that was never written to
    stray(two_plans, "Xa-2@Xa.Example")
    stray(two_plans, "la@khac.example")
    told = day(two_plans, Digest(shell=two_plans.shell), "2024-11-19")
    assert told_to(told) == {
        HUYEN: "Thư đến chưa rõ thuộc báo cáo nào: 1 (thư số 1).",
        TINH: "Thư đến chưa rõ thuộc báo cáo nào: 1 (thư số 2).",
    }


def test_mails_that_belong_to_nobody_reach_whoever_runs_dondoc(two_plans: Driven) -> None:
    stray(two_plans, "la@khac.example")
    stray(two_plans, "xa-2@xa.example")
    stray(two_plans, "quangcao@khac.example")
    shell = replace(two_plans.shell, operator="quantri@tinh.example")
    told = day(two_plans, Digest(shell=shell), "2024-11-19")
    lines = told_to(told)
    assert sorted(lines) == ["quantri@tinh.example", TINH]
    (operators,) = (one for one in told if "quantri" in str(one["To"]))
    assert "la@khac.example" not in text_of(operators)
    assert "3, 1" in text_of(operators)
    assert "dondoc inbox" in text_of(operators)


def test_who_runs_dondoc_hears_of_strays_when_no_period_is_under_way(two_plans: Driven) -> None:
    two_plans.run_until(at("2025-01-10 10:00"))
    two_plans.mailer.sent.clear()
    stray(two_plans, "xa-2@xa.example")
    shell = replace(two_plans.shell, operator="quantri@tinh.example")
    told = day(two_plans, Digest(shell=shell), "2025-01-13")
    assert [one["To"].addresses[0].addr_spec for one in told] == ["quantri@tinh.example"]


def test_a_flood_of_strange_mail_hides_nothing_that_waits(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    for number in range(600):
        raw = f"From: la-{number}@khac.example\r\nSubject: x\r\n\r\nMua ngay {number}".encode()
        engine.intake.keep(RawMail(envelope_from="a@khac.example", envelope_to=(IDENTITY.mailbox,), raw=raw))
    while engine.intake.take_in():
        pass
    (told,) = day(engine, Digest(shell=engine.shell), "2024-11-19")
    assert "UBND xã 1: xin gia hạn" in text_of(told)
    listed = mails_for_people(engine.ledger)
    assert listed[-1].kind == "extension-request"
    assert len(listed) == 601


def test_many_strays_are_counted_and_the_latest_named(two_plans: Driven) -> None:
    for number in range(30):
        stray(two_plans, f"la-{number}@khac.example")
    shell = replace(two_plans.shell, operator=HUYEN)
    (told,) = day(two_plans, Digest(shell=shell), "2024-11-19")
    assert told["To"].addresses[0].addr_spec == HUYEN
    assert "30" in str(told["Subject"])
    assert "30, 29, 28" in text_of(told)
    assert "11…" in text_of(told)


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
