"""All that checked spec files say, with names resolved: the whole catalogue, and a bundle per plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pydantic import Field, PrivateAttr

from schemas.model import (
    Agency,
    Calendar,
    Classification,
    Escalation,
    Form,
    Group,
    Owner,
    PlanDefaults,
    PlanFile,
    Regime,
    Report,
    Selector,
    SpecModel,
    Task,
)
from schemas.selection import Hierarchy, candidates, selected
from schemas.succession import in_place_of, superiors


class Above(SpecModel):
    """A task of a plan above, as far as due dates below are counted from it."""

    spec: PlanFile
    """The plan above, its texts and forms left out."""
    task: str
    regime: Regime
    calendar: Calendar
    above: list[Above] = Field(default_factory=list)


class Bundle(SpecModel):
    """One plan with every piece that it names: what is kept in the ledger as a version of the plan."""

    spec: PlanFile
    """The plan with its defaults filled into each task, so that what was promised never changes."""
    agencies: dict[str, Agency]
    """The agencies that the plan names, those in the groups it names, and the superiors and successors of
    all these."""
    groups: dict[str, list[Owner]]
    """Each group that the plan names, expanded to agencies and selectors."""
    regime: Regime
    calendar: Calendar
    escalations: dict[str, Escalation]
    forms: dict[str, Form]
    above: list[Above] = Field(default_factory=list)
    """The tasks above, when due dates of this plan are counted from theirs."""
    _selected: dict[tuple[Selector, date | None], tuple[str, ...]] = PrivateAttr(default_factory=dict)

    def owners(self, task: Task, on: date | None = None) -> tuple[str, ...]:
        """The agencies that lead `task` on a day, groups expanded, each once, in the order written.

        One that has ended by then is replaced by its successor, or left out; one that has not begun is left
        out. Without a day: all that are named.
        """
        named = self._expand(task.lead, on)
        if on is None:
            return named
        there = (in_place_of(self.agencies, agency, on) for agency in named)
        return tuple(dict.fromkeys(agency for agency in there if agency is not None))

    def coordinating(self, task: Task) -> tuple[str, ...]:
        """The agencies that work with the lead."""
        return self._expand(task.coordinating, None)

    def report(self, task: Task) -> Report | None:
        """The report that `task` owes; None for none."""
        return task.report if isinstance(task.report, Report) else None

    def escalation(self, report: Report) -> Escalation:
        """The policy by which `report` is chased."""
        return self.escalations[report.escalation or self.spec.plan.escalation]

    def classification(self, report: Report | None) -> Classification:
        """How secret the content of `report` is."""
        own = report.classification if report is not None else None
        return own or self.spec.plan.classification

    def superiors(self, agency_id: str, on: date | None = None) -> tuple[str, ...]:
        """The agencies above, the direct superior first, as they stand on a day; without one, as written."""
        return superiors(self.agencies, agency_id, on)

    def acting(self, agency_id: str, on: date) -> Agency:
        """The agency itself, or the one that has taken its place by that day."""
        return self.agencies[in_place_of(self.agencies, agency_id, on) or agency_id]

    def content_hash(self) -> str:
        """A name for exactly this content."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:32]

    def _expand(self, owners: Iterable[Owner], on: date | None) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for owner in owners:
            for one in self.groups.get(owner, [owner]) if isinstance(owner, str) else [owner]:
                found |= dict.fromkeys([one] if isinstance(one, str) else self._select(one, on))
        return tuple(found)

    def _select(self, selector: Selector, on: date | None) -> tuple[str, ...]:
        key = (selector, on)
        if key not in self._selected:
            self._selected[key] = selected(self.agencies, selector, on)
        return self._selected[key]


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every plan, agency and reusable piece found sound; references between them hold."""

    plans: Mapping[str, PlanFile] = field(default_factory=dict)
    agencies: Mapping[str, Agency] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    regimes: Mapping[str, Regime] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    escalations: Mapping[str, Escalation] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)

    def members(self, owner: Owner) -> tuple[str, ...]:
        """The agencies of a group, nested groups opened, each once; of an agency, itself; of a selector, all
        that it may mean on one day or another.
        """
        found: dict[str, None] = {}
        for one in self._opened(owner):
            below = [one] if isinstance(one, str) else candidates(self.agencies, self._hierarchy, one)
            found |= dict.fromkeys(below)
        return tuple(found)

    def _opened(self, owner: Owner) -> tuple[Owner, ...]:
        """The agencies and selectors of a group, nested groups opened, each once."""
        found: dict[Owner, None] = {}
        stack, seen = [owner], set[str]()
        while stack:
            one = stack.pop()
            if isinstance(one, str) and one in self.groups:
                if one not in seen:
                    seen.add(one)
                    stack.extend(reversed(self.groups[one].members))
            else:
                found[one] = None
        return tuple(found)

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy.of(self.agencies)

    def bundle(self, plan_id: str) -> Bundle:
        """The plan with all that it names.

        Raises KeyError when the plan, or something it names, is not in the catalogue.
        """
        spec = self.plans[plan_id]
        plan = spec.plan
        reports = [task.report for task in spec.tasks if isinstance(task.report, Report)]
        if spec.defaults.report is not None:
            reports.append(spec.defaults.report)
        owners = [name for task in spec.tasks for name in (*task.lead, *task.coordinating)]
        owners += spec.defaults.coordinating
        named = [plan.issuer, plan.coordinator, *(line.agency for line in plan.recipients)]
        named += [name for report in reports for name in (report.to, report.via)]
        named += [one.under for owner in owners for one in self._opened(owner) if isinstance(one, Selector)]
        used = [owner for owner in dict.fromkeys(owners) if isinstance(owner, str) and owner in self.groups]
        groups = {name: list(self._opened(name)) for name in used}
        stack = [*(name for name in named if name), *(m for owner in owners for m in self.members(owner))]
        agencies: dict[str, Agency] = {}
        while stack:
            name = stack.pop()
            if name not in agencies:
                agencies[name] = self.agencies[name]
                agency = self.agencies[name]
                heir = agency.valid.heir if agency.valid else None
                stack += [other for other in (agency.superior, heir) if other]
        policies = {plan.escalation, *(report.escalation for report in reports if report.escalation)}
        forms = {report.form for report in reports if report.form}
        return Bundle(
            spec=_resolved(spec),
            agencies=dict(sorted(agencies.items())),
            groups=groups,
            regime=self.regimes[plan.regime],
            calendar=self.calendars[plan.calendar],
            escalations={name: self.escalations[name] for name in sorted(policies)},
            forms={name: spec.forms.get(name) or self.forms[name] for name in sorted(forms)},
            above=self._above(spec),
        )

    def _above(self, spec: PlanFile) -> list[Above]:
        """What the plan's due dates are counted from, when any is counted from the plans above."""
        reports = [spec.report(task) for task in spec.tasks]
        dues = [*(report.due for report in reports if report is not None), *(task.due for task in spec.tasks)]
        dues += [period.due for period in spec.plan.periods]
        if not any(due is not None and due.before_parent is not None for due in dues):
            return []
        found = []
        for superior in spec.plan.implements:
            parent = self.plans.get(superior.plan)
            if superior.task is not None and parent is not None:
                found.append(
                    Above(
                        spec=_dates_alone(_resolved(parent)),
                        task=superior.task,
                        regime=self.regimes[parent.plan.regime],
                        calendar=self.calendars[parent.plan.calendar],
                        above=self._above(parent),
                    )
                )
        return found


def _resolved(spec: PlanFile) -> PlanFile:
    """The plan with nothing left to a default: every task says itself what it owes and who coordinates."""
    tasks = [
        task.model_copy(
            update={
                "report": spec.report(task) or "none",
                "coordinating": task.coordinating or spec.defaults.coordinating,
            }
        )
        for task in spec.tasks
    ]
    return spec.model_copy(update={"tasks": tasks, "defaults": PlanDefaults()})


def _dates_alone(spec: PlanFile) -> PlanFile:
    """The plan without what no date depends on, so that a text changed above changes nothing below."""
    tasks = [task.model_copy(update={"text": None, "coordinating": []}) for task in spec.tasks]
    return spec.model_copy(update={"forms": {}, "tasks": tasks})
