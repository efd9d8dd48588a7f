"""What no machine should decide waits for a person, whose word is carried out once and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.core.state import Status
from flows.ledger.inbox import Placing
from flows.shell.desk import reparsing
from flows.shell.desk.assigning import Named, assign, discard
from flows.shell.desk.inspecting import inspect, mails_for_people
from flows.shell.desk.refusals import DealtWith, NoSuchRequest, PeriodOver, UnknownMail, WhichRequest
from flows.shell.desk.reparsing import Remedy, accept, differences
from flows.shell.incoming import receiving as receiving_module
from notifiers.replies import Reading
from tests.bundles import at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, read, reply_to
from tests.ledgers import rows

REPORT = {"form": "bieu-mau"}
HERE = Named(plan_id="ke-hoach", task="bao-cao", agency="xa-1")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(lead=["xa-1", "xa-2"], report=REPORT), task("loi", lead="xa-3"))
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven, agency: str = "xa-1") -> EmailMessage:
    request = engine.request(agency, "loi" if agency == "xa-3" else "bao-cao")["id"]
    (row,) = rows(engine.ledger, "outbox", request_id=request, kind="request")
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def stray(engine: Driven, text: str = GOOD, sender: str = "la@khac.example") -> int:
    """A mail that no machine could place; its number."""
    engine.reply(asked(engine), text, to=IDENTITY.mailbox, sender=sender, thread="no")
    return engine.unplaced()[0].id


def test_a_mail_that_a_person_assigns_is_dealt_with_as_any_answer(engine: Driven) -> None:
    number = stray(engine)
    done = assign(engine.shell, number, HERE, by="lan")
    engine.postman()
    assert done.verdict == "accepted"
    assert engine.request()["status"] == "reported"
    assert engine.request()["settled_at"] == at("2024-11-18 10:00")
    (thanks,) = engine.letters("accepted")
    assert thanks["To"].addresses[0].addr_spec == "xa-1@xa.example"  # on file, whoever wrote
    assert engine.unplaced() == []
    assert engine.journal("assigned") == [{"inbox": number, "by": "lan"}]
    (cycle,) = rows(engine.ledger, "cycle", "wake_at")
    assert cycle["wake_at"] == engine.clock.now()


def test_a_mail_is_assigned_once(engine: Driven) -> None:
    number = stray(engine)
    assign(engine.shell, number, HERE, by="lan")
    for again in (HERE, Named(plan_id="ke-hoach", task="bao-cao", agency="xa-2")):
        with pytest.raises(DealtWith):
            assign(engine.shell, number, again, by="lan")
    with pytest.raises(DealtWith):
        discard(engine.shell, number, "nhầm", by="lan")
    engine.postman()
    assert engine.kinds() == ["accepted"]
    assert engine.request("xa-2")["status"] == "open"


def test_the_agency_follows_from_its_senders_address(engine: Driven) -> None:
    number = stray(engine, sender="xa-2@xa.example")
    assign(engine.shell, number, Named(plan_id="ke-hoach", task="bao-cao"), by="lan")
    assert engine.request("xa-2")["status"] == "reported"
    assert engine.request("xa-1")["status"] == "open"


def test_when_several_requests_could_be_meant_nothing_is_guessed(engine: Driven) -> None:
    number = stray(engine)
    with pytest.raises(WhichRequest) as caught:
        assign(engine.shell, number, Named(plan_id="ke-hoach", task="bao-cao"), by="lan")
    assert caught.value.values["named"] == "xa-1 --cycle once, xa-2 --cycle once"
    assert [one.id for one in engine.unplaced()] == [number]


@pytest.mark.parametrize(
    ("named", "known"),
    [
        (Named(plan_id="khac", task="bao-cao"), ""),
        (Named(plan_id="ke-hoach", task="khac"), "bao-cao, loi"),
        (Named(plan_id="ke-hoach", task="bao-cao", agency="xa-9"), "xa-1, xa-2"),
        (Named(plan_id="ke-hoach", task="bao-cao", agency="xa-1", cycle_key="2024-Q1"), ""),
    ],
)
def test_a_wrong_name_is_told_with_the_right_ones_and_changes_nothing(
    engine: Driven, named: Named, known: str
) -> None:
    number = stray(engine)
    with pytest.raises(NoSuchRequest) as caught:
        assign(engine.shell, number, named, by="lan")
    assert caught.value.values["known"] == (known or "–")
    assert [one.id for one in engine.unplaced()] == [number]


def test_a_number_that_no_mail_has_is_told(engine: Driven) -> None:
    with pytest.raises(UnknownMail):
        assign(engine.shell, 77, HERE, by="lan")
    with pytest.raises(UnknownMail):
        inspect(engine.ledger, engine.shell.versions, 77)


def test_a_period_that_is_over_takes_no_more_answers(engine: Driven) -> None:
    number = stray(engine)
    engine.run_until(at("2024-12-31"))
    with pytest.raises(PeriodOver):
        assign(engine.shell, number, HERE, by="lan")
    assert engine.request()["status"] == "missing"
    discard(engine.shell, number, "đến quá muộn", by="lan")
    assert engine.unplaced() == []


def test_a_discarded_mail_is_kept_with_who_and_why(engine: Driven) -> None:
    number = stray(engine)
    discard(engine.shell, number, "không phải báo cáo", by="lan")
    assert engine.journal("discarded") == [{"inbox": number, "by": "lan", "reason": "không phải báo cáo"}]
    (kept,) = mails_for_people(engine.ledger, every=True)
    assert (kept.placing, kept.decided_by, kept.note) == (Placing.DISCARDED, "lan", "không phải báo cáo")
    assert rows(engine.ledger, "inbox")[0]["raw"]
    assert engine.kinds() == []


def test_an_answer_with_a_wrong_value_is_asked_again_though_a_person_assigned_it(engine: Driven) -> None:
    number = stray(engine, GOOD.replace("12", "rất nhiều"))
    assert assign(engine.shell, number, HERE, by="lan").verdict == "partly"
    engine.postman()
    assert engine.kinds() == ["partly"]
    assert engine.request()["status"] == "open"


def test_what_looks_like_a_question_is_a_report_when_a_person_says_so(engine: Driven) -> None:
    text = "Xã đã báo cáo hết rồi, còn gì nữa không?\n"
    engine.reply(asked(engine, "xa-3"), text, sender="xa-3@xa.example")
    (waiting,) = engine.unplaced()
    assert waiting.kind == "question"
    assert engine.request("xa-3", "loi")["status"] == "open"
    named = Named(plan_id="ke-hoach", task="loi")
    done = assign(engine.shell, waiting.id, named, by="lan", as_report=True)
    assert done.verdict == "accepted"
    assert engine.request("xa-3", "loi")["accepted"] == {"text": text.strip()}


def test_one_mail_is_shown_with_what_the_machine_made_of_it(engine: Driven) -> None:
    engine.reply(asked(engine), GOOD.replace("12", "rất nhiều"))
    (mail,) = mails_for_people(engine.ledger, every=True)
    found = inspect(engine.ledger, engine.shell.versions, mail.id)
    assert found.verdict == "partly"
    assert found.values == {"Kinh phí": 3.5, "Kết quả nổi bật": "Đã mở chuyên mục trên đài truyền thanh"}
    assert found.listed.request is not None
    assert (found.listed.request.task, found.listed.request.agency) == ("bao-cao", "xa-1")


# ---------------------------------------------------------------- read again


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser of an earlier day, which found no values."""

    def nothing(*_: object) -> Reading:
        return Reading(values={}, problems=(), found=frozenset())

    monkeypatch.setattr(receiving_module, "read_values", nothing)


def test_a_better_parser_accepts_what_an_earlier_one_could_not_read(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        blind(earlier)
        engine.reply(asked(engine), GOOD)
    assert engine.kinds() == ["refused"]
    (found,) = differences(engine.shell)
    assert found.remedy is Remedy.ACCEPT
    assert found.given == {"so-tin": 12, "kinh-phi": 3.5, "ket-qua": "Đã mở chuyên mục trên đài truyền thanh"}
    assert engine.request()["status"] == "open"  # looking changes nothing
    assert accept(engine.shell, found, by="lan")
    assert engine.request()["status"] == "reported"
    assert engine.request()["settled_at"] == at("2024-11-18 10:00")
    assert engine.journal("reparsed") == [{"inbox": found.number, "by": "lan"}]
    assert list(differences(engine.shell)) == []
    assert not accept(engine.shell, found, by="lan")


def test_reading_again_never_takes_back_or_replaces_what_was_accepted(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.reply(asked(engine), GOOD)
    with monkeypatch.context() as later:
        blind(later)
        (found,) = differences(engine.shell)
        assert found.remedy is Remedy.LOOK
        assert (found.was_given["so-tin"], found.given) == (12, {})
        assert not accept(engine.shell, found, by="lan")
    assert engine.request()["status"] == "reported"
    assert engine.request()["accepted"]["so-tin"] == 12


def test_an_older_answer_read_better_does_not_overtake_a_newer_one(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        blind(earlier)
        engine.reply(asked(engine), GOOD)
    engine.reply(asked(engine), "Số tin, bài: -3\n")
    (found,) = differences(engine.shell)
    assert found.remedy is Remedy.LOOK
    assert not accept(engine.shell, found, by="lan")


def test_a_stray_mail_stays_a_persons_and_one_that_was_discarded_is_not_read_again(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = stray(engine)
    assert list(differences(engine.shell)) == []
    discard(engine.shell, number, "nhầm", by="lan")
    monkeypatch.setattr(reparsing, "understand", lambda *_, **__: pytest.fail("read again"))
    assert list(differences(engine.shell)) == []


def test_a_report_whose_sender_is_in_doubt_is_not_accepted_by_reading_again(engine: Driven) -> None:
    mail_server = "mx.huyen.example"
    engine.shell = replace(engine.shell, vouching_server=mail_server)
    engine.intake = engine.shell.intake()
    forged = {"Authentication-Results": f"{mail_server}; dmarc=fail header.from=xa.example"}
    engine.reply(asked(engine), GOOD, to=IDENTITY.mailbox, **forged)
    assert "stranger" in engine.unplaced()[0].reason
    assert list(differences(engine.shell)) == []
    assert engine.request()["status"] == "open"


def test_a_report_written_by_a_machine_is_not_accepted_by_reading_again(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.receive(reply_to(asked(engine), GOOD), str(asked(engine)["Reply-To"]), sender="")
    assert engine.unplaced()[0].reason.startswith("written by a machine")
    for found in differences(engine.shell):
        assert found.remedy is Remedy.LOOK
        assert not accept(engine.shell, found, by="lan")
    assert engine.request()["status"] == "open"


def test_a_report_for_a_period_that_is_over_is_not_accepted_by_reading_again(
    engine: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        blind(earlier)
        engine.reply(asked(engine), GOOD)
    engine.run_until(at("2024-12-31"))
    assert all(one.remedy is Remedy.LOOK for one in differences(engine.shell))
    assert engine.request()["status"] == Status.MISSING
    assert reply_to(asked(engine), GOOD)
