"""Whoever writes to do harm puts no header, no markup and no figure anywhere, and overturns nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.runs import contents as artifacts
from flows.shell.desk.digest import Digest
from tests.bundles import at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, read, reply_to, text_of
from tests.ledgers import contents, rows

FORM = {"form": "bieu-mau"}
XA_1 = "xa-1@xa.example"
HUYEN = "huyen@huyen.example"
MORE_TIME = "Kính đề nghị UBND huyện cho xã gia hạn nộp báo cáo đến ngày 05/12/2024.\n"
OURS = {
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "auto-submitted", "x-dondoc-letter", "content-language", "mime-version", "content-type",
    "content-transfer-encoding",
}  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(lead=["xa-1", "xa-2"], report=FORM), task("tong-ket", lead="xa-1", report=FORM))
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven, agency: str = "xa-2") -> EmailMessage:
    row = rows(engine.ledger, "outbox", request_id=engine.request(agency)["id"], kind="request")[0]
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def came(engine: Driven, head: str, text: str, *, to: str = IDENTITY.mailbox, sender: str = XA_1) -> None:
    """A mail whose headers are written by hand."""
    raw = f"{head}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    engine.receive(raw.encode("utf-8", "surrogateescape"), to, sender=sender)
    engine.postman()


INJECTED = (
    "=?utf-8?Q?S=E1=BB=91_li=E1=BB=87u=0D=0ABcc:_nan-nhan@khac.example=0D=0A=0D=0AXin_ti=E1=BB=81n?=",
    "=?utf-8?B?U+G7kQ0KQmNjOiBuYW4tbmhhbkBraGFjLmV4YW1wbGU=?=",
    "Số liệu\u2028Bcc: nan-nhan@khac.example",
    "Số liệu\x0bBcc: nan-nhan@khac.example\x85X-A: b",
    "=?utf-7?Q?+AA0ACg-Bcc:_nan-nhan@khac.example?=",
    "x" * 20_000,
    "đ" * 20_000,
    "Re: " * 5_000,
    "\u202eexe.oác oáb",
    "{{ 7*7 }} {% for x in range(10) %}x{% endfor %}",
    "<script>alert(1)</script>",
)


@pytest.mark.parametrize("text", INJECTED)
def test_no_text_of_a_mail_adds_a_header_to_what_is_answered(engine: Driven, text: str) -> None:
    own = IDENTITY.reply_address(engine.request("xa-2")["id"])
    xa_2 = "xa-2@xa.example"
    came(engine, f"From: {XA_1}\r\nMessage-ID: <1{text[:30]}@x>\r\nSubject: {text}\r\n", GOOD)
    came(engine, f"From: {xa_2}\r\nSubject: {text}\r\n", MORE_TIME, to=own, sender=xa_2)
    came(engine, f"From: {text} <{xa_2}>\r\nSubject: {text}\r\n", f"{GOOD}{text}", to=own, sender=xa_2)
    assert {"which-report", "accepted", "petition"} <= set(engine.kinds())
    for mail in engine.mailer.sent:
        message = message_from_bytes(mail.raw, policy=policy.default)
        assert {name.lower() for name in message.keys()} <= OURS  # noqa: SIM118 - a message is no mapping
        assert mail.raw.isascii()
        assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
        assert re.search(rb"(?<!\r)\n|\r(?!\n)", mail.raw) is None
        assert mail.envelope_to in ((XA_1,), ("xa-2@xa.example",), (HUYEN,))
        html = message.get_body(("html",))
        assert html is None or "<script" not in html.get_content()
        assert "7*7" in mail.raw.decode() or "49" not in str(message["Subject"])


def test_what_an_agency_writes_is_shown_and_never_run(engine: Driven) -> None:
    evil = '<script>alert(1)</script> =HYPERLINK("http://khac.example") ![x](http://khac.example/x.png)'
    engine.reply(asked(engine), GOOD.replace("Đã mở", f"{evil} Đã mở"), sender="xa-2@xa.example")
    (thanks,) = engine.letters("accepted")
    html = thanks.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()
    view = engine.one_pass()
    shown = {kind: str(data) for kind, _, data in artifacts.contents(view)}
    assert re.search(r"(?<!\\)<script", shown["result"]) is None
    assert re.search(r"(?<!\\)\[x\]\(", shown["result"].replace("\\]", "]")) is None
    assert "alert" in shown["result"]  # it is there, as text
    assert "alert" not in shown["sheet"]


def test_a_daily_mail_repeats_nothing_that_a_server_or_a_stranger_wrote_as_it_was(engine: Driven) -> None:
    came(
        engine,
        "From: <script>@khac.example\r\nSubject: \x1b]0;x\x07\r\n",
        "\x1b[31m",
        sender="la@khac.example",
    )
    engine.clock.set(at("2024-11-19 08:30"))
    Digest(shell=engine.shell).look()
    engine.postman()
    (told,) = engine.letters("digest")
    assert "\x1b" not in text_of(told)
    assert "khac.example" not in text_of(told)


@pytest.mark.parametrize(
    "sender",
    [
        f"{XA_1}, ke-gia@khac.example",
        f"ke-gia@khac.example, {XA_1}",
        f"{XA_1}\r\nFrom: ke-gia@khac.example",
        f"{XA_1} <ke-gia@khac.example>",
    ],
)
def test_a_mail_that_names_several_senders_is_nobodys(engine: Driven, sender: str) -> None:
    came(engine, f"From: {sender}\r\nSubject: BC Kế hoạch 99/KH-UBND\r\n", f"Nhiệm vụ tong-ket\n{GOOD}")
    assert engine.kinds() == []
    assert engine.request(task="tong-ket")["status"] == "open"
    assert len(engine.unplaced()) == 1


@pytest.mark.parametrize(
    "head", [f"From: {HUYEN}, ke-gia@khac.example", f"Sender: {HUYEN}", f"Reply-To: {HUYEN}"]
)
def test_no_decision_counts_that_does_not_name_its_sender_and_nobody_else(engine: Driven, head: str) -> None:
    engine.reply(asked(engine), MORE_TIME, sender="xa-2@xa.example")
    (told,) = engine.letters("petition")
    to = str(told["Reply-To"])
    came(engine, f"{head}\r\nSubject: Re\r\n", "Đồng ý", to=to, sender=HUYEN)
    (petition,) = rows(engine.ledger, "petition")
    assert petition["standing"] == "waiting"


def test_who_forges_a_sender_and_has_the_address_overturns_no_accepted_report(engine: Driven) -> None:
    engine.intake = replace(engine.shell, vouching_server="mx.huyen.example").intake()
    engine.reply(asked(engine), GOOD, sender="xa-2@xa.example")
    forged = {"Authentication-Results": "mx.huyen.example; dmarc=fail header.from=xa.example"}
    engine.reply(asked(engine), GOOD.replace("12", "99"), sender="xa-2@xa.example", **forged)
    assert engine.request("xa-2")["accepted"]["so-tin"] == 12
    assert [one.reason for one in engine.unplaced()] == ["a correction from an address not on file"]


def test_an_older_answer_sent_once_more_does_not_undo_its_correction(engine: Driven) -> None:
    first = reply_to(asked(engine), GOOD, sender="xa-2@xa.example")
    to = str(asked(engine)["Reply-To"])
    engine.receive(first, to, sender="xa-2@xa.example")
    engine.reply(asked(engine), GOOD.replace("12", "13"), sender="xa-2@xa.example")
    for again in (first, b"Received: by mx.khac.example\r\n" + first):
        engine.receive(again, to, sender="ke-gia@khac.example")
    assert engine.request("xa-2")["accepted"]["so-tin"] == 13


@pytest.mark.parametrize("key", ["r1", "p1", "q1", "b123456789abc"])
def test_a_signature_for_one_thing_is_none_for_another(engine: Driven, key: str) -> None:
    """The mac of a request's address stands behind the key of something else."""
    true = IDENTITY.reply_address(engine.request("xa-2")["id"])
    local, _, domain = true.rpartition("@")
    forged = f"{local.partition('+')[0]}+{key}-{local.rpartition('-')[2]}@{domain}"
    came(engine, "From: ke-gia@khac.example\r\nSubject: x\r\n", GOOD, to=forged, sender="ke-gia@khac.example")
    assert [one.reason for one in engine.unplaced()] == ["to an address of ours whose signature is wrong"]
    assert engine.kinds() == []


def test_an_answer_to_a_period_that_is_over_changes_nothing_in_it(engine: Driven) -> None:
    request = asked(engine)
    engine.run_until(at("2025-01-10 10:00"))
    before = rows(engine.ledger, "cycle")[0]["result"], engine.request("xa-2")
    engine.reply(request, GOOD, sender="xa-2@xa.example")
    assert (rows(engine.ledger, "cycle")[0]["result"], engine.request("xa-2")) == before
    assert [one.reason for one in engine.unplaced()] == ["the period is closed"]
    assert contents(engine.ledger)[-1]["kind"] == "closed"
