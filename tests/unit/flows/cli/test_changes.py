"""`dondoc plan` and `dondoc apply` as a coordinator and a script meet them."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import asking, changes, explaining, tables, telling, texts
from flows.cli.commands import app
from flows.clock import FileClock
from flows.ledger import bulletins
from flows.ledger.database import open_ledger
from flows.settings import read_settings
from flows.shell.passes import Shell
from flows.shell.specs.applying import PlanOutdated
from flows.shell.versions import Versions
from notifiers.memory import MemoryMailer
from schemas.model import Language
from tests.bundles import at
from tests.ledgers import IDENTITY, rows

ROOT = Path(__file__).parents[4]
AGENCIES = """\
dondoc: 1
agencies:
  - {id: huyen, name: UBND huyện, mailbox: huyen@huyen.example, head: {title: Chủ tịch}}
  - {id: xa-dong, name: UBND xã Đông, superior: huyen, mailbox: dong@xa.example, head: {title: Chủ tịch}}
  - {id: xa-tay, name: UBND xã Tây, superior: huyen, mailbox: tay@xa.example, head: {title: Chủ tịch}}
groups:
  - {id: cac-xa, name: Các xã, members: [xa-dong, xa-tay]}
"""
PLAN = """\
dondoc: 1
plan:
  id: thu-nghiem
  number: 01/KH-UBND
  title: Công tác thông tin cơ sở
  issuer: huyen
  issued_on: 4/1/2027
  period: {from: 2027-01-01, to: 2027-12-31}
  regime: nd-09-2019
  calendar: viet-nam
  escalation: don-doc-co-so
tasks:
  - id: phat-thanh
    title: Phát thanh, tuyên truyền
    lead: cac-xa
    report: {every: quarter}
"""


class Terminal:
    """A home, a folder of specs and a clock, and the command over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.specs = folder / "specs"
        shutil.copytree(ROOT / "plan_specs" / "library", self.specs)
        self.write(agencies=AGENCIES, plan=PLAN)
        self.at("2027-02-01")

    def write(self, **files: str) -> None:
        """Put spec files into the folder."""
        for name, text in files.items():
            (self.specs / f"{name}.yaml").write_text(text, encoding="utf-8")

    def at(self, when: str) -> None:
        """Turn the clock."""
        FileClock(path=self.folder / "clock").set(at(when))

    def run(self, *arguments: str, status: int = 0, **more: Any) -> str:  # noqa: ANN401 - what typer takes
        """What the command says."""
        done = CliRunner().invoke(app, list(arguments), **more)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == status, done.output
        return done.stdout

    def misused(self, *arguments: str) -> str:
        """What the command says to a call that cannot be meant."""
        done = CliRunner().invoke(app, list(arguments))
        assert done.exit_code == 2, done.output
        return done.output

    def planned(self, *options: str) -> dict[str, Any]:
        """What `dondoc plan --json` says."""
        told: dict[str, Any] = json.loads(self.run("plan", "--json", *options))
        return told

    def begin(self) -> None:
        """Let the cycles that are due begin, and their mails leave."""
        ledger = open_ledger(read_settings().database_url)
        clock = FileClock(path=self.folder / "clock")
        shell = Shell(
            ledger=ledger,
            versions=Versions(ledger),
            clock=clock,
            identity=IDENTITY,
            mailer=MemoryMailer(),
        )
        for cycle in rows(ledger, "cycle", state="planned"):
            if cycle["wake_at"] <= clock.now():
                with shell.start_pass(cycle["plan_id"], cycle["key"]) as one:
                    one.act("phat-thanh")
                    one.finish()
        ledger.close()

    def statuses(self) -> dict[str, int]:
        """How many requests stand how."""
        ledger = open_ledger(read_settings().database_url)
        found = Counter(row["status"] for row in rows(ledger, "request"))
        ledger.close()
        return dict(found)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A coordinator's terminal, in Vietnamese."""
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DONDOC_SPECS", str(tmp_path / "specs"))
    monkeypatch.setenv("DONDOC_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.delenv("DONDOC_DATABASE_URL", raising=False)
    for room in (texts, changes, telling, asking, explaining):
        monkeypatch.setattr(room, "LANGUAGE", Language.VI)
    return Terminal(tmp_path)


def test_plan_tells_and_changes_nothing_and_its_status_is_for_scripts(terminal: Terminal) -> None:
    told = terminal.run("plan")
    assert "01/KH-UBND (thu-nghiem): kế hoạch mới" in told
    assert "+ Quý I/2027: kỳ mới, 2 báo cáo, hạn 17/03/2027" in told
    assert terminal.statuses() == {}
    terminal.run("plan", "--exit-code", status=3)
    terminal.run("apply")
    assert terminal.statuses() == {"scheduled": 8}
    assert "Không có gì để thay đổi" in terminal.run("plan", "--exit-code")


def test_the_token_that_plan_prints_applies_exactly_that(terminal: Terminal) -> None:
    (token,) = re.findall(r"dondoc apply --plan (\S+)", terminal.run("plan"))
    assert terminal.planned()["token"] == token
    terminal.write(plan=PLAN.replace("cac-xa", "xa-dong"))
    with pytest.raises(PlanOutdated):
        CliRunner().invoke(app, ["apply", "--plan", token], catch_exceptions=False)
    assert terminal.statuses() == {}
    terminal.write(plan=PLAN)
    terminal.run("apply", "--plan", token)
    assert terminal.statuses() == {"scheduled": 8}
    terminal.run("apply", "--plan", token, "--with-past", status=2)


def test_cycles_under_way_are_kept_named_and_changed_on_demand(terminal: Terminal) -> None:
    terminal.run("apply")
    terminal.at("2027-03-01")
    terminal.begin()
    terminal.write(plan=PLAN.replace("cac-xa", "xa-dong"))
    told = terminal.run("apply")
    assert "! Quý I/2027: đang thực hiện, GIỮ NGUYÊN" in told
    assert "- UBND xã Tây: Phát thanh, tuyên truyền: không phải báo cáo nữa; gửi thư báo" in told
    assert "~ Quý II/2027: chưa bắt đầu, lập lại theo bản mới" in told
    assert terminal.statuses() == {"open": 2, "scheduled": 3}

    (cycle,) = terminal.planned("--change-running")["plans"][0]["cycles"]
    assert (cycle["change"], cycle["carried_out"], cycle["mails_now"]) == ("running", True, {"withdrawn": 1})
    told = terminal.run("apply", "--change-running")
    assert "Thư gửi ngay khi dondoc serve chạy: rút đề nghị: 1" in told
    assert terminal.statuses() == {"open": 1, "withdrawn": 1, "scheduled": 3}


@pytest.mark.parametrize(("answer", "left"), [("y", {"open": 1, "withdrawn": 1}), ("n", {"open": 2})])
def test_at_a_terminal_apply_asks_before_it_changes_what_was_promised(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, answer: str, left: dict[str, int]
) -> None:
    terminal.run("apply")
    terminal.at("2027-03-01")
    terminal.begin()
    terminal.write(plan=PLAN.replace("cac-xa", "xa-dong"))
    monkeypatch.setattr(changes, "_somebody_is_there", lambda: True)
    told = terminal.run("apply", input=f"{answer}\n")
    assert "Đổi cả các kỳ đang thực hiện (có dấu !, 1 kỳ)?" in told
    assert terminal.statuses() == {**left, "scheduled": 3}


def test_periods_that_were_over_before_are_named_and_asked_for_on_demand(terminal: Terminal) -> None:
    terminal.at("2027-10-01")
    told = terminal.run("plan")
    assert (
        "đã qua hạn trước khi đưa vào sổ, không đề nghị báo cáo: Quý I/2027, Quý II/2027, Quý III/2027"
        in told
    )
    assert "+ Quý IV/2027" in told
    terminal.run("apply")
    assert terminal.statuses() == {"withdrawn": 6, "scheduled": 2}
    told = terminal.run("plan", "--with-past")
    assert "hạn 17/03/2027 đã qua hoặc quá gần, sẽ đề nghị báo cáo ngay với hạn mới 08/10/2027" in told
    assert "Thư gửi ngay: đề nghị báo cáo: 6" in told
    terminal.run("apply", "--with-past")
    assert terminal.statuses() == {"scheduled": 8}


def test_a_broken_file_is_told_and_what_it_holds_goes_on(terminal: Terminal) -> None:
    terminal.run("apply")
    terminal.write(plan=PLAN.replace("lead:", "leed:"))
    told = terminal.run("plan", status=1)
    assert "vẫn theo dõi như cũ: thu-nghiem" in told
    terminal.run("apply", status=1)
    assert terminal.statuses() == {"scheduled": 8}


def test_a_version_that_concerns_no_period_is_noted_in_a_line(terminal: Terminal) -> None:
    terminal.run("apply")
    terminal.write(plan=PLAN.replace("  calendar:", '  recipients: [{text: "Lưu: VT"}]\n  calendar:'))
    told = terminal.run("plan", "--exit-code", status=3)
    assert "01/KH-UBND (thu-nghiem): ghi nhận bản mới, không ảnh hưởng đến kỳ báo cáo nào" in told
    terminal.run("apply")
    assert "Không có gì để thay đổi" in terminal.run("plan")


def test_the_difference_is_told_in_the_words_of_the_files(terminal: Terminal) -> None:
    assert "@@" not in terminal.run("plan", "--diff")
    terminal.run("apply")
    terminal.write(
        plan=PLAN.replace("lead: cac-xa", "lead: xa-dong").replace("every: quarter", "every: year")
    )
    lines = terminal.run("plan", "--diff").splitlines()
    assert "-tasks.phat-thanh.lead: [cac-xa]" in lines
    assert "+tasks.phat-thanh.lead: [xa-dong]" in lines
    assert "-tasks.phat-thanh.report.every: quarter" in lines
    assert "+tasks.phat-thanh.report.every: year" in lines
    assert not [line for line in lines if line[:1] in "+-" and ".title" in line and "xa-tay" not in line]
    told = terminal.planned("--diff")
    assert "+tasks.phat-thanh.lead: [xa-dong]" in told["diff"]["thu-nghiem"]


def test_what_was_kept_in_a_file_is_applied_or_nothing(terminal: Terminal) -> None:
    kept = terminal.folder / "thay-doi.json"
    assert f"dondoc apply --plan {kept}" in terminal.run("plan", "--out", str(kept))
    terminal.write(plan=PLAN.replace("cac-xa", "xa-dong"))
    with pytest.raises(PlanOutdated):
        CliRunner().invoke(app, ["apply", "--plan", str(kept)], catch_exceptions=False)
    terminal.write(plan=PLAN)
    terminal.run("apply", "--plan", str(kept))
    assert terminal.statuses() == {"scheduled": 8}
    (terminal.folder / "khac.json").write_text("[]")
    assert "khac.json" in terminal.misused("apply", "--plan", str(terminal.folder / "khac.json"))
    assert "không ghi được" in terminal.misused("plan", "--out", str(terminal.folder / "no" / "x.json"))


def test_a_channel_without_an_address_here_is_told_and_holds_up_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = AGENCIES.replace(
        "mailbox: huyen@huyen.example,", "mailbox: huyen@huyen.example, notify: chat-vp,"
    )
    terminal.write(agencies=named)
    told = "Tin cho kênh chat-vp chỉ đi bằng thư cho đến khi đặt DONDOC_CHANNEL_CHAT_VP"
    for command in ("plan", "apply"):
        assert told in CliRunner().invoke(app, [command]).output
    assert terminal.statuses() == {"scheduled": 8}
    monkeypatch.setenv("DONDOC_CHANNEL_CHAT_VP", "json://chat.example/khoa")
    assert "chat-vp" not in CliRunner().invoke(app, ["plan"]).output


def test_status_tells_the_channel_in_which_something_did_not_arrive(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LANGUAGE", Language.VI)
    terminal.run("apply")
    ledger = open_ledger(read_settings().database_url)
    row = {"cycle_id": 1, "channel": "chat-vp", "about": "missing", "title": "x", "text": "y"}
    with ledger.write() as tx:
        for key, answer in (("một", "503"), ("hai", "not-set-up")):
            lost = {**row, "key": key, "status": "failed", "answer": answer, "created_at": at("2027-02-01")}
            bulletins.enqueue(tx, [lost])
    ledger.close()
    assert "Tin không đến được kênh chat-vp: 2 (chưa khai địa chỉ kênh)." in terminal.run("status")
    told = json.loads(terminal.run("status", "--json"))
    assert told["silent_channels"] == {"chat-vp": {"lost": 2, "answer": "not-set-up"}}


def test_a_simulation_names_the_channel_beside_the_mailbox(terminal: Terminal) -> None:
    terminal.write(agencies=AGENCIES.replace("mailbox: huyen@", "notify: chat-vp, mailbox: huyen@"))
    lines = terminal.run("simulate", "thu-nghiem", "--silent", "all", "--json").splitlines()
    mails = [json.loads(line) for line in lines]
    assert {(one["to"], one["channel"]) for one in mails if one["kind"] == "missing"} == {
        ("huyen@huyen.example", "chat-vp")
    }
    assert {one["channel"] for one in mails if one["kind"] == "request"} == {None}
    told = terminal.run("simulate", "thu-nghiem", "--silent", "all", env={"COLUMNS": "200"})
    assert "huyen@huyen.example; và kênh chat-vp" in " ".join(told.split())
