"""For each code of the findings: why it is one, a wrong example, and the right one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.codes import Code
from schemas.model.base import Language

_FOLDER = Path(__file__).parent
_HEAD: Mapping[str, str] = {
    "id": "vi-du-2024",
    "number": "02/KH-UBND",
    "title": "Kế hoạch ví dụ",
    "issuer": "ubnd-huyen",
    "issued_on": "5/1/2024",
    "period": "{from: 1/1/2024, to: 31/12/2024}",
    "regime": "nd-09-2019",
    "calendar": "viet-nam",
    "escalation": "don-doc",
}
_IMPLEMENTS = "[{plan: cap-tren, task: bao-cao-nam}]"
_TASKS = """\
tasks:
  - id: phat-thanh
    title: Phát thanh, tuyên truyền
    lead: cac-xa
    report: {every: year, due: {by: 18/12}, form: FORM}
"""
COMMAND = "command"
"""The frame of an example that shows what is typed, not what stands in a file."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A mistake, and how it is put right. `wrong` and `right` are shown; the rest of the file is in the
    frame.
    """

    code: Code
    frame: str
    """What stands around the text: nothing (`file`), a plan's head (`plan`), a plan's rest (`in-plan`), a
    plan's other keys (`head`) …"""
    why: Mapping[Language, str]
    wrong: str
    right: str
    encoding: str
    """In which the wrong file is saved."""
    along: frozenset[Code]
    """Other codes that follow from the mistake."""

    def shown(self, text: str) -> str:
        """`text` as it is shown, under the key that it stands in."""
        return f"plan:\n  # …\n{text}" if self.frame in ("in-plan", "head") else text

    def files(self, *, right: bool) -> dict[str, bytes]:
        """The files whose check gives the code, or with `right` nothing."""
        text = _framed(self.frame, self.right if right else self.wrong)
        encoding = "utf-8" if right else self.encoding
        name = "vi-du.yaml.txt" if self.frame == "txt" and not right else "vi-du.yaml"
        return {**base(), name: text.encode(encoding)}


def base() -> dict[str, bytes]:
    """The agencies, the library and the superior plan that the examples stand among."""
    return {path.name: path.read_bytes() for path in sorted((_FOLDER / "base").iterdir())}


def example(code: Code) -> Example:
    """The example of a code."""
    text = (_FOLDER / f"{code.value}.txt").read_text(encoding="utf-8")
    head, wrong, right = re.split(r"^--- (?:wrong|right)\n", text, flags=re.MULTILINE)
    keys = dict(line.split(": ", 1) for line in head.splitlines())
    return Example(
        code=code,
        frame=keys["frame"],
        why={language: keys[language.value] for language in Language},
        wrong=wrong,
        right=right,
        encoding=keys.get("encoding", "utf-8"),
        along=frozenset(Code(name) for name in keys.get("with", "").split()),
    )


def _framed(frame: str, text: str) -> str:
    match frame:
        case "plan":
            return _head() + text
        case "long-plan":
            return _head(period="{from: 1/1/2024, to: 31/12/2026}") + text
        case "implementing":
            return _head(implements=_IMPLEMENTS) + text
        case "lands":
            return _head(implements=_IMPLEMENTS) + text + _TASKS.replace("FORM", "cua-xa")
        case "in-plan" | "head":
            given = re.findall(r"^  (\w+):", text, re.MULTILINE)
            tasks = _TASKS.replace("FORM", "ket-qua") if frame == "in-plan" else ""
            return _head(without=given) + text + tasks
        case _:
            return text


def _head(*, without: list[str] | None = None, **more: str) -> str:
    keys = {**_HEAD, **more}
    lines = [f"  {key}: {value}" for key, value in keys.items() if key not in (without or ())]
    return "\n".join(["dondoc: 1", "plan:", *lines, ""])
