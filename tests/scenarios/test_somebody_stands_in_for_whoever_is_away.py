"""Whoever is away is waited for while there is time; else another of the agency is asked, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.shell.desk.digest import Digest
from notifiers.memory import accept
from notifiers.ports import Mail, Outcome, Refused
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, Driven, driven, read, text_of
from tests.ledgers import rows

OFFICE, FOCAL, DEPUTY, HEAD, ALIAS = (
    "xa-1@xa.example",
    "canbo@xa.example",
    "phochutich@xa.example",
    "chutich@xa.example",
    "vanphong@xa.example",
)
AGENCY = Agency.model_validate(
    {
        "id": "xa-1",
        "name": "UBND xã 1",
        "superior": "huyen",
        "mailbox": OFFICE,
        "aliases": [ALIAS],
        "domains": ["xa.example"],
        "focal_point": {"name": "Lê Thị B", "mailbox": FOCAL},
        "deputy": {"title": "Phó Chủ tịch", "mailbox": DEPUTY},
        "head": {"title": "Chủ tịch", "mailbox": HEAD},
    }
)
TOO_LATE = "Tôi đi công tác, đến ngày 02/12/2024 mới trở lại cơ quan."
"""The report is due by 29/11/2024."""
IN_TIME = "Tôi nghỉ phép, ngày 25/11/2024 trở lại làm việc."
"""There are more than the three working days left that the policy gives at least."""
UNKNOWN = "Tôi đang nghỉ ốm, sẽ trả lời khi trở lại cơ quan."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(), agencies=AGENCIES | {"xa-1": AGENCY}, coordinator="tinh")
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        found.one_pass()
        yield found


def away(
    engine: Driven, text: str, *, sender: str = FOCAL, mail: Mail | None = None, to: str = "return path"
) -> None:
    """An automatic answer to a mail, the last one to its sender unless it is told, and what follows."""
    mail = mail or [one for one in engine.mailer.sent if one.envelope_to[0] == sender][-1]
    asked = read(mail)
    notice = EmailMessage()
    notice["From"] = sender
    notice["To"] = mail.envelope_from if to == "return path" else str(asked["Reply-To"])
    notice["Subject"] = f"Trả lời tự động: {asked['Subject']}"
    notice["Auto-Submitted"] = "auto-replied"
    notice["In-Reply-To"] = str(asked["Message-ID"])
    notice["Message-ID"] = f"<{len(rows(engine.ledger, 'inbox'))}@xa.example>"
    notice.set_content(text)
    engine.receive(notice.as_bytes(), str(notice["To"]), sender="")
    for _ in range(4):
        engine.postman()


def reached(engine: Driven) -> list[str]:
    return [mail.envelope_to[0] for mail in engine.mailer.sent]


def said(message: EmailMessage) -> str:
    return " ".join(text_of(message).split())


def note(engine: Driven) -> str:
    """What stands beside the request on the tracking sheet."""
    sheet = engine.one_pass().sheet
    (row,) = sheet.rows
    return row[sheet.columns.index("Ghi chú")]


@pytest.mark.parametrize("to", ["return path", "reply address"])
def test_who_is_away_beyond_the_due_date_is_stood_in_for_by_the_next_contact(engine: Driven, to: str) -> None:
    away(engine, TOO_LATE, to=to)
    assert reached(engine) == [FOCAL, OFFICE]
    first, second = map(read, engine.mailer.sent)
    assert second["Reply-To"] == first["Reply-To"]
    assert str(first["Message-ID"]) in str(second["References"])
    assert (
        f"Thư dưới đây đã được gửi đến đồng chí Lê Thị B, UBND xã 1 ({FOCAL}). Hộp thư này trả lời tự động"
        " rằng người nhận đang vắng mặt, đến ngày 02/12/2024 mới trở lại, không kịp thời hạn báo cáo."
    ) in said(second)
    assert text_of(second).endswith(text_of(first))
    (noted,) = engine.journal("auto-reply")
    assert noted == {"sender": FOCAL, "return_on": "2024-12-02", "next": OFFICE}
    assert note(engine) == f"{FOCAL} trả lời tự động: vắng mặt, ngày 02/12/2024 trở lại"
    engine.reply(second, GOOD, sender=OFFICE)
    assert engine.request()["status"] == "reported"


def test_the_same_absence_told_again_has_nobody_written_to_again(engine: Driven) -> None:
    away(engine, TOO_LATE)
    for _ in range(3):
        away(engine, TOO_LATE)
    assert reached(engine) == [FOCAL, OFFICE]
    assert len(engine.journal("auto-reply")) == 4


def test_reminders_go_to_whoever_stands_in_until_the_other_is_back(engine: Driven) -> None:
    away(engine, TOO_LATE)
    engine.run_until(at("2024-11-29"))
    assert reached(engine) == [FOCAL, OFFICE, OFFICE, OFFICE]
    reminder = engine.letters("reminder")[0]
    assert (
        f"Hộp thư {FOCAL} của UBND xã 1 trả lời tự động rằng người nhận đang vắng mặt, đến ngày 02/12/2024"
        " mới trở lại"
    ) in said(reminder)
    engine.run_until(at("2024-12-02 09:00"))
    assert engine.kinds()[-1] == "overdue"
    assert reached(engine)[-1] == FOCAL  # is back


def test_who_is_back_in_time_is_reminded_on_that_day_and_nobody_else_is_written_to(engine: Driven) -> None:
    away(engine, IN_TIME)  # the first reminder is planned for 22/11
    engine.run_until(at("2024-11-24"))
    assert reached(engine) == [FOCAL]
    engine.run_until(at("2024-11-25 09:00"))
    assert engine.kinds() == ["request", "reminder"]
    assert reached(engine) == [FOCAL, FOCAL]
    assert engine.mailer.sent[-1].raw.count(b"Date: Mon, 25 Nov 2024 08:00:00 +0700") == 1
    assert engine.journal("auto-reply")[0]["reminders"] == "wait"
    engine.run_until(at("2024-11-28 09:00"))
    assert engine.kinds() == ["request", "reminder", "reminder"]


def test_a_receipt_of_a_machine_is_no_absence(engine: Driven) -> None:
    away(engine, "Hệ thống đã nhận được thư của quý cơ quan. Đây là thư trả lời tự động.")
    assert reached(engine) == [FOCAL]
    assert engine.request()["away"] is None
    engine.run_until(at("2024-11-22 09:00"))
    assert reached(engine) == [FOCAL, FOCAL]


@pytest.mark.parametrize("address", [HEAD, ALIAS])
def test_a_colleague_whom_the_notice_names_and_who_is_on_file_is_preferred(
    engine: Driven, address: str
) -> None:
    away(engine, f"{TOO_LATE} Việc gấp xin liên hệ {address}.")
    assert reached(engine) == [FOCAL, address]
    assert "và đề nghị liên hệ địa chỉ của đồng chí" in said(read(engine.mailer.sent[-1]))
    engine.run_until(at("2024-11-22 09:00"))
    assert reached(engine) == [FOCAL, address, address]


def test_a_colleague_is_written_to_also_when_nobody_knows_when_the_other_is_back(engine: Driven) -> None:
    away(engine, f"{UNKNOWN} Việc gấp xin liên hệ {DEPUTY}.")
    assert reached(engine) == [FOCAL, DEPUTY]
    assert note(engine) == f"{FOCAL} trả lời tự động: vắng mặt"


def test_an_address_that_is_not_on_file_is_shown_and_never_written_to(engine: Driven) -> None:
    stranger = "nguoi-la@xa.example"  # of the agency's domain, and not listed
    away(engine, f"{TOO_LATE} Việc gấp xin liên hệ {stranger}.")
    assert reached(engine) == [FOCAL, OFFICE]
    assert f"giới thiệu liên hệ {stranger}, chưa có trong danh bạ" in note(engine)
    assert engine.journal("auto-reply")[0] | {"sender": None} == {
        "sender": None,
        "return_on": "2024-12-02",
        "named": stranger,
        "on_file": False,
        "next": OFFICE,
    }
    away(engine, f"{UNKNOWN} Việc gấp xin liên hệ ke-gian@khac.example.", sender=OFFICE)
    engine.run_until(at("2024-12-20"))
    assert not {stranger, "ke-gian@khac.example"} & set(reached(engine))


def test_when_everybody_is_away_each_is_asked_once_and_the_superior_is_not_troubled(engine: Driven) -> None:
    for person in (FOCAL, OFFICE, DEPUTY, HEAD):
        away(engine, TOO_LATE, sender=person)
    for person in (FOCAL, OFFICE, DEPUTY, HEAD):
        away(engine, TOO_LATE, sender=person)
    assert reached(engine) == [FOCAL, OFFICE, DEPUTY, HEAD]
    assert [one.get("next") for one in engine.journal("auto-reply")[:4]] == [OFFICE, DEPUTY, HEAD, None]


def test_who_stands_in_is_not_somebody_whose_address_is_dead(engine: Driven) -> None:
    def answer(mail: Mail) -> Outcome:
        dead = mail.envelope_to[0] == OFFICE
        return Refused(code=550, answer="5.1.1 no such user") if dead else accept(mail)

    engine.mailer.answer = answer
    away(engine, TOO_LATE)
    assert reached(engine) == [FOCAL, DEPUTY]
    engine.run_until(at("2024-11-22 09:00"))
    assert reached(engine) == [FOCAL, DEPUTY, DEPUTY]
    assert [mail.envelope_to[0] for mail in engine.mailer.tried].count(OFFICE) == 1


def test_a_mail_about_several_reports_reaches_whoever_stands_in_as_one_mail(tmp_path: Path) -> None:
    plan = bundle(task("thong-tin"), task("doi-ngoai"), agencies=AGENCIES | {"xa-1": AGENCY})
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        engine.one_pass()
        away(engine, TOO_LATE)
        assert reached(engine) == [FOCAL, OFFICE]
        assert "BÁO CÁO 2/2: Nhiệm vụ doi-ngoai" in said(read(engine.mailer.sent[-1]))
        engine.reply(read(engine.mailer.sent[-1]), "Báo cáo 1: Đã làm.\nBáo cáo 2: Đã làm.\n", sender=OFFICE)
        assert {row["status"] for row in rows(engine.ledger, "request")} == {"reported"}


def test_an_absence_told_after_the_report_changes_nothing(engine: Driven) -> None:
    (request,) = engine.mailer.sent
    engine.reply(read(request), GOOD, sender=OFFICE)
    away(engine, TOO_LATE, mail=request)
    away(engine, TOO_LATE)  # to the confirmation
    assert reached(engine) == [FOCAL, FOCAL]
    assert engine.request()["away"] is None


def test_a_longer_absence_than_was_told_at_first_is_stood_in_for_at_the_next_reminder(engine: Driven) -> None:
    away(engine, IN_TIME)
    engine.run_until(at("2024-11-25 09:00"))
    away(engine, TOO_LATE)
    assert reached(engine) == [FOCAL, FOCAL, OFFICE]
    assert engine.kinds() == ["request", "reminder", "reminder"]
    engine.clock.set(engine.clock.now() + timedelta(minutes=5))
    away(engine, TOO_LATE)
    assert len(reached(engine)) == 3


def digests(engine: Driven) -> list[str]:
    Digest(shell=engine.shell).look()
    engine.postman()
    return [" ".join(text_of(one).split()) for one in engine.letters("digest")]


def test_the_coordinator_is_told_of_an_address_that_is_named_and_not_on_file(engine: Driven) -> None:
    away(engine, f"{TOO_LATE} Việc gấp xin liên hệ nguoi-la@xa.example.")
    engine.clock.set(at("2024-11-18 09:00"))
    (digest,) = digests(engine)
    assert (
        f"- {FOCAL} của UBND xã 1 trả lời tự động: người nhận vắng mặt, ngày 02/12/2024 trở lại,"
        " đề nghị liên hệ nguoi-la@xa.example. Địa chỉ này chưa có trong danh bạ nên chưa gửi thư đến đó."
    ) in digest
    engine.clock.set(at("2024-12-03 09:00"))
    assert len(digests(engine)) == 1  # is back


def test_whoever_writes_is_away_no_more(engine: Driven) -> None:
    away(engine, TOO_LATE)
    assert reached(engine) == [FOCAL, OFFICE]
    engine.reply(read(engine.mailer.sent[0]), "Đã nhận được thư, xin cảm ơn.\n", sender=FOCAL)
    engine.run_until(at("2024-11-22 09:00"))
    assert engine.kinds()[-1] == "reminder"
    assert reached(engine)[-1] == FOCAL
