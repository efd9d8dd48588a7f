"""Plans that implement others: does the result of this one really answer what the superior asks?"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.dates import dated_reports
from schemas.declared import Declared, Entry
from schemas.findings import Code, Place, Thing
from schemas.model import Field, FieldType, Form, Frequency, PlanFile, Report, Span, Superior, Task
from schemas.names import closest
from schemas.reckoning import Bounds, at_the_earliest, due_bounds, is_longer, told
from schemas.succession import line

_TEXT = Field(id="text", label="text")
"""What a report without a form consists of."""

_SHOWN = 12
"""Of a list of agencies."""


def check_superiors(declared: Declared) -> None:
    """Look at every task of another plan that a plan says it implements."""
    for entry in declared.plans.entries.values():
        if entry.reading.is_broken(()):
            continue
        _check_twice(declared, entry)
        told_of: set[Place] = set()
        for number, superior in enumerate(entry.thing.plan.implements):
            above = declared.plans.entries.get(superior.plan)
            if superior.task is not None and above is not None and not above.reading.is_broken(()):
                _Answer(declared, entry, number, superior, above, told_of).check(superior.task)


def _check_twice(declared: Declared, entry: Entry[PlanFile]) -> None:
    """A result goes into a task above once, or its request would be answered twice."""
    first: dict[tuple[str, str | None], int] = {}
    for number, one in enumerate(entry.thing.plan.implements):
        other = first.setdefault((one.plan, one.task), number)
        if other == number:
            continue
        place = entry.value_place("plan", "implements", number, "task" if one.task else "plan")
        if one.task is None:
            where = Thing("plan", inside="implements")
            declared.say(Code.NAMED_TWICE, place, where=where, name=one.plan)
            continue
        also = entry.value_place("plan", "implements", other, "task")
        declared.say(Code.LANDS_TWICE, place, also=also, task=one.task, plan=one.plan)
        entry.broken = True


class _Answer:
    """One plan's answer to one task of a superior plan."""

    def __init__(
        self,
        declared: Declared,
        entry: Entry[PlanFile],
        number: int,
        superior: Superior,
        above: Entry[PlanFile],
        told_of: set[Place],
    ) -> None:
        self.declared = declared
        self.entry = entry
        self.path = ("plan", "implements", number)
        self.superior = superior
        self.above = above
        self.told_of = told_of

    def check(self, task_id: str) -> None:
        task = next((task for task in self.above.thing.tasks if task.id == task_id), None)
        if task is None:
            self._no_task(task_id)
            return
        asked = self.above.thing.report(task)
        if asked is None:
            self.declared.say(
                Code.NO_SUPERIOR_TASK, self._place("task"), "no-report", name=task_id, plan=self.superior.plan
            )
            self.entry.broken = True
            return
        self._leads(task)
        answers = list(dated_reports(self.entry, asked.every))
        if not answers:
            self.declared.say(
                Code.NEVER_LANDS,
                self._place("task"),
                every=asked.every.value,
                task=task_id,
                plan=self.superior.plan,
            )
        form = self._form(self.above, asked)
        if form is not None:
            self._mapping(task, asked, form)
            if answers:
                self._filled(
                    form, asked, {report.form: self._form(self.entry, report) for _, report, _ in answers}
                )
        self._dates(task, asked)

    def _no_task(self, task_id: str) -> None:
        known = tuple(task.id for task in self.above.thing.tasks)
        self.declared.say(
            Code.NO_SUPERIOR_TASK,
            self._place("task"),
            guess=closest(task_id, known),
            name=task_id,
            plan=self.superior.plan,
            known=known,
        )
        self.entry.broken = True

    def _leads(self, task: Task) -> None:
        leads = [member for name in task.lead for member in self.declared.members(name)]
        issuer = self.entry.thing.plan.issuer
        agencies = self.declared.known_agencies
        period = self.above.thing.plan.period
        if issuer not in leads and not set(leads) & set(line(agencies, issuer, period.start, period.end)):
            self.declared.say(
                Code.NOT_AN_OWNER,
                self._place("task"),
                name=issuer,
                task=task.id,
                plan=self.superior.plan,
                known=(*leads[:_SHOWN], "…") if len(leads) > _SHOWN else tuple(leads),
            )

    def _mapping(self, task: Task, asked: Report, form: Form) -> None:
        theirs = {field.id: field for field in form.fields}
        ours = self._own_fields()
        for name, own in self.superior.fields.items():
            if name not in theirs:
                self.declared.say(
                    Code.NO_SUCH_FIELD,
                    self.entry.place(*self.path, "fields", name),
                    "theirs",
                    guess=closest(name, theirs),
                    form=asked.form or "",
                    task=task.id,
                    name=name,
                    known=tuple(theirs),
                )
                self.entry.broken = True
            if own not in ours:
                self.declared.say(
                    Code.NO_SUCH_FIELD,
                    self.entry.value_place(*self.path, "fields", name),
                    "ours",
                    guess=closest(own, ours),
                    name=own,
                    known=tuple(ours),
                )
                self.entry.broken = True

    def _own_fields(self) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        for task in self.entry.thing.tasks:
            report = self.entry.thing.report(task)
            if report is not None:
                form = self._form(self.entry, report)
                for field in form.fields if form is not None else (_TEXT,):
                    found.setdefault(field.id, field)
        return found

    def _filled(self, form: Form, asked: Report, forms: Mapping[str | None, Form | None]) -> None:
        if any(name is not None and own is None for name, own in forms.items()):
            return  # a form that is not known may fill anything
        ours = {field.id: field for own in forms.values() for field in (own.fields if own else (_TEXT,))}
        for field in form.fields:
            own = ours.get(self.superior.fields.get(field.id, field.id))
            if own is None and field.required:
                if self.superior.fields.get(field.id) in (None, *ours):
                    self.declared.say(
                        Code.UNFILLED_FIELD,
                        self._place("task"),
                        name=field.id,
                        form=asked.form or "",
                        plan=self.superior.plan,
                    )
            elif own is not None and not _fits(own, field):
                mapped = field.id in self.superior.fields
                self.declared.say(
                    Code.FIELD_TYPES_DIFFER,
                    self.entry.value_place(*self.path, "fields", field.id) if mapped else self._place("task"),
                    ours=own.id,
                    our_type=own.type.value,
                    name=field.id,
                    their_type=field.type.value,
                )

    def _dates(self, task: Task, asked: Report) -> None:
        ours = self.declared.regimes.entries.get(self.entry.thing.plan.regime)
        theirs = self.declared.regimes.entries.get(self.above.thing.plan.regime)
        if ours is None or theirs is None or ours.broken or theirs.broken:
            return
        once = asked.every is Frequency.ONCE
        year = self.entry.thing.plan.period.start.year
        latest = due_bounds(self.above.thing, task, asked, theirs.thing, year=year)
        for own, report, place in dated_reports(self.entry, asked.every):
            if report.due is not None and report.due.before_parent is not None:
                self._counted_back(own, report, report.due.before_parent, place)
                continue
            mine = due_bounds(self.entry.thing, own, report, ours.thing, year=year)
            if mine is None or latest is None:
                continue
            if mine.earliest <= latest.latest:
                self._slack(own, report, mine, latest, place)
                continue
            if once and report.due is None and own.due is None:
                continue  # due on the plan's last day, for want of a date
            self.declared.say(
                Code.DUE_AFTER_SUPERIOR,
                place,
                where=Thing("task", own.id),
                due=told(mine.earliest),
                plan=self.superior.plan,
                theirs=told(latest.latest),
            )
            self.entry.broken = True

    def _slack(self, own: Task, report: Report, mine: Bounds, latest: Bounds, place: Place) -> None:
        """What is late here must be closed in time to go into the superior's report."""
        closes = self._closes(report)
        if closes is None:
            return
        closed = at_the_earliest(mine.earliest, closes)
        if closed > latest.latest:
            self.declared.say(
                Code.CLOSES_AFTER_SUPERIOR,
                place,
                where=Thing("task", own.id),
                due=told(mine.earliest),
                closes=closes,
                closed=told(closed),
                plan=self.superior.plan,
                theirs=told(latest.latest),
            )

    def _counted_back(self, own: Task, report: Report, span: Span, place: Place) -> None:
        """The same, where the date here is counted back from the superior's."""
        closes = self._closes(report)
        if closes is not None and is_longer(closes, span) and place not in self.told_of:
            self.told_of.add(place)
            self.declared.say(
                Code.CLOSES_AFTER_SUPERIOR,
                place,
                "counted",
                where=Thing("task", own.id),
                span=span,
                closes=closes,
                plan=self.superior.plan,
            )

    def _closes(self, report: Report) -> Span | None:
        """How long after its due date a report is closed; None when its policy is not known."""
        name = report.escalation or self.entry.thing.plan.escalation
        policy = self.declared.escalations.entries.get(name)
        return policy.thing.closes if policy is not None else None

    def _form(self, entry: Entry[PlanFile], report: Report) -> Form | None:
        if report.form is None:
            return None
        own = entry.thing.forms.get(report.form)
        shared = self.declared.forms.entries.get(report.form)
        return own or (shared.thing if shared is not None else None)

    def _place(self, key: str) -> Place:
        return self.entry.value_place(*self.path, key)


def _fits(own: Field, asked: Field) -> bool:
    """Whether values of `own` can stand in `asked`."""
    if asked.type in (own.type, FieldType.TEXT):
        return True
    return asked.type is FieldType.NUMBER and own.type is FieldType.INTEGER
