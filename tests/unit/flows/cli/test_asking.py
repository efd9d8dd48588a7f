"""`dondoc ask` as a coordinator and a script meet it."""

from __future__ import annotations

import json

import pytest

from tests.unit.flows.cli import test_changes
from tests.unit.flows.cli.test_changes import PLAN, Terminal

ASK = ("ask", "thu-nghiem", "phat-thanh", "--due")


terminal = test_changes.terminal


@pytest.fixture
def desk(terminal: Terminal) -> Terminal:
    terminal.run("apply")
    return terminal


def test_it_is_shown_first_and_done_when_somebody_says_so(desk: Terminal) -> None:
    before = desk.statuses()
    shown = desk.run(*ASK, "12/2/2027", "--note", "Nêu rõ\nnguyên nhân")
    assert "Đột xuất ngày 01/02/2027: hạn 12/02/2027, 2/2 đơn vị: UBND xã Đông, UBND xã Tây" in shown
    assert "“Nêu rõ nguyên nhân”" in shown
    assert "gửi ngay 2 thư" in shown
    assert "thêm --yes" in shown
    assert desk.statuses() == before
    done = desk.run(*ASK, "12/2/2027", "--yes")
    assert "D2027-02-01" in done
    assert desk.statuses()["scheduled"] == before["scheduled"] + 2


def test_who_was_asked_before_is_told_and_left_out(desk: Terminal) -> None:
    desk.run(*ASK, "12/2/2027", "--agency", "xa-dong", "--yes")
    second = desk.run(*ASK, "12/2/2027", "--yes")
    assert "= UBND xã Đông: đã đề nghị ngày 01/02/2027, hạn 12/02/2027" in second
    assert "không phải làm gì thêm" in desk.run(*ASK, "12/2/2027", "--yes")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("khac", "phat-thanh", "--due", "12/2/2027"), 'chưa có kế hoạch "khac"'),
        (("thu-nghiem", "khac", "--due", "12/2/2027"), "có: phat-thanh"),
        (("thu-nghiem", "phat-thanh", "--due", "31/1/2027"), "hạn 31/01/2027 đã qua"),
        (("thu-nghiem", "phat-thanh", "--due", "mai"), "“mai” không phải là ngày"),
        (("thu-nghiem", "phat-thanh", "--due", "12/2/2027", "--agency", "huyen"), "xa-dong, xa-tay"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_line(
    desk: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    assert said in desk.misused("ask", *arguments, "--yes")


def test_a_script_reads_what_was_done(desk: Terminal) -> None:
    told = json.loads(desk.run(*ASK, "3 working days", "--json"))
    assert (told["done"], told["cycle"]["cycle"]) == (False, "D2027-02-01")
    assert {one["due"] for one in told["cycle"]["requests"]} == {"2027-02-11"}  # Tết lies between
    assert json.loads(desk.run(*ASK, "11/2/2027", "--json", "--yes"))["done"] is True
    assert json.loads(desk.run(*ASK, "11/2/2027", "--json"))["cycle"] is None


def test_asked_on_a_day_off_it_says_when_the_mails_go_out(desk: Terminal) -> None:
    desk.at("2027-01-30 10:00")
    assert "thư gửi lúc 08:00 01/02/2027" in desk.run(*ASK, "12/2/2027")


def test_status_explain_and_plan_know_it(desk: Terminal) -> None:
    desk.run(*ASK, "12/2/2027", "--yes")
    keys = [one["cycle"] for one in json.loads(desk.run("status", "--json"))["plans"][0]["cycles"]]
    assert "D2027-02-01" in keys
    told = desk.run("explain", "thu-nghiem", "phat-thanh", "--cycle", "D2027-02-01")
    assert "Hạn, đến hết ngày: 12/02/2027\n    theo đề nghị đột xuất" in told
    assert "Không có gì để thay đổi" in desk.run("plan")
    desk.write(plan=PLAN.replace("lead: cac-xa", "lead: xa-dong"))
    assert "D2027-02-01" in [one["cycle"] for one in desk.planned()["plans"][0]["cycles"]]


def test_a_simulation_leaves_out_what_waits_to_be_asked_and_says_so(terminal: Terminal) -> None:
    terminal.write(plan=PLAN.replace("{every: quarter}", "{kind: on-demand}"))
    assert "chưa tính ở đây: phat-thanh" in terminal.run("simulate", "thu-nghiem")
    mails = terminal.run("simulate", "thu-nghiem", "--ask", "phat-thanh=12/2/2027", "--json").splitlines()
    assert [json.loads(one)["kind"] for one in mails] == ["request", "request", "accepted", "accepted"]
    assert "--ask" not in terminal.run("simulate", "thu-nghiem", "--ask", "phat-thanh=12/2/2027")
    assert "dondoc ask thu-nghiem phat-thanh" in terminal.misused("explain", "thu-nghiem", "phat-thanh")
