"""A colon where YAML expects none: within a value, or after a key that is not lined up with the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from schemas.tree import Mark

_TIGHT_DASH = re.compile(r"^\s*-(?=[^\W\d])")
_KEY_AND_VALUE = re.compile(r"^(\s*(?:- +)?[\w-]+:)\s+(?![\[{\"'|>&*])(\S.*)$")
_MORE_KEYS = re.compile(r", *[a-z_]+: ")
_CURLY = ("“", "”", "„", "‟")


class Slip(NamedTuple):
    """What was probably slipped: which text tells it, where, and what was written or meant."""

    variant: str
    mark: Mark
    meant: str = ""


def stray_colon(lines: Sequence[str], mark: Mark) -> Slip | None:
    """What a colon at `mark` probably is; None when the lines do not tell."""
    line = lines[mark.line - 1]
    found = _KEY_AND_VALUE.match(line)
    if found and mark.column > found.start(2):
        value = found[2].rstrip()
        return _in_value(found[1].strip(), value, Mark(mark.line, found.start(2) + 1, len(value)))
    indent = _indent(line)
    number = _above(lines, mark.line)
    if number == 0 or not _KEY_AND_VALUE.match(lines[number - 1]) or _indent(lines[number - 1]) >= indent:
        return None
    above = lines[number - 1]
    if not above.lstrip().startswith("-") and _is_open(lines[: number - 1], indent):
        key = above.partition(":")[0].strip()
        return Slip("too-far-out", Mark(number, _indent(above) + 1, len(key)))
    return Slip("too-deep", Mark(mark.line, indent + 1, len(line.strip().partition(":")[0])))


def tight_dash(number: int, line: str) -> Slip | None:
    """A dash without a blank after it, at the beginning of a line."""
    found = _TIGHT_DASH.match(line)
    return found and Slip("tight-dash", Mark(number, found.end(), 1), f"- {line[found.end() :].rstrip()}")


def tight_dash_above(lines: Sequence[str], line: int) -> Slip | None:
    """The same in the nearest line above that holds something."""
    number = _above(lines, line)
    return tight_dash(number, lines[number - 1]) if number else None


def _above(lines: Sequence[str], line: int) -> int:
    """The number of the nearest line above that holds more than a comment; 0 for none."""
    return next((n for n in range(line - 1, 0, -1) if lines[n - 1].split("#")[0].strip()), 0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_open(lines: Sequence[str], indent: int) -> bool:
    """Whether keys at `indent` stand right before, nothing further out between."""
    for line in reversed(lines):
        if line.split("#")[0].strip():
            begin = len(line) - len(line.lstrip(" -"))
            if begin <= indent or _indent(line) < indent:
                return begin == indent
    return False


def _in_value(key: str, value: str, where: Mark) -> Slip:
    if value.startswith(_CURLY):
        straight = value.strip("".join(_CURLY))
        return Slip("curly-quotes", where, f'{key} "{straight}"')
    if value.startswith("(") and value.endswith(")"):
        return Slip("parens", where, f"{key} {{{value[1:-1]}}}")
    if _MORE_KEYS.search(value):
        dash = "- " if key.startswith("-") else ""
        return Slip("one-line", where, f"{dash}{{{key.lstrip('- ')} {value}}}")
    plain = value.replace('"', "'")
    return Slip("value-colon", where, f'{key} "{plain}"')
