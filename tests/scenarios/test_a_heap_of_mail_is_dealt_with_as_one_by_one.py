"""Mails that lie in a heap are dealt with together, and nobody could tell it from what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.ledger.database import Transaction
from flows.ledger.upshot import Upshot
from flows.shell.incoming import intake as intake_module
from flows.shell.incoming import readers as readers_module
from flows.shell.incoming import reading
from flows.shell.incoming.readers import Readers
from notifiers.ports import RawMail
from tests.bundles import at, bundle, task
from tests.driving import GOOD, Driven, driven, read, reply_to
from tests.ledgers import contents, rows

REPORT = {"form": "bieu-mau"}
PLAN = bundle(
    task(lead=["xa-1", "xa-2", "xa-3", "xa-4", "xa-5"], report=REPORT),
    task("thong-tin", lead=["xa-4", "xa-5"], report=REPORT),
    task("so-ket", lead="xa-5"),
)
BOUNCE = """\
From: MAILER-DAEMON@xa.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@xa.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

User unknown
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.xa.example

Final-Recipient: rfc822; xa-3@xa.example
Action: failed
Status: 5.1.1

--B--
"""


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Driven, Driven]]:
    """Two that stand where the other stands."""
    with ExitStack() as opened:
        both = [opened.enter_context(driven(_made(tmp_path / n), at("2024-11-15"), PLAN)) for n in "ab"]
        for one in both:
            one.run_until(at("2024-11-15 09:00"))
            one.mailer.sent.clear()
            one.clock.set(at("2024-11-18 10:00"))
        yield both[0], both[1]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def answer(engine: Driven, n: int, text: str, **headers: str) -> RawMail:
    """What an agency answers to the first mail that it got."""
    sender = f"xa-{n}@xa.example"
    letter = next(read(mail) for mail in engine.mailer.tried if sender in mail.envelope_to)
    raw = reply_to(letter, text, sender=sender, **headers)
    return RawMail(envelope_from=sender, envelope_to=(str(letter["Reply-To"]),), raw=raw)


def heap(engine: Driven) -> Sequence[RawMail]:
    """Of everything something, much of it about the same reports."""
    returned = rows(engine.ledger, "outbox", request_id=engine.request("xa-3")["id"])[0]["envelope_from"]
    own = engine.mailer.tried[0]
    blocks = "Báo cáo 1\nSố tin, bài: 4\nKinh phí: 1\nKết quả nổi bật: Tốt\n\nBáo cáo 2\nSố tin, bài: 5\n"
    return [
        answer(engine, 1, "Số tin, bài: 12\nKinh phí: nhiều\n"),
        answer(engine, 1, "Kinh phí: 3,5\nKết quả nổi bật: Đã mở chuyên mục\n"),
        answer(engine, 1, "Đính chính như sau:\nSố tin, bài: 14\n"),
        answer(engine, 2, "Đề nghị cho phép xã nộp báo cáo chậm đến ngày 05/12/2024."),
        answer(engine, 2, "Xã đã nhận được văn bản."),
        answer(engine, 2, GOOD),
        answer(engine, 2, GOOD, X_Relay="mx2.xa.example"),
        answer(engine, 3, "Tôi đi vắng đến ngày 25/11/2024.\n", Auto_Submitted="auto-replied"),
        RawMail(envelope_from="", envelope_to=(returned,), raw=BOUNCE.format(to=returned).encode()),
        answer(engine, 4, blocks),
        answer(engine, 4, "Báo cáo 2\nKinh phí: 2\nKết quả nổi bật: Tốt\n"),
        answer(engine, 4, "Xin hỏi: kinh phí tính bằng triệu đồng hay nghìn đồng?"),
        answer(engine, 5, GOOD),
        *(answer(engine, 3, f"Số tin, bài: nhiều {n}\n") for n in range(9)),
        RawMail(
            envelope_from="ai@do.example", envelope_to=("baocao@dondoc.example",), raw="\r\nGì thế?".encode()
        ),
        RawMail(envelope_from="", envelope_to=("baocao@dondoc.example",), raw=own.raw),
    ]


def told(engine: Driven) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """All that the ledger says of mails, whatever the numbers of its rows."""
    found: dict[str, Sequence[Mapping[str, Any]]] = {
        name: rows(engine.ledger, name)
        for name in ("request", "inbox", "reply", "petition", "journal", "correspondent", "cycle")
    }
    found["outbox"] = contents(engine.ledger)
    for name in ("reply", "petition", "journal", "outbox"):
        without = [{key: value for key, value in row.items() if key != "id"} for row in found[name]]
        found[name] = sorted(without, key=repr)
    return found


def test_a_heap_leaves_the_ledger_as_the_same_mails_one_by_one(engines: tuple[Driven, Driven]) -> None:
    together, apart = engines
    mails = heap(together)
    for mail in mails:
        together.intake.keep(mail)
        apart.intake.keep(mail)
        assert apart.intake.take_in() == 1
    assert together.intake.take_in() == len(mails)
    assert told(together) == told(apart)
    verdicts = [row["verdict"] for row in rows(together.ledger, "reply")]
    assert {"accepted", "corrected", "partly", "received", "noted", "refused"} >= set(verdicts)
    assert {"accepted", "corrected", "partly", "received"} <= set(verdicts)


def test_an_answer_sees_what_the_one_before_it_in_the_heap_did(engines: tuple[Driven, Driven]) -> None:
    engine, _ = engines
    for text in ("Số tin, bài: 12\nKinh phí: nhiều\n", "Kinh phí: 3,5\nKết quả nổi bật: Tốt\n"):
        engine.intake.keep(answer(engine, 1, text))
    engine.intake.keep(answer(engine, 1, "Số tin, bài: 13\n"))
    assert engine.intake.take_in() == 3
    engine.postman()
    request = engine.request("xa-1")
    assert request["accepted"] == {"so-tin": 13, "kinh-phi": 3.5, "ket-qua": "Tốt"}
    assert [row["verdict"] for row in rows(engine.ledger, "reply")] == ["partly", "accepted", "corrected"]
    assert engine.kinds() == ["partly", "accepted", "accepted"]
    first, second, third = engine.letters()
    assert str(first["Message-ID"]) in str(second["References"])
    assert str(second["Message-ID"]) in str(third["References"])


def test_a_mail_that_cannot_be_written_down_harms_no_other_in_its_heap(
    engines: tuple[Driven, Driven], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _ = engines
    write = Upshot.write

    def broken(self: Upshot, tx: Transaction) -> None:
        if any("hỏng" in row["text"] for row in self.replies):
            raise ValueError("cannot be written")
        write(self, tx)

    monkeypatch.setattr(Upshot, "write", broken)
    for n, text in ((1, GOOD), (2, GOOD + "hỏng\n"), (3, GOOD)):
        engine.intake.keep(answer(engine, n, text))
    assert engine.intake.take_in() == 3
    assert [engine.request(f"xa-{n}")["status"] for n in (1, 2, 3)] == ["reported", "open", "reported"]
    assert engine.request("xa-2")["accepted"] is None
    assert [one.reason for one in engine.unplaced()] == ["ValueError: cannot be written"]


def test_mails_that_are_read_beside_are_dealt_with_the_same(
    engines: tuple[Driven, Driven], monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, here = engines
    monkeypatch.setattr(intake_module, "_TOGETHER", 5)
    for mail in heap(here):
        beside.intake.keep(mail)
        here.intake.keep(mail)
    here.intake.take_in()
    here_as_well: list[object] = []

    def read_heap(*heap: Any) -> object:  # noqa: ANN401
        here_as_well.append(heap)
        return reading.read_heap(*heap)

    monkeypatch.setattr(readers_module, "read_heap", read_heap)
    readers = Readers(1)
    assert readers.begin() == 1
    replace(beside.intake, readers=readers).take_in()
    (reader,) = readers._readers
    readers.close()
    assert told(beside) == told(here)
    assert 1 <= len(here_as_well) < 5
    assert reader._process.returncode is not None
