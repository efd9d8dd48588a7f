"""Simulated agencies: they receive mail over SMTP and answer over SMTP, each by its habit.

All they know is in the mails that they got: which address to answer, which lines to fill in.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import heapq
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from typing import Protocol

from flows.core.calendar import WorkCalendar
from flows.demo.script import Habit
from notifiers.address import token as code_of
from notifiers.compose import LETTER_HEADER
from notifiers.errors import MailServerUnavailable
from notifiers.listener import MailListener
from notifiers.ports import Accepted, LetterKind, Mail, Mailer, RawMail, Refused
from schemas.model import Agency

_LINE = re.compile(r"^\s*(\d+)\.\s+(.{3,300}?):\s*$", re.MULTILINE)
_BLOCK = re.compile(r"^===== PHẦN TRẢ LỜI \(mã (\w+)\) =====$(.*?)^===== HẾT", re.MULTILINE | re.DOTALL)
_UNIT = re.compile(r"\(([^()]+)\)\s*$")
_OPTIONAL = "nếu có"


class HasHabits(Protocol):
    """Says how an agency deals with requests."""

    def habit(self, agency_id: str, subject: str) -> Habit:
        """The habit of an agency towards the request of that subject."""
        ...


_Questions = tuple[tuple[str, str], ...]
"""Number and label of each line to fill in."""


@dataclass(kw_only=True)
class _Errand:
    """One request as its agency sees it."""

    agency: str
    token: str
    questions: _Questions
    answered: bool = False
    corrected: bool = False
    heads_told: int = 0


@dataclass(frozen=True, kw_only=True, order=True)
class _Answer:
    """An answer that waits for its time."""

    at: datetime
    number: int
    mail: Mail = field(compare=False)


@dataclass(kw_only=True)
class Figures:
    """What went through the agencies' hands; `received` counts mails by Message-ID, for each time they
    came.
    """

    received: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    answers: int = 0


class Agencies:
    """The mail server of all agencies, and the people who answer; safe for the listener's threads."""

    def __init__(
        self, directory: Iterable[Agency], script: HasHabits, calendar: WorkCalendar, now: Clock
    ) -> None:
        self._script = script
        self._calendar = calendar
        self._now = now
        self._offices = _offices(directory)
        self._errands: dict[str, _Errand] = {}
        self._together: dict[str, tuple[str, ...]] = {}
        self._planned: list[_Answer] = []
        self._order = count()
        self._lock = threading.Lock()
        self.figures = Figures()
        self.on_received: Callable[[int], object] = lambda _count: None
        """Told how many mails have come, each time before one is acknowledged."""
        self.listener = MailListener("127.0.0.1", 0, self.receive, accepts=lambda address: "@" in address)

    def receive(self, mail: RawMail) -> None:
        """A mail arrives at one or more offices."""
        self._take(mail)
        self.on_received(len(self.figures.received))

    def _take(self, mail: RawMail) -> None:
        message = email.message_from_bytes(mail.raw, policy=email.policy.default)
        kind = str(message[LETTER_HEADER] or "")
        with self._lock:
            message_id = str(message["Message-ID"])
            seen = self.figures.received.get(message_id, 0)
            self.figures.received[message_id] = seen + 1
            if seen:
                return
            self.figures.kinds[kind] = self.figures.kinds.get(kind, 0) + 1
            offices = [
                self._offices[one] for one in map(str.casefold, mail.envelope_to) if one in self._offices
            ]
            for agency in dict.fromkeys(offices):
                self._react(agency, LetterKind(kind), message)

    def next_at(self) -> datetime | None:
        """When the next answer is due to be written."""
        with self._lock:
            return self._planned[0].at if self._planned else None

    def answer(self, until: datetime, mailer: Mailer) -> int:
        """Send the answers that are due by `until`, in order; how many were taken.

        As every mail server does, keep what could not be handed over, and offer it again the next time.
        Raises AnswerRefused.
        """
        with self._lock:
            due = []
            while self._planned and self._planned[0].at <= until:
                due.append(heapq.heappop(self._planned))
        if not due:
            return 0
        left = asyncio.run(self._send(due, mailer))
        with self._lock:
            for one in left:
                heapq.heappush(self._planned, one)
        self.figures.answers += len(due) - len(left)
        return len(due) - len(left)

    async def _send(self, answers: list[_Answer], mailer: Mailer) -> list[_Answer]:
        """Hand over answers until one cannot be; that one and those behind it."""
        async with mailer.session() as session:
            for position, answer in enumerate(answers):
                try:
                    outcome = await session.send(answer.mail)
                except MailServerUnavailable:
                    return answers[position:]
                if isinstance(outcome, Refused):
                    raise AnswerRefused(answer.mail.envelope_to[0], str(outcome))
                if not isinstance(outcome, Accepted):
                    return answers[position:]
        return []

    def _react(self, agency: str, kind: LetterKind, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
        subject = str(message["Subject"])
        code = code_of(str(message["Reply-To"].addresses[0].addr_spec)) or ""
        asked = _asked(code, text)
        if kind is LetterKind.REQUEST:
            for token, questions in asked.items():
                self._errands[token] = _Errand(agency=agency, token=token, questions=questions)
            self._together[code] = tuple(asked)
        # an answer about several reports names them by the mail that asked for them
        tokens = self._together.get(code, tuple(asked))
        errands = [self._errands[one] for one in tokens if one in self._errands]
        errands = [one for one in errands if one.agency == agency]
        if not errands:
            return
        habit = self._script.habit(agency, subject)
        if kind is LetterKind.ESCALATION:
            for errand in errands:
                errand.heads_told += 1
        if habit is Habit.AWAY and kind is LetterKind.REQUEST:
            self._plan(0, message, _absence(self._calendar, self._now.now()), automatic=True)
        seed = errands[0].token
        days = next(
            (d for one in errands if (d := self._days_until_answer(habit, kind, one, seed)) is not None), None
        )
        if days is None:
            return
        wrong = habit is Habit.MISTAKEN and kind is LetterKind.REQUEST
        again = kind is LetterKind.ACCEPTED
        answered = []
        for number, errand in enumerate(errands, start=1):
            questions = asked.get(errand.token, ()) if kind is LetterKind.PARTLY else errand.questions
            lines = tuple(
                (place, label, _value(agency, errand.token, label, wrong=wrong and first, again=again))
                for (place, label), first in zip(questions, (True, *[False] * len(questions)), strict=False)
            )
            errand.answered = True
            errand.corrected |= again
            if lines:
                answered.append(_Reported(number=number, token=errand.token, lines=lines))
        sent = str(message["Date"])
        self._plan(days, message, _filled(agency, answered, text, sent, correction=again))

    def _days_until_answer(self, habit: Habit, kind: LetterKind, errand: _Errand, seed: str) -> int | None:
        """In how many working days the agency will answer this mail; None when it will not."""
        prompt = 1 + _dice(seed, 3)
        match habit, kind:
            case ((Habit.PROMPT | Habit.MISTAKEN | Habit.CORRECTING), LetterKind.REQUEST):
                return prompt
            case Habit.MISTAKEN, LetterKind.PARTLY:
                return 1
            case Habit.CORRECTING, LetterKind.ACCEPTED if not errand.corrected:
                return 2
            case Habit.AWAY, LetterKind.REMINDER if not errand.answered:
                return 1
            case Habit.LATE, LetterKind.OVERDUE if not errand.answered:
                return 0
            case Habit.ESCALATED, LetterKind.ESCALATION if not errand.answered:
                return 1
            case Habit.SUPERIOR, LetterKind.ESCALATION if not errand.answered and errand.heads_told > 1:
                return 1
            case _:
                return None

    def _plan(self, days: int, asked: EmailMessage, text: str, *, automatic: bool = False) -> None:
        reply_to = str(asked["Reply-To"].addresses[0].addr_spec)
        now = self._now.now()
        day = self._calendar.day_of(now)
        for _ in range(days):
            day = self._calendar.next_working_day(day)
        at = now + timedelta(minutes=1)
        if days:
            at = datetime.combine(day, time(9, 30), self._calendar.zone)
        number = next(self._order)
        sender = str(asked["To"].addresses[0].addr_spec)
        answer = EmailMessage(policy=email.policy.SMTP)
        answer["From"] = sender
        answer["To"] = reply_to
        answer["Subject"] = ("Trả lời tự động: " if automatic else "Re: ") + str(
            asked["Subject"]
        ).removeprefix("Re: ")
        answer["Date"] = format_datetime(at)
        answer["Message-ID"] = f"<{number}.{_dice(reply_to, 10**9)}@{sender.rpartition('@')[2]}>"
        answer["In-Reply-To"] = str(asked["Message-ID"])
        if automatic:
            answer["Auto-Submitted"] = "auto-replied"
        answer.set_content(text)
        mail = Mail(
            message_id=str(answer["Message-ID"]),
            envelope_from=sender,
            envelope_to=(reply_to,),
            raw=answer.as_bytes(),
        )
        heapq.heappush(self._planned, _Answer(at=at, number=number, mail=mail))


class AnswerRefused(RuntimeError):
    """The listener that answers go to would not take one."""

    def __init__(self, to: str, answer: str) -> None:
        self.to = to
        self.answer = answer
        super().__init__(f"the answer to {to} was not taken: {answer}")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware."""
        ...


def _offices(directory: Iterable[Agency]) -> Mapping[str, str]:
    """Which agency reads a mailbox."""
    offices: dict[str, str] = {}
    for agency in directory:
        people = (agency.head, agency.deputy, agency.focal_point)
        boxes = [agency.mailbox, *(person.mailbox for person in people if person is not None)]
        for mailbox in boxes:
            if mailbox is not None:
                offices.setdefault(mailbox.casefold(), agency.id)
    return offices


@dataclass(frozen=True, kw_only=True)
class _Reported:
    """What is answered to one of the reports that a mail asks for."""

    number: int
    token: str
    lines: tuple[tuple[str, str, str], ...]
    """Number, label and answer."""


def _asked(code: str, text: str) -> dict[str, _Questions]:
    """The lines to fill in, by the token of their report; without any, the mail is about that of its code."""
    blocks: dict[str, _Questions] = {match[1]: _questions(match[2]) for match in _BLOCK.finditer(text)}
    return blocks or {code: ()}


def _questions(text: str) -> _Questions:
    return tuple((match[1], match[2]) for match in _LINE.finditer(text))


def _dice(seed: str, sides: int) -> int:
    """A number from 0 to sides - 1 that the same seed always gives."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) % sides


def _value(agency: str, token: str, label: str, *, wrong: bool, again: bool) -> str:
    """What the agency writes behind a label: figures where a unit asks for them, else words."""
    seed = f"{agency}{label}"
    unit = _UNIT.search(label)
    if unit is None or _OPTIONAL in unit[1]:
        if _OPTIONAL in label:
            return ("", "Không", "Đề nghị bố trí thêm kinh phí tuyên truyền.")[_dice(seed, 3)]
        return (
            "Đã tổ chức tuyên truyền trên hệ thống truyền thanh và trang thông tin điện tử.",
            "Hoàn thành các nội dung theo kế hoạch; phối hợp tốt với các đơn vị liên quan.",
            "Lồng ghép tuyên truyền tại các hội nghị, sinh hoạt chuyên đề của đơn vị.",
        )[_dice(seed, 3)]
    if wrong:
        return "nhiều lắm"
    if "/" in unit[1]:
        return "Có" if "không" in unit[1] else f"{1 + _dice(seed, 28)}/12/2023"
    figure = 3 + _dice(seed + token, 60) + (5 if again else 0)
    if "đồng" in unit[1]:
        return f"{figure},5 {unit[1]}"
    if unit[1].strip() == "%":
        return f"{figure},5%"
    if "lượt" in unit[1]:
        figure = 1000 + 13 * figure
    return (str(figure), f"{figure} {unit[1]}", f"{figure:,}".replace(",", "."))[_dice(seed, 3)]


def _absence(calendar: WorkCalendar, now: datetime) -> str:
    back = calendar.day_of(now)
    for _ in range(3):
        back = calendar.next_working_day(back)
    return (
        f"Tôi đi công tác, sẽ trở lại làm việc vào ngày {back:%d/%m/%Y}.\n"
        "Trường hợp cần gấp, đề nghị liên hệ Văn phòng.\n"
    )


def _filled(agency: str, reports: list[_Reported], asked: str, sent: str, *, correction: bool) -> str:
    """The answer as this agency's client writes it: above the quote, within it, or without any."""
    greeting = "Kính gửi Ban tổng hợp,\n"
    opening = "Đơn vị xin đính chính số liệu như sau:\n" if correction else "Đơn vị xin báo cáo như sau:\n"
    closing = "\nTrân trọng./.\nCán bộ tổng hợp\n"
    several = asked.count("===== PHẦN TRẢ LỜI") > 1 or "BÁO CÁO 1/" in asked
    quoted = "".join(f"> {line}\n" for line in asked.splitlines())
    style = _dice(agency, 3)
    if style == 1 and not correction:
        for one in reports:
            quoted = _filled_in(quoted, one)
        below = "Đơn vị gửi số liệu ngay trong phần trả lời bên dưới."
        return f"{greeting}{below}{closing}\nVào {sent} Đôn đốc đã viết:\n{quoted}"
    block = ""
    for one in reports:
        heading = f"\nBáo cáo {one.number}:\n" if several else "\n"
        numbered = style != 2
        block += heading + "".join(
            f"{number}. {label}: {value}\n" if numbered else f"{_without_number(label)}: {value}\n"
            for number, label, value in one.lines
        )
    if style == 2:
        return f"{greeting}{opening}{block}{closing}"
    return f"{greeting}{opening}{block}{closing}\nVào {sent} Đôn đốc đã viết:\n{quoted}"


def _filled_in(quoted: str, report: _Reported) -> str:
    """The quoted mail with the answers written behind the lines of a report's block."""
    before, mark, block = quoted.partition(f"(mã {report.token})")
    for number, label, value in report.lines:
        line = f"> {number}. {label}:"
        for empty in (f"{line} \n", f"{line}\n"):
            block = block.replace(empty, f"{line} {value}\n", 1)
    return before + mark + block


def _without_number(label: str) -> str:
    return _UNIT.sub("", label).strip()
