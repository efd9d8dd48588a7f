"""Which request a mail is about: each kind of evidence alone, together, and against each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.core.correlation import MOST_AT_ONCE, Candidate, Clue, Finding, Verdict, Writer, correlate

SIGNED, REFERS, TAG, CODE = Clue.SIGNED_ADDRESS, Clue.REFERENCES, Clue.TAG, Clue.CODE
QUOTES, QUOTES_ID = Clue.QUOTED_ADDRESS, Clue.QUOTED_REFERENCE
NUMBER, PERIOD, ANSWERS, CALLED = Clue.PLAN_NUMBER, Clue.PERIOD, Clue.ANSWERS, Clue.CALLED_REPORT
ON_FILE, IN_HOUSE, ANOTHER, STRANGER = Writer.ON_FILE, Writer.IN_HOUSE, Writer.ANOTHER, Writer.STRANGER


def one(request_id: int, writer: Writer, *clues: Clue, **more: object) -> Candidate:
    """A request with what speaks for it."""
    candidate = Candidate(request_id=request_id, writer=writer, clues=frozenset(clues), form="bieu-mau")
    return replace(candidate, **more)  # type: ignore[arg-type]


FOUND = [
    ("its own address, whoever wrote", [one(1, STRANGER, SIGNED)]),
    ("its own address and an id of ours", [one(1, ON_FILE, SIGNED, REFERS, TAG)]),
    ("an answer to a mail of ours", [one(1, ON_FILE, REFERS)]),
    ("the same, by a colleague", [one(1, IN_HOUSE, REFERS)]),
    ("its address in a quote", [one(1, ON_FILE, QUOTES)]),
    ("an id of ours in a quote", [one(1, IN_HOUSE, QUOTES_ID)]),
    (
        "of two that are quoted, the one in the subject",
        [one(1, ON_FILE, QUOTES, TAG), one(2, ON_FILE, QUOTES)],
    ),
    ("its code", [one(1, ON_FILE, TAG)]),
    ("the code of the block", [one(1, ON_FILE, CODE)]),
    ("its code and the number, by a colleague", [one(1, IN_HOUSE, TAG, NUMBER)]),
    ("its code and the form filled in, by a colleague", [one(1, IN_HOUSE, CODE, ANSWERS)]),
    ("the number of the plan, the form filled in", [one(1, ON_FILE, NUMBER, ANSWERS)]),
    ("the number of the plan, called a report", [one(1, ON_FILE, NUMBER, CALLED, form=None)]),
    ("the only form that the values fit", [one(1, ON_FILE, ANSWERS), one(2, ON_FILE)]),
    ("the number before the form", [one(1, ON_FILE, NUMBER, ANSWERS), one(2, ON_FILE, ANSWERS)]),
    ("the period", [one(1, ON_FILE, ANSWERS, PERIOD), one(2, ON_FILE, ANSWERS)]),
    ("not the other period", [one(1, ON_FILE, ANSWERS), one(2, ON_FILE, ANSWERS, other_period=True)]),
    ("a correction that names its period", [one(1, ON_FILE, ANSWERS, PERIOD, reported=True)]),
]


@pytest.mark.parametrize("candidates", [case for _, case in FOUND], ids=[name for name, _ in FOUND])
def test_the_first_request_is_found(candidates: list[Candidate]) -> None:
    found = correlate(candidates, reports=True)
    assert (found.verdict, found.request_ids) == (Verdict.FOUND, (1,))
    reordered = correlate(candidates[::-1], reports=True)
    assert (reordered.verdict, reordered.request_ids) == (Verdict.FOUND, (1,))


IN_DOUBT = [
    (
        "its own address, and the code of another",
        Verdict.CONTRADICTION,
        [one(1, ON_FILE, SIGNED), one(2, ON_FILE, TAG)],
    ),
    (
        "its own address, and another's block",
        Verdict.CONTRADICTION,
        [one(1, ON_FILE, SIGNED), one(2, ON_FILE, CODE)],
    ),
    (
        "its own address, and an answer to another's mail",
        Verdict.CONTRADICTION,
        [one(1, ON_FILE, SIGNED), one(2, ON_FILE, REFERS)],
    ),
    (
        "its own address, and another period in the subject",
        Verdict.CONTRADICTION,
        [one(1, ON_FILE, SIGNED, other_period=True)],
    ),
    (
        "an id of ours, and the code of another",
        Verdict.CONTRADICTION,
        [one(1, ON_FILE, REFERS), one(2, ON_FILE, TAG)],
    ),
    ("a code, and another in the block", Verdict.AMBIGUOUS, [one(1, ON_FILE, TAG), one(2, ON_FILE, CODE)]),
    ("its own address, by an agency that owes the same", Verdict.NOT_ON_FILE, [one(1, ANOTHER, SIGNED)]),
    ("two addresses, one form", Verdict.AMBIGUOUS, [one(1, ON_FILE, SIGNED), one(2, ON_FILE, SIGNED)]),
    (
        "two addresses, two texts",
        Verdict.AMBIGUOUS,
        [one(1, ON_FILE, SIGNED, form="a"), one(2, ON_FILE, SIGNED, form=None)],
    ),
    ("two addresses in a quote", Verdict.AMBIGUOUS, [one(1, ON_FILE, QUOTES), one(2, ON_FILE, QUOTES)]),
    ("an id of ours, by a stranger", Verdict.NOT_ON_FILE, [one(1, STRANGER, REFERS)]),
    ("its address in a quote, by a stranger", Verdict.NOT_ON_FILE, [one(1, STRANGER, QUOTES)]),
    ("its code, by a stranger", Verdict.NOT_ON_FILE, [one(1, STRANGER, TAG, NUMBER, ANSWERS)]),
    ("its code alone, by a colleague", Verdict.NOT_ON_FILE, [one(1, IN_HOUSE, TAG)]),
    ("its code, by another agency", Verdict.NOT_ON_FILE, [one(1, ANOTHER, TAG, NUMBER, ANSWERS)]),
    ("one report owed, and nothing else", Verdict.TOO_LITTLE, [one(1, ON_FILE)]),
    ("two reports owed, and nothing else", Verdict.TOO_LITTLE, [one(1, ON_FILE), one(2, ON_FILE)]),
    ("called a report, of no plan", Verdict.TOO_LITTLE, [one(1, ON_FILE, CALLED)]),
    (
        "two reports of the plan",
        Verdict.AMBIGUOUS,
        [one(1, ON_FILE, NUMBER, CALLED), one(2, ON_FILE, NUMBER, CALLED)],
    ),
    ("two that the values fit", Verdict.AMBIGUOUS, [one(1, ON_FILE, ANSWERS), one(2, ON_FILE, ANSWERS)]),
    ("the number of the plan, no report", Verdict.TOO_LITTLE, [one(1, ON_FILE, NUMBER, form=None)]),
    (
        "the number, but another period",
        Verdict.TOO_LITTLE,
        [one(1, ON_FILE, NUMBER, ANSWERS, other_period=True)],
    ),
    (
        "a report that is in, period unsaid",
        Verdict.TOO_LITTLE,
        [one(1, ON_FILE, NUMBER, ANSWERS, reported=True)],
    ),
    ("the number and the form, by a stranger", Verdict.NOTHING, [one(1, STRANGER, NUMBER, ANSWERS)]),
    ("nothing at all", Verdict.NOTHING, []),
]


@pytest.mark.parametrize(
    ("verdict", "candidates"), [case[1:] for case in IN_DOUBT], ids=[case[0] for case in IN_DOUBT]
)
def test_a_report_is_never_guessed(verdict: Verdict, candidates: list[Candidate]) -> None:
    assert correlate(candidates, reports=True).verdict is verdict
    assert correlate(candidates[::-1], reports=True).verdict is verdict


def test_answers_whose_forms_differ_may_share_a_mail() -> None:
    both = [one(1, ON_FILE, SIGNED, form="a"), one(2, ON_FILE, SIGNED, form="b")]
    assert correlate(both, reports=True).request_ids == (1, 2)


def test_an_answer_to_a_mail_about_several_is_about_all_of_them() -> None:
    parcel = [one(id_, ON_FILE, SIGNED, together="b1") for id_ in range(1, MOST_AT_ONCE + 5)]
    assert len(correlate(parcel, reports=True).request_ids) == len(parcel)
    assert correlate([*parcel[:2], one(9, ON_FILE, SIGNED)], reports=True).verdict is Verdict.AMBIGUOUS


def test_a_mail_to_very_many_addresses_of_ours_is_an_answer_to_none() -> None:
    many = [one(id_, ON_FILE, SIGNED, form=str(id_)) for id_ in range(MOST_AT_ONCE + 1)]
    assert correlate(many, reports=True).verdict is Verdict.AMBIGUOUS
    assert correlate(many, reports=False).verdict is Verdict.AMBIGUOUS


def test_what_is_no_report_may_come_from_another_agency_to_an_address_of_ours() -> None:
    assert correlate([one(1, ANOTHER, SIGNED)], reports=False).verdict is Verdict.FOUND


def test_a_bounce_names_a_mail_of_ours_and_is_from_nobody_on_file() -> None:
    bounce = [one(1, STRANGER, REFERS)]
    assert correlate(bounce, reports=False, by_machine=True).request_ids == (1,)
    assert correlate([one(1, ON_FILE, TAG)], reports=False, by_machine=True).verdict is Verdict.NOTHING


def test_a_finding_is_told_in_words_for_the_record() -> None:
    found = correlate([one(1, ON_FILE, TAG, SIGNED)], reports=True)
    assert found.reason == "found: signed-address, subject-tag; on-file"
    assert Finding(verdict=Verdict.NOTHING).reason == "nothing"
