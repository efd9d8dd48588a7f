"""Phrases: the blocks of a template file, each rendered by itself with what is known so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from notifiers import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment, Template
    from jinja2.runtime import Context


_WIDTH = 76
"""Columns of a line of plain text: quoted twice it still fits a screen of 80."""


class Phrases:
    """The blocks of one template file, each rendered by itself with what is known so far."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        self._template: Template = template(name)
        self.known: dict[str, Any] = {**self._template.globals, "language": known["letter"].language, **known}
        # the context looks into `known` itself, and so sees what is added to it
        self._context: Context = self._template.new_context(self.known, shared=True)

    def add(self, **more: object) -> None:
        """Know more, for the blocks that are rendered from now on."""
        self.known.update(more)

    def __call__(self, block: str) -> str:
        """The text of a block."""
        return "".join(self._template.blocks[block](self._context)).strip()

    def paragraphs(self, block: str) -> list[str]:
        """The paragraphs of a block, each on one line."""
        return [" ".join(one.split()) for one in self(block).split("\n\n") if one.strip()]


def wrapped(text: str, start: str = "", indent: str = "") -> str:
    """A text behind `start` in lines that mail clients show and quote as they are; its own lines stay apart,
    and what has no space in it, such as an address, stays whole.
    """
    if len(start) + len(text) <= _WIDTH and "\n" not in text:
        return start + text
    lines = _lines(_WIDTH - len(indent))
    told = (line for own in text.splitlines() for line in lines.findall(" ".join(own.split())))
    return start + f"\n{indent}".join(line.rstrip() for line in told)


@cache
def _lines(width: int) -> re.Pattern[str]:
    """What fits a line, or a word that fits none."""
    return re.compile(rf".{{1,{width}}}(?: |$)|\S+(?: |$)")


@cache
def template(name: str) -> Template:
    """The template of that name."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape

    # these templates are part of the program; what a coordinator writes is confined by `overrides`
    environment = Environment(
        loader=PackageLoader("notifiers"),
        auto_reload=False,
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("day", "weekday", "number", "inline"):
        write = getattr(wording, name)

        @pass_context
        def in_language(context: Context, given: object, write: Callable[..., object] = write) -> str:
            return str(write(given, context["language"]))

        environment.filters[name] = in_language
    environment.filters["wrapped"] = wrapped
    return environment
