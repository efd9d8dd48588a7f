"""Circles: agencies above each other, groups within each other, tasks and plans that wait for each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.declared import Declared
from schemas.findings import Code
from schemas.model import Frequency, PlanFile, Task
from schemas.references import task_paths


def check_circles(declared: Declared) -> None:
    """Find each circle once, and print it as a path."""
    _agencies(declared)
    _successors(declared)
    _groups(declared)
    _plans(declared)
    _tasks(declared)


def circles(edges: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The circles of a graph: each strongly connected set told by one path that ends where it begins."""
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            name, turn = stack.pop()
            if turn == 0:
                on_path[name] = len(path)
                path.append(name)
            following = edges.get(name, ())
            for position in range(turn, len(following)):
                after = following[position]
                if after in on_path:
                    found.append((*path[on_path[after] :], after))
                elif after not in done:
                    stack += [(name, position + 1), (after, 0)]
                    break
            else:
                done.add(name)
                path.pop()
                del on_path[name]
    return found


def _agencies(declared: Declared) -> None:
    entries = declared.agencies.entries
    edges = {
        name: [entry.thing.superior] if entry.thing.superior in entries else []
        for name, entry in entries.items()
    }
    for circle in circles(edges):
        place = entries[circle[0]].value_place("superior")
        declared.say(Code.HIERARCHY_LOOP, place, path=" → ".join(circle))
        for name in circle:
            entries[name].broken = True


def _successors(declared: Declared) -> None:
    entries = declared.agencies.entries
    edges = {
        name: [valid.heir] if (valid := entry.thing.valid) is not None and valid.heir in entries else []
        for name, entry in entries.items()
    }
    for circle in circles({name: [one for one in heirs if one] for name, heirs in edges.items()}):
        place = entries[circle[0]].value_place("valid", "successor")
        declared.say(Code.SUCCESSOR_LOOP, place, path=" → ".join(circle))
        for name in circle:
            entries[name].broken = True


def _groups(declared: Declared) -> None:
    entries, agencies = declared.groups.entries, declared.agencies.entries
    edges = {
        name: [m for m in entry.thing.members if m in entries and m not in agencies]
        for name, entry in entries.items()
    }
    for circle in circles(edges):
        declared.say(Code.GROUP_LOOP, entries[circle[0]].value_place("members"), path=" → ".join(circle))
        for name in circle:
            entries[name].broken = True


def _plans(declared: Declared) -> None:
    entries = declared.plans.entries
    edges = {
        name: [superior.plan for superior in entry.thing.plan.implements if superior.plan in entries]
        for name, entry in entries.items()
    }
    for circle in circles(edges):
        declared.say(Code.PLAN_LOOP, entries[circle[0]].place("plan", "implements"), path=" → ".join(circle))
        for name in circle:
            entries[name].broken = True


def _tasks(declared: Declared) -> None:
    for entry in declared.plans.entries.values():
        tasks = entry.thing.tasks
        known = {task.id for task in tasks}
        if len(known) < len(tasks) or entry.reading.is_run_together:
            continue  # who waits for whom is not known
        edges = {task.id: [one for one in _waits_for(entry.thing, task) if one in known] for task in tasks}
        numbers = {tasks[index].id: number for number, index in task_paths(entry)}
        for circle in circles(edges):
            place = entry.place("tasks", numbers[circle[0]], "after")
            declared.say(Code.TASK_LOOP, place, path=" → ".join(circle))
            declared.circular.add(entry.name)
            entry.broken = True


def _waits_for(spec: PlanFile, task: Task) -> list[str]:
    """The tasks that must come first, and those whose due dates this one's is counted from."""
    report = spec.report(task)
    dues = [task.due, report.due if report is not None else None]
    if report is not None and report.every is Frequency.LISTED and report.due is None:
        dues += [period.due for period in spec.plan.periods]
    counted = [due.after_task.task for due in dues if due is not None and due.after_task is not None]
    return [*(one.task for one in task.after), *counted]
