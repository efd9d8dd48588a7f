from __future__ import annotations

import asyncio
import email
import email.policy
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from notifiers.listener import MailListener, Protocol
from notifiers.ports import Accepted, Mail, Outcome, RawMail
from notifiers.smtp import SmtpMailer, SmtpSettings
from notifiers.tls import Tls
from schemas.model import Agency
from tests.bundles import AGENCIES, at, bundle, task
from tests.driving import driven
from tests.integration.postfix_server import Postfix, running_postfix
from tests.integration.required import not_here
from tests.ledgers import rows

TAGGED = "baocao+r12-k7q2@dondoc.example"


def send(server: Postfix, to: str, raw: bytes) -> Outcome:
    async def one() -> Outcome:
        settings = SmtpSettings(host="127.0.0.1", port=server.port, tls=Tls.NONE, timeout=10)
        async with SmtpMailer(settings).session() as session:
            mail = Mail(
                message_id="<1@xa.example>", envelope_from="vanthu@xa.example", envelope_to=(to,), raw=raw
            )
            return await session.send(mail)

    return asyncio.run(one())


@pytest.fixture(autouse=True)
def _postfix_is_here() -> None:
    if not Path("/usr/sbin/postfix").exists():
        not_here("Postfix", "apt install postfix")
    if os.geteuid() != 0:
        not_here("Postfix", "it is started by root alone: run this test as root")


def test_an_answer_to_a_tagged_address_comes_through_postfix_and_is_tried_again_until_kept() -> None:
    kept: list[RawMail] = []
    tries = 0

    def keep(mail: RawMail) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError("the disk is full")
        kept.append(mail)

    def ours(address: str) -> bool:
        return address.startswith("baocao+") and address.endswith("@dondoc.example")

    body = "From: vanthu@xa.example\r\nSubject: bao cao\r\n\r\nSố tin, bài: 45\r\n.\r\ncuối\r\n".encode()
    with (
        MailListener("127.0.0.1", 0, keep, accepts=ours, protocol=Protocol.LMTP) as listener,
        running_postfix(listener.port) as postfix,
    ):
        assert isinstance(send(postfix, TAGGED, body), Accepted)
        end = time.monotonic() + 15
        while not kept and time.monotonic() < end:
            time.sleep(0.05)
        log = postfix.log()
    (mail,) = kept
    assert tries == 2
    assert "451 4.3.0 could not be stored" in log
    assert mail.envelope_to == (TAGGED,)
    assert mail.envelope_from == "vanthu@xa.example"
    assert "Số tin, bài: 45\r\n.\r\ncuối\r\n".encode() in mail.raw


FOCAL, OFFICE = "canbo@xa.example", "xa-1@xa.example"
COMMUNE = Agency.model_validate(
    {
        "id": "xa-1",
        "name": "UBND xã 1",
        "superior": "huyen",
        "mailbox": OFFICE,
        "focal_point": {"name": "Lê Thị B", "mailbox": FOCAL},
    }
)


def until(happened: Callable[[], object]) -> None:
    """Wait for something that a server does; what is asserted afterwards says whether it did."""
    end = time.monotonic() + 30
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)


def test_a_mail_that_the_server_behind_postfix_refuses_comes_back_and_goes_to_the_next_contact(
    tmp_path: Path,
) -> None:
    plan = bundle(task("thong-tin"), task("doi-ngoai"), agencies=AGENCIES | {"xa-1": COMMUNE})
    arrived: list[RawMail] = []
    with driven(tmp_path, at("2024-11-15"), plan) as engine:

        def there(address: str) -> bool:
            return address == OFFICE or address.startswith("baocao+")

        def take(mail: RawMail) -> None:
            if mail.envelope_to == (OFFICE,):
                arrived.append(mail)
            else:
                engine.intake.keep(mail)

        with (
            MailListener("127.0.0.1", 0, take, accepts=there, protocol=Protocol.LMTP) as listener,
            running_postfix(listener.port, "dondoc.example, xa.example") as postfix,
        ):
            settings = SmtpSettings(host="127.0.0.1", port=postfix.port, tls=Tls.NONE, timeout=10)
            engine.shell = replace(engine.shell, mailer=SmtpMailer(settings))
            engine.one_pass()
            assert engine.mails() == ["sent", "sent"]  # Postfix took it, as one mail
            until(lambda: rows(engine.ledger, "inbox", "id"))
            engine.intake.take_in()
            assert engine.mails() == ["failed", "failed"]
            engine.postman()
            until(lambda: arrived)
    (mail,) = arrived
    message = email.message_from_bytes(mail.raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    assert f"Thư gửi địa chỉ {FOCAL} của UBND xã 1 không đến được" in text
    assert "BÁO CÁO 2/2: Nhiệm vụ doi-ngoai" in text
    dates = [one for one in message.iter_attachments() if one.get_content_type() == "text/calendar"]
    assert len(dates) == 2
    assert mail.envelope_from.startswith("baocao+")  # and would come back the same way
