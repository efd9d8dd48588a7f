"""What the command library says by itself: help pages and misuse, in the language of whoever types."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from flows.cli.texts import say
from flows.speech import LANGUAGE
from schemas.model import Language

_OURS = "Invalid value: "
"""What the library puts before a sentence of ours."""

_HELP: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), key)
    for pattern, key in (
        (r"^Usage: ", "usage_usage"),
        (r"^Arguments:$", "usage_arguments"),
        (r"^Options:$", "usage_options"),
        (r"^Commands:$", "usage_commands"),
        (r"(?<=  )Show this message and exit\.$", "usage_help"),
        (r"\[required\]", "usage_required"),
        (r"\[default: ", "usage_default"),
        (r"\[OPTIONS\]", "usage_some_options"),
        (r"COMMAND \[ARGS\]\.\.\.", "usage_command"),
        (r"(?<=<)list\[str\](?=>)|(?<=<)str(?=>)", "usage_text"),
        (r"(?<=<)(?:int|float)(?: range)?(?=>)", "usage_number"),
        (r"(?<=<)(?:list\[Path\]|path|file|directory)(?=>)", "usage_path"),
    )
)
_MISUSE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"Missing (?:argument|option|parameter) '?(.+?)'?\.(?: .*)?", "usage_missing"),
        (r"Missing command\.", "usage_no_command"),
        (r"No such command '(.+)'\..*", "usage_unknown_command"),
        (r"No such option: (\S+)(?: \(Possible options: .*| Did you mean .*)?", "usage_unknown_option"),
        (r"Got unexpected extra argument(?:\(s\)|s)? \((.+)\)", "usage_too_much"),
        (r"Option '(.+)' requires (?:an argument|\d+ arguments)\.", "usage_without_value"),
        (r"Option '(.+)' does not take a value\.", "usage_takes_no_value"),
        (r"Invalid value for '?(.+?)'?: (.+)", "usage_bad_value"),
    )
)

_VALUES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"Input should be a valid (?:integer|number).*", "usage_no_number"),
        (r"Input should be less than or equal to (.+)", "usage_too_high"),
        (r"Input should be greater than or equal to (.+)", "usage_too_low"),
        (r"(?:Value error, )?'(.+)' is not one of (.+?)\.?", "usage_no_choice"),
    )
)


def help_in_words(text: str) -> str:
    """A help page with the library's own words in the language of whoever reads it."""
    if LANGUAGE is Language.EN:
        return text.replace("<list[Path]>", "<path>").replace("<int range>", "<number>")
    for pattern, key in _HELP:
        text = pattern.sub(say(key), text)
    return text


def misuse_in_words(message: str, command: str) -> str:
    """The one line on a misuse of `command`: a sentence of ours as it stands, else with where help is."""
    if message.startswith(_OURS):
        return message.removeprefix(_OURS)
    if message.startswith(say("usage_usage")):  # a command that does nothing by itself: its help page
        return message
    return say("usage_see", message=_said(message, _MISUSE).removesuffix("."), command=command)


def _said(message: str, patterns: Sequence[tuple[re.Pattern[str], str]]) -> str:
    """The message in our words, where we have some for it."""
    for pattern, key in patterns:
        found = pattern.fullmatch(message)
        if found is not None:
            name, *values = (*found.groups(), "")
            return say(key, name=name, value=_said(values[0], _VALUES) if values else "")
    return message


class _Command(TyperCommand):
    """A command whose help page speaks the reader's language."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - the library's own context
        """The help page."""
        return help_in_words(super().get_help(ctx))


class _Group(TyperGroup):
    """The same for a command with subcommands."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - the library's own context
        """The help page."""
        return help_in_words(super().get_help(ctx))


class Commands(typer.Typer):
    """Subcommands whose help pages speak the reader's language."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - what the library takes
        super().__init__(
            cls=_Group,
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            **options,
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401
        """Add a subcommand."""
        return super().command(name, cls=_Command, **options)
