"""What the YAML parser stumbles over, told as the slip of the pen that it most often is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import hints
from schemas.colons import Slip, stray_colon, tight_dash, tight_dash_above
from schemas.findings import Code
from schemas.tree import Mark, Source


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What the parser says, and where."""

    problem: str
    context: str
    mark: Mark | None
    """Where it stopped."""
    opened: Mark | None
    """Where that began which it could not finish."""


_SYNTAX = {
    "mapping values are not allowed in this context": "colon",
    "did not find expected key": "indent",
    "did not find expected '-' indicator": "indent",
    "block sequence entries are not allowed in this context": "indent",
    "could not find expected ':'": "no-colon",
    "found unexpected ':'": "colon-inside",
    "found unexpected end of stream": "quote",
    "did not find expected ',' or ']'": "bracket",
    "did not find expected ',' or '}'": "bracket",
    "found character that cannot start any token": "character",
    "did not find expected alphabetic or numeric character": "character",
    "found unknown escape character": "escape",
}
_AT_ITS_BEGINNING = frozenset({"quote", "bracket", "no-colon"})
"""Where it was opened says more than where the parser stopped."""
_BULLET = re.compile(r"^\s*([–—−•·●▪*+])\s+\S")
_TIGHT_COLON = re.compile(r"^\s*(?:- +)?([a-z_]+):(?=[^\s:/])")
_MERGE = re.compile(r"^(<{7}|={7}|>{7})(?= |$)")
_HASHED = re.compile(r"\S[ \t]+(?=#\w)")
_KEY = re.compile(r"^[a-z_]+$")
_VALUE = re.compile(r"[^\s,{}\[\]]+")


def report_syntax(source: Source, trouble: Trouble) -> None:
    """Tell what is wrong with the text of `source`."""
    variant = _SYNTAX.get(trouble.problem, "")
    mark = trouble.mark
    if variant in _AT_ITS_BEGINNING or "scanning an a" in trouble.context:  # an alias or an anchor
        mark = trouble.opened or mark
    if variant == "quote" and "quoted" not in trouble.context:
        variant = ""
    mark = mark or Mark(1, 1, 1)
    if mark.line > len(source.lines):
        mark = Mark(len(source.lines), 1, 1)
    line = source.lines[mark.line - 1]
    indent = len(line) - len(line.lstrip())
    if "	" in line[:indent] or ("tab" in trouble.problem and "\t" in line):
        source.report(Code.TAB, Mark(mark.line, line.index("\t") + 1, 1))
        return
    slip = _slip(source.lines, variant, mark, line)
    if slip.variant == "hash":
        source.findings[:] = [
            one for one in source.findings if one.code is not Code.HASH_IN_VALUE or one.line != slip.mark.line
        ]
    source.report(
        Code.SYNTAX, slip.mark, slip.variant, problem=trouble.problem or "unreadable", meant=slip.meant
    )


def _slip(lines: Sequence[str], variant: str, mark: Mark, line: str) -> Slip:
    """What says most about a line."""
    written = _written(mark.line, line)
    if written is not None:
        return written
    if variant in ("no-colon", "colon", "indent") and (found := _TIGHT_COLON.match(line)):
        meant = f"{found[1]}: {line[found.end() :].rstrip()}"
        return Slip("tight-colon", Mark(mark.line, found.end(), 1), meant)
    if variant == "colon-inside":
        return _colon(mark, line)
    if variant == "colon":
        return tight_dash_above(lines, mark.line) or stray_colon(lines, mark) or Slip(variant, mark)
    if variant == "bracket":
        return _bracket(mark, line)
    if variant == "indent" and mark.column > len(line) - len(line.lstrip()) + 1:
        before = line[: mark.column - 1].rstrip()
        return Slip("after" if before.endswith(("]", "}", '"', "'")) else "character", mark)
    return Slip(variant, mark)


def _written(number: int, line: str) -> Slip | None:
    """What is wrong with how the line begins."""
    if found := _MERGE.match(line):
        return Slip("merge", Mark(number, 1, len(line.rstrip())), found[0])
    if found := _BULLET.match(line):
        return Slip("bullet", Mark(number, found.start(1) + 1, 1), found[1])
    return tight_dash(number, line)


def _bracket(mark: Mark, line: str) -> Slip:
    """A bracket that is not closed, or whose closing one is part of a comment or of a quoted text."""
    if found := _HASHED.search(line):
        return Slip("hash", Mark(mark.line, found.end() + 1, max(1, len(line.rstrip()) - found.end())))
    if line.count('"') % 2:
        return Slip("quote", Mark(mark.line, line.rindex('"') + 1, 1))
    return Slip("bracket", mark)


def _colon(mark: Mark, line: str) -> Slip:
    """A colon inside brackets that no blank follows: of a time of day, or after a key."""
    for value in _VALUE.finditer(line):
        if value.start() < mark.column <= value.end() + 1:
            key, _, rest = value[0].partition(":")
            where = Mark(mark.line, value.start() + 1, value.end() - value.start())
            if _KEY.match(key):
                return Slip("tight-colon", where, f"{key}: {rest}")
            return Slip("colon-inside", where, hints.clock(value[0]) or f'"{value[0]}"')
    return Slip("colon", mark)
