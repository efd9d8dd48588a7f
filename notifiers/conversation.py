"""Conversation: the mails with which a mailbox shows a letter, about one report from first to last.

Gmail shows mails together when one refers to another and their subjects are equal but for "Re:" and the like;
Outlook goes by what a mail refers to and by its subject without such words. So whatever follows in a
conversation keeps the subject that it began with, and refers to mails that the mailbox has; and to the first
of all, so that whoever has every mail finds them in one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from notifiers.ports import Letter, LetterKind

OF_THEIR_OWN = frozenset(
    (
        LetterKind.ESCALATION,
        LetterKind.RESOLVED,
        LetterKind.MISSING,
        LetterKind.PETITION,
        LetterKind.NOT_DECIDED,
        LetterKind.UNREACHABLE,
    )
)
"""Kinds that speak of an agency to somebody else, under a subject that says what of."""

_ABOVE = frozenset((LetterKind.ESCALATION, LetterKind.RESOLVED))
"""Those of them that go on from one to the next: all that a superior reads about one report."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A mail about a report that was written before."""

    message_id: str
    kind: str
    subject: str
    to: tuple[str, ...]
    """The envelope: whom it was meant for, and then who had a copy."""


def continued(letter: Letter, before: Sequence[Written]) -> Letter:
    """The letter, going on from what was written about its report before, the oldest first."""
    mailbox = (letter.to.mailbox or "").casefold()
    own = [one for one in before if one.to and one.to[0].casefold() == mailbox]
    seen = [one for one in before if mailbox in map(str.casefold, one.to)]
    begun = next((one.subject for one in own if _goes_on(letter.kind, one.kind)), None)
    # what nobody there has seen is named all the same: an answer to this mail is then known by more
    thread = tuple(dict.fromkeys(one.message_id for one in ((*before[:1], *seen) if seen else before)))
    return replace(letter, thread=thread, conversation=begun)


def _goes_on(kind: str, from_kind: str) -> bool:
    if kind in OF_THEIR_OWN or from_kind in OF_THEIR_OWN:
        return kind in _ABOVE and from_kind in _ABOVE
    return True
