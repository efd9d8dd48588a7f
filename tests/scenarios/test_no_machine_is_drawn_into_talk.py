"""Lists, responders, bounces and other offices that run dondoc get no answer that begins a conversation, and
however many of them write, what follows is bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.shell.writing.identity import Identity
from notifiers.ports import RawMail
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import GOOD, IDENTITY, Driven, driven, read
from tests.ledgers import rows

FORM = {"form": "bieu-mau"}
LIST = {"List_Id": "Văn phòng các xã <cac-xa.huyen.example>", "Precedence": "list"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Driven]:
    plan = bundle(task(report=FORM), task("tong-ket", report=FORM), task("khac", lead="xa-2", report=FORM))
    with driven(tmp_path, at("2024-11-15"), plan) as found:
        found.run_until(at("2024-11-15 09:00"))
        found.mailer.sent.clear()
        found.clock.set(at("2024-11-18 10:00"))
        yield found


def asked(engine: Driven, agency: str = "xa-1") -> EmailMessage:
    """The request that an agency got: for xa-1 one mail about two reports."""
    row = rows(engine.ledger, "outbox", request_id=engine.request(agency, task_of(agency))["id"])[0]
    return next(read(mail) for mail in engine.mailer.tried if mail.message_id == row["message_id"])


def task_of(agency: str) -> str:
    return "bao-cao" if agency == "xa-1" else "khac"


@pytest.mark.parametrize(
    ("agency", "said"), [("xa-2", GOOD), ("xa-1", f"Báo cáo 1\n{GOOD}"), ("xa-2", "Số tin: chưa rõ")]
)
def test_a_report_that_comes_through_a_list_counts_and_is_not_answered(
    engine: Driven, agency: str, said: str
) -> None:
    engine.reply(asked(engine, agency), said, sender=f"{agency}@xa.example", **LIST)
    assert engine.kinds() == []
    assert [one["why"] for one in engine.journal("answer-withheld")] == ["it came through a mailing list"]
    if said.endswith(GOOD):
        assert engine.request(agency, task_of(agency))["status"] == "reported"


def test_a_list_that_carries_our_own_mailbox_is_no_reason_to_be_silent(engine: Driven) -> None:
    own = {"List_Id": f"<{IDENTITY.mailbox.replace('@', '.')}>", "Precedence": "list"}
    engine.reply(asked(engine, "xa-2"), GOOD, sender="xa-2@xa.example", **own)
    assert engine.kinds() == ["accepted"]


@pytest.mark.parametrize(
    ("sender", "subject", "text", "placing"),
    [
        ("xa-2@xa.example", "Số liệu", GOOD, "unplaced"),
        ("xa-2@xa.example", "Báo cáo quý của xã", "Xem tệp kèm.", "unplaced"),
        ("xa-2@xa.example", "Bản tin tuần", "Tin trong tuần.", "ignored"),
        ("la@khac.example", "Báo cáo thị trường", GOOD, "ignored"),
    ],
)
def test_what_an_agency_sends_to_many_is_not_left_aside_when_it_may_be_the_report(
    engine: Driven, sender: str, subject: str, text: str, placing: str
) -> None:
    head = f"From: {sender}\r\nSubject: {subject}\r\nList-Id: <x.example>\r\nPrecedence: bulk\r\n"
    raw = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}".encode()
    engine.receive(raw, IDENTITY.mailbox, sender=sender)
    engine.postman()
    assert [one for one, _ in engine.placed()] == [placing]
    assert engine.kinds() == []


def test_what_seems_to_come_from_ourselves_is_not_answered(engine: Driven) -> None:
    for sender in (IDENTITY.mailbox, IDENTITY.reply_address(1), IDENTITY.mailbox.upper()):
        engine.reply(asked(engine, "xa-2"), f"{GOOD}\n{sender}", sender=sender)
    assert engine.kinds() == []


def test_a_thousand_bounces_cost_a_line_each_at_the_most_and_no_mail(engine: Driven) -> None:
    request = engine.request("xa-2", "khac")["id"]
    sent = next(mail for mail in engine.mailer.tried if "xa-2@xa.example" in mail.envelope_to)
    for number in range(1_000):
        raw = (
            f"From: MAILER-DAEMON@mx{number}.example\r\nTo: {sent.envelope_from}\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: text/plain\r\n\r\nMailbox full, try {number}.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            "Final-Recipient: rfc822; xa-2@xa.example\r\nAction: delayed\r\nStatus: 4.2.2\r\n--b--\r\n"
        ).encode()
        engine.intake.keep(RawMail(envelope_from="", envelope_to=(sent.envelope_from,), raw=raw))
    while engine.intake.take_in():
        pass
    engine.postman()
    assert engine.kinds() == []
    assert len(rows(engine.ledger, "journal", request_id=request, event="bounced")) <= 1_000
    assert Counter(placing for placing, _ in engine.placed()) == {"placed": 1_000}
    assert engine.request("xa-2", "khac")["status"] == "open"


def test_a_thousand_hard_bounces_are_one_dead_address(engine: Driven) -> None:
    sent = next(mail for mail in engine.mailer.tried if "xa-2@xa.example" in mail.envelope_to)
    for number in range(1_000):
        raw = (
            f"From: MAILER-DAEMON@mx{number}.example\r\nTo: {sent.envelope_from}\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: text/plain\r\n\r\nNo such user, try {number}.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            "Final-Recipient: rfc822; xa-2@xa.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n"
        ).encode()
        engine.intake.keep(RawMail(envelope_from="", envelope_to=(sent.envelope_from,), raw=raw))
    while engine.intake.take_in():
        pass
    for _ in range(3):
        engine.postman()
    assert engine.kinds() == ["request"]  # the same, to whoever comes next
    assert len(engine.journal("undeliverable")) == 1


# ---------------------------------------------------------------- two offices that both run dondoc

OTHER = Identity(name="Đôn đốc của tỉnh", mailbox="baocao@tinh.example", secret=b"a secret of the others")


@dataclass
class Office:
    """An engine of its own, which asks the other for reports."""

    engine: Driven
    identity: Identity
    read: int = 0
    got: list[str] = field(default_factory=list)

    def take(self, mails: Sequence[RawMail]) -> None:
        for mail in mails:
            if any(self.identity.is_own(to) for to in mail.envelope_to):
                self.engine.intake.keep(mail)
                self.got.append(str(message_from_bytes(mail.raw, policy=policy.default)["Subject"]))
        while self.engine.intake.take_in():
            pass

    def posted(self, without: Sequence[str]) -> list[RawMail]:
        """What went out since the last time, as a gateway on the way left it."""
        new, self.read = self.engine.mailer.sent[self.read :], len(self.engine.mailer.sent)
        return [
            RawMail(
                envelope_from=one.envelope_from, envelope_to=one.envelope_to, raw=_without(one.raw, without)
            )
            for one in new
        ]


def _without(raw: bytes, headers: Sequence[str]) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    kept = [
        line
        for line in head.split(b"\r\n")
        if not line.lower().startswith(tuple(f"{one.lower()}:".encode() for one in headers))
    ]
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


def office(folder: Path, own: Identity, other: Identity, report: dict[str, str] | None) -> Office:
    """An office whose plan asks the mailbox of the other for two reports."""
    folder.mkdir()
    them = Agency.model_validate({**AGENCIES["xa-1"].model_dump(mode="json"), "mailbox": other.mailbox})
    plan = bundle(task(report=report), task("tong-ket", report=report), agencies=AGENCIES | {"xa-1": them})
    engine = Driven(folder=folder, start=at("2024-11-15"), bundles=[plan])
    engine.shell = replace(engine.shell, identity=own)
    engine.intake = engine.shell.intake()
    return Office(engine=engine, identity=own)


def week_of_talk(offices: Sequence[Office], without: Sequence[str]) -> None:
    """A week in which every mail is carried across within the quarter of an hour."""
    for day in range(8):
        now = at("2024-11-15 08:00") + timedelta(days=day)
        turns = 0
        while (crossed(offices, without, now) or not turns) and turns < 40:
            now, turns = now + timedelta(minutes=15), turns + 1


def crossed(offices: Sequence[Office], without: Sequence[str], now: datetime) -> int:
    """Let both work and their mails change hands; how many did."""
    for one in offices:
        one.engine.run_until(now)
    left = [one.posted(without) for one in offices]
    for one, mails in zip(reversed(offices), left, strict=True):
        one.take(mails)
        one.engine.postman()
    return sum(map(len, left))


@pytest.mark.parametrize("report", [None, FORM])
@pytest.mark.parametrize(
    ("without", "most"),
    [
        ((), 4),  # the request and the reminder of each
        (("X-Dondoc-Letter",), 4),
        # even if a gateway strips all by which machines know each other
        (("X-Dondoc-Letter", "Auto-Submitted"), 20),
        (("X-Dondoc-Letter", "Auto-Submitted", "In-Reply-To", "References"), 20),
    ],
)
def test_two_offices_that_write_to_each_other_come_to_an_end(
    tmp_path: Path, without: tuple[str, ...], most: int, report: dict[str, str] | None
) -> None:
    with ExitStack() as stack:
        offices = [
            office(tmp_path / "a", IDENTITY, OTHER, report),
            office(tmp_path / "b", OTHER, IDENTITY, report),
        ]
        for one in offices:
            stack.callback(one.engine.close)
        week_of_talk(offices, without)
        assert 2 <= sum(len(one.got) for one in offices) <= most
        # and neither took a letter of the other's for a report
        assert {row["accepted"] for one in offices for row in rows(one.engine.ledger, "request")} == {None}
