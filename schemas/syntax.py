"""What the YAML parser stumbles over, told as the slip of the pen that it most often is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas import hints
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
_TIGHT_DASH = re.compile(r"^\s*-(?=[^\W\d])")
_TIGHT_COLON = re.compile(r"^\s*(?:- +)?([a-z_]+):(?=[^\s:/])")
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
    if "\t" in line[:indent] or ("tab" in trouble.problem and "\t" in line):
        source.report(Code.TAB, Mark(mark.line, line.index("\t") + 1, 1))
        return
    variant, mark, meant = _slip(variant, mark, line, indent)
    source.report(Code.SYNTAX, mark, variant, problem=trouble.problem or "unreadable", meant=meant)


def _slip(variant: str, mark: Mark, line: str, indent: int) -> tuple[str, Mark, str]:
    """The variant that says most about `line`, with its mark, and what was written or meant."""
    if found := _BULLET.match(line):
        return "bullet", Mark(mark.line, found.start(1) + 1, 1), found[1]
    if found := _TIGHT_DASH.match(line):
        rest = line[found.end() :].rstrip()
        return "tight-dash", Mark(mark.line, found.end(), 1), f"- {rest}"
    if variant in ("no-colon", "colon", "indent") and (found := _TIGHT_COLON.match(line)):
        return "tight-colon", Mark(mark.line, found.end(), 1), f"{found[1]}: {line[found.end() :].rstrip()}"
    if variant == "colon-inside":
        return _colon(mark, line)
    if variant == "indent" and mark.column > indent + 1:
        before = line[: mark.column - 1].rstrip()
        return "after" if before.endswith(("]", "}", '"', "'")) else "character", mark, ""
    return variant, mark, ""


def _colon(mark: Mark, line: str) -> tuple[str, Mark, str]:
    """A colon inside brackets that no blank follows: of a time of day, or after a key."""
    for value in _VALUE.finditer(line):
        if value.start() < mark.column <= value.end() + 1:
            key, _, rest = value[0].partition(":")
            where = Mark(mark.line, value.start() + 1, value.end() - value.start())
            if _KEY.match(key):
                return "tight-colon", where, f"{key}: {rest}"
            return "colon-inside", where, hints.clock(value[0]) or f'"{value[0]}"'
    return "colon", mark, ""
