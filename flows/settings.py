"""What a machine is told about itself: where the ledger lies, which mail servers to use, how to be called."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flows.channel_settings import channels
from flows.environment import SettingError, number, one_of, secret
from flows.mail_settings import (
    IncomingSettings,
    MailboxSettings,
    OutgoingSettings,
    fetched,
    incoming,
    outgoing,
)
from schemas.model import Language


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
    operator: str | None
    """The mail address of whoever runs dondoc here; None when nobody is named."""
    outgoing: OutgoingSettings
    incoming: IncomingSettings
    fetched: MailboxSettings | None
    """None when no mailbox is read."""
    channels: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The addresses of chat channels, with their credentials, by the names that plans know them by."""
    templates: Path | None
    """Where the coordinator's own words for mails are; None when there are none."""
    clock_file: Path | None
    language: Language
    prefect_api_url: str | None
    prefect_port: int
    workers: int
    """How many cycles may pass at once in this process; 0 leaves that to Prefect workers elsewhere."""
    readers: int
    """How many processes may read mails beside, when many wait; 0 for none."""

    given_secret: str | None = field(repr=False)
    """None when a key is to be made here."""

    @property
    def has_ledger(self) -> bool:
        """Whether there may be a ledger to read: a file that is there, or a database elsewhere."""
        kind, _, file = self.database_url.partition(":///")
        return not kind.startswith("sqlite") or Path(file).is_file()

    def secret(self) -> bytes:
        """The key that reply addresses are signed with: DONDOC_SECRET, or one made at first use and kept in
        `home`. Several machines must share one.
        """
        if self.given_secret is not None:
            return self.given_secret.encode()
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
    templates = env.get("DONDOC_TEMPLATES")
    operator = env.get("DONDOC_OPERATOR")
    return Settings(
        home=home,
        database_url=env.get("DONDOC_DATABASE_URL") or f"sqlite:///{home / 'ledger.db'}",
        specs=specs_folder(env).absolute(),
        mailbox=_address("DONDOC_MAILBOX", env.get("DONDOC_MAILBOX", "baocao@dondoc.example")),
        mail_name=env.get("DONDOC_MAIL_NAME", "Đôn đốc báo cáo"),
        operator=_address("DONDOC_OPERATOR", operator) if operator else None,
        outgoing=outgoing(env),
        incoming=incoming(env),
        fetched=fetched(env),
        channels=channels(env),
        templates=_folder("DONDOC_TEMPLATES", templates) if templates else None,
        clock_file=Path(clock_file).absolute() if clock_file else None,
        language=Language(one_of(env, "DONDOC_LANG", tuple(Language), _default_language(env))),
        prefect_api_url=env.get("PREFECT_API_URL") or None,
        prefect_port=number(env, "DONDOC_UI_PORT", 4200, 0, 65535),
        workers=number(env, "DONDOC_WORKERS", 4, 0, 64),
        readers=number(env, "DONDOC_READERS", min(_processors() - 1, 4), 0, 64),
        given_secret=secret(env, "DONDOC_SECRET"),
    )


def specs_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where the specs are, as it was written: messages name files as a person does."""
    env = os.environ if environ is None else environ
    return Path(env.get("DONDOC_SPECS") or "plan_specs").expanduser()


def _address(name: str, value: str) -> str:
    if value.count("@") != 1 or any(char.isspace() for char in value):
        raise SettingError(name, "address", given=value)
    return value


def _folder(name: str, given: str) -> Path:
    path = Path(given).expanduser().absolute()
    if not path.is_dir():
        raise SettingError(name, "folder", given=given)
    return path


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _default_language(env: Mapping[str, str]) -> str:
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return Language.VI if locale.lower().startswith("vi") else Language.EN
