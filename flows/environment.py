"""The environment: how a variable is read, and what is said when it cannot be understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")

Environ = Mapping[str, str]


class SettingError(ValueError):
    """A setting is missing or cannot be understood."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        self.problem = problem
        super().__init__(f"{name}: {problem}")


def number(env: Environ, name: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingError(name, f'"{text}" is not a whole number from {least} to {most}')
    return int(text)


def one_of(env: Environ, name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    text = env.get(name)
    if not text:
        return default
    if text not in allowed:
        raise SettingError(name, f'"{text}" is none of {", ".join(allowed)}')
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
        raise SettingError(name, f"{text} cannot be read: {error.strerror or error}") from error


def secret(env: Environ, name: str) -> str | None:
    """A secret: the variable itself, or the first line of the file that NAME_FILE names."""
    if given := env.get(name):
        return given
    path = file(env, f"{name}_FILE")
    if path is None:
        return None
    lines = path.read_text("utf-8", "replace").splitlines()
    if not lines or not lines[0].strip():
        raise SettingError(f"{name}_FILE", f"{path} is empty")
    return lines[0].strip()
