"""What a plan writes in vain: reports never owed, waits for nothing, defaults that nobody takes."""

from __future__ import annotations

from datetime import date

from schemas.declared import Declared, Entry
from schemas.findings import Argument, Code, Thing
from schemas.model import Frequency, PlanFile, Report, Task
from schemas.reckoning import nominal_ends, period_told, told
from schemas.references import item_path, task_paths
from schemas.shapes import thing_at
from schemas.tree import Path


def check_reach(declared: Declared) -> None:
    """Look at every plan for what is written in vain."""
    for entry in declared.plans.entries.values():
        if not entry.reading.is_broken(()):
            _Reach(declared, entry).check()


class _Reach:
    """Looks at one plan."""

    def __init__(self, declared: Declared, entry: Entry[PlanFile]) -> None:
        self.declared = declared
        self.entry = entry
        self.spec = entry.thing
        reports = {task.id: self.spec.report(task) for task in self.spec.tasks}
        self.owing = {name for name, report in reports.items() if report is not None and report.dated}
        self.ends: dict[Frequency, list[date]] = {}
        self.there = {task.id for task in self.spec.tasks}

    def check(self) -> None:
        told_of: set[Path] = set()
        for number, index in task_paths(self.entry):
            task = self.spec.tasks[index]
            report = self.spec.report(task)
            if report is None:
                continue
            if self.entry.name not in self.declared.circular:
                self._waits(number, task)
            self._never_owed(number, task, report, told_of)
            self._own_due(number, task, report)
        self._defaults()

    def _waits(self, number: int, task: Task) -> None:
        """A task whose report no calendar asks for is never told to be done, so nothing can wait for it."""
        for which, dependency in enumerate(task.after):
            if dependency.task in self.there - self.owing:
                path = item_path(self.entry, ("tasks", number, "after"), which)
                where = Thing("task", task.id, "after")
                place = self.entry.value_place(*path, "task")
                self.declared.say(Code.WAITS_FOR_NOTHING, place, where=where, name=dependency.task)

    def _never_owed(self, number: int, task: Task, report: Report, told_of: set[Path]) -> None:
        """A report is owed for each period that ends within the plan; there may be none."""
        if report.every is Frequency.LISTED:
            return
        ends = self._ends(report.every)
        if not ends:
            path, variant, day = self._written(number, task, "every"), "", ""
        elif report.since is not None and report.since > ends[-1]:
            path, variant, day = self._written(number, task, "since"), "since", told(report.since)
        else:
            return
        if path not in told_of:
            told_of.add(path)
            self._say(
                Code.NEVER_OWED,
                path,
                variant,
                every=report.every.value,
                period=period_told(self.spec.plan.period),
                day=day,
                last=told(ends[-1]) if ends else "",
            )

    def _ends(self, every: Frequency) -> list[date]:
        """The last days of all periods, worked out once."""
        if every not in self.ends:
            self.ends[every] = nominal_ends(self.spec, every)
        return self.ends[every]

    def _own_due(self, number: int, task: Task, report: Report) -> None:
        """The date by which a task must be done is none of its periodic report's, however it looks."""
        dated = isinstance(task.report, Report) and task.report.due is not None
        if task.due is not None and report.every is not Frequency.ONCE and not dated:
            self._say(Code.DUE_OF_TASK_ALONE, ("tasks", number, "due"), every=report.every.value)

    def _defaults(self) -> None:
        """Defaults are for tasks that say nothing themselves."""
        shared = self.spec.defaults
        own = self.entry.reading.source.root
        written = own.items["defaults"].items if own is not None and "defaults" in own.items else {}
        if shared.report is not None and "report" in written and not self._taken(shared.report):
            self._say(Code.DEFAULTS_UNUSED, ("defaults", "report"))
        if shared.coordinating and "coordinating" in written and all(t.coordinating for t in self.spec.tasks):
            self._say(Code.DEFAULTS_UNUSED, ("defaults", "coordinating"))

    def _taken(self, default: Report) -> bool:
        """Whether any task takes a key of the default report."""
        keys = default.model_fields_set
        return any(
            task.report is None or (isinstance(task.report, Report) and keys - task.report.model_fields_set)
            for task in self.spec.tasks
        )

    def _written(self, number: int, task: Task, key: str) -> Path:
        """Where a key of a task's report is written: with the task, or in the defaults."""
        own = isinstance(task.report, Report) and key in task.report.model_fields_set
        return ("tasks", number, "report", key) if own else ("defaults", "report", key)

    def _say(self, code: Code, path: Path, variant: str = "", **args: Argument) -> None:
        where = thing_at(self.entry.reading.source.root, path)
        self.declared.tell(code, self.entry.place(*path), variant, {"where": where, **args})
