"""Simulated agencies: they receive mail over SMTP and answer over SMTP, each by its habit.

All they know is in the mails that they got: which address to answer, which lines to fill in.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import heapq
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from typing import Protocol

from flows.core.calendar import WorkCalendar
from flows.demo.answers import Questions, Reported, absence, asked_in, dice, filled, value
from flows.demo.script import Habit
from notifiers.address import token as code_of
from notifiers.compose import LETTER_HEADER
from notifiers.errors import MailServerUnavailable
from notifiers.listener import MailListener
from notifiers.ports import Accepted, LetterKind, Mail, Mailer, RawMail, Refused
from schemas.model import Agency

_ABOUT_REPORTS = frozenset(kind.value for kind in LetterKind)
"""All mails but those that tell whoever follows a plan up what waits."""


class HasHabits(Protocol):
    """Says how an agency deals with requests."""

    def habit(self, agency_id: str, subject: str) -> Habit:
        """The habit of an agency towards the request of that subject."""
        ...


@dataclass(kw_only=True)
class _Errand:
    """One request as its agency sees it."""

    agency: str
    token: str
    questions: Questions
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
        known = tuple(directory)
        self._offices = _offices(known)
        self._focal_points = {one.id: one.focal_point.mailbox for one in known if one.focal_point is not None}
        self._errands: dict[str, _Errand] = {}
        self._together: dict[str, tuple[str, ...]] = {}
        self._planned: list[_Answer] = []
        self._order = count()
        self._lock = threading.Lock()
        self.figures = Figures()
        self.on_received: Callable[[int], object] = lambda _count: None
        """Told how many mails have come, each time before one is acknowledged."""
        moved = {self._focal_points.get(one.id) for one in known if script.habit(one.id, "") is Habit.MOVED}
        self.listener = MailListener("127.0.0.1", 0, self.receive, accepts=lambda one: one not in moved)

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
            if kind in _ABOUT_REPORTS:
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
        asked = asked_in(code, text)
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
        if self._is_away(agency, habit, kind, message):
            return
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
                (place, label, value(agency, errand.token, label, wrong=wrong and first, again=again))
                for (place, label), first in zip(questions, (True, *[False] * len(questions)), strict=False)
            )
            errand.answered = True
            errand.corrected |= again
            if lines:
                answered.append(Reported(number=number, token=errand.token, lines=lines))
        sent = str(message["Date"])
        self._plan(days, message, filled(agency, answered, text, sent, correction=again))

    def _is_away(self, agency: str, habit: Habit, kind: LetterKind, message: EmailMessage) -> bool:
        """Whether it reaches only somebody who is away too long; who is away at all says so when asked."""
        to = str(message["To"].addresses[0].addr_spec)
        too_long = habit is Habit.STOOD_IN and to == self._focal_points.get(agency)
        if (habit is Habit.AWAY or too_long) and kind is LetterKind.REQUEST:
            told = absence(self._calendar, self._now.now(), days=60 if too_long else 3)
            self._plan(0, message, told, automatic=True)
        return too_long

    def _days_until_answer(self, habit: Habit, kind: LetterKind, errand: _Errand, seed: str) -> int | None:
        """In how many working days the agency will answer this mail; None when it will not."""
        prompt = 1 + dice(seed, 3)
        match habit, kind:
            case (
                (Habit.PROMPT | Habit.MISTAKEN | Habit.CORRECTING | Habit.MOVED | Habit.STOOD_IN),
                LetterKind.REQUEST,
            ):
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
        answer["Message-ID"] = f"<{number}.{dice(reply_to, 10**9)}@{sender.rpartition('@')[2]}>"
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
