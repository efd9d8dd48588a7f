"""The ledger on both databases: migrated, applied to, claimed from, and never sending or keeping twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from flows.core.state import RequestFacts, Status
from flows.ledger import cycles, database, delivery, inbox, landings, outbox, plans
from flows.ledger.database import Ledger, LedgerTooNew, LedgerUnreachable, open_ledger
from flows.ledger.delivery import Mark
from flows.ledger.dossier import Dossier
from flows.ledger.landings import Landing
from flows.ledger.outbox import LEASE, MailStatus
from flows.ledger.plans import CycleState
from flows.ledger.tables import metadata
from flows.shell.specs.changes import Change, Confirmed, CycleChange
from notifiers.ports import RawMail
from tests.bundles import at, bundle, task
from tests.ledgers import MINUTE, NOW, applied, claimed, contents, mail_row, opened, rows

YEARLY = bundle(task(lead=["xa-1", "xa-2"], report={"every": "quarter", "due": None}))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'so' / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with opened(url) as found:
        yield found


def test_a_migrated_database_is_exactly_what_the_tables_say(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_opening_a_ledger_again_changes_nothing(url: str, ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    with opened(url) as again:
        assert rows(again, "cycle") == rows(ledger, "cycle")


def test_what_mails_say_is_taken_along_from_and_to_a_ledger_that_kept_it_with_them(
    url: str, ledger: Ledger
) -> None:
    applied(ledger, YEARLY)
    with ledger.write() as tx:
        outbox.enqueue(tx, [mail_row(ledger, "a", raw=b"mot\x00\xff"), mail_row(ledger, "b", raw=b"hai")])
        outbox.enqueue_parcel(tx, [mail_row(ledger, "c", raw=b"ba"), mail_row(ledger, "d", raw=b"ba")])
    before = contents(ledger)
    assert [row["raw"] for row in before] == [b"mot\x00\xff", b"hai", b"ba"]
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with ledger.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0011")
        kept = connection.execute(text("SELECT raw FROM outbox ORDER BY id")).scalars()
        assert [bytes(raw) for raw in kept] == [b"mot\x00\xff", b"hai", b"ba", b""]
    ledger.engine.dispose()
    with opened(url) as again:
        assert contents(again) == before
        assert len(rows(again, "outbox")) == 4


def test_a_ledger_of_a_later_dondoc_is_left_alone(url: str, ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerTooNew) as caught:
        open_ledger(url)
    assert caught.value.revision == "9999"
    assert "later dondoc" in str(caught.value)


def test_nothing_of_a_failed_transaction_stays(ledger: Ledger) -> None:
    applied(ledger, YEARLY)

    def begin_to_stop() -> None:
        with ledger.write() as tx:
            cycles.stop(tx, "ke-hoach", "2024-Q1", "x", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin_to_stop()
    assert {row["state"] for row in rows(ledger, "cycle")} == {CycleState.PLANNED}


def test_an_instant_without_a_zone_never_gets_in(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    with pytest.raises(Exception, match="no time zone"), ledger.write() as tx:
        cycles.wake(tx, [rows(ledger, "cycle")[0]["id"]], datetime(2024, 1, 1))  # noqa: DTZ001 - the point


def test_applying_a_plan_brings_its_cycles_and_requests_to_be_woken_when_the_first_opens(
    ledger: Ledger,
) -> None:
    (done,) = applied(ledger, YEARLY).plans
    assert (done.change, [one.change for one in done.cycles]) == (Change.NEW, [CycleChange.NEW] * 4)
    found = rows(ledger, "cycle")
    assert [row["key"] for row in found] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert found[0]["wake_at"] == at("2024-03-05")
    assert len(rows(ledger, "request", status=Status.SCHEDULED)) == 8


def test_applying_twice_is_the_same_as_once(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    before = rows(ledger, "cycle"), rows(ledger, "request"), rows(ledger, "plan_version")
    again = applied(ledger, YEARLY)
    assert (again.nothing, again.plans[0].change) == (True, Change.SAME)
    assert (rows(ledger, "cycle"), rows(ledger, "request"), rows(ledger, "plan_version")) == before


def test_of_a_changed_plan_what_has_begun_keeps_its_version_and_the_rest_is_rebuilt(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    with ledger.write() as tx:
        first = cycles.find(tx, "ke-hoach", "2024-Q1", lock=True)
        assert first is not None
        cycles.record_pass(tx, first, state=CycleState.ACTIVE, wake_at=NOW)
    changed = bundle(task(lead="xa-3", report={"every": "quarter", "due": None}), title="Kế hoạch mới")
    done = applied(ledger, changed)
    assert done.plans[0].change is Change.CHANGED
    assert [one.period.key for one in done.waiting] == ["2024-Q1"]
    versions = {row["key"]: row["version_id"] for row in rows(ledger, "cycle")}
    assert versions["2024-Q1"] != versions["2024-Q2"] == versions["2024-Q4"]
    owners = {row["agency"] for row in rows(ledger, "request") if row["cycle_id"] == first.id}
    assert owners == {"xa-1", "xa-2"}
    assert len(rows(ledger, "request", agency="xa-3")) == 3
    assert rows(ledger, "plan")[0]["title"] == "Kế hoạch mới"


def test_a_cycle_under_way_that_is_changed_moves_on_and_knows_what_was_asked_before(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    with ledger.write() as tx:
        first = cycles.find(tx, "ke-hoach", "2024-Q1", lock=True)
        assert first is not None
        cycles.record_pass(tx, first, state=CycleState.ACTIVE, wake_at=MINUTE + NOW)
        asked = cycles.requests(tx, first.id)["bao-cao", "xa-1"]
        late = RequestFacts(status=Status.OVERDUE, opened_at=NOW, due_on=NOW.date())
        cycles.record_facts(tx, {asked.id: late})
        outbox.enqueue(tx, [mail_row(ledger, "k", request_id=asked.id, status=MailStatus.SENT)])
    changed = bundle(task(lead=["xa-2", "xa-3"], report={"every": "quarter", "due": None}))
    said = applied(ledger, changed, confirmed=Confirmed(running=True, past=True))
    assert [one.letters["withdrawn"] for one in said.plans[0].cycles if one.period.key == "2024-Q1"] == [1]
    with ledger.read() as tx:
        now = cycles.by_id(tx, first.id)
        stands = {agency: one.facts.status for (_, agency), one in cycles.requests(tx, first.id).items()}
        assert plans.left_behind(tx, first.id) == {("bao-cao", "xa-1"): first.version_id}
    assert now.version_id != first.version_id
    assert now.wake_at == NOW
    assert stands == {
        "xa-1": Status.WITHDRAWN,
        "xa-2": Status.SCHEDULED,
        "xa-3": Status.SCHEDULED,
    }
    applied(ledger, YEARLY, confirmed=Confirmed(running=True, past=True))
    with ledger.read() as tx:
        again = cycles.requests(tx, first.id)["bao-cao", "xa-1"].facts
        assert (again.status, again.edition) == (Status.SCHEDULED, 1)
        assert list(plans.left_behind(tx, first.id)) == [("bao-cao", "xa-3")]


def test_a_plan_changed_back_takes_its_old_version_up_again(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    applied(ledger, bundle(title="Khác"))
    applied(ledger, YEARLY)
    assert len(rows(ledger, "plan_version")) == 2
    with ledger.read() as tx:
        (version,) = plans.plan_versions(tx).values()
        assert plans.bundle_json(tx, version) == YEARLY.model_dump_json(by_alias=True)


def test_a_due_cycle_is_claimed_once_until_its_claim_runs_out_or_is_given_back(
    url: str, ledger: Ledger
) -> None:
    applied(ledger, YEARLY)
    q1_at = at("2024-03-05")
    with opened(url, owner="may-2:200") as other:
        assert claimed(ledger, at("2024-03-04"), wall=NOW) == []
        assert claimed(ledger, q1_at, wall=NOW) == ["ke-hoach/2024-Q1"]
        assert claimed(other, q1_at, wall=NOW + cycles.LEASE) == []
        assert claimed(other, q1_at, wall=NOW + cycles.LEASE + MINUTE) == ["ke-hoach/2024-Q1"]
        with other.write() as tx:
            assert cycles.claim_owners(tx) == {"may-2:200"}
            cycles.release_owners(tx, ["may-2:200"])
        assert claimed(ledger, q1_at, wall=NOW) == ["ke-hoach/2024-Q1"]
        with ledger.write() as tx:
            cycles.release(tx, "ke-hoach", "2024-Q1")
        assert claimed(other, q1_at, wall=NOW) == ["ke-hoach/2024-Q1"]


def test_the_longest_waiting_cycle_is_claimed_first(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    assert claimed(ledger, at("2025-01-01"), limit=2) == ["ke-hoach/2024-Q1", "ke-hoach/2024-Q2"]
    assert claimed(ledger, at("2025-01-01"), limit=2) == ["ke-hoach/2024-Q3", "ke-hoach/2024-Q4"]


def test_waking_only_ever_brings_a_look_forward(ledger: Ledger) -> None:
    applied(ledger, bundle())
    (row,) = rows(ledger, "cycle")
    with ledger.write() as tx:
        cycles.wake(tx, [row["id"]], at("2024-12-01"))
        assert cycles.next_wake(tx) == NOW
        cycles.wake(tx, [row["id"]], at("2024-11-01"))
        assert cycles.next_wake(tx) == at("2024-11-01")
        cycles.stop(tx, "ke-hoach", "once", "người dùng dừng", NOW)
        cycles.wake(tx, [row["id"]], at("2024-10-01"))
        assert cycles.next_wake(tx) is None


def test_facts_come_back_as_they_were_written(ledger: Ledger) -> None:
    applied(ledger, bundle())
    facts = RequestFacts(
        status=Status.OVERDUE,
        opened_at=NOW,
        due_on=at("2024-11-29").date(),
        reminders=2,
        rung=1,
        escalated_at=at("2024-12-03"),
    )
    with ledger.write() as tx:
        (cycle_id,) = [one.id for one in cycles.all_cycles(tx)]
        ((_, request),) = cycles.requests(tx, cycle_id).items()
        cycles.record_facts(tx, {request.id: facts})
        assert cycles.request(tx, request.id).facts == facts


def test_what_is_settled_is_said_of_a_task_when_its_last_request_is_or_its_cycle_was_stopped(
    ledger: Ledger,
) -> None:
    applied(ledger, YEARLY)
    done_at = at("2024-03-10")
    with ledger.write() as tx:
        found = cycles.find(tx, "ke-hoach", "2024-Q1")
        assert found is not None
        first, second = (one.id for one in cycles.requests(tx, found.id).values())
        settled = RequestFacts(status=Status.REPORTED, settled_at=done_at)
        cycles.record_facts(tx, {first: settled})
        assert cycles.settled_tasks(tx, "ke-hoach", ["2024-Q1", "2024-Q2"]) == {}
        cycles.record_facts(tx, {second: RequestFacts(status=Status.MISSING, settled_at=NOW)})
        assert cycles.settled_tasks(tx, "ke-hoach", ["2024-Q1"]) == {("2024-Q1", "bao-cao"): NOW}
        cycles.stop(tx, "ke-hoach", "2024-Q2", "thôi", NOW)
        assert cycles.settled_tasks(tx, "ke-hoach", ["2024-Q2"]) == {("2024-Q2", "bao-cao"): NOW}


# ---------------------------------------------------------------- mails out


def queue(ledger: Ledger, *keys: str, reserved: bool = False) -> int:
    listed = [mail_row(ledger, key) for key in keys]
    with ledger.write() as tx:
        if reserved:
            return outbox.enqueue(tx, listed, owner=ledger.owner, wall_now=NOW)
        return outbox.enqueue(tx, listed)


def claim(ledger: Ledger, *, wall: datetime = NOW, now: datetime = NOW, mine: bool = False) -> list[int]:
    row = rows(ledger, "request")[0]
    where = {"cycle_id": row["cycle_id"], "task": row["task"]} if mine else {}
    with ledger.write() as tx:
        found = delivery.claim(tx, owner=ledger.owner, now=now, wall_now=wall, limit=10, **where)
        return [one.id for one in found]


def begin(ledger: Ledger, mail: int, done: Mark | None = None, *, wall: datetime = NOW) -> bool:
    with ledger.write() as tx:
        marks = [done] if done is not None else []
        return delivery.advance(tx, marks, [mail], owner=ledger.owner, wall_now=wall) == {mail}


def status(ledger: Ledger) -> list[str]:
    return [row["status"] for row in rows(ledger, "outbox")]


def test_a_mail_is_written_down_once_however_often_it_is_decided(ledger: Ledger) -> None:
    applied(ledger, bundle())
    assert queue(ledger, "a", "b") == 2
    assert queue(ledger, "a", "c") == 1
    assert [row["key"] for row in rows(ledger, "outbox")] == ["a", "b", "c"]


def test_a_mail_reserved_for_a_pass_is_sent_by_that_pass_and_by_others_only_when_it_does_not(
    url: str, ledger: Ledger
) -> None:
    applied(ledger, bundle())
    queue(ledger, "a", reserved=True)
    with opened(url, owner="may-2:200") as other:
        assert claim(ledger) == []  # the postman of the same process leaves it to the pass
        assert claim(other, mine=True) == []
        with ledger.read() as tx:
            assert not delivery.claimable(tx, NOW, NOW)
            assert delivery.claimable(tx, NOW, NOW + LEASE + MINUTE)
        assert claim(ledger, mine=True) == [1]
        assert claim(ledger, mine=True) == []
        assert claim(other, wall=NOW + LEASE + MINUTE) == [1]


def test_a_mail_is_marked_with_the_answer_in_the_step_that_begins_the_next(ledger: Ledger) -> None:
    applied(ledger, bundle())
    queue(ledger, "a", "b")
    a, b = claim(ledger)
    assert begin(ledger, a)
    assert status(ledger) == ["sending", "queued"]
    sent = Mark(id=a, status=MailStatus.SENT, answer="250 ok", attempts=1, sent_at=NOW)
    assert begin(ledger, b, sent)
    assert status(ledger) == ["sent", "sending"]
    row = rows(ledger, "outbox")[0]
    assert (row["answer"], row["attempts"], row["sent_at"], row["claimed_by"]) == ("250 ok", 1, NOW, None)


def test_a_mail_whose_claim_ran_out_and_was_taken_is_not_sent_by_the_one_who_had_it(
    url: str, ledger: Ledger
) -> None:
    applied(ledger, bundle())
    queue(ledger, "a", "b")
    a, b = claim(ledger)
    with opened(url, owner="may-2:200") as other:
        late = NOW + LEASE + MINUTE
        assert begin(ledger, a, wall=late)  # still its own: the claim is renewed
        assert claim(other, wall=late) == [b]
        assert not begin(ledger, b, wall=late)
        assert begin(other, b, wall=late)
        assert not begin(other, b, wall=late)
    assert [row["resent_in_doubt"] for row in rows(ledger, "outbox")] == [False, False]


def test_a_mail_in_doubt_is_sent_once_more_under_its_message_id_and_then_stays_in_doubt(
    ledger: Ledger,
) -> None:
    applied(ledger, bundle())
    queue(ledger, "a")
    (a,) = claim(ledger)
    begin(ledger, a)
    wall = NOW + LEASE + MINUTE
    assert claim(ledger, wall=wall) == [a]
    (row,) = rows(ledger, "outbox")
    assert (row["status"], row["resent_in_doubt"], row["message_id"]) == (
        "queued",
        True,
        "<a@dondoc.example>",
    )
    begin(ledger, a, wall=wall)
    assert claim(ledger, wall=wall + LEASE) == []
    assert status(ledger) == ["sending"]
    assert claim(ledger, wall=wall + LEASE + MINUTE) == []
    assert status(ledger) == ["in-doubt"]


def test_a_deferred_mail_waits_for_its_time(ledger: Ledger) -> None:
    applied(ledger, bundle())
    queue(ledger, "a")
    (a,) = claim(ledger)
    begin(ledger, a)
    with ledger.write() as tx:
        again_at = NOW + 5 * MINUTE
        deferred = Mark(id=a, status=MailStatus.QUEUED, answer="451", attempts=1, not_before_at=again_at)
        delivery.advance(tx, [deferred], [], owner=ledger.owner, wall_now=NOW)
        assert outbox.next_retry(tx) == again_at
        assert outbox.unsent(tx, NOW) == 0
        assert outbox.unsent(tx, again_at) == 1
    assert claim(ledger, now=NOW + 4 * MINUTE) == []
    assert claim(ledger, now=again_at) == [a]


def test_mails_not_attempted_are_given_back_by_whoever_holds_them(url: str, ledger: Ledger) -> None:
    applied(ledger, bundle())
    queue(ledger, "a")
    (a,) = claim(ledger)
    with ledger.write() as tx:
        delivery.give_back(tx, [a], None, owner="may-2:200")
    assert claim(ledger) == []
    with ledger.write() as tx:
        delivery.give_back(tx, [a], None, owner=ledger.owner)
    assert claim(ledger) == [a]
    with ledger.write() as tx:
        delivery.release_owners(tx, [ledger.owner])
    with opened(url, owner="may-2:200") as other:
        assert claim(other) == [a]


def test_a_stopped_cycle_sends_nothing_more_not_even_what_was_claimed(ledger: Ledger) -> None:
    applied(ledger, bundle())
    queue(ledger, "a", "b")
    a, b = claim(ledger)
    begin(ledger, a)
    with ledger.write() as tx:
        cycles.stop(tx, "ke-hoach", "once", "người dùng dừng", NOW)
    assert status(ledger) == ["sending", "withdrawn"]
    assert not begin(ledger, b)
    assert claim(ledger, wall=NOW + LEASE + MINUTE) == [a]  # that one may have left: it is in doubt
    (event,) = rows(ledger, "journal")
    assert (event["event"], event["detail"]) == ("stopped", {"why": "người dùng dừng"})


# ---------------------------------------------------------------- mails in


def keep(ledger: Ledger, raw: bytes, *to: str) -> bool:
    mail = RawMail(envelope_from="x@xa.example", envelope_to=to or ("b@d.example",), raw=raw)
    with ledger.write() as tx:
        (new,) = inbox.keep(tx, [(mail, NOW)])
        return new


def test_a_mail_is_kept_once_however_often_a_server_delivers_it(ledger: Ledger) -> None:
    assert keep(ledger, b"\xff\x00 raw")
    assert not keep(ledger, b"\xff\x00 raw")
    assert keep(ledger, b"\xff\x00 raw", "khac@d.example")
    assert keep(ledger, b"other")
    with ledger.read() as tx:
        assert inbox.waiting(tx) == 3
        assert [one.raw for one in inbox.new_mails(tx, 2)] == [b"\xff\x00 raw"] * 2
        assert inbox.raw_mail(tx, 1) == b"\xff\x00 raw"
    once = RawMail(envelope_from="x@xa.example", envelope_to=("b@d.example",), raw=b"once")
    with ledger.write() as tx:
        assert inbox.keep(tx, [(once, NOW), (replace(once, raw=b"other"), NOW), (once, NOW)]) == [
            True,
            False,
            False,
        ]
        assert inbox.keep(tx, []) == []
        assert inbox.waiting(tx) == 4
        assert inbox.raw_mail(tx, 99) is None


def test_no_more_mails_are_looked_at_together_than_memory_holds(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_AT_ONCE", 10)
    for raw in (b"a" * 50, b"b" * 6, b"c" * 4, b"d"):
        keep(ledger, raw)
    with ledger.write() as tx:
        assert [one.raw[:1] for one in inbox.new_mails(tx, 9)] == [b"a"]
        inbox.discard(tx, 1)
        assert [one.raw[:1] for one in inbox.new_mails(tx, 9)] == [b"b", b"c"]
        assert [one.raw[:1] for one in inbox.new_mails(tx, 1)] == [b"b"]


def test_a_mail_that_was_dealt_with_is_not_new(ledger: Ledger) -> None:
    keep(ledger, b"a")
    with ledger.write() as tx:
        assert inbox.still_new(tx, [1]) == {1}
        inbox.place(
            tx, 1, inbox.Placing.UNPLACED, kind="reply", sender="x@xa.example", subject="Báo cáo", reason="?"
        )
        assert not inbox.still_new(tx, [1])
        assert inbox.new_mails(tx, 10) == []
        (listed,) = inbox.listed(tx, [inbox.Placing.UNPLACED], 10)
    assert (listed.sender, listed.subject, listed.reason) == ("x@xa.example", "Báo cáo", "?")


def test_a_reference_is_looked_up_among_the_mails_that_we_wrote(ledger: Ledger) -> None:
    applied(ledger, bundle())
    queue(ledger, "a")
    (request,) = rows(ledger, "request")
    with ledger.read() as tx:
        dossier = Dossier(tx)
        assert dossier.about(["<x@y>", "<a@dondoc.example>"]) == (None, (request["id"],))
        assert dossier.about(["<x@y>"]) == (None, ())
        assert dossier.about([]) == (None, ())
        assert dossier.written_to(request["id"]) == {"xa-1@xa.example"}


def test_a_result_from_below_is_offered_until_it_is_settled(ledger: Ledger) -> None:
    applied(ledger, YEARLY)
    with ledger.write() as tx:
        found = cycles.find(tx, "ke-hoach", "2024-Q1")
        assert found is not None
        row = {
            "from_cycle_id": found.id,
            "plan_id": "ke-hoach",
            "cycle_key": "2024-Q1",
            "task": "bao-cao",
            "agency": "xa-1",
            "status": Landing.PENDING,
            "answer": {"values": {"text": "Tốt"}},
            "created_at": NOW,
        }
        landings.offer(tx, [row])
        ((key, (landing, answer)),) = cycles.offered(tx, found).items()
        assert (key, answer) == (("bao-cao", "xa-1"), {"values": {"text": "Tốt"}})
        assert landings.source_cycle(tx, landing) == found.id
        landings.settle(tx, [landing], Landing.LANDED, NOW)
        assert cycles.offered(tx, found) == {}
        ((_, (landed,)),) = landings.by_cycle(tx).items()
    assert (landed.task, landed.status) == ("bao-cao", Landing.LANDED)


# ---------------------------------------------------------------- what cannot be opened


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://dondoc:bi-mat@127.0.0.1:1/ledger",
        "postgresql+psycopg://dondoc:bi-mat@127.0.0.1:cong/ledger",
        "postgresql+psycopg://dondoc:bi-mat/x@127.0.0.1/ledger",
        "khong-co://dondoc:bi-mat@127.0.0.1/ledger",
        "mysql+khongco://dondoc:bi-mat@127.0.0.1/ledger",
        "dondoc:bi-mat@127.0.0.1",
        "",
    ],
)
def test_a_database_that_does_not_answer_is_one_clear_error_without_its_password(address: str) -> None:
    with pytest.raises(LedgerUnreachable) as caught:
        open_ledger(address)
    said = str(caught.value)
    assert "bi-mat" not in said
    assert "\n" not in said
    assert said.startswith("the ledger ")


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database, but long enough to be taken for one" * 40)
    with pytest.raises(LedgerUnreachable, match="not a database"):
        open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    (tmp_path / "folder").mkdir()
    with pytest.raises(LedgerUnreachable, match="unable to open"):
        open_ledger(f"sqlite:///{tmp_path / 'folder'}")
    with pytest.raises(LedgerUnreachable):
        open_ledger(f"sqlite:///{tmp_path / 'ledger.db' / 'below'}")
