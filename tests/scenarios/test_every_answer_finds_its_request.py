"""However an answer comes, it finds the request it belongs to, or nothing is touched and a person looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.shell.specs.planning import Confirmed
from notifiers.ports import RawMail
from schemas.catalogue import Bundle
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, read, reply_to
from tests.ledgers import applied, rows

MONTHLY = {"form": "bieu-mau", "every": "month", "due": {"after_cut_off": "5 working days"}}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(
        task(lead=["xa-1", "xa-2"], report={"form": "bieu-mau"}),
        task("tong-ket", lead="xa-1"),
    )
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven, agency: str = "xa-1", task_id: str = "bao-cao") -> EmailMessage:
    """The request that an agency got."""
    request = engine.request(agency, task_id)["id"]
    (row,) = rows(engine.ledger, "outbox", request_id=request, kind="request")
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def write(
    engine: Driven, text: str, *, sender: str, subject: str, to: str = IDENTITY.mailbox, **headers: str
) -> None:
    """A mail that is no reply to any of ours."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{abs(hash((text, subject, sender)))}@xa.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    engine.intake.keep(RawMail(envelope_from=sender, envelope_to=(to,), raw=mail.as_bytes()))
    engine.intake.take_in()
    engine.postman()


def standing(engine: Driven) -> dict[str, str]:
    """How every request stands."""
    return {f"{row['task']}/{row['agency']}": row["status"] for row in rows(engine.ledger, "request")}


UNTOUCHED = {"bao-cao/xa-1": "open", "bao-cao/xa-2": "open", "tong-ket/xa-1": "open"}


def test_a_mail_written_anew_is_placed_by_its_sender_the_number_and_the_form(engine: Driven) -> None:
    write(engine, GOOD, sender="xa-1@xa.example", subject="Báo cáo thực hiện Kế hoạch 99/KH-UBND")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-1": "reported"}
    assert engine.placed() == [("placed", "found: plan-number, form-labels, called-report; on-file")]


def test_the_form_filled_in_is_enough_when_only_one_report_has_it(engine: Driven) -> None:
    write(engine, GOOD, sender="xa-1@xa.example", subject="Xã gửi số liệu")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-1": "reported"}


def test_an_address_that_only_the_directory_has_is_as_good_as_the_mailbox(tmp_path: Path) -> None:
    def known(alias: str) -> Bundle:
        said = {**AGENCIES["xa-1"].model_dump(mode="json"), "aliases": [alias]}
        directory = AGENCIES | {"xa-1": Agency.model_validate(said)}
        return bundle(task(report={"form": "bieu-mau"}), agencies=directory)

    with driven(tmp_path, at("2024-11-15"), known("Xa1.Cu@gmail.com")) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        applied(engine.ledger, known("xa1.moi@gmail.com"), confirmed=Confirmed(running=True))
        write(engine, GOOD, sender="xa1.cu@gmail.com", subject="Xã gửi số liệu")
        assert standing(engine) == {"bao-cao/xa-1": "open"}  # it is not on file any more
        write(engine, GOOD, sender="XA1.Moi@gmail.com", subject="Xã gửi số liệu")
        assert standing(engine) == {"bao-cao/xa-1": "reported"}


def test_a_request_forwarded_in_the_house_is_answered_by_a_colleague_who_kept_its_subject(
    engine: Driven,
) -> None:
    subject = str(asked(engine)["Subject"])
    write(engine, GOOD, sender="can-bo@xa.example", subject=f"Fwd: {subject}")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-1": "reported"}
    (thanks,) = engine.letters("accepted")
    assert thanks["To"].addresses[0].addr_spec == "xa-1@xa.example"


def test_the_same_from_outside_the_house_is_put_before_a_person(engine: Driven) -> None:
    subject = str(asked(engine)["Subject"])
    write(engine, GOOD, sender="can-bo@gmail.com", subject=f"Fwd: {subject}")
    assert standing(engine) == UNTOUCHED
    assert [one.sender for one in engine.unplaced()] == ["can-bo@gmail.com"]


def test_the_number_of_another_plan_finds_nothing(engine: Driven) -> None:
    write(engine, "Xã gửi báo cáo.", sender="xa-1@xa.example", subject="Báo cáo Kế hoạch 199/KH-UBND")
    assert standing(engine) == UNTOUCHED
    assert [one.placing for one in engine.unplaced()] == ["unplaced"]


def test_a_text_is_no_report_because_it_names_the_plan(engine: Driven) -> None:
    write(
        engine,
        "Kính mời dự họp về kế hoạch.",
        sender="xa-1@xa.example",
        subject="Mời họp triển khai Kế hoạch 99/KH-UBND",
    )
    assert standing(engine) == UNTOUCHED


def test_the_address_of_one_agency_does_not_take_the_report_of_another(engine: Driven) -> None:
    engine.reply(asked(engine, "xa-1"), GOOD, sender="xa-2@xa.example")
    assert standing(engine) == UNTOUCHED
    assert [one.sender for one in engine.unplaced()] == ["xa-2@xa.example"]


def test_the_block_of_one_report_sent_to_the_address_of_another_is_put_before_a_person(
    engine: Driven,
) -> None:
    code = IDENTITY.token(engine.request("xa-2")["id"])
    engine.reply(asked(engine), f"===== PHẦN TRẢ LỜI (mã {code}) =====\n{GOOD}")
    assert standing(engine) == UNTOUCHED


def test_a_stranger_who_has_the_address_corrects_no_accepted_report(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD)
    accepted = engine.request()["accepted"]
    engine.reply(asked(engine), GOOD.replace("12", "99"), sender="la@khac.example", thread="no")
    assert engine.request()["accepted"] == accepted
    assert [one.reason for one in engine.unplaced()] == ["a correction from an address not on file"]
    engine.reply(asked(engine), GOOD.replace("12", "13"))
    assert engine.request()["accepted"]["so-tin"] == 13


def test_last_months_mail_taken_for_this_months_report_changes_neither(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-09-02"), bundle(task(report=MONTHLY))) as engine:
        engine.run_until(at("2024-09-16"))
        september = read(
            next(mail for mail in engine.mailer.tried if b"X-Dondoc-Letter: request" in mail.raw)
        )
        engine.reply(september, GOOD)
        reported = {row["id"]: row["accepted"] for row in rows(engine.ledger, "request") if row["accepted"]}
        assert len(reported) == 1
        write(
            engine,
            GOOD.replace("12", "99"),
            sender="xa-1@xa.example",
            subject="Re: Báo cáo tháng 10/2024 (99/KH-UBND)",
            to=str(september["Reply-To"]),
        )
        after = {row["id"]: row["accepted"] for row in rows(engine.ledger, "request") if row["accepted"]}
        assert after == reported
        assert [one.reason for one in engine.unplaced()] == ["contradiction: signed-address, period; on-file"]


def test_a_bounce_without_our_return_path_is_noted_by_the_id_of_the_mail_it_returns(engine: Driven) -> None:
    request = asked(engine)
    raw = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {IDENTITY.mailbox}\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; xa-1@xa.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {request['Message-ID']}\r\n--b--\r\n"
    ).encode()
    engine.intake.keep(RawMail(envelope_from="", envelope_to=(IDENTITY.mailbox,), raw=raw))
    engine.intake.take_in()
    assert {one["recipient"] for one in engine.journal("bounced")} == {"xa-1@xa.example"}
    assert standing(engine) == UNTOUCHED


def again(engine: Driven, raw: bytes, to: str) -> None:
    """The same mail arrives by another way."""
    relayed = b"Received: from other.example by mx.example; Mon, 18 Nov 2024 10:05:00 +0700\r\n" + raw
    engine.receive(relayed.replace(b"\r\n", b"\n"), to)
    engine.postman()


def test_an_answer_that_comes_twice_is_dealt_with_once(engine: Driven) -> None:
    request = asked(engine)
    raw, to = reply_to(request, GOOD), str(request["Reply-To"])
    engine.receive(raw, to)
    again(engine, raw, to)
    assert [placing for placing, _ in engine.placed()] == ["placed", "duplicate"]
    assert len(engine.letters("accepted")) == 1
    assert [row["verdict"] for row in rows(engine.ledger, "reply")] == ["accepted"]


def test_a_copy_by_another_way_is_no_second_case_for_a_person(engine: Driven) -> None:
    raw = reply_to(asked(engine), GOOD, to=IDENTITY.mailbox, sender="la@khac.example")
    engine.receive(raw, IDENTITY.mailbox, sender="la@khac.example")
    again(engine, raw, IDENTITY.mailbox)
    assert len(engine.unplaced()) == 1


def test_another_text_under_the_same_message_id_is_not_lost(engine: Driven) -> None:
    request = asked(engine)
    raw, to = reply_to(request, GOOD), str(request["Reply-To"])
    engine.receive(raw, to)
    again(engine, raw.replace(b": 12", b": 13"), to)
    assert engine.request()["accepted"]["so-tin"] == 13


def test_another_file_under_the_same_message_id_is_not_lost(engine: Driven) -> None:
    request = asked(engine)
    mail = message_from_bytes(reply_to(request, GOOD), policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    mail.add_attachment(b"%PDF 1", maintype="application", subtype="pdf", filename="bao-cao.pdf")
    other = message_from_bytes(reply_to(request, GOOD), policy=policy.SMTP)
    assert isinstance(other, EmailMessage)
    other.add_attachment(b"%PDF 2", maintype="application", subtype="pdf", filename="bao-cao.pdf")
    other.set_boundary(mail.get_boundary() or "b")
    for one in (mail, other):
        one.set_boundary("same")
        engine.receive(one.as_bytes(), str(request["Reply-To"]))
    assert [row["verdict"] for row in rows(engine.ledger, "reply")] == ["accepted", "corrected"]


def test_the_copies_of_one_mail_to_two_requests_answer_each_its_own(tmp_path: Path) -> None:
    plan = bundle(task(report={"form": "bieu-mau"}), task("khac", report={"form": "bieu-mau"}))
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        raw = (
            f"From: xa-1@xa.example\r\nMessage-ID: <1@xa.example>\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{GOOD}"
        ).encode()
        for one in ("bao-cao", "khac"):
            engine.receive(raw, IDENTITY.reply_address(engine.request("xa-1", one)["id"]))
        assert standing(engine) == {"bao-cao/xa-1": "reported", "khac/xa-1": "reported"}


@pytest.mark.parametrize("when", ["2024-11-22", "2024-12-02", "2024-12-04", "2024-12-11"])
def test_nobody_is_chased_for_an_answer_that_is_kept_and_not_yet_read(engine: Driven, when: str) -> None:
    request = asked(engine)
    engine.run_until(at(when) - timedelta(minutes=1))
    engine.mailer.sent.clear()
    engine.intake.keep(
        RawMail(
            envelope_from="xa-1@xa.example",
            envelope_to=(str(request["Reply-To"]),),
            raw=reply_to(request, GOOD),
        )
    )
    engine.clock.set(at(when))
    engine.one_pass()
    engine.postman()
    assert engine.request()["status"] in ("reported", "reported-late")
    about = engine.request()["id"]
    kinds = {row["message_id"]: row["kind"] for row in rows(engine.ledger, "outbox", request_id=about)}
    assert [kinds[mail.message_id] for mail in engine.mailer.sent if mail.message_id in kinds] == ["accepted"]


def test_one_address_is_answered_so_often_in_a_day_and_no_more(tmp_path: Path) -> None:
    tasks = [f"viec-{n}" for n in range(7)]
    with driven(tmp_path, at("2024-11-15"), bundle(*(task(one) for one in tasks))) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        for one in tasks:
            own = IDENTITY.reply_address(engine.request("xa-1", one)["id"])
            for turn in range(5):
                raw = f"From: xa-1@xa.example\r\nSubject: BC\r\n\r\nLần {turn}: đã xong.".encode()
                engine.intake.keep(RawMail(envelope_from="xa-1@xa.example", envelope_to=(own,), raw=raw))
        while engine.intake.take_in():
            pass
        engine.postman()
        assert len(engine.letters("accepted")) == 30
        assert len(engine.journal("answer-withheld")) == 5
        assert set(standing(engine).values()) == {"reported"}
