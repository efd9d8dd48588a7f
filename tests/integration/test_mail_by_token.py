"""Logging in with a token instead of a password (XOAUTH2), at real servers, tokens from a real endpoint."""

from __future__ import annotations

import asyncio
import base64
import errno
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.smtp import AuthResult

from notifiers.errors import MailboxLoginRefused, MailLoginRefused, MailServerUnavailable
from notifiers.imap import ImapFetcher
from notifiers.imap_folder import ImapSettings
from notifiers.ports import Accepted, Mail, Outcome, RawMail
from notifiers.smtp import SmtpMailer, SmtpSettings
from notifiers.tls import Tls
from notifiers.tokens import AccessTokens, TokenCommand, TokenEndpoint
from tests.integration.imap_server import Dovecot, running_dovecot
from tests.integration.mail_server import serving
from tests.integration.memory_cursors import Cursors
from tests.integration.required import not_here
from tests.integration.token_server import CLIENT, TokenServer, token_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER = "baocao"
WITHIN_SECONDS = 15.0


def endpoint(server: TokenServer, **changes: object) -> AccessTokens:
    told: dict[str, object] = {
        "url": server.url,
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        **changes,
    }
    return AccessTokens(TokenEndpoint(**told))  # type: ignore[arg-type]


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


# ---------------------------------------------------------------- IMAP, at Dovecot


@pytest.fixture(scope="module")
def tokens() -> Iterator[TokenServer]:
    with token_server(USER) as server:
        yield server


@pytest.fixture(scope="module")
def dovecot(tokens: TokenServer) -> Iterator[Dovecot]:
    if shutil.which("dovecot") is None or not Path("/usr/lib/dovecot/lmtp").exists():
        not_here("Dovecot", "apt install dovecot-imapd dovecot-lmtpd")
    with running_dovecot(introspection_port=tokens.port) as server:
        yield server


def mailbox(server: Dovecot, tokens: AccessTokens) -> ImapSettings:
    return ImapSettings(
        host="127.0.0.1",
        port=server.imap_port,
        username=USER,
        tokens=tokens,
        tls=Tls.NONE,
        timeout=5.0,
        retry_after=0.1,
        retry_at_most=0.4,
    )


def test_a_mailbox_is_read_with_a_token_and_with_another_once_that_one_is_refused(
    dovecot: Dovecot, tokens: TokenServer, caplog: pytest.LogCaptureFixture
) -> None:
    kept: list[RawMail] = []
    held = endpoint(tokens)
    dovecot.deliver(b"Subject: one\r\n\r\n45\r\n")
    with ImapFetcher(mailbox(dovecot, held), kept.append, Cursors()):
        until(lambda: len(kept) == 1)
    first = held.token()
    tokens.holds.clear()  # it is withdrawn long before its time
    dovecot.deliver(b"Subject: two\r\n\r\n45\r\n")
    fetcher = ImapFetcher(mailbox(dovecot, held), kept.append, Cursors())
    with fetcher:
        until(lambda: len(kept) == 3)
    assert fetcher.trouble is None
    assert [one["grant_type"] for one in tokens.asked] == ["client_credentials"] * 2
    assert held.token() != first
    assert caplog.text == ""


def test_a_token_that_is_not_given_out_any_more_is_told_in_one_line_without_a_secret(
    dovecot: Dovecot, tokens: TokenServer, caplog: pytest.LogCaptureFixture
) -> None:
    told = mailbox(dovecot, endpoint(tokens, refresh_token="het-han-1234"))
    fetcher = ImapFetcher(told, lambda _: None, Cursors())
    with fetcher:
        until(lambda: isinstance(fetcher.trouble, MailboxLoginRefused))
    (error,) = caplog.records
    assert "invalid_grant the refresh token has ended" in error.getMessage()
    assert "\n" not in error.getMessage()
    for secret in ("het-han-1234", CLIENT[1]):
        assert secret not in caplog.text
        assert secret not in repr(told.tokens._source if told.tokens else None)


# ---------------------------------------------------------------- SMTP


class _TakesTokens:
    """What the SMTP server does with AUTH XOAUTH2."""

    def __init__(self, tokens: TokenServer) -> None:
        self.tokens = tokens
        self.given: list[str] = []

    async def __call__(self, _server: object, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        user, bearer = said.removesuffix("\1\1").split("\1")
        self.given.append(bearer.removeprefix("auth=Bearer "))
        right = user == f"user={USER}" and self.given[-1] in self.tokens.holds
        return AuthResult(success=right, handled=False, auth_data=b"")


async def sent(port: int, tokens: AccessTokens, times: int = 1) -> list[Outcome]:
    told = SmtpSettings(host="127.0.0.1", port=port, username=USER, tokens=tokens, tls=Tls.NONE, timeout=5)
    mail = Mail(
        message_id="<1@x>", envelope_from="a@x.example", envelope_to=("b@x.example",), raw=b"S: x\r\n"
    )
    outcomes = []
    for _ in range(times):
        async with SmtpMailer(told).session() as session:
            outcomes.append(await session.send(mail))
    return outcomes


def test_mail_goes_out_with_a_token_that_is_asked_for_once_and_anew_when_it_is_refused() -> None:
    async def scenario() -> None:
        with token_server(USER, refresh_token="r-1") as tokens:
            takes = _TakesTokens(tokens)
            async with serving(xoauth2=takes) as server:
                held = endpoint(tokens, refresh_token="r-1")
                assert [type(one) for one in await sent(server.port, held, 3)] == [Accepted] * 3
                assert takes.given == ["the-1"] * 3
                tokens.holds.clear()
                assert [type(one) for one in await sent(server.port, held)] == [Accepted]
                assert takes.given[3:] == ["the-1", "the-2"]
                tokens.refresh_token = "r-2"
                tokens.holds.clear()
                with pytest.raises(MailLoginRefused, match="invalid_grant"):
                    await sent(server.port, held)
                assert len(tokens.asked) == 3

    asyncio.run(scenario())


def test_a_token_about_to_expire_is_not_used() -> None:
    async def scenario() -> None:
        with token_server(USER, refresh_token="r-1", expires_in=61) as tokens:
            takes = _TakesTokens(tokens)
            async with serving(xoauth2=takes) as server:
                held = endpoint(tokens, refresh_token="r-1")
                await sent(server.port, held)
                await asyncio.sleep(1.1)
                await sent(server.port, held)
            assert takes.given == ["the-1", "the-2"]

    asyncio.run(scenario())


def test_an_endpoint_that_is_down_is_waited_for_as_a_mail_server_is() -> None:
    async def scenario() -> None:
        with token_server(USER, refresh_token="r-1", down=True) as tokens:
            async with serving(xoauth2=_TakesTokens(tokens)) as server:
                held = endpoint(tokens, refresh_token="r-1")
                with pytest.raises(MailServerUnavailable, match="no access token from"):
                    await sent(server.port, held)
                tokens.down = False
                assert [type(one) for one in await sent(server.port, held)] == [Accepted]

    asyncio.run(scenario())


def test_a_server_that_takes_no_tokens_is_told() -> None:
    async def scenario() -> None:
        with token_server(USER, refresh_token="r-1") as tokens:
            async with serving(login=True) as server:
                with pytest.raises(MailLoginRefused, match="504"):
                    await sent(server.port, endpoint(tokens, refresh_token="r-1"))

    asyncio.run(scenario())


def test_another_refresh_token_takes_the_place_of_the_one_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("r-1\n")
    with token_server(USER, refresh_token="r-1", following="r-2") as tokens:
        assert endpoint(tokens, refresh_token_file=file).token() == "the-1"
        assert file.read_text() == "r-2\n"
        assert endpoint(tokens, refresh_token_file=file).token() == "the-2"
        assert [one["refresh_token"] for one in tokens.asked] == ["r-1", "r-2"]


def test_a_refresh_token_that_cannot_be_written_is_told_in_one_line_and_used_from_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def read_only(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(errno.EROFS, "Read-only file system")

    file = tmp_path / "refresh"
    file.write_text("ma-1\n", "utf-8")
    with token_server(USER, refresh_token="ma-1") as tokens:
        source = endpoint(tokens, refresh_token_file=file)._source
        with monkeypatch.context() as patched:
            patched.setattr("notifiers.tokens.tempfile.mkstemp", read_only)
            for following in ("ma-2", "ma-3"):
                tokens.following = following
                source.issue()
        assert [one["refresh_token"] for one in tokens.asked] == ["ma-1", "ma-2"]
        assert file.read_text("utf-8") == "ma-1\n"
        told = [one.getMessage() for one in caplog.records]
        assert len(told) == 2
        assert all(str(file) in one and "Read-only file system" in one and "\n" not in one for one in told)
        assert not any(secret in caplog.text + repr(source) for secret in ("ma-2", "ma-3"))
        # once the folder can be written to again, the file is right again
        tokens.following = None
        source.issue()
        assert file.read_text("utf-8") == "ma-3\n"
        # and a token that a person puts there counts, whatever is remembered
        file.write_text("cua-nguoi\n", "utf-8")
        tokens.refresh_token = "cua-nguoi"
        source.issue()
        assert tokens.asked[-1]["refresh_token"] == "cua-nguoi"
    assert [one.name for one in tmp_path.iterdir()] == ["refresh"]


def test_a_command_may_print_the_token(tmp_path: Path) -> None:
    async def scenario() -> None:
        with token_server(USER) as tokens:
            takes = _TakesTokens(tokens)
            tokens.holds.add("printed")
            program = tmp_path / "in thẻ.py"
            program.write_text("print('printed')\n")
            async with serving(xoauth2=takes) as server:
                held = AccessTokens(TokenCommand(command=f"'{sys.executable}' '{program}'"))
                assert [type(one) for one in await sent(server.port, held)] == [Accepted]
                program.write_text("import sys; sys.exit('mật khẩu sai')\n")
                again = AccessTokens(TokenCommand(command=f"'{sys.executable}' '{program}'"))
                with pytest.raises(MailServerUnavailable, match="status 1"):
                    await sent(server.port, again)
                missing = AccessTokens(TokenCommand(command=str(tmp_path / "khong-co")))
                with pytest.raises(MailServerUnavailable, match="No such file"):
                    await sent(server.port, missing)

    asyncio.run(scenario())
