"""What the parser makes of raw mails that nobody stores: told by `dondoc inbox parse`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from flows.cli.texts import say

if TYPE_CHECKING:
    from notifiers.replies import Understood
    from schemas.model import Form


def parse_mails(paths: list[Path], form: str | None, specs: Path | None, *, as_json: bool) -> bool:
    """Print what the parser makes of each mail; whether every path could be read."""
    from notifiers.replies import understand
    from notifiers.replies.mime.mailbag import mails

    asked = _form(form, specs) if form is not None else None
    readable = True
    for path in paths:
        try:
            for name, raw in mails(path):
                found = told(name, understand(raw, form=asked), asked)
                typer.echo(json.dumps(found, ensure_ascii=False) if as_json else _shown(found))
        except OSError as error:
            readable = False
            typer.echo(f"dondoc: {error.filename or path}: {error.strerror or error}", err=True)
    return readable


def told(file: str, read: Understood, form: Form | None) -> dict[str, Any]:
    """What `inbox parse` says of one mail, as plain JSON."""
    from notifiers.replies import ReplyKind, read_values

    values = read_values(read, form).values if form and read.kind is ReplyKind.REPLY else {}
    bounce = read.bounce
    return {
        "file": file,
        "kind": read.kind.value,
        "text": read.text,
        "values": {name: _plain(value) for name, value in values.items()},
        "attachments": [one.name for one in read.attachments],
        "bounce": {
            "recipient": bounce.recipient,
            "action": bounce.action,
            "status": bounce.status,
            "original_message_id": bounce.original_message_id,
        }
        if bounce
        else None,
        "return_on": _plain(read.return_on),
        "asked_until_on": _plain(read.asked_until_on),
        "handed_to": read.handed_to,
        "evidence": list(read.evidence),
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _shown(found: Mapping[str, Any]) -> str:
    """For people: one mail, what was not found left out."""
    lines = [f"{found['file']}: {found['kind']}"]
    for name, value in found.items():
        if name in ("file", "kind", "text") or not value:
            continue
        lines.append(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    lines.extend(f"  | {line}" for line in str(found["text"]).split("\n") if found["text"])
    return "\n".join(lines)


def _form(named: str, specs: Path | None) -> Form:
    """The form in a file, or the one of that id in the specs."""
    file = Path(named)
    if file.is_file():
        return _form_of_file(file)
    from flows.settings import specs_folder
    from schemas.check import check

    where = specs or specs_folder()
    catalogue = check([where]).catalogue
    forms = {
        f"{plan}/{name}": one for plan, spec in catalogue.plans.items() for name, one in spec.forms.items()
    }
    forms |= catalogue.forms
    short = [name for name in forms if name == named or name.endswith(f"/{named}")]
    if len(short) != 1 and named not in forms:
        listed_forms = ", ".join(sorted(short or forms)) or "–"
        raise typer.BadParameter(say("unknown_form", form=named, specs=where, forms=listed_forms))
    return forms[named if named in forms else short[0]]


def _form_of_file(file: Path) -> Form:
    """A file that is a form, or one whose `forms:` has a single one."""
    from pydantic import ValidationError

    from schemas.loader import load
    from schemas.model import Form

    content = file.read_bytes()
    data: Any
    if file.suffix.lower() == ".json":
        try:
            data = json.loads(content)
        except ValueError as error:
            raise typer.BadParameter(say("no_form", file=file, reason=error)) from error
    else:
        source = load(file.as_posix(), content)
        data = source.root.value if source.root else None
    if isinstance(data, dict) and isinstance(data.get("forms"), dict):
        data = next(iter(data["forms"].values())) if len(data["forms"]) == 1 else None
    try:
        return Form.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}".lstrip(": ")
        raise typer.BadParameter(say("no_form", file=file, reason=reason)) from error
