"""Overrides: a coordinator's own words for a kind of mail, in plain files, in place of those built in.

A file such as `vi/request.txt` has sections, each begun by a line with its name in brackets. What a section
does not say stays built in, and so does all that a mail must not lose: its addresses, the tag of its subject,
the table of facts, the part to fill in. Classified mails never use an override.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from notifiers import wording
from notifiers.fields import FORWARDED, NAMES, Value, known, letter_fields
from notifiers.ports import Letter
from schemas.model import Language

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.nodes import Name
    from jinja2.runtime import Context
    from jinja2.sandbox import SandboxedEnvironment

SECTIONS = ("subject", "opening", "closing")
"""What a file may have: the words before the tag of the subject, what stands above the facts, and below."""

_ABOVE = "opening"
"""The only section of what stands above a mail that is sent on."""

_HEAD = re.compile(r"^\[(.*)\]\s*$")
_MOST_BYTES = 64_000
_MOST_LETTERS = 8_000
SUBJECT_LETTERS = 200
"""A subject that is longer is cut."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a file, and where; such a section is not used."""

    path: Path
    line: int
    rule: str
    """What is wrong: unknown-file, unreadable, unknown-section, twice, outside, syntax, unknown-field,
    fails or empty."""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class _Section:
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """The sections found in a folder, by language and name of file."""

    sections: Mapping[tuple[Language, str], Mapping[str, _Section]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def said(self, language: Language, name: str, section: str, fields: Mapping[str, Value]) -> str | None:
        """A section's words for the mail of that name; None when the built-in ones are to be used."""
        found = self.sections.get((language, name), {}).get(section)
        if found is None:
            return None
        from jinja2 import TemplateError

        try:
            said = _template(found.text, language).render(fields)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
            return None
        return said if said.strip() and len(said) <= _MOST_LETTERS else None

    def words(self, letter: Letter, name: str, section: str, **more: Value) -> str | None:
        """The same for a letter; never for a classified one. `more` are further fields, or say otherwise what
        the letter cannot say of all that its mail is about.
        """
        if letter.classified or (letter.language, name) not in self.sections:
            return None
        return self.said(letter.language, name, section, {**letter_fields(letter), **more})

    def subject(self, letter: Letter, name: str, **more: Value) -> str | None:
        """The words of a subject, on one line, without its tag."""
        said = self.words(letter, name, "subject", **more)
        return wording.shortened(said, SUBJECT_LETTERS) if said is not None else None

    def paragraphs(self, letter: Letter, name: str, section: str, **more: Value) -> list[str] | None:
        """The paragraphs of a section, each on one line."""
        said = self.words(letter, name, section, **more)
        if said is None:
            return None
        return parts(said)


NONE = Overrides()


def parts(said: str) -> list[str]:
    """The paragraphs of words, each on one line."""
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", said) if one.strip()]


def read_overrides(folder: Path) -> Overrides:
    """What a folder has, `vi/request.txt` and the like. What is wrong is among the faults, and left out."""
    sections: dict[tuple[Language, str], dict[str, _Section]] = {}
    faults: list[Fault] = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")):
        place = path.relative_to(folder).parts
        if (
            len(place) != 2
            or place[0] not in tuple(Language)
            or path.suffix != ".txt"
            or path.stem not in NAMES
        ):
            faults.append(Fault(path=path, line=1, rule="unknown-file"))
            continue
        language = Language(place[0])
        try:
            text = path.read_bytes()[:_MOST_BYTES].decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(path=path, line=1, rule="unreadable", detail=str(error)))
            continue
        found: dict[str, _Section] = {}
        for name, section in _parted(text, path, faults):
            fault = _tried(path, section, path.stem, language)
            if path.stem == FORWARDED and name != _ABOVE:
                fault = Fault(path=path, line=section.line, rule="unknown-section", detail=name)
            elif name in found:
                fault = Fault(path=path, line=section.line, rule="twice", detail=name)
            if fault is None:
                found[name] = section
            else:
                faults.append(fault)
        sections[language, path.stem] = found
    return Overrides(sections=sections, faults=tuple(faults))


def _parted(text: str, path: Path, faults: list[Fault]) -> Iterator[tuple[str, _Section]]:
    """The sections of a file; each is kept on its line, so that what is wrong in it is told there."""
    name: str | None = None
    begun = 0
    lines: list[str] = []
    for number, line in enumerate([*text.splitlines(), "[]"], start=1):
        head = _HEAD.match(line)
        if head is None and name is None:
            if line.strip() and not line.startswith("#") and not begun:
                faults.append(Fault(path=path, line=number, rule="outside", detail=line.strip()))
                begun = number
            continue
        if head is None:
            lines.append(line)
            continue
        if name is not None:
            yield name, _Section(line=begun, text="\n" * begun + "\n".join(lines))
        lines, begun, name = [], number, head[1].strip()
        if name not in SECTIONS:
            if name or number <= len(text.splitlines()):
                faults.append(Fault(path=path, line=number, rule="unknown-section", detail=name))
            name = None


def _tried(path: Path, section: _Section, name: str, language: Language) -> Fault | None:
    """What goes wrong when a section is used; nothing for a good one."""
    from jinja2 import TemplateError, TemplateSyntaxError

    fields = known(name, language)
    try:
        unknown = _unknown(section.text, language, fields)
        if unknown is not None:
            return Fault(path=path, line=unknown.lineno, rule="unknown-field", detail=unknown.name)
        said = _template(section.text, language).render(fields)
    except TemplateSyntaxError as error:
        return Fault(path=path, line=error.lineno, rule="syntax", detail=error.message or "")
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return Fault(path=path, line=_line_of(error, section), rule="fails", detail=str(error))
    return None if said.strip() else Fault(path=path, line=section.line, rule="empty")


def _unknown(text: str, language: Language, fields: Mapping[str, Value]) -> Name | None:
    """The first name in a section that is no field of its mail, also where it is not reached."""
    from jinja2 import meta, nodes

    tree = _environment(language).parse(text)
    missing = meta.find_undeclared_variables(tree) - set(fields)
    return next((one for one in tree.find_all(nodes.Name) if one.name in missing), None)


def _line_of(error: Exception, section: _Section) -> int:
    """The line of the template at which it failed."""
    line, frame = section.line, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


@cache
def _environment(language: Language) -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Confined(ImmutableSandboxedEnvironment):
        """Texts, counts and conditions, and nothing that makes a text or a loop without end."""

        intercepted_binops = frozenset(("*", "**", "%"))

        def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
            del obj, attr, value
            return False

        def wrap_str_format(self, value: object) -> None:
            """Not even `format`: it pads to any width."""

        def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
            if operator == "**" or not (isinstance(left, int) and isinstance(right, int)):
                raise SecurityError(f"“{operator}” cannot be used here")
            return super().call_binop(context, operator, left, right)

    environment = Confined(undefined=StrictUndefined)
    environment.globals.clear()
    environment.filters = {
        "inline": lambda text: wording.inline(str(text), language),
        "upper": lambda text: str(text).upper(),
        "lower": lambda text: str(text).lower(),
    }
    return environment


@cache
def _template(text: str, language: Language) -> Template:
    return _environment(language).from_string(text)
