from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from notifiers.listener import MailListener, Protocol
from notifiers.ports import Accepted, Mail, Outcome, RawMail
from notifiers.smtp import SmtpMailer, SmtpSettings
from notifiers.tls import Tls
from tests.integration.postfix_server import Postfix, running_postfix
from tests.integration.required import not_here

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
