"""A bulletin: the few lines that go to a chat channel beside mails, without any value of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from notifiers import wording
from notifiers.phrases import template
from notifiers.ports import Letter, LetterKind
from schemas.model import Language

ANNOUNCED = frozenset(
    (
        LetterKind.ESCALATION,
        LetterKind.RESOLVED,
        LetterKind.MISSING,
        LetterKind.PETITION,
        LetterKind.UNREACHABLE,
    )
)
"""Letters to superiors and coordinators, which a bulletin may go beside; agencies are asked by mail alone."""

RESULT = "result"
"""What a bulletin about the end of a period is called."""

_OWED = "owed"
"""What a bulletin about classified reports is called: that something is owed is all that it says."""
_MOST = 10
"""Reports told one by one; with more, the text would be too long for some services."""
_TITLE = 70


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A short text under a title, both plain."""

    title: str
    text: str


def is_announced(letter: Letter) -> bool:
    """Whether a bulletin goes beside this letter to whoever asked for one."""
    return letter.kind in ANNOUNCED


def subject_of(letter: Letter) -> str:
    """What a bulletin beside this letter is about; letters with different subjects are told apart."""
    return _OWED if letter.classified else letter.kind


def bulletin(letters: Sequence[Letter]) -> Bulletin:
    """What is said beside letters of one plan, one language and one subject, at least one.

    It names agencies, tasks and dates as the plan does, and repeats nothing that an agency wrote.
    """
    first = letters[0]
    return _worded(
        first.language,
        subject_of(first),
        plan=wording.document(first.plan_number, first.language),
        count=len(letters),
        more=max(0, len(letters) - _MOST),
        letters=[(one, wording.shortened(one.task_title, _TITLE)) for one in letters[:_MOST]],
    )


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a period ended, in counts."""

    owed: int
    in_time: int
    late: int
    missing: int
    silent: tuple[str, ...] = ()
    """The agencies without a report, each once."""
    in_part: bool = False
    """Whether reports were owed besides that are classified, and not counted."""


def result(language: Language, *, plan_number: str, cycle: str, ended: Result) -> Bulletin:
    """How a period ended: how many reports came, and whose did not; no value of any."""
    return _worded(
        language,
        RESULT,
        plan=wording.document(plan_number, language),
        cycle=cycle,
        ended=ended,
        named=ended.silent[:_MOST],
        more=max(0, len(ended.silent) - _MOST),
    )


def digest(language: Language, *, waiting: int, troubled: int, strays: int) -> Bulletin:
    """How much waits for whoever decides: mails of agencies, mails that were refused, mails of nobody."""
    return _worded(language, "digest", waiting=waiting, troubled=troubled, strays=strays)


def _worded(language: Language, about: str, **said: Any) -> Bulletin:  # noqa: ANN401 - what a template is filled with
    text = template(f"{language}/bulletin.txt.j2").render(said, about=about, language=language)
    title, _, rest = text.strip().partition("\n")
    return Bulletin(title=" ".join(title.split()), text=rest.strip())
