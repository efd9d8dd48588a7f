"""A report that no calendar foresaw is asked for when somebody wants it, and followed up as any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from flows.shell.specs.asking import Asking, NotAskable, Refusal, Wish, ask, demands_known
from flows.shell.specs.changes import Confirmed
from schemas.catalogue import Bundle
from schemas.model import Form, Span
from tests.bundles import FORM, at, bundle, task
from tests.driving import GOOD, Driven, driven, read, text_of
from tests.ledgers import applied, rows

ON_DEMAND = {"kind": "on-demand", "due": None, "form": "bieu-mau"}
DUE = date(2024, 3, 20)


def plan(*leads: str, **more: object) -> Bundle:
    return bundle(task(lead=list(leads or ("xa-1", "xa-2")), report=ON_DEMAND), **more)


@contextmanager
def working(folder: Path, *bundles: Bundle, start: str = "2024-03-12 09:30") -> Iterator[Driven]:
    with driven(folder, at(start), *(bundles or (plan(),))) as engine:
        yield engine


def asked(engine: Driven, plan_id: str = "ke-hoach", task: str = "bao-cao", **more: object) -> Asking:
    wish = {"plan_id": plan_id, "task": task, "due": DUE, **more}
    return ask(engine.ledger, engine.clock, Wish(**wish))  # type: ignore[arg-type] - what a wish takes


def refused(engine: Driven, **more: object) -> tuple[Refusal, Sequence[str]]:
    with pytest.raises(NotAskable) as caught:
        asked(engine, **more)
    return caught.value.refusal, caught.value.known


def to_whom(engine: Driven, kind: str) -> list[str]:
    return [str(one["To"].addresses[0].addr_spec) for one in engine.letters(kind)]


def answer(engine: Driven, agency: str, text: str = GOOD) -> None:
    request = engine.request(agency)["id"]
    ids = {row["message_id"] for row in rows(engine.ledger, "outbox", request_id=request)}
    message = next(read(mail) for mail in engine.mailer.sent if mail.message_id in ids)
    engine.reply(message, text, sender=f"{agency}@xa.example")


def test_nothing_is_asked_until_somebody_asks(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        engine.run_until(at("2025-03-01"))
        assert engine.kinds() == []
        assert rows(engine.ledger, "cycle") == []


def test_it_goes_out_at_once_and_says_what_is_wanted(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        asked(engine, note="Nêu rõ nguyên nhân và biện pháp khắc phục.")
        engine.run_until(at("2024-03-12 10:00"))
        assert to_whom(engine, "request") == ["xa-1@xa.example", "xa-2@xa.example"]
        letter = engine.letters("request")[0]
        assert "đột xuất ngày 12/03/2024" in str(letter["Subject"])
        assert "Yêu cầu cụ thể: Nêu rõ nguyên nhân và biện pháp khắc phục." in text_of(letter)
        assert "Hết ngày 20/03/2024" in text_of(letter)


def test_a_note_is_told_in_each_letter_of_its_request(tmp_path: Path) -> None:
    with working(tmp_path, plan("xa-1")) as engine:
        asked(engine, note="Kèm ảnh hiện trường.")
        engine.run_until(at("2024-05-01"))
        assert engine.kinds() == ["request", *["reminder"] * 2, "overdue", *["escalation"] * 3, "missing"]
        assert all("Kèm ảnh hiện trường." in text_of(one) for one in engine.letters())


def test_asked_for_on_a_saturday_it_goes_out_on_monday_morning(tmp_path: Path) -> None:
    with working(tmp_path, start="2024-03-16 10:00") as engine:
        asked(engine)
        engine.run_until(at("2024-03-17 23:00"))
        assert engine.kinds() == []
        engine.run_until(at("2024-03-18 08:00"))
        assert engine.kinds() == ["request", "request"]
        assert engine.request()["due_on"] == DUE


def test_asked_twice_by_mistake_nobody_gets_a_second_mail(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        asked(engine, agencies=("xa-1",))
        engine.run_until(at("2024-03-12 10:00"))
        second = asked(engine)
        assert [one.agency for one in second.left_out] == ["xa-1"]
        third = asked(engine)
        assert third.cycle is None
        engine.run_until(at("2024-03-12 11:00"))
        assert to_whom(engine, "request") == ["xa-1@xa.example", "xa-2@xa.example"]
        answer(engine, "xa-1")
        assert asked(engine).cycle is None
        assert asked(engine, due=date(2024, 4, 10)).left_out == third.left_out[1:]


def test_it_is_asked_again_when_that_is_meant(tmp_path: Path) -> None:
    with working(tmp_path, plan("xa-1")) as engine:
        asked(engine)
        asked(engine, again=True)
        engine.run_until(at("2024-03-12 10:00"))
        assert [row["key"] for row in rows(engine.ledger, "cycle")] == ["D2024-03-12", "D2024-03-12-2"]
        assert to_whom(engine, "request") == ["xa-1@xa.example"] * 2


def test_answers_end_it_and_late_ones_are_told_apart(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        asked(engine)
        engine.run_until(at("2024-03-14"))
        answer(engine, "xa-1")
        engine.run_until(at("2024-03-22"))
        answer(engine, "xa-2")
        engine.run_until(at("2024-05-01"))
        assert engine.request("xa-1")["status"] == "reported"
        assert engine.request("xa-2")["status"] == "reported-late"
        assert engine.ended == ["ke-hoach/D2024-03-12"]


def test_a_due_date_may_be_counted_from_today(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        asked(engine, due=Span.parse("3 ngày làm việc"))
        engine.run_until(at("2024-03-12 10:00"))
        assert engine.request()["due_on"] == date(2024, 3, 15)


def test_what_cannot_be_asked_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    secret = bundle(task("mat", report={**ON_DEMAND, "classification": "secret"}), id="mat")
    with working(tmp_path, plan(), secret) as engine:
        assert refused(engine, plan_id="nao") == (Refusal.NO_PLAN, ("ke-hoach", "mat"))
        assert refused(engine, task="nao") == (Refusal.NO_TASK, ("bao-cao",))
        assert refused(engine, agencies=("xa-1", "xa-3")) == (Refusal.NO_AGENCY, ("xa-1", "xa-2"))
        assert refused(engine, due=date(2024, 3, 11)) == (Refusal.PAST, ("2024-03-12",))
        assert refused(engine, plan_id="mat", task="mat", note="Về vụ việc.")[0] is Refusal.CLASSIFIED
        assert rows(engine.ledger, "cycle") == []


def test_any_task_may_be_asked_about_beside_its_periods(tmp_path: Path) -> None:
    quarterly = bundle(task(report={"every": "quarter", "due": None, "form": "bieu-mau"}))
    with working(tmp_path, quarterly, start="2024-01-05") as engine:
        asked(engine, due=date(2024, 1, 10))
        engine.run_until(at("2024-01-05 09:00"))
        assert engine.kinds() == ["request"]
        assert set(demands_known(engine.ledger, "ke-hoach")) == {"D2024-01-05"}
        engine.run_until(at("2025-02-01"))
        assert engine.ended[0] == "ke-hoach/D2024-01-05"
        assert len(engine.ended) == 5


def test_a_new_version_of_the_plan_withdraws_it_from_who_no_longer_leads(tmp_path: Path) -> None:
    with working(tmp_path) as engine:
        asked(engine)
        engine.run_until(at("2024-03-13"))
        changes = applied(engine.ledger, plan("xa-2"), when=at("2024-03-13"))
        assert [one.period.key for one in changes.waiting] == ["D2024-03-12"]
        applied(engine.ledger, plan("xa-2"), when=at("2024-03-13"), confirmed=Confirmed(running=True))
        engine.run_until(at("2024-03-14"))
        assert to_whom(engine, "withdrawn") == ["xa-1@xa.example"]
        assert engine.request("xa-1")["status"] == "withdrawn"
        assert engine.request("xa-2")["status"] == "open"
        assert applied(engine.ledger, plan("xa-2"), when=at("2024-03-14")).nothing


def test_a_demand_that_has_not_begun_outlives_a_new_version(tmp_path: Path) -> None:
    with working(tmp_path, start="2024-03-16 10:00") as engine:
        asked(engine, note="Gấp.")
        applied(engine.ledger, plan("xa-2", "xa-3"), when=at("2024-03-16 11:00"))
        engine.run_until(at("2024-03-18 08:00"))
        assert to_whom(engine, "request") == ["xa-2@xa.example"]
        assert "Gấp." in text_of(engine.letters("request")[0])


def test_the_result_climbs_to_who_asked_from_above(tmp_path: Path) -> None:
    whole = Form.model_validate(
        {"title": "Tổng hợp", "fields": [{"id": "so-tin", "label": "Số tin, bài", "type": "integer"}]}
    )
    upper = bundle(
        task("cap-huyen", lead="huyen", report={**ON_DEMAND, "form": "tong-hop"}),
        id="tinh",
        issuer="tinh",
        forms={"tong-hop": whole},
    )
    lower = plan(implements=[{"plan": "tinh", "task": "cap-huyen"}], forms={"bieu-mau": FORM})
    with working(tmp_path, upper, lower) as engine:
        asked(engine, plan_id="tinh", task="cap-huyen", due=date(2024, 4, 26))
        engine.clock.set(at("2024-03-13 09:00"))
        asked(engine)
        engine.run_until(at("2024-03-14"))
        answer(engine, "xa-1")
        answer(engine, "xa-2", GOOD.replace("12", "30"))
        engine.run_until(at("2024-06-01"))
        request = engine.request("huyen", "cap-huyen")
        assert (request["status"], request["accepted"]) == ("reported", {"so-tin": 42})
        assert engine.ended == ["ke-hoach/D2024-03-13", "tinh/D2024-03-12"]
        assert to_whom(engine, "taken-over") == ["huyen@huyen.example"]


def test_without_a_question_from_above_the_result_stays_where_it_is(tmp_path: Path) -> None:
    upper = bundle(task("cap-huyen", lead="huyen", report=ON_DEMAND), id="tinh", issuer="tinh")
    lower = plan("xa-1", implements=[{"plan": "tinh", "task": "cap-huyen"}])
    with working(tmp_path, upper, lower) as engine:
        asked(engine)
        engine.run_until(at("2024-03-14"))
        answer(engine, "xa-1")
        engine.run_until(at("2024-05-01"))
        assert engine.ended == ["ke-hoach/D2024-03-12"]
        assert rows(engine.ledger, "landing") == []
