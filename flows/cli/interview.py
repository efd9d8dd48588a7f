"""Interviews: the questions of `dondoc new`, answered at a terminal or from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import typer

from flows.cli.texts import say
from flows.speech import LANGUAGE

T = TypeVar("T")
Read = Callable[[str], T]
"""Makes something of an answer; raises NotUnderstood."""


class NotUnderstood(ValueError):
    """An answer that nothing can be made of; the message says why, in the reader's language."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Interview(Protocol):
    """Whoever answers the questions. A question is named by the key under which a file answers it."""

    def ask(self, key: str, read: Read[T], *, default: str | None = None, hint: str = "") -> T:
        """The answer to a question; `hint` helps whoever types."""
        ...

    def tasks(self) -> Iterator[None]:
        """A turn for each task that there is to tell of."""
        ...


class AtTerminal:
    """A person who types, and is asked again until it can be understood."""

    def ask(self, key: str, read: Read[T], *, default: str | None = None, hint: str = "") -> T:
        """Ask until `read` makes something of the answer."""
        if hint:
            typer.echo(hint)
        while True:
            answer: str = typer.prompt(say(f"new_{key}"), default=default)
            try:
                return read(answer.strip())
            except NotUnderstood as problem:
                typer.echo(problem.message)
                typer.echo(say("new_not_understood"))

    def tasks(self) -> Iterator[None]:
        """One task, and more as long as somebody says so."""
        yield
        while typer.confirm(say("new_more"), default=False):
            yield


class FromFile:
    """A YAML file with the answers; all that is wrong with it is told at once, by `check`."""

    def __init__(self, path: Path) -> None:
        from schemas.loader import load

        self._path = path
        try:
            source = load(str(path), path.read_bytes())
        except OSError as error:
            raise typer.BadParameter(say("cannot_read", path=path, reason=error.strerror)) from error
        if source.findings:
            raise typer.BadParameter("\n".join(one.render(LANGUAGE) for one in source.findings))
        whole = source.root.value if source.root is not None else None
        if not isinstance(whole, dict):
            raise typer.BadParameter(say("answers_no_mapping", path=path))
        self._whole: dict[str, Any] = whole
        self._part: dict[str, Any] = whole
        self._where = ""
        self._asked: dict[str, set[str]] = {"": {"tasks"}}
        self._problems: list[str] = []

    def ask(self, key: str, read: Read[T], *, default: str | None = None, hint: str = "") -> T:  # noqa: ARG002 - for those who type
        """The answer under `key`, or the default; what is wrong with it is kept for `check`."""
        key = key.removeprefix("task_")  # it stands below its task
        self._asked.setdefault(self._where, set()).add(key)
        given = self._part.get(key)
        answer = default if given is None else _text(given)
        if answer is None:
            self._problem(key, say("answers_missing"))
        else:
            try:
                return read(answer)
            except NotUnderstood as problem:
                self._problem(key, problem.message)
        return cast("T", "")  # nothing is made of the answers once there is a problem

    def tasks(self) -> Iterator[None]:
        """A turn for each item under `tasks`."""
        listed = self._whole.get("tasks")
        if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
            self._problem("tasks", say("answers_no_tasks"))
            listed = []
        for number, one in enumerate(listed, start=1):
            self._part, self._where = one, f"tasks {number}, "
            yield
        self._part, self._where = self._whole, ""

    def check(self) -> None:
        """A misuse that tells everything wrong with the answers, if anything is."""
        parts: dict[str, Mapping[str, Any]] = {"": self._whole}
        parts |= {f"tasks {n}, ": one for n, one in enumerate(self._whole.get("tasks") or [], start=1)}
        for where, known in self._asked.items():
            for key in parts[where]:
                if key not in known:
                    self._where = where
                    self._problem(key, say("answers_unknown", keys=", ".join(sorted(known))))
        if self._problems:
            told = "".join(f"\n  {problem}" for problem in self._problems)
            raise typer.BadParameter(say("answers_wrong", path=self._path) + told)

    def _problem(self, key: str, message: str) -> None:
        self._problems.append(f"{self._where}{key}: {message}")


def _text(value: object) -> str:
    return ", ".join(_text(one) for one in value) if isinstance(value, list) else str(value).strip()
