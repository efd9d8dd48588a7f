"""Mails for the terminal and for other programs: nothing of what a stranger wrote steers either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flows.cli.tables import LOCAL, one_line
from flows.cli.texts import inbox_kind, inbox_reason, say
from flows.shell import wording
from flows.speech import LANGUAGE
from notifiers.wording import printable

if TYPE_CHECKING:
    from flows.ledger.inbox import ListedMail
    from flows.shell.desk.inspecting import Inspected
    from flows.shell.desk.reparsing import Difference


def mail_json(mail: ListedMail) -> dict[str, Any]:
    """What `inbox --json` says of one mail."""
    about = mail.request
    return {
        "number": mail.id,
        "received_at": mail.received_at.isoformat(),
        "sender": mail.sender,
        "subject": mail.subject,
        "placing": mail.placing.value,
        "kind": mail.kind or None,
        "reason": mail.reason or None,
        "request": {
            "plan": about.plan_id,
            "cycle": about.cycle_key,
            "task": about.task,
            "agency": about.agency,
        }
        if about
        else None,
        "decided": {
            "by": mail.decided_by,
            "at": mail.decided_at.isoformat(),
            "note": mail.note,
        }
        if mail.decided_at
        else None,
    }


def inspected_json(found: Inspected) -> dict[str, Any]:
    """What `inbox show --json` says."""
    read = found.understood
    return mail_json(found.listed) | {
        "kind": read.kind.value,
        "text": read.text,
        "values": {label: _plain(value) for label, value in found.values.items()},
        "verdict": found.verdict,
        "asked": {
            "address": found.asked.address,
            "at": found.asked.asked_at.isoformat(),
            "answered_by": found.asked.answered_by,
        }
        if found.asked is not None
        else None,
        "attachments": [
            {
                "name": one.name,
                "content_type": one.content_type,
                "size": one.size,
                "macros": one.macros,
            }
            for one in read.attachments
        ],
        "return_on": _plain(read.return_on),
        "asked_until_on": _plain(read.asked_until_on),
        "handed_to": read.handed_to,
        "evidence": list(read.evidence),
    }


def shown(found: Inspected) -> str:
    """One mail for people: what is known of it in lines of our own, then its text behind a bar.

    Every line of the mail stands behind the bar, so that no mail can write a line of ours.
    """
    lines = [f"{name}: {told}" for name, told in _head(found) if told]
    lines.append("")
    lines.extend(f"│ {line}" for line in printable(found.understood.text).split("\n"))
    return "\n".join(lines)


def difference_told(one: Difference, *, done: bool) -> str:
    """A mail that is read otherwise today, in a line or two."""
    head = f"{one.number:>5}  {one_line(one.sender)}  {one_line(one.subject)}"
    changes = []
    if one.kind != one.was_kind:
        changes.append(f"{inbox_kind(one.was_kind) or '–'} → {inbox_kind(one.kind)}")
    for name in sorted({*one.was_given, *one.given}):
        was, now = one.was_given.get(name), one.given.get(name)
        if was != now:
            changes.append(f"{name}: {_short(was)} → {_short(now)}")
    remedy = say("reparse_done" if done else f"reparse_{one.remedy}")
    return f"{head}\n       {'; '.join(changes)}\n       {remedy}"


def _head(found: Inspected) -> Iterator[tuple[str, str]]:
    mail, read = found.listed, found.understood
    about = mail.request
    name = one_line(read.sender_name)
    address = one_line(read.sender or mail.sender or "?")
    yield say("show_number"), str(mail.id)
    yield say("show_from"), f"{name} <{address}>" if name else address
    yield say("show_received"), wording.instant(mail.received_at, LOCAL, LANGUAGE)
    yield say("show_subject"), one_line(read.subject)
    yield say("show_kind"), inbox_kind(read.kind)
    yield say("show_until"), wording.day(read.asked_until_on, LANGUAGE) if read.asked_until_on else ""
    yield say("show_handed_to"), one_line(read.handed_to or "")
    yield say("show_return"), wording.day(read.return_on, LANGUAGE) if read.return_on else ""
    yield say("show_about"), f"{about.plan_id} {about.cycle_key} {about.task} {about.agency}" if about else ""
    yield say("show_placing"), say(f"placing_{mail.placing}")
    yield say("show_reason"), one_line(inbox_reason(mail.reason))
    if found.asked is not None:
        at = wording.instant(found.asked.asked_at, LOCAL, LANGUAGE)
        key = "asked_which" if found.asked.answered_by is None else "asked_answered"
        told = say(key, address=found.asked.address, at=at, number=found.asked.answered_by)
        yield say("show_asked"), one_line(told)
    yield say("show_verdict"), say(f"verdict_{found.verdict}") if found.verdict else ""
    if mail.decided_at is not None:
        at = wording.instant(mail.decided_at, LOCAL, LANGUAGE)
        decided = ", ".join(part for part in (mail.decided_by, at, mail.note) if part)
        yield say("show_decided"), one_line(decided)
    yield say("show_evidence"), one_line("; ".join(read.evidence))
    for label, value in found.values.items():
        yield f"  {one_line(label)}", _short(value)
    for one in read.attachments:
        yield (
            say("show_attachment"),
            " ".join(
                (
                    f"{one_line(one.name)} ({one_line(one.content_type)}, {_size(one.size)})",
                    *([say("show_macros")] if one.macros else []),
                )
            ),
        )


def _size(octets: int) -> str:
    return f"{max(1, round(octets / 1024))} KB"


def _short(value: object) -> str:
    """A value on one line, at most as long as a line."""
    if value is None:
        return "–"
    told = one_line(value if isinstance(value, str) else str(value))
    return told if len(told) <= 70 else told[:69] + "…"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
