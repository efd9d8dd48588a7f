from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from notifiers.errors import MailLoginRefused, MailServerUnavailable
from notifiers.ports import Accepted, Deferred, InDoubt, Mail, Outcome, Refused
from notifiers.smtp import NO_ANSWER, SmtpMailer, SmtpSettings
from notifiers.tls import Tls
from tests.integration.certificates import Certificate
from tests.integration.mail_server import Recorder, hasty, serving


def mail(
    *to: str, sender: str = "bounce@dondoc.example", body: bytes = b"xin ch\xc3\xa0o\r\n.\r\n..het\r\n"
) -> Mail:
    raw = b"Subject: thu\r\n\r\n" + body
    return Mail(message_id="<1@dondoc.example>", envelope_from=sender, envelope_to=to, raw=raw)


def settings(port: int, **changed: object) -> SmtpSettings:
    known: dict[str, object] = {"host": "127.0.0.1", "port": port, "tls": Tls.NONE, "timeout": 2.0, **changed}
    return SmtpSettings(**known)  # type: ignore[arg-type]


async def send(port: int, *mails: Mail, **changed: object) -> list[Outcome]:
    async with SmtpMailer(settings(port, **changed)).session() as session:
        return [await session.send(one) for one in mails]


either_way = pytest.mark.parametrize("pipelining", [False, True], ids=["one-by-one", "together"])


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


@either_way
def test_many_mails_go_over_one_connection_octet_for_octet(*, pipelining: bool) -> None:
    async def scenario() -> None:
        async with serving(pipelining=pipelining) as server:
            outcomes = await send(server.port, *(mail(f"xa{number}@a.example") for number in range(20)))
            assert all(isinstance(outcome, Accepted) and "taken" in outcome.answer for outcome in outcomes)
            assert server.connections == 1
            assert [one.rcpt_tos for one in server.mails] == [
                [f"xa{number}@a.example"] for number in range(20)
            ]
            assert {one.original_content for one in server.mails} == {mail("x@a.example").raw}
            assert server.mails[0].mail_from == "bounce@dondoc.example"

    run(scenario)


@either_way
def test_each_refusal_is_told_apart_and_leaves_the_connection_clean_for_the_next_mail(
    *, pipelining: bool
) -> None:
    async def scenario() -> None:
        async with serving(pipelining=pipelining) as server:
            busy, gone, later, never, good = await send(
                server.port,
                mail("450@a.example"),
                mail("550@a.example"),
                mail("data451@a.example"),
                mail("data554@a.example"),
                mail("xa@a.example"),
            )
            assert busy == Deferred(code=450, answer="4.2.1 mailbox busy")
            assert gone == Refused(code=550, answer="5.1.1 no such mailbox")
            assert isinstance(later, Deferred)
            assert later.code == 451
            assert isinstance(never, Refused)
            assert never.code == 554
            assert isinstance(good, Accepted)
            assert server.connections == 1
            assert server.resets == 2
            assert [one.rcpt_tos for one in server.mails] == [["xa@a.example"]]

    run(scenario)


@either_way
def test_a_refused_copy_does_not_hold_up_the_addressee_and_a_refused_addressee_stops_the_copies(
    *, pipelining: bool
) -> None:
    async def scenario() -> None:
        async with serving(pipelining=pipelining) as server:
            copy_refused, addressee_refused = await send(
                server.port,
                mail("xa@a.example", "550cc@a.example", "huyen@a.example"),
                mail("550@a.example", "huyen@a.example"),
            )
            assert isinstance(copy_refused, Accepted)
            assert [(one.recipient, one.code) for one in copy_refused.refused] == [("550cc@a.example", 550)]
            assert isinstance(addressee_refused, Refused)
            assert [one.rcpt_tos for one in server.mails] == [["xa@a.example", "huyen@a.example"]]

    run(scenario)


@either_way
def test_a_line_that_breaks_after_the_data_leaves_the_mail_in_doubt_and_the_next_mail_reconnects(
    *, pipelining: bool
) -> None:
    async def scenario() -> None:
        async with serving(pipelining=pipelining) as server:
            dropped, good = await send(server.port, mail("drop@a.example"), mail("xa@a.example"))
            assert isinstance(dropped, InDoubt)
            assert isinstance(good, Accepted)
            assert server.connections == 2

    run(scenario)


@either_way
def test_an_answer_that_never_comes_after_the_data_is_doubt_too(*, pipelining: bool) -> None:
    async def scenario() -> None:
        async with serving(pipelining=pipelining) as server:
            (outcome,) = await send(server.port, mail("mute@a.example"), timeout=0.3)
            assert isinstance(outcome, InDoubt)
            assert len(server.mails) == 1

    run(scenario)


@either_way
def test_a_line_that_breaks_before_the_data_is_tried_again_later(*, pipelining: bool) -> None:
    async def scenario() -> None:
        async with serving(pipelining=pipelining) as server:
            first, good = await send(server.port, mail("hangup@a.example"), mail("xa@a.example"))
            assert isinstance(first, Deferred)
            assert first.code in (NO_ANSWER, 421)
            assert isinstance(good, Accepted)
            assert len(server.mails) == 1

    run(scenario)


def test_a_connection_dropped_while_idle_is_opened_again_without_a_word() -> None:
    async def scenario() -> None:
        async with serving() as server, SmtpMailer(settings(server.port)).session() as session:
            assert isinstance(await session.send(mail("xa@a.example")), Accepted)
            await _cut(server)
            assert isinstance(await session.send(mail("xb@a.example")), Accepted)
            assert server.connections == 2
            assert len(server.mails) == 2

    run(scenario)


async def _cut(server: Recorder) -> None:
    assert server.server is not None
    for task in asyncio.all_tasks():
        coroutine = task.get_coro()
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and "self" in frame.f_locals and hasattr(frame.f_locals["self"], "smtp_MAIL"):
            frame.f_locals["self"].transport.abort()
    await asyncio.sleep(0.05)


def test_where_the_server_takes_commands_together_a_mail_costs_two_turns() -> None:
    async def scenario() -> None:
        async with hasty("250 sender", "250 addressee", "354 go") as (port, heard):
            (outcome,) = await send(port, mail("xa@a.example"))
            assert outcome == Accepted(answer="250 taken", refused=())
            assert b"".join(heard) == b"Subject: thu\r\n\r\nxin ch\xc3\xa0o\r\n..\r\n...het\r\n.\r\nQUIT\r\n"

    run(scenario)


def test_no_data_go_to_a_server_that_waits_for_them_though_it_refused_the_addressee() -> None:
    async def scenario() -> None:
        async with hasty("250 sender", "550 nobody here", "354 go") as (port, heard):
            (outcome,) = await send(port, mail("xa@a.example"))
            assert outcome == Refused(code=550, answer="nobody here")
            assert heard == []

    run(scenario)


def test_an_address_that_would_say_more_than_an_address_is_refused_before_the_server_hears_of_it() -> None:
    async def scenario() -> None:
        async with serving() as server:
            smuggled, good = await send(server.port, mail('"x\x07a"@a.example'), mail("xa@a.example"))
            assert isinstance(smuggled, Refused)
            assert isinstance(good, Accepted)
            assert [one.rcpt_tos for one in server.mails] == [["xa@a.example"]]

    run(scenario)


def test_no_server_is_one_clear_error_that_is_also_a_connection_error() -> None:
    async def scenario() -> None:
        async with serving() as server:
            port = server.port
        with pytest.raises(MailServerUnavailable) as raised:
            await send(port, mail("xa@a.example"))
        assert isinstance(raised.value, ConnectionError)
        assert (raised.value.host, raised.value.port) == ("127.0.0.1", port)
        assert str(port) in str(raised.value)

    run(scenario)


def test_a_server_that_does_not_greet_in_time_is_unavailable() -> None:
    async def scenario() -> None:
        async with serving(greeting_after=5.0) as server:
            with pytest.raises(MailServerUnavailable):
                await send(server.port, mail("xa@a.example"), timeout=0.3)

    run(scenario)


def test_a_server_that_greets_slowly_is_waited_for() -> None:
    async def scenario() -> None:
        async with serving(greeting_after=0.3) as server:
            (outcome,) = await send(server.port, mail("xa@a.example"))
            assert isinstance(outcome, Accepted)

    run(scenario)


def test_addresses_with_accents_travel_where_the_server_takes_them_and_are_refused_elsewhere() -> None:
    async def scenario() -> None:
        async with serving() as server:
            (outcome,) = await send(server.port, mail("vănthư@xã.example"))
            assert isinstance(outcome, Accepted)
            assert server.mails[0].rcpt_tos == ["vănthư@xã.example"]
            assert server.mails[0].smtp_utf8
        async with serving(utf8=False) as plain:
            accented, good = await send(plain.port, mail("vănthư@xã.example"), mail("vanthu@a.example"))
            assert isinstance(accented, Refused)
            assert isinstance(good, Accepted)
            assert len(plain.mails) == 1

    run(scenario)


def test_a_mail_over_the_servers_size_is_refused_for_good() -> None:
    async def scenario() -> None:
        async with serving(size_limit=200) as server:
            big, good = await send(server.port, mail("xa@a.example", body=b"x" * 400), mail("xa@a.example"))
            assert isinstance(big, Refused)
            assert big.code == 552
            assert isinstance(good, Accepted)

    run(scenario)


def test_a_certificate_nobody_vouches_for_stops_the_mail(certificate: Certificate) -> None:
    async def scenario() -> None:
        async with serving(starttls=certificate.server_context()) as server:
            with pytest.raises(MailServerUnavailable, match=r"(?i)certificate"):
                await send(server.port, mail("xa@a.example"), tls=Tls.STARTTLS, host="localhost")
            assert server.mails == []
            (outcome,) = await send(
                server.port,
                mail("xa@a.example"),
                tls=Tls.STARTTLS,
                host="localhost",
                certificates=str(certificate.pem),
            )
            assert isinstance(outcome, Accepted)

    run(scenario)


def test_starttls_is_required_when_asked_for() -> None:
    async def scenario() -> None:
        async with serving() as server:
            with pytest.raises(MailServerUnavailable, match="STARTTLS"):
                await send(server.port, mail("xa@a.example"), tls=Tls.STARTTLS)
            assert server.mails == []

    run(scenario)


def test_a_refused_login_says_so_and_the_password_is_never_shown() -> None:
    async def scenario() -> None:
        async with serving(login=True) as server:
            with pytest.raises(MailLoginRefused) as raised:
                await send(server.port, mail("xa@a.example"), username="dondoc", password="wrong-one")
            assert "wrong-one" not in str(raised.value)
            (outcome,) = await send(server.port, mail("xa@a.example"), username="dondoc", password="right")
            assert isinstance(outcome, Accepted)

    run(scenario)
    assert "secret-word" not in repr(settings(25, username="dondoc", password="secret-word"))
