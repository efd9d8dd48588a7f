"""What a server takes only later is waited for, for days; then the next contact is written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.ledger import outbox
from notifiers.memory import accept
from notifiers.ports import Deferred, Mail, Outcome
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, Driven, driven, read, text_of
from tests.ledgers import rows

OFFICE, FOCAL = "xa-1@xa.example", "canbo@xa.example"
AGENCY = Agency.model_validate(
    {
        "id": "xa-1",
        "name": "UBND xã 1",
        "superior": "huyen",
        "mailbox": OFFICE,
        "focal_point": {"name": "Lê Thị B", "mailbox": FOCAL},
    }
)
FULL = Deferred(code=452, answer="4.2.2 mailbox full")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(), agencies=AGENCIES | {"xa-1": AGENCY})
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        yield found


def full(engine: Driven) -> None:
    def answer(mail: Mail) -> Outcome:
        return FULL if mail.envelope_to[0] == FOCAL else accept(mail)

    engine.mailer.answer = answer


def retry(engine: Driven, until: datetime) -> None:
    """Try what was put off whenever its time comes, until then."""
    while True:
        engine.postman()
        with engine.ledger.read() as tx:
            following = outbox.next_retry(tx)
        if following is None or following > until:
            break
        engine.clock.set(max(following, engine.clock.now()))
    engine.clock.set(until)
    engine.postman()
    engine.postman()


def reached(engine: Driven) -> list[str]:
    return [mail.envelope_to[0] for mail in engine.mailer.sent]


def notice(engine: Driven, action: str, status: str) -> None:
    """A server tells how it stands with the mail to the focal point."""
    mail = next(one for one in engine.mailer.sent if one.envelope_to[0] == FOCAL)
    raw = (
        f"From: MAILER-DAEMON@xa.example\r\nTo: {mail.envelope_from}\r\nSubject: Delivery Status\r\n"
        f"Message-ID: <{len(rows(engine.ledger, 'inbox'))}@mx.xa.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nDelivery status of your message.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.xa.example\r\n\r\n"
        f"Final-Recipient: rfc822; {FOCAL}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail.message_id}\r\n\r\n--b--\r\n"
    )
    engine.receive(raw.encode(), mail.envelope_from, sender="")
    engine.postman()
    engine.postman()


def later(engine: Driven, **span: int) -> None:
    engine.clock.set(engine.clock.now() + timedelta(**span))
    engine.postman()
    engine.postman()


def test_a_full_mailbox_is_tried_for_days_and_then_the_next_contact_is_written_to(engine: Driven) -> None:
    full(engine)
    engine.one_pass()
    retry(engine, at("2024-11-20"))
    assert reached(engine) == []
    assert engine.mails() == ["queued"]
    retry(engine, at("2024-11-22 07:00"))
    assert reached(engine) == [OFFICE]
    (noted,) = engine.journal("undeliverable")
    assert noted["answer"] == "452 4.2.2 mailbox full"
    assert noted["next"] == OFFICE


def test_a_mailbox_that_has_room_again_gets_its_mail_and_nobody_else_does(engine: Driven) -> None:
    full(engine)
    engine.one_pass()
    retry(engine, at("2024-11-18"))
    engine.mailer.answer = accept
    retry(engine, at("2024-11-19"))
    assert reached(engine) == [FOCAL]
    later(engine, days=10)
    assert reached(engine) == [FOCAL]


def test_a_mail_that_a_server_says_is_held_up_counts_as_undelivered_after_six_days(engine: Driven) -> None:
    engine.one_pass()
    notice(engine, "delayed", "4.4.1")
    later(engine, days=2)
    notice(engine, "delayed", "4.4.7")  # the same again does not begin the days anew
    later(engine, days=3, hours=23)
    assert reached(engine) == [FOCAL]
    later(engine, hours=2)
    assert reached(engine) == [FOCAL, OFFICE]
    assert f"Thư gửi địa chỉ {FOCAL} của UBND xã 1 không đến được" in " ".join(
        text_of(read(engine.mailer.sent[-1])).split()
    )
    assert engine.journal("undeliverable")[0]["answer"] == "4.4.7"
    later(engine, days=1)
    assert reached(engine) == [FOCAL, OFFICE]


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2"])
def test_a_server_that_gives_up_is_believed_at_once(engine: Driven, status: str) -> None:
    engine.one_pass()
    notice(engine, "delayed", "4.4.1")
    notice(engine, "failed", status)
    assert reached(engine) == [FOCAL, OFFICE]


def test_a_mail_that_arrived_after_all_is_given_up_no_more(engine: Driven) -> None:
    engine.one_pass()
    notice(engine, "delayed", "4.4.1")
    later(engine, days=1)
    notice(engine, "delivered", "2.0.0")
    later(engine, days=8)
    assert reached(engine) == [FOCAL]


def test_whoever_writes_meanwhile_is_there(engine: Driven) -> None:
    engine.one_pass()
    notice(engine, "delayed", "4.2.2")
    later(engine, days=2)
    asked = read(engine.mailer.sent[0])
    engine.reply(asked, "Đã nhận được thư, xin cảm ơn.\n", sender=FOCAL)
    later(engine, days=5)
    assert OFFICE not in reached(engine)


def test_a_report_that_came_from_a_colleague_needs_no_other_contact(engine: Driven) -> None:
    engine.one_pass()
    notice(engine, "delayed", "4.2.2")
    engine.reply(read(engine.mailer.sent[0]), GOOD, sender=OFFICE)
    assert engine.request()["status"] == "reported"
    later(engine, days=7)
    kinds = {row["kind"] for row in rows(engine.ledger, "outbox") if OFFICE in row["envelope_to"]}
    assert "request" not in kinds


def test_of_a_mail_about_several_reports_all_are_given_up_together(tmp_path: Path) -> None:
    plan = bundle(task("thong-tin"), task("doi-ngoai"), agencies=AGENCIES | {"xa-1": AGENCY})
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        engine.one_pass()
        notice(engine, "delayed", "4.4.1")
        later(engine, days=6, hours=1)
        assert reached(engine) == [FOCAL, OFFICE]
        assert engine.mails() == ["failed", "failed", "sent", "sent"]
