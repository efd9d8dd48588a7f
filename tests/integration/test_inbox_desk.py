"""`dondoc inbox` as a coordinator uses it: the real command, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifiers.ports import RawMail
from tests.bundles import bundle, task
from tests.driving import GOOD
from tests.integration.office import Office
from tests.integration.staging import ROOT
from tests.ledgers import rows

HOSTILE = (
    "From: =?utf-8?q?C=E1=BB=A5c?= <la@khac.example>\r\nTo: baocao@dondoc.example\r\n"
    "Subject: \x1b[2JReport \u202etxt.exe\u2066 [bold]x[/bold]\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "\x1b]0;owned\x07\r\n{text}\x9b31m\u202e\r\nMail: 99\r\n"
    "--b\r\nContent-Type: application/pdf\r\n"
    "Content-Disposition: attachment; filename*=utf-8''bao-cao%1b%5b1m%e2%80%ae.pdf\r\n\r\nPDF\r\n--b--\r\n"
)
WRITTEN = {"DONDOC_LANG": "en", "COLUMNS": "160"}


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    lite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'l.db'}" if lite else str(request.getfixturevalue("postgres_url"))
    plan = bundle(task(lead=["xa-1", "xa-2"], report={"form": "bieu-mau"}))
    with Office(url, plan) as made:
        yield made


def dondoc(office: Office, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    url = office.ledger.engine.url.render_as_string(hide_password=False)
    home = {"DONDOC_DATABASE_URL": url, "DONDOC_HOME": "/nowhere", "DONDOC_SECRET": "s" * 32}
    return subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "inbox", *arguments],
        cwd=ROOT,
        env=ours | home | WRITTEN | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def hostile(office: Office, text: str = GOOD) -> None:
    raw = HOSTILE.replace("{text}", text.replace("\n", "\r\n")).encode()
    office.intake.keep(
        RawMail(envelope_from="la@khac.example", envelope_to=("baocao@dondoc.example",), raw=raw)
    )
    office.intake.take_in()


def steers(text: str) -> set[str]:
    """The characters in it that would steer a terminal or turn its writing round."""
    return {
        char for char in text if char in "\x1b\x07\x9b\u202e\u2066" or (char < " " and char not in "\n\t")
    }


def test_a_coordinator_reads_assigns_and_discards(office: Office) -> None:
    for _ in range(2):
        hostile(office)
    hostile(office, "Mời mua sách\n")

    seen = dondoc(office)
    assert (seen.returncode, seen.stderr) == (0, "")
    assert "la@khac.example" in seen.stdout
    assert "[bold]x[/bold]" in seen.stdout  # as it was written, and never as a command to us
    (first, second) = (row["id"] for row in rows(office.ledger, "inbox"))

    read = dondoc(office, "show", str(first))
    assert "│ Mail: 99" in read.stdout
    assert "Attachment: bao-cao[1m.pdf" in read.stdout
    assert steers(seen.stdout + read.stdout) == set()

    done = dondoc(office, "assign", str(first), "ke-hoach", "bao-cao", "xa-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Mail {first} belongs to ke-hoach once bao-cao xa-1: report accepted.\n"
    assert office.request().accepted is not None
    assert ("accepted", "xa-1@xa.example") in office.written()

    again = dondoc(office, "assign", str(first), "ke-hoach", "bao-cao", "xa-2")
    assert again.returncode == 1
    assert again.stderr.splitlines() == [
        f"dondoc: mail {first} was dealt with before (placed); look: dondoc inbox show {first}"
    ]

    dropped = dondoc(office, "discard", str(second), "--reason", "quảng cáo")
    assert dropped.returncode == 0
    told = json.loads(dondoc(office, "--all", "--json").stdout)
    assert [(one["number"], one["placing"]) for one in told] == [(second, "discarded"), (first, "placed")]
    assert told[0]["decided"]["note"] == "quảng cáo"
    assert told[1]["request"] == {"plan": "ke-hoach", "cycle": "once", "task": "bao-cao", "agency": "xa-1"}
    by = {row["detail"]["by"] for row in rows(office.ledger, "journal") if "by" in row["detail"]}
    assert by == {told[0]["decided"]["by"]}
    assert dondoc(office).stdout == "No mail waits for a person.\n"


def test_a_coordinator_grants_time_hands_over_and_answers(office: Office) -> None:
    office.receive("Xã xin gia hạn nộp báo cáo đến ngày 05/12/2026.\n", office.reply_to())
    late = dondoc(office, "grant", "1", "--until", "5/1/2027")
    assert late.returncode == 1
    (line,) = late.stderr.splitlines()
    assert line.startswith("dondoc: until 05 Jan 2027? by then it would have been closed as missing")
    done = dondoc(office, "grant", "1", "--until", "5/1/2027", "--anyway")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "ke-hoach once bao-cao xa-1: more time until 05 Jan 2027; the agency is told.\n"
    assert str(office.request().facts.due_on) == "2027-01-05"

    sender = "xa-2@xa.example"
    to = office.reply_to(agency="xa-2")
    office.receive("Việc này không thuộc thẩm quyền của xã, đề nghị gửi phòng khác.\n", to, sender=sender)
    handed = dondoc(office, "hand-over", "2", "xa-1", DONDOC_LANG="vi")
    assert handed.returncode == 0
    assert "nay xa-1 báo cáo" in handed.stdout
    again = dondoc(office, "refuse", "2", "--reason", "nhầm")
    assert (again.returncode, "dealt with before" in again.stderr) == (1, True)

    office.receive("Đề nghị huyện cho biết số liệu tính đến ngày nào?\n", office.reply_to())
    assert dondoc(office, "answer", "3", "Đến hết ngày 14/11.").returncode == 0
    kinds = [kind for kind, _ in office.written()]
    assert [kind for kind in kinds if kind not in ("request", "reminder")] == [
        # the second mail to the coordinator had not left when the decision came, and was taken back
        "petition", "extended", "handed-over", "petition", "answered",
    ]  # fmt: skip
    assert dondoc(office).stdout == "No mail waits for a person.\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["show", "77"], 1, "there is no mail number 77"),
        (["assign", "77", "ke-hoach", "bao-cao"], 1, "there is no mail number 77"),
        (["discard", "1", "--reason", "  "], 2, "say why"),
        (["assign", "1", "ke-hoach", "khac"], 1, "there are: bao-cao"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    with Office(f"sqlite:///{tmp_path / 'l.db'}", bundle(task())) as office:
        hostile(office)
        done = dondoc(office, *arguments)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_mail_in_json_and_in_vietnamese(tmp_path: Path) -> None:
    with Office(f"sqlite:///{tmp_path / 'l.db'}", bundle(task(report={"form": "bieu-mau"}))) as office:
        office.receive(GOOD.replace("12", "nhiều"), office.reply_to())
        told = json.loads(dondoc(office, "show", "1", "--json").stdout)
        vietnamese = dondoc(office, "show", "1", DONDOC_LANG="vi").stdout
        again = dondoc(office, "reparse", "--apply").stdout
    assert (told["verdict"], told["values"]["Kinh phí"], told["kind"]) == ("partly", 3.5, "reply")
    assert "Được hiểu là: đã ghi nhận một phần, đề nghị bổ sung phần còn lại" in vietnamese
    assert again == "Mails read otherwise: 0; accepted now: 0.\n"
