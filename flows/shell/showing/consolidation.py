"""The consolidated result in words: totals, what each agency told, and who did not report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from flows.core.cycle import CyclePlan
from flows.core.rollup import Consolidated, FieldResult, Told, Value, roll_up
from flows.core.state import CycleFacts, RequestKey, Status
from flows.shell import wording
from schemas.model import Field, Language

Names = Mapping[RequestKey, str]

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "title": "Kết quả tổng hợp {number} – {cycle}",
        "draft": "*Số liệu tạm tính, kỳ báo cáo chưa kết thúc.*",
        "count": "**{reported}/{owed} báo cáo đã nhận.**",
        "totals": "| Chỉ tiêu | Kết quả | Cách tính | Số báo cáo có số liệu |",
        "target": " Mục tiêu |",
        "reached": "{target}: đạt",
        "not_reached": "{target}: chưa đạt",
        "agencies": "Số liệu theo đơn vị",
        "agency": "Đơn vị",
        "told": "Nội dung báo cáo",
        "missing": "Chưa có báo cáo",
        "none": "–",
        "yes": "Có",
        "no": "Không",
        "of": "{n}/{m}",
        "sum": "tổng",
        "mean": "bình quân (làm tròn 2 chữ số)",
        "min": "nhỏ nhất",
        "max": "lớn nhất",
        "unit": "{label} ({unit})",
        "more": "*… còn {n} ký tự nữa; toàn văn có trong thư đã lưu.*",
    },
    Language.EN: {
        "title": "Consolidated result of {number} – {cycle}",
        "draft": "*Preliminary: the period has not ended.*",
        "count": "**{reported} of {owed} reports received.**",
        "totals": "| Field | Result | How | Reports with a value |",
        "target": " Target |",
        "reached": "{target}: reached",
        "not_reached": "{target}: not reached",
        "agencies": "Figures by agency",
        "agency": "Agency",
        "told": "What was reported",
        "missing": "No report from",
        "none": "–",
        "yes": "yes",
        "no": "no",
        "of": "{n} of {m}",
        "sum": "sum",
        "mean": "mean (rounded to 2 places)",
        "min": "least",
        "max": "greatest",
        "unit": "{label} ({unit})",
        "more": "*… {n} more characters; the whole text is in the mail that was kept.*",
    },
}

_SIGNS = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w{1,40};)")
_AT_START = re.compile(r"^(\s*\d{0,9})([#+=:.)-])")
_LONGEST = 2000
"""Characters of one agency's text on the page; more would bury the others."""


def consolidated(
    cycle: CyclePlan, values: Mapping[RequestKey, Mapping[str, Value]], facts: CycleFacts
) -> Consolidated:
    """The roll-up of a cycle at these facts."""
    standing: dict[RequestKey, Status] = {key: request.status for key, request in facts.requests.items()}
    return roll_up(cycle, values, standing)


def markdown(cycle: CyclePlan, values: Mapping[RequestKey, Mapping[str, Value]], facts: CycleFacts) -> str:
    """The result as markdown in the plan's language."""
    language = cycle.bundle.spec.plan.language
    words = _TEXTS[language]
    result = consolidated(cycle, values, facts)
    names = _names(cycle)
    title = words["title"].format(
        number=cycle.bundle.spec.plan.number, cycle=wording.cycle_name(cycle.period, language)
    )
    parts = [f"# {title}", words["count"].format(reported=result.reported, owed=result.owed)]
    if not facts.ended:
        parts.append(words["draft"])
    counted = [one for one in result.fields if one.value is not None]
    if counted:
        parts.append(_totals(counted, language))
        parts.append(_by_agency(names, counted, language))
    for one in result.fields:
        if one.value is None and one.told:
            lines = [_line(names, told, language) for told in one.told]
            parts.append(f"## {_label(one.field, language)}\n\n" + "\n".join(lines))
    if result.missing:
        lines = [f"- {names[key]}" for key in result.missing]
        parts.append(f"## {words['missing']}\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def shown(value: Value | None, language: Language) -> str:
    """A value as it is written in a table."""
    words = _TEXTS[language]
    match value:
        case None:
            return words["none"]
        case bool():
            return words["yes"] if value else words["no"]
        case int() | float():
            return wording.number(value, language)
        case date():
            return wording.day(value, language)
        case str():
            return plain(" ".join(value.split()))


def plain(text: str) -> str:
    """Text as markdown that shows just this text: no table, link, picture or HTML comes of it.

    What agencies write lands on the coordinator's page, which draws raw HTML too.
    """
    return _AT_START.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", text))


def _totals(fields: Sequence[FieldResult], language: Language) -> str:
    words = _TEXTS[language]
    aimed = any(one.field.target is not None for one in fields)
    rows = [
        f"| {_label(one.field, language)} | **{shown(one.value, language)}** "
        f"| {words[one.field.rolled_up_by]} | {words['of'].format(n=one.reported, m=one.owed)} |"
        + (f" {_aimed(one, language)} |" if aimed else "")
        for one in fields
    ]
    head, ruler = words["totals"], "|---|---:|---|---:|"
    if aimed:
        head, ruler = head + words["target"], f"{ruler}---|"
    return "\n".join([head, ruler, *rows])


def _aimed(one: FieldResult, language: Language) -> str:
    """The target of a field, and whether its result reaches it."""
    target, value = one.field.target, one.value
    if target is None or not isinstance(value, int | float):
        return ""
    key = "reached" if value >= target else "not_reached"
    plain = int(target) if target == int(target) else target
    return _TEXTS[language][key].format(target=shown(plain, language))


def _by_agency(names: Names, fields: list[FieldResult], language: Language) -> str:
    words = _TEXTS[language]
    cells: dict[RequestKey, dict[str, Value]] = {}
    for one in fields:
        for told in one.told:
            cells.setdefault((told.task, told.agency), {})[one.field.id] = told.value
    head = " | ".join([words["agency"], *(_label(one.field, language) for one in fields)])
    rows = [
        "| " + " | ".join([names[key], *(shown(row.get(one.field.id), language) for one in fields)]) + " |"
        for key, row in cells.items()
    ]
    ruler = "|---|" + "---:|" * len(fields)
    return f"## {words['agencies']}\n\n" + "\n".join([f"| {head} |", ruler, *rows])


def _line(names: Names, told: Told, language: Language) -> str:
    if not isinstance(told.value, str):
        return f"- **{names[told.task, told.agency]}**: {shown(told.value, language)}"
    said = told.value.strip()
    more = len(said) - _LONGEST
    lines = [plain(line.strip()) for line in said[:_LONGEST].splitlines() if line.strip()]
    if more > 0:
        lines.append(_TEXTS[language]["more"].format(n=wording.number(more, language)))
    return f"- **{names[told.task, told.agency]}**: " + "\\\n  ".join(lines)


def _names(cycle: CyclePlan) -> Names:
    """What each request is called: the agency, with the task when it owes several reports in the cycle."""
    owed = Counter(agency for task in cycle.tasks for agency in task.owners)
    names: dict[RequestKey, str] = {}
    for task in cycle.tasks:
        for agency in task.owners:
            name = cycle.bundle.agencies[agency].called
            names[task.id, agency] = plain(f"{name} ({task.task.title})" if owed[agency] > 1 else name)
    return names


def _label(field: Field, language: Language) -> str:
    label = field.label_en if language is Language.EN and field.label_en else field.label
    return plain(_TEXTS[language]["unit"].format(label=label, unit=field.unit) if field.unit else label)
