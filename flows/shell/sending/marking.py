"""Marking: what the outcome of an attempt makes of a mail, and when one that was put off is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.ledger.delivery import Mark, QueuedMail
from flows.ledger.outbox import MailStatus
from notifiers.ports import Accepted, Deferred, InDoubt, Outcome, Refused

_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=4)
_GIVE_UP_AFTER = 40
"""Attempts before a mail that is refused for the time being counts as refused for good: about six days."""


def mark(mail: QueuedMail, outcome: Outcome, now: datetime) -> Mark:
    """What is written down about a mail that was offered at `now`."""
    attempts = mail.attempts + 1
    match outcome:
        case Accepted(answer=answer, refused=copies):
            told = [answer, *(f"not for {one.recipient}: {one.code} {one.answer}" for one in copies)]
            return Mark(
                id=mail.id, status=MailStatus.SENT, answer="; ".join(told), attempts=attempts, sent_at=now
            )
        case InDoubt(reason=reason):
            return Mark(id=mail.id, status=MailStatus.SENDING, answer=reason, attempts=attempts)
        case Deferred(code=code, answer=answer) if attempts < _GIVE_UP_AFTER:
            return Mark(
                id=mail.id,
                status=MailStatus.QUEUED,
                answer=f"{code} {answer}",
                attempts=attempts,
                not_before_at=now + pause(attempts),
            )
        case Deferred(code=code, answer=answer) | Refused(code=code, answer=answer):
            return Mark(id=mail.id, status=MailStatus.FAILED, answer=f"{code} {answer}", attempts=attempts)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long after each, four hours at most."""
    doubled: timedelta = _FIRST_RETRY * (1 << min(attempts - 1, 10))
    return min(doubled, _LONGEST_RETRY)
