"""Several processes over one ledger: each cycle is passed by one, each mail sent by one, and nobody waits."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.clock import WallClock
from flows.ledger import cycles, delivery, inbox, outbox
from flows.ledger.database import open_ledger
from flows.ledger.outbox import MailStatus
from flows.ledger.plans import CycleState
from flows.shell.incoming.intake import Intake
from flows.shell.passes import Shell
from flows.shell.specs.asking import Wish, ask, demands_known
from flows.shell.versions import Versions
from notifiers.memory import MemoryMailer
from notifiers.ports import RawMail
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import IDENTITY, read, reply_to
from tests.ledgers import NOW, applied, claimed, mail_row, opened, rows

MONTHLY = bundle(task(report={"every": "month", "due": None}))
MANY = AGENCIES | {
    f"xa-{n}": AGENCIES["xa-1"].model_copy(update={"id": f"xa-{n}", "mailbox": f"xa-{n}@xa.example"})
    for n in range(6, 11)
}
TEN = bundle(task(lead=[f"xa-{n}" for n in range(1, 11)]), agencies=MANY)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


@dataclass(frozen=True)
class Standing:
    """A clock that stands still."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def at_once(url: str, work: Callable[[str], list[str]], how_many: int = 4) -> list[str]:
    """Do the same in several processes, here threads with engines of their own; all that they did."""
    start = threading.Barrier(how_many)

    def one(n: int) -> list[str]:
        start.wait(20)
        return work(f"may-{n}:{n}")

    with ThreadPoolExecutor(how_many) as pool:
        return [done for found in pool.map(one, range(how_many)) for done in found]


def test_processes_that_open_a_new_ledger_together_migrate_it_once(url: str) -> None:
    def work(_: str) -> list[str]:
        open_ledger(url).close()
        return ["opened"]

    assert at_once(url, work) == ["opened"] * 4


def test_each_due_cycle_is_claimed_by_one_process(url: str) -> None:
    with opened(url) as ledger:
        applied(ledger, MONTHLY)

    def work(owner: str) -> list[str]:
        with opened(url, owner) as mine:
            found: list[str] = []
            while got := claimed(mine, at("2025-02-01"), limit=1):
                found += got
            return found

    assert Counter(at_once(url, work)) == {f"ke-hoach/2024-M{n:02d}": 1 for n in range(1, 13)}


def test_a_report_that_several_people_ask_for_at_once_is_asked_for_by_one(url: str) -> None:
    with opened(url) as ledger:
        applied(ledger, MONTHLY)
    wish = Wish(plan_id="ke-hoach", task="bao-cao", due=NOW.date() + timedelta(days=7), note="Nêu rõ số liệu")

    def work(owner: str) -> list[str]:
        with opened(url, owner) as mine:
            cycle = ask(mine, Standing(NOW), wish).cycle
            return [cycle.period.key] if cycle is not None else []

    (key,) = at_once(url, work)
    with opened(url) as ledger:
        (asked,) = rows(ledger, "cycle", key=key)
        (request,) = rows(ledger, "request", cycle_id=asked["id"])
        assert (request["task"], request["agency"]) == ("bao-cao", "xa-1")
        found = demands_known(ledger, "ke-hoach")[key].period.demand
        assert found is not None
        assert (found.note, found.due_on) == (wish.note, wish.due)
        assert f"ke-hoach/{key}" in claimed(ledger)


def test_each_mail_is_claimed_by_one_process(url: str) -> None:
    with opened(url) as ledger:
        applied(ledger, bundle())
        listed = [mail_row(ledger, f"m{n}") for n in range(24)]
        with ledger.write() as tx:
            outbox.enqueue(tx, listed)

    def work(owner: str) -> list[str]:
        with opened(url, owner) as mine:
            found: list[str] = []
            while True:
                with mine.write() as tx:
                    got = delivery.claim(tx, owner=owner, now=NOW, wall_now=NOW, limit=3)
                if not got:
                    return found
                found += [one.message_id for one in got]

    assert Counter(at_once(url, work)) == {f"<m{n}@dondoc.example>": 1 for n in range(24)}


def test_a_mail_that_arrives_twice_at_once_is_kept_once(url: str) -> None:
    with opened(url):
        pass

    def work(owner: str) -> list[str]:
        with opened(url, owner) as mine, mine.write() as tx:
            mail = RawMail(envelope_from="a@b.example", envelope_to=("b@d.example",), raw=b"x")
            return ["kept"] if inbox.keep(tx, [(mail, NOW)]) == [True] else []

    assert at_once(url, work) == ["kept"]


def test_engines_side_by_side_send_each_mail_once_and_read_each_answer_once(url: str) -> None:
    clock, mailer = Standing(at("2024-11-15")), MemoryMailer()
    with opened(url) as ledger:
        applied(ledger, TEN)

    def work(owner: str) -> list[str]:
        with opened(url, owner) as mine:
            shell = Shell(ledger=mine, versions=Versions(mine), clock=clock, identity=IDENTITY, mailer=mailer)
            with mine.write() as tx:
                due = cycles.claim_due(tx, owner=owner, now=clock.now(), wall_now=WallClock().now(), limit=5)
            for one in due:
                with shell.start_pass(one.plan_id, one.key) as a_pass:
                    for changed in sorted(a_pass.changed_tasks()):
                        a_pass.act(changed)
                    a_pass.finish()
            with shell.dispatch() as round_:
                round_.send()
            intake = Intake(ledger=mine, versions=shell.versions, clock=clock, identity=IDENTITY)
            return ["read"] * intake.take_in()

    at_once(url, work)
    assert len(mailer.tried) == len({mail.message_id for mail in mailer.tried}) == 10
    with opened(url) as ledger:
        assert {row["status"] for row in rows(ledger, "outbox")} == {"sent"}
        intake = Intake(ledger=ledger, versions=Versions(ledger), clock=clock, identity=IDENTITY)
        for mail in mailer.sent[:]:
            sender = mail.envelope_to[0]
            message = read(mail)
            raw = reply_to(
                message, f"Đã tổ chức 5 buổi tuyên truyền cho 120 lượt người ({sender}).", sender=sender
            )
            intake.keep(RawMail(envelope_from=sender, envelope_to=(str(message["Reply-To"]),), raw=raw))
    at_once(url, work)
    with opened(url) as ledger:
        assert Counter(row["verdict"] for row in rows(ledger, "reply")) == {"accepted": 10}
        assert {row["status"] for row in rows(ledger, "request")} == {"reported"}
        assert Counter(row["kind"] for row in rows(ledger, "outbox")) == {"request": 10, "accepted": 10}


def test_passes_of_several_plans_at_once_write_one_mail_to_whoever_owes_all_of_them(url: str) -> None:
    clock, mailer = Standing(at("2024-11-15")), MemoryMailer()
    plans = [bundle(task(), id=f"kh-{n}", number=f"0{n}/KH-UBND") for n in range(4)]
    with opened(url) as ledger:
        applied(ledger, *plans)

    def work(owner: str) -> list[str]:
        with opened(url, owner) as mine:
            shell = Shell(ledger=mine, versions=Versions(mine), clock=clock, identity=IDENTITY, mailer=mailer)
            with shell.start_pass(f"kh-{owner[-1]}", "once") as a_pass:
                for changed in sorted(a_pass.changed_tasks()):
                    a_pass.act(changed)
                a_pass.finish()
            return ["passed"]

    assert at_once(url, work) == ["passed"] * 4
    (mail,) = mailer.sent
    assert mail.envelope_to == ("xa-1@xa.example",)
    with opened(url) as ledger:
        assert len({row["cycle_id"] for row in rows(ledger, "outbox", status="sent")}) == 4
        assert {row["state"] for row in rows(ledger, "cycle")} == {"active"}
        assert {row["wake_at"] > clock.now() for row in rows(ledger, "cycle")} == {True}


def test_what_is_read_is_read_as_of_one_moment(url: str) -> None:
    with opened(url, "may-1:1") as one, opened(url, "may-2:2") as other:
        applied(one, MONTHLY)
        with one.read() as tx:
            before = cycles.next_wake(tx)
            with other.write() as beside:
                cycles.wake(beside, [row.id for row in cycles.all_cycles(beside)], at("2020-01-01"))
            assert cycles.next_wake(tx) == before
        with one.read() as tx:
            assert cycles.next_wake(tx) == at("2020-01-01")


# ---------------------------------------------------------------- what only PostgreSQL can do


@pytest.fixture
def both(postgres_url: str) -> str:
    with opened(postgres_url) as ledger:
        applied(ledger, MONTHLY)
    return postgres_url


def test_who_finds_a_cycle_locked_takes_the_next_and_does_not_wait(both: str) -> None:
    with opened(both, "may-1:1") as one, opened(both, "may-2:2") as other:
        with one.write() as tx:
            first = cycles.claim_due(tx, owner="may-1:1", now=at("2025-02-01"), wall_now=NOW, limit=1)
            # not committed, and yet the other one goes on
            assert claimed(other, at("2025-02-01"), limit=1) == ["ke-hoach/2024-M02"]
        assert [found.key for found in first] == ["2024-M01"]


def test_who_finds_a_mail_locked_takes_the_next_and_does_not_wait(both: str) -> None:
    with opened(both, "may-1:1") as one, opened(both, "may-2:2") as other:
        listed = [mail_row(one, key) for key in ("a", "b")]
        with one.write() as tx:
            outbox.enqueue(tx, listed)
        with one.write() as tx, other.write() as beside:
            mine = delivery.claim(tx, owner="may-1:1", now=NOW, wall_now=NOW, limit=1)
            theirs = delivery.claim(beside, owner="may-2:2", now=NOW, wall_now=NOW, limit=2)
            assert [mail.message_id for mail in mine] == ["<a@dondoc.example>"]
            assert [mail.message_id for mail in theirs] == ["<b@dondoc.example>"]


def test_a_cycle_that_begins_while_its_plan_is_applied_again_is_kept(both: str) -> None:
    changed = bundle(task(lead="xa-2", report={"every": "month", "due": None}))
    with opened(both, "may-1:1") as one, opened(both, "may-2:2") as other, ThreadPoolExecutor(1) as pool:
        with one.write() as tx:
            begun = cycles.find(tx, "ke-hoach", "2024-M01", lock=True)
            assert begun is not None
            cycles.record_pass(tx, begun, state=CycleState.ACTIVE, wake_at=NOW + timedelta(days=1))
            applying = pool.submit(applied, other, changed)
            with pytest.raises(TimeoutError):
                applying.result(timeout=0.5)  # it waits to see what becomes of the cycle
        applying.result(timeout=20)
        assert [row["agency"] for row in rows(one, "request", cycle_id=begun.id)] == ["xa-1"]


def test_a_mail_whose_row_another_process_took_over_is_not_begun(both: str) -> None:
    with opened(both, "may-1:1") as one, opened(both, "may-2:2") as other:
        listed = [mail_row(one, "a")]
        with one.write() as tx:
            outbox.enqueue(tx, listed)
            (mail,) = delivery.claim(tx, owner="may-1:1", now=NOW, wall_now=NOW, limit=1)
        late = NOW + outbox.LEASE * 2
        with other.write() as tx:
            assert delivery.claim(tx, owner="may-2:2", now=NOW, wall_now=late, limit=1)
        with one.write() as tx:
            assert delivery.advance(tx, [], [mail.id], owner="may-1:1", wall_now=late) == frozenset()
        with other.write() as tx:
            assert delivery.advance(tx, [], [mail.id], owner="may-2:2", wall_now=late) == {mail.id}
        assert [row["status"] for row in rows(one, "outbox")] == [MailStatus.SENDING]
