"""The environment: how a variable is read, and what is said when it cannot be understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")

Environ = Mapping[str, str]


_RULES = {
    "number": '"{given}" is not a whole number from {least} to {most}',
    "choice": '"{given}" is none of {allowed}',
    "unreadable": "{given} cannot be read: {reason}",
    "empty": "{given} is empty",
    "address": '"{given}" is not a mail address; write baocao@tinh.gov.vn',
    "folder": '"{given}" is not a folder',
    "listen-tls": 'DONDOC_LISTEN_TLS is "{given}", so this must be set',
    "too": "{other} is set, so this must be set too",
    "either": "{other} is set, so this or {instead} must be set too",
    "not-both": "set this or {other}, not both",
    "always-tls": 'port {port} is encrypted from the first byte: "tls", not "{given}"',
    "https": '"{given}" does not begin with https://',
    "quotes": "its quotes do not match: {reason}",
    "no-program": "it names no program",
}
"""What may be wrong with a setting."""


class SettingError(ValueError):
    """A setting is missing or cannot be understood."""

    def __init__(self, name: str, rule: str, **said: object) -> None:
        self.name = name
        self.rule = rule
        """One of the keys above."""
        self.said = said
        """What its words speak of."""
        self.problem = _RULES[rule].format(**said)
        super().__init__(f"{name}: {self.problem}")


def number(env: Environ, name: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingError(name, "number", given=text, least=least, most=most)
    return int(text)


def one_of(env: Environ, name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    text = env.get(name)
    if not text:
        return default
    if text not in allowed:
        raise SettingError(name, "choice", given=text, allowed=", ".join(allowed))
    return text


def file(env: Environ, name: str) -> Path | None:
    """A file that is there and can be read; None when it is not set."""
    text = env.get(name)
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise SettingError(name, "unreadable", given=text, reason=error.strerror or error) from error


def secret(env: Environ, name: str) -> str | None:
    """A secret: the variable itself, or the first line of the file that NAME_FILE names."""
    if given := env.get(name):
        return given
    path = file(env, f"{name}_FILE")
    if path is None:
        return None
    lines = path.read_text("utf-8", "replace").splitlines()
    if not lines or not lines[0].strip():
        raise SettingError(f"{name}_FILE", "empty", given=path)
    return lines[0].strip()
