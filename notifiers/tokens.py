"""Access tokens for mail servers that take a token instead of a password (XOAUTH2).

A token is asked for when the first login needs it, kept until shortly before it expires, and asked for anew
when a server refuses it. Neither tokens nor what they are had for are ever written to a log.
"""

from __future__ import annotations

import logging
import os
import shlex
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from notifiers.errors import TokenRefused, TokenUnavailable

log = logging.getLogger(__name__)

_EARLY_SECONDS = 60.0
"""A token is not used any more in the last minute of its life."""
_COMMAND_TOKEN_SECONDS = 300.0
"""A command says nothing about how long its token lives; most keep tokens themselves."""
_PATIENCE_SECONDS = 30.0
_NOT_NOW = ("temporarily_unavailable", "server_error", "slow_down")
"""Errors of a token endpoint (RFC 6749, 5.2 and 4.1.2.1) that pass by themselves."""


@dataclass(frozen=True, kw_only=True)
class IssuedToken:
    """A token as it was given out."""

    value: str = field(repr=False)
    lives_seconds: float


class TokenSource(Protocol):
    """Where tokens come from."""

    def issue(self) -> IssuedToken:
        """Get a new token. Raises TokenUnavailable and TokenRefused."""
        ...


class AccessTokens:
    """The token at hand, for any number of threads."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._token: IssuedToken | None = None
        self._until = 0.0

    def token(self, *, refused: str | None = None) -> str:
        """A token that has not expired, and is not the one that a server just refused.

        Raises TokenUnavailable when none can be had now, TokenRefused when a person must do something.
        """
        with self._lock:
            usable = self._token is not None and time.monotonic() < self._until
            if self._token is None or not usable or self._token.value == refused:
                self._token = self._source.issue()
                self._until = time.monotonic() + max(self._token.lives_seconds - _EARLY_SECONDS, 1.0)
            return self._token.value


@dataclass(frozen=True, kw_only=True)
class TokenEndpoint:
    """The token endpoint of a mail provider (RFC 6749): by refresh token, or else by client credentials.

    A provider may give out another refresh token each time: in a file the new one takes the place of the old.
    While it cannot be written there, that is said each time, and the new one is used for as long as the
    process runs and nobody changes the file.
    """

    url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_file: Path | None = None
    scope: str | None = None
    _unwritten: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By what stands in the file, the token that should stand there."""

    def issue(self) -> IssuedToken:
        """Ask for a token."""
        from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
        from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
        from requests import RequestException

        held = self._held()
        session = OAuth2Session(
            self.client_id,
            self.client_secret,
            scope=self.scope,
            token_endpoint_auth_method="client_secret_post" if self.client_secret else "none",
            default_timeout=_PATIENCE_SECONDS,
        )
        try:
            with session:
                if held is not None:
                    answer = session.refresh_token(self.url, refresh_token=held)
                else:
                    answer = session.fetch_token(self.url, grant_type="client_credentials")
        except AuthlibBaseError as error:
            told = " ".join(str(part) for part in (error.error, error.description) if part)
            kind = TokenUnavailable if error.error in _NOT_NOW else TokenRefused
            raise kind(self.url, told) from error
        except (RequestException, ValueError) as error:
            raise TokenUnavailable(self.url, _without_address(error)) from error
        return self._issued(dict(answer), held)

    def _issued(self, answer: dict[str, Any], held: str | None) -> IssuedToken:
        value = answer.get("access_token")
        if not isinstance(value, str) or not value:
            raise TokenUnavailable(self.url, "its answer has no access_token")
        following = answer.get("refresh_token")
        if self.refresh_token_file is not None:
            self._keep(
                self.refresh_token_file, following if isinstance(following, str) and following else held
            )
        try:
            lives = float(answer.get("expires_in") or _COMMAND_TOKEN_SECONDS)
        except (TypeError, ValueError):
            lives = _COMMAND_TOKEN_SECONDS
        return IssuedToken(value=value, lives_seconds=lives)

    def _held(self) -> str | None:
        if self.refresh_token_file is None:
            return self.refresh_token
        written = self._written(self.refresh_token_file)
        return self._unwritten.get(written, written)

    def _keep(self, file: Path, latest: str | None) -> None:
        """Have the latest refresh token stand in the file; when that cannot be, say so and remember it."""
        written = self._written(file)
        if latest is None or latest == written:
            return
        try:
            _replace(file, latest)
        except OSError as error:
            self._unwritten[written] = latest
            log.warning(
                "the new refresh token cannot be written to %s (%s): let the account that runs dondoc write "
                "to that folder; until then it is used from memory, and lost when dondoc ends",
                file,
                _without_address(error),
            )
        else:
            self._unwritten.clear()

    def _written(self, file: Path) -> str:
        try:
            return file.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise TokenRefused(str(file), _without_address(error)) from error


@dataclass(frozen=True, kw_only=True)
class TokenCommand:
    """A command that prints a token, as many mail programs have it; it is run without a shell."""

    command: str = field(repr=False)

    def issue(self) -> IssuedToken:
        """Run it."""
        words = shlex.split(self.command)
        try:
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = "it took too long" if isinstance(error, subprocess.TimeoutExpired) else error.strerror
            raise TokenUnavailable(words[0], reason or "it cannot be run") from error
        if done.returncode != 0:
            raise TokenUnavailable(words[0], f"it ended with status {done.returncode}")
        printed = done.stdout.decode("ascii", "replace").split()
        if len(printed) != 1:
            raise TokenUnavailable(words[0], "it did not print a token, and nothing else")
        return IssuedToken(value=printed[0], lives_seconds=_COMMAND_TOKEN_SECONDS)


def _replace(file: Path, content: str) -> None:
    """Write a secret in one step, or leave the file as it is and raise OSError."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(content + "\n")
        Path(name).replace(file)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _without_address(error: Exception) -> str:
    """What went wrong, in words that hold no secret: not those of a request."""
    return getattr(error, "strerror", None) or type(error).__name__
