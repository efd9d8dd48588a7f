"""Every date of a task in a cycle, with the line of the spec and the rule that made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flows.core.cycle import CyclePlan, TaskPlan, cycles
from flows.core.ladder import addressee, rungs_for
from flows.core.periods import ONCE
from flows.core.reckoning import Reckoning
from flows.shell import wording
from flows.shell.showing import reasons
from flows.shell.showing.reasons import say
from schemas.findings import Place
from schemas.model import DependsOn, Due, Frequency, Language, Rung, Span
from schemas.origins import Origins


class Moment(StrEnum):
    """Which of a task's dates."""

    PERIOD = "period"
    CUT_OFF = "cut-off"
    WAITS = "waits"
    OPENS = "opens"
    REMINDER = "reminder"
    DUE = "due"
    OVERDUE = "overdue"
    RUNG = "rung"
    CLOSES = "closes"


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One date, and why."""

    moment: Moment
    step: int | None = None
    """Which reminder or rung, counted from 1."""
    from_on: date | None = None
    """With a period, its first day."""
    at: date | datetime | None
    """The day; the instant of what happens at one; None when it never happens or hangs on an event."""
    why: str
    place: Place | None
    """The line that says so; None when no file does."""
    reaches: tuple[str, ...] = ()
    """Of a rung: whom, one for each owner, each once."""

    def as_json(self) -> dict[str, Any]:
        """One object: moment, step, from, at, why, file, line, text, reaches."""
        return {
            "moment": self.moment,
            "step": self.step,
            "from": self.from_on.isoformat() if self.from_on else None,
            "at": self.at.isoformat() if self.at else None,
            "why": self.why,
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
            "text": self.place.text.strip() if self.place else None,
            "reaches": list(self.reaches),
        }


def explain(cycle: CyclePlan, task_id: str, origins: Origins, language: Language) -> Sequence[Explained]:
    """Every date of a task in a cycle, as long as nobody answers, in the order of a request's life."""
    task = cycle.by_id[task_id]
    return tuple(_Explainer(cycle=cycle, task=task, origins=origins, language=language).run())


@dataclass(frozen=True, kw_only=True)
class _Explainer:
    cycle: CyclePlan
    task: TaskPlan
    origins: Origins
    language: Language

    def run(self) -> Iterator[Explained]:
        yield self._period()
        if self.cycle.period.key != ONCE or self.task.report.cut_off is not None:
            yield self._cut_off()  # what is owed once counts no data up to a day, unless it says so
        yield from self._waits()
        yield self._opens()
        reminders = list(self._reminders())
        yield from reminders
        yield self._due()
        yield self._overdue()
        yield from self._rungs()
        yield self._closes()

    def _period(self) -> Explained:
        period, plan = self.cycle.period, self.cycle.bundle.spec.plan
        regime = self.cycle.bundle.regime
        if period.demand is not None:
            why, place = say("period_on_demand", self.language), None
        elif period.key == ONCE:
            why, place = say("period_once", self.language), self.origins.plan(plan.id, "plan", "period")
        elif period.frequency is Frequency.LISTED:
            number = next(n for n, one in enumerate(plan.periods) if one.id == period.key)
            why = say("period_listed", self.language, name=period.name)
            place = self.origins.plan(plan.id, "plan", "periods", number, "id")
        elif period.frequency is Frequency.WEEK:
            day = reasons.weekday(period.to_on, self.language)
            why = say("period_week", self.language, regime=regime.title, day=day)
            place = self._regime("week_ends")
        elif regime.cut_off_day == "last":
            why = say("period_last", self.language, regime=regime.title)
            place = self._regime("cut_off_day")
        else:
            why = say("period", self.language, regime=regime.title, day=regime.cut_off_day)
            place = self._regime("cut_off_day")
        return Explained(moment=Moment.PERIOD, from_on=period.from_on, at=period.to_on, why=why, place=place)

    def _cut_off(self) -> Explained:
        rule, on = self.task.report.cut_off, self.task.cut_off_on
        if self.cycle.period.demand is not None:
            why, place = say("cut_off_on_demand", self.language), None
        elif rule is None:
            why, place = say("cut_off_regime", self.language), self._period().place
        else:
            told = self._due_rule(rule, on) or say("as_written", self.language)
            why, place = told, self._report("cut_off")
        return Explained(moment=Moment.CUT_OFF, at=on, why=why, place=place)

    def _waits(self) -> Iterator[Explained]:
        plan = self.cycle.bundle.spec
        titles = {task.id: task.title for task in plan.tasks}
        for wait in self.task.waits:
            lag = wait.rule.lag
            told = say("lag", self.language, span=self._span(lag)) if lag is not None else ""
            why = say(
                f"waits_{wait.rule.on}",
                self.language,
                task=titles[wait.task],
                cycle=self._cycle_name(wait.cycle_key),
                lag=told,
            )
            place = self.origins.task(plan.plan.id, self.task.id, "after")
            if wait.task not in {rule.task for rule in self.task.task.after}:
                place = self._report("due")
            yield Explained(moment=Moment.WAITS, at=None, why=why, place=place)

    def _cycle_name(self, key: str) -> str:
        others = (one for one in cycles(self.cycle.bundle) if one.key == key)
        return wording.cycle_name(next(others, self.cycle).period, self.language)

    def _opens(self) -> Explained:
        span = self.task.policy.opens
        planned = self.cycle.calendar.move(self._due_on, span, back=True)
        issued = self.cycle.bundle.spec.plan.issued_on
        opens_at = self.task.schedule.opens_at
        opens = self.cycle.calendar.day_of(opens_at)
        place, default = self._policy("opens")
        if self.cycle.period.demand is not None:
            why, place = say("opens_on_demand", self.language), None
        elif planned < issued:
            why = say(
                "opens_issued",
                self.language,
                issued=self._day(issued),
                span=self._span(span),
                planned=self._day(planned),
            )
            place = self.origins.plan(self.cycle.plan_id, "plan", "issued_on") or place
        else:
            why = self._counted("opens", span, self._skipped(opens, self._due_on, span)) + default
        return Explained(moment=Moment.OPENS, at=opens_at, why=why, place=place)

    def _reminders(self) -> Iterator[Explained]:
        calendar, dates = self.cycle.calendar, self.task.schedule
        found = []
        for number, span in enumerate(self.task.policy.reminders):
            planned = calendar.move(self._due_on, span, back=True)
            at = calendar.opening(calendar.working_day(planned, back=True))
            place, default = self._policy("reminders", number)
            day = calendar.day_of(at)
            if at not in dates.reminders_at:
                opens = wording.instant(dates.opens_at, calendar.zone, self.language)
                why = say("reminder_never", self.language, opens=opens)
                found.append((at, Explained(moment=Moment.REMINDER, at=None, why=why, place=place)))
                continue
            skipped = self._skipped(day, self._due_on, span)
            if day == planned:
                why = self._counted("reminder", span, skipped)
            else:
                why = self._counted("reminder_moved", span, skipped, planned=planned)
            found.append((at, Explained(moment=Moment.REMINDER, at=at, why=why + default, place=place)))
        step = 0
        for _, one in sorted(found, key=lambda pair: pair[0]):
            step += one.at is not None
            yield Explained(
                moment=one.moment, step=step if one.at else None, at=one.at, why=one.why, place=one.place
            )

    def _due(self) -> Explained:
        if self.cycle.period.demand is not None:
            why = say("due_on_demand", self.language)
            return Explained(moment=Moment.DUE, at=self._due_on, why=why, place=None)
        once = self.cycle.period.key == ONCE
        plan, task = self.cycle.bundle.spec.plan, self.task.task
        for rule, place in (
            (self.task.report.due, self._report("due")),
            (self.cycle.period.due, self._listed_due()),
            (task.due if once else None, self.origins.task(plan.id, task.id, "due")),
        ):
            told = self._due_rule(rule, self._due_on) if rule is not None else None
            if told is not None:
                return Explained(moment=Moment.DUE, at=self._due_on, why=told, place=place)
        if once:
            why, place = say("last_day", self.language), self.origins.plan(plan.id, "plan", "period")
        else:
            regime = self.cycle.bundle.regime
            place = self._regime("due_after")
            why = say(
                "regime_due",
                self.language,
                regime=regime.title,
                span=self._span(regime.due_after),
                cut_off=self._day(self.task.cut_off_on),
                skipped=self._skipped(self.task.cut_off_on, self._due_on, regime.due_after),
            )
        return Explained(moment=Moment.DUE, at=self._due_on, why=why, place=place)

    def _listed_due(self) -> Place | None:
        plan = self.cycle.bundle.spec.plan
        numbers = [number for number, one in enumerate(plan.periods) if one.id == self.cycle.period.key]
        return self.origins.plan(plan.id, "plan", "periods", *numbers, "due") if numbers else None

    def _overdue(self) -> Explained:
        at = self.task.schedule.overdue_at
        skipped = self._days_off(self._due_on, self.cycle.calendar.day_of(at))
        why = say("overdue", self.language, due=self._day(self._due_on), skipped=skipped)
        return Explained(moment=Moment.OVERDUE, at=at, why=why, place=self._due().place)

    def _rungs(self) -> Iterator[Explained]:
        calendar = self.cycle.calendar
        for number, rung in enumerate(self.task.policy.ladder):
            at = self.task.schedule.rungs_at[number]
            planned, day = calendar.move(self._due_on, rung.after), calendar.day_of(at)
            skipped = self._skipped(self._due_on, day, rung.after)
            if day == planned:
                why = self._counted("rung", rung.after, skipped)
            else:
                why = self._counted("rung_moved", rung.after, skipped, planned=planned)
            place, _ = self._policy("ladder", number)
            reaches = self._reached(number, rung)
            yield Explained(
                moment=Moment.RUNG,
                step=number + 1,
                at=at if reaches else None,
                why=why if reaches else say("rung_passed_over", self.language),
                place=place,
                reaches=reaches,
            )

    def _closes(self) -> Explained:
        span, at = self.task.policy.closes, self.task.schedule.closes_at
        skipped = self._skipped(self._due_on, self.cycle.calendar.day_of(at), span)
        place, default = self._policy("closes")
        return Explained(
            moment=Moment.CLOSES, at=at, why=self._counted("closes", span, skipped) + default, place=place
        )

    @property
    def _due_on(self) -> date:
        return self.task.schedule.due_on

    def _reached(self, number: int, rung: Rung) -> tuple[str, ...]:
        bundle, ladder, on = self.cycle.bundle, self.task.policy.ladder, self.task.as_of_on
        found: dict[str, None] = {}
        for agency in self.task.owners:
            if number not in rungs_for(bundle, agency, ladder, on):
                continue
            one = addressee(bundle, agency, rung, on)
            title = one.contact.title if one.contact is not None else None
            called = f"{title} {one.agency.called}" if title else one.agency.called
            found[f"{called} <{one.mailbox}>"] = None
        return tuple(found)

    def _due_rule(self, rule: Due, last: date) -> str | None:
        """Why a rule gives that day; None when there is nothing to count from, so that it gives none."""
        if rule.counted:
            return self._counted_due(rule, last)
        cut_off = self.task.cut_off_on
        span = rule.after_cut_off
        skipped = self._skipped(cut_off, last, span) if span is not None else ""
        return reasons.due(rule, last, cut_off, self.language, skipped)

    def _counted_due(self, rule: Due, last: date) -> str | None:
        reckoning, period = Reckoning.of(self.cycle.bundle), self.cycle.period
        first: date | None = None
        title = ""
        if rule.after_issue is not None:
            key, span, first = "after_issue", rule.after_issue, reckoning.issued_on
        elif rule.after_task is not None:
            name = rule.after_task.task
            key, span, first = "after_task", rule.after_task.span, reckoning.task_due_on(name, period)
            if rule.after_task.on is DependsOn.COMPLETED:
                key = "after_task_completed"
            title = next((task.title for task in self.cycle.bundle.spec.tasks if task.id == name), name)
        elif rule.before_parent is not None:
            key, span, first = "before_parent", rule.before_parent, reckoning.parent_due_on(period)
        else:
            return say("as_written", self.language)
        if first is None:
            return None
        skipped = self._skipped(min(first, last), max(first, last), span)
        return say(
            key, self.language, span=self._span(span), task=title, day=self._day(first), skipped=skipped
        )

    def _counted(self, key: str, span: Span, skipped: str, *, planned: date | None = None) -> str:
        return say(
            key,
            self.language,
            span=self._span(span),
            due=self._day(self._due_on),
            planned=self._day(planned) if planned else "",
            skipped=skipped,
        )

    def _skipped(self, first: date, last: date, span: Span) -> str:
        """The days off that counting in working days passed over, or that a date was moved for."""
        calendar = self.cycle.calendar
        if span.unit != "working day" and last in (calendar.move(first, span), first):
            return ""
        return self._days_off(first, last)

    def _days_off(self, first: date, last: date) -> str:
        return reasons.skipped(first, last, self.cycle.bundle.calendar, self.cycle.calendar, self.language)

    def _policy(self, *path: str | int) -> tuple[Place | None, str]:
        """Where the policy says so, and what is to be added when it does not say it itself."""
        name = self.task.report.escalation or self.cycle.bundle.spec.plan.escalation
        written = self.origins.piece("escalation", name, *path)
        if written is not None:
            return written, ""
        return self.origins.piece("escalation", name), say("default", self.language)

    def _regime(self, key: str) -> Place | None:
        name = self.cycle.bundle.spec.plan.regime
        return self.origins.piece("regime", name, key) or self.origins.piece("regime", name)

    def _report(self, key: str) -> Place | None:
        return self.origins.report(self.cycle.plan_id, self.task.id, key)

    def _span(self, value: Span) -> str:
        return reasons.span(value, self.language)

    def _day(self, value: date) -> str:
        return wording.day(value, self.language)
