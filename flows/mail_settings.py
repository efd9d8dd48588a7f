"""What a machine is told about mail: the servers that take ours and hand us others', and how to log in."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flows.environment import LOOPBACK, Environ, SettingError, file, number, one_of, secret

_TLS = ("none", "starttls", "tls")
_OAUTH = "DONDOC_OAUTH_"


@dataclass(frozen=True, kw_only=True)
class OAuthSettings:
    """Where access tokens come from: a token endpoint, or a command that prints one."""

    url: str | None = None
    client_id: str = ""
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_file: Path | None = None
    scope: str | None = None
    command: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class OutgoingSettings:
    """The server that takes our mail."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    oauth: OAuthSettings | None = None
    """Log in with a token, not with a password."""
    tls: str = "starttls"
    """none, starttls or tls."""
    certificates: Path | None = None
    """Authorities to trust besides the system's."""
    connections: int = 2
    per_minute: int = 0
    """Mails in a minute at the most, all together; 0 for as many as can be."""
    per_domain: int = 0
    """Mails in a minute at the most to addressees of one domain; 0 for as many as can be."""


@dataclass(frozen=True, kw_only=True)
class IncomingSettings:
    """Where our own listener takes mail in."""

    host: str
    port: int
    protocol: str = "smtp"
    """smtp or lmtp."""
    size_limit: int = 26_214_400
    certificate: Path | None = None
    """What the listener shows of itself; without one it speaks no TLS."""
    key: Path | None = None
    tls: str = "none"
    """none, starttls (offered) or tls."""
    authserv_id: str | None = None
    """The name under which the mail server in front of us writes down whom it vouches for (RFC 8601)."""


@dataclass(frozen=True, kw_only=True)
class MailboxSettings:
    """The mailbox on another server that mail is fetched from, by IMAP."""

    host: str
    port: int
    username: str
    password: str | None = field(default=None, repr=False)
    oauth: OAuthSettings | None = None
    """Log in with a token, not with a password."""
    tls: str = "tls"
    """none, starttls or tls."""
    certificates: Path | None = None
    """Authorities to trust besides the system's."""
    folder: str = "INBOX"


def outgoing(env: Environ) -> OutgoingSettings:
    """From DONDOC_SMTP_…; raises SettingError."""
    host = env.get("DONDOC_SMTP_HOST", "127.0.0.1")
    username = env.get("DONDOC_SMTP_USERNAME") or None
    password = secret(env, "DONDOC_SMTP_PASSWORD")
    tokens = _oauth(env) if username is not None and password is None else None
    return OutgoingSettings(
        host=host,
        port=number(env, "DONDOC_SMTP_PORT", 1025, 1, 65535),
        username=username,
        password=password,
        oauth=tokens,
        tls=one_of(env, "DONDOC_SMTP_TLS", _TLS, "none" if host in LOOPBACK else "starttls"),
        certificates=file(env, "DONDOC_CERTIFICATES"),
        connections=number(env, "DONDOC_SMTP_CONNECTIONS", 2, 1, 64),
        per_minute=number(env, "DONDOC_SMTP_PER_MINUTE", 0, 0, 1_000_000),
        per_domain=number(env, "DONDOC_SMTP_PER_DOMAIN", 0, 0, 1_000_000),
    )


def incoming(env: Environ) -> IncomingSettings:
    """From DONDOC_LISTEN_…; raises SettingError."""
    certificate, key = file(env, "DONDOC_LISTEN_CERTIFICATE"), file(env, "DONDOC_LISTEN_KEY")
    tls = one_of(env, "DONDOC_LISTEN_TLS", _TLS, "starttls" if certificate else "none")
    if tls != "none" and certificate is None:
        raise SettingError("DONDOC_LISTEN_CERTIFICATE", "listen-tls", given=tls)
    return IncomingSettings(
        host=env.get("DONDOC_LISTEN_HOST", "127.0.0.1"),
        port=number(env, "DONDOC_LISTEN_PORT", 8025, 0, 65535),
        protocol=one_of(env, "DONDOC_LISTEN_PROTOCOL", ("smtp", "lmtp"), "smtp"),
        size_limit=number(env, "DONDOC_LISTEN_SIZE_LIMIT", 26_214_400, 1024, 1 << 31),
        certificate=certificate,
        key=key,
        tls=tls,
        authserv_id=env.get("DONDOC_AUTHSERV_ID") or None,
    )


def fetched(env: Environ) -> MailboxSettings | None:
    """From DONDOC_IMAP_…; None when no mailbox is named. Raises SettingError."""
    host = env.get("DONDOC_IMAP_HOST")
    if not host:
        return None
    password = secret(env, "DONDOC_IMAP_PASSWORD")
    tokens = _oauth(env) if password is None else None
    if not env.get("DONDOC_IMAP_USERNAME"):
        raise SettingError("DONDOC_IMAP_USERNAME", "too", other="DONDOC_IMAP_HOST")
    if password is None and tokens is None:
        raise SettingError(
            "DONDOC_IMAP_PASSWORD", "either", other="DONDOC_IMAP_HOST", instead="DONDOC_OAUTH_…"
        )
    tls = one_of(env, "DONDOC_IMAP_TLS", _TLS, "none" if host in LOOPBACK else "tls")
    port = number(env, "DONDOC_IMAP_PORT", 993 if tls == "tls" else 143, 1, 65535)
    if port == 993 and tls != "tls":
        raise SettingError("DONDOC_IMAP_TLS", "always-tls", port=port, given=tls)
    return MailboxSettings(
        host=host,
        port=port,
        username=env["DONDOC_IMAP_USERNAME"],
        password=password,
        oauth=tokens,
        tls=tls,
        certificates=file(env, "DONDOC_CERTIFICATES"),
        folder=env.get("DONDOC_IMAP_FOLDER") or "INBOX",
    )


def _oauth(env: Environ) -> OAuthSettings | None:
    command, url = env.get(f"{_OAUTH}TOKEN_COMMAND") or None, env.get(f"{_OAUTH}TOKEN_URL") or None
    if command is not None and url is not None:
        raise SettingError(f"{_OAUTH}TOKEN_COMMAND", "not-both", other=f"{_OAUTH}TOKEN_URL")
    if command is not None:
        return OAuthSettings(command=_words(command))
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SettingError(f"{_OAUTH}TOKEN_URL", "https", given=url)
    if not env.get(f"{_OAUTH}CLIENT_ID"):
        raise SettingError(f"{_OAUTH}CLIENT_ID", "too", other=f"{_OAUTH}TOKEN_URL")
    client_secret = secret(env, f"{_OAUTH}CLIENT_SECRET")
    refresh_token = secret(env, f"{_OAUTH}REFRESH_TOKEN")
    if client_secret is None and refresh_token is None:
        raise SettingError(
            f"{_OAUTH}REFRESH_TOKEN",
            "either",
            other=f"{_OAUTH}TOKEN_URL",
            instead=f"{_OAUTH}CLIENT_SECRET",
        )
    given = env.get(f"{_OAUTH}REFRESH_TOKEN")
    return OAuthSettings(
        url=url,
        client_id=env[f"{_OAUTH}CLIENT_ID"],
        client_secret=client_secret,
        refresh_token=refresh_token,
        refresh_token_file=None if given else file(env, f"{_OAUTH}REFRESH_TOKEN_FILE"),
        scope=env.get(f"{_OAUTH}SCOPE") or None,
    )


def _words(command: str) -> str:
    """The command as it was given, once it is known to be one."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise SettingError(f"{_OAUTH}TOKEN_COMMAND", "quotes", reason=error) from error
    if not words:
        raise SettingError(f"{_OAUTH}TOKEN_COMMAND", "no-program")
    return command
