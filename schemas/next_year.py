"""Last year's plan as a draft of this year's: dates moved, and what only the new document can say marked."""

from __future__ import annotations

import calendar as month_lengths
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas.model import Language, PlanFile, PlanPeriod
from schemas.rewriting import Rewriting
from schemas.tree import Node, Path, Source

_DATED = frozenset({"from", "to", "until", "since", "before", "by", "in_month", "issued_on", "due", "on"})
"""Keys that a date stands under."""

_ISO = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")
_VIETNAMESE = re.compile(r"^(?:(\d{1,2})/)?(\d{1,2})/(\d{4})$")

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "number": "CẦN ĐIỀN: số, ký hiệu của kế hoạch năm {year}",
        "issued_on": "CẦN ĐIỀN: ngày ban hành",
        "source": "CẦN ĐIỀN: văn bản năm {year}",
        "signer": "CẦN XEM LẠI: người ký",
        "implements": "CẦN ĐIỀN: kế hoạch cấp trên năm {year}; của năm {old} là:",
    },
    Language.EN: {
        "number": "TO FILL IN: the number of the plan of {year}",
        "issued_on": "TO FILL IN: the day of issue",
        "source": "TO FILL IN: the document of {year}",
        "signer": "TO REVIEW: who signs",
        "implements": "TO FILL IN: the superior plan of {year}; that of {old} was:",
    },
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A spec to be finished by hand."""

    plan_id: str
    text: str
    marked: tuple[str, ...]
    """Keys that a person must look at; each carries a comment."""


def next_year(source: Source, spec: PlanFile, year: int, others: Mapping[str, PlanPeriod]) -> Draft:
    """The plan in `source`, moved to begin in `year`; comments and order stay. `others` are the plans there
    are: a superior plan is kept when one of them runs then, else its lines become comments.
    """
    return _Move(source, spec, year).made(others)


class _Move:
    def __init__(self, source: Source, spec: PlanFile, year: int) -> None:
        self.source, self.plan, self.year = source, spec.plan, year
        self.old = spec.plan.period.start.year
        self.by = year - self.old
        self.new = Rewriting(source=source)
        self.marked: list[str] = []

    def made(self, others: Mapping[str, PlanPeriod]) -> Draft:
        plan_id = self._id(self.plan.id)
        self.new.replace(("plan", "id"), plan_id)
        number = re.sub(r"^\d+", "…", self.plan.number)
        self.new.replace(("plan", "number"), number)
        for key in ("number", "issued_on", "source", "signer"):
            self._mark(key)
        self._superiors(others)
        for path, value in _scalars(self.source.root, ()):
            if path[-1] in _DATED:
                moved = _moved(value, self.by)
                if moved is not None:
                    self.new.replace(path, moved)
                    self.new.reword(path, self._moved_dates)
            elif path[-1] == "title":
                titled = self._titled(value)
                if titled != value:
                    self.new.replace(path, titled)
        lines = self.new.text().split("\n")
        head = next((n for n, line in enumerate(lines) if line and not line.startswith("#")), len(lines))
        lines[:head] = [self._titled(line) for line in lines[:head]]
        return Draft(plan_id=plan_id, text="\n".join(lines), marked=tuple(self.marked))

    def _id(self, old: str) -> str:
        parts = [str(self.year) if part == str(self.old) else part for part in old.split("-")]
        return "-".join(parts) if str(self.old) in old.split("-") else f"{old}-{self.year}"

    def _titled(self, text: str) -> str:
        """`text` with the year alone replaced: not that of a date such as 15/6/2023, nor of a number."""
        return re.sub(rf"(?<![\d/.-]){self.old}(?![\d/]|-\w)", str(self.year), text)

    def _moved_dates(self, comment: str) -> str:
        return re.sub(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}", lambda m: _moved(m[0], self.by) or m[0], comment)

    def _mark(self, key: str) -> None:
        root = self.source.root
        if root is not None and key in root.items["plan"].items:
            self.new.remark(("plan", key), self._say(key))
            self.marked.append(key)

    def _say(self, key: str) -> str:
        return _TEXTS[self.plan.language][key].format(year=self.year, old=self.old)

    def _superiors(self, others: Mapping[str, PlanPeriod]) -> None:
        named = {}
        for superior in self.plan.implements:
            last, this = superior.plan, self._id(superior.plan)
            named[last] = next((name for name in (this, last) if self._runs(others.get(name))), None)
        if None in named.values():
            self.new.comment_out(("plan", "implements"), self._say("implements"))
            self.marked.append("implements")
            return
        for number, superior in enumerate(self.plan.implements):
            self.new.replace(("plan", "implements", number, "plan"), named[superior.plan] or superior.plan)

    def _runs(self, period: PlanPeriod | None) -> bool:
        return period is not None and period.start.year <= self.year <= period.end.year


def _scalars(node: Node | None, path: Path) -> Iterator[tuple[Path, str]]:
    for step, one in node.items.items() if node is not None else ():
        if isinstance(one.value, str):
            yield (*path, step), one.value
        yield from _scalars(one, (*path, step))


def _moved(text: str, by: int) -> str | None:
    """A date or month with its year moved, written as it was; None for what is neither or has no year."""
    if match := _ISO.match(text):
        year, month, day = int(match[1]) + by, int(match[2]), match[3]
        return f"{year}-{match[2]}" + (f"-{_day(year, month, day)}" if day else "")
    if match := _VIETNAMESE.match(text):
        year, month, day = int(match[3]) + by, int(match[2]), match[1]
        return (f"{_day(year, month, day)}/" if day else "") + f"{match[2]}/{year}"
    return None


def _day(year: int, month: int, day: str) -> str:
    last = month_lengths.monthrange(year, month)[1]
    return day if int(day) <= last else str(last)
