"""Whatever breaks, and whenever: each mail goes out once, and nothing is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.ledger import cycles, delivery, outbox
from flows.ledger.database import LedgerBusy
from flows.ledger.pacing import Pace
from flows.shell.passes import UnknownCycle, UnknownPlan
from notifiers.errors import MailServerUnavailable
from notifiers.memory import accept
from notifiers.ports import Deferred, InDoubt, Mail, Outcome, Refused
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import Driven, PowerCut, driven, text_of
from tests.ledgers import mail_row, rows

FIVE = [f"xa-{n}" for n in range(1, 6)]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    with driven(tmp_path, at("2024-11-15"), bundle(task(lead=FIVE))) as found:
        yield found


def sent_to(engine: Driven) -> list[str]:
    return [str(message["To"]) for message in engine.letters()]


def test_a_pass_over_nothing_new_sends_nothing_and_changes_nothing(engine: Driven) -> None:
    view = engine.one_pass()
    assert len(engine.mailer.sent) == 5
    assert (view.pass_no, view.progress, view.ended) == (1, 0.0, False)
    with engine.begin_pass() as again:
        assert again.changed_tasks() == frozenset()
        assert again.finish().wake_at == view.wake_at == at("2024-11-22")
    engine.postman()
    assert len(engine.mailer.tried) == 5
    assert len(rows(engine.ledger, "journal")) == 5


def test_a_crash_between_deciding_and_sending_loses_no_mail_and_repeats_none(engine: Driven) -> None:
    engine.begin_pass()  # and here the process dies
    assert engine.mailer.tried == []
    engine.restart("may-1:2")
    engine.one_pass()
    engine.postman()
    assert sorted(sent_to(engine)) == sorted(set(sent_to(engine)))
    assert engine.mails() == ["sent"] * 5


def test_after_a_crash_the_postman_sends_what_no_pass_comes_back_for(engine: Driven) -> None:
    engine.begin_pass()
    assert engine.postman().sent == 0  # still reserved for the pass
    engine.restart("may-1:2")
    assert engine.postman().sent == 5
    engine.one_pass()
    assert len(engine.mailer.tried) == 5


def cut_at(engine: Driven, *places: int) -> None:
    """The power fails while the mails of these places are handed over, each counted from the beginning."""

    def cut(mail: Mail) -> Outcome:
        if len(engine.mailer.tried) in places:
            raise PowerCut
        return accept(mail)

    engine.mailer.answer = cut


@pytest.mark.parametrize("nth", [1, 3, 5])
def test_power_cut_while_mails_are_handed_over_repeats_those_in_doubt_once_under_their_message_ids(
    engine: Driven, nth: int
) -> None:
    cut_at(engine, nth)
    with pytest.raises(PowerCut):
        engine.one_pass()
    engine.restart("may-1:2")
    engine.postman()
    engine.one_pass()
    tried = Counter(mail.message_id for mail in engine.mailer.tried)
    repeated = {id_ for id_, times in tried.items() if times > 1}
    assert engine.mailer.tried[nth - 1].message_id in repeated
    assert max(tried.values()) == 2
    assert len(tried) == 5
    assert repeated <= {row["message_id"] for row in rows(engine.ledger, "outbox", resent_in_doubt=True)}
    assert engine.mails() == ["sent"] * 5
    if nth == 1:  # how fast the server is is not known yet: the first mail is handed over alone
        assert len(repeated) == 1


def test_a_second_power_cut_leaves_in_doubt_only_the_mail_that_it_hit_twice(engine: Driven) -> None:
    cut_at(engine, 5, 6)
    for process in ("may-1:2", "may-1:3"):
        with pytest.raises(PowerCut):
            engine.postman() if engine.mailer.tried else engine.one_pass()
        engine.restart(process)
    engine.postman()
    hit_twice = engine.mailer.tried[5].message_id
    (doubtful,) = rows(engine.ledger, "outbox", status="in-doubt")
    assert doubtful["message_id"] == hit_twice
    assert sorted(engine.mails()) == ["in-doubt"] + ["sent"] * 4
    assert {mail.message_id for mail in engine.mailer.tried} == {
        row["message_id"] for row in rows(engine.ledger, "outbox")
    }


def test_a_mail_whose_answer_was_never_heard_is_sent_twice_at_most(engine: Driven) -> None:
    engine.mailer.answer = lambda _: InDoubt(reason="the line broke")
    engine.one_pass()
    for _ in range(4):
        engine.postman()
    assert len(engine.mailer.tried) == 10
    assert len({mail.message_id for mail in engine.mailer.tried}) == 5
    assert engine.mails() == ["in-doubt"] * 5


def down(_: Mail) -> Outcome:
    raise MailServerUnavailable("127.0.0.1", 1025, "connection refused")


def test_while_the_mail_server_is_down_mails_wait_and_the_coordinator_is_told(engine: Driven) -> None:
    engine.mailer.answer = down
    with engine.begin_pass() as one:
        view = one.act("bao-cao")
        one.finish()
    assert "máy chủ thư không trả lời" in view.message
    assert engine.mails() == ["queued"] * 5
    assert engine.postman().sent == 0  # not before half a minute has passed
    engine.mailer.answer = accept
    engine.clock.set(engine.clock.now() + timedelta(minutes=1))
    assert engine.postman().sent == 5
    assert len(set(sent_to(engine))) == 5


def test_a_server_that_goes_down_in_the_middle_gets_the_rest_later(engine: Driven) -> None:
    engine.mailer.answer = lambda mail: accept(mail) if len(engine.mailer.tried) <= 2 else down(mail)
    engine.one_pass()
    assert sorted(engine.mails()) == ["queued"] * 3 + ["sent"] * 2
    engine.mailer.answer = accept
    engine.clock.set(engine.clock.now() + timedelta(minutes=1))
    engine.postman()
    assert engine.mails() == ["sent"] * 5
    assert len(engine.mailer.sent) == len(set(sent_to(engine))) == 5
    assert rows(engine.ledger, "outbox", resent_in_doubt=True) == []


def test_a_mail_refused_for_good_is_marked_and_not_tried_again(engine: Driven) -> None:
    engine.mailer.answer = lambda mail: (
        Refused(code=550, answer="no such user") if "xa-3@" in mail.envelope_to[0] else accept(mail)
    )
    engine.one_pass()
    (failed,) = rows(engine.ledger, "outbox", status="failed")
    assert failed["answer"] == "550 no such user"
    engine.clock.set(at("2024-11-19"))
    engine.postman()
    tried = [mail.message_id for mail in engine.mailer.tried]
    assert tried.count(failed["message_id"]) == 1
    assert len(tried) == 6  # and one to the agency's next contact


def test_a_mail_refused_for_now_is_tried_again_later_and_later(engine: Driven) -> None:
    engine.mailer.answer = lambda _: Deferred(code=451, answer="later")
    engine.one_pass()
    waits = []
    for _ in range(12):
        (again_at,) = {row["not_before_at"] for row in rows(engine.ledger, "outbox")}
        waits.append((again_at - engine.clock.now()) / timedelta(minutes=1))
        engine.clock.set(again_at)
        assert engine.postman().deferred == 5
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240]
    engine.mailer.answer = accept
    engine.clock.set(engine.clock.now() + timedelta(hours=4))
    assert engine.postman().sent == 5


def test_a_mail_that_is_only_ever_deferred_is_given_up_in_the_end(engine: Driven) -> None:
    engine.mailer.answer = lambda _: Deferred(code=451, answer="later")
    engine.one_pass()
    for _ in range(60):
        engine.clock.set(engine.clock.now() + timedelta(hours=4))
        engine.postman()
    assert engine.mails()[:5] == ["failed"] * 5
    first = {row["message_id"] for row in rows(engine.ledger, "outbox")[:5]}
    assert sum(mail.message_id in first for mail in engine.mailer.tried) == 5 * 40


def test_no_more_mails_leave_in_a_minute_than_the_mail_server_wants(engine: Driven) -> None:
    engine.shell = replace(engine.shell, pace=Pace(to_a_domain=2))
    start = engine.clock.now()
    engine.one_pass()
    assert len(engine.mailer.sent) == 2
    assert engine.postman().sent == 0
    for minutes, sent in ((1, 4), (2, 5)):
        engine.clock.set(start + timedelta(minutes=minutes))
        engine.postman()
        assert len(engine.mailer.sent) == sent
    assert engine.mails() == ["sent"] * 5


def test_a_mail_about_several_reports_is_one_of_those_that_may_leave_in_a_minute(tmp_path: Path) -> None:
    plan = bundle(task("mot", lead=["xa-1", "xa-2"]), task("hai", lead=["xa-1", "xa-2"]))
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        engine.shell = replace(engine.shell, pace=Pace(all_together=2))
        with engine.begin_pass() as one:
            one.act("mot")
        assert len(engine.mailer.sent) == 2
        row = mail_row(engine.ledger, "khac")
        with engine.ledger.write() as tx:
            outbox.enqueue(tx, [row])
        engine.shell = replace(engine.shell, pace=Pace(all_together=3))
        assert engine.postman().sent == 1


def test_mails_to_a_busy_domain_hold_up_none_to_others(tmp_path: Path) -> None:
    elsewhere = AGENCIES["xa-5"].model_copy(update={"mailbox": "xa-5@noi-khac.example"})
    plan = bundle(task(lead=FIVE), agencies=AGENCIES | {"xa-5": elsewhere})
    with driven(tmp_path, at("2024-11-15"), plan) as engine:
        engine.shell = replace(engine.shell, pace=Pace(all_together=3, to_a_domain=1))
        engine.one_pass()
        assert sorted(mail.envelope_to[0] for mail in engine.mailer.sent) == [
            "xa-1@xa.example",
            "xa-5@noi-khac.example",
        ]


def test_a_ledger_that_is_busy_when_it_is_written_down_makes_no_mail_go_out_twice(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance, busy = delivery.advance, iter((False, True, False, True, True))

    def sometimes(*arguments: object, **named: object) -> frozenset[int]:
        if next(busy, False):
            raise LedgerBusy("deadlock detected")
        return advance(*arguments, **named)

    monkeypatch.setattr(delivery, "advance", sometimes)
    engine.one_pass()
    assert len(engine.mailer.tried) == 5
    assert engine.mails() == ["sent"] * 5
    assert next(busy, None) is None


def test_a_stopped_cycle_sends_nothing_more(engine: Driven) -> None:
    engine.begin_pass()
    with engine.ledger.write() as tx:
        cycles.stop(tx, "ke-hoach", "once", "kế hoạch bị thu hồi", engine.clock.now())
    view = engine.one_pass()
    assert (view.stopped, view.wake_at) == (True, None)
    engine.restart("may-1:2")
    engine.run_until(at("2025-03-01"))
    assert engine.mailer.tried == []


def test_a_whole_chase_sends_each_step_once_and_in_one_thread(engine: Driven) -> None:
    engine.run_until(at("2025-03-01"))
    assert engine.ended == ["ke-hoach/once"]
    about_one = [
        message
        for message, row in zip(engine.letters(), rows(engine.ledger, "outbox"), strict=True)
        if row["request_id"] == engine.request("xa-2")["id"]
    ]
    kinds = [
        "request",
        "reminder",
        "reminder",
        "overdue",
        "escalation",
        "escalation",
        "escalation",
        "missing",
    ]
    assert engine.kinds().count("escalation") == 15
    assert len(about_one) == len(kinds)
    ids = [str(message["Message-ID"]) for message in about_one]
    assert len(set(ids)) == len(ids)
    assert all(ids[0] in str(message["References"]) for message in about_one[1:])
    assert all(len(one) <= 70 for one in ids)


def test_a_plan_or_a_cycle_that_was_never_applied_is_said_to_be_unknown(engine: Driven) -> None:
    with pytest.raises(UnknownCycle, match="2025"):
        engine.shell.start_pass("ke-hoach", "2025")
    with pytest.raises(UnknownPlan, match="khac"):
        engine.shell.outline("khac")


def test_who_is_told_of_a_delay_hears_when_it_was_asked_for_and_what_came_back(engine: Driven) -> None:
    engine.run_until(at("2024-11-25 09:00"))
    (asked,) = [one for one in engine.letters("request") if "xa-2@" in str(one["To"])]
    engine.reply(asked, "Đã nhận, xã sẽ báo cáo.\n", sender="xa-2@xa.example")
    engine.run_until(at("2025-03-01"))
    (told, *_) = [one for one in engine.letters("escalation") if "xã 2" in text_of(one)]
    history = " ".join(text_of(told).split()).partition("Quá trình đôn đốc: ")[2]
    assert history.startswith(
        "Đề nghị báo cáo ngày 15/11/2024; nhắc lần 1 ngày 22/11/2024; nhắc lần 2 ngày 28/11/2024;"
        " thông báo quá hạn ngày 02/12/2024"
    )
    (closed, *_) = [one for one in engine.letters("missing") if "xã 2" in text_of(one)]
    assert "thông báo cấp trên lần 3 ngày" in " ".join(text_of(closed).split())
    assert "Quá trình đôn đốc" not in text_of(asked)
