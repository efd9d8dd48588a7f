"""Fields: what a coordinator's own words may speak of, for each mail that they can stand in.

All are texts as they are written in the language of the mail, or counts. What a mail of a kind may have and
this one does not is an empty text or 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from notifiers import wording
from notifiers.ports import Asked, Doubted, Letter, LetterKind, Party
from schemas.model import Language

DIGEST = "digest"
"""The daily mail to whoever decides."""

ANSWERS = "answers"
"""How each report stands of a mail about several."""

_SEVERAL = {
    "requests": LetterKind.REQUEST,
    "reminders": LetterKind.REMINDER,
    "overdues": LetterKind.OVERDUE,
}

SEVERAL = (*_SEVERAL, ANSWERS)
"""Mails about several reports."""

FORWARDED = "forwarded"
"""What stands above a mail that is sent on to another contact."""

NAMES = (*(kind.value for kind in LetterKind), *SEVERAL, DIGEST, FORWARDED)
"""The mails, as the files are called that have words for them."""

Value = str | int

_OF_KINDS: Mapping[str, tuple[LetterKind, ...]] = {
    "was_due": (LetterKind.REDATED, LetterKind.EXTENDED),
    "days_late": (LetterKind.OVERDUE, LetterKind.ESCALATION, LetterKind.MISSING),
    "times_asked": (LetterKind.ESCALATION, LetterKind.MISSING),
    "step": (LetterKind.REMINDER, LetterKind.ESCALATION),
    "steps": (LetterKind.REMINDER, LetterKind.ESCALATION),
    "recorded": (LetterKind.ACCEPTED, LetterKind.PARTLY, LetterKind.TAKEN_OVER),
    "problems": (LetterKind.PARTLY, LetterKind.REFUSED),
    "replaced_by": (LetterKind.TAKEN_OVER,),
    "said": (LetterKind.DECLINED, LetterKind.ANSWERED),
    "asked": (LetterKind.PETITION, LetterKind.NOT_DECIDED, LetterKind.DECLINED),
    "asked_by": (LetterKind.PETITION, LetterKind.NOT_DECIDED),
    "asked_text": (LetterKind.PETITION, LetterKind.NOT_DECIDED),
    "asked_until": (LetterKind.PETITION, LetterKind.NOT_DECIDED),
    "mail_number": (LetterKind.PETITION, LetterKind.NOT_DECIDED),
    "handed_to": (LetterKind.HANDED_OVER, LetterKind.PETITION),
    "handed_from": (LetterKind.REQUEST,),
    "addresses": (LetterKind.UNREACHABLE,),
    "reports": (
        LetterKind.PETITION,
        LetterKind.UNREACHABLE,
        LetterKind.WHICH_REPORT,
        LetterKind.RESOLVED,
    ),
    "came": (LetterKind.RESOLVED,),
    "received": (LetterKind.WHICH_REPORT,),
    "received_subject": (LetterKind.WHICH_REPORT,),
    "note": (LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE),
}
"""Fields that only some kinds of mail have; all others every letter has."""


def fields_of(name: str) -> tuple[str, ...]:
    """The fields that the words of a mail may speak of, in the order in which they are told."""
    return tuple(known(name, Language.VI))


def known(name: str, language: Language) -> Mapping[str, Value]:
    """The same with made-up values, to try words with."""
    if name == DIGEST:
        to = Party(name="UBND huyện", attention="Trần Thị B")
        return digest_fields(
            to, language, today=date(2027, 3, 1), waiting=2, troubled=1, unreached=1, strays=1
        )
    if name == FORWARDED:
        to = Party(name="UBND xã Đông", attention="Phó Chủ tịch")
        return forward_fields(
            to,
            language,
            address="vanthu@xadong.example",
            agency="UBND xã Đông",
            person="Lê Thị B",
            away=True,
            back_on=date(2027, 3, 8),
            settled=("Phát thanh, tuyên truyền",),
        )
    kind = _SEVERAL.get(name) or (LetterKind(name) if name not in SEVERAL else None)
    all_fields = letter_fields(sample(language))
    found = {field: its for field, its in all_fields.items() if kind in _OF_KINDS.get(field, (kind,))}
    return {"count": 3, **found} if name in SEVERAL else found


def letter_fields(letter: Letter) -> dict[str, Value]:
    """What words may say of a letter."""
    language = letter.language
    asked, doubted = letter.asked, letter.doubted

    def day(on: date | None) -> str:
        return wording.day(on, language) if on is not None else ""

    handed_to = letter.handed_to.name if letter.handed_to else asked.handed_to if asked else None
    reports = len(doubted.reports) if doubted else len(letter.several)
    return {
        "to": letter.to.name,
        "attention": letter.to.attention or "",
        "agency": letter.agency.name,
        "issuer": letter.issuer.name,
        "report_to": letter.report_to.name,
        "via": letter.via.name if letter.via else "",
        "coordinator": letter.coordinator.name,
        "coordinator_mailbox": letter.coordinator.mailbox or "",
        "document": wording.document(letter.plan_number, language),
        "plan_number": letter.plan_number,
        "plan_title": letter.plan_title,
        "task": letter.task_title,
        "note": letter.note or "",
        "cycle": letter.cycle_name,
        "data_from": day(letter.period_from_on),
        "data_to": day(letter.period_to_on),
        "due": day(letter.due_on),
        "due_weekday": wording.weekday(letter.due_on, language),
        "was_due": day(letter.was_due_on),
        "days_late": letter.days_late,
        "times_asked": letter.times_asked,
        "step": letter.step,
        "steps": letter.steps,
        "recorded": len(letter.values),
        "problems": len(letter.problems),
        "replaced_by": letter.replaced_by or "",
        "said": letter.said or "",
        "asked": asked.kind if asked else "",
        "asked_by": asked.sender if asked else "",
        "asked_text": asked.text if asked else "",
        "asked_until": day(asked.until_on) if asked else "",
        "mail_number": asked.number if asked else 0,
        "handed_to": handed_to or "",
        "handed_from": letter.handed_from.name if letter.handed_from else "",
        "addresses": ", ".join(one.recipient for one in letter.undelivered),
        "reports": reports,
        "came": day(letter.reports[0].came_on) if len(letter.reports) == 1 else "",
        "received": day(doubted.received_on) if doubted else "",
        "received_subject": doubted.subject if doubted else "",
    }


def digest_fields(
    to: Party, language: Language, *, today: date, waiting: int, troubled: int, unreached: int, strays: int
) -> dict[str, Value]:
    """What words may say of a digest."""
    return {
        "to": to.name,
        "attention": to.attention or "",
        "today": wording.day(today, language),
        "total": waiting + troubled + unreached + strays,
        "waiting": waiting,
        "troubled": troubled,
        "unreached": unreached,
        "strays": strays,
    }


def forward_fields(
    to: Party,
    language: Language,
    *,
    address: str,
    agency: str,
    person: str | None,
    away: bool,
    back_on: date | None,
    settled: Sequence[str],
) -> dict[str, Value]:
    """What words may say of a mail that is sent on."""
    return {
        "to": to.name,
        "attention": to.attention or "",
        "address": address,
        "agency": agency,
        "person": person or "",
        "away": int(away),
        "back_on": wording.day(back_on, language) if back_on is not None else "",
        "settled": "; ".join(settled),
    }


def sample(language: Language) -> Letter:
    """A letter that words are tried with."""
    party = Party(name="UBND xã Đông", mailbox="vanthu@xadong.example", attention="Chủ tịch")
    return Letter(
        kind=LetterKind.REQUEST,
        language=language,
        to=party,
        agency=party,
        issuer=party,
        report_to=party,
        via=party,
        coordinator=party,
        plan_number="01/KH-UBND",
        plan_title="Công tác thông tin cơ sở",
        task_title="Phát thanh, tuyên truyền",
        note="Nêu rõ nguyên nhân",
        cycle_name="Quý I/2027" if language is Language.VI else "Quarter I of 2027",
        period_from_on=date(2026, 12, 15),
        period_to_on=date(2027, 3, 14),
        due_on=date(2027, 3, 19),
        was_due_on=date(2027, 3, 15),
        asked=Asked(
            kind="extension-request",
            number=12,
            sender="vanthu@xadong.example",
            text="Xã xin gia hạn.",
            until_on=date(2027, 3, 26),
        ),
        doubted=Doubted(received_on=date(2027, 3, 1), subject="Số liệu của xã", reports=()),
        said="Đề nghị gửi đúng hạn.",
        handed_to=party,
        handed_from=party,
        replaced_by="Kế hoạch số 02/KH-UBND",
        sent_at=datetime(2027, 3, 1, tzinfo=UTC),
        message_id="<sample@dondoc.example>",
        reply_to="baocao@dondoc.example",
    )
