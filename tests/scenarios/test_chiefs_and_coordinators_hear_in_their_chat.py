"""Superiors and coordinators who name a channel get short notices there, beside the mails, not instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from flows.ledger import cycles
from flows.shell.desk.digest import Digest
from flows.shell.showing.simulation import EVERYBODY, simulate
from flows.shell.showing.status import as_json, read_status
from notifiers.bulletin import Bulletin
from notifiers.chat import NO_ANSWER, Chat
from notifiers.ports import Accepted, Deferred, Outcome, Refused
from schemas.catalogue import Bundle
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, PowerCut, driven, read
from tests.ledgers import applied, rows

DISTRICT, PROVINCE = "chat-huyen", "chat-tinh"
LATE_FOUR_DAYS = at("2024-12-05 12:00")
"""The second rung was climbed in the morning: to the superior, which is the district."""


@dataclass(frozen=True, kw_only=True)
class Heard(Chat):
    """Channels that write down what they are told, unless they answer otherwise."""

    told: list[tuple[str, Bulletin]] = field(default_factory=list)
    answers: dict[str, Outcome | BaseException] = field(default_factory=dict)

    def post(self, channel: str, bulletin: Bulletin) -> Outcome:
        self.told.append((channel, bulletin))
        answer = self.answers.get(channel, Accepted(answer=""))
        if isinstance(answer, BaseException):
            raise answer
        return answer


@contextmanager
def engine_with(
    folder: Path, *tasks: Mapping[str, object], notify: Mapping[str, str], **plan: object
) -> Iterator[tuple[Driven, Heard]]:
    chat = Heard()
    with driven(folder, at("2024-11-15")) as engine:
        engine.chat = chat
        engine.restart("may-1:2")
        applied(engine.ledger, planned(*tasks, notify=notify, **plan), when=at("2024-11-15"))
        yield engine, chat


def planned(*tasks: Mapping[str, object], notify: Mapping[str, str], **plan: object) -> Bundle:
    named = {
        id_: Agency.model_validate({**AGENCIES[id_].model_dump(mode="json"), "notify": channel})
        for id_, channel in notify.items()
    }
    return bundle(*tasks, agencies={**AGENCIES, **named}, **plan)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Driven, Heard]]:
    late = task(lead=["xa-1", "xa-2"])
    with engine_with(tmp_path, late, notify={"huyen": DISTRICT, "xa-1": "chat-xa"}) as found:
        yield found


def post(engine: Driven) -> None:
    engine.shell.posting().post()


def test_a_superior_hears_of_all_that_is_late_in_one_text(
    both: tuple[Driven, Heard],
) -> None:
    engine, chat = both
    engine.run_until(LATE_FOUR_DAYS)
    post(engine)
    ((channel, said),) = [one for one in chat.told if one[0] == DISTRICT]
    assert channel == DISTRICT
    assert said.title == "[Đôn đốc] Kế hoạch số 99/KH-UBND: 2 báo cáo quá hạn"
    assert said.text.splitlines()[:2] == [
        "– UBND xã 1: Nhiệm vụ bao-cao, thời hạn hết ngày 29/11/2024, đã quá hạn 4 ngày làm việc",
        "– UBND xã 2: Nhiệm vụ bao-cao, thời hạn hết ngày 29/11/2024, đã quá hạn 4 ngày làm việc",
    ]
    climbed = [one["To"].addresses[0].addr_spec for one in engine.letters("escalation")]
    assert climbed.count("huyen@huyen.example") == 2
    post(engine)
    assert len([one for one in chat.told if one[0] == DISTRICT]) == 1


def test_an_agency_is_asked_by_mail_alone_and_its_head_hears_of_the_delay(
    both: tuple[Driven, Heard],
) -> None:
    engine, chat = both
    engine.run_until(at("2024-12-02 12:00"))
    post(engine)
    assert {"request", "reminder", "overdue"} <= set(engine.kinds())
    assert chat.told == []
    engine.run_until(at("2024-12-03 12:00"))
    post(engine)
    assert [channel for channel, _ in chat.told] == ["chat-xa"]


def test_who_has_no_channel_has_the_mail_alone(tmp_path: Path) -> None:
    with engine_with(tmp_path, task(), notify={}) as (engine, chat):
        engine.run_until(at("2024-12-20"))
        post(engine)
        assert "missing" in engine.kinds()
        assert chat.told == []
        assert rows(engine.ledger, "bulletin") == []


def test_of_a_classified_task_it_is_said_only_that_something_is_owed(tmp_path: Path) -> None:
    secret = task(report={"classification": "secret"})
    with engine_with(tmp_path, secret, notify={"huyen": DISTRICT}) as (engine, chat):
        engine.run_until(at("2024-12-20"))
        post(engine)
        assert chat.told
        for _, said in chat.told:
            assert said == Bulletin(
                title="[Đôn đốc] Kế hoạch số 99/KH-UBND: còn báo cáo phải nộp",
                text="Chi tiết và cách xử lý: xem thư gửi cùng lúc.",
            )


def test_a_coordinator_hears_that_a_report_is_missing_that_something_is_asked_and_what_waits(
    tmp_path: Path,
) -> None:
    with engine_with(tmp_path, task(lead=["xa-1", "xa-2"]), notify={"huyen": DISTRICT}) as (engine, chat):
        engine.run_until(at("2024-11-18 10:00"))
        (request,) = rows(engine.ledger, "outbox", request_id=engine.request()["id"], kind="request")
        mail = next(one for one in engine.mailer.tried if one.message_id == request["message_id"])
        engine.reply(read(mail), "Kính đề nghị cho xã gia hạn nộp báo cáo đến ngày 05/12/2024.\n")
        engine.clock.set(at("2024-11-19 09:00"))
        Digest(shell=engine.shell).look()
        post(engine)
        engine.run_until(at("2024-12-20"))
        post(engine)
        titles = [said.title for _, said in chat.told]
        assert titles[:2] == [
            "[Đôn đốc] Kế hoạch số 99/KH-UBND: có đề nghị chờ quyết định",
            "[Đôn đốc] 1 việc đang chờ đồng chí",
        ]
        assert titles[-2:] == [
            "[Đôn đốc] Kế hoạch số 99/KH-UBND: khép kỳ, còn thiếu 2 báo cáo",
            "[Đôn đốc] Kế hoạch số 99/KH-UBND: kết thúc kỳ báo cáo, 0/2 báo cáo",
        ]
        assert "UBND xã 1 xin gia hạn đến hết ngày 05/12/2024: Nhiệm vụ bao-cao" in chat.told[0][1].text


def test_a_channel_that_is_down_is_tried_again_in_order_and_holds_up_no_mail(
    both: tuple[Driven, Heard],
) -> None:
    engine, chat = both
    chat.answers[DISTRICT] = Deferred(code=503, answer="503")
    engine.run_until(LATE_FOUR_DAYS)
    post(engine)
    assert "huyen@huyen.example" in [one["To"].addresses[0].addr_spec for one in engine.letters("escalation")]
    tried = len(chat.told)
    post(engine)
    assert len(chat.told) == tried  # not before its time
    chat.answers.clear()
    engine.clock.set(engine.clock.now() + timedelta(minutes=2))
    post(engine)
    (row,) = rows(engine.ledger, "bulletin", channel=DISTRICT)
    assert (row["status"], row["attempts"]) == ("sent", 2)


@pytest.mark.parametrize(
    ("answer", "hours"),
    [(Refused(code=404, answer="404"), 0), (Deferred(code=0, answer=NO_ANSWER), 30)],
)
def test_what_never_arrives_is_noted_and_shown_until_the_channel_takes_something_again(
    both: tuple[Driven, Heard], answer: Refused | Deferred, hours: int
) -> None:
    engine, chat = both
    chat.answers[DISTRICT] = answer
    engine.run_until(LATE_FOUR_DAYS)
    post(engine)
    if hours:
        engine.clock.set(engine.clock.now() + timedelta(hours=hours))
        post(engine)
    assert engine.journal("channel-failed") == [
        {"channel": DISTRICT, "about": "escalation", "answer": answer.answer}
    ]
    status = as_json(read_status(engine.ledger, engine.shell.versions))
    assert status["silent_channels"] == {DISTRICT: {"lost": 1, "answer": answer.answer}}
    assert status["channels"][DISTRICT] == {"failed": 1}
    chat.answers.clear()
    engine.run_until(at("2024-12-20"))
    post(engine)
    assert as_json(read_status(engine.ledger, engine.shell.versions))["silent_channels"] == {}


def test_a_text_that_may_have_arrived_when_the_machine_stopped_is_not_posted_again(
    both: tuple[Driven, Heard],
) -> None:
    engine, chat = both
    chat.answers[DISTRICT] = PowerCut()
    engine.run_until(LATE_FOUR_DAYS)
    with pytest.raises(PowerCut):
        post(engine)
    chat.answers.clear()
    tried = len(chat.told)
    engine.restart("may-1:3")
    post(engine)
    assert len(chat.told) == tried
    (row,) = rows(engine.ledger, "bulletin", channel=DISTRICT)
    assert row["status"] == "in-doubt"
    assert engine.journal("channel-failed")


def test_nothing_is_posted_for_a_period_that_was_stopped(both: tuple[Driven, Heard]) -> None:
    engine, chat = both
    engine.run_until(LATE_FOUR_DAYS)
    with engine.ledger.write() as tx:
        cycles.stop(tx, "ke-hoach", "once", "không cần nữa", engine.clock.now())
    post(engine)
    assert chat.told == []
    assert {row["status"] for row in rows(engine.ledger, "bulletin")} == {"withdrawn"}


def test_a_simulation_tells_which_mails_are_also_told_in_a_channel(both: tuple[Driven, Heard]) -> None:
    plan = planned(task(lead=["xa-1", "xa-2"]), notify={"huyen": DISTRICT, "xa-1": "chat-xa"})
    told = {(str(one.kind), one.to.mailbox, one.channel) for one in simulate(plan, [EVERYBODY], IDENTITY)}
    assert {one for one in told if one[2] is not None} == {
        ("escalation", "xa-1@xa.example", "chat-xa"),
        ("escalation", "huyen@huyen.example", DISTRICT),
        ("missing", "huyen@huyen.example", DISTRICT),
    }
    engine, _ = both
    engine.run_until(at("2024-12-20"))
    kept = {(row["about"], row["channel"]) for row in rows(engine.ledger, "bulletin")}
    beside = {(kind, channel) for kind, _, channel in told if channel is not None}
    assert kept == beside | {("result", DISTRICT)}


def test_whoever_follows_a_plan_up_hears_how_each_period_ended(tmp_path: Path) -> None:
    tasks = (
        task(lead=["xa-1", "xa-2", "xa-3"]),
        task("mat", lead="xa-4", report={"classification": "secret"}),
    )
    notify = {"huyen": DISTRICT, "tinh": PROVINCE, "xa-1": "chat-xa"}
    with engine_with(tmp_path, *tasks, notify=notify, coordinator="tinh") as (engine, chat):
        engine.run_until(at("2024-11-15 09:00"))
        for number, when in ((1, "2024-11-18 09:00"), (2, "2024-12-05 09:00")):
            engine.run_until(at(when))
            (asked,) = rows(
                engine.ledger,
                "outbox",
                request_id=engine.request(f"xa-{number}")["id"],
                kind="request",
            )
            mail = next(one for one in engine.mailer.tried if one.message_id == asked["message_id"])
            engine.reply(read(mail), GOOD, sender=f"xa-{number}@xa.example")
        engine.run_until(at("2024-12-20"))
        post(engine)
        ends = [(channel, said) for channel, said in chat.told if "kết thúc kỳ" in said.title]
        assert [channel for channel, _ in ends] == [DISTRICT, PROVINCE]
        assert {said for _, said in ends} == {
            Bulletin(
                title="[Đôn đốc] Kế hoạch số 99/KH-UBND: kết thúc kỳ báo cáo, 2/3 báo cáo",
                text=(
                    "– Đúng hạn: 1\n– Quá hạn: 1\n– Không báo cáo: 1 (UBND xã 3)\n"
                    "– Không kể báo cáo thuộc diện bảo mật.\n"
                    "Bản tổng hợp: xem trang theo dõi kỳ báo cáo."
                ),
            )
        }
        engine.one_pass()
        assert len(rows(engine.ledger, "bulletin", about="result")) == 2
