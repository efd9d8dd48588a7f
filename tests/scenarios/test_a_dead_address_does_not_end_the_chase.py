"""When mail does not reach an agency, its next contact is written to; in the end a person hears of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.ledger import chase, failures
from flows.shell.astray import rerouting
from flows.shell.desk.digest import Digest
from flows.shell.showing.status import as_json, read_status
from flows.shell.specs.planning import Confirmed
from notifiers.memory import accept
from notifiers.ports import Deferred, Mail, Outcome, Refused
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, Driven, driven, read, reply_to, text_of
from tests.ledgers import applied, rows

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

SUPERIOR_HEAD, SUPERIOR_DEPUTY = "chutich@huyen.example", "phochutich@huyen.example"
DISTRICT = Agency.model_validate(
    {
        "id": "huyen",
        "name": "UBND huyện",
        "superior": "tinh",
        "mailbox": SUPERIOR,
        "head": {"title": "Chủ tịch", "mailbox": SUPERIOR_HEAD},
        "deputy": {"title": "Phó Chủ tịch", "mailbox": SUPERIOR_DEPUTY},
    }
)
REPORT = {"form": "bieu-mau"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(), agencies=AGENCIES | {"xa-1": AGENCY}, coordinator="tinh")
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        yield found


@pytest.fixture
def owing_three(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(
        task("thong-tin", report=REPORT),
        task("doi-ngoai", report=REPORT),
        task("so-ket"),
        agencies=AGENCIES | {"xa-1": AGENCY, "huyen": DISTRICT},
        coordinator="tinh",
    )
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


def bounce(engine: Driven, recipient: str, *, action: str = "failed", mail: Mail | None = None) -> None:
    """A server sends back a mail, or the last one, to that recipient."""
    mail = mail or [one for one in engine.mailer.sent if one.envelope_to[0] == recipient][-1]
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


def dates_of(message: EmailMessage) -> list[tuple[str, int]]:
    """The calendar entries that came along: which, and in which edition."""
    found = []
    for one in message.iter_attachments():
        if one.get_content_type() == "text/calendar":
            content = str(one.get_content())
            uid, sequence = (re.search(rf"{key}:(\S+)", content) for key in ("UID", "SEQUENCE"))
            assert uid is not None
            assert sequence is not None
            found.append((uid[1], int(sequence[1])))
    return found


def names_of(message: EmailMessage) -> list[str | None]:
    return [one.get_filename() for one in message.iter_attachments()]


def said(message: EmailMessage) -> str:
    return " ".join(text_of(message).split())


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
    third = said(engine.letters()[-1])
    assert f"Thư gửi địa chỉ {FOCAL}, {OFFICE} của UBND xã 1 không đến được" in third
    assert third.count("không đến được") == 1
    assert third.count("Kính gửi") == 2


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
    bounce(engine, FOCAL, mail=engine.mailer.sent[0])
    settle(engine)
    assert len(engine.mailer.tried) == before
    assert [one["next"] for one in engine.journal("undeliverable")] == [None]


def test_a_confirmation_that_comes_back_reaches_another_of_the_agency(engine: Driven) -> None:
    engine.one_pass()
    (letter,) = engine.letters()
    engine.reply(letter, GOOD, sender=OFFICE)
    bounce(engine, FOCAL)
    settle(engine)
    assert reached(engine) == [FOCAL, FOCAL, OFFICE]
    confirmation = engine.letters("accepted")[-1]
    assert "Đã mở chuyên mục trên đài truyền thanh" in said(confirmation)


def test_a_mail_about_several_reports_goes_on_as_one_mail_with_all_its_files(owing_three: Driven) -> None:
    refusing(owing_three, FOCAL)
    owing_three.one_pass()
    settle(owing_three)
    assert [mail.envelope_to[0] for mail in owing_three.mailer.tried] == [FOCAL, OFFICE]
    first, second = map(read, owing_three.mailer.tried)
    assert dates_of(second) == dates_of(first)
    assert names_of(second) == names_of(first)
    assert len(names_of(second)) == 5  # two forms, three dates
    assert second["Reply-To"] == first["Reply-To"]
    assert second["Subject"] == first["Subject"]
    assert text_of(second).endswith(text_of(first))
    assert f"Thư gửi địa chỉ {FOCAL} của UBND xã 1 không đến được" in said(second)
    html = second.get_body(("html",))
    assert html is not None
    assert str(html.get_content()).index(FOCAL) < str(html.get_content()).index("BÁO CÁO 1/3")


def test_an_answer_to_the_mail_that_went_on_finds_each_of_its_reports(owing_three: Driven) -> None:
    refusing(owing_three, FOCAL)
    owing_three.one_pass()
    settle(owing_three)
    (letter,) = owing_three.letters("request")
    answer = f"Báo cáo 1\n{GOOD}\nBáo cáo 2\n{GOOD}\nBáo cáo 3: Đã sơ kết.\n"
    owing_three.reply(letter, answer, sender=OFFICE)
    settle(owing_three)
    assert {row["status"] for row in rows(owing_three.ledger, "request")} == {"reported"}
    # the confirmation does not knock at the dead address again
    assert [mail.envelope_to[0] for mail in owing_three.mailer.tried] == [FOCAL, OFFICE, OFFICE]
    confirmation = owing_three.letters("accepted")[-1]
    assert said(confirmation).count("Đã nhận đủ") == 3
    assert f"Thư gửi địa chỉ {FOCAL} của UBND xã 1 không đến được" in said(confirmation)


def test_an_answer_filled_in_inside_the_mail_that_went_on_is_read(owing_three: Driven) -> None:
    refusing(owing_three, FOCAL)
    owing_three.one_pass()
    settle(owing_three)
    (letter,) = owing_three.letters("request")
    quoted = "".join(f"> {line}\n" for line in text_of(letter).splitlines())
    for field, value in (("Số tin, bài", "45"), ("Kinh phí", "3,5"), ("Kết quả nổi bật", "Tốt")):
        quoted = quoted.replace(f"{field}: \n", f"{field}: {value}\n", 1)
    answer = f"Xã gửi số liệu bên dưới.\n\nVào 08:00 15/11/2024, Đôn đốc đã viết:\n{quoted}"
    owing_three.reply(letter, answer, sender=OFFICE)
    assert owing_three.request(task="thong-tin")["accepted"] == {
        "so-tin": 45,
        "kinh-phi": 3.5,
        "ket-qua": "Tốt",
    }
    assert owing_three.request(task="doi-ngoai")["status"] == "open"


def test_a_report_of_the_mail_that_is_in_is_not_asked_for_again_when_it_goes_on(owing_three: Driven) -> None:
    owing_three.one_pass()
    (letter,) = owing_three.letters()
    owing_three.reply(letter, "Báo cáo 3: Đã sơ kết công tác.\n", sender=OFFICE)
    assert owing_three.request(task="so-ket")["status"] == "reported"
    bounce(owing_three, FOCAL, mail=owing_three.mailer.sent[0])
    settle(owing_three)
    onward = [one for one in owing_three.letters("request") if OFFICE in str(one["To"])]
    assert "Không phải gửi nữa (đã nhận được hoặc đề nghị đã rút): “Nhiệm vụ so-ket”." in said(onward[0])


def test_a_report_that_is_in_is_not_asked_for_when_its_mail_goes_to_a_corrected_mailbox(
    owing_three: Driven,
) -> None:
    refusing(owing_three, FOCAL, OFFICE, DEPUTY, SUPERIOR)
    owing_three.one_pass()
    settle(owing_three)
    letter = read(owing_three.mailer.tried[0])
    owing_three.reply(letter, "Báo cáo 3: Đã sơ kết công tác.\n", sender="canbo.moi@xa.example")
    assert owing_three.request(task="so-ket")["status"] == "reported"
    corrected = Agency.model_validate({**AGENCY.model_dump(mode="json"), "mailbox": "vanthu@xa.example"})
    tasks = (task("thong-tin", report=REPORT), task("doi-ngoai", report=REPORT), task("so-ket"))
    agencies = AGENCIES | {"xa-1": corrected, "huyen": DISTRICT}
    plan = bundle(*tasks, agencies=agencies, coordinator="tinh")
    applied(owing_three.ledger, plan, when=owing_three.clock.now(), confirmed=Confirmed(running=True))
    owing_three.run_until(at("2024-11-18 09:00"))
    onward = [one for one in owing_three.letters("request") if "vanthu@xa.example" in str(one["To"])]
    assert len(onward) == 1
    assert "Không phải gửi nữa (đã nhận được hoặc đề nghị đã rút): “Nhiệm vụ so-ket”." in said(onward[0])


def test_a_mail_about_reports_of_two_plans_goes_on_as_one_mail_and_is_answered_as_one(tmp_path: Path) -> None:
    known = AGENCIES | {"xa-1": AGENCY}
    plans = (
        bundle(task("thong-tin"), agencies=known),
        bundle(task("doi-ngoai"), agencies=known, id="ke-hoach-hai", number="100/KH-UBND"),
    )
    with driven(tmp_path, at("2024-11-15"), *plans) as engine:
        refusing(engine, FOCAL)
        engine.run_until(at("2024-11-15 09:00"))
        settle(engine)
        assert [mail.envelope_to[0] for mail in engine.mailer.tried] == [FOCAL, OFFICE]
        (letter,) = engine.letters("request")
        engine.reply(letter, "Báo cáo 1: Đã thực hiện.\nBáo cáo 2: Đã thực hiện.\n", sender=OFFICE)
        assert {row["status"] for row in rows(engine.ledger, "request")} == {"reported"}
        requests = [one for one in engine.journal("undeliverable") if one["kind"] == "request"]
        assert [one["next"] for one in requests] == [OFFICE, OFFICE]


def test_of_a_mail_about_several_reports_the_coordinator_hears_once_that_nobody_is_reached(
    owing_three: Driven,
) -> None:
    refusing(owing_three, FOCAL, OFFICE, DEPUTY, SUPERIOR)
    owing_three.one_pass()
    settle(owing_three)
    to_coordinator = [one for one in owing_three.mailer.sent if one.envelope_to[0] == "tinh@tinh.example"]
    (told,) = map(read, to_coordinator)
    assert "Thư đề nghị 3 báo cáo sau không đến được UBND xã 1" in said(told)
    for name in ("thong-tin", "doi-ngoai", "so-ket"):
        assert f"– Nhiệm vụ {name}: thời hạn hết ngày 29/11/2024" in said(told)
    assert read_status(owing_three.ledger, owing_three.shell.versions).unreachable == 3


def test_a_reminder_does_not_knock_at_a_dead_address_again(engine: Driven) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()
    settle(engine)
    engine.clock.set(at("2024-11-22"))
    engine.one_pass()
    settle(engine)
    assert [mail.envelope_to[0] for mail in engine.mailer.tried] == [FOCAL, OFFICE, OFFICE]
    (reminder,) = engine.letters("reminder")
    assert f"Thư gửi địa chỉ {FOCAL} của UBND xã 1 không đến được" in said(reminder)


def test_the_answer_to_a_mail_goes_to_an_address_that_has_just_written_though_it_was_dead(
    engine: Driven,
) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()
    settle(engine)
    engine.mailer.answer = accept
    engine.receive(
        reply_to(engine.letters()[0], GOOD, sender=FOCAL), str(engine.letters()[0]["Reply-To"]), sender=FOCAL
    )
    engine.postman()
    assert reached(engine) == [OFFICE, FOCAL]


def test_whoever_is_told_on_has_the_copy_at_an_address_that_is_reached(engine: Driven) -> None:
    refusing(engine, FOCAL)
    engine.run_until(at("2024-12-05 09:00"))
    settle(engine)
    above = [mail.envelope_to for mail in engine.mailer.sent if mail.envelope_to[0] == SUPERIOR]
    assert above == [(SUPERIOR, OFFICE)]


def test_an_address_that_writes_again_is_written_to_again(engine: Driven) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()
    settle(engine)
    (letter,) = engine.letters()
    engine.mailer.answer = accept
    engine.clock.set(at("2024-11-18 09:00"))
    engine.reply(letter, "Đã nhận được thư, xin cảm ơn.\n", sender=FOCAL)
    engine.clock.set(at("2024-11-22"))
    engine.one_pass()
    assert reached(engine)[-1] == FOCAL


def test_an_address_that_writes_again_gets_what_does_not_reach_the_contact_after_it(engine: Driven) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()
    settle(engine)
    engine.mailer.answer = accept
    engine.clock.set(at("2024-11-18 09:00"))
    engine.reply(engine.letters()[-1], "Đã nhận được thư, xin cảm ơn.\n", sender=FOCAL)
    bounce(engine, OFFICE)
    settle(engine)
    assert reached(engine) == [OFFICE, FOCAL]
    assert engine.journal("undeliverable")[-1]["next"] == FOCAL


def test_addresses_that_write_and_send_mail_back_by_turns_do_not_get_it_for_ever(engine: Driven) -> None:
    engine.one_pass()
    for hour in range(12):
        last = reached(engine)[-1]
        bounce(engine, last)
        settle(engine)
        engine.clock.set(at(f"2024-11-18 {hour + 8:02}:00"))
        engine.reply(engine.letters("request")[-1], "Đã nhận được thư, xin cảm ơn.\n", sender=last)
    assert len(engine.letters("request")) <= 8
    assert len(engine.letters("unreachable")) == 1


def test_what_a_task_is_called_says_nothing_of_where_its_mails_went(tmp_path: Path) -> None:
    agencies = AGENCIES | {"xa-1": AGENCY}
    tasks = (task("next-2025"), task("stand-in-2025"))
    with driven(tmp_path, at("2024-11-15"), bundle(*tasks, agencies=agencies, coordinator="tinh")) as engine:
        engine.one_pass()
        with engine.ledger.read() as tx:
            asked = {row["id"] for row in rows(engine.ledger, "request")}
            assert failures.sent_on(tx, asked) == {}
            assert {len(one) for one in chase.chases(tx, asked).values()} == {1}
        bounce(engine, FOCAL)
        settle(engine)
        keys = sorted(row["key"] for row in rows(engine.ledger, "outbox"))
        assert [key.removeprefix("ke-hoach/once/") for key in keys] == [
            "next-2025/xa-1/request/1",
            "next-2025/xa-1/request/1/next-1",
            "stand-in-2025/xa-1/request/1",
            "stand-in-2025/xa-1/request/1/next-1",
        ]


def unreached(engine: Driven) -> list[dict[str, object]]:
    return as_json(read_status(engine.ledger, engine.shell.versions))["unreached"]


def test_status_tells_which_address_is_dead_since_when_why_and_who_was_written_to_instead(
    owing_three: Driven,
) -> None:
    refusing(owing_three, FOCAL, OFFICE)
    owing_three.one_pass()
    settle(owing_three)
    answer = "550 5.1.1 no such user"
    since = at("2024-11-15").astimezone(UTC).isoformat()
    assert unreached(owing_three) == [
        {
            "address": address,
            "agency": "xa-1",
            "since": since,
            "answer": answer,
            "reports": 3,
            "instead": [DEPUTY],
        }
        for address in (FOCAL, OFFICE)
    ]
    assert read_status(owing_three.ledger, owing_three.shell.versions).unreachable == 0
    sheet = owing_three.one_pass().sheet
    note = (
        f"không gửi được thư đến {FOCAL} từ ngày 15/11/2024 ({answer});"
        f" không gửi được thư đến {OFFICE} từ ngày 15/11/2024 ({answer}); đã gửi đến {DEPUTY} thay thế"
    )
    assert {row[sheet.columns.index("Ghi chú")] for row in sheet.rows} == {note}


def test_the_digest_tells_of_each_dead_address_once(owing_three: Driven) -> None:
    refusing(owing_three, FOCAL)
    owing_three.run_until(at("2024-11-25 09:00"))
    settle(owing_three)
    Digest(shell=owing_three.shell).look()
    settle(owing_three)
    (digest,) = owing_three.letters("digest")
    assert digest["Subject"] == "[Đôn đốc] 1 việc đang chờ đồng chí, ngày 25/11/2024"
    assert (
        f"- {FOCAL} của UBND xã 1 không nhận được thư từ ngày 15/11/2024, máy chủ trả lời:"
        f" 550 5.1.1 no such user. Liên quan 3 báo cáo đang chờ; thư đã được gửi đến {OFFICE} thay thế."
    ) in said(digest)


def test_a_mail_from_the_address_ends_the_state(engine: Driven) -> None:
    refusing(engine, FOCAL)
    engine.one_pass()
    settle(engine)
    assert len(unreached(engine)) == 1
    engine.clock.set(at("2024-11-18 09:00"))
    (letter,) = engine.letters()
    engine.reply(letter, "Đã nhận được thư, xin cảm ơn.\n", sender=FOCAL)
    assert unreached(engine) == []


def test_a_corrected_mailbox_ends_the_state_and_gets_the_next_mail(engine: Driven) -> None:
    refusing(engine, FOCAL, OFFICE, DEPUTY, SUPERIOR)
    engine.one_pass()
    settle(engine)
    assert read_status(engine.ledger, engine.shell.versions).unreachable == 1
    corrected = "canbo.moi@xa.example"
    known = AGENCY.model_dump(mode="json")
    mended = Agency.model_validate({**known, "focal_point": {"name": "Lê Thị B", "mailbox": corrected}})
    plan = bundle(task(), agencies=AGENCIES | {"xa-1": mended}, coordinator="tinh")
    applied(engine.ledger, plan, when=engine.clock.now(), confirmed=Confirmed(running=True))
    status = read_status(engine.ledger, engine.shell.versions)
    assert status.unreachable == 0
    assert FOCAL not in [one.address for one in status.unreached]
    engine.run_until(at("2024-11-18 09:00"))
    assert reached(engine)[-1] == corrected  # asked at once, and not only with the next reminder
    assert engine.letters("request")[-1]["Reply-To"] == engine.letters("unreachable")[0]["Reply-To"]
    assert engine.journal("asked-again") == [{"next": corrected, "instead_of": SUPERIOR}]
    assert {tuple(one["instead"]) for one in unreached(engine)} == {(corrected,)}
    engine.run_until(at("2024-11-22 09:00"))
    assert engine.kinds()[-1] == "reminder"
    assert reached(engine)[-1] == corrected
    assert len(engine.letters("request")) == 1


def test_an_address_that_writes_when_nobody_was_reached_gets_the_request_again(engine: Driven) -> None:
    refusing(engine, FOCAL, OFFICE, DEPUTY, SUPERIOR)
    engine.one_pass()
    settle(engine)
    engine.mailer.answer = accept
    engine.clock.set(at("2024-11-18 09:00"))
    unasked = EmailMessage()
    unasked["From"], unasked["To"], unasked["Subject"] = OFFICE, "baocao@dondoc.example", "Hộp thư đã mở lại"
    unasked.set_content("Hộp thư của xã đã hoạt động trở lại.\n")
    engine.receive(unasked.as_bytes(), "baocao@dondoc.example", sender=OFFICE)
    for _ in range(3):
        engine.one_pass()
        settle(engine)
    asked = [one for one in engine.letters("request") if OFFICE in str(one["To"])]
    assert len(asked) == 1


def test_a_superior_whose_address_is_dead_is_told_through_the_deputy_and_the_agency_has_its_copy(
    owing_three: Driven,
) -> None:
    refusing(owing_three, SUPERIOR_HEAD, OFFICE)
    owing_three.run_until(at("2024-12-05 09:00"))
    climbed = [one for one in owing_three.mailer.sent if one.envelope_to[0] == SUPERIOR_DEPUTY]
    assert len(climbed) == 3
    for mail in climbed:
        letter = read(mail)
        assert mail.envelope_to == (SUPERIOR_DEPUTY, FOCAL)
        assert "Kính gửi: UBND huyện (Trân trọng đề nghị chuyển: Phó Chủ tịch)" in said(letter)
        assert f"Thư gửi địa chỉ {SUPERIOR_HEAD} của UBND huyện không đến được" in said(letter)
        assert letter["Subject"].startswith("[Đôn đốc] Chậm nộp – UBND xã 1")


def test_what_an_agency_asks_for_reaches_another_of_the_coordinators_people(tmp_path: Path) -> None:
    plan = bundle(task(), agencies=AGENCIES | {"xa-1": AGENCY, "huyen": DISTRICT})
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        refusing(engine, SUPERIOR)
        engine.one_pass()
        (letter,) = engine.letters()
        engine.reply(letter, "Kính đề nghị cho xã gia hạn đến ngày 05/12/2024.\n", sender=FOCAL)
        settle(engine)
        (petition,) = engine.letters("petition")
        assert petition["To"].addresses[0].addr_spec == SUPERIOR_HEAD
        engine.reply(petition, "Đồng ý.\n", sender=SUPERIOR_HEAD)
        assert str(engine.request()["due_on"]) == "2024-12-05"
