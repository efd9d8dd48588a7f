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
