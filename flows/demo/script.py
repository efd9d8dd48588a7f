"""The script of the demo: the habit of each agency, and what must come of it in every cycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.core.cycle import CyclePlan, cycles
from flows.core.ladder import rungs_for
from flows.core.periods import ONCE
from flows.core.state import Status
from schemas.catalogue import Catalogue


class Habit(StrEnum):
    """How an agency deals with requests for reports."""

    PROMPT = "prompt"  # answers a few days after it was asked
    MISTAKEN = "mistaken"  # answers with a wrong value, then corrects it when told
    CORRECTING = "correcting"  # answers, and corrects the accepted report days later
    AWAY = "away"  # an out-of-office notice first, the report after the first reminder
    STOOD_IN = "stood-in"  # its focal point is away beyond the due date, and its office answers
    MOVED = "moved"  # its focal point's address is dead, and its office answers
    LATE = "late"  # answers once it is told that the report is overdue
    ESCALATED = "escalated"  # silent until its head was told
    SUPERIOR = "superior"  # silent until its superior was told as well
    SILENT = "silent"  # never answers


HABITS: Mapping[str, Habit] = {
    # Cầu Ngang
    "ubnd-xa-my-hoa": Habit.LATE,
    "ubnd-xa-vinh-kim": Habit.SILENT,
    "ubnd-xa-my-long-nam": Habit.SUPERIOR,
    "ubnd-xa-kim-hoa": Habit.MISTAKEN,
    "ubnd-xa-truong-tho": Habit.CORRECTING,
    "ubnd-xa-long-son": Habit.AWAY,
    "don-bp-my-long": Habit.ESCALATED,
    # Đắk Lắk
    "ban-tuyen-giao-tu-dak-lak": Habit.MISTAKEN,
    "so-ngoai-vu-dak-lak": Habit.AWAY,
    "so-tai-chinh-dak-lak": Habit.LATE,
    "so-y-te-dak-lak": Habit.MOVED,
    "so-tu-phap-dak-lak": Habit.STOOD_IN,
    "so-noi-vu-dak-lak": Habit.CORRECTING,
    "ubnd-huyen-buon-don": Habit.SUPERIOR,
    "ubnd-huyen-ea-sup": Habit.SILENT,
    # Kon Tum, Cao Bằng, Kiên Giang, Trà Vinh
    "cong-an-huyen-dak-glei": Habit.LATE,
    "bch-bdbp-kon-tum": Habit.AWAY,
    "ubnd-huyen-ha-quang": Habit.ESCALATED,
    "ubnd-huyen-bao-lac": Habit.SILENT,
    "thanh-uy-phu-quoc": Habit.LATE,
    "ubnd-huyen-tra-cu": Habit.MISTAKEN,
}
"""Habits that differ from PROMPT, by agency."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What must have come of a cycle: requests by final status, and how often each rung was climbed."""

    statuses: Mapping[Status, int]
    rungs: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Script:
    """Which cycles are played, what each agency does, and what must come of it."""

    habits: Mapping[str, Habit]
    outcomes: Mapping[tuple[str, str], Outcome]
    """By plan and cycle key; these cycles are played to their end."""
    own_plans: frozenset[tuple[str, str]]
    """Agencies with a plan of their own that answers what the plan of that number asks of them."""

    def habit(self, agency_id: str, subject: str) -> Habit:
        """How an agency deals with the request of that subject; it leaves to its own plan what that
        answers.
        """
        if any(agency == agency_id and f"({number})" in subject for agency, number in self.own_plans):
            return Habit.SILENT
        return self.habits.get(agency_id, Habit.PROMPT)


def write_script(catalogue: Catalogue, habits: Mapping[str, Habit] = HABITS) -> Script:
    """The script for the first reporting year of every plan.

    A request is settled by the habit of whoever owes it, or by the result of the agency's own plan where
    one of the same period answers it; what must come of it follows from the habit alone.
    """
    played = {
        (plan_id, cycle.key): cycle
        for plan_id in sorted(catalogue.plans)
        for cycle in _first_year(cycles(catalogue.bundle(plan_id)))
    }
    answered_below = set(_answered_below(catalogue, played))
    outcomes = {}
    for (plan_id, key), cycle in played.items():
        statuses: Counter[Status] = Counter()
        rungs: Counter[int] = Counter()
        for task in cycle.tasks:
            for agency in task.owners:
                habit = habits.get(agency, Habit.PROMPT)
                if (plan_id, key, task.id, agency) in answered_below:
                    habit = Habit.PROMPT
                ladder = rungs_for(cycle.bundle, agency, task.policy.ladder, task.as_of_on)
                status, climbed = _comes_of(habit, len(ladder))
                statuses[status] += 1
                rungs.update(number + 1 for number in ladder[:climbed])
        outcomes[plan_id, key] = Outcome(statuses=dict(statuses), rungs=dict(rungs))
    own_plans = {(agency, catalogue.plans[plan_id].plan.number) for plan_id, _, _, agency in answered_below}
    return Script(habits=habits, outcomes=outcomes, own_plans=frozenset(own_plans))


def _comes_of(habit: Habit, ladder: int) -> tuple[Status, int]:
    """The final status, and how many rungs are climbed of those that reach somebody."""
    match habit:
        case Habit.SILENT:
            return Status.MISSING, ladder
        case Habit.LATE:
            return Status.REPORTED_LATE, 0
        case Habit.ESCALATED:
            return Status.REPORTED_LATE, min(1, ladder)
        case Habit.SUPERIOR:
            return Status.REPORTED_LATE, min(2, ladder)
        case _:
            return Status.REPORTED, 0


def _first_year(found: Sequence[CyclePlan]) -> Iterator[CyclePlan]:
    """The cycles of the first year in which a plan reports regularly, and its one-off tasks."""
    years = [cycle.period.year for cycle in found if cycle.key != ONCE]
    for cycle in found:
        if cycle.key == ONCE or cycle.period.year == min(years):
            yield cycle


def _answered_below(
    catalogue: Catalogue, played: Mapping[tuple[str, str], CyclePlan]
) -> Iterator[tuple[str, str, str, str]]:
    """Requests that the agency's own plan answers: plan, cycle, task, agency."""
    for plan_id, key in played:
        spec = catalogue.plans[plan_id].plan
        for superior in spec.implements:
            above = played.get((superior.plan, key))
            if superior.task is not None and above is not None and superior.task in above.by_id:
                yield superior.plan, key, superior.task, spec.issuer
