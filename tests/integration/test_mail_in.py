from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifiers.errors import MailServerUnavailable, PortInUse, UnusableCertificate
from notifiers.listener import MailListener, Protocol
from notifiers.ports import Accepted, Deferred, Mail, Outcome, RawMail, Refused
from notifiers.smtp import SmtpMailer, SmtpSettings
from notifiers.tls import Tls, verifying
from tests.integration.certificates import Certificate

OURS = "baocao@dondoc.example"


def ours(address: str) -> bool:
    return address.casefold().endswith("@dondoc.example")


class Talk:
    """A raw conversation with the listener, line by line."""

    def __init__(self, port: int, context: ssl.SSLContext | None = None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        if context is not None:
            self._socket = context.wrap_socket(self._socket, server_hostname="localhost")
        self._file = self._socket.makefile("rb")
        self.greeting = self.hear()

    def hear(self) -> str:
        lines = []
        while True:
            line = self._file.readline().decode().rstrip("\r\n")
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    def say(self, line: str | bytes) -> str:
        self.put(line)
        return self.hear()

    def put(self, line: str | bytes) -> None:
        self._socket.sendall((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def close(self) -> None:
        self._file.close()
        self._socket.close()


@contextmanager
def talking(port: int, context: ssl.SSLContext | None = None) -> Iterator[Talk]:
    talk = Talk(port, context)
    try:
        yield talk
    finally:
        talk.close()


def send(
    port: int,
    *to: str,
    raw: bytes = b"Subject: bao cao\r\n\r\nxin chao\r\n",
    sender: str = "a@xa.example",
    **changed: object,
) -> Outcome:
    async def one() -> Outcome:
        told: dict[str, object] = {"host": "127.0.0.1", "port": port, "tls": Tls.NONE, "timeout": 5}
        settings = SmtpSettings(**(told | changed))  # type: ignore[arg-type]
        async with SmtpMailer(settings).session() as session:
            return await session.send(
                Mail(message_id="<1@xa.example>", envelope_from=sender, envelope_to=to, raw=raw)
            )

    return asyncio.run(one())


def test_a_mail_is_acknowledged_after_it_was_kept_octet_for_octet() -> None:
    kept: list[RawMail] = []
    raw = "Subject: báo cáo\r\n\r\n.một dòng có dấu chấm\r\n\tTiếng Việt\r\n".encode()
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener:
        outcome = send(listener.port, OURS, "ketoan@dondoc.example", raw=raw)

        assert isinstance(outcome, Accepted)
        assert kept == [
            RawMail(envelope_from="a@xa.example", envelope_to=(OURS, "ketoan@dondoc.example"), raw=raw)
        ]


def test_a_mail_that_could_not_be_kept_is_asked_for_again() -> None:
    def fail(mail: RawMail) -> None:
        raise OSError("the disk is full")

    with MailListener("127.0.0.1", 0, fail, accepts=ours) as listener:
        outcome = send(listener.port, OURS)

    assert isinstance(outcome, Deferred)
    assert outcome.code == 451
    assert "disk" not in outcome.answer


def test_nothing_is_relayed() -> None:
    kept: list[RawMail] = []
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener:
        outcome = send(listener.port, "ai-do@noi-khac.example")

    assert isinstance(outcome, Refused)
    assert outcome.code == 550
    assert kept == []


def test_addresses_of_octets_that_are_no_text_do_not_stop_a_mail_for_good() -> None:
    kept: list[RawMail] = []
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener, talking(listener.port) as talk:
        talk.say("EHLO xa.example")
        assert talk.say(b"MAIL FROM:<a\xff@xa.example> SMTPUTF8").startswith("250")
        assert talk.say(b"RCPT TO:<baocao\xff@dondoc.example>").startswith("550")
        assert talk.say(f"RCPT TO:<{OURS}>").startswith("250")
        talk.say("DATA")
        assert talk.say("Subject: bao cao\r\n\r\nxin chao\r\n.").startswith("250")

    (mail,) = kept
    assert mail.envelope_to == (OURS,)
    assert "".join((mail.envelope_from, *mail.envelope_to)).encode("utf-8")


def test_a_mail_over_the_limit_is_refused_announced_or_not() -> None:
    kept: list[RawMail] = []
    with (
        MailListener("127.0.0.1", 0, kept.append, accepts=ours, size_limit=500) as listener,
        talking(listener.port) as talk,
    ):
        assert "SIZE 500" in talk.say("EHLO xa.example")
        assert talk.say("MAIL FROM:<a@xa.example> SIZE=501").startswith("552")
        assert talk.say("MAIL FROM:<a@xa.example>").startswith("250")
        assert talk.say(f"RCPT TO:<{OURS}>").startswith("250")
        assert talk.say("DATA").startswith("354")
        for _ in range(20):
            talk.put("x" * 60)
        assert talk.say(".").startswith("552")
        assert kept == []


def test_a_bounce_with_its_empty_sender_is_taken() -> None:
    kept: list[RawMail] = []
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener, talking(listener.port) as talk:
        talk.say("EHLO mail.example")
        assert talk.say("MAIL FROM:<>").startswith("250")
        assert talk.say(f"RCPT TO:<{OURS}>").startswith("250")
        assert talk.say("DATA").startswith("354")
        talk.put("Subject: Undelivered")
        assert talk.say("\r\nkhong gui duoc\r\n.").startswith("250")

    assert kept[0].envelope_from == ""


def test_several_mails_are_stored_at_once_and_the_line_stays_open_meanwhile() -> None:
    together = threading.Barrier(3, timeout=5)

    def keep(mail: RawMail) -> None:
        together.wait()

    with MailListener("127.0.0.1", 0, keep, accepts=ours) as listener:
        outcomes: list[Outcome] = []
        senders = [
            threading.Thread(target=lambda: outcomes.append(send(listener.port, OURS))) for _ in range(3)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(10)

    assert [type(outcome) for outcome in outcomes] == [Accepted] * 3


def test_lmtp_answers_once_for_each_recipient() -> None:
    kept: list[RawMail] = []
    fail = threading.Event()

    def keep(mail: RawMail) -> None:
        if fail.is_set():
            raise OSError("the disk is full")
        kept.append(mail)

    listener = MailListener("127.0.0.1", 0, keep, accepts=ours, protocol=Protocol.LMTP)
    with listener, talking(listener.port) as talk:
        assert talk.say("EHLO mail.example").startswith("500")
        assert talk.say("LHLO mail.example").startswith("250")
        for expected in ("250", "451"):
            assert talk.say("MAIL FROM:<a@xa.example>").startswith("250")
            assert talk.say(f"RCPT TO:<{OURS}>").startswith("250")
            assert talk.say("RCPT TO:<ai-do@noi-khac.example>").startswith("550")
            assert talk.say("RCPT TO:<ketoan@dondoc.example>").startswith("250")
            assert talk.say("DATA").startswith("354")
            assert talk.say("Subject: x\r\n\r\ny\r\n.").startswith(expected)
            assert talk.hear().startswith(expected)
            assert talk.say("NOOP").startswith("250")
            fail.set()

    assert [mail.envelope_to for mail in kept] == [(OURS, "ketoan@dondoc.example")]


def test_accents_and_eight_bit_octets_are_offered_and_taken() -> None:
    kept: list[RawMail] = []
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener, talking(listener.port) as talk:
        offered = talk.say("EHLO xa.example")
        assert "SMTPUTF8" in offered
        assert "8BITMIME" in offered
        assert talk.say("MAIL FROM:<vănthư@xã.example> SMTPUTF8 BODY=8BITMIME").startswith("250")
        assert talk.say("RCPT TO:<báocáo@dondoc.example>").startswith("250")
        assert talk.say("DATA").startswith("354")
        assert talk.say("Subject: báo cáo\r\n\r\nđủ\r\n.").startswith("250")

    assert kept[0].envelope_from == "vănthư@xã.example"
    assert "đủ".encode() in kept[0].raw


def test_lines_longer_than_the_standard_allows_are_still_understood() -> None:
    kept: list[RawMail] = []
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener:
        outcome = send(listener.port, OURS, raw=b"Subject: x\r\n\r\n" + b"y" * 60_000 + b"\r\n")

    assert isinstance(outcome, Accepted)
    assert len(kept[0].raw) > 60_000


def test_a_port_in_use_is_one_clear_error() -> None:
    with MailListener("127.0.0.1", 0, lambda _: None, accepts=ours) as first:
        second = MailListener("127.0.0.1", first.port, lambda _: None, accepts=ours)
        with pytest.raises(PortInUse, match=str(first.port)) as raised:
            second.start()

    assert isinstance(raised.value, OSError)
    assert raised.value.port == first.port


def test_stopping_lets_a_mail_that_is_being_stored_finish_and_frees_the_port() -> None:
    kept: list[RawMail] = []
    began = threading.Event()

    def slow(mail: RawMail) -> None:
        began.set()
        time.sleep(0.3)
        kept.append(mail)

    listener = MailListener("127.0.0.1", 0, slow, accepts=ours)
    listener.start()
    outcomes: list[Outcome] = []
    sender = threading.Thread(target=lambda: outcomes.append(send(listener.port, OURS)))
    sender.start()
    assert began.wait(5)
    listener.stop()
    sender.join(10)
    listener.stop()

    assert isinstance(outcomes[0], Accepted)
    assert len(kept) == 1
    with MailListener("127.0.0.1", listener.port, kept.append, accepts=ours) as again:
        assert isinstance(send(again.port, OURS), Accepted)


def test_a_sender_that_hangs_up_in_the_middle_leaves_nothing_behind() -> None:
    kept: list[RawMail] = []
    with MailListener("127.0.0.1", 0, kept.append, accepts=ours) as listener:
        with talking(listener.port) as talk:
            talk.say("EHLO xa.example")
            talk.say("MAIL FROM:<a@xa.example>")
            talk.say(f"RCPT TO:<{OURS}>")
            talk.say("DATA")
            talk.put("Subject: half")
        assert isinstance(send(listener.port, OURS), Accepted)

    assert len(kept) == 1


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
def test_with_a_certificate_mail_comes_in_over_an_encrypted_line(certificate: Certificate, tls: Tls) -> None:
    kept: list[RawMail] = []
    listener = MailListener(
        "127.0.0.1", 0, kept.append, accepts=ours, tls=tls, certificate=certificate.pem, key=certificate.key
    )
    with listener:
        outcome = send(listener.port, OURS, host="localhost", tls=tls, certificates=str(certificate.pem))
        assert isinstance(outcome, Accepted)
        with pytest.raises(MailServerUnavailable, match=r"(?i)certificate"):
            send(listener.port, OURS, host="localhost", tls=tls)
        if tls is Tls.STARTTLS:  # offered, not demanded: a server that cannot may still bring answers
            assert isinstance(send(listener.port, OURS), Accepted)
    assert len(kept) == (2 if tls is Tls.STARTTLS else 1)


def test_a_certificate_that_is_none_is_one_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "chung-thu.pem"
    file.write_text("không phải chứng thư")
    listener = MailListener("127.0.0.1", 0, lambda _: None, accepts=ours, tls=Tls.STARTTLS, certificate=file)
    with pytest.raises(UnusableCertificate, match=r"chung-thu\.pem"):
        listener.start()


def test_a_line_that_was_encrypted_by_lmtp_still_answers_once_for_each_recipient(
    certificate: Certificate,
) -> None:
    kept: list[RawMail] = []
    listener = MailListener(
        "127.0.0.1", 0, kept.append,
        accepts=ours, protocol=Protocol.LMTP, tls=Tls.TLS, certificate=certificate.pem, key=certificate.key,
    )  # fmt: skip
    context = verifying(str(certificate.pem))
    with listener, talking(listener.port, context) as talk:
        assert talk.say("LHLO mail.example").startswith("250")
        assert talk.say("MAIL FROM:<a@xa.example>").startswith("250")
        assert talk.say(f"RCPT TO:<{OURS}>").startswith("250")
        assert talk.say("RCPT TO:<ketoan@dondoc.example>").startswith("250")
        assert talk.say("DATA").startswith("354")
        assert talk.say("Subject: x\r\n\r\ny\r\n.").startswith("250")
        assert talk.hear().startswith("250")
    assert len(kept) == 1
