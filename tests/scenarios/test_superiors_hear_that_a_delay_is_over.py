"""Who was told of a delay is told once that it is over, in the same conversation and in one mail a day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.shell.specs.planning import Confirmed
from notifiers.memory import accept
from notifiers.ports import Mail, Outcome, Refused
from schemas.catalogue import Bundle
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, Driven, driven, text_of
from tests.ledgers import applied, rows

SUPERIOR, HEAD = "chutich@huyen.example", "chutich@xa.example"
PEOPLE = {
    "huyen": Agency.model_validate(
        {
            "id": "huyen",
            "name": "UBND huyện",
            "superior": "tinh",
            "mailbox": "huyen@huyen.example",
            "head": {"title": "Chủ tịch", "mailbox": SUPERIOR},
            "deputy": {"title": "Phó Chủ tịch", "mailbox": "phochutich@huyen.example"},
        }
    ),
    "xa-1": Agency.model_validate(
        {
            "id": "xa-1",
            "name": "UBND xã 1",
            "superior": "huyen",
            "mailbox": "xa-1@xa.example",
            "head": {"title": "Chủ tịch", "mailbox": HEAD},
        }
    ),
}
TOLD = at("2024-12-05 12:00")
"""The head heard on 3/12, the superior this morning."""
MISSING = at("2024-12-11 16:00")
"""Just before what has not come is closed."""


def planned(*leads: str, **report: object) -> Bundle:
    return bundle(
        task(lead=list(leads or ("xa-1", "xa-2")), report=report),
        agencies=AGENCIES | PEOPLE,
        coordinator="tinh",
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), planned()) as found:
        found.run_until(TOLD)
        yield found


def report(engine: Driven, number: int) -> None:
    """The agency of that number reports, in answer to the request."""
    (row,) = rows(engine.ledger, "outbox", request_id=engine.request(f"xa-{number}")["id"], kind="request")
    (asked,) = [one for one in engine.letters("request") if one["Message-ID"] == row["message_id"]]
    engine.reply(asked, GOOD, sender=f"xa-{number}@xa.example")


def told(engine: Driven) -> list[tuple[str, str]]:
    """To whom mails went out that a delay is over, and when."""
    return [
        (one["To"].addresses[0].addr_spec, f"{one['Date'].datetime:%d/%m %H:%M}")
        for one in engine.letters("resolved")
    ]


def said(engine: Driven, place: int = -1) -> str:
    return " ".join(text_of(engine.letters("resolved")[place]).split())


def test_each_who_was_told_hears_the_next_morning_that_the_report_came(engine: Driven) -> None:
    report(engine, 1)
    engine.run_until(at("2024-12-05 20:00"))
    assert told(engine) == []
    engine.run_until(at("2024-12-06 09:00"))
    assert told(engine) == [(HEAD, "06/12 08:00"), (SUPERIOR, "06/12 08:00")]
    assert (
        "Tiếp theo thông báo chậm báo cáo đã gửi, UBND huyện đã nhận được báo cáo của UBND xã 1 về kết quả"
        " thực hiện nhiệm vụ “Nhiệm vụ bao-cao” ngày 05/12/2024."
    ) in said(engine)
    assert "không cần chỉ đạo thêm về việc này" in said(engine)
    engine.run_until(at("2024-12-20"))
    assert [one for one in told(engine) if one[0] == HEAD] == [(HEAD, "06/12 08:00")]


def test_it_goes_on_in_the_conversation_of_the_notice_of_delay(engine: Driven) -> None:
    report(engine, 1)
    engine.run_until(at("2024-12-06 09:00"))
    notices = [one for one in engine.letters("escalation") if SUPERIOR in str(one["To"])]
    (notice,) = [one for one in notices if "UBND xã 1" in text_of(one)]
    (over,) = [one for one in engine.letters("resolved") if SUPERIOR in str(one["To"])]
    assert over["Subject"] == f"Re: {notice['Subject']}"
    assert str(notice["Message-ID"]) in str(over["References"])
    assert text_of(over).splitlines()[0] == "Đã nhận – UBND xã 1"


def test_what_came_on_one_day_is_told_in_one_mail(engine: Driven) -> None:
    report(engine, 1)
    engine.clock.set(at("2024-12-05 16:00"))
    report(engine, 2)
    engine.run_until(at("2024-12-06 09:00"))
    to_superior = [one for one in engine.letters("resolved") if SUPERIOR in str(one["To"])]
    (one,) = to_superior
    text = " ".join(text_of(one).split())
    assert one["Subject"].startswith("[Đôn đốc] Cập nhật việc chậm nộp: 2 báo cáo (99/KH-UBND)")
    for number in (1, 2):
        line = f"– UBND xã {number}, Nhiệm vụ bao-cao (thời hạn hết ngày 29/11/2024): đã nhận báo cáo ngày"
        assert f"{line} 05/12/2024" in text
    written = [
        row for row in rows(engine.ledger, "outbox", kind="resolved") if SUPERIOR in row["envelope_to"]
    ]
    assert len({row["message_id"] for row in written}) == 1
    assert len({row["request_id"] for row in written}) == 2
    assert len([one for one in engine.mailer.sent if one.message_id == written[0]["message_id"]]) == 1


def test_nobody_hears_of_a_report_that_came_before_anybody_was_told(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), planned()) as engine:
        engine.run_until(at("2024-12-02 12:00"))  # overdue, and no rung climbed
        report(engine, 1)
        engine.run_until(at("2024-12-10"))
        assert not [one for one in engine.letters("resolved") if "UBND xã 1" in text_of(one)]
        assert engine.request()["status"] == "reported-late"


def test_nobody_is_told_twice_when_the_report_is_corrected(engine: Driven) -> None:
    report(engine, 1)
    engine.run_until(at("2024-12-06 09:00"))
    before = told(engine)
    engine.reply(engine.letters("accepted")[0], GOOD.replace("12", "15"), sender="xa-1@xa.example")
    engine.run_until(at("2024-12-09 09:00"))
    assert [one for one in told(engine) if one not in before] == []
    assert engine.request()["accepted"]["text"].count("15")


def test_a_report_that_is_missing_in_the_end_is_no_good_news(engine: Driven) -> None:
    engine.run_until(at("2025-01-10"))
    assert told(engine) == []
    assert engine.request()["status"] == "missing"


def test_the_end_of_a_period_waits_for_no_morning(engine: Driven) -> None:
    report(engine, 1)
    engine.clock.set(at("2024-12-05 16:00"))
    report(engine, 2)
    engine.one_pass()
    assert engine.one_pass().ended
    assert {to for to, when in told(engine)} >= {HEAD, SUPERIOR}


def test_who_was_told_hears_too_that_the_plan_no_longer_asks_for_the_report(engine: Driven) -> None:
    applied(engine.ledger, planned("xa-2"), when=TOLD, confirmed=Confirmed(running=True))
    assert engine.request()["status"] == "withdrawn"
    engine.run_until(at("2024-12-06 09:00"))
    assert (SUPERIOR, "06/12 08:00") in told(engine)
    assert "UBND xã 1 không phải gửi báo cáo kết quả thực hiện nhiệm vụ “Nhiệm vụ bao-cao” nữa" in said(
        engine
    )
    assert text_of(engine.letters("resolved")[0]).startswith("Không phải gửi nữa – UBND xã 1")


def test_who_never_got_the_notice_of_delay_gets_no_end_of_it_either(tmp_path: Path) -> None:
    def answer(mail: Mail) -> Outcome:
        dead = mail.envelope_to[0].endswith("@huyen.example")
        return Refused(code=550, answer="no such user") if dead else accept(mail)

    with driven(tmp_path, at("2024-11-15"), planned()) as engine:
        engine.mailer.answer = answer
        engine.run_until(TOLD)
        report(engine, 1)
        engine.run_until(at("2024-12-06 09:00"))
        assert told(engine) == [(HEAD, "06/12 08:00")]


def test_whoever_got_the_notice_in_anothers_place_hears_of_its_end(tmp_path: Path) -> None:
    def answer(mail: Mail) -> Outcome:
        dead = mail.envelope_to[0] == SUPERIOR
        return Refused(code=550, answer="no such user") if dead else accept(mail)

    with driven(tmp_path, at("2024-11-15"), planned()) as engine:
        engine.mailer.answer = answer
        engine.run_until(TOLD)
        report(engine, 1)
        engine.run_until(at("2024-12-06 09:00"))
        assert told(engine) == [(HEAD, "06/12 08:00"), ("phochutich@huyen.example", "06/12 08:00")]


def test_of_a_classified_report_it_is_said_only_that_it_is_settled(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), planned(classification="secret")) as engine:
        engine.run_until(TOLD)
        applied(
            engine.ledger,
            planned("xa-3", classification="secret"),
            when=TOLD,
            confirmed=Confirmed(running=True),
        )
        engine.run_until(at("2024-12-06 09:00"))
        letters = [one for one in engine.letters("resolved") if SUPERIOR in str(one["To"])]
        assert len(letters) == 2  # each by itself
        for one in letters:
            assert "Nhiệm vụ bao-cao" not in text_of(one) + str(one["Subject"])
