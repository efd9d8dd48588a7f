"""Changes to the text of a file that leave all else as it stands: comments, order, quotes and blank lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from schemas.tree import Mark, Node, Path, Source

_PLAIN = re.compile(r"^[\w…][^:#\[\]{},&*!|>'\"%@`\n]*$")
_NUMBER = re.compile(r"^[\d.,_]+([eE][-+]?\d+)?$")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def scalar(text: str) -> str:
    """`text` as YAML: plain where that is safe, else in double quotes."""
    plain = _PLAIN.match(text) and not _NUMBER.match(text)
    if plain and text.strip() == text and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


@dataclass(kw_only=True, eq=False)
class Rewriting:
    """Changes to one file, gathered and then made at once. Paths that do not exist change nothing."""

    source: Source
    _edits: list[tuple[int, int, int, str]] = field(default_factory=list)
    """Line, first column, length, and what comes instead."""
    _remarks: dict[int, list[str]] = field(default_factory=dict)
    _hidden: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Lines to comment out: how far they are indented together, and of the first of them, why."""

    def replace(self, path: Path, value: str | int) -> None:
        """Write another value at `path`; one that spans several lines is left alone."""
        node = self._node(path)
        if node is not None and not node.items:
            self._edit(node.mark, scalar(value) if isinstance(value, str) else str(value))

    def add(self, path: Path, key: str, value: str | int) -> None:
        """Give the mapping at `path` one more key, before its others."""
        node = self._node(path)
        if node is None or not isinstance(node.value, dict) or not node.keys:
            return
        written = f"{key}: {scalar(value) if isinstance(value, str) else value}"
        mark, first = node.mark, next(iter(node.keys.values()))
        if self.source.lines[mark.line - 1][mark.column - 1 : mark.column] == "{":
            self._edits.append((mark.line, mark.column + 1, 0, f"{written}, "))
        else:
            self._edits.append((first.line, first.column, 0, f"{written}\n{' ' * (first.column - 1)}"))

    def rename(self, path: Path, key: str) -> None:
        """Give the key at the end of `path` another name."""
        mark = self._key(path)
        if mark is not None:
            self._edit(mark, key)

    def remark(self, path: Path, text: str) -> None:
        """Add a comment at the end of the line that `path` stands on."""
        mark = self._key(path)
        if mark is not None:
            self._remarks.setdefault(mark.line, []).append(text)

    def reword(self, path: Path, how: Callable[[str], str]) -> None:
        """Change the comment that ends the line of `path`, if there is one."""
        node = self._node(path)
        if node is not None:
            line = self.source.lines[node.mark.line - 1]
            start = line.find(" # ", node.mark.column - 1 + node.mark.length)
            if start >= 0 and (node.mark.line, start + 1) not in {edit[:2] for edit in self._edits}:
                self._edits.append((node.mark.line, start + 1, len(line) - start, how(line[start:])))

    def comment_out(self, path: Path, why: str) -> None:
        """Make comments of the key at `path` and all that is in it, with a line above that says why."""
        mark, node = self._key(path), self._node(path)
        if mark is not None and node is not None:
            last = max(one.mark.line for one in _within(node))
            for line in range(mark.line, last + 1):
                self._hidden[line] = (mark.column - 1, why if line == mark.line else "")

    def text(self) -> str:
        """The file with all changes made."""
        lines = list(self.source.lines)
        for line, column, length, instead in sorted(self._edits, reverse=True):
            old = lines[line - 1]
            lines[line - 1] = old[: column - 1] + instead + old[column - 1 + length :]
        for line, remarks in self._remarks.items():
            if line not in self._hidden:
                lines[line - 1] = f"{lines[line - 1].rstrip()} # {'; '.join(remarks)}"
        for line in sorted(self._hidden, reverse=True):
            indent, why = self._hidden[line]
            room, old = " " * indent, lines[line - 1]
            lines[line - 1] = f"{room}# {old[indent:]}" if old.strip() else old
            if why:
                lines.insert(line - 1, f"{room}# {why}")
        return "\n".join(lines)

    def _edit(self, mark: Mark, instead: str) -> None:
        self._edits.append((mark.line, mark.column, mark.length, instead))

    def _node(self, path: Path) -> Node | None:
        node = self.source.root
        for step in path:
            node = node.items.get(step) if node is not None else None
        return node

    def _key(self, path: Path) -> Mark | None:
        holder = self._node(path[:-1])
        return holder.keys.get(path[-1]) if holder is not None else None


def _within(node: Node) -> Iterator[Node]:
    yield node
    for one in node.items.values():
        yield from _within(one)
