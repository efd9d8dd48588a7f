"""What a mailbox shows as one conversation."""

from __future__ import annotations

import pytest

from notifiers.conversation import Written, continued
from notifiers.ports import LetterKind, Party
from tests.unit.notifiers.letters import letter

XA = "vanthu@mylongbac.example"
HUYEN = "vanthu@caungang.example"
TINH = "vanthu@travinh.example"


def written(number: int, kind: LetterKind, *to: str, subject: str = "") -> Written:
    return Written(message_id=f"<{number}@x.example>", kind=kind, subject=subject or f"S{number}", to=to)


BEFORE = (
    written(1, LetterKind.REQUEST, XA),
    written(2, LetterKind.PETITION, HUYEN),
    written(3, LetterKind.OVERDUE, XA, subject="Re: S1"),
    written(4, LetterKind.ESCALATION, HUYEN, XA),
)


@pytest.mark.parametrize("kind", [LetterKind.REMINDER, LetterKind.ACCEPTED, LetterKind.WITHDRAWN])
def test_the_agency_reads_on_under_the_subject_of_its_request(kind: LetterKind) -> None:
    found = continued(letter(kind), BEFORE)
    assert found.conversation == "S1"
    assert found.thread == ("<1@x.example>", "<3@x.example>", "<4@x.example>")


def test_a_superior_reads_on_from_the_first_mail_of_their_own() -> None:
    found = continued(letter(LetterKind.ESCALATION, to=Party(name="H", mailbox=HUYEN.upper())), BEFORE)
    assert found.conversation == "S4"
    assert found.thread == ("<1@x.example>", "<2@x.example>", "<4@x.example>")


@pytest.mark.parametrize("kind", [LetterKind.ESCALATION, LetterKind.REMINDER, LetterKind.MISSING])
def test_whoever_has_had_no_mail_begins_a_conversation(kind: LetterKind) -> None:
    found = continued(letter(kind, to=Party(name="T", mailbox=TINH)), BEFORE)
    assert found.conversation is None
    assert len(found.thread) == len(BEFORE)


def test_notices_to_a_coordinator_keep_subjects_of_their_own() -> None:
    to = Party(name="H", mailbox=HUYEN)
    assert continued(letter(LetterKind.PETITION, to=to), BEFORE).conversation is None
    assert continued(letter(LetterKind.MISSING, to=to), BEFORE).conversation is None
    # a unit that owes a report to itself is asked under the request's subject all the same
    assert continued(letter(LetterKind.REQUEST, to=to), BEFORE).conversation is None
