"""Who writes without saying about which report is asked once, politely, and what they say is done; strangers,
lists and machines are asked nothing, and nothing is ever lost or filed wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.cli.mails import inspected_json, shown
from flows.ledger import cycles
from flows.shell.desk.assigning import Named, assign
from flows.shell.desk.inspecting import inspect
from notifiers.overrides import read_overrides
from notifiers.ports import RawMail
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, flowing, read, reply_to, text_of
from tests.ledgers import rows

FORM = {"form": "bieu-mau"}
UNTOUCHED = {"bao-cao/xa-1": "open", "bao-cao/xa-2": "open", "tong-ket/xa-1": "open"}
XA_1 = "xa-1@xa.example"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(lead=["xa-1", "xa-2"], report=FORM), task("tong-ket", lead="xa-1", report=FORM))
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        begun(found)
        yield found


def begun(engine: Driven) -> None:
    engine.run_until(at("2024-11-15 09:00"))
    engine.mailer.sent.clear()
    engine.clock.set(at("2024-11-18 10:00"))


def write(
    engine: Driven,
    text: str,
    *,
    sender: str = XA_1,
    subject: str = "Xã gửi số liệu",
    to: str = IDENTITY.mailbox,
    envelope_from: str | None = None,
    **headers: str,
) -> None:
    """A mail that is no reply to any of ours."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{abs(hash((text, subject, sender)))}@xa.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    came = RawMail(
        envelope_from=sender if envelope_from is None else envelope_from,
        envelope_to=(to,),
        raw=mail.as_bytes(),
    )
    engine.intake.keep(came)
    engine.intake.take_in()
    engine.postman()


def question(engine: Driven) -> EmailMessage:
    (told,) = engine.letters("which-report")
    return told


def standing(engine: Driven) -> dict[str, str]:
    return {f"{row['task']}/{row['agency']}": row["status"] for row in rows(engine.ledger, "request")}


def test_the_sender_is_asked_once_with_numbers_names_and_dates_in_the_mails_own_thread(
    engine: Driven,
) -> None:
    write(engine, GOOD, subject="Re: RE: Số liệu của xã")
    asked = question(engine)
    assert asked["To"].addresses[0].addr_spec == XA_1
    assert asked["Subject"] == "Re: Số liệu của xã"
    assert asked["In-Reply-To"] == rows(engine.ledger, "inbox")[0]["message_id"]
    assert asked["Auto-Submitted"] == "auto-generated"
    told = flowing(asked)
    assert "thư của quý cơ quan ngày 18/11/2024, tiêu đề “Số liệu của xã”" in told
    assert "Thư đã được lưu đầy đủ" in told
    assert "- Báo cáo 1: Nhiệm vụ bao-cao (99/KH-UBND); thời hạn hết ngày 29/11/2024" in told
    assert "- Báo cáo 2: Nhiệm vụ tong-ket (99/KH-UBND); thời hạn hết ngày 29/11/2024" in told
    assert "Báo cáo 3" not in told
    assert "chỉ cần ghi số của báo cáo" in told
    html = asked.get_body(("html",))
    assert html is not None
    assert "Báo cáo 2</td>" in html.get_content()
    assert standing(engine) == UNTOUCHED
    assert [one.reason for one in engine.unplaced()] == ["ambiguous: form-labels; on-file"]
    assert engine.journal("asked-which")[0]["to"] == XA_1


@pytest.mark.parametrize(
    ("said", "task_id"),
    [("2\n", "tong-ket"), ("Thư thuộc báo cáo số 1 ạ.\n", "bao-cao"), ("Nhiệm vụ tong-ket\n", "tong-ket")],
)
def test_the_mail_is_dealt_with_as_its_sender_says(engine: Driven, said: str, task_id: str) -> None:
    write(engine, GOOD)
    engine.clock.set(at("2024-12-02 10:00"))  # the due date has passed meanwhile
    engine.reply(question(engine), said)
    about = engine.request(task=task_id)
    assert about["accepted"]["so-tin"] == 12
    assert about["status"] == "reported"  # it had come in time
    other = ({"bao-cao", "tong-ket"} - {task_id}).pop()
    assert engine.request(task=other)["accepted"] is None
    assert engine.unplaced() == []
    assert engine.placed() == [
        ("placed", "as its sender says"),
        ("placed", "says which report another mail is about"),
    ]
    (how,) = engine.journal("sender-said")
    assert how == {"inbox": 1, "answer": 2, "sender": XA_1}
    assert len(engine.letters("accepted")) == 1


def test_the_coordinator_sees_who_was_asked_and_what_came_of_it(engine: Driven) -> None:
    write(engine, GOOD)
    before = shown(inspect(engine.ledger, engine.shell.versions, 1))
    assert f": which report it is about: {XA_1}, 10:00 18 Nov 2024; no plain answer yet\n" in before
    engine.reply(question(engine), "2")
    found = inspect(engine.ledger, engine.shell.versions, 1)
    assert "; mail 2 says it\n" in shown(found)
    assert inspected_json(found)["asked"]["answered_by"] == 2
    assert inspected_json(inspect(engine.ledger, engine.shell.versions, 2))["asked"] is None


def test_an_answer_in_the_thread_alone_is_understood(engine: Driven) -> None:
    write(engine, GOOD, subject="Số liệu")
    engine.reply(question(engine), "2", to=IDENTITY.mailbox)
    assert standing(engine) == UNTOUCHED | {"tong-ket/xa-1": "reported"}


@pytest.mark.parametrize("said", ["2", "Báo cáo số 2 ạ."])
def test_a_number_in_a_mail_of_its_own_answers_the_open_question(engine: Driven, said: str) -> None:
    write(engine, GOOD)
    write(engine, said, sender="xa-2@xa.example", subject="Trả lời")  # who was not asked
    assert standing(engine) == UNTOUCHED
    write(engine, said, subject="Trả lời")
    assert standing(engine) == UNTOUCHED | {"tong-ket/xa-1": "reported"}
    assert engine.placed()[-1] == ("placed", "says which report another mail is about")


def test_a_mail_that_says_more_than_a_number_is_no_answer_but_in_the_thread(engine: Driven) -> None:
    write(engine, GOOD)
    write(
        engine, "Báo cáo 2 của xã còn thiếu, xã sẽ gửi sau khi họp xong vào thứ Sáu tuần này.", subject="BC"
    )
    assert standing(engine) == UNTOUCHED
    assert len(engine.unplaced()) == 2


def test_who_says_none_leaves_it_to_the_coordinator(engine: Driven) -> None:
    write(engine, GOOD)
    engine.reply(question(engine), "Không thuộc báo cáo nào ạ")
    assert standing(engine) == UNTOUCHED
    assert [one.reason for one in engine.unplaced()] == [
        "its sender says that it is about none of the reports that we know of"
    ]


@pytest.mark.parametrize("said", ["1 và 2", "Để xã hỏi lại", "Báo cáo 1 phải không?", "7", ""])
def test_an_answer_that_is_not_plain_decides_nothing_and_is_not_asked_about(
    engine: Driven, said: str
) -> None:
    write(engine, GOOD)
    engine.reply(question(engine), said)
    assert standing(engine) == UNTOUCHED
    assert len(engine.unplaced()) == 2
    assert engine.kinds() == ["which-report"]
    # the sender may say it better
    engine.reply(question(engine), "1")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-1": "reported"}


def test_values_and_files_that_come_with_the_answer_are_the_reports(engine: Driven) -> None:
    write(engine, "Xã gửi báo cáo, số liệu trong thư sau.")
    engine.reply(question(engine), f"Báo cáo 2\n\n{GOOD}")
    assert engine.request(task="tong-ket")["accepted"]["so-tin"] == 12


def test_who_says_much_more_is_read_by_a_person_too(engine: Driven) -> None:
    write(engine, GOOD)
    engine.reply(
        question(engine), "Báo cáo 1.\n\n" + "Ngoài ra xã còn vướng mắc về kinh phí tuyên truyền. " * 9
    )
    assert engine.request()["status"] == "reported"
    assert [one.reason for one in engine.unplaced()] == ["says which report another mail is about, and more"]


def test_a_question_of_the_sender_is_put_before_the_coordinator_once_it_is_known_what_about(
    engine: Driven,
) -> None:
    write(engine, "Đề nghị huyện cho biết số liệu tính đến ngày nào?", subject="Hỏi về báo cáo")
    engine.reply(question(engine), "1")
    assert engine.kinds() == ["which-report", "petition"]
    assert [(one.reason, one.request.task) for one in engine.unplaced() if one.request] == [
        ("asks a question", "bao-cao")
    ]


# ---------------------------------------------------------------- how often


def test_an_address_has_one_open_question_and_a_few_a_day(engine: Driven) -> None:
    for n in range(5):
        write(engine, GOOD.replace("12", str(n)), subject=f"Số liệu {n}")
    assert engine.kinds() == ["which-report"]
    for n in range(5):
        engine.reply(engine.letters("which-report")[-1], f"Báo cáo 1, trả lời lần {n}")
        write(engine, GOOD.replace("12", f"{n + 20}"), subject="Nữa")
    assert engine.kinds().count("which-report") == 3
    assert len(engine.unplaced()) == 4 + 3  # they wait for a person, asked about or not
    engine.clock.set(engine.clock.now() + timedelta(days=2))
    write(engine, GOOD.replace("12", "77"), subject="Hôm sau")
    assert engine.kinds().count("which-report") == 4


def test_a_question_that_nobody_answers_bars_no_other_for_ever(engine: Driven) -> None:
    write(engine, GOOD)
    engine.clock.set(engine.clock.now() + timedelta(days=6))
    write(engine, GOOD.replace("12", "13"))
    assert engine.kinds() == ["which-report"]
    engine.clock.set(engine.clock.now() + timedelta(days=2))
    write(engine, GOOD.replace("12", "14"))
    assert engine.kinds() == ["which-report"] * 2


def test_what_a_person_settled_first_is_not_done_again(engine: Driven) -> None:
    write(engine, GOOD)
    assign(engine.shell, 1, Named(plan_id="ke-hoach", task="bao-cao"), by="lan")
    engine.postman()
    engine.reply(question(engine), "2")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-1": "reported"}
    assert engine.placed()[-1] == ("ignored", "answers a question of ours that is settled")


def test_an_answer_that_comes_again_does_nothing(engine: Driven) -> None:
    write(engine, GOOD)
    answer = reply_to(question(engine), "1")
    for raw in (answer, b"Received: by mx.example\r\n" + answer):
        engine.receive(raw, str(question(engine)["Reply-To"]))
    engine.reply(question(engine), "2")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-1": "reported"}
    assert [placing for placing, _ in engine.placed()] == ["placed", "placed", "duplicate", "ignored"]


# ---------------------------------------------------------------- who is asked, and who may say


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "la@khac.example"},
        {"sender": "can-bo@xa.example"},  # of the house, and not on file
        {"List_Id": "<cac-xa.huyen.example>", "In_Reply_To": "<1@x.example>"},
        {"Precedence": "bulk"},
        {"Auto_Submitted": "auto-replied"},
        {"envelope_from": ""},
        {"sender": IDENTITY.mailbox},
        {"X_Dondoc_Letter": "request"},
    ],
)
def test_strangers_lists_and_machines_are_asked_nothing(engine: Driven, headers: dict[str, str]) -> None:
    write(engine, GOOD, **headers)
    assert engine.kinds() == []
    assert standing(engine) == UNTOUCHED
    assert len(engine.placed()) == 1


def test_a_list_that_carries_our_own_mailbox_keeps_nobody_from_being_asked(engine: Driven) -> None:
    own = {"List_Post": f"<mailto:{IDENTITY.mailbox}>", "In_Reply_To": "<1@x.example>"}
    write(engine, GOOD, **own)
    assert engine.kinds() == ["which-report"]


def test_a_sender_whom_the_mail_server_does_not_vouch_for_is_neither_asked_nor_believed(
    engine: Driven,
) -> None:
    engine.intake = replace(engine.shell, vouching_server="mx.huyen.example").intake()
    forged = {"Authentication_Results": "mx.huyen.example; dmarc=fail header.from=xa.example"}
    write(engine, GOOD, **forged)
    assert engine.kinds() == []
    write(engine, GOOD.replace("12", "13"))
    engine.reply(question(engine), "1", **forged)
    assert standing(engine) == UNTOUCHED


@pytest.mark.parametrize("said", ["Đã nhận, cảm ơn.", "Vâng ạ"])
def test_thanks_are_not_asked_about(engine: Driven, said: str) -> None:
    write(engine, said, subject="Cảm ơn")
    assert engine.kinds() == []


def test_nobody_else_says_what_is_meant(engine: Driven) -> None:
    write(engine, GOOD)
    for sender in ("la@khac.example", "xa-2@xa.example", "huyen@huyen.example"):
        engine.reply(question(engine), "1", sender=sender)
    assert standing(engine) == UNTOUCHED
    assert [one.reason for one in engine.unplaced()][:3] == [
        "answers our question which report is meant, from an address that was not asked"
    ] * 3


def test_another_address_that_the_directory_has_for_the_agency_may_say_it(tmp_path: Path) -> None:
    commune = Agency.model_validate(
        {**AGENCIES["xa-1"].model_dump(mode="json"), "aliases": ["ubnd.xa1@gmail.com"], "language": "en"}
    )
    plan = bundle(task(report=FORM), task("tong-ket", report=FORM), agencies=AGENCIES | {"xa-1": commune})
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        begun(engine)
        write(engine, GOOD, sender="ubnd.xa1@gmail.com", subject="")
        asked = question(engine)
        assert asked["To"].addresses[0].addr_spec == "ubnd.xa1@gmail.com"
        assert asked["Subject"] == "Re: (a mail without a subject)"
        assert "Please reply to this mail with nothing but the number" in flowing(asked)
        engine.reply(asked, "2")
        assert engine.request(task="tong-ket")["status"] == "reported"


def test_an_agency_is_offered_its_own_reports_and_no_others(engine: Driven) -> None:
    """xa-2 writes to the address that only xa-1 was given: it may have been passed on, or been guessed."""
    request = engine.request("xa-1")["id"]
    write(engine, GOOD, sender="xa-2@xa.example", to=IDENTITY.reply_address(request))
    told = flowing(question(engine))
    assert "- Báo cáo 1: Nhiệm vụ bao-cao" in told
    assert "Báo cáo 2" not in told
    engine.reply(question(engine), "1", sender="xa-2@xa.example")
    assert standing(engine) == UNTOUCHED | {"bao-cao/xa-2": "reported"}


def test_somebody_above_who_was_told_of_delays_is_asked_about_those_and_no_others(engine: Driven) -> None:
    engine.run_until(at("2024-12-05 10:00"))
    engine.mailer.sent.clear()
    late = [engine.request("xa-1", one)["id"] for one in ("bao-cao", "tong-ket")]
    tags = " ".join(f"[#{IDENTITY.token(one)}]" for one in late)
    write(engine, "Đề nghị cho biết lý do chậm?", sender="huyen@huyen.example", subject=f"Chậm {tags}")
    told = question(engine)
    assert told["To"].addresses[0].addr_spec == "huyen@huyen.example"
    assert "Kính gửi: UBND huyện" in text_of(told)
    assert "- Báo cáo 2: Nhiệm vụ tong-ket" in text_of(told)
    assert "Báo cáo 3" not in text_of(told)


def test_a_classified_report_is_offered_without_its_name(tmp_path: Path) -> None:
    secret = {**FORM, "classification": "secret"}
    plan = bundle(task(report=FORM), task("tong-ket", report=secret))
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        begun(engine)
        write(engine, "Xã gửi báo cáo.", subject="Báo cáo Kế hoạch 99/KH-UBND về phương án đặc biệt")
        told = flowing(question(engine))
        assert "Nhiệm vụ tong-ket" not in told
        assert "đặc biệt" not in told.partition("\n")[2]
        assert "Nhiệm vụ không nêu tên trong thư này" in told
        assert "không gửi qua thư điện tử" in told


def test_a_stopped_cycle_takes_no_question_back(engine: Driven) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = XA_1, IDENTITY.mailbox, "Số liệu"
    mail.set_content(GOOD)
    engine.receive(mail.as_bytes(), IDENTITY.mailbox)
    with engine.ledger.write() as tx:
        cycles.stop(tx, "ke-hoach", "once", "nhầm", engine.clock.now())
    engine.postman()
    assert engine.kinds() == ["which-report"]
    engine.reply(question(engine), "1")
    assert [one.reason for one in engine.unplaced()] == ["the period is closed"]


def test_a_bounce_of_the_question_is_set_aside_and_the_mail_still_waits(engine: Driven) -> None:
    write(engine, GOOD)
    sent = next(one for one in engine.mailer.sent)
    raw = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {sent.envelope_from}\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {XA_1}\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n"
    ).encode()
    engine.receive(raw, sent.envelope_from, sender="")
    assert [placing for placing, _ in engine.placed()] == ["unplaced", "ignored"]
    assert engine.kinds() == ["which-report"]


def test_the_coordinators_own_words_stand_in_the_question(engine: Driven, tmp_path: Path) -> None:
    words = tmp_path / "words" / "vi"
    words.mkdir(parents=True)
    (words / "which-report.txt").write_text(
        "[opening]\nChúng tôi chưa rõ thư thuộc báo cáo nào.\n\n[closing]\nCảm ơn {{ to }}.\n", "utf-8"
    )
    overrides = read_overrides(tmp_path / "words")
    assert overrides.faults == ()
    engine.intake = replace(engine.intake, identity=replace(IDENTITY, templates=overrides))
    write(engine, GOOD)
    told = text_of(read(engine.mailer.sent[-1]))
    assert "Chúng tôi chưa rõ thư thuộc báo cáo nào." in told
    assert "Cảm ơn UBND xã 1." in told
    assert "- Báo cáo 2:" in told
