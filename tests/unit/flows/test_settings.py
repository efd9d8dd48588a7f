"""Settings: nothing need be set, and what is set wrong is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.channel_settings import variable
from flows.environment import SettingError
from flows.settings import read_settings, specs_folder
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
            "DONDOC_AUTHSERV_ID": "mx.tinh.example",
            "DONDOC_CLOCK_FILE": "/srv/clock",
            "LANG": "vi_VN.UTF-8",
        }
    )
    assert told.database_url == "sqlite:////srv/dondoc/ledger.db"
    assert told.outgoing.tls == "starttls"  # a server elsewhere is not talked to in the clear
    assert told.incoming.protocol == "lmtp"
    assert told.incoming.authserv_id == "mx.tinh.example"
    assert told.clock_file == Path("/srv/clock")
    assert told.language is Language.VI
    assert "bí mật" not in repr(told)


@pytest.mark.parametrize(("processors", "readers"), [(1, 0), (2, 1), (5, 4), (32, 4)])
def test_one_processor_is_left_to_the_process_that_writes(
    monkeypatch: pytest.MonkeyPatch, processors: int, readers: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    assert read_settings({}).readers == readers
    assert read_settings({"DONDOC_READERS": "7"}).readers == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DONDOC_READERS", "-1"),
        ("DONDOC_SMTP_PORT", "0"),
        ("DONDOC_SMTP_PORT", "65536"),
        ("DONDOC_SMTP_PORT", "mot"),
        ("DONDOC_LISTEN_PORT", "-1"),
        ("DONDOC_SMTP_TLS", "ssl"),
        ("DONDOC_LISTEN_PROTOCOL", "imap"),
        ("DONDOC_MAILBOX", "baocao"),
        ("DONDOC_MAILBOX", "bao cao@x.example"),
        ("DONDOC_OPERATOR", "quan tri"),
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


TOKENS = {
    "DONDOC_SMTP_USERNAME": "baocao@tinh.example",
    "DONDOC_OAUTH_TOKEN_URL": "https://dang-nhap.example/token",
    "DONDOC_OAUTH_CLIENT_ID": "dondoc",
    "DONDOC_OAUTH_REFRESH_TOKEN": "bí mật",
}


def test_a_login_without_a_password_takes_a_token_when_it_is_said_where_from() -> None:
    outgoing = read_settings(TOKENS).outgoing
    assert outgoing.oauth is not None
    assert (outgoing.oauth.url, outgoing.oauth.refresh_token) == ("https://dang-nhap.example/token", "bí mật")
    assert read_settings({**TOKENS, "DONDOC_SMTP_PASSWORD": "x"}).outgoing.oauth is None
    imap = {"DONDOC_IMAP_HOST": "thu.tinh.example", "DONDOC_IMAP_USERNAME": "baocao"}
    mailbox = read_settings(TOKENS | imap).fetched
    assert mailbox is not None
    assert mailbox.oauth == outgoing.oauth
    assert "bí mật" not in repr(read_settings(TOKENS | imap))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"DONDOC_OAUTH_TOKEN_URL": "http://dang-nhap.example/token"}, "DONDOC_OAUTH_TOKEN_URL"),
        ({"DONDOC_OAUTH_CLIENT_ID": ""}, "DONDOC_OAUTH_CLIENT_ID"),
        ({"DONDOC_OAUTH_REFRESH_TOKEN": ""}, "DONDOC_OAUTH_REFRESH_TOKEN"),
        ({"DONDOC_OAUTH_TOKEN_COMMAND": "cap-the baocao"}, "DONDOC_OAUTH_TOKEN_COMMAND"),
        (
            {"DONDOC_OAUTH_TOKEN_URL": "", "DONDOC_OAUTH_TOKEN_COMMAND": "cap-the '"},
            "DONDOC_OAUTH_TOKEN_COMMAND",
        ),
        ({"DONDOC_OAUTH_REFRESH_TOKEN_FILE": "/khong/co"}, None),
        ({"DONDOC_CERTIFICATES": "/khong/co"}, "DONDOC_CERTIFICATES"),
        ({"DONDOC_LISTEN_TLS": "tls"}, "DONDOC_LISTEN_CERTIFICATE"),
    ],
)
def test_tokens_and_certificates_that_are_half_described_are_told(
    changes: dict[str, str], name: str | None
) -> None:
    if name is None:  # what is given itself goes before a file
        read_settings(TOKENS | changes)
        return
    with pytest.raises(SettingError) as caught:
        read_settings(TOKENS | changes)
    assert caught.value.name == name
    assert "bí mật" not in str(caught.value)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    held = tmp_path / "mat-khau"
    held.write_text("bí mật\n", "utf-8")
    env = {"DONDOC_SMTP_USERNAME": "baocao", "DONDOC_SMTP_PASSWORD_FILE": str(held)}
    assert read_settings(env).outgoing.password == "bí mật"
    held.write_text("\n")
    with pytest.raises(SettingError, match="is empty"):
        read_settings(env)


def test_the_key_of_addresses_may_stand_in_a_file_and_is_made_once_without_one(tmp_path: Path) -> None:
    held = tmp_path / "khoa"
    held.write_text("khóa chung\n", "utf-8")
    home = {"DONDOC_HOME": str(tmp_path / "nha")}
    assert read_settings({**home, "DONDOC_SECRET": "của tôi"}).secret() == "của tôi".encode()
    assert read_settings({**home, "DONDOC_SECRET_FILE": str(held)}).secret() == "khóa chung".encode()
    assert not (tmp_path / "nha").exists()
    made = read_settings(home).secret()
    assert len(made) == 64
    assert read_settings(home).secret() == made
    assert "khóa chung" not in repr(read_settings({**home, "DONDOC_SECRET_FILE": str(held)}))


def test_the_specs_lie_where_it_was_written() -> None:
    assert specs_folder({}) == Path("plan_specs")
    assert specs_folder({"DONDOC_SPECS": ""}) == Path("plan_specs")
    assert specs_folder({"DONDOC_SPECS": "ke-hoach"}) == Path("ke-hoach")


def test_a_listener_with_a_certificate_offers_to_encrypt(tmp_path: Path) -> None:
    pem = tmp_path / "chung-thu.pem"
    pem.write_text("x")
    assert read_settings({"DONDOC_LISTEN_CERTIFICATE": str(pem)}).incoming.tls == "starttls"


def test_channels_are_known_by_the_names_that_plans_use(tmp_path: Path) -> None:
    kept = tmp_path / "kenh"
    kept.write_text("json://chat.example/khoa\n", "utf-8")
    told = read_settings(
        {
            "DONDOC_CHANNEL_CHAT_VP": "slack://a/b/c",
            "DONDOC_CHANNEL_CHAT_CHU_TICH_FILE": str(kept),
            "DONDOC_CHANNEL_TRONG": "",
        }
    )
    assert told.channels == {"chat-vp": "slack://a/b/c", "chat-chu-tich": "json://chat.example/khoa"}
    assert "khoa" not in repr(told)
    assert variable("chat-chu-tich") == "DONDOC_CHANNEL_CHAT_CHU_TICH"


def test_an_address_of_a_channel_in_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({"DONDOC_CHANNEL_CHAT_VP_FILE": str(tmp_path / "khong-co")})
    assert caught.value.name == "DONDOC_CHANNEL_CHAT_VP_FILE"
