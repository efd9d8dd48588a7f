"""A question which report is meant, asked and answered on both databases, by several processes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.core.state import Status
from flows.ledger import inbox
from flows.ledger.inbox import Placing
from notifiers.ports import Mail, RawMail
from tests.bundles import bundle, task
from tests.integration.office import Office

FILLED_IN = "Số tin, bài: 45\nKinh phí: 10\nKết quả nổi bật: tốt\n"
PLAN = (task(report={"form": "bieu-mau"}), task("tong-ket", report={"form": "bieu-mau"}))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


def questions(office: Office) -> list[Mail]:
    with office.shell.dispatch() as round_:
        round_.send()
    return [mail for mail in office.mailer.sent if b"X-Dondoc-Letter: which-report" in mail.raw]


def test_the_question_goes_out_and_its_answer_places_the_mail(url: str) -> None:
    with Office(url, bundle(*PLAN)) as office:
        kept = office.receive(FILLED_IN, office.identity.mailbox)
        assert kept.placing is Placing.UNPLACED
        (asked,) = questions(office)
        to = next(
            line.partition("<")[2].rstrip(">")
            for line in asked.raw.decode().replace("\r\n ", " ").splitlines()
            if line.startswith("Reply-To:")
        )
        office.receive("Báo cáo 2", to)
        assert office.request("tong-ket").facts.status is Status.REPORTED
        assert office.request("bao-cao").facts.status is Status.OPEN
        with office.ledger.read() as tx:
            assert inbox.listed(tx, [Placing.UNPLACED], 10) == []


def test_two_processes_that_take_mail_in_ask_one_question(postgres_url: str) -> None:
    with Office(postgres_url, bundle(*PLAN)) as office:
        for number in range(12):
            raw = (
                f"From: xa-1@xa.example\r\nMessage-ID: <{number}@xa>\r\nSubject: so lieu\r\n"
                f"Content-Type: text/plain; charset=utf-8\r\n\r\n{FILLED_IN}"
            ).encode()
            here = office.identity.mailbox
            office.intake.keep(RawMail(envelope_from="xa-1@xa.example", envelope_to=(here,), raw=raw))

        def take_in(_: int) -> None:
            while office.intake.take_in():
                pass

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(take_in, range(3)))
        assert len(questions(office)) == 1
        with office.ledger.read() as tx:
            assert len(inbox.listed(tx, [Placing.UNPLACED], 20)) == 12
