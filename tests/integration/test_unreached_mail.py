"""Mail that reaches nobody, on both databases, and `dondoc status` about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifiers.ports import Accepted, Mail, Outcome, Refused
from schemas.model import Agency
from tests.bundles import AGENCIES, bundle, task
from tests.integration.office import NotingMailer, Office
from tests.integration.staging import ROOT
from tests.ledgers import rows

OFFICE, FOCAL, DEPUTY = "xa-1@xa.example", "canbo@xa.example", "phochutich@xa.example"
COMMUNE = Agency.model_validate(
    {
        "id": "xa-1",
        "name": "UBND xã 1",
        "superior": "huyen",
        "mailbox": OFFICE,
        "focal_point": {"name": "Lê Thị B", "mailbox": FOCAL},
        "deputy": {"title": "Phó Chủ tịch", "mailbox": DEPUTY},
    }
)


class Choosy(NotingMailer):
    """Takes every mail but those to dead addresses."""

    dead: tuple[str, ...] = ()

    async def send(self, mail: Mail) -> Outcome:
        if mail.envelope_to[0] in self.dead:
            return Refused(code=550, answer="5.1.1 no such user")
        self.sent.append(mail)
        return Accepted(answer="250 ok")


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    lite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'l.db'}" if lite else str(request.getfixturevalue("postgres_url"))
    plan = bundle(task("thong-tin"), task("doi-ngoai"), agencies=AGENCIES | {"xa-1": COMMUNE})
    with Office(url, plan, now="2024-11-15", mailer=Choosy()) as made:
        yield made


def settle(office: Office) -> None:
    for _ in range(4):
        office.shell.reroute()
        office.written()


def reached(office: Office) -> list[str]:
    return [mail.envelope_to[0] for mail in office.mailer.sent]


def status(office: Office, *arguments: str) -> str:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    url = office.ledger.engine.url.render_as_string(hide_password=False)
    home = {"DONDOC_DATABASE_URL": url, "DONDOC_HOME": "/nowhere", "DONDOC_SECRET": "s" * 32}
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "status", *arguments],
        cwd=ROOT,
        env=ours | home | {"DONDOC_LANG": "vi", "COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def notice(office: Office, headers: str, text: str) -> None:
    """A machine answers the last mail to the focal point."""
    asked = next(mail for mail in reversed(office.mailer.sent) if mail.envelope_to[0] == FOCAL)
    office.receive(
        text,
        asked.envelope_from,
        sender=FOCAL,
        envelope_from="",
        headers=f"In-Reply-To: {asked.message_id}\r\nAuto-Submitted: auto-replied\r\n{headers}",
    )


def test_a_dead_address_is_passed_over_and_told_at_the_terminal(office: Office) -> None:
    mailer = office.mailer
    assert isinstance(mailer, Choosy)
    assert reached(office) == [FOCAL]
    sent = office.mailer.sent[0]
    report = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n'
    )
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.xa.example\r\n\r\n"
        f"Final-Recipient: rfc822; {FOCAL}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {sent.message_id}\r\n\r\n--b--\r\n"
    )
    office.receive_raw(f"From: MAILER-DAEMON@xa.example\r\n{report}\r\n{body}".encode(), sent.envelope_from)
    settle(office)
    assert reached(office) == [FOCAL, OFFICE]
    mailer.dead = (OFFICE,)
    office.turn("2024-11-22")
    settle(office)
    assert reached(office) == [FOCAL, OFFICE, DEPUTY]
    told = status(office)
    assert (
        f"Không gửi được thư đến {FOCAL} (UBND xã 1) từ ngày 15/11/2024: 5.1.1. Đang chờ 2 báo cáo;"
        f" thư đã gửi đến {DEPUTY} thay thế."
    ) in told
    found = json.loads(status(office, "--json"))["unreached"]
    assert [(one["address"], one["reports"], one["instead"]) for one in found] == [
        (FOCAL, 2, [DEPUTY]),
        (OFFICE, 2, [DEPUTY]),
    ]


def test_who_is_away_is_stood_in_for_by_one_mail(office: Office) -> None:
    notice(office, "", "Tôi đi công tác, đến ngày 02/12/2024 mới trở lại cơ quan.")
    office.written()
    assert reached(office) == [FOCAL, OFFICE]
    assert {row["away"][FOCAL]["back_on"] for row in rows(office.ledger, "request")} == {"2024-12-02"}
    office.turn("2024-11-22")
    assert office.written()[-1] == ("reminder", OFFICE)


def test_a_superior_hears_that_a_delay_is_over(office: Office) -> None:
    office.turn("2024-12-05")
    assert ("escalation", "huyen@huyen.example") in office.written()
    for name in ("thong-tin", "doi-ngoai"):
        office.receive("Đã thực hiện xong nhiệm vụ được giao.", office.reply_to(name), sender=OFFICE)
    office.look()
    office.look()
    written = office.written()
    assert written.count(("resolved", "huyen@huyen.example")) == 1
    told = [row["envelope_to"] for row in rows(office.ledger, "outbox", kind="resolved")]
    assert told.count(["huyen@huyen.example"]) == 2


LONG = ("ke-hoach-" + "x" * 71, "nhiem-vu-" + "y" * 71, "don-vi-" + "z" * 73)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_ids_as_long_as_the_language_allows_are_mailed_about_and_sent_on(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    lite = database == "sqlite"
    url = f"sqlite:///{tmp_path / 'l.db'}" if lite else str(request.getfixturevalue("postgres_url"))
    plan_id, task_id, agency_id = LONG
    commune = COMMUNE.model_copy(update={"id": agency_id})
    plan = bundle(task(task_id, lead=agency_id), agencies=AGENCIES | {agency_id: commune}, id=plan_id)
    mailer = Choosy()
    mailer.dead = (OFFICE,)

    with Office(url, plan, now="2024-11-15", mailer=mailer) as office:
        settle(office)

        assert reached(office) == [FOCAL]
