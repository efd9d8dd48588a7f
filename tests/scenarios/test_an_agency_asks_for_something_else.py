"""An agency asks for time, hands over, asks a question: whoever decides hears of it, and the word is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.cli.mails import shown
from flows.core.cycle import cycles
from flows.core.extension import Objection
from flows.shell.desk.assigning import Named, assign, discard
from flows.shell.desk.digest import Digest
from flows.shell.desk.inspecting import inspect
from flows.shell.desk.petitions import Decided, Petitions
from flows.shell.desk.refusals import (
    DealtWith,
    NoSuchAgency,
    NotAskedFor,
    NothingAsked,
    Objected,
    PeriodOver,
    UntilWhen,
)
from flows.shell.specs.changes import Confirmed
from flows.shell.specs.in_force import Reason, in_force
from notifiers.memory import accept
from notifiers.ports import RawMail, Refused
from schemas.catalogue import Bundle
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, flowing, read, reply_to, text_of
from tests.ledgers import applied, rows

REPORT = {"form": "bieu-mau"}
MORE_TIME = "Kính đề nghị UBND huyện cho xã gia hạn nộp báo cáo đến ngày 05/12/2024.\n"
NOT_OURS = "Nhiệm vụ này không thuộc thẩm quyền của xã, đề nghị gửi cho UBND xã 2.\n"
QUESTION = "Đề nghị huyện cho biết số liệu tính đến ngày nào?\n"
HUYEN = "huyen@huyen.example"


def plan(**more: object) -> Bundle:
    return bundle(task(lead=["xa-1", "xa-3"], report=REPORT), **more)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), plan()) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven, agency: str = "xa-1", kind: str = "request") -> EmailMessage:
    request = engine.request(agency)["id"]
    row = rows(engine.ledger, "outbox", request_id=request, kind=kind)[-1]
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def waiting(engine: Driven) -> int:
    (one,) = engine.unplaced()
    return one.id


class Desk:
    """Whoever decides, at the terminal."""

    def __init__(self, engine: Driven) -> None:
        self.engine = engine

    def grant(self, number: int, until: str | None = None, *, anyway: bool = False) -> Decided:
        day = at(until).date() if until else None
        return self._do(number, lambda desk, one: desk.grant(one, day, by="lan", confirmed=anyway))

    def refuse(self, number: int, reason: str) -> Decided:
        return self._do(number, lambda desk, one: desk.refuse(one, reason, by="lan"))

    def answer(self, number: int, text: str) -> Decided:
        return self._do(number, lambda desk, one: desk.answer(one, text, by="lan"))

    def hand_over(self, number: int, agency: str, more: Mapping[str, Agency] | None = None) -> Decided:
        known = more or {}
        return self._do(number, lambda desk, one: desk.hand_over(one, agency, lambda: known, by="lan"))

    def _do(self, number: int, what) -> Decided:  # noqa: ANN001 - a call on Petitions
        shell = self.engine.shell
        with shell.ledger.write() as tx:
            desk = Petitions(versions=shell.versions, identity=shell.identity, tx=tx, at=shell.clock.now())
            (petition,) = desk.waiting(number)
            done: Decided = what(desk, petition)
        self.engine.postman()
        return done


@pytest.fixture
def desk(engine: Driven) -> Desk:
    return Desk(engine)


def petition(engine: Driven) -> Mapping[str, object]:
    (row,) = rows(engine.ledger, "petition")
    return row


def note(engine: Driven, agency: str = "xa-1") -> str:
    sheet = engine.one_pass().sheet
    column = sheet.columns.index("Ghi chú")
    return next(row[column] for row in sheet.rows if row[0] == AGENCIES[agency].called)


# ---------------------------------------------------------------- more time


def test_who_asks_for_time_is_put_before_the_coordinator_and_chased_as_planned(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    assert engine.kinds() == ["petition"]
    (told,) = engine.letters()
    assert told["To"].addresses[0].addr_spec == HUYEN
    assert "đến hết ngày 05/12/2024" in flowing(told)
    assert "gia hạn nộp báo cáo đến ngày 05/12/2024" in flowing(told)
    assert (petition(engine)["standing"], str(petition(engine)["asked_until_on"])) == (
        "waiting",
        "2024-12-05",
    )
    assert note(engine) == "xin gia hạn đến 05/12/2024, chờ quyết định"
    engine.run_until(at("2024-12-04"))
    assert (engine.request()["status"], engine.request()["rung"]) == ("overdue", 1)


def test_granted_time_moves_reminders_ladder_and_lateness_and_the_agency_hears_of_it(
    engine: Driven, desk: Desk
) -> None:
    engine.reply(asked(engine), MORE_TIME)
    number = waiting(engine)
    assert desk.grant(number).until_on == at("2024-12-05").date()
    granted = engine.letters("extended")[0]
    assert granted["To"].addresses[0].addr_spec == "xa-1@xa.example"
    assert "Thời hạn mới là hết ngày 05/12/2024" in text_of(granted)
    assert "thay cho thời hạn hết ngày 29/11/2024" in text_of(granted)
    assert engine.unplaced() == []
    assert engine.journal("granted") == [{"inbox": number, "by": "lan", "until_on": "2024-12-05"}]
    assert note(engine) == "đã gia hạn đến 05/12/2024"
    engine.run_until(at("2024-12-04 09:00"))
    assert (engine.request()["status"], engine.request("xa-3")["status"]) == ("open", "overdue")
    reminders = [one["To"].addresses[0].addr_spec for one in engine.letters("reminder")]
    assert reminders.count("xa-1@xa.example") == 2  # before the new date
    engine.reply(asked(engine), GOOD)
    assert engine.request()["status"] == "reported"


def test_a_report_after_the_granted_time_is_late_and_climbs_the_ladder(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), MORE_TIME)
    desk.grant(waiting(engine))
    engine.run_until(at("2024-12-10"))
    assert (engine.request()["status"], engine.request()["rung"]) == ("overdue", 1)
    assert "petition" in engine.kinds()


def test_whoever_asks_why_a_date_is_what_it_is_hears_of_granted_time(engine: Driven, desk: Desk) -> None:
    (in_the_files,) = cycles(plan())
    assert in_force(engine.ledger, in_the_files, "bao-cao") == ()
    engine.reply(asked(engine), MORE_TIME)
    desk.grant(waiting(engine))
    (found,) = in_force(engine.ledger, in_the_files, "bao-cao")
    assert (found.agency, found.due_on, found.reason) == ("xa-1", date(2024, 12, 5), Reason.EXTENDED)


def test_another_day_than_the_one_asked_for_can_be_granted(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), MORE_TIME)
    desk.grant(waiting(engine), "2024-12-03")
    assert str(engine.request()["due_on"]) == "2024-12-03"


def test_a_mail_that_names_no_day_needs_one_from_whoever_decides(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), "Xã kính xin gia hạn nộp báo cáo vì cán bộ nghỉ ốm.\n")
    with pytest.raises(UntilWhen):
        desk.grant(waiting(engine))
    desk.grant(waiting(engine), "2024-12-03")
    assert str(engine.request()["due_on"]) == "2024-12-03"


@pytest.mark.parametrize(
    ("until", "objection"),
    [
        ("2024-11-16", Objection.PAST),
        ("2024-11-29", Objection.NOT_LATER),
        ("2024-12-27", Objection.AFTER_CLOSING),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason(
    engine: Driven, desk: Desk, until: str, objection: Objection
) -> None:
    engine.reply(asked(engine), MORE_TIME)
    with pytest.raises(Objected) as caught:
        desk.grant(waiting(engine), until)
    assert caught.value.values["objection"] == objection
    assert str(engine.request()["due_on"]) == "2024-11-29"
    assert petition(engine)["standing"] == "waiting"
    if objection.final:
        with pytest.raises(Objected):
            desk.grant(waiting(engine), until, anyway=True)
    else:
        desk.grant(waiting(engine), until, anyway=True)
        assert str(engine.request()["due_on"]) == until


def test_more_time_than_the_plan_above_leaves_must_be_confirmed(tmp_path: Path) -> None:
    above = bundle(
        task("tong-hop", lead="huyen", report={"due": {"by": "2024-12-04"}}), id="cap-tren", issuer="tinh"
    )
    below = plan(implements=[{"plan": "cap-tren", "task": "tong-hop"}])
    with driven(tmp_path, at("2024-11-15"), above, below) as engine:
        engine.run_until(at("2024-11-18 10:00"))
        engine.reply(asked(engine), MORE_TIME)
        desk = Desk(engine)
        with pytest.raises(Objected) as caught:
            desk.grant(waiting(engine))
        assert caught.value.values["objection"] == Objection.AFTER_ABOVE
        desk.grant(waiting(engine), anyway=True)
        assert str(engine.request()["due_on"]) == "2024-12-05"


def test_time_that_is_refused_is_refused_politely_and_nothing_moves(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), MORE_TIME)
    desk.refuse(waiting(engine), "tỉnh cần số liệu trước ngày 02/12")
    (said,) = engine.letters("declined")
    assert "chưa thể đồng ý" in text_of(said)
    assert "Lý do: tỉnh cần số liệu trước ngày 02/12" in text_of(said)
    assert str(engine.request()["due_on"]) == "2024-11-29"
    assert engine.unplaced() == []
    assert note(engine) == ""


def test_a_petition_is_decided_once(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), MORE_TIME)
    number = waiting(engine)
    desk.grant(number)
    with pytest.raises(DealtWith):
        desk.refuse(number, "nhầm")
    assert engine.kinds() == ["petition", "extended"]


def test_a_report_that_comes_first_leaves_nothing_to_decide(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), MORE_TIME)
    number = waiting(engine)
    engine.reply(asked(engine), GOOD)
    assert petition(engine)["standing"] == "overtaken"
    assert engine.unplaced() == []
    with pytest.raises(DealtWith):
        desk.grant(number)


def test_an_ended_period_grants_nothing(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), MORE_TIME)
    number = waiting(engine)
    engine.run_until(at("2024-12-12 09:00"))
    with pytest.raises((PeriodOver, NotAskedFor)):
        desk.grant(number, "2025-01-05", anyway=True)
    engine.run_until(at("2024-12-31"))
    with pytest.raises(PeriodOver):
        desk.grant(number, "2025-01-05", anyway=True)
    discard(engine.shell, number, "đã khép kỳ", by="lan")
    assert petition(engine)["standing"] == "dropped"


def test_who_asks_again_and_again_does_not_flood_the_coordinator(engine: Driven) -> None:
    for n in range(6):
        engine.reply(asked(engine), f"{MORE_TIME}Lần {n}.\n")
    assert engine.kinds() == ["petition"] * 3
    assert len(engine.unplaced()) == 6


def test_however_many_ask_the_coordinator_gets_a_mail_each_up_to_a_limit(tmp_path: Path) -> None:
    tasks = [f"viec-{n}" for n in range(40)]
    with driven(tmp_path, at("2024-11-15"), bundle(*(task(one, report=REPORT) for one in tasks))) as engine:
        engine.run_until(at("2024-11-18 10:00"))
        for n in range(3):
            for one in tasks:
                to = IDENTITY.reply_address(engine.request(task=one)["id"])
                raw = (
                    f"From: xa-1@xa.example\r\nMessage-ID: <{one}.{n}@xa>\r\n\r\n{MORE_TIME}Lần {n}".encode()
                )
                engine.intake.keep(RawMail(envelope_from="xa-1@xa.example", envelope_to=(to,), raw=raw))
        while engine.intake.take_in():
            pass
        engine.postman()
        assert engine.kinds().count("petition") == 100
        assert len(rows(engine.ledger, "petition", standing="waiting")) == 120
        engine.clock.set(at("2024-11-19 08:30"))
        Digest(shell=engine.shell).look()
        engine.postman()
        assert len(engine.letters("digest")) == 1


def test_a_mail_that_asks_for_nothing_cannot_be_granted(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), GOOD, to=IDENTITY.mailbox, sender="la@khac.example", thread="no")
    with pytest.raises(NothingAsked):
        desk.grant(waiting(engine), "2024-12-05")


def test_a_stray_mail_that_asks_for_time_is_put_before_the_coordinator_once_it_is_assigned(
    engine: Driven, desk: Desk
) -> None:
    engine.reply(asked(engine), MORE_TIME, to=IDENTITY.mailbox, sender="la@khac.example", thread="no")
    number = waiting(engine)
    done = assign(engine.shell, number, Named(plan_id="ke-hoach", task="bao-cao", agency="xa-1"), by="lan")
    assert done.for_a_person == "asks for more time"
    desk.grant(number)
    assert str(engine.request()["due_on"]) == "2024-12-05"


# ---------------------------------------------------------------- by mail


@pytest.mark.parametrize(
    ("said", "due_on"),
    [
        ("Đồng ý.\n", "2024-12-05"),
        ("Kính gửi hệ thống,\n\nĐồng ý đến ngày 03/12/2024\n\nTrân trọng", "2024-12-03"),
        ("Agreed", "2024-12-05"),
    ],
)
def test_the_coordinator_grants_by_answering_the_mail(engine: Driven, said: str, due_on: str) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), said, sender=HUYEN)
    assert str(engine.request()["due_on"]) == due_on
    assert engine.kinds() == ["petition", "extended"]
    assert engine.unplaced() == []
    assert str(petition(engine)["decided_by"]).endswith(HUYEN)


def test_the_coordinator_refuses_by_answering_the_mail(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), "Không đồng ý, tỉnh đang chờ số liệu.\n", sender=HUYEN)
    assert engine.kinds() == ["petition", "declined"]
    assert str(engine.request()["due_on"]) == "2024-11-29"


@pytest.mark.parametrize(
    "said", ["Để tôi xem lại đã.\n", "Đồng ý nếu xã gửi trước số tạm tính.\n", "Có được không?\n"]
)
def test_an_answer_that_is_no_plain_decision_decides_nothing(engine: Driven, said: str) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), said, sender=HUYEN)
    assert petition(engine)["standing"] == "waiting"
    assert [one.reason for one in engine.unplaced()] == ["a decision that is not plain", "asks for more time"]
    assert engine.kinds() == ["petition"]


@pytest.mark.parametrize("sender", ["xa-1@xa.example", "la@khac.example"])
def test_nobody_else_decides_whatever_address_he_got_hold_of(engine: Driven, sender: str) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender=sender)
    assert str(engine.request()["due_on"]) == "2024-11-29"
    assert petition(engine)["standing"] == "waiting"
    assert engine.unplaced()[0].reason == "decides about a petition, from an address that may not"


def told_with(tmp_path: Path, said: dict[str, object], start: str = "2024-11-18 10:00") -> Driven:
    """The plan, its district known in more detail; a petition has been put before whoever decides."""
    huyen = Agency.model_validate({**AGENCIES["huyen"].model_dump(mode="json"), **said})
    engine = Driven(tmp_path, at("2024-11-15"), [plan(agencies=AGENCIES | {"huyen": huyen})])
    engine.run_until(at(start))
    engine.reply(asked(engine), MORE_TIME)
    return engine


CHI = {"name": "Chi", "mailbox": "chi@huyen.example"}
CHIEF = {"title": "Chủ tịch", "mailbox": "chutich@huyen.example"}


@pytest.mark.parametrize("sender", ["chi@huyen.example", "Chutich@Huyen.Example", HUYEN])
def test_whoever_stands_in_the_directory_for_the_deciding_agency_decides(tmp_path: Path, sender: str) -> None:
    with closing(told_with(tmp_path, {"focal_point": CHI, "head": CHIEF})) as engine:
        assert asked(engine, kind="petition")["To"].addresses[0].addr_spec == "chi@huyen.example"
        engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender=sender)
        assert str(engine.request()["due_on"]) == "2024-12-05"


def test_that_somebody_writes_from_the_house_that_decides_is_not_enough(tmp_path: Path) -> None:
    with closing(told_with(tmp_path, {"focal_point": CHI, "domains": ["huyen.example"]})) as engine:
        engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender="lai-xe@huyen.example")
        assert petition(engine)["standing"] == "waiting"
        assert str(engine.request()["due_on"]) == "2024-11-29"
        assert engine.unplaced()[0].reason == "decides about a petition, from an address that may not"
        # who decides hears of it at once, and once
        engine.reply(asked(engine, kind="petition"), "Đồng ý nhé\n", sender="lai-xe@huyen.example")
        (back,) = engine.letters("not-decided")
        assert back["To"].addresses[0].addr_spec == "chi@huyen.example"
        assert back["Subject"].startswith("[Đôn đốc] Quyết định chưa được thực hiện – UBND xã 1: ")
        assert "được gửi từ địa chỉ lai-xe@huyen.example" in " ".join(text_of(back).split())
        assert "Nội dung thư: “Đồng ý”" in text_of(back)
        # and again in the mail of the next morning
        engine.clock.set(at("2024-11-19 08:05"))
        Digest(shell=engine.shell).look()
        engine.postman()
        (told,) = engine.letters("digest")
        assert told["To"].addresses[0].addr_spec == "chi@huyen.example"
        assert "UBND xã 1: thư quyết định từ địa chỉ không có trong danh bạ nên chưa thực hiện" in text_of(
            told
        )


def test_who_is_told_of_a_decision_that_did_not_count_says_it_again_and_it_counts(tmp_path: Path) -> None:
    with closing(told_with(tmp_path, {"focal_point": CHI, "domains": ["huyen.example"]})) as engine:
        engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender="pho@huyen.example")
        engine.reply(
            engine.letters("not-decided")[0], "Đồng ý đến ngày 04/12/2024\n", sender="chi@huyen.example"
        )
        assert str(engine.request()["due_on"]) == "2024-12-04"
        assert [one.kind for one in engine.unplaced()] == ["reply"]  # the deputy's word stays to be looked at


def test_a_focal_point_who_was_replaced_decides_no_more(tmp_path: Path) -> None:
    with closing(told_with(tmp_path, {"focal_point": CHI})) as engine:
        successor = Agency.model_validate(
            {
                **AGENCIES["huyen"].model_dump(mode="json"),
                "focal_point": {"name": "Dũng", "mailbox": "dung@huyen.example"},
            }
        )
        changed = plan(agencies=AGENCIES | {"huyen": successor})
        applied(engine.ledger, changed, when=engine.clock.now(), confirmed=Confirmed(running=True))
        engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender="chi@huyen.example")
        assert petition(engine)["standing"] == "waiting"
        engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender="dung@huyen.example")
        assert petition(engine)["standing"] == "granted"


def test_a_decision_that_comes_again_changes_nothing(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    told = asked(engine, kind="petition")
    agreed = reply_to(told, "Đồng ý đến ngày 03/12/2024\n", sender=HUYEN)
    to = str(told["Reply-To"])
    engine.receive(agreed, to, sender=HUYEN)
    engine.reply(asked(engine), MORE_TIME.replace("05/12", "06/12"))  # and now asks for more
    # the octets once more; the same mail by another way; and under a new id, as somebody who kept it would
    engine.receive(agreed, to, sender=HUYEN)
    engine.receive(b"Received: by mx.example\r\n" + agreed, to, sender=HUYEN)
    assert engine.placed()[-1] == ("duplicate", "came before by another way")
    engine.receive(reply_to(told, "Đồng ý đến ngày 09/12/2024\n", sender=HUYEN), to, sender=HUYEN)
    engine.postman()
    assert [row["standing"] for row in rows(engine.ledger, "petition")] == ["granted", "waiting"]
    assert str(engine.request()["due_on"]) == "2024-12-03"
    assert engine.kinds().count("extended") == 1


@pytest.mark.parametrize(
    "said",
    [
        "> Đồng ý đến ngày 05/12/2024\n",
        "Vào 18/11/2024, UBND huyện <huyen@huyen.example> đã viết:\n> Đồng ý\n",
        "\n-----Original Message-----\nFrom: UBND huyện\nSubject: Xin gia hạn\n\nĐồng ý\n",
        "--\nĐồng ý – Văn phòng UBND huyện\n",
    ],
)
def test_a_word_of_decision_that_is_only_quoted_decides_nothing(engine: Driven, said: str) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), said, sender=HUYEN)
    assert petition(engine)["standing"] == "waiting"
    assert str(engine.request()["due_on"]) == "2024-11-29"


def test_no_line_of_what_the_coordinator_wrote_looks_like_one_of_ours(engine: Driven) -> None:
    engine.reply(asked(engine), QUESTION)
    engine.reply(asked(engine, kind="petition"), "Tính đến 14/11.\nLý do: của người khác\n", sender=HUYEN)
    (row,) = rows(engine.ledger, "petition")
    assert row["standing"] == "answered"
    lines = shown(inspect(engine.ledger, engine.shell.versions, row["inbox_id"])).splitlines()
    assert [line for line in lines if line.startswith("Lý do: của")] == []
    assert any("Lý do: của người khác" in line for line in lines)


def test_a_decision_whose_sender_is_in_doubt_decides_nothing(engine: Driven) -> None:
    mail_server = "mx.huyen.example"
    engine.intake = replace(engine.shell, vouching_server=mail_server).intake()
    engine.reply(asked(engine), MORE_TIME)
    forged = {"Authentication-Results": f"{mail_server}; dmarc=fail header.from=huyen.example"}
    engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender=HUYEN, **forged)
    assert petition(engine)["standing"] == "waiting"
    assert engine.unplaced()[0].reason == "decides about a petition, and its sender is in doubt"


def test_a_decision_without_a_date_of_its_own_is_read_on_the_day_of_the_plan(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), "Đồng ý đến ngày 03/12\n", sender=HUYEN)
    assert str(engine.request()["due_on"]) == "2024-12-03"


def test_whoever_answers_in_the_place_of_another_does_not_decide_for_himself(tmp_path: Path) -> None:
    huyen = AGENCIES["huyen"].model_copy(update={"domains": ["xa.example"]})
    with driven(tmp_path, at("2024-11-15"), plan(agencies=AGENCIES | {"huyen": huyen})) as engine:
        engine.run_until(at("2024-11-18 10:00"))
        engine.reply(asked(engine), NOT_OURS)
        Desk(engine).hand_over(waiting(engine), "xa-2")
        engine.reply(asked(engine), MORE_TIME, sender="xa-2@xa.example")
        engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender="xa-2@xa.example")
        assert [row["standing"] for row in rows(engine.ledger, "petition")] == ["handed-over", "waiting"]


def test_a_decision_that_cannot_be_carried_out_goes_before_a_person(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine, kind="petition"), "Đồng ý đến ngày 30/12/2024\n", sender=HUYEN)
    assert engine.unplaced()[0].reason == "a decision that cannot be carried out: objected"
    assert str(engine.request()["due_on"]) == "2024-11-29"


def test_a_forged_decision_address_decides_nothing(engine: Driven) -> None:
    engine.reply(asked(engine), MORE_TIME)
    true = str(asked(engine, kind="petition")["Reply-To"])
    local, _, domain = true.rpartition("@")
    forged = f"{local.rpartition('-')[0]}-{'a' * 16}@{domain}"
    engine.reply(asked(engine, kind="petition"), "Đồng ý\n", sender=HUYEN, to=forged, thread="no")
    assert petition(engine)["standing"] == "waiting"


# ---------------------------------------------------------------- another agency


def test_what_comes_back_from_the_agency_before_does_not_go_to_the_one_that_answers_now(
    tmp_path: Path,
) -> None:
    with driven(tmp_path, at("2024-11-15"), plan()) as engine:
        engine.run_until(at("2024-11-18 10:00"))
        first = next(mail for mail in engine.mailer.sent if mail.envelope_to[0] == "xa-1@xa.example")
        engine.reply(asked(engine), NOT_OURS)
        Desk(engine).hand_over(waiting(engine), "xa-2")
        engine.postman()
        before = len(engine.mailer.sent)
        returned = (
            f"From: MAILER-DAEMON@xa.example\r\nTo: {first.envelope_from}\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.xa.example\r\n\r\n"
            "Final-Recipient: rfc822; xa-1@xa.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
        )
        engine.receive(returned.encode(), first.envelope_from, sender="")
        for _ in range(3):
            engine.postman()
        assert len(engine.journal("undeliverable")) == 1
        assert len(engine.mailer.sent) == before


def test_a_request_that_is_handed_over_to_a_dead_address_still_says_in_whose_place(tmp_path: Path) -> None:
    dead = "daumoi@xa-2.example"
    known = {**AGENCIES["xa-2"].model_dump(mode="json"), "focal_point": {"mailbox": dead}}
    others = AGENCIES | {"xa-2": Agency.model_validate(known)}
    with driven(tmp_path, at("2024-11-15"), plan(agencies=others)) as engine:
        engine.mailer.answer = lambda mail: (
            Refused(code=550, answer="no such user") if mail.envelope_to[0] == dead else accept(mail)
        )
        engine.run_until(at("2024-11-18 10:00"))
        engine.reply(asked(engine), NOT_OURS)
        Desk(engine).hand_over(waiting(engine), "xa-2")
        for _ in range(3):
            engine.postman()
        request = engine.letters("request")[-1]
        assert request["To"].addresses[0].addr_spec == "xa-2@xa.example"
        assert "Báo cáo thay cho: UBND xã 1" in text_of(request)
        assert f"Thư gửi địa chỉ {dead} của UBND xã 2 không đến được" in " ".join(text_of(request).split())
        engine.reply(request, GOOD, sender="xa-2@xa.example")
        assert engine.request()["status"] == "reported"


def test_a_request_that_is_handed_over_goes_on_with_the_other_agency(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), NOT_OURS)
    assert engine.kinds() == ["petition"]
    done = desk.hand_over(waiting(engine), "xa-3")
    assert done.to_agency == "xa-3"
    (before,) = engine.letters("handed-over")
    assert before["To"].addresses[0].addr_spec == "xa-1@xa.example"
    (request,) = engine.letters("request")
    assert request["To"].addresses[0].addr_spec == "xa-3@xa.example"
    assert "Báo cáo thay cho: UBND xã 1" in text_of(request)
    assert note(engine) == "UBND xã 3 báo cáo thay"
    engine.mailer.sent.clear()
    engine.run_until(at("2024-12-06"))
    written = {(kind, str(mail["To"])) for kind, mail in zip(engine.kinds(), engine.letters(), strict=True)}
    assert not [to for _, to in written if "xa-1@" in to]
    engine.reply(request, GOOD, sender="xa-3@xa.example")
    # owed by, and counted for, the agency that the plan names
    assert engine.request("xa-1")["status"] == "reported-late"
    assert engine.request("xa-3")["status"] == "overdue"
    assert engine.letters("accepted")[0]["To"].addresses[0].addr_spec == "xa-3@xa.example"


def test_an_agency_that_the_plan_does_not_name_can_answer_and_is_climbed_to_its_own_head(
    engine: Driven, desk: Desk
) -> None:
    other = Agency.model_validate(
        {
            "id": "phong",
            "name": "Phòng Văn hóa",
            "mailbox": "phong@huyen.example",
            "superior": "khong-biet",
            "head": {"title": "Trưởng phòng", "mailbox": "truong@huyen.example"},
        }
    )
    engine.reply(asked(engine), NOT_OURS)
    desk.hand_over(waiting(engine), "phong", {"phong": other})
    engine.mailer.sent.clear()
    engine.run_until(at("2024-12-31"))
    climbed = [one["To"].addresses[0].addr_spec for one in engine.letters("escalation")]
    assert "truong@huyen.example" in climbed
    assert engine.request()["status"] == "missing"


def test_whoever_is_asked_in_the_place_of_another_never_begins_overdue(engine: Driven, desk: Desk) -> None:
    engine.run_until(at("2024-12-03 10:00"))
    engine.reply(asked(engine), NOT_OURS)
    desk.hand_over(waiting(engine), "xa-3")
    assert engine.request()["status"] == "open"
    assert str(engine.request()["due_on"]) == "2024-12-06"


def test_a_plan_that_moves_the_date_tells_the_agency_that_answers(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), NOT_OURS)
    desk.hand_over(waiting(engine), "xa-3")
    moved = bundle(task(lead=["xa-1", "xa-3"], report={**REPORT, "due": {"by": "2024-12-13"}}))
    applied(engine.ledger, moved, when=engine.clock.now(), confirmed=Confirmed(running=True))
    engine.postman()
    told = [one["To"].addresses[0].addr_spec for one in engine.letters("re-dated")]
    assert told == ["xa-3@xa.example", "xa-3@xa.example"]


@pytest.mark.parametrize("agency", ["xa-9", "xa-1"])
def test_a_request_is_handed_to_nobody_unknown_and_not_to_who_has_it(
    engine: Driven, desk: Desk, agency: str
) -> None:
    engine.reply(asked(engine), NOT_OURS)
    with pytest.raises(NoSuchAgency):
        desk.hand_over(waiting(engine), agency)
    assert petition(engine)["standing"] == "waiting"


def test_a_request_can_be_handed_back(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), NOT_OURS)
    desk.hand_over(waiting(engine), "xa-3")
    engine.reply(asked(engine), NOT_OURS.replace("xã 2", "xã 1"), sender="xa-3@xa.example")
    desk.hand_over(waiting(engine), "xa-1")
    assert engine.request()["acting"] is None
    assert engine.letters("request")[-1]["To"].addresses[0].addr_spec == "xa-1@xa.example"


# ---------------------------------------------------------------- a question


def test_a_question_reaches_the_coordinator_whose_answer_reaches_the_agency(engine: Driven) -> None:
    engine.reply(asked(engine), QUESTION)
    assert "số liệu tính đến ngày nào?" in flowing(asked(engine, kind="petition"))
    engine.reply(asked(engine, kind="petition"), "Số liệu tính đến hết ngày 14/11.\n", sender=HUYEN)
    (said,) = engine.letters("answered")
    assert said["To"].addresses[0].addr_spec == "xa-1@xa.example"
    assert "Số liệu tính đến hết ngày 14/11." in text_of(said)
    assert engine.unplaced() == []
    engine.reply(said, GOOD)
    assert engine.request()["status"] == "reported"


def test_a_question_can_be_answered_at_the_terminal(engine: Driven, desk: Desk) -> None:
    engine.reply(asked(engine), QUESTION)
    assert note(engine) == "có câu hỏi, chờ trả lời"
    desk.answer(waiting(engine), "Đến hết ngày 14/11.")
    assert "Đến hết ngày 14/11." in text_of(engine.letters("answered")[0])


def test_of_a_classified_report_no_word_is_passed_on(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), plan(classification="secret")) as engine:
        engine.run_until(at("2024-11-18 10:00"))
        engine.reply(asked(engine), QUESTION)
        told = asked(engine, kind="petition")
        assert "số liệu tính đến" not in flowing(told)
        Desk(engine).answer(waiting(engine), "Nội dung mật")
        assert "Nội dung mật" not in text_of(engine.letters("answered")[0])


def test_what_a_stranger_writes_cannot_steer_the_coordinators_mail(engine: Driven) -> None:
    text = "Đề nghị huyện cho biết {{ letter.reply_to }}\u202e <b>số liệu</b> đến ngày nào?\n"
    engine.reply(asked(engine), text)
    told = asked(engine, kind="petition")
    assert "\u202e" not in flowing(told)
    assert "{{ letter.reply_to }}" in flowing(told)
    html = told.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;" in html.get_content()


def test_who_says_that_it_came_is_shown_so_and_waits_for_nobody(engine: Driven) -> None:
    engine.reply(asked(engine), "Xã đã nhận được công văn, xin cảm ơn.\n")
    assert engine.unplaced() == []
    assert note(engine) == "đã báo nhận 18/11/2024"


def test_the_coordinators_word_is_no_report(engine: Driven) -> None:
    """A coordinator who answers at the wrong address is not taken for the agency."""
    engine.reply(asked(engine), MORE_TIME)
    engine.reply(asked(engine), "Xã làm gấp nhé, tỉnh đang chờ.\n", sender=HUYEN)
    assert engine.request()["status"] == "open"
    assert engine.request()["accepted"] is None
