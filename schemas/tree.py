"""A file as a plain tree of values, each with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.findings import Argument, Code, Finding, Place

Scalar = str | int | float | bool | None
Tree = Scalar | list[Any] | dict[str, Any]
Path = tuple[str | int, ...]


def column_letters(column: int) -> str:
    """The name of a workbook's column, counted from 1: A, B, … Z, AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


class Mark(NamedTuple):
    """Where something stands; line and column count from 1."""

    line: int
    column: int
    length: int


@dataclass(slots=True, eq=False)
class Node:
    """A value of the tree, with where it stands and what is in it."""

    value: Tree
    mark: Mark
    keys: dict[str | int, Mark] = field(default_factory=dict)
    """Where each key of a mapping stands; of a list, each item."""
    items: dict[str | int, Node] = field(default_factory=dict)
    size: int = 1


@dataclass(kw_only=True, eq=False)
class Source:
    """One file as read."""

    file: str
    lines: list[str] = field(default_factory=list)
    root: Node | None = None
    """None when the file cannot be read as YAML."""
    findings: list[Finding] = field(default_factory=list)
    top_keys: set[str] = field(default_factory=set)
    """The top-level keys seen, those before a mistake included."""
    sheet: str = ""
    """The name of the sheet that was read, when the file is a workbook."""
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    """What the cells of a workbook show, by row and column."""
    blanks: list[tuple[str, Mark]] = field(default_factory=list)
    """Keys after whose colon nothing stands, not even `null`."""

    def place(self, mark: Mark) -> Place:
        """`mark` as a place in this file."""
        if self.sheet:
            return self._cell(mark)
        text = self.lines[mark.line - 1] if 0 < mark.line <= len(self.lines) else ""
        return Place(file=self.file, line=mark.line, column=mark.column, length=mark.length, text=text)

    def _cell(self, mark: Mark) -> Place:
        """`mark` as a place in a workbook."""
        return Place(
            file=self.file,
            line=mark.line,
            column=mark.column,
            text=self.cells.get((mark.line, mark.column), ""),
            cell=f"{self.sheet}!{column_letters(mark.column)}{mark.line}",
        )

    def key_place(self, path: Path) -> Place:
        """Where the key (or list item) at the end of `path` stands, or the nearest thing above it."""
        return self.place(self._mark(path, of_key=True))

    def value_place(self, path: Path) -> Place:
        """Where the value at `path` stands, or the nearest thing above it."""
        return self.place(self._mark(path, of_key=False))

    def _mark(self, path: Path, *, of_key: bool) -> Mark:
        node, mark = self.root, Mark(1, 1, 1)
        for step in path:
            if node is None or step not in node.items:
                return mark
            mark = node.keys[step]
            node = node.items[step]
        return mark if of_key or node is None else node.mark

    def report(
        self, code: Code, mark: Mark, variant: str = "", *, also: Mark | None = None, **args: Argument
    ) -> None:
        """Keep a finding about this file's text."""
        second = self.place(also) if also else None
        self.findings.append(
            Finding(code=code, place=self.place(mark), variant=variant, args=args, also=second)
        )
