"""Facts: the table of a letter that says which report it is about, whose, to whom and by when."""

from __future__ import annotations

from notifiers.phrases import Phrases
from notifiers.ports import Doubted, Letter, LetterKind

_MOST_STEPS = 12
_NO_LONGER_DUE = frozenset((LetterKind.WITHDRAWN, LetterKind.HANDED_OVER, LetterKind.RESOLVED))
_TELLS_TASK = frozenset((LetterKind.REQUEST,))

MAY_BE_COMMON = ("plan", "agency", "report_to", "cycle", "due")
"""Facts that are told once, above all sections, where they are the same for all reports of a mail."""


def rows(letter: Letter, shared: Phrases) -> list[tuple[str, str, str]]:
    """The facts with their keys; rows without a value are left out."""
    if letter.kind is LetterKind.WHICH_REPORT and letter.doubted is not None:
        return _numbered(letter.doubted, shared)
    several = bool(letter.several)
    tells_task = letter.kind in _TELLS_TASK and not letter.classified
    enclosed = "" if letter.classified else "; ".join(one.name for one in letter.enclosures)
    told = {
        "plan": "" if letter.of_several_plans else shared("plan_value"),
        "task": "" if several else shared("task_value"),
        "task_text": (letter.task_text or "") if tells_task else "",
        "note": "" if letter.classified else letter.note or "",
        "agency": "" if several and letter.kind is LetterKind.RESOLVED else letter.agency.name,
        "report_to": shared("report_to_value"),
        "cycle": "" if letter.of_several_plans else shared("cycle_value"),
        "handed_from": letter.handed_from.name if letter.handed_from else "",
        "due": "" if several or letter.kind in _NO_LONGER_DUE else shared("due_value"),
        "history": _history(letter, shared),
        "enclosed": enclosed,
    }
    return [(key, shared(key), value) for key, value in told.items() if value]


def _numbered(doubted: Doubted, shared: Phrases) -> list[tuple[str, str, str]]:
    """The reports that a mail may be about, each behind its number."""
    told = []
    for place, report in enumerate(doubted.reports, start=1):
        shared.add(meant=report, place=place)
        told.append((f"meant_{place}", shared("meant"), shared("meant_value")))
    return told


def _history(letter: Letter, shared: Phrases) -> str:
    """The steps of the chase so far, in one sentence: "Đề nghị báo cáo ngày 15/11/2024; …"."""
    steps = []
    for one in letter.history[-_MOST_STEPS:]:
        shared.add(earlier=one)
        steps.append(shared("earlier"))
    told = "; ".join(steps)
    return told[:1].upper() + told[1:]
