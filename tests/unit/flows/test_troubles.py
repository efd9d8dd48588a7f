from __future__ import annotations

from pathlib import Path

import pytest

from flows import environment, troubles
from flows.clock import ClockUnreadable
from flows.environment import SettingError
from flows.ledger.database import LedgerBusy, LedgerTooNew, LedgerUnreachable
from flows.mail_settings import fetched, incoming, outgoing
from flows.serving import AlreadyServing, HomeUnusable, MailPortTaken
from flows.settings import read_settings
from notifiers.errors import (
    MailboxLoginRefused,
    MailboxUnavailable,
    MailLoginRefused,
    MailServerUnavailable,
    PortInUse,
    TokenRefused,
    TokenUnavailable,
    UnusableCertificate,
)
from schemas.model import Language

TROUBLES = [
    (LedgerUnreachable("sqlite:///a.db", "unable to open"), "DONDOC_DATABASE_URL"),
    (LedgerTooNew("sqlite:///a.db", "0099"), "0099"),
    (LedgerBusy("database is locked"), "database is locked"),
    (ClockUnreadable(Path("/a/clock")), "/a/clock"),
    (AlreadyServing("/a"), "DONDOC_HOME"),
    (HomeUnusable("/a", "Permission denied"), "DONDOC_HOME"),
    (MailPortTaken("127.0.0.1", 25, "address already in use"), "DONDOC_LISTEN_PORT"),
    (PortInUse("127.0.0.1", 25, "address already in use"), "127.0.0.1:25"),
    (MailServerUnavailable("mx", 587, "certificate verify failed"), "DONDOC_CERTIFICATES"),
    (MailLoginRefused("mx", 587, "baocao", "535 5.7.8"), "DONDOC_SMTP_PASSWORD"),
    (MailboxUnavailable("mx", 993, "no such folder"), "DONDOC_IMAP_FOLDER"),
    (MailboxLoginRefused("mx", 993, "baocao", "NO"), "DONDOC_IMAP_PASSWORD"),
    (TokenUnavailable("https://t.example", "timed out"), "https://t.example"),
    (TokenRefused("https://t.example", "invalid_grant"), "invalid_grant"),
    (UnusableCertificate("/a.pem", "key mismatch"), "DONDOC_LISTEN_KEY"),
]


@pytest.fixture
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(troubles, "LANGUAGE", Language.VI)


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(("trouble", "named"), TROUBLES)
def test_a_vietnamese_operator_reads_one_line_of_his_own(trouble: Exception, named: str) -> None:
    said = troubles.told(trouble)
    assert named in said
    assert said != str(trouble)
    assert "\n" not in said
    assert any(letter in said for letter in "ơưđăạảấầếộớủ")


@pytest.mark.parametrize(("trouble", "_named"), TROUBLES)
def test_in_english_nothing_that_the_exception_says_is_lost(
    trouble: Exception, _named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubles, "LANGUAGE", Language.EN)
    said = troubles.told(trouble)
    for its in vars(trouble).values():
        assert str(its) in said


@pytest.mark.usefixtures("vietnamese")
def test_what_the_system_says_most_often_is_told_in_vietnamese() -> None:
    assert "không có quyền" in troubles.told(HomeUnusable("/a", "Permission denied"))


@pytest.mark.usefixtures("vietnamese")
@pytest.mark.parametrize(
    "env",
    [
        {"DONDOC_SMTP_PORT": "x"},
        {"DONDOC_SMTP_TLS": "ssl"},
        {"DONDOC_CERTIFICATES": "/khong/co"},
        {"DONDOC_MAILBOX": "baocao"},
        {"DONDOC_TEMPLATES": "/khong/co"},
        {"DONDOC_LISTEN_TLS": "tls"},
        {"DONDOC_IMAP_HOST": "mx"},
        {"DONDOC_IMAP_HOST": "mx", "DONDOC_IMAP_USERNAME": "a"},
        {"DONDOC_IMAP_HOST": "mx", "DONDOC_IMAP_USERNAME": "a", "DONDOC_IMAP_PASSWORD": "b",
         "DONDOC_IMAP_TLS": "none", "DONDOC_IMAP_PORT": "993"},
        {"DONDOC_SMTP_USERNAME": "a", "DONDOC_OAUTH_TOKEN_URL": "http://t.example"},
        {"DONDOC_SMTP_USERNAME": "a", "DONDOC_OAUTH_TOKEN_URL": "https://t.example"},
        {"DONDOC_SMTP_USERNAME": "a", "DONDOC_OAUTH_TOKEN_URL": "https://t.example",
         "DONDOC_OAUTH_CLIENT_ID": "c"},
        {"DONDOC_SMTP_USERNAME": "a", "DONDOC_OAUTH_TOKEN_URL": "x", "DONDOC_OAUTH_TOKEN_COMMAND": "y"},
        {"DONDOC_SMTP_USERNAME": "a", "DONDOC_OAUTH_TOKEN_COMMAND": "'"},
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_understood_is_named_in_vietnamese(env: dict[str, str]) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings(env)
    said = troubles.told(caught.value)
    assert said.startswith(f"{caught.value.name}: ")
    assert caught.value.problem not in said


def test_every_rule_of_a_setting_has_words_in_both_languages() -> None:
    assert set(environment._RULES) == set(troubles._SETTINGS)


def test_settings_that_are_right_raise_nothing() -> None:
    assert outgoing({}).port == 1025
    assert incoming({}).port == 8025
    assert fetched({}) is None
