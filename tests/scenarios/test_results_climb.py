"""What comes in below goes up: the consolidated result of a plan answers the request of the plan above."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.ledger import cycles
from schemas.catalogue import Bundle
from schemas.model import Escalation, Form
from tests.bundles import at, bundle, task
from tests.driving import GOOD, Driven, driven, read, text_of
from tests.ledgers import rows

ABOVE = Form.model_validate(
    {
        "title": "Tổng hợp của tỉnh",
        "fields": [
            {"id": "tong-tin", "label": "Tổng số tin, bài", "type": "integer"},
            {"id": "ket-qua", "label": "Kết quả"},
        ],
    }
)
OWN = {"every": "year", "form": "bieu-mau"}


def above(**report: Any) -> Bundle:  # noqa: ANN401
    wanted = {"every": "year", "due": {"by": "2025-01-10"}, "form": "tong-hop", **report}
    return bundle(
        task("cap-huyen", lead="huyen", report=wanted), id="tinh", issuer="tinh", forms={"tong-hop": ABOVE}
    )


def below(**plan: Any) -> Bundle:  # noqa: ANN401
    return bundle(
        task(lead=["xa-1", "xa-2"], report=OWN),
        implements=[{"plan": "tinh", "task": "cap-huyen", "fields": {"tong-tin": "so-tin"}}],
        **plan,
    )


@contextmanager
def working(folder: Path, upper: Bundle | None = None, lower: Bundle | None = None) -> Iterator[Driven]:
    with driven(folder, at("2024-11-01"), upper or above(), lower or below()) as engine:
        yield engine


def answer(engine: Driven, agency: str, text: str) -> None:
    request = engine.request(agency)["id"]
    ids = {row["message_id"] for row in rows(engine.ledger, "outbox", request_id=request)}
    message = next(read(mail) for mail in engine.mailer.sent if mail.message_id in ids)
    engine.reply(message, text, sender=f"{agency}@xa.example")


def landed(engine: Driven) -> list[str]:
    return [row["status"] for row in rows(engine.ledger, "landing")]


def test_the_sum_of_the_communes_becomes_the_report_of_the_district(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        engine.run_until(at("2024-11-18"))
        answer(engine, "xa-1", GOOD)
        answer(engine, "xa-2", GOOD.replace("12", "30").replace("Đã mở chuyên mục trên", "Phát sóng trên"))
        engine.run_until(at("2025-02-01"))
        assert landed(engine) == ["landed"]
        request = engine.request("huyen", "cap-huyen")
        assert request["status"] == "reported"
        assert request["accepted"] == {
            "tong-tin": 42,
            "ket-qua": "- UBND xã 1: Đã mở chuyên mục trên đài truyền thanh\n"
            "- UBND xã 2: Phát sóng trên đài truyền thanh",
        }
        assert engine.ended == ["ke-hoach/2024", "tinh/2024"]
        (told,) = engine.letters("taken-over")
        assert told["To"].addresses[0].addr_spec == "huyen@huyen.example"
        assert "99/KH-UBND" in text_of(told)
        source = rows(engine.ledger, "reply", request_id=request["id"])[0]
        assert source["from_cycle_id"] == engine.request()["cycle_id"]


def test_with_some_missing_the_rest_still_goes_up(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        engine.run_until(at("2024-11-18"))
        answer(engine, "xa-1", GOOD)
        engine.run_until(at("2025-02-01"))
        assert landed(engine) == ["landed"]
        assert engine.request("huyen", "cap-huyen")["accepted"]["tong-tin"] == 12
        results = {row["plan_id"]: row["result"] for row in rows(engine.ledger, "cycle")}
        assert (results["ke-hoach"]["reported"], results["ke-hoach"]["owed"]) == (1, 2)


def test_a_result_that_lacks_what_the_form_above_requires_does_not_pass_for_a_report(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        engine.run_until(at("2025-02-28"))  # nobody reports at all
        assert landed(engine) == ["incomplete"]
        assert engine.request("huyen", "cap-huyen")["status"] == "missing"
        assert "overdue" in engine.kinds()


def test_a_district_that_answered_by_mail_before_keeps_its_own_report(tmp_path: Path) -> None:
    with working(tmp_path, upper=above(due={"by": "2024-12-20"}), lower=below()) as engine:
        engine.run_until(at("2024-12-06 09:00"))
        (row,) = rows(engine.ledger, "outbox", kind="request", task="cap-huyen")
        message = next(read(mail) for mail in engine.mailer.sent if mail.message_id == row["message_id"])
        answer(engine, "xa-1", GOOD)
        engine.reply(message, "Tổng số tin, bài: 7\nKết quả: Tự báo cáo\n", sender="huyen@huyen.example")
        engine.run_until(at("2025-02-01"))
        assert landed(engine) == ["kept-aside"]
        assert engine.request("huyen", "cap-huyen")["accepted"]["tong-tin"] == 7


def test_a_result_after_the_end_of_the_cycle_above_is_noted_as_too_late(tmp_path: Path) -> None:
    with working(tmp_path, upper=above(due={"by": "2024-11-15"})) as engine:
        engine.run_until(at("2024-11-28 09:00"))
        answer(engine, "xa-1", GOOD)
        engine.run_until(at("2025-02-01"))
        assert engine.ended == ["tinh/2024", "ke-hoach/2024"]
        assert landed(engine) == ["too-late"]
        assert engine.request("huyen", "cap-huyen")["status"] == "missing"


def test_a_result_for_an_agency_that_owes_nothing_above_has_no_place(tmp_path: Path) -> None:
    upper = bundle(
        task("cap-huyen", lead="xa-5", report={"every": "year", "due": {"by": "2025-01-10"}}),
        id="tinh",
        issuer="tinh",
    )
    with working(tmp_path, upper=upper) as engine:
        engine.run_until(at("2025-03-01"))
        assert landed(engine) == ["no-place"]


@pytest.mark.parametrize("opens", ["10 working days", "40 working days"])
def test_a_result_lands_whether_the_request_above_is_open_yet_or_not(tmp_path: Path, opens: str) -> None:
    policy = Escalation.model_validate({"title": "x", "opens": opens, "ladder": []})
    upper = bundle(
        task(
            "cap-huyen",
            lead="huyen",
            report={"every": "year", "due": {"by": "2025-01-20"}, "form": "tong-hop"},
        ),
        id="tinh",
        issuer="tinh",
        forms={"tong-hop": ABOVE},
        policy=policy,
    )
    with working(tmp_path, upper=upper) as engine:
        engine.run_until(at("2024-11-18"))
        answer(engine, "xa-1", GOOD)
        answer(engine, "xa-2", GOOD)
        engine.run_until(at("2025-03-01"))
        assert landed(engine) == ["landed"]
        expected = ["request"] if opens.startswith("40") else []
        about_district = rows(engine.ledger, "outbox", task="cap-huyen")
        assert [row["kind"] for row in about_district] == [*expected, "taken-over"]


def test_a_cycle_that_another_of_the_same_plan_waits_for_wakes_it(tmp_path: Path) -> None:
    plan = bundle(
        task("mot-lan", report={"due": {"by": "2024-12-20"}}),
        task("nam", lead="xa-2", after="mot-lan", report={"every": "year", "due": {"by": "2024-12-16"}}),
    )
    with driven(tmp_path, at("2024-11-01"), plan) as engine:
        engine.run_until(at("2024-12-10 09:00"))
        assert engine.request("xa-2", "nam")["status"] == "waiting"
        (row,) = rows(engine.ledger, "outbox", kind="request", task="mot-lan")
        message = next(read(mail) for mail in engine.mailer.sent if mail.message_id == row["message_id"])
        engine.reply(message, "Đã tổ chức quán triệt tới toàn thể cán bộ xã.\n")
        engine.run_until(at("2024-12-10 09:00"))
        assert engine.request("xa-2", "nam")["status"] == "open"


def test_what_waits_for_a_cycle_that_a_person_stopped_goes_on(tmp_path: Path) -> None:
    plan = bundle(
        task("mot-lan", report={"due": {"by": "2024-12-20"}}),
        task("nam", lead="xa-2", after="mot-lan", report={"every": "year", "due": {"by": "2024-12-16"}}),
    )
    with driven(tmp_path, at("2024-11-01"), plan) as engine:
        engine.run_until(at("2024-12-10 09:00"))
        with engine.ledger.write() as tx:
            cycles.stop(tx, "ke-hoach", "once", "không làm nữa", engine.clock.now())
        engine.run_until(at("2024-12-10 09:00"))
        assert engine.request("xa-2", "nam")["status"] == "open"
