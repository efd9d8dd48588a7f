"""`dondoc plan` and `dondoc apply`: what would change in the ledger, told before and after it is done."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import typer

from flows.clock import clock_of
from flows.core.actions import name_of
from flows.core.amendment import Fate, RequestChange
from flows.ledger.database import open_ledger
from flows.settings import read_settings
from flows.shell import wording
from flows.shell.applying import apply, bundles_of, plan
from flows.shell.letters import Identity
from flows.shell.planning import Change, Changes, Confirmed, CycleChange, PlannedCycle, PlannedPlan
from flows.speech import LANGUAGE
from notifiers.ports import LetterKind
from notifiers.wording import shortened
from schemas.check import CheckResult, check
from schemas.model import Language

_NAMED = 3
"""Agencies and periods told by name; of more, how many."""

_TITLE = 60
"""Letters of a task's title."""

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "plan_new": "{number} ({plan}): kế hoạch mới",
        "plan_changed": "{number} ({plan}): có thay đổi",
        "plan_same": "{number} ({plan}): nội dung như cũ",
        "plan_noted": "{number} ({plan}): ghi nhận bản mới, không ảnh hưởng đến kỳ báo cáo nào",
        "cycle_new": "  + {name}: kỳ mới, {owed} báo cáo, hạn {due}",
        "cycle_changed": "  ~ {name}: chưa bắt đầu, lập lại theo bản mới",
        "cycle_dropped": "  - {name}: chưa bắt đầu, bỏ ({owed} báo cáo)",
        "cycle_running": "  ~ {name}: ĐANG THỰC HIỆN, đổi theo bản mới",
        "cycle_kept": "  ! {name}: đang thực hiện, GIỮ NGUYÊN; muốn đổi như dưới đây, thêm --change-running",
        "cycles_past": "  · đã qua hạn trước khi đưa vào sổ, không đề nghị báo cáo: {names}; "
        "nếu vẫn cần, thêm --with-past",
        "opened": "      + {who}: {task}: đề nghị báo cáo, hạn {due}",
        "opened_moved": "      + {who}: {task}: hạn {planned} đã qua hoặc quá gần, sẽ đề nghị báo cáo ngay "
        "với hạn mới {due}",
        "re-dated": "      ~ {who}: {task}: hạn {was} → {due}",
        "withdrawn": "      - {who}: {task}: không phải báo cáo nữa",
        "answered": "      = {who}: {task}: đã có kết quả, giữ nguyên",
        "past": "      · {who}: {task}: hạn {due} đã qua trước khi đưa vào sổ, không đề nghị "
        "(nếu vẫn cần, thêm --with-past)",
        "told": "; gửi thư báo",
        "otherwise": "      ~ các nội dung khác cũng theo bản mới (tên, biểu mẫu, địa chỉ, cách đôn đốc)",
        "next": "      tiếp theo: {next} {at}",
        "now_and_next": "      gửi ngay {n} thư; tiếp theo: {next} {at}",
        "now": "      gửi ngay {n} thư",
        "and_more": "{names} và {n} đơn vị nữa",
        "and_more_cycles": "{names} và {n} kỳ nữa",
        "range": "{first} – {last}",
        "gone": "Có trong sổ, không có trong các tệp này (hoặc tệp có lỗi), vẫn theo dõi như cũ: {plans}",
        "nothing": "Không có gì để thay đổi ({same} kế hoạch như cũ).",
        "summary": "Kế hoạch: {new} mới, {changed} thay đổi, {same} như cũ. Thư gửi ngay: {letters}.",
        "no_letters": "không có",
        "how": "Để làm đúng như trên: dondoc apply{paths} --plan {token}",
        "applied": "Đã ghi vào sổ. Thư gửi ngay khi dondoc serve chạy: {letters}. Tiếp theo: dondoc serve",
        "waiting": "Số kỳ đang thực hiện được giữ nguyên: {n}; xem dondoc plan --change-running",
        "ask": "Đổi cả các kỳ đang thực hiện (có dấu !, {n} kỳ)?",
        "left_out": "Kế hoạch có lỗi được để lại; các kế hoạch khác vẫn được tính.",
    },
    Language.EN: {
        "plan_new": "{number} ({plan}): a new plan",
        "plan_changed": "{number} ({plan}): changed",
        "plan_same": "{number} ({plan}): the same content",
        "plan_noted": "{number} ({plan}): a new version is noted; it concerns no period",
        "cycle_new": "  + {name}: new, reports owed: {owed}, due {due}",
        "cycle_changed": "  ~ {name}: not begun, set up again",
        "cycle_dropped": "  - {name}: not begun, dropped (reports: {owed})",
        "cycle_running": "  ~ {name}: UNDER WAY, changed",
        "cycle_kept": "  ! {name}: under way, KEPT as promised; to change it, add --change-running",
        "cycles_past": "  · over before coming into the ledger, not asked for: {names}; "
        "add --with-past if they should be",
        "opened": "      + {who}: {task}: will be asked, due {due}",
        "opened_moved": "      + {who}: {task}: the due date {planned} has passed or is too near: "
        "asked at once, with the new date {due}",
        "re-dated": "      ~ {who}: {task}: due {was} → {due}",
        "withdrawn": "      - {who}: {task}: no longer owes it",
        "answered": "      = {who}: {task}: settled, left as it is",
        "past": "      · {who}: {task}: the due date {due} had passed before it came into the ledger: "
        "not asked (--with-past if it should be)",
        "told": "; a letter says so",
        "otherwise": "      ~ all else as the new version says (titles, forms, mailboxes, how it is chased)",
        "next": "      next: {next} {at}",
        "now_and_next": "      mails at once: {n}; next: {next} {at}",
        "now": "      mails at once: {n}",
        "and_more": "{names} and {n} more",
        "and_more_cycles": "{names} and {n} more",
        "range": "{first} – {last}",
        "gone": "In the ledger, not in these files (or in one with errors), going on as they are: {plans}",
        "nothing": "Nothing to change ({same} plans as they are).",
        "summary": "Plans: {new} new, {changed} changed, {same} as they are. Mails at once: {letters}.",
        "no_letters": "none",
        "how": "To do exactly this: dondoc apply{paths} --plan {token}",
        "applied": "Recorded. Mails that go out as soon as dondoc serve runs: {letters}. Next: dondoc serve",
        "waiting": "Periods under way kept as promised: {n}; see dondoc plan --change-running",
        "ask": "Change the periods under way (marked with !: {n}) as well?",
        "left_out": "Plans with errors were left out; the others count.",
    },
}

_LETTERS: dict[Language, dict[LetterKind, str]] = {
    Language.VI: {
        LetterKind.REQUEST: "đề nghị báo cáo",
        LetterKind.REMINDER: "nhắc việc",
        LetterKind.OVERDUE: "báo quá hạn",
        LetterKind.ESCALATION: "báo cấp trên",
        LetterKind.MISSING: "báo thiếu",
        LetterKind.TAKEN_OVER: "tiếp nhận kết quả",
        LetterKind.REDATED: "báo thời hạn mới",
        LetterKind.WITHDRAWN: "rút đề nghị",
    },
    Language.EN: {
        LetterKind.REQUEST: "requests",
        LetterKind.REMINDER: "reminders",
        LetterKind.OVERDUE: "overdue notices",
        LetterKind.ESCALATION: "escalations",
        LetterKind.MISSING: "missing notices",
        LetterKind.TAKEN_OVER: "results taken over",
        LetterKind.REDATED: "new due dates",
        LetterKind.WITHDRAWN: "withdrawals",
    },
}


def plan_command(paths: Sequence[Path], given: Sequence[Path], confirmed: Confirmed, *, as_json: bool) -> int:
    """Print what applying would change; 0 for nothing, 3 for something, 1 when specs have errors."""
    checked = _checked(paths)
    settings = read_settings()
    with closing(open_ledger(settings.database_url)) as ledger:
        changes = plan(ledger, bundles_of(checked.catalogue), clock_of(settings.clock_file), confirmed)
    if as_json:
        typer.echo(json.dumps(in_json(changes), ensure_ascii=False, indent=2))
    else:
        for line in told(changes):
            typer.echo(line)
        if not changes.nothing:
            named = "".join(f" {path}" for path in given)
            typer.echo(_say("how", paths=named, token=changes.token))
    if checked.errors:
        return 1
    return 0 if changes.nothing else 3


def apply_command(paths: Sequence[Path], confirmed: Confirmed, token: str | None) -> int:
    """Apply what is sound in the specs and print it; 1 when specs have errors."""
    checked = _checked(paths)
    bundles = bundles_of(checked.catalogue)
    settings = read_settings()
    clock = clock_of(settings.clock_file)
    identity = Identity(name=settings.mail_name, mailbox=settings.mailbox, secret=settings.secret())
    with closing(open_ledger(settings.database_url)) as ledger:
        if token is None and not confirmed.running and _somebody_is_there():
            token = _asked(plan(ledger, bundles, clock, confirmed))
        changes = apply(ledger, bundles, clock, identity, confirmed=confirmed, token=token)
    for line in told(changes):
        typer.echo(line)
    if not changes.nothing:
        typer.echo(_say("applied", letters=_letters(changes)))
    if changes.waiting:
        typer.echo(_say("waiting", n=len(changes.waiting)))
    return 1 if checked.errors else 0


def _somebody_is_there() -> bool:
    """Whether a person sits at this terminal, who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked(shown: Changes) -> str | None:
    """Ask whether to change cycles under way too, if there are any: the token of what is to be done."""
    if not shown.waiting:
        return None
    for line in told(shown):
        typer.echo(line)
    if typer.confirm(_say("ask", n=len(shown.waiting))):
        return replace(shown, confirmed=replace(shown.confirmed, running=True)).token
    return shown.token


def told(changes: Changes) -> Iterator[str]:
    """The changes for people, a line each."""
    for one in changes.plans:
        if one.change is not Change.SAME or one.cycles:
            yield from _plan_lines(one)
    if changes.gone:
        yield _say("gone", plans=", ".join(changes.gone))
    count = Counter(one.change for one in changes.plans)
    if changes.nothing and not changes.waiting:
        yield _say("nothing", same=count[Change.SAME])
        return
    yield _say(
        "summary",
        new=count[Change.NEW],
        changed=count[Change.CHANGED],
        same=count[Change.SAME],
        letters=_letters(changes),
    )


def in_json(changes: Changes) -> dict[str, Any]:
    """What `dondoc plan --json` prints: plans → cycles → requests; names of changes are stable."""
    return {
        "token": changes.token,
        "nothing": changes.nothing,
        "plans": [
            {
                "plan": one.plan_id,
                "number": one.number,
                "title": one.title,
                "change": one.change,
                "cycles": [
                    _cycle_json(cycle) for cycle in one.cycles if cycle.change is not CycleChange.SAME
                ],
            }
            for one in changes.plans
        ],
        "not_in_specs": list(changes.gone),
    }


def _cycle_json(cycle: PlannedCycle) -> dict[str, Any]:
    opened = {key: action.due_on for key, action in cycle.opened.items()}
    following = None
    if cycle.next_at is not None and cycle.next_action is not None:
        following = {"action": name_of(cycle.next_action), "at": cycle.next_at.isoformat()}
    return {
        "cycle": cycle.period.key,
        "name": wording.cycle_name(cycle.period, LANGUAGE),
        "change": cycle.change,
        "carried_out": cycle.carried_out,
        "otherwise": cycle.otherwise,
        "requests": [
            {
                "task": one.task,
                "agency": one.agency,
                "change": one.fate,
                "due": opened.get(one.key, one.due_on).isoformat(),
                "was_due": one.was_due_on.isoformat() if one.was_due_on is not None else None,
                "planned_due": one.due_on.isoformat(),
                "opens_now": one.key in opened,
                "letter": one.told,
            }
            for one in cycle.requests
        ],
        "mails_now": dict(cycle.letters),
        "next": following,
    }


def _plan_lines(one: PlannedPlan) -> Iterator[str]:
    silent = all(cycle.change is CycleChange.SAME for cycle in one.cycles)
    key = "plan_noted" if silent and one.change is Change.CHANGED else f"plan_{one.change}"
    yield _say(key, number=one.number, plan=one.plan_id)
    past = [cycle for cycle in one.cycles if cycle.change is CycleChange.PAST]
    if past:
        names = [wording.cycle_name(cycle.period, LANGUAGE) for cycle in past]
        yield _say("cycles_past", names=_some(names, "and_more_cycles"))
    for cycle in one.cycles:
        if cycle.change not in (CycleChange.PAST, CycleChange.SAME):
            yield from _cycle_lines(cycle)


def _cycle_lines(cycle: PlannedCycle) -> Iterator[str]:
    asked = [one for one in cycle.requests if one.fate is not Fate.PAST]
    key = f"cycle_{cycle.change}" if cycle.carried_out else "cycle_kept"
    name = wording.cycle_name(cycle.period, LANGUAGE)
    yield _say(key, name=name, owed=len(asked), due=_dates([one.due_on for one in asked]))
    if cycle.change is not CycleChange.DROPPED:
        yield from _request_lines(cycle)
    if cycle.otherwise:
        yield _say("otherwise")
    now = sum(cycle.letters.values())
    if cycle.next_at is not None and cycle.next_action is not None:
        following = wording.next_step(cycle.next_action, LANGUAGE)
        at = wording.instant(cycle.next_at, cycle.plan.calendar.zone, LANGUAGE)
        yield _say("now_and_next" if now else "next", n=now, next=following, at=at)
    elif now:
        yield _say("now", n=now)


def _request_lines(cycle: PlannedCycle) -> Iterator[str]:
    """A line for all agencies that the same happens to; of a new period, only what is out of the ordinary."""
    groups: dict[tuple[str, RequestChange], list[str]] = {}
    for one in cycle.requests:
        moved = one.fate is Fate.OPENED and one.key in cycle.opened and cycle.opened[one.key].moved
        if cycle.change is CycleChange.NEW and one.fate is Fate.OPENED and not moved:
            continue
        due = cycle.opened[one.key].due_on if moved else one.due_on
        alike = RequestChange(
            task=one.task,
            agency="",
            fate=one.fate,
            due_on=due,
            was_due_on=one.due_on if moved else one.was_due_on,
            told=one.told,
        )
        key = "opened_moved" if moved else str(one.fate)
        groups.setdefault((key, alike), []).append(_agency(cycle, one.agency))
    for (key, alike), agencies in groups.items():
        was = wording.day(alike.was_due_on, LANGUAGE) if alike.was_due_on is not None else ""
        line = _say(
            key,
            who=_some(agencies, "and_more"),
            task=_task(cycle, alike.task),
            due=wording.day(alike.due_on, LANGUAGE),
            was=was,
            planned=was,
        )
        yield line + (_say("told") if alike.told else "")


def _agency(cycle: PlannedCycle, agency: str) -> str:
    for version in (cycle.plan, cycle.was):
        if version is not None and agency in version.bundle.agencies:
            return version.bundle.agencies[agency].called
    return agency


def _task(cycle: PlannedCycle, task: str) -> str:
    for version in (cycle.plan, cycle.was):
        if version is not None and task in version.by_id:
            return shortened(version.by_id[task].task.title, _TITLE)
    return task


def _some(names: Sequence[str], more: str) -> str:
    shown = ", ".join(names[:_NAMED])
    return _say(more, names=shown, n=len(names) - _NAMED) if len(names) > _NAMED else shown


def _dates(days: Sequence[date]) -> str:
    if not days:
        return "–"
    first, last = (wording.day(day, LANGUAGE) for day in (min(days), max(days)))
    return first if first == last else _say("range", first=first, last=last)


def _letters(changes: Changes) -> str:
    total: Counter[LetterKind] = Counter()
    for one in changes.plans:
        for cycle in one.cycles:
            total.update(cycle.letters)
    listed = [f"{name}: {total[kind]}" for kind, name in _LETTERS[LANGUAGE].items() if total[kind]]
    return ", ".join(listed) or _say("no_letters")


def _checked(paths: Sequence[Path]) -> CheckResult:
    checked = check(paths)
    for finding in checked.findings:
        typer.echo(finding.render(LANGUAGE) + "\n", err=True)
    if checked.errors:
        typer.echo(_say("left_out"), err=True)
    return checked


def _say(key: str, **values: object) -> str:
    return _TEXTS[LANGUAGE][key].format(**values)
