"""Names → things: every id that is named must be declared, be of the right kind, and be sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from schemas.declared import Declared, Entry, Shelf
from schemas.findings import Code, Place, Thing
from schemas.model import Owner, PlanFile, Report, Selector, SpecModel
from schemas.names import closest
from schemas.shapes import thing_at

T = TypeVar("T", bound=SpecModel)

_CODES: Mapping[str, Code] = {
    "agency": Code.NO_AGENCY,
    "group": Code.NO_AGENCY,
    "regime": Code.NO_REGIME,
    "calendar": Code.NO_CALENDAR,
    "escalation": Code.NO_ESCALATION,
    "form": Code.NO_FORM,
    "plan": Code.NO_PLAN,
}


def check_names(declared: Declared) -> None:
    """Look every name up, in directories first, then in plans."""
    _check_agencies(declared)
    _check_groups(declared)
    for entry in declared.plans.entries.values():
        _PlanNames(declared, entry).check()


def report_paths(entry: Entry[PlanFile]) -> Iterator[tuple[tuple[str | int, ...], Report]]:
    """Each report written in a plan, with its path: the default first, then those of the tasks."""
    spec = entry.thing
    if spec.defaults.report is not None:
        yield ("defaults", "report"), spec.defaults.report
    for number, task in task_paths(entry):
        written = spec.tasks[task].report
        if isinstance(written, Report):
            yield ("tasks", number, "report"), written


def task_paths(entry: Entry[PlanFile]) -> Iterator[tuple[int, int]]:
    """For each task: its number in the file, and in the plan as read (parts that are wrong are cut out)."""
    if entry.tasks is None:
        entry.tasks = tuple(_task_paths(entry))
    return iter(entry.tasks)


def _task_paths(entry: Entry[PlanFile]) -> Iterator[tuple[int, int]]:
    root = entry.reading.source.root
    nodes = root.items["tasks"].items if root is not None and "tasks" in root.items else {}
    written = [
        number for number, node in nodes.items() if isinstance(number, int) and isinstance(node.value, dict)
    ]
    position = 0
    for index, task in enumerate(entry.thing.tasks):
        while position < len(written):
            value = nodes[written[position]].value
            position += 1
            if isinstance(value, dict) and value.get("id") == task.id:
                yield written[position - 1], index
                break


def _check_agencies(declared: Declared) -> None:
    for entry in declared.agencies.entries.values():
        agency = entry.thing
        successor = agency.valid.heir if agency.valid else None
        for name, path in ((agency.superior, ("superior",)), (successor, ("valid", "successor"))):
            if name is None or name in declared.agencies.entries:
                continue
            if name in declared.groups.entries:
                where = Thing("agency", agency.id, path[-1])
                declared.say(Code.GROUP_NOT_AGENCY, entry.value_place(*path), where=where, name=name)
            elif not _is_lost(declared, declared.agencies, name):
                _unknown(declared, entry, declared.agencies, path, name)
            entry.broken = True


def _check_groups(declared: Declared) -> None:
    for entry in declared.groups.entries.values():
        _check_twice(declared, entry, entry.thing.members, ("members",))
        for number, name in enumerate(entry.thing.members):
            if isinstance(name, Selector):
                check_selector(declared, entry, ("members", number), name)
                continue
            if name in declared.agencies.entries or name in declared.groups.entries:
                continue
            if not _is_lost(declared, declared.agencies, name) and not _is_lost(
                declared, declared.groups, name
            ):
                _unknown(declared, entry, declared.agencies, ("members", number), name)
            entry.broken = True


def check_selector(
    declared: Declared, entry: Entry[Any], path: tuple[str | int, ...], selector: Selector
) -> bool:
    """Whether the selector at `path` of a thing means anybody; what is wrong is told."""
    where = thing_at(entry.reading.source.root, (*entry.path, *path))
    name = selector.under
    if name not in declared.agencies.entries:
        if name in declared.groups.entries:
            declared.say(Code.GROUP_NOT_AGENCY, entry.value_place(*path, "under"), where=where, name=name)
        elif not _is_lost(declared, declared.agencies, name):
            _unknown(declared, entry, declared.agencies, (*path, "under"), name)
        entry.broken = True
        return False
    if declared.selected(selector):
        return True
    below = declared.selected(selector.model_copy(update={"level": None}))
    levels = sorted({level for one in below if (level := declared.known_agencies[one].level) is not None})
    declared.say(
        Code.SELECTS_NOBODY,
        entry.value_place(*path, "level" if below and selector.level else "under"),
        "level" if below else "",
        guess=closest(selector.level, levels) if selector.level else None,
        where=where,
        name=name,
        level=selector.level or "",
        known=tuple(levels) or ("…",),
    )
    entry.broken = True
    return False


def _at(entry: Entry[Any], path: tuple[str | int, ...]) -> object:
    """The node at `path` of a thing; None when nothing is written there."""
    node = entry.reading.source.root
    for step in (*entry.path, *path):
        node = node.items.get(step) if node is not None else None
    return node


def _check_twice(
    declared: Declared, entry: Entry[Any], names: Sequence[Owner], path: tuple[str | int, ...]
) -> None:
    """A name that a list holds twice, most often copied where another was meant."""
    for number, name in enumerate(names):
        if isinstance(name, str) and name in names[:number]:
            where = thing_at(entry.reading.source.root, (*entry.path, *path))
            declared.say(Code.NAMED_TWICE, entry.value_place(*path, number), where=where, name=name)


def item_path(entry: Entry[Any], path: tuple[str | int, ...], number: int) -> tuple[str | int, ...]:
    """The path of an item, which is that of the list where one name stands for a list of one."""
    return (*path, number) if _at(entry, (*path, number)) is not None else path


def _is_lost(declared: Declared, shelf: Shelf[T], name: str) -> bool:
    """Whether `name` may well be declared, in something that could not be understood."""
    return name in shelf.lost or declared.unreadable(shelf.kind) is not None


def _unknown(
    declared: Declared, entry: Entry[Any], shelf: Shelf[Any], path: tuple[str | int, ...], name: str
) -> None:
    where = thing_at(entry.reading.source.root, (*entry.path, *path))
    guess = shelf.close_to(name)
    if guess is None and shelf.kind == "agency":
        guess = declared.groups.close_to(name)
    declared.say(_CODES[shelf.kind], entry.value_place(*path), guess=guess, where=where, name=name)
    entry.broken = True


class _PlanNames:
    """Looks up what one plan names."""

    def __init__(self, declared: Declared, entry: Entry[PlanFile]) -> None:
        self.declared = declared
        self.entry = entry

    def check(self) -> None:
        declared, spec = self.declared, self.entry.thing
        plan = spec.plan
        self._agency(plan.issuer, "plan", "issuer")
        if plan.coordinator:
            self._agency(plan.coordinator, "plan", "coordinator")
        for number, line in enumerate(plan.recipients):
            if line.agency:
                self._agency(line.agency, "plan", "recipients", number, "agency")
        self._find(declared.regimes, plan.regime, "plan", "regime")
        self._find(declared.calendars, plan.calendar, "plan", "calendar")
        self._find(declared.escalations, plan.escalation, "plan", "escalation")
        for number, superior in enumerate(plan.implements):
            self._find(declared.plans, superior.plan, "plan", "implements", number, "plan")
        self._owners(spec.defaults.coordinating, "defaults", "coordinating")
        self._tasks()
        self._unused_forms()
        for path, report in report_paths(self.entry):
            for key, name in (("to", report.to), ("via", report.via)):
                if name:
                    self._agency(name, *path, key)
            if report.escalation:
                self._find(declared.escalations, report.escalation, *path, "escalation")
            if report.form and report.form not in spec.forms and not self._own_form_lost(report.form):
                self._find(declared.forms, report.form, *path, "form")

    def _unused_forms(self) -> None:
        """A form of the plan's own that no report asks for was probably meant for one."""
        used = {report.form for _, report in report_paths(self.entry)}
        for name in () if self.entry.reading.is_broken(()) else self.entry.thing.forms:
            if name not in used:
                self.declared.say(Code.FORM_UNUSED, self.entry.place("forms", name), name=name)

    def _tasks(self) -> None:
        spec = self.entry.thing
        first: dict[str, int] = {}
        known = tuple(task.id for task in spec.tasks)
        for number, index in task_paths(self.entry):
            task = spec.tasks[index]
            if task.id in first:
                self.declared.say(
                    Code.ID_TWICE,
                    self.entry.value_place("tasks", number, "id"),
                    also=self.entry.value_place("tasks", first[task.id], "id"),
                    thing=Thing("task", task.id),
                )
                self.entry.broken = True
            first.setdefault(task.id, number)
            self._owners(task.lead, "tasks", number, "lead")
            self._owners(task.coordinating, "tasks", number, "coordinating")
        for number, index in task_paths(self.entry):
            task = spec.tasks[index]
            for which, dependency in enumerate(task.after):
                if dependency.task not in first and not self._task_lost(dependency.task):
                    self._no_task(number, which, dependency.task, known)

    def _no_task(self, number: int, which: int, name: str, known: tuple[str, ...]) -> None:
        path = item_path(self.entry, ("tasks", number, "after"), which)
        self.declared.say(
            Code.NO_TASK,
            self.entry.value_place(*path, "task"),
            guess=closest(name, known),
            where=thing_at(self.entry.reading.source.root, ("tasks", number, "after")),
            name=name,
            known=known,
        )
        self.entry.broken = True

    def _task_lost(self, name: str) -> bool:
        root = self.entry.reading.source.root
        nodes = root.items["tasks"].items.values() if root is not None and "tasks" in root.items else ()
        found = [node.value.get("id") for node in nodes if isinstance(node.value, dict)]
        nameless = not all(isinstance(one, str) for one in found)
        return nameless or name in found or self.entry.reading.is_run_together

    def _own_form_lost(self, name: str) -> bool:
        root = self.entry.reading.source.root
        return root is not None and "forms" in root.items and name in root.items["forms"].items

    def _owners(self, names: list[Owner], *path: str | int) -> None:
        _check_twice(self.declared, self.entry, names, path)
        for number, name in enumerate(names):
            if isinstance(name, Selector):
                self._selected(name, *path, number)
            elif name in self.declared.groups.entries:
                self._use(self.declared.groups.entries[name])
            elif name in self.declared.groups.lost:
                self._block("group", name, self.declared.groups.lost[name])
            else:
                self._find(self.declared.agencies, name, *item_path(self.entry, path, number))

    def _selected(self, selector: Selector, *path: str | int) -> None:
        """What a selector means; written alone, it stands where a list of one would."""
        if _at(self.entry, path) is None:
            path = path[:-1]
        if not self._is_known(selector.under):
            self._find(self.declared.agencies, selector.under, *path, "under")
        elif check_selector(self.declared, self.entry, path, selector):
            for name in (selector.under, *self.declared.selected(selector)):
                self._use(self.declared.agencies.entries[name])

    def _is_known(self, name: str) -> bool:
        return name in self.declared.agencies.entries or name in self.declared.groups.entries

    def _agency(self, name: str, *path: str | int) -> None:
        if name in self.declared.groups.entries and name not in self.declared.agencies.entries:
            where = thing_at(self.entry.reading.source.root, path)
            self.declared.say(Code.GROUP_NOT_AGENCY, self.entry.value_place(*path), where=where, name=name)
            self.entry.broken = True
        else:
            self._find(self.declared.agencies, name, *path)

    def _find(self, shelf: Shelf[T], name: str, *path: str | int) -> None:
        found = shelf.entries.get(name)
        unreadable = self.declared.unreadable(shelf.kind)
        if found is not None:
            self._use(found)
        elif name in shelf.lost:
            self._block(shelf.kind, name, shelf.lost[name])
        elif unreadable is not None:
            self._block(shelf.kind, name, unreadable)
        else:
            _unknown(self.declared, self.entry, shelf, path, name)

    def _use(self, found: Entry[T]) -> None:
        """Remember what is used, so that a mistake found in it later leaves this plan out as well."""
        self.declared.uses.setdefault(self.entry.name, []).append(found)

    def _block(self, kind: str, name: str, place: Place) -> None:
        self.declared.blocked.setdefault(self.entry.name, (Thing(kind, name), place))
