"""YAML text → a plain tree with the place of every key and value; what cannot be read becomes findings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from schemas.characters import find_decomposed, find_unprintable, lines_of, without_invisible
from schemas.findings import Code
from schemas.syntax import Trouble, report_syntax
from schemas.tree import Mark, Node, Scalar, Source, Tree

MAX_BYTES = 2_000_000
MAX_VALUES = 100_000
"""Values in one file, aliases counted as often as they are used."""
MAX_DEPTH = 40
_FOREIGN = {b"\xff\xfe": "utf16", b"\xfe\xff": "utf16", b"PK\x03\x04": "word", b"\xd0\xcf\x11\xe0": "word"}
"""How files begin that are no plain text: UTF-16, Office documents and archives."""


def load(file: str, content: bytes) -> Source:
    """Read `content`, the bytes of `file`. Never raises: what is wrong is in the source's findings."""
    source = Source(file=file)
    if len(content) > MAX_BYTES:
        source.report(Code.TOO_BIG, Mark(1, 1, 1), "bytes", limit=MAX_BYTES)
        return source
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace").replace("\r\n", "\n")
        column = len(before) - (before.rfind("\n") + 1) + 1
        mark = Mark(before.count("\n") + 1, column, 1)
        foreign = next((name for start, name in _FOREIGN.items() if content.startswith(start)), "")
        if foreign:
            mark = Mark(1, 1, 1)
        else:
            source.lines = lines_of(content.decode("utf-8", "replace"))
        source.report(Code.NOT_UTF8, mark, foreign, byte=f"0x{content[error.start]:02X}")
        return source
    if not unicodedata.is_normalized("NFC", text):
        source.lines = lines_of(text)
        find_decomposed(source)
        text = unicodedata.normalize("NFC", text)
    source.lines = lines_of(text)
    text = without_invisible(source, text)
    source.lines = lines_of(text)
    if not find_unprintable(source):
        _Reader(source).read(text)
    return source


_HASH = re.compile(r"\S[ \t]+(?=#[\w\"“'(])")
"""A # with a blank before it and none after it."""


class _Position(Protocol):
    line: int
    column: int


class _Event(Protocol):
    """What the parser's events have in common, as far as it is asked for."""

    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]
    value: str
    start_mark: _Position
    end_mark: _Position


@dataclass(slots=True)
class _Open:
    """A mapping or list being read."""

    node: Node
    anchor: str | None
    key: Node | None = None
    refused: bool = False
    """Whether the pending key is dropped with its value: given twice, or not a text."""
    merged: bool = False
    """Whether it holds two things run together, as told: a second `id` stood here for want of a dash, or
    the whole file comes again.
    """


class _StopReading(Exception):
    """The rest of the file is not worth reading."""


class _Reader:
    """Builds the tree of one file from the parser's events."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.documents = 0
        self.values = 0
        self.hashed = {n for n, line in enumerate(source.lines) if "#" in line and _HASH.search(line)}

    def read(self, text: str) -> None:
        try:
            for event in _events(text):
                self._take(event)
        except _StopReading:
            self.source.root = None
        except YAMLError as error:
            self.source.root = None
            report_syntax(self.source, _trouble(error))

    def _take(self, event: _Event) -> None:
        kind: type[object] = type(event)
        if kind is ScalarEvent:
            self._check_tag(event)
            plain = event.implicit[0]
            value = _scalar(event.value) if plain else event.value
            if plain and event.end_mark.line in self.hashed:
                self._find_hash(event)
            self._add(Node(value, self._mark(event)), event.anchor)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._check_tag(event)
            if len(self.open) >= MAX_DEPTH:
                self.source.report(Code.TOO_BIG, self._mark(event), "depth", limit=MAX_DEPTH)
                raise _StopReading
            empty: Tree = {} if kind is MappingStartEvent else []
            self.open.append(_Open(Node(empty, self._mark(event)), event.anchor))
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            done = self.open.pop()
            self._add(done.node, done.anchor)
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self.source.report(Code.SEVERAL_DOCUMENTS, Mark(event.start_mark.line + 1, 1, 3))
                raise _StopReading

    def _alias(self, event: _Event) -> None:
        name = event.anchor or ""
        node = self.anchors.get(name)
        if node is None:
            inside = any(one.anchor == name for one in self.open)
            variant = "inside" if inside else "unknown"
            self.source.report(Code.ANCHOR, self._mark(event), variant, name=name)
            raise _StopReading
        self._add(node, None)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        self.values += 1
        if not self.open:
            self.source.root = node
            return
        top = self.open[-1]
        holder = top.node
        holder.size += node.size
        if holder.size > MAX_VALUES or self.values > MAX_VALUES:
            self.source.report(Code.TOO_BIG, node.mark, "values", limit=MAX_VALUES)
            raise _StopReading
        if isinstance(holder.value, list):
            holder.keys[len(holder.value)] = node.mark
            holder.items[len(holder.value)] = node
            holder.value.append(node.value)
        elif isinstance(holder.value, dict):
            self._add_to_mapping(top, holder.value, node)

    def _add_to_mapping(self, top: _Open, mapping: dict[str, Any], node: Node) -> None:
        if top.key is None:
            top.key = node
            top.refused = not self._accepts_key(top.node, node)
            return
        key, top.key = top.key, None
        if top.refused:
            return
        name = self._name(key)
        if node.value is None and not self._is_written(node):
            self.source.blanks.append((name, key.mark))
        mapping[name] = node.value
        top.node.keys[name] = key.mark
        top.node.items[name] = node

    def _accepts_key(self, holder: Node, key: Node) -> bool:
        if isinstance(key.value, list | dict):
            self.source.report(Code.SYNTAX, key.mark, "key")
            return False
        name = self._name(key)
        if len(self.open) == 1:
            self.source.top_keys.add(name)
        if name in holder.keys:
            top = self.open[-1]
            if not top.merged:
                pasted = len(self.open) == 1 and list(holder.keys)[:1] == [name]
                top.merged = name == "id" or pasted
                variant = "pasted" if pasted else "dash" if name == "id" else ""
                self.source.report(Code.KEY_TWICE, key.mark, variant, also=holder.keys[name], key=name)
            return False
        holder.keys[name] = key.mark  # the first place, should the key come again
        return True

    def _name(self, key: Node) -> str:
        """The key as it was written: `2024:` and `true:` are names like any other."""
        if isinstance(key.value, str):
            return key.value
        line = self.source.lines[key.mark.line - 1]
        return line[key.mark.column - 1 : key.mark.column - 1 + key.mark.length]

    def _is_written(self, node: Node) -> bool:
        """Whether an empty value stands there as a word (`null`, `~`), and so on purpose."""
        line = self.source.lines[node.mark.line - 1] if node.mark.line <= len(self.source.lines) else ""
        return line[node.mark.column - 1 :].startswith(("null", "Null", "NULL", "~"))

    def _find_hash(self, event: _Event) -> None:
        """What stands after a blank and # is a comment, though it may have been meant for the value."""
        number, column = event.end_mark.line, event.end_mark.column
        line = self.source.lines[number]
        found = _HASH.match(line, column - 1)
        if event.value and found:
            mark = Mark(number + 1, found.end() + 1, len(line.rstrip()) - found.end())
            meant = f'"{line[event.start_mark.column if event.start_mark.line == number else 0 :].strip()}"'
            self.source.report(Code.HASH_IN_VALUE, mark, given=event.value[-60:], meant=meant)

    def _check_tag(self, event: _Event) -> None:
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            self.source.report(Code.TAG, self._mark(event), tag=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def _mark(self, event: _Event) -> Mark:
        start, end = event.start_mark, event.end_mark
        if start.line == end.line:
            return Mark(start.line + 1, start.column + 1, max(1, end.column - start.column))
        line = self.source.lines[start.line] if start.line < len(self.source.lines) else ""
        return Mark(start.line + 1, start.column + 1, max(1, len(line.rstrip()) - start.column))


def _events(text: str) -> Iterator[_Event]:
    return YAML(typ="safe").parse(text)  # type: ignore[no-any-return]


_INTEGER = re.compile(r"^[-+]?[0-9]{1,40}$")
_FLOAT = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?$")
_WORDS: Mapping[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


def _scalar(text: str) -> Scalar:
    """A plain scalar by YAML 1.2's core schema, less what a plan never holds (hexadecimal, infinity)."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first.isdigit() or first in "+-.":
        if _INTEGER.match(text):
            return int(text)
        if len(text) < 40 and _FLOAT.match(text):
            return float(text)
    return text


def _trouble(error: YAMLError) -> Trouble:
    return Trouble(
        problem=str(getattr(error, "problem", None) or "").strip(),
        context=str(getattr(error, "context", None) or ""),
        mark=_mark_of(getattr(error, "problem_mark", None)),
        opened=_mark_of(getattr(error, "context_mark", None)),
    )


def _mark_of(position: _Position | None) -> Mark | None:
    return Mark(position.line + 1, position.column + 1, 1) if position is not None else None
