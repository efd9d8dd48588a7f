"""The letter that asks whoever wrote a mail which report it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flows.core.cycle import CyclePlan
from flows.shell import wording
from flows.shell.incoming.receiving import Matter
from flows.shell.writing.letters import Desk, is_classified
from notifiers import headers
from notifiers.errors import UnusableAddress
from notifiers.ports import Doubted, Letter, LetterKind, Meant, Party
from notifiers.replies import Understood
from notifiers.wording import printable, shortened
from schemas.model import Agency, Frequency, Language

_LONGEST_SUBJECT = 120
_AGAIN = re.compile(
    r"(?:(?:re|aw|sv|tr|fwd?|fw|trả lời|chuyển tiếp|phúc đáp)\s?:\s{0,3}){1,9}", re.IGNORECASE
)


def which_report(
    matters: Sequence[Matter],
    *,
    received_at: datetime,
    understood: Understood,
    desk: Desk,
    at: datetime,
    message_id: str,
    reply_to: str,
) -> Letter:
    """The question about a mail that may be about any of these requests; `desk` is of the first one's cycle.

    It goes to the sender, who must be known, in the sender's own conversation and language.
    """
    first, sender = matters[0], understood.sender or ""
    agency = _whose(first, sender)
    letter = desk.standing(
        LetterKind.WHICH_REPORT,
        task_id=first.place.task,
        agency=first.place.agency,
        due_on=first.dates.due_on,
        request_id=first.place.id,
        at=at,
    )
    language = agency.language if agency is not None else letter.language
    about = _without_marks(understood.subject)
    return replace(
        letter,
        language=language,
        to=Party(
            name=agency.called if agency is not None else sender,
            mailbox=sender,
            attention=_attention(agency, sender),
        ),
        classified=any(is_classified(one.plan, one.place.task) for one in matters),
        doubted=Doubted(
            received_on=first.plan.calendar.day_of(received_at),
            subject=about,
            reports=tuple(_meant(one, language) for one in matters),
        ),
        message_id=message_id,
        reply_to=reply_to,
        conversation=about or wording.text("no_subject", language),
        thread=_thread(understood),
    )


def called(plan: CyclePlan, language: Language) -> str:
    """A reporting period by its name; empty for what a plan asks for once."""
    once = plan.period.frequency is Frequency.ONCE and plan.period.demand is None
    return "" if once else wording.cycle_name(plan.period, language)


def _meant(matter: Matter, language: Language) -> Meant:
    """A request as it may be named in a mail: of a classified one neither title nor form."""
    plan, task = matter.plan, matter.place.task
    return Meant(
        plan_number=plan.bundle.spec.plan.number,
        title="" if is_classified(plan, task) else plan.by_id[task].task.title,
        cycle_name=called(plan, language),
        due_on=matter.dates.due_on,
    )


def _whose(matter: Matter, address: str) -> Agency | None:
    """The agency that has an address in the directory: who answers, who owes, or any that the plan knows."""
    agencies, place = matter.plan.bundle.agencies, matter.place
    own = (agencies[matter.plan.answering(place.task, place.agency)], agencies[place.agency])
    return next((one for one in (*own, *agencies.values()) if one.has_address(address)), None)


def _attention(agency: Agency | None, address: str) -> str | None:
    """The person of an agency whose own address it is."""
    people = (agency.focal_point, agency.deputy, agency.head) if agency is not None else ()
    for one in people:
        if one is not None and one.mailbox is not None and one.mailbox.casefold() == address:
            return " ".join(part for part in (one.title, one.name) if part) or None
    return None


def _without_marks(subject: str) -> str:
    """A subject as the conversation shows it, without "Re:" and the like before it."""
    line = " ".join(printable(subject).split())
    return shortened(_AGAIN.sub("", line, count=1) if _AGAIN.match(line) else line, _LONGEST_SUBJECT)


def _thread(understood: Understood) -> tuple[str, ...]:
    """The id of the mail that is asked about, when it can stand in a header."""
    given = understood.message_id
    try:
        return (headers.message_id(given),) if given is not None and given.isascii() else ()
    except UnusableAddress:
        return ()
