"""The document's words against the key chosen: "trước ngày" leaves the day out, "chậm nhất" takes it in."""

from __future__ import annotations

import re

from schemas.declared import Declared, Entry
from schemas.findings import Code, Thing
from schemas.model import Due, PlanFile, Report, Task
from schemas.references import task_paths
from schemas.tree import Path

_DAY = r"(?:ngày\s+)?(\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(\d{1,2})(?!\d)"
_BEFORE = re.compile(rf"\b(?:trước|before)\s+{_DAY}", re.IGNORECASE)
_BY = re.compile(
    rf"\b(?:chậm nhất|muộn nhất|hạn chót|không quá|hết|by|no later than|not later than)"
    rf"(?:\s+(?:là|vào|đến|trong|hết))*\s*:?\s+{_DAY}",
    re.IGNORECASE,
)


def check_wording(declared: Declared) -> None:
    """Compare the words of every task with the keys of its due dates."""
    for entry in declared.plans.entries.values():
        if not entry.reading.is_broken(()):
            for number, index in task_paths(entry):
                _compare(declared, entry, number, entry.thing.tasks[index])


def _compare(declared: Declared, entry: Entry[PlanFile], number: int, task: Task) -> None:
    dues = [(path, due) for path, due in _dues(number, task) if due.before is not None or due.by is not None]
    for key in ("text", "title") if dues else ():
        words = getattr(task, key) or ""
        before = {(int(day), int(month)) for day, month in _BEFORE.findall(words)}
        by = {(int(day), int(month)) for day, month in _BY.findall(words)} - before
        for path, due in dues:
            named = _named(due)
            if named in (by if due.before is not None else before):
                right = "by" if due.before is not None else "before"
                declared.say(
                    Code.OTHER_WORDS,
                    entry.place(*path, "before" if right == "by" else "by"),
                    right,
                    also=entry.place("tasks", number, key),
                    where=Thing("task", task.id, "due"),
                    day="{}/{}".format(*named),
                )


def _dues(number: int, task: Task) -> list[tuple[Path, Due]]:
    """The due dates written in a task, less those of which it says that they are assumed."""
    found: list[tuple[Path, Due]] = []
    if task.due is not None and "due" not in task.assumed:
        found.append((("tasks", number, "due"), task.due))
    report = task.report
    if isinstance(report, Report) and report.due is not None and "due" not in report.assumed:
        found.append((("tasks", number, "report", "due"), report.due))
    return found


def _named(due: Due) -> tuple[int, int]:
    """Day and month of what is written after `before` or `by`; (0, 0) of all else."""
    day = due.before if due.before is not None else due.by
    if day is None:
        return 0, 0
    return day.day, day.month
