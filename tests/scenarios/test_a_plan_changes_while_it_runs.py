"""What was promised is kept until somebody says otherwise; then everybody concerned hears of it, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.core.amendment import Fate
from flows.core.state import Status
from flows.shell.showing.consolidation import consolidated
from flows.shell.specs.applying import PlanOutdated
from flows.shell.specs.applying import plan as plan_
from flows.shell.specs.changes import Change, Changes, Confirmed, CycleChange
from schemas.catalogue import Bundle
from tests.bundles import at, bundle, task
from tests.driving import GOOD, Driven, driven, text_of
from tests.ledgers import Stopped, applied, contents, rows

RUNNING = Confirmed(running=True)
FORM = {"form": "bieu-mau"}
PROMISED = bundle(task(lead=["xa-1", "xa-2", "xa-3"], report=FORM))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    """Three communes were asked on 15/11 for a report by 29/11; on the 18th the first has answered."""
    with driven(tmp_path, at("2024-11-15"), PROMISED) as found:
        found.run_until(at("2024-11-18"))
        found.reply(found.letters("request")[0], GOOD)
        found.one_pass()
        assert found.request("xa-1")["status"] == Status.REPORTED
        found.mailer.sent.clear()
        yield found


def amend(engine: Driven, *bundles: Bundle, confirmed: Confirmed = RUNNING) -> Changes:
    changes = applied(engine.ledger, *bundles, when=engine.clock.now(), confirmed=confirmed)
    engine.postman()
    return changes


def planned(engine: Driven, *bundles: Bundle, confirmed: Confirmed = RUNNING) -> Changes:
    return plan_(engine.ledger, bundles, Stopped(engine.clock.now()), confirmed)


def asked(engine: Driven, agency: str) -> EmailMessage:
    """The request that an agency got, as its client shows it."""
    (raw,) = (
        row["raw"]
        for row in contents(engine.ledger, kind="request")
        if f"{agency}@xa.example" in row["envelope_to"]
    )
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def owners(*names: str, due: str = "2024-11-29") -> Bundle:
    return bundle(task(lead=list(names), report={**FORM, "due": {"by": due}}))


def test_a_cycle_under_way_keeps_what_was_promised_until_somebody_says_otherwise(engine: Driven) -> None:
    before = rows(engine.ledger, "request")
    changes = amend(engine, owners("xa-2", "xa-4", due="2024-12-10"), confirmed=Confirmed())
    (kept,) = changes.waiting
    assert (kept.change, kept.carried_out) == (CycleChange.RUNNING, False)
    assert rows(engine.ledger, "request") == before
    assert engine.mailer.sent == []
    engine.run_until(at("2024-11-22 12:00"))
    assert engine.kinds() == ["reminder", "reminder"]  # of the dates that were promised

    (still,) = planned(engine, owners("xa-2", "xa-4", due="2024-12-10"), confirmed=Confirmed()).waiting
    assert still.requests == kept.requests  # applied, and yet not forgotten


def test_a_dropped_agency_hears_that_it_owes_nothing_and_is_chased_no_more(engine: Driven) -> None:
    changes = amend(engine, owners("xa-1", "xa-2"))
    assert [(one.agency, one.fate) for one in changes.plans[0].cycles[0].requests] == [
        ("xa-3", Fate.WITHDRAWN)
    ]
    (letter,) = engine.letters("withdrawn")
    assert letter["To"].addresses[0].addr_spec == "xa-3@xa.example"
    assert "không phải gửi báo cáo này nữa" in text_of(letter)
    assert "Thời hạn" not in text_of(letter)
    assert letter["In-Reply-To"]  # in the thread of what it takes back
    assert engine.request("xa-3")["status"] == Status.WITHDRAWN

    view = engine.one_pass()
    assert view.message.startswith("1/2")
    assert [row[1] for row in view.sheet.rows] == [
        "Đã báo cáo đúng hạn",
        "Trong hạn, chưa báo cáo",
        "Không yêu cầu (đã rút)",
    ]
    engine.mailer.sent.clear()
    engine.run_until(at("2025-02-01"))
    assert not any("xa-3@" in str(mail.envelope_to) for mail in engine.mailer.sent)
    assert engine.ended == ["ke-hoach/once"]


def test_what_was_withdrawn_counts_neither_as_owed_nor_as_missing(engine: Driven) -> None:
    amend(engine, owners("xa-1", "xa-2"))
    one = engine.begin_pass()
    result = consolidated(one.board.cycle, one.board.values, one.board.facts)
    assert (result.reported, result.owed, result.missing) == (1, 2, (("bao-cao", "xa-2"),))


def test_an_agency_that_has_answered_stays_and_counts_also_when_the_plan_drops_it(engine: Driven) -> None:
    changes = amend(engine, owners("xa-2", "xa-3"))
    assert [(one.agency, one.fate) for one in changes.plans[0].cycles[0].requests] == [
        ("xa-1", Fate.ANSWERED)
    ]
    assert engine.mailer.sent == []
    assert engine.request("xa-1")["status"] == Status.REPORTED
    assert engine.one_pass().message.startswith("1/3")
    engine.reply(asked(engine, "xa-1"), "Số tin, bài: 15\n")  # a correction, as ever
    assert engine.kinds()[-1] == "accepted"
    assert engine.request("xa-1")["accepted"]["so-tin"] == 15


def test_a_new_agency_is_asked_by_the_next_pass_with_time_enough(engine: Driven) -> None:
    changes = amend(engine, owners("xa-1", "xa-2", "xa-3", "xa-4"))
    (cycle,) = changes.plans[0].cycles
    assert cycle.letters == {"request": 1}
    engine.run_until(at("2024-11-18 09:00"))
    (letter,) = engine.letters("request")
    assert letter["To"].addresses[0].addr_spec == "xa-4@xa.example"
    assert engine.request("xa-4")["due_on"] == date(2024, 11, 29)


def test_a_moved_date_is_told_with_the_old_one_and_reminders_follow_the_new(engine: Driven) -> None:
    amend(engine, owners("xa-1", "xa-2", "xa-3", due="2024-12-10"))
    letters = engine.letters("re-dated")
    assert [one["To"].addresses[0].addr_spec for one in letters] == ["xa-2@xa.example", "xa-3@xa.example"]
    text = text_of(letters[0])
    assert "10/12/2024" in text
    assert "29/11/2024" in text
    assert "Số tin, bài" in text  # the form again: an answer to this mail is as good as any
    engine.mailer.sent.clear()
    engine.run_until(at("2024-12-11 12:00"))
    assert engine.kinds() == ["reminder"] * 4 + ["overdue"] * 2
    engine.reply(letters[0], GOOD.replace("12", "7"), sender="xa-2@xa.example")
    assert engine.request("xa-2")["status"] == Status.REPORTED_LATE


def test_an_overdue_report_with_a_later_date_is_in_time_again_and_no_rung_is_climbed_twice(
    engine: Driven,
) -> None:
    engine.run_until(at("2024-12-03 12:00"))
    assert (engine.request("xa-2")["status"], engine.request("xa-2")["rung"]) == (Status.OVERDUE, 1)
    amend(engine, owners("xa-1", "xa-2", "xa-3", due="2024-12-20"))
    assert engine.request("xa-2")["status"] == Status.OPEN
    engine.mailer.sent.clear()
    engine.run_until(at("2025-02-01"))
    assert engine.request("xa-2")["status"] == Status.MISSING
    assert [
        row["step"] for row in rows(engine.ledger, "escalation", request_id=engine.request("xa-2")["id"])
    ] == [
        1,
        2,
        3,
    ]
    assert engine.kinds().count("overdue") == 2


def test_a_date_that_comes_nearer_still_leaves_the_least_time(engine: Driven) -> None:
    amend(engine, owners("xa-1", "xa-2", "xa-3", due="2024-11-19"))
    assert engine.request("xa-2")["due_on"] == date(2024, 11, 21)  # three working days from the 18th


def test_an_agency_that_comes_back_is_asked_anew(engine: Driven) -> None:
    amend(engine, owners("xa-1", "xa-2"))
    engine.run_until(at("2024-11-19"))
    amend(engine, PROMISED)
    engine.run_until(at("2024-11-19 09:00"))
    assert engine.kinds() == ["withdrawn", "request"]
    assert engine.request("xa-3")["status"] == Status.OPEN


def test_a_dropped_task_is_withdrawn_from_all_and_its_answers_stay(engine: Driven) -> None:
    amend(engine, bundle(task("viec-khac", lead="xa-5", report=FORM)))
    assert sorted(one["To"].addresses[0].addr_spec for one in engine.letters("withdrawn")) == [
        "xa-2@xa.example",
        "xa-3@xa.example",
    ]
    view = engine.one_pass()
    assert view.message.startswith("1/2")  # the answer that was given, and the new one that is owed
    assert len(view.sheet.rows) == 4


def test_a_period_that_the_plan_no_longer_has_is_withdrawn_and_ends(engine: Driven) -> None:
    amend(engine, bundle(task(report={**FORM, "every": "quarter", "due": None})), confirmed=RUNNING)
    engine.postman()
    assert len(engine.letters("withdrawn")) == 2
    quarterly = bundle(task(report={**FORM, "every": "quarter", "due": None}), title="Lại đổi")
    assert not planned(engine, quarterly, confirmed=Confirmed()).waiting  # nothing is left to withdraw
    engine.run_until(at("2024-12-03"))
    assert "ke-hoach/once" in engine.ended


def test_an_agency_that_was_never_reached_hears_of_no_withdrawal(tmp_path: Path) -> None:
    with driven(tmp_path, at("2024-11-15"), PROMISED) as engine:
        engine.begin_pass()  # decided and committed, and nothing sent yet
        amend(engine, owners("xa-1", "xa-2"))
        assert engine.letters("withdrawn") == []
        engine.restart("may-1:2")
        engine.postman()
        assert sorted(engine.kinds()) == ["request", "request"]


def test_an_answer_to_a_withdrawn_request_is_kept_and_answered_politely(engine: Driven) -> None:
    amend(engine, owners("xa-1", "xa-2"))
    engine.reply(engine.letters("withdrawn")[0], GOOD, sender="xa-3@xa.example")
    assert engine.request("xa-3")["status"] == Status.WITHDRAWN
    assert engine.kinds() == ["withdrawn", "withdrawn"]


def test_apply_does_what_plan_showed_or_nothing(engine: Driven) -> None:
    wanted = owners("xa-1", "xa-2")
    token = planned(engine, wanted).token
    engine.reply(asked(engine, "xa-3"), GOOD, sender="xa-3@xa.example")
    before = rows(engine.ledger, "plan_version")
    with pytest.raises(PlanOutdated, match="look at dondoc plan again"):
        applied(engine.ledger, wanted, when=engine.clock.now(), token=token)
    assert rows(engine.ledger, "plan_version") == before

    again = planned(engine, wanted).token
    assert again != token
    done = applied(engine.ledger, wanted, when=engine.clock.now(), token=again)
    assert [one.fate for one in done.plans[0].cycles[0].requests] == [Fate.ANSWERED]


def test_a_corrected_mailbox_is_used_once_confirmed(engine: Driven) -> None:
    agencies = dict(PROMISED.agencies)
    agencies["xa-2"] = agencies["xa-2"].model_copy(update={"mailbox": "moi@xa.example"})
    moved = PROMISED.model_copy(update={"agencies": agencies})
    (cycle,) = planned(engine, moved).plans[0].cycles
    assert (cycle.requests, cycle.otherwise) == ((), True)
    amend(engine, moved)
    engine.run_until(at("2024-11-22 12:00"))
    assert sorted(str(mail.envelope_to[0]) for mail in engine.mailer.sent) == [
        "moi@xa.example",
        "xa-3@xa.example",
    ]


def test_a_plan_applied_after_its_dates_asks_for_nothing_unless_told_to(tmp_path: Path) -> None:
    quarterly = bundle(task(lead=["xa-1", "xa-2"], report={"every": "quarter", "due": None}))
    with driven(tmp_path, at("2024-11-20")) as engine:
        first = amend(engine, quarterly, confirmed=Confirmed())
        assert [one.change for one in first.plans[0].cycles] == [CycleChange.PAST] * 3 + [CycleChange.NEW]
        assert [row["state"] for row in rows(engine.ledger, "cycle")] == ["past"] * 3 + ["planned"]
        engine.run_until(at("2024-11-21"))
        assert engine.mailer.sent == []
        assert amend(engine, quarterly, confirmed=Confirmed()).nothing

        late = amend(engine, quarterly, confirmed=Confirmed(past=True))
        assert [one.change for one in late.plans[0].cycles] == [CycleChange.NEW] * 3
        assert all(action.moved for one in late.plans[0].cycles for action in one.opened.values())
        engine.run_until(at("2024-11-21 09:00"))
        assert engine.kinds() == ["request"] * 6
        assert {row["due_on"] for row in rows(engine.ledger, "request", status=Status.OPEN)} == {
            date(2024, 11, 26)
        }
        assert amend(engine, quarterly, confirmed=Confirmed(past=True)).nothing


def test_of_a_period_that_is_partly_over_only_what_can_be_in_time_is_asked(tmp_path: Path) -> None:
    mixed = bundle(
        task("som", lead="xa-1", report={"due": {"by": "2024-03-29"}}), task(lead="xa-2", after="som")
    )
    with driven(tmp_path, at("2024-11-20")) as engine:
        (cycle,) = amend(engine, mixed, confirmed=Confirmed()).plans[0].cycles
        assert [one.fate for one in cycle.requests] == [Fate.PAST, Fate.OPENED]
        engine.run_until(at("2024-11-20 09:00"))
        (letter,) = engine.letters()
        assert letter["To"].addresses[0].addr_spec == "xa-2@xa.example"
        assert amend(engine, mixed, confirmed=Confirmed()).nothing


def test_what_waits_for_a_period_that_was_over_before_need_not_wait(tmp_path: Path) -> None:
    waiting = bundle(
        task("quan-triet", lead="xa-1", report={"due": {"by": "2024-03-29"}}),
        task(lead="xa-2", after="quan-triet", report={"every": "year", "due": {"by": "29/11"}}),
    )
    with driven(tmp_path, at("2024-11-20")) as engine:
        changes = amend(engine, waiting, confirmed=Confirmed())
        past, year = sorted(changes.plans[0].cycles, key=lambda one: one.change, reverse=True)
        assert (past.change, year.change) == (CycleChange.PAST, CycleChange.NEW)
        assert year.letters == {"request": 1}
        engine.run_until(at("2024-11-20 09:00"))
        assert engine.kinds() == ["request"]


def test_a_plan_that_is_not_in_the_specs_is_named_and_goes_on(engine: Driven) -> None:
    other = bundle(task(), id="ke-hoach-khac")
    changes = amend(engine, other)
    assert changes.gone == ("ke-hoach",)
    assert [one.change for one in changes.plans] == [Change.NEW]
    engine.run_until(at("2024-11-22 12:00"))
    assert engine.kinds().count("reminder") == 3
