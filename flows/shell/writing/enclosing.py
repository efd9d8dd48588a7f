"""Enclosing: the files that go with a letter, its form to fill in and its due date for the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from flows.documents.due_date import DueDate, due_date_ics
from flows.documents.workbook import Heading, workbook
from notifiers import wording as mail_wording
from notifiers.address import token
from notifiers.ports import Enclosure, Letter, LetterKind
from schemas.model import Language

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# no `method`: with it, some clients show the appointment in place of the letter
_ICS = "text/calendar; charset=utf-8"

_WITH_FORM = frozenset((LetterKind.REQUEST, LetterKind.REMINDER, LetterKind.OVERDUE, LetterKind.REDATED))
_WITH_DATE = frozenset(
    (
        LetterKind.REQUEST,
        LetterKind.REDATED,
        LetterKind.EXTENDED,
        LetterKind.WITHDRAWN,
        LetterKind.HANDED_OVER,
    )
)
_STRUCK_OUT = (LetterKind.WITHDRAWN, LetterKind.HANDED_OVER)

_TEXTS: dict[Language, dict[str, str]] = {
    Language.VI: {
        "form": "Biểu mẫu báo cáo {token}.xlsx",
        "date": "Hạn báo cáo {token}.ics",
        "due": "Hạn báo cáo: {report}",
        "due_report": "Đến hạn: {report}",
        "withdrawn": "Không phải báo cáo nữa: {report}",
        "report": "{task} ({cycle})",
        "plan": "{document} của {issuer}: {title}",
        "agency": "Cơ quan báo cáo: {agency}",
        "until": "Thời hạn: hết ngày {day}, {weekday}",
        "description": "{plan}\nCơ quan báo cáo: {agency}\nNơi nhận báo cáo: {to}\nTrả lời tới: {reply_to}",
    },
    Language.EN: {
        "form": "Report form {token}.xlsx",
        "date": "Report due {token}.ics",
        "due": "Report due: {report}",
        "due_report": "Due: {report}",
        "withdrawn": "No longer to be reported: {report}",
        "report": "{task} ({cycle})",
        "plan": "{document} of {issuer}: {title}",
        "agency": "Reporting agency: {agency}",
        "until": "Due by the end of {weekday}, {day}",
        "description": "{plan}\nReporting agency: {agency}\nReport to: {to}\nReply to: {reply_to}",
    },
}


def enclosures(letter: Letter, *, edition: int, organizer: tuple[str, str]) -> tuple[Enclosure, ...]:
    """The files for a letter about a request that was asked for or dated anew `edition` times; none for one
    that is classified. `organizer` is the name and mailbox that the engine writes as.
    """
    if letter.classified or letter.kind not in _WITH_FORM | _WITH_DATE:
        return ()
    return tuple(_enclosed(letter, edition, organizer))


def _enclosed(letter: Letter, edition: int, organizer: tuple[str, str]) -> Iterator[Enclosure]:
    language = letter.language
    texts = _TEXTS[language]
    name = token(letter.reply_to) or ""
    report = letter.task_title
    if letter.cycle_name:
        report = texts["report"].format(task=report, cycle=letter.cycle_name)
    plan = texts["plan"].format(
        document=mail_wording.document(letter.plan_number, language),
        issuer=letter.issuer.name,
        title=letter.plan_title,
    )
    if letter.form is not None and letter.kind in _WITH_FORM:
        heading = Heading(
            token=name,
            report=report,
            plan=plan,
            agency=texts["agency"].format(agency=letter.agency.name),
            due=texts["until"].format(
                day=mail_wording.day(letter.due_on, language),
                weekday=mail_wording.weekday(letter.due_on, language),
            ),
        )
        content = workbook(letter.form, language, heading)
        yield Enclosure(name=texts["form"].format(token=name), content_type=_XLSX, content=content)
    if letter.kind in _WITH_DATE:
        cancelled = letter.kind in _STRUCK_OUT
        summary = "due_report" if mail_wording.says_report(letter.task_title, language) else "due"
        due = DueDate(
            uid=f"{name}@{organizer[1].rpartition('@')[2]}",
            # a withdrawal comes after what it takes back, and before a request made anew
            sequence=2 * edition + cancelled,
            on=letter.due_on,
            summary=texts["withdrawn" if cancelled else summary].format(report=report),
            description=texts["description"].format(
                plan=plan,
                agency=letter.agency.name,
                to=letter.report_to.name,
                reply_to=letter.reply_to,
            ),
            organizer_name=organizer[0],
            organizer_mailbox=organizer[1],
            cancelled=cancelled,
        )
        content = due_date_ics(due, letter.sent_at)
        yield Enclosure(name=texts["date"].format(token=name), content_type=_ICS, content=content)
