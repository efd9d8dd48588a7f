"""A ledger that cannot write just now is no fault of the mail or the cycle at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flows.core.state import Status
from flows.ledger import cycles
from flows.ledger.database import Ledger, LedgerBusy, Transaction
from flows.ledger.plans import CycleState
from notifiers.ports import RawMail
from tests.bundles import at, bundle, task
from tests.integration.office import KEY, Office


@dataclass(frozen=True, kw_only=True)
class Stubborn(Ledger):
    """Cannot write the first times it is asked to."""

    refusals: list[str]

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with super().write() as tx:
            yield tx
            if self.refusals:
                raise LedgerBusy(self.refusals.pop())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(f"sqlite:///{tmp_path / 'ledger.db'}", bundle(task())) as made:
        yield made


def refusing(office: Office, times: int) -> Stubborn:
    return Stubborn(
        engine=office.ledger.engine, owner=office.ledger.owner, refusals=["deadlock detected"] * times
    )


def answer(office: Office, agency: str, request_id: int) -> RawMail:
    return RawMail(
        envelope_from=f"{agency}@xa.example",
        envelope_to=(office.identity.reply_address(request_id),),
        raw=f"From: {agency}@xa.example\r\n\r\nbao cao {request_id}".encode(),
    )


def test_a_mail_stays_new_until_the_ledger_can_write_again(office: Office) -> None:
    office.intake.keep(answer(office, "xa-1", office.request().id))

    with pytest.raises(LedgerBusy):
        replace(office.intake, ledger=refusing(office, 1)).take_in()

    assert office.request().accepted is None
    assert office.intake.take_in() == 1
    assert office.request().accepted == {"text": f"bao cao {office.request().id}"}


def test_a_pass_that_was_locked_out_decides_again_and_mails_once(office: Office) -> None:
    office.hands.instant = at("2024-11-28")

    with replace(office.shell, ledger=refusing(office, 2)).start_pass(office.plan, KEY) as current:
        current.act("bao-cao")

    assert [kind for kind, _ in office.written()] == ["request", "reminder"]


def test_a_pass_that_is_always_locked_out_says_so(office: Office) -> None:
    with pytest.raises(LedgerBusy):
        replace(office.shell, ledger=refusing(office, 9)).start_pass(office.plan, KEY)


def test_a_deadlock_in_postgresql_ends_one_of_two_and_says_so(postgres_url: str) -> None:
    two = bundle(task(), task("khac", report={"every": "quarter", "due": None}))
    both_hold_one = threading.Barrier(2)

    def lock(office: Office, first: int, second: int) -> str:
        try:
            with office.ledger.write() as tx:
                cycles.by_id(tx, first, lock=True)
                both_hold_one.wait(timeout=20)
                cycles.by_id(tx, second, lock=True)
        except LedgerBusy as exc:
            return exc.reason
        return "well"

    with Office(postgres_url, two) as office, ThreadPoolExecutor(2) as pool:
        with office.ledger.read() as tx:
            one, other = [cycle.id for cycle in cycles.all_cycles(tx)][:2]
        ends = [pool.submit(lock, office, one, other), pool.submit(lock, office, other, one)]

        assert sorted(end.result(30) for end in ends) == ["deadlock detected", "well"]


def test_a_cycle_that_is_just_beginning_is_woken_as_well(postgres_url: str) -> None:
    two = bundle(task(), task("khac", report={"every": "quarter", "due": None}))

    def found(office: Office, key: str) -> Sequence[int]:
        with office.ledger.write() as tx:
            return cycles.active(tx, office.plan, [key])

    with Office(postgres_url, two) as office, ThreadPoolExecutor(1) as pool:
        with office.ledger.write() as tx:
            beginning = next(one for one in cycles.all_cycles(tx) if one.state is CycleState.PLANNED)
            cycles.by_id(tx, beginning.id, lock=True)
            asked = pool.submit(found, office, beginning.key)
            cycles.record_pass(tx, beginning, state=CycleState.ACTIVE)
            with pytest.raises(TimeoutError):
                asked.result(0.5)

        assert asked.result(20) == [beginning.id]


def test_answers_and_passes_at_once_in_postgresql_lose_nothing(postgres_url: str) -> None:
    plan = bundle(*(task(f"viec-{n}", lead=[f"xa-{m}" for m in range(1, 6)]) for n in range(4)))

    def take_in(office: Office) -> None:
        while office.intake.take_in():
            pass

    def look(office: Office) -> None:
        for _ in range(3):
            office.look()

    with Office(postgres_url, plan) as office, ThreadPoolExecutor(5) as pool:
        for (_, agency), request in office.requests().items():
            office.intake.keep(answer(office, agency, request.id))
        office.hands.instant = at("2024-11-21")
        for end in [pool.submit(work, office) for work in (take_in, take_in, take_in, look, look)]:
            end.result(60)

        for request in office.requests().values():
            assert request.facts.status is Status.REPORTED
            assert request.accepted == {"text": f"bao cao {request.id}"}
        kinds = [kind for kind, _ in office.written()]
        # an agency is asked for its four reports in one mail
        assert (kinds.count("request"), kinds.count("accepted"), len(kinds)) == (5, 20, 25)
