"""The language as JSON Schemas, for editors and other programs: `python -m schemas.publish [--check]`."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from schemas.model import DirectoryFile, LibraryFile, PlanFile, SpecModel

FOLDER = Path(__file__).parent
FILES: Mapping[str, type[SpecModel]] = {
    "plan.schema.json": PlanFile,
    "directory.schema.json": DirectoryFile,
    "library.schema.json": LibraryFile,
}
"""Each published file with the model that it is made from."""


def schema_of(model: type[SpecModel]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file of the language."""
    schema = _untitled(model.model_json_schema(by_alias=True, mode="validation"))
    for name, part in ((model.__name__, schema), *schema.get("$defs", {}).items()):
        _describe(part, name)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_tidied(schema)}


def published(model: type[SpecModel]) -> str:
    """The text of the published file."""
    return json.dumps(schema_of(model), ensure_ascii=False, indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` only tell whether they are up to date; returns the exit status."""
    stale = [name for name, model in FILES.items() if _written(FOLDER / name) != published(model)]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"{name} is not up to date: run `python -m schemas.publish`\n")
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).write_text(published(FILES[name]), encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")
    return 0


def _describe(part: dict[str, Any], name: str) -> None:
    """Give each property of the model `name` a title and a description in both languages.

    The words are those of the language reference; where the source says more under an attribute, that.
    """
    told, rows = _sentences().get(name, {}), _reference().get(name, {})
    for key, one in part.get("properties", {}).items():
        row = rows.get(key)
        if row is None:
            continue
        words = {"title": f"{_begun(row.vi)} · {key.replace('_', ' ')}"}
        english = told.get(key) or (f"{_begun(row.en)}." if row.en else "")
        vietnamese = "" if row.vi.casefold() in english.casefold() else f"{_begun(row.vi)}."
        words["description"] = "\n".join(filter(None, (" ".join(english.split()), vietnamese)))
        part["properties"][key] = dict(sorted({**one, **words}.items()))


class _Row(NamedTuple):
    vi: str
    en: str


@cache
def _reference() -> Mapping[str, Mapping[str, _Row]]:
    """For each model, what the tables of the language reference say about its keys."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    found: dict[str, dict[str, _Row]] = {}
    for name, section in re.findall(
        r"^### (?:[^\n:]*: )?(\w+) ·[^\n]*\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL
    ):
        rows = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in section.splitlines()
            if line.startswith("| ")
        ]
        found[name] = {
            row[0].strip("*`"): _Row(vi=row[1].strip(), en=_plain(row[2])) for row in rows if len(row) > 3
        }
    return found


def _plain(text: str) -> str:
    """A cell without the marks of Markdown, and without what only points into the page."""
    return re.sub(r"[;,]? ?see \w+(?:, [^;]*)?$", "", text.replace("`", "")).strip()


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    """For each model, by its name, the sentences under its attributes, by the keys of the language."""
    found: dict[str, dict[str, str]] = {}
    for model in _models(SpecModel):
        for base in reversed(model.__mro__):
            if base.__module__.startswith("schemas."):
                keys = {name: field.alias or name for name, field in model.model_fields.items()}
                told = {keys[name]: text for name, text in _under(base).items() if name in keys}
                found.setdefault(model.__name__, {}).update(told)
    return found


def _models(model: type[SpecModel]) -> Iterator[type[SpecModel]]:
    for below in model.__subclasses__():
        yield below
        yield from _models(below)


def _under(model: type) -> dict[str, str]:
    """The string that follows each attribute in the source of a class."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    found = {}
    for one, after in pairwise(body):
        if (
            isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(after, ast.Expr)
        ):
            value = after.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[one.target.id] = inspect.cleandoc(value.value)
    return found


def _written(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _tidied(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, closed where keys must match a pattern."""
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            found[key] = {name: _tidied(one) for name, one in value.items()}
        elif isinstance(value, dict):
            found[key] = _tidied(value)
        elif isinstance(value, list):
            found[key] = [_tidied(one) if isinstance(one, dict) else one for one in value]
        else:
            found[key] = value
    if "patternProperties" in found:
        found["additionalProperties"] = False
    return found


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the titles that pydantic makes of the keys."""
    for part in (schema, *schema.get("$defs", {}).values()):
        for one in part.get("properties", {}).values():
            one.pop("title", None)
    return schema


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
