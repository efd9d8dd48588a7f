"""All an agency ever does is answer a mail: what becomes of its answer, and what it hears back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType

import pytest

from flows.shell.incoming import intake as intake_module
from flows.shell.incoming import reading
from flows.shell.incoming.intake import unplaced
from notifiers.delivered import left_behind
from notifiers.ports import RawMail
from notifiers.replies import understand
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, read, reply_to, text_of
from tests.ledgers import rows

REPORT = {"form": "bieu-mau"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(lead=["xa-1", "xa-2"], report=REPORT), task("loi", lead="xa-3"))
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven, agency: str = "xa-1") -> EmailMessage:
    """The request that an agency got."""
    request = engine.request(agency, "loi" if agency == "xa-3" else "bao-cao")["id"]
    (row,) = rows(engine.ledger, "outbox", request_id=request, kind="request")
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def placed_by(engine: Driven) -> str:
    """By what the only mail was placed."""
    ((status, reason),) = engine.placed()
    assert status == "placed"
    return reason


def test_a_whole_answer_is_accepted_and_thanked_for(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD)
    row = engine.request()
    assert row["status"] == "reported"
    assert row["accepted"] == {
        "so-tin": 12,
        "kinh-phi": 3.5,
        "ket-qua": "Đã mở chuyên mục trên đài truyền thanh",
    }
    assert row["settled_at"] == at("2024-11-18 10:00")
    (thanks,) = engine.letters("accepted")
    assert thanks["To"].addresses[0].addr_spec == "xa-1@xa.example"
    assert placed_by(engine) == "found: signed-address, references, subject-tag; on-file"
    assert engine.request("xa-2")["status"] == "open"


def test_an_answer_wakes_its_cycle_at_once(engine: Driven) -> None:
    (before,) = rows(engine.ledger, "cycle", "wake_at")
    assert before["wake_at"] > engine.clock.now()
    engine.reply(asked(engine), GOOD)
    (after,) = rows(engine.ledger, "cycle", "wake_at")
    assert after["wake_at"] == engine.clock.now()


def test_nobody_is_late_because_a_mail_was_fetched_late(engine: Driven) -> None:
    request = asked(engine)
    engine.run_until(at("2024-12-04 09:00"))
    assert engine.request()["status"] == "overdue"
    raw, to = reply_to(request, GOOD), str(request["Reply-To"])
    arrived_at = at("2024-11-18 10:00")
    engine.intake.keep(
        RawMail(envelope_from="xa-1@xa.example", envelope_to=(to,), raw=raw, arrived_at=arrived_at)
    )
    engine.intake.take_in()
    assert engine.request()["status"] == "reported"
    assert engine.request()["settled_at"] == arrived_at


def test_a_report_without_a_form_is_what_was_written(engine: Driven) -> None:
    engine.reply(asked(engine, "xa-3"), "Xã đã triển khai xong.\n", sender="xa-3@xa.example")
    assert engine.request("xa-3", "loi")["accepted"] == {"text": "Xã đã triển khai xong."}


def test_a_request_passed_on_inside_the_house_is_answered_by_whoever_has_its_address(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD, sender="can-bo@gmail.example", thread="no")
    assert engine.request()["status"] == "reported"
    (thanks,) = engine.letters("accepted")  # to the address on file, whoever wrote
    assert thanks["To"].addresses[0].addr_spec == "xa-1@xa.example"


def test_an_answer_to_our_bare_address_is_placed_by_its_references_if_we_wrote_to_its_sender(
    engine: Driven,
) -> None:
    engine.reply(asked(engine), GOOD, to=IDENTITY.mailbox)
    assert placed_by(engine) == "found: references, subject-tag; on-file"
    assert engine.request()["status"] == "reported"


@pytest.mark.parametrize("sender", ["vp@xa-mot.example", "phong@vhtt.xa.example", "Chu.Tich@xa.example"])
def test_an_answer_from_another_address_of_the_agency_is_placed_by_its_references(
    tmp_path: Path, sender: str
) -> None:
    known = AGENCIES["xa-1"].model_copy(update={"aliases": ["VP@xa-mot.example"], "domains": ["xa.example"]})
    plan = bundle(task(report=REPORT), agencies={**AGENCIES, "xa-1": known})
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        engine.clock.set(at("2024-11-18 10:00"))
        engine.reply(asked(engine), GOOD, to=IDENTITY.mailbox, sender=sender)
        assert placed_by(engine) == "found: references, subject-tag; on-file"
        assert engine.request()["status"] == "reported"


def test_a_stranger_who_quotes_one_of_our_mails_is_put_before_a_person(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD, to=IDENTITY.mailbox, sender="la@khac.example")
    assert engine.request()["status"] == "open"
    assert [one.sender for one in engine.unplaced()] == ["la@khac.example"]
    assert engine.mailer.sent == []


@pytest.mark.parametrize("forged", ["another-key", "another-request"])
def test_a_forged_address_is_refused_and_nobody_is_answered(engine: Driven, forged: str) -> None:
    true = str(asked(engine)["Reply-To"])
    local, _, domain = true.partition("@")
    name, _, mac = local.rpartition("-")
    address = {
        "another-key": f"{name}-{'a' * len(mac)}@{domain}",
        "another-request": str(asked(engine, "xa-2")["Reply-To"]).rpartition("-")[0] + f"-{mac}@{domain}",
    }[forged]
    engine.reply(asked(engine), GOOD, to=address, thread="no")
    assert [one.reason for one in engine.unplaced()] == ["to an address of ours whose signature is wrong"]
    assert {engine.request(one)["status"] for one in ("xa-1", "xa-2")} == {"open"}
    assert engine.mailer.sent == []


def test_a_wrong_value_is_asked_again_by_name_and_the_good_ones_are_kept(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD.replace("12", "rất nhiều"))
    assert engine.request()["status"] == "open"
    assert engine.request()["kept"] == {"kinh-phi": 3.5, "ket-qua": "Đã mở chuyên mục trên đài truyền thanh"}
    (asking,) = engine.letters("partly")
    assert "Số tin, bài" in text_of(asking)
    assert "rất nhiều" in text_of(asking)
    engine.reply(asking, "Số tin, bài: 12\n")
    assert engine.request()["status"] == "reported"
    assert engine.request()["accepted"]["so-tin"] == 12
    assert engine.request()["accepted"]["kinh-phi"] == 3.5
    assert [row["verdict"] for row in rows(engine.ledger, "reply")] == ["partly", "accepted"]


def test_an_answer_without_any_figure_is_told_what_was_looked_for(engine: Driven) -> None:
    engine.reply(asked(engine), "Báo cáo của xã gửi qua đường bưu điện vì máy hỏng.\n")
    assert engine.kinds() == ["refused"]
    assert engine.request()["status"] == "open"


def test_thanks_alone_are_neither_a_report_nor_answered(engine: Driven) -> None:
    for agency, task_id in (("xa-1", "bao-cao"), ("xa-3", "loi")):
        engine.reply(
            asked(engine, agency), "Xã đã nhận được công văn, xin cảm ơn.\n", sender=f"{agency}@xa.example"
        )
        assert engine.request(agency, task_id)["status"] == "open"
    assert engine.kinds() == []
    assert [row["verdict"] for row in rows(engine.ledger, "reply")] == ["received", "received"]


def test_an_accepted_report_can_be_corrected_and_keeps_its_day(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD)
    engine.clock.set(at("2024-11-20 10:00"))
    engine.reply(asked(engine), "Số tin, bài: 15\n")
    row = engine.request()
    assert (row["accepted"]["so-tin"], row["accepted"]["kinh-phi"]) == (15, 3.5)
    assert row["settled_at"] == at("2024-11-18 10:00")
    assert [one["verdict"] for one in rows(engine.ledger, "reply")] == ["accepted", "corrected"]


def test_an_accepted_report_stands_until_its_correction_is_whole(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD)
    engine.reply(asked(engine), "Số tin, bài: -3\n")
    assert engine.request()["status"] == "reported"
    assert engine.request()["accepted"]["so-tin"] == 12
    assert engine.kinds() == ["accepted", "partly"]


def test_a_report_after_the_due_date_is_late_and_stops_the_chase(engine: Driven) -> None:
    engine.run_until(at("2024-12-04"))
    assert engine.request()["rung"] == 1
    engine.reply(asked(engine), GOOD)
    engine.run_until(at("2024-12-31"))
    assert engine.request()["status"] == "reported-late"
    assert engine.request()["rung"] == 1
    assert engine.request("xa-2")["status"] == "missing"


def test_an_answer_after_the_end_is_kept_and_its_sender_is_told(engine: Driven) -> None:
    engine.run_until(at("2024-12-31"))
    engine.mailer.sent.clear()
    engine.reply(asked(engine), GOOD)
    assert engine.kinds() == ["closed"]
    assert engine.request()["status"] == "missing"
    assert engine.request()["accepted"] is None
    assert [row["verdict"] for row in rows(engine.ledger, "reply")] == ["closed"]


def test_out_of_office_is_neither_an_answer_nor_answered(engine: Driven) -> None:
    engine.reply(
        asked(engine),
        "Tôi đi công tác, sẽ trở lại làm việc ngày 25/11/2024.\n",
        Auto_Submitted="auto-replied",
    )
    assert engine.request()["status"] == "open"
    assert engine.mailer.sent == []
    (noted,) = engine.journal("auto-reply")
    assert noted == {"sender": "xa-1@xa.example", "return_on": "2024-11-25", "reminders": "wait"}


BOUNCE = """\
From: MAILER-DAEMON@xa.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@xa.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

User unknown
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.xa.example

Final-Recipient: rfc822; xa-1@xa.example
Action: failed
Status: 5.1.1

--B--
"""


def test_a_bounce_is_noted_at_its_request_and_is_no_report(engine: Driven) -> None:
    to = rows(engine.ledger, "outbox", request_id=engine.request()["id"])[0]["envelope_from"]
    engine.receive(BOUNCE.format(to=to).replace("\n", "\r\n").encode(), to, sender="")
    assert engine.journal("bounced") == [
        {"recipient": "xa-1@xa.example", "action": "failed", "status": "5.1.1"}
    ]
    assert engine.placed() == [("placed", "return-path")]
    assert engine.request()["status"] == "open"
    assert engine.mailer.sent == []


def test_two_machines_do_not_talk_for_ever(engine: Driven) -> None:
    for n in range(9):
        engine.reply(asked(engine), f"Xin chào lần {n}\n")
    assert engine.kinds() == ["refused"] * 6
    assert len(engine.journal("answer-withheld")) == 3
    engine.clock.set(engine.clock.now() + timedelta(days=1, minutes=1))
    engine.reply(asked(engine), GOOD)
    assert engine.kinds()[-1] == "accepted"


def test_a_mail_delivered_twice_counts_once(engine: Driven) -> None:
    raw = reply_to(asked(engine), GOOD)
    for _ in range(3):
        engine.receive(raw, str(asked(engine)["Reply-To"]))
    engine.postman()
    assert len(rows(engine.ledger, "reply")) == 1
    assert engine.kinds() == ["accepted"]


def test_mail_that_was_kept_before_a_crash_is_dealt_with_after_it(engine: Driven) -> None:
    message = asked(engine)
    to = (str(message["Reply-To"]),)
    engine.intake.keep(RawMail(envelope_from="xa-1@xa.example", envelope_to=to, raw=reply_to(message, GOOD)))
    engine.restart("may-1:2")
    assert engine.intake.take_in() == 1
    assert engine.request()["status"] == "reported"
    assert engine.intake.take_in() == 0


@pytest.mark.parametrize(("room", "stage"), [(reading, "understand"), (intake_module, "place")])
def test_a_poisoned_mail_goes_before_a_person_and_holds_up_no_other(
    engine: Driven, monkeypatch: pytest.MonkeyPatch, room: ModuleType, stage: str
) -> None:
    real = getattr(room, stage)

    def poisoned(*args: object, **options: object) -> object:
        if b"DOC" in (args[0] if stage == "understand" else args[2].raw):  # type: ignore[attr-defined,operator]
            raise RecursionError("too deep")
        return real(*args, **options)

    monkeypatch.setattr(room, stage, poisoned)
    message = asked(engine)
    to = (str(message["Reply-To"]),)
    for raw in (b"Subject: DOC\r\n\r\nDOC", reply_to(message, GOOD)):
        engine.intake.keep(RawMail(envelope_from="xa-1@xa.example", envelope_to=to, raw=raw))
    assert engine.intake.take_in() == 2
    assert engine.request()["status"] == "reported"
    (poison,) = unplaced(engine.ledger)
    assert poison.reason == "RecursionError: too deep"
    assert poison.sender == "xa-1@xa.example"
    assert engine.intake.take_in() == 0


def test_nothing_of_a_mail_that_failed_half_way_stays(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no letter today")

    monkeypatch.setattr("flows.ledger.upshot.outbox.enqueue", broken)
    engine.reply(asked(engine), GOOD)
    assert engine.request()["status"] == "open"
    assert engine.request()["accepted"] is None
    assert rows(engine.ledger, "reply") == []
    assert [one.reason for one in engine.unplaced()] == ["RuntimeError: no letter today"]


def test_newsletters_and_mail_of_our_own_are_left_aside(engine: Driven) -> None:
    engine.receive(
        b"From: tin@bao.example\r\nSubject: Tin\r\nList-Unsubscribe: <mailto:x@bao.example>\r\n"
        b"Precedence: bulk\r\n\r\nTin",
        IDENTITY.mailbox,
    )
    own = next(mail.raw for mail in engine.mailer.tried)
    assert understand(own).kind == "loop"
    engine.receive(own, IDENTITY.mailbox)
    assert [status for status, _ in engine.placed()] == ["ignored", "ignored"]
    assert engine.unplaced() == []


def test_a_mail_that_was_too_large_to_fetch_waits_for_a_person_and_is_never_taken_for_an_answer(
    engine: Driven,
) -> None:
    letter = asked(engine)
    head = reply_to(letter, GOOD).partition(b"\n\n")[0].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    mail = left_behind(head, 40_000_000)
    engine.intake.keep(replace(mail, envelope_to=(str(letter["Reply-To"]),)))
    engine.intake.take_in()
    engine.postman()
    (waiting,) = engine.unplaced()
    assert waiting.reason.startswith("too large to be fetched")
    assert waiting.sender == "xa-1@xa.example"
    assert engine.request()["status"] == "open"
    assert engine.mailer.sent == []
