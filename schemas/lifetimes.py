"""Agencies in time: those that begin or end while a plan runs, and who owes what then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schemas.declared import Declared, Entry
from schemas.findings import Code, Thing
from schemas.model import NO_SUCCESSOR, Agency, Frequency, PlanFile, Regime, Report, Task
from schemas.reckoning import cut_off_on, nearest, nominal_ends, period_told, told
from schemas.references import task_paths
from schemas.succession import in_place_of, line


def check_lifetimes(declared: Declared) -> None:
    """Look at every agency that leads a task and does not exist all the time."""
    told_of: set[str] = set()
    for entry in declared.plans.entries.values():
        if not entry.reading.is_broken(()):
            _Lifetimes(declared, entry, told_of).check()


class _Lifetimes:
    """Looks at the leads of one plan."""

    def __init__(
        self,
        declared: Declared,
        entry: Entry[PlanFile],
        told_of: set[str],
    ) -> None:
        self.declared = declared
        self.entry = entry
        self.agencies = declared.known_agencies
        self.told_of = told_of
        self.period = entry.thing.plan.period
        regime = declared.regimes.entries.get(entry.thing.plan.regime)
        self.regime = regime.thing if regime is not None and not regime.broken else None

    def check(self) -> None:
        for number, index in task_paths(self.entry):
            task = self.entry.thing.tasks[index]
            self._named(number, task)
            report = self.entry.thing.report(task)
            opened = [one for owner in task.lead for one in self.declared.opened(owner)]
            named = [self.agencies[one] for one in opened if isinstance(one, str) and one in self.agencies]
            members = [name for one in opened for name in self.declared.members(one)]
            leads = [self.agencies[name] for name in members if name in self.agencies]
            if report is None or self.regime is None or not any(agency.valid for agency in leads):
                continue
            days = list(_cut_offs(self.entry.thing, task, report, self.regime))
            if not self._abolished(named, days):
                self._nobody(number, task, leads, days)

    def _named(self, number: int, task: Task) -> None:
        """An agency that no day of the plan sees is not the one that was meant."""
        for name in (owner for owner in task.lead if isinstance(owner, str)):
            agency = self.agencies.get(name)
            if agency is None or name in line(self.agencies, name, self.period.start, self.period.end):
                continue
            heir = agency.valid.heir if agency.valid else None
            self.declared.say(
                Code.NOT_VALID_THEN,
                self.entry.place("tasks", number, "lead"),
                "" if heir else "no-heir",
                where=Thing("task", task.id, "lead"),
                name=name,
                when=_when(agency),
                period=period_told(self.period),
                successor=heir or "",
            )

    def _abolished(self, leads: Sequence[Agency], days: Sequence[date]) -> bool:
        """Tell of agencies that end, nobody knows into what, while they still owe; whether there are any."""
        found = False
        for agency in leads:
            last = max(days, default=self.period.end)
            standing = line(self.agencies, agency.id, self.period.start, last)
            if not standing:
                continue
            final = self.agencies[standing[-1]]
            valid = final.valid
            if valid is None or valid.until is None or valid.until >= last or valid.successor is not None:
                continue
            found = True
            if final.id not in self.told_of:
                self.told_of.add(final.id)
                self.declared.say(
                    Code.NO_SUCCESSOR,
                    self.declared.agencies.entries[final.id].value_place("valid", "until"),
                    name=final.id,
                    until=told(valid.until),
                    plan=self.entry.name,
                    last=told(last),
                )
        return found

    def _nobody(self, number: int, task: Task, leads: Sequence[Agency], days: Sequence[date]) -> None:
        """Tell of periods in which nobody owes the report, unless it is said that the task has ended."""
        empty = [
            day for day in days if not any(in_place_of(self.agencies, agency.id, day) for agency in leads)
        ]
        empty = [day for day in empty if not all(_known_to_have_ended(agency, day) for agency in leads)]
        if empty:
            self.declared.say(
                Code.NOBODY_OWES,
                self.entry.place("tasks", number, "lead"),
                where=Thing("task", task.id, "lead"),
                day=told(empty[0]),
                count=len(empty),
            )


def _cut_offs(spec: PlanFile, task: Task, report: Report, regime: Regime) -> list[date]:
    """The days whose agencies owe: the cut-off of each period reported, or the due date of a one-off one."""
    period = spec.plan.period
    if report.every is Frequency.ONCE:
        due = report.due or task.due
        day = nearest(due, period.end) if due is not None and not due.counted else period.end
        return [min(day, period.end)]
    ends = nominal_ends(spec, report.every)
    reported = [end for end in ends if report.since is None or report.since <= end]
    return [cut_off_on(report, regime, end) for end in reported]


def _known_to_have_ended(agency: Agency, day: date) -> bool:
    valid = agency.valid
    ended = valid is not None and valid.until is not None and valid.until < day
    return ended and valid is not None and valid.successor == NO_SUCCESSOR


def _when(agency: Agency) -> str:
    valid = agency.valid
    since = told(valid.since) if valid and valid.since else "…"
    return f"{since} – {told(valid.until) if valid and valid.until else '…'}"
