"""Correlation: which requests a mail is about, from what speaks for each; when in doubt, none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Clue(StrEnum):
    """What in a mail speaks for a request."""

    SIGNED_ADDRESS = "signed-address"  # it was sent to the request's own address
    QUOTED_ADDRESS = "quoted-address"  # that address stands in its text
    REFERENCES = "references"  # it answers a mail of ours about the request
    QUOTED_REFERENCE = "quoted-message-id"  # the id of such a mail stands in its text
    TAG = "subject-tag"  # the request's code in the subject: unsigned, so that anybody could write it
    CODE = "block-code"  # the same in the fill-in block that was answered
    PLAN_NUMBER = "plan-number"  # the number of the plan
    PERIOD = "period"  # the reporting period, by its name
    ANSWERS = "form-labels"  # values behind the labels of the request's form
    CALLED_REPORT = "called-report"  # its subject calls it a report


class Writer(StrEnum):
    """Who wrote, as seen from a request."""

    ON_FILE = "on-file"  # the agency, its people, or somebody we wrote to about it
    IN_HOUSE = "in-house"  # an address of the same domain, which is not a public one
    ANOTHER = "another"  # on file for another agency that owes the same report
    STRANGER = "stranger"


class Verdict(StrEnum):
    """What came of the evidence."""

    FOUND = "found"
    AMBIGUOUS = "ambiguous"  # more than one request may be meant
    CONTRADICTION = "contradiction"  # two pieces of evidence name different requests
    NOT_ON_FILE = "not-on-file"  # it names a request, and its writer may not answer for it
    TOO_LITTLE = "too-little"  # the writer owes reports, and nothing says that this is one of them
    NOTHING = "nothing"


SECRET = frozenset((Clue.QUOTED_ADDRESS, Clue.REFERENCES, Clue.QUOTED_REFERENCE))
"""What only those know whom we wrote to."""

HINTS = frozenset((Clue.TAG, Clue.CODE))
"""What our own mails say, and anybody could make up."""

MOST_AT_ONCE = 10
"""A mail to more requests than this at once answers none of them."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A request that a mail may be about."""

    request_id: int
    clues: frozenset[Clue] = frozenset()
    writer: Writer = Writer.STRANGER
    other_period: bool = False
    """Whether the subject names a reporting period, and it is not this request's."""
    together: str | None = None
    """What a mail of ours carried it in with others: an answer to that mail is about all of them."""
    form: str | None = None
    """The form that is to be filled in; None for a report in free text."""
    reported: bool = False
    """Whether its report is in: another would correct it."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Which requests a mail is about, and why; or why that cannot be told."""

    verdict: Verdict
    request_ids: tuple[int, ...] = ()
    clues: frozenset[Clue] = frozenset()
    """What spoke for them, or what was in contradiction."""
    writer: Writer | None = None
    together: str | None = None
    """The mail of ours about several requests that it answers, if it answers one."""

    @property
    def reason(self) -> str:
        """In words for the record: "found: signed-address, subject-tag; on-file"."""
        said = ", ".join(clue for clue in Clue if clue in self.clues)
        return f"{self.verdict}{f': {said}' if said else ''}{f'; {self.writer}' if self.writer else ''}"


def correlate(candidates: Sequence[Candidate], *, reports: bool, by_machine: bool = False) -> Finding:
    """What the mail is about; `reports` says whether it would be taken for a report, `by_machine` whether no
    person wrote it: a bounce names a mail of ours, and its writer is never on file.

    The address that we signed goes first, then what only our correspondents know, then what our mails say
    openly, and last what a person would go by: who writes, the plan's number, the period, the form's labels.
    Each stronger piece must not be spoken against by a weaker one that names something else. A report is
    never guessed: of several that may be meant, none is.
    """
    found = _addressed(candidates, reports=reports) or _secret(
        candidates, reports=reports, by_machine=by_machine
    )
    if found is None and not by_machine:
        found = _hinted(candidates, reports=reports) or _by_content(candidates, reports=reports)
    return found or Finding(verdict=Verdict.NOTHING)


def _addressed(candidates: Sequence[Candidate], *, reports: bool) -> Finding | None:
    """Sent to signed addresses: proof, whoever wrote, unless the mail itself says otherwise."""
    named = _with(candidates, Clue.SIGNED_ADDRESS)
    if not named:
        return None
    if len(named) > MOST_AT_ONCE and not _one_parcel(named):
        return _doubt(Verdict.AMBIGUOUS, named)
    if not reports:
        return _found(named)
    if any(one.writer is Writer.ANOTHER for one in named):
        return _doubt(Verdict.NOT_ON_FILE, named)
    against = _against(candidates, named)
    if against is not None:
        return against
    return _found(named) if _one_parcel(named) or _told_apart(named) else _doubt(Verdict.AMBIGUOUS, named)


def _secret(candidates: Sequence[Candidate], *, reports: bool, by_machine: bool) -> Finding | None:
    """Refers to what only our correspondents know: proof from an address on file, or of the same house."""
    named = _with(candidates, *SECRET)
    if not named:
        return None
    if not _one_parcel(named):
        named = _with(named, *HINTS) or named
    against = _against(candidates, named)
    if against is not None and reports:
        return against
    if len(named) > 1 and not _one_parcel(named):
        return _doubt(Verdict.AMBIGUOUS, named)
    if by_machine or all(one.writer in (Writer.ON_FILE, Writer.IN_HOUSE) for one in named):
        return _found(named)
    return _doubt(Verdict.NOT_ON_FILE, named)


def _hinted(candidates: Sequence[Candidate], *, reports: bool) -> Finding | None:
    """Carries a request's code: enough from an address on file; from another of the house, with more."""
    named = _with(candidates, *HINTS)
    if not named:
        return None
    against = _against(candidates, named)
    if against is not None and reports:
        return against
    if len(named) > 1 and not _one_parcel(named):
        return _doubt(Verdict.AMBIGUOUS, named)
    supported = any(one.clues & {Clue.PLAN_NUMBER, Clue.ANSWERS} for one in named)
    enough = (Writer.ON_FILE, Writer.IN_HOUSE) if supported else (Writer.ON_FILE,)
    if all(one.writer in enough for one in named):
        return _found(named)
    return _doubt(Verdict.NOT_ON_FILE, named)


def _by_content(candidates: Sequence[Candidate], *, reports: bool) -> Finding | None:
    """A mail written anew by somebody on file: by the plan's number, the period and the form's labels."""
    known = [one for one in candidates if one.writer is Writer.ON_FILE]
    if not known:
        return None
    pool = _narrowed([one for one in known if not one.other_period])
    enough = [one for one in pool if one.clues & {Clue.PLAN_NUMBER, Clue.ANSWERS}]
    if not enough:
        return _doubt(Verdict.TOO_LITTLE, known)
    if len(enough) > 1:
        return _doubt(Verdict.AMBIGUOUS, enough)
    (one,) = enough
    # whatever an agency writes about a plan would be taken for the report, and the next one for a correction
    if reports and (
        one.clues.isdisjoint({Clue.ANSWERS, Clue.CALLED_REPORT})
        or (one.reported and Clue.PERIOD not in one.clues)
    ):
        return _doubt(Verdict.TOO_LITTLE, enough)
    return _found(enough)


def _narrowed(pool: list[Candidate]) -> list[Candidate]:
    """Those that more speaks for: each kind of clue leaves only its bearers, if it has any."""
    for clue in (Clue.PLAN_NUMBER, Clue.PERIOD, Clue.ANSWERS):
        pool = _with(pool, clue) or pool
    return pool


def _against(candidates: Sequence[Candidate], named: Sequence[Candidate]) -> Finding | None:
    """What speaks against the requests that are named: a piece that names only others, or another period."""
    ids = {one.request_id for one in named}
    for clue in (Clue.REFERENCES, Clue.CODE, Clue.TAG):
        bearers = {one.request_id for one in candidates if clue in one.clues}
        if bearers and not bearers & ids:
            return Finding(
                verdict=Verdict.CONTRADICTION,
                request_ids=tuple(sorted(ids | bearers)),
                clues=frozenset((clue, *_clues(named))),
                writer=named[0].writer,
            )
    if all(one.other_period for one in named):
        return Finding(
            verdict=Verdict.CONTRADICTION,
            request_ids=tuple(sorted(ids)),
            clues=frozenset((Clue.PERIOD, *_clues(named))),
            writer=named[0].writer,
        )
    return None


def _told_apart(named: Sequence[Candidate]) -> bool:
    """Whether what an answer says to one of several can be told from what it says to another."""
    forms = [one.form for one in named]
    return len(named) == 1 or (None not in forms and len(set(forms)) == len(forms))


def _one_parcel(named: Sequence[Candidate]) -> bool:
    return named[0].together is not None and len({one.together for one in named}) == 1


def _with(candidates: Iterable[Candidate], *clues: Clue) -> list[Candidate]:
    return [one for one in candidates if not one.clues.isdisjoint(clues)]


def _clues(named: Sequence[Candidate]) -> frozenset[Clue]:
    return frozenset[Clue]().union(*(one.clues for one in named))


def _found(named: Sequence[Candidate]) -> Finding:
    return _finding(Verdict.FOUND, named)


def _doubt(verdict: Verdict, named: Sequence[Candidate]) -> Finding:
    return _finding(verdict, named)


def _finding(verdict: Verdict, named: Sequence[Candidate]) -> Finding:
    return Finding(
        verdict=verdict,
        request_ids=tuple(one.request_id for one in named),
        clues=_clues(named),
        writer=named[0].writer,
        together=named[0].together if _one_parcel(named) else None,
    )
