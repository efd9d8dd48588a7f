"""What a machine is told about itself: where the ledger lies, which mail servers to use, how to be called."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from schemas.model import Language

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingError(ValueError):
    """A setting is missing or cannot be understood."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        self.problem = problem
        super().__init__(f"{name}: {problem}")


@dataclass(frozen=True, kw_only=True)
class OutgoingSettings:
    """The server that takes our mail."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: str = "starttls"
    """none, starttls or tls."""
    connections: int = 2


@dataclass(frozen=True, kw_only=True)
class IncomingSettings:
    """Where our own listener takes mail in."""

    host: str
    port: int
    protocol: str = "smtp"
    """smtp or lmtp."""
    size_limit: int = 26_214_400


@dataclass(frozen=True, kw_only=True)
class MailboxSettings:
    """The mailbox on another server that mail is fetched from, by IMAP."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls: str = "tls"
    """none, starttls or tls."""
    folder: str = "INBOX"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything from the environment. Paths are absolute."""

    home: Path
    """Where dondoc keeps its own files."""
    database_url: str
    specs: Path
    mailbox: str
    """The address that requests come from and answers go to."""
    mail_name: str
    outgoing: OutgoingSettings
    incoming: IncomingSettings
    fetched: MailboxSettings | None
    """None when no mailbox is read."""
    clock_file: Path | None
    language: Language
    prefect_api_url: str | None
    prefect_port: int
    workers: int
    """How many cycles may pass at once in this process; 0 leaves that to Prefect workers elsewhere."""

    def secret(self) -> bytes:
        """The key that reply addresses are signed with: DONDOC_SECRET, or one made at first use and kept in
        `home`. Several machines must share one.
        """
        if given := os.environ.get("DONDOC_SECRET"):
            return given.encode()
        path = self.home / "secret.key"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            self.home.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.home, prefix=path.name)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_hex(32).encode())
            with suppress(FileExistsError):  # another process made one at the same moment: theirs counts
                os.link(name, path)
            Path(name).unlink()
            return path.read_bytes()


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this machine, with defaults that need nothing set.

    Raises SettingError for a value that cannot be understood.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("DONDOC_HOME", ".dondoc")).expanduser().absolute()
    clock_file = env.get("DONDOC_CLOCK_FILE")
    return Settings(
        home=home,
        database_url=env.get("DONDOC_DATABASE_URL") or f"sqlite:///{home / 'ledger.db'}",
        specs=Path(env.get("DONDOC_SPECS", "plan_specs")).expanduser().absolute(),
        mailbox=_mailbox(env),
        mail_name=env.get("DONDOC_MAIL_NAME", "Đôn đốc báo cáo"),
        outgoing=OutgoingSettings(
            host=env.get("DONDOC_SMTP_HOST", "127.0.0.1"),
            port=_number(env, "DONDOC_SMTP_PORT", 1025, 1, 65535),
            username=env.get("DONDOC_SMTP_USERNAME") or None,
            password=env.get("DONDOC_SMTP_PASSWORD") or None,
            tls=_one_of(env, "DONDOC_SMTP_TLS", ("none", "starttls", "tls"), _default_tls(env)),
            connections=_number(env, "DONDOC_SMTP_CONNECTIONS", 2, 1, 64),
        ),
        incoming=IncomingSettings(
            host=env.get("DONDOC_LISTEN_HOST", "127.0.0.1"),
            port=_number(env, "DONDOC_LISTEN_PORT", 8025, 0, 65535),
            protocol=_one_of(env, "DONDOC_LISTEN_PROTOCOL", ("smtp", "lmtp"), "smtp"),
            size_limit=_number(env, "DONDOC_LISTEN_SIZE_LIMIT", 26_214_400, 1024, 1 << 31),
        ),
        fetched=_fetched(env),
        clock_file=Path(clock_file).absolute() if clock_file else None,
        language=Language(_one_of(env, "DONDOC_LANG", tuple(Language), _default_language(env))),
        prefect_api_url=env.get("PREFECT_API_URL") or None,
        prefect_port=_number(env, "DONDOC_UI_PORT", 4200, 0, 65535),
        workers=_number(env, "DONDOC_WORKERS", 4, 0, 64),
    )


def _mailbox(env: Mapping[str, str]) -> str:
    value = env.get("DONDOC_MAILBOX", "baocao@dondoc.example")
    if value.count("@") != 1 or any(char.isspace() for char in value):
        raise SettingError("DONDOC_MAILBOX", f'"{value}" is not a mail address; write baocao@tinh.gov.vn')
    return value


def _fetched(env: Mapping[str, str]) -> MailboxSettings | None:
    host = env.get("DONDOC_IMAP_HOST")
    if not host:
        return None
    for name in ("DONDOC_IMAP_USERNAME", "DONDOC_IMAP_PASSWORD"):
        if not env.get(name):
            raise SettingError(name, "DONDOC_IMAP_HOST is set, so this must be set too")
    tls = _one_of(env, "DONDOC_IMAP_TLS", ("none", "starttls", "tls"), "none" if host in _LOOPBACK else "tls")
    port = _number(env, "DONDOC_IMAP_PORT", 993 if tls == "tls" else 143, 1, 65535)
    if port == 993 and tls != "tls":
        raise SettingError(
            "DONDOC_IMAP_TLS", f'port 993 is encrypted from the first byte: "tls", not "{tls}"'
        )
    return MailboxSettings(
        host=host,
        port=port,
        username=env["DONDOC_IMAP_USERNAME"],
        password=env["DONDOC_IMAP_PASSWORD"],
        tls=tls,
        folder=env.get("DONDOC_IMAP_FOLDER") or "INBOX",
    )


def _default_tls(env: Mapping[str, str]) -> str:
    host = env.get("DONDOC_SMTP_HOST", "127.0.0.1")
    return "none" if host in _LOOPBACK else "starttls"


def _default_language(env: Mapping[str, str]) -> str:
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return Language.VI if locale.lower().startswith("vi") else Language.EN


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingError(name, f'"{text}" is not a whole number from {least} to {most}')
    return int(text)


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    text = env.get(name)
    if not text:
        return default
    if text not in allowed:
        raise SettingError(name, f'"{text}" is none of {", ".join(allowed)}')
    return text
