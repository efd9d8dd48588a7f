"""When mail does not reach an agency, its next contact is written to; in the end a person hears of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flows.shell import rerouting
from notifiers.memory import accept
from notifiers.ports import Deferred, Mail, Outcome, Refused
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, Driven, driven, text_of
from tests.ledgers import rows

OFFICE, FOCAL, DEPUTY, SUPERIOR = (
    "xa-1@xa.example",
    "canbo@xa.example",
    "phochutich@xa.example",
    "huyen@huyen.example",
)
AGENCY = Agency.model_validate(
    {
        "id": "xa-1",
        "name": "UBND xã 1",
        "superior": "huyen",
        "mailbox": OFFICE,
        "focal_point": {"name": "Lê Thị B", "mailbox": FOCAL},
        "deputy": {"title": "Phó Chủ tịch", "mailbox": DEPUTY},
    }
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(), agencies=AGENCIES | {"xa-1": AGENCY}, coordinator="tinh")
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        yield found


def refusing(engine: Driven, *dead: str) -> Callable[[Mail], Outcome]:
    def answer(mail: Mail) -> Outcome:
        if mail.envelope_to[0] in dead:
            return Refused(code=550, answer="5.1.1 no such user")
        return accept(mail)

    engine.mailer.answer = answer
    return answer


def settle(engine: Driven) -> None:
    """Let the postman go until there is nothing to do."""
    for _ in range(8):
        engine.postman()


def reached(engine: Driven) -> list[str]:
    return [mail.envelope_to[0] for mail in engine.mailer.sent]


def bounce(engine: Driven, recipient: str, *, action: str = "failed") -> None:
    """A server sends back the last mail to that recipient."""
    mail = [one for one in engine.mailer.sent if one.envelope_to[0] == recipient][-1]
    raw = (
        f"From: MAILER-DAEMON@xa.example\r\nTo: {mail.envelope_from}\r\nSubject: Undelivered Mail\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nCould not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.xa.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\n"
        f"Status: {'5.1.1' if action == 'failed' else '4.4.1'}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail.message_id}\r\n\r\n--b--\r\n"
    )
    engine.receive(raw.encode(), mail.envelope_from, sender="")


def test_a_refused_request_goes_to_the_next_contact_in_the_same_thread(engine: Driven) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()
    settle(engine)
    assert reached(engine) == [OFFICE]
    (letter,) = engine.letters()
    refused, second = rows(engine.ledger, "outbox")
    assert refused["message_id"] in str(letter["References"])
    assert second["kind"] == "request"
    assert f"Thư gửi địa chỉ {FOCAL} của UBND xã 1 không đến được" in " ".join(text_of(letter).split())
    (noted,) = engine.journal("undeliverable")
    assert noted == {
        "kind": "request",
        "recipient": FOCAL,
        "answer": "550 5.1.1 no such user",
        "next": OFFICE,
    }
    engine.reply(letter, GOOD)
    assert engine.request()["status"] == "reported"


def test_each_contact_is_tried_once_and_then_the_coordinator_hears_that_nobody_is_reached(
    engine: Driven,
) -> None:
    refusing(engine, FOCAL, OFFICE, DEPUTY, SUPERIOR)
    engine.one_pass()
    settle(engine)
    assert [mail.envelope_to[0] for mail in engine.mailer.tried] == [
        FOCAL,
        OFFICE,
        DEPUTY,
        SUPERIOR,
        "tinh@tinh.example",
    ]
    (told,) = engine.letters("unreachable")
    for address in (FOCAL, OFFICE, DEPUTY, SUPERIOR):
        assert f"{address}: 550 5.1.1 no such user" in text_of(told)
    assert engine.request()["status"] == "open"  # the report is owed all the same
    engine.clock.set(at("2024-11-22"))  # a reminder
    engine.one_pass()
    settle(engine)
    assert len(engine.letters("unreachable")) == 1


def test_a_mail_that_is_sent_back_days_later_goes_to_the_next_contact_too(engine: Driven) -> None:
    engine.one_pass()
    assert reached(engine) == [FOCAL]
    bounce(engine, FOCAL, action="delayed")
    settle(engine)
    assert reached(engine) == [FOCAL]
    bounce(engine, FOCAL)
    settle(engine)
    assert reached(engine) == [FOCAL, OFFICE]
    bounce(engine, OFFICE)
    settle(engine)
    assert reached(engine) == [FOCAL, OFFICE, DEPUTY]


def test_a_mail_that_cannot_be_sent_elsewhere_holds_up_none_of_the_others(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()

    def broken(*_: object) -> None:
        raise LookupError("bao-cao")

    with monkeypatch.context() as once:
        once.setattr(rerouting.ladder, "contacts", broken)
        assert engine.shell.reroute() == 1
    assert engine.shell.reroute() == 0
    assert engine.journal("undeliverable")[0]["next"] is None
    assert engine.request()["status"] == "open"


def test_a_refusal_for_now_is_no_failure_until_it_was_given_up(engine: Driven) -> None:
    engine.mailer.answer = lambda mail: (
        Deferred(code=451, answer="4.7.1 greylisted") if mail.envelope_to[0] == FOCAL else accept(mail)
    )
    engine.one_pass()
    settle(engine)
    assert reached(engine) == []
    engine.mailer.answer = accept
    engine.clock.set(engine.clock.now() + timedelta(minutes=5))
    settle(engine)
    assert reached(engine) == [FOCAL]


def test_a_report_that_came_meanwhile_is_not_asked_for_again(engine: Driven) -> None:
    engine.one_pass()
    (letter,) = engine.letters()
    engine.reply(letter, GOOD, sender=OFFICE)
    before = len(engine.mailer.tried)
    bounce(engine, FOCAL)
    settle(engine)
    assert len(engine.mailer.tried) == before
    assert [one["next"] for one in engine.journal("undeliverable")] == [None]
