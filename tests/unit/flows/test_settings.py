"""Settings: nothing need be set, and what is set wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import SettingError, read_settings
from schemas.model import Language


def test_an_empty_environment_is_enough() -> None:
    told = read_settings({})
    assert told.home.is_absolute()
    assert told.database_url == f"sqlite:///{told.home / 'ledger.db'}"
    assert (told.outgoing.host, told.outgoing.port, told.outgoing.tls) == ("127.0.0.1", 1025, "none")
    assert told.clock_file is None
    assert told.language is Language.EN


def test_what_is_set_is_followed() -> None:
    told = read_settings(
        {
            "DONDOC_HOME": "/srv/dondoc",
            "DONDOC_SMTP_HOST": "thu.tinh.example",
            "DONDOC_SMTP_PASSWORD": "bí mật",
            "DONDOC_LISTEN_PROTOCOL": "lmtp",
            "DONDOC_CLOCK_FILE": "/srv/clock",
            "LANG": "vi_VN.UTF-8",
        }
    )
    assert told.database_url == "sqlite:////srv/dondoc/ledger.db"
    assert told.outgoing.tls == "starttls"  # a server elsewhere is not talked to in the clear
    assert told.incoming.protocol == "lmtp"
    assert told.clock_file == Path("/srv/clock")
    assert told.language is Language.VI
    assert "bí mật" not in repr(told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DONDOC_SMTP_PORT", "0"),
        ("DONDOC_SMTP_PORT", "65536"),
        ("DONDOC_SMTP_PORT", "mot"),
        ("DONDOC_LISTEN_PORT", "-1"),
        ("DONDOC_SMTP_TLS", "ssl"),
        ("DONDOC_LISTEN_PROTOCOL", "imap"),
        ("DONDOC_MAILBOX", "baocao"),
        ("DONDOC_MAILBOX", "bao cao@x.example"),
        ("DONDOC_LANG", "fr"),
    ],
)
def test_a_value_that_cannot_be_understood_is_named_with_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({name: value})
    assert caught.value.name == name
    assert str(caught.value).startswith(f"{name}: ")
    assert value in str(caught.value)


def test_no_mailbox_is_read_unless_one_is_named() -> None:
    assert read_settings({"DONDOC_IMAP_PASSWORD": "bí mật"}).fetched is None


def test_a_mailbox_elsewhere_is_read_over_an_encrypted_line() -> None:
    named = {
        "DONDOC_IMAP_HOST": "thu.tinh.example",
        "DONDOC_IMAP_USERNAME": "baocao",
        "DONDOC_IMAP_PASSWORD": "bí mật",
    }
    told = read_settings(named).fetched
    assert told is not None
    assert (told.tls, told.port, told.folder) == ("tls", 993, "INBOX")
    starttls = read_settings({**named, "DONDOC_IMAP_TLS": "starttls"}).fetched
    assert starttls is not None
    assert starttls.port == 143
    near = read_settings({**named, "DONDOC_IMAP_HOST": "localhost"}).fetched
    assert near is not None
    assert (near.tls, near.port) == ("none", 143)
    assert "bí mật" not in repr(read_settings(named))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"DONDOC_IMAP_USERNAME": ""}, "DONDOC_IMAP_USERNAME"),
        ({"DONDOC_IMAP_PASSWORD": ""}, "DONDOC_IMAP_PASSWORD"),
        ({"DONDOC_IMAP_PORT": "993", "DONDOC_IMAP_TLS": "starttls"}, "DONDOC_IMAP_TLS"),
        ({"DONDOC_IMAP_TLS": "ssl"}, "DONDOC_IMAP_TLS"),
    ],
)
def test_a_mailbox_that_is_half_described_is_told(changes: dict[str, str], name: str) -> None:
    named = {"DONDOC_IMAP_HOST": "x.example", "DONDOC_IMAP_USERNAME": "a", "DONDOC_IMAP_PASSWORD": "b"}
    with pytest.raises(SettingError) as caught:
        read_settings({**named, **changes})
    assert caught.value.name == name
