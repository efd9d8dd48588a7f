"""Whoever owes reports of several plans of one issuer on one day gets one mail, and answers it once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from flows.ledger import cycles
from flows.shell.specs.changes import Confirmed
from flows.shell.specs.planning import plan_changes
from notifiers.memory import accept
from notifiers.ports import LetterKind, Mail, Outcome, Refused
from schemas.catalogue import Bundle
from tests.bundles import at, bundle, task
from tests.driving import GOOD, Driven, PowerCut, driven, flowing, read, text_of
from tests.ledgers import applied, rows

REPORT = {"form": "bieu-mau"}


def plan(number: int, *tasks: Mapping[str, Any], **more: object) -> Bundle:
    """One of the district's plans."""
    told = {"id": f"kh-{number}", "number": f"0{number}/KH-UBND", "title": f"Kế hoạch {number}", **more}
    return bundle(*tasks, **told)


FIRST = plan(1, task("thong-tin", lead=["xa-1", "xa-2"], report=REPORT))
SECOND = plan(2, task("doi-ngoai", lead="xa-1", report=REPORT), task("so-ket", lead="xa-3"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), FIRST, SECOND) as found:
        found.run_until(at("2024-11-15 09:00"))
        yield found


def to_xa_1(engine: Driven, kind: str) -> list[EmailMessage]:
    found = {str(one["Message-ID"]): one for one in engine.letters(kind)}.values()
    return [one for one in found if "xa-1@" in str(one["To"])]


def standing(engine: Driven) -> dict[str, str]:
    return {row["task"]: row["status"] for row in rows(engine.ledger, "request", agency="xa-1")}


def test_what_two_plans_ask_for_on_one_day_comes_in_one_mail(engine: Driven) -> None:
    (message,) = to_xa_1(engine, "request")
    assert len(engine.mailer.sent) == 3
    assert str(message["Subject"]).startswith("[Đôn đốc] 2 báo cáo (01/KH-UBND, 02/KH-UBND) [#b")
    text = text_of(message)
    assert "Căn cứ các văn bản nêu tại từng báo cáo dưới đây, UBND huyện đề nghị" in text
    first, second = text.split("BÁO CÁO ")[1:]
    assert first.splitlines()[0] == "1/2: Nhiệm vụ thong-tin"
    assert "Văn bản: Kế hoạch số 01/KH-UBND của UBND huyện: Kế hoạch 1" in first
    assert second.splitlines()[0] == "2/2: Nhiệm vụ doi-ngoai"
    assert "Văn bản: Kế hoạch số 02/KH-UBND của UBND huyện: Kế hoạch 2" in second


def test_each_cycle_keeps_its_rows_and_its_history(engine: Driven) -> None:
    numbers = {row["id"]: row["plan_id"] for row in rows(engine.ledger, "cycle")}
    mine = [row for row in rows(engine.ledger, "outbox") if "/xa-1/" in row["key"]]
    assert {numbers[row["cycle_id"]] for row in mine} == {"kh-1", "kh-2"}
    assert len({row["message_id"] for row in mine}) == 1
    assert [row["status"] for row in rows(engine.ledger, "outbox")] == ["sent"] * 4
    opened = [numbers[row["cycle_id"]] for row in rows(engine.ledger, "journal", event="open")]
    assert sorted(opened) == ["kh-1", "kh-1", "kh-2", "kh-2"]
    wakes = {row["plan_id"]: row["wake_at"] for row in rows(engine.ledger, "cycle")}
    assert wakes["kh-1"] == wakes["kh-2"] > engine.clock.now()


def test_one_answer_reports_to_both_plans_and_one_confirmation_comes_back(engine: Driven) -> None:
    (message,) = to_xa_1(engine, "request")
    engine.reply(message, f"Báo cáo 1\n{GOOD}\nBáo cáo 2\nSố tin, bài: 7\nKinh phí: 2\n")
    assert standing(engine) == {"thong-tin": "reported", "doi-ngoai": "open"}
    (answer,) = {str(one["Message-ID"]): one for one in engine.letters("partly")}.values()
    assert "Đã nhận đủ" in text_of(answer).split("BÁO CÁO ")[1]
    assert "Kết quả nổi bật: chưa có nội dung" in text_of(answer).split("BÁO CÁO ")[2]
    told = [
        row["cycle_id"] for row in rows(engine.ledger, "outbox") if row["message_id"] == answer["Message-ID"]
    ]
    assert len(set(told)) == 2
    engine.reply(answer, "Báo cáo 2\nKết quả nổi bật: Tốt\n")
    assert set(standing(engine).values()) == {"reported"}


def test_who_answers_neither_is_reminded_of_both_in_the_same_conversation(engine: Driven) -> None:
    engine.run_until(at("2024-11-22 09:00"))
    (request,) = to_xa_1(engine, "request")
    (reminder,) = to_xa_1(engine, "reminder")
    assert reminder["Subject"] == f"Re: {request['Subject']}"
    assert str(request["Message-ID"]) in str(reminder["References"])
    engine.reply(reminder, f"Báo cáo 2\n{GOOD}")
    assert standing(engine) == {"thong-tin": "open", "doi-ngoai": "reported"}


def test_what_began_on_different_days_is_reminded_of_in_one_mail_that_names_both(tmp_path: Path) -> None:
    later = plan(2, task("doi-ngoai", report=REPORT))
    with driven(tmp_path, at("2024-11-15"), FIRST) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        engine.clock.set(at("2024-11-18 10:00"))
        applied(engine.ledger, later, when=engine.clock.now())
        engine.run_until(at("2024-11-22 09:00"))
        assert len(to_xa_1(engine, "request")) == 2
        (reminder,) = to_xa_1(engine, "reminder")
        assert str(reminder["Subject"]).startswith("[Đôn đốc] 2 báo cáo (01/KH-UBND, 02/KH-UBND)")
        for request in to_xa_1(engine, "request"):
            assert str(request["Message-ID"]) in str(reminder["References"])


def test_plans_that_share_an_agency_only_by_way_of_a_third_go_along_too(tmp_path: Path) -> None:
    chain = (
        plan(1, task("thong-tin")),
        plan(2, task("doi-ngoai", lead=["xa-1", "xa-2"])),
        plan(3, task("so-ket", lead="xa-2")),
    )
    with driven(tmp_path, at("2024-11-15"), *chain) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        assert [one.envelope_to for one in engine.mailer.sent] == [("xa-1@xa.example",), ("xa-2@xa.example",)]


def test_plans_of_another_issuer_or_with_another_contact_write_for_themselves(tmp_path: Path) -> None:
    others = (
        plan(2, task("doi-ngoai"), issuer="tinh"),
        plan(3, task("so-ket"), coordinator="xa-2"),
    )
    with driven(tmp_path, at("2024-11-15"), FIRST, *others) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        assert len(to_xa_1(engine, "request")) == 3


def test_what_plan_says_of_mails_at_once_is_what_goes_out(tmp_path: Path) -> None:
    now = at("2024-11-15")
    changes = plan_changes({}, [FIRST, SECOND], now, Confirmed())
    said = sum(one.letters.get(LetterKind.REQUEST, 0) for plan_ in changes.plans for one in plan_.cycles)
    with driven(tmp_path, now, FIRST, SECOND) as engine:
        engine.run_until(at("2024-11-15 09:00"))
        assert len(engine.mailer.sent) == said == 3


def test_more_time_asked_for_without_a_name_is_put_before_the_contact_once_and_decided_once(
    engine: Driven,
) -> None:
    engine.clock.set(at("2024-11-18 10:00"))
    (message,) = to_xa_1(engine, "request")
    engine.reply(message, "Xã xin gia hạn đến ngày 06/12/2024 do đang thiếu cán bộ.\n")
    (notice,) = engine.letters("petition")
    told = flowing(notice)
    assert "còn 2 báo cáo chưa gửi: – Nhiệm vụ thong-tin (01/KH-UBND): thời hạn" in told
    assert "– Nhiệm vụ doi-ngoai (02/KH-UBND): thời hạn" in told
    assert "Văn bản:" not in told
    assert "2 báo cáo (01/KH-UBND, 02/KH-UBND) [#p" in str(notice["Subject"])
    engine.reply(notice, "Đồng ý\n", sender=str(notice["To"].addresses[0].addr_spec))
    due = {row["task"]: str(row["due_on"]) for row in rows(engine.ledger, "request", agency="xa-1")}
    assert due == {"thong-tin": "2024-12-06", "doi-ngoai": "2024-12-06"}


def test_a_plan_that_is_stopped_before_the_mail_has_left_takes_no_report_of_another_with_it(
    tmp_path: Path,
) -> None:
    with driven(tmp_path, at("2024-11-15"), FIRST, SECOND) as engine:
        engine.begin_pass("kh-1", "once")  # and here the process dies
        with engine.ledger.write() as tx:
            cycles.stop(tx, "kh-1", "once", "thôi", engine.clock.now())
        engine.restart("may-1:2")
        engine.run_until(at("2024-11-15 09:00"))
        (message,) = to_xa_1(engine, "request")
        engine.reply(message, f"Báo cáo 2\n{GOOD}")
        assert standing(engine)["doi-ngoai"] == "reported"
        assert [one for one in engine.letters("request") if "xa-2@" in str(one["To"])] == []
        assert "withdrawn" in {row["status"] for row in rows(engine.ledger, "outbox")}


def test_of_plans_that_are_all_stopped_before_the_mail_has_left_nothing_is_asked(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), FIRST, SECOND) as engine:
        engine.begin_pass("kh-1", "once")  # and here the process dies
        with engine.ledger.write() as tx:
            cycles.stop(tx, "kh-2", "once", "thôi", engine.clock.now())
            cycles.stop(tx, "kh-1", "once", "thôi", engine.clock.now())
        engine.restart("may-1:2")
        engine.run_until(at("2024-11-15 09:00"))
        assert engine.letters("request") == []
        assert {row["status"] for row in rows(engine.ledger, "outbox", kind="request")} == {"withdrawn"}


def test_power_cut_while_the_mail_is_handed_over_repeats_it_once_under_its_message_id(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), FIRST, SECOND) as engine:

        def cut(mail: Mail) -> Outcome:
            if "xa-1@" in mail.envelope_to[0]:
                raise PowerCut
            return accept(mail)

        engine.mailer.answer = cut
        with pytest.raises(PowerCut):
            engine.one_pass("kh-1")
        engine.mailer.answer = accept
        engine.restart("may-1:2")
        engine.run_until(at("2024-11-15 09:00"))
        tried = [mail.message_id for mail in engine.mailer.tried if "xa-1@" in mail.envelope_to[0]]
        assert len(tried) == 2
        assert len(set(tried)) == 1
        doubtful = rows(engine.ledger, "outbox", resent_in_doubt=True)
        assert len(doubtful) == 2
        assert {row["status"] for row in rows(engine.ledger, "outbox")} == {"sent"}


def test_a_dead_address_sends_the_whole_mail_on_once_and_an_answer_still_reports_to_both(
    tmp_path: Path,
) -> None:
    with driven(tmp_path, at("2024-11-15"), FIRST, SECOND) as engine:
        dead = Refused(code=550, answer="no such user")
        engine.mailer.answer = lambda mail: dead if "xa-1@" in mail.envelope_to[0] else accept(mail)
        engine.run_until(at("2024-11-15 09:00"))
        (onward,) = [
            read(mail) for mail in engine.mailer.sent if mail.envelope_to == ("huyen@huyen.example",)
        ]
        assert "BÁO CÁO 2/2: Nhiệm vụ doi-ngoai" in text_of(onward)
        engine.reply(onward, f"Báo cáo 1\n{GOOD}\nBáo cáo 2\n{GOOD}", sender="huyen@huyen.example")
        assert set(standing(engine).values()) == {"reported"}
        noted = {row["cycle_id"] for row in rows(engine.ledger, "journal", event="undeliverable")}
        assert len(noted) == 2


def test_a_cycle_that_comes_to_its_end_does_so_in_its_own_pass(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), FIRST, SECOND) as engine:
        engine.run_until(at("2024-12-31 09:00"))
        assert sorted(engine.ended) == ["kh-1/once", "kh-2/once"]
        kinds = [row["kind"] for row in rows(engine.ledger, "outbox") if "/xa-1/" in row["key"]]
        assert kinds.count("missing") == 2
