"""An agency that owes several reports on one day gets one mail, and each of its answers finds its report."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.shell.showing.status import read_status
from flows.shell.specs.applying import apply
from flows.shell.specs.changes import Confirmed
from notifiers import form_sheet
from notifiers.memory import accept
from notifiers.ports import InDoubt, Mail, Outcome, Refused
from schemas.catalogue import Bundle
from tests.bundles import at, bundle, task
from tests.driving import IDENTITY, Driven, PowerCut, driven, reply_to, text_of
from tests.ledgers import rows

REPORT = {"form": "bieu-mau"}
SEVERAL = (
    task("thong-tin", lead=["xa-1", "xa-2"], report=REPORT),
    task("doi-ngoai", lead="xa-1", report=REPORT),
    task("so-ket", lead="xa-1"),
)
LINES = "Số tin, bài: {}\nKinh phí: 3,5\nKết quả nổi bật: Đã mở chuyên mục\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), bundle(*SEVERAL)) as found:
        found.run_until(at("2024-11-15 09:00"))
        yield found


def asked(engine: Driven) -> EmailMessage:
    """The mail that asks xa-1 for its three reports."""
    (message,) = [one for one in engine.letters("request") if "xa-1@" in str(one["To"])]
    return message


def standing(engine: Driven) -> dict[str, str]:
    return {row["task"]: row["status"] for row in rows(engine.ledger, "request", agency="xa-1")}


def quoted(message: EmailMessage) -> str:
    return "Vào 08:00 15/11/2024, Đôn đốc đã viết:\n" + "".join(
        f"> {line}\n" for line in text_of(message).splitlines()
    )


def test_three_reports_are_asked_for_in_one_mail_with_a_block_for_each(engine: Driven) -> None:
    message = asked(engine)
    assert len(engine.mailer.sent) == 2
    text = text_of(message)
    for number, name in enumerate(("thong-tin", "doi-ngoai", "so-ket"), start=1):
        assert f"BÁO CÁO {number}/3: Nhiệm vụ {name}" in text
        assert f"===== PHẦN TRẢ LỜI (mã r{engine.request(task=name)['id']}) =====" in text
    assert text.count("Thời hạn: Hết ngày 29/11/2024") == 1
    assert len([one for one in message.iter_attachments() if one.get_filename().endswith(".xlsx")]) == 2
    assert len([one for one in message.iter_attachments() if one.get_filename().endswith(".ics")]) == 3


def test_each_request_keeps_a_row_and_a_history_of_its_own_under_the_one_mail(engine: Driven) -> None:
    mine = [row for row in rows(engine.ledger, "outbox") if "/xa-1/" in row["key"]]
    assert len({row["message_id"] for row in mine}) == 1
    assert len({row["key"] for row in mine}) == 3
    assert [row["status"] for row in mine] == ["sent"] * 3
    assert len({row["request_id"] for row in rows(engine.ledger, "journal", event="open")}) == 4
    assert read_status(engine.ledger, engine.shell.versions).mails == {"sent": 2}


def test_an_answer_filled_in_inside_the_quote_finds_each_report(engine: Driven) -> None:
    text = quoted(asked(engine))
    for answer in ("45", "7"):
        text = text.replace("1. Số tin, bài: \n", f"1. Số tin, bài: {answer}\n", 1)
        text = text.replace("2. Kinh phí: \n", "2. Kinh phí: 3,5\n", 1)
        text = text.replace("3. Kết quả nổi bật: \n", "3. Kết quả nổi bật: Tốt\n", 1)
    text = text.replace("1. Nội dung báo cáo: \n", "1. Nội dung báo cáo: Đã sơ kết.\n")
    engine.reply(asked(engine), "Xã gửi số liệu bên dưới.\n\n" + text)
    assert engine.request(task="thong-tin")["accepted"]["so-tin"] == 45
    assert engine.request(task="doi-ngoai")["accepted"]["so-tin"] == 7
    assert engine.request(task="so-ket")["accepted"] == {"text": "Đã sơ kết."}
    assert set(standing(engine).values()) == {"reported"}
    assert engine.request("xa-2", "thong-tin")["status"] == "open"


def test_one_confirmation_tells_how_every_report_of_the_mail_stands(engine: Driven) -> None:
    said = f"Báo cáo 1\n{LINES.format(45)}\nBáo cáo 2\nSố tin, bài: nhiều\nKinh phí: 2\n"
    engine.reply(asked(engine), said)
    assert standing(engine) == {"thong-tin": "reported", "doi-ngoai": "open", "so-ket": "open"}
    answers = engine.letters("accepted") + engine.letters("partly")
    (one,) = {str(message["Message-ID"]): message for message in answers}.values()
    first, second, third = text_of(one).split("BÁO CÁO ")[1:]
    assert "Số tin, bài = 45" in first
    assert "PHẦN TRẢ LỜI" not in first
    assert "đã ghi “nhiều”" in second
    assert "1. Số tin, bài:" in second
    assert "Chưa có nội dung trong thư vừa nhận; thời hạn hết ngày 29/11/2024" in third
    engine.reply(one, "Báo cáo 2\nSố tin, bài: 7\nKết quả nổi bật: Tốt\nBáo cáo 3: Đã sơ kết.\n")
    assert set(standing(engine).values()) == {"reported"}
    assert engine.request(task="thong-tin")["accepted"]["so-tin"] == 45


def test_what_may_belong_to_two_reports_is_given_to_neither_and_asked_about(engine: Driven) -> None:
    engine.reply(asked(engine), LINES.format(45))
    assert set(standing(engine).values()) == {"open"}
    assert [row["kept"] for row in rows(engine.ledger, "request")] == [None] * 4
    (question,) = {str(one["Message-ID"]): one for one in engine.letters("refused")}.values()
    assert "+ Số tin, bài: 45" in text_of(question)
    assert text_of(question).count("===== PHẦN TRẢ LỜI") == 3
    engine.reply(question, f"Báo cáo 2:\n{LINES.format(45)}")
    assert standing(engine) == {"thong-tin": "open", "doi-ngoai": "reported", "so-ket": "open"}


def test_thanks_for_the_mail_are_no_report_and_a_question_goes_to_a_person_once(engine: Driven) -> None:
    engine.reply(asked(engine), "Đã nhận, cảm ơn.\n")
    assert engine.letters("refused") == []
    engine.reply(asked(engine), "Cho hỏi báo cáo sơ kết lấy số liệu đến ngày nào ạ?\n")
    assert len(engine.unplaced()) == 1
    assert set(standing(engine).values()) == {"open"}
    assert engine.kinds() == ["request", "request", "petition"]


def test_who_asks_for_more_time_without_saying_for_what_asks_for_all_that_is_owed(engine: Driven) -> None:
    engine.clock.set(at("2024-11-18 10:00"))
    engine.reply(asked(engine), "Báo cáo 3: Xã đã tổ chức hội nghị sơ kết.\n")
    engine.reply(asked(engine), "Xã xin gia hạn đến ngày 06/12/2024 do đang thiếu cán bộ.\n")
    petitions = rows(engine.ledger, "petition")
    tasks = {row["id"]: row["task"] for row in rows(engine.ledger, "request")}
    assert {tasks[one["request_id"]] for one in petitions} == {"thong-tin", "doi-ngoai"}
    assert len(engine.unplaced()) == 1

    (notice,) = engine.letters("petition")
    text = " ".join(text_of(notice).split())
    assert "còn 2 báo cáo chưa gửi: – Nhiệm vụ thong-tin: thời hạn hết ngày" in text
    assert "– Nhiệm vụ doi-ngoai: thời hạn hết ngày" in text
    assert "so-ket" not in text
    assert "2 báo cáo" in str(notice["Subject"])

    engine.reply(notice, "Đồng ý\n", sender=str(notice["To"].addresses[0].addr_spec))
    assert {one["standing"] for one in rows(engine.ledger, "petition")} == {"granted"}
    assert {str(one["until_on"]) for one in rows(engine.ledger, "petition")} == {"2024-12-06"}
    assert engine.unplaced() == []


def test_files_that_name_no_report_are_put_before_a_person_too(engine: Driven) -> None:
    message = asked(engine)
    for name, expected in (("Bao cao.docx", "open"), ("Bao cao 3.docx", "reported")):
        answer = EmailMessage()
        answer["From"], answer["To"] = "xa-1@xa.example", str(message["Reply-To"])
        answer["Subject"] = "Re: " + str(message["Subject"]).removeprefix("Re: ")
        answer.set_content("Xã gửi báo cáo kèm theo.\n")
        answer.add_attachment(b"PK", maintype="application", subtype="msword", filename=name)
        engine.receive(answer.as_bytes(), str(message["Reply-To"]))
        assert standing(engine)["so-ket"] == expected
    assert len(engine.unplaced()) == 1
    assert standing(engine)["thong-tin"] == "open"


def filled_in(message: EmailMessage, token: str, **values: object) -> bytes:
    """The form that came with a mail for one of its requests, as the agency saves it."""
    (content,) = [
        one.get_content() for one in message.iter_attachments() if f"{token}.xlsx" in one.get_filename()
    ]
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for (name, answer), row in product(values.items(), range(form_sheet.FIRST_FIELD_ROW, sheet.max_row + 1)):
        if sheet.cell(row, form_sheet.ID_COLUMN).value == name.replace("_", "-"):
            sheet.cell(row, form_sheet.ANSWER_COLUMN).value = answer
    with io.BytesIO() as file:
        book.save(file)
        return file.getvalue()


def with_forms(message: EmailMessage, text: str, *forms: bytes) -> bytes:
    answer = EmailMessage()
    answer["From"], answer["To"] = "xa-1@xa.example", str(message["Reply-To"])
    answer["Subject"] = "Re: " + str(message["Subject"]).removeprefix("Re: ")
    answer.set_content(text)
    for number, form in enumerate(forms):
        answer.add_attachment(
            form,
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            filename=f"bieu mau ({number}).xlsx",
        )
    return answer.as_bytes()


def test_forms_that_come_back_filled_in_find_the_reports_that_they_were_made_for(engine: Driven) -> None:
    message = asked(engine)
    first = filled_in(
        message, f"r{engine.request(task='thong-tin')['id']}", so_tin=45, kinh_phi=1, ket_qua="A"
    )
    second = filled_in(
        message, f"r{engine.request(task='doi-ngoai')['id']}", so_tin=7, kinh_phi=2, ket_qua="B"
    )
    engine.receive(with_forms(message, "Xã gửi biểu mẫu.\n", second, first), str(message["Reply-To"]))
    assert engine.request(task="thong-tin")["accepted"]["so-tin"] == 45
    assert engine.request(task="doi-ngoai")["accepted"]["so-tin"] == 7
    assert standing(engine)["so-ket"] == "open"


def test_a_form_made_for_another_report_is_never_read_for_this_one(engine: Driven) -> None:
    engine.run_until(at("2024-11-22 09:00"))
    message = asked(engine)
    other = filled_in(
        message, f"r{engine.request(task='doi-ngoai')['id']}", so_tin=7, kinh_phi=2, ket_qua="B"
    )
    to = IDENTITY.reply_address(engine.request(task="thong-tin")["id"])
    engine.receive(with_forms(message, "Xã gửi biểu mẫu.\n", other), to)
    assert engine.request(task="thong-tin")["kept"] in (None, {})
    assert standing(engine)["thong-tin"] == "open"


def test_who_answered_one_report_is_reminded_of_the_others_in_one_mail_of_the_same_thread(
    engine: Driven,
) -> None:
    engine.clock.set(at("2024-11-18 10:00"))
    engine.reply(asked(engine), f"Báo cáo 1\n{LINES.format(45)}")
    engine.run_until(at("2024-11-22 09:00"))
    (reminder,) = [
        one
        for one in {str(one["Message-ID"]): one for one in engine.letters("reminder")}.values()
        if "xa-1@" in str(one["To"])
    ]
    text = text_of(reminder)
    assert "BÁO CÁO 1/2: Nhiệm vụ doi-ngoai" in text
    assert "thong-tin" not in text
    assert str(asked(engine)["Message-ID"]) in str(reminder["References"])
    engine.reply(reminder, "Báo cáo 2: Đã sơ kết.\n")
    assert standing(engine) == {"thong-tin": "reported", "doi-ngoai": "open", "so-ket": "reported"}


def test_a_reminder_of_the_last_report_left_is_an_ordinary_mail_of_the_same_thread(engine: Driven) -> None:
    engine.clock.set(at("2024-11-18 10:00"))
    engine.reply(asked(engine), f"Báo cáo 1\n{LINES.format(45)}\nBáo cáo 2\n{LINES.format(7)}")
    engine.run_until(at("2024-11-22 09:00"))
    (reminder,) = [one for one in engine.letters("reminder") if "xa-1@" in str(one["To"])]
    assert reminder["Subject"] == f"Re: {asked(engine)['Subject']}"
    assert "Nhiệm vụ: Nhiệm vụ so-ket" in text_of(reminder)
    assert str(asked(engine)["Message-ID"]) in str(reminder["References"])
    engine.reply(reminder, "Xã đã tổ chức hội nghị sơ kết ngày 20/11.\n")
    assert standing(engine)["so-ket"] == "reported"


def test_a_bounce_of_the_mail_is_noted_at_each_of_its_requests(engine: Driven) -> None:
    (mail,) = [one for one in engine.mailer.sent if one.envelope_to == ("xa-1@xa.example",)]
    bounce = EmailMessage()
    bounce["From"], bounce["To"] = "MAILER-DAEMON@xa.example", mail.envelope_from
    bounce["Subject"] = "Undelivered Mail Returned to Sender"
    bounce["Auto-Submitted"] = "auto-replied"
    bounce.set_content("<xa-1@xa.example>: host mail.xa.example said: 550 5.1.1 User unknown\n")
    engine.receive(bounce.as_bytes(), mail.envelope_from, sender="")
    noted = {row["request_id"] for row in rows(engine.ledger, "journal", event="bounced")}
    assert noted == {row["id"] for row in rows(engine.ledger, "request", agency="xa-1")}


def test_a_reference_to_the_mail_is_enough_from_an_address_on_file(engine: Driven) -> None:
    message = asked(engine)
    raw = reply_to(message, f"Báo cáo 2\n{LINES.format(7)}", to="baocao@dondoc.example")
    engine.receive(raw, "baocao@dondoc.example")
    assert standing(engine) == {"thong-tin": "open", "doi-ngoai": "reported", "so-ket": "open"}


# ---------------------------------------------------------------- whatever breaks


def test_power_cut_while_the_mail_is_handed_over_repeats_it_under_its_message_id(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), bundle(*SEVERAL)) as engine:

        def cut(mail: Mail) -> Outcome:
            if "xa-1@" in mail.envelope_to[0]:
                raise PowerCut
            return accept(mail)

        engine.mailer.answer = cut
        with pytest.raises(PowerCut):
            engine.one_pass()
        engine.mailer.answer = accept
        engine.restart("may-1:2")
        engine.postman()
        engine.one_pass()
        tried = [mail.message_id for mail in engine.mailer.tried if "xa-1@" in mail.envelope_to[0]]
        assert len(tried) == 2
        assert len(set(tried)) == 1
        assert [mail.message_id for mail in engine.mailer.sent].count(tried[0]) == 1
        assert engine.mails() == ["sent"] * 4
        doubtful = rows(engine.ledger, "outbox", resent_in_doubt=True)
        assert {row["message_id"] for row in doubtful} == set(tried)
        assert len(doubtful) == 3


def test_a_crash_between_deciding_and_sending_loses_no_report_of_the_mail(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), bundle(*SEVERAL)) as engine:
        engine.begin_pass()  # and here the process dies
        engine.restart("may-1:2")
        engine.one_pass()
        engine.postman()
        assert len(engine.mailer.tried) == 2
        assert engine.mails() == ["sent"] * 4


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Refused(code=550, answer="no such user"), "failed"), (InDoubt(reason="the line broke"), "in-doubt")],
)
def test_every_request_of_a_mail_fares_as_the_mail_does(
    tmp_path: Path, outcome: Outcome, status: str
) -> None:
    with driven(tmp_path, at("2024-11-15"), bundle(*SEVERAL)) as engine:
        engine.mailer.answer = lambda _: outcome
        engine.one_pass()
        for _ in range(3):
            engine.postman()
        requests = [
            row["status"] for row in rows(engine.ledger, "outbox") if row["key"].endswith("/request/1")
        ]
        assert requests == [status] * 4


def test_a_report_that_is_dropped_before_the_mail_has_left_is_asked_for_and_then_taken_back(
    tmp_path: Path,
) -> None:
    with driven(tmp_path, at("2024-11-15"), bundle(*SEVERAL)) as engine:
        engine.begin_pass()
        dropped: Bundle = bundle(*SEVERAL[:2])
        apply(engine.ledger, [dropped], engine.clock, IDENTITY, confirmed=Confirmed(running=True))
        engine.restart("may-1:2")
        engine.run_until(at("2024-11-15 09:00"))
        kinds = [
            str(one["X-Dondoc-Letter"])
            for one in (engine.letters("request") + engine.letters("withdrawn"))
            if "xa-1@" in str(one["To"])
        ]
        assert kinds == ["request", "withdrawn"]
        assert standing(engine)["so-ket"] == "withdrawn"
        engine.reply(asked(engine), f"Báo cáo 1\n{LINES.format(45)}\nBáo cáo 3: Đã sơ kết xong.\n")
        told = engine.letters()[-1]
        assert "Đề nghị báo cáo này đã được rút lại" in text_of(told).split("BÁO CÁO 3/3")[1]
        assert standing(engine)["thong-tin"] == "reported"


def test_a_classified_report_is_never_told_beside_others(tmp_path: Path) -> None:
    secret = task("mat", lead="xa-1", report={**REPORT, "classification": "secret"})
    with driven(tmp_path, at("2024-11-15"), bundle(*SEVERAL, secret)) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        mine = [one for one in engine.letters("request") if "xa-1@" in str(one["To"])]
        assert len(mine) == 2
        assert all("Nhiệm vụ mat" not in text_of(one) + str(one["Subject"]) for one in mine)
