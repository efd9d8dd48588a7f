"""Evidence: what in a mail speaks for which requests, gathered from it and from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flows.core.correlation import HINTS, Candidate, Clue, Finding, Verdict, Writer
from flows.core.cycle import CyclePlan
from flows.core.state import Status
from flows.ledger import correspondence
from flows.ledger.correspondence import Concerned
from flows.ledger.inbox import KeptMail
from flows.ledger.plans import CycleState
from flows.shell import wording
from flows.shell.incoming.sitting import Sitting
from flows.shell.writing.identity import Identity
from notifiers.address import read_address
from notifiers.replies import Understood, fold, mentions, other_period, read_values, same_period
from schemas.model import Agency

_REPORTED = (Status.REPORTED, Status.REPORTED_LATE)
_OPENING = 1_500
"""Characters at the beginning of a mail in which a plan's number or a period is looked for."""

_MOST = 400
"""Requests that are looked at of those that one mail names; no mail of ours is about more."""

MOST_ASKED = 10
"""Requests that one question offers."""

_SHORTEST_NUMBER = 4
"""A plan's number that is shorter says nothing: "12" stands in any mail."""

_PUBLIC_HOSTS = frozenset(
    (
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "outlook.com",
        "outlook.com.vn", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "aol.com",
        "proton.me", "protonmail.com", "zoho.com", "mail.com", "gmx.com", "gmx.net", "yandex.com",
        "mail.ru", "qq.com", "163.com", "vnn.vn",
    )
)  # fmt: skip
"""Where anybody may have an address: writing from there says nothing about the house."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Gathers what speaks for the requests that one mail may be about."""

    sitting: Sitting
    identity: Identity
    mail: KeptMail
    read: Understood
    _parcels: dict[int, str | None] = field(default_factory=dict, init=False)
    """What each request was named in first: a mail about several, or, for None, by itself. A subject may be
    that of an earlier mail, so what is named later does not count.
    """

    def candidates(self) -> Sequence[Candidate]:
        """The requests that anything speaks for; of a mail that names none, those its sender is on file for.

        What stands in the envelope goes before what stands in the mail: of a mail to several requests, a
        server may deliver a copy to each.
        """
        clues: dict[int, set[Clue]] = {}
        for clue, ids in self._named():
            for id_ in ids:
                clues.setdefault(id_, set()).add(clue)
        concerned = self.sitting.dossier.concerned(list(clues)[:_MOST])
        found = [self._candidate(one, clues[one.id]) for one in concerned]
        if found or self.read.sender is None or self.read.doubt is not None:
            return found
        return self._owed_by_sender(self.read.sender)

    def askable(self, found: Finding) -> Sequence[int]:
        """The requests that the sender of a mail in doubt could mean, and may be told of, at most ten: what
        speaks for them is not clear, or against them; and unless it is between several of his own, whatever
        else his agency owes. None when he is not on file by this very address.
        """
        sender = self.read.sender
        if sender is None or self.read.doubt is not None or found.verdict is Verdict.NOTHING:
            return ()
        named = {one.id: one for one in self.sitting.dossier.concerned(found.request_ids)}
        known = [named[id_] for id_ in found.request_ids if id_ in named]
        told = [one for one in known if self._is_under_way(one) and self._may_be_told(one, sender)]
        if found.verdict is not Verdict.AMBIGUOUS or len(told) < 2:
            owed = correspondence.live(self.sitting.tx, address=sender, plan_ids=())
            told += [one for one in owed if self._holds(one, sender)]
        return list(dict.fromkeys(one.id for one in told))[:MOST_ASKED]

    def _is_under_way(self, one: Concerned) -> bool:
        cycle = self.sitting.cycle(one.cycle_id)
        return cycle.state is CycleState.ACTIVE and (one.status.asked or one.status in _REPORTED)

    def _may_be_told(self, one: Concerned, sender: str) -> bool:
        return self._holds(one, sender) or sender in self.sitting.dossier.written_to(one.id)

    def _holds(self, one: Concerned, sender: str) -> bool:
        """Whether the address is one that the directory has for who owes a report, or answers for it."""
        return any(agency.has_address(sender) for agency in self._answering(one))

    def _named(self) -> Iterable[tuple[Clue, Iterable[int]]]:
        """The requests that the mail names, by what it names them with."""
        for addresses in (self.mail.envelope_to, self.read.recipients):
            if ids := self._signed(addresses):
                yield Clue.SIGNED_ADDRESS, ids
                break
        latest = [*self.read.references, *([self.read.in_reply_to] if self.read.in_reply_to else [])]
        bounce = self.read.bounce
        if bounce is not None and bounce.original_message_id:
            latest.append(bounce.original_message_id)
        yield Clue.REFERENCES, self._about(latest)
        said = mentions(self.read)
        yield Clue.TAG, self._coded(said.tags)
        yield Clue.CODE, self._coded(said.codes)
        yield Clue.QUOTED_ADDRESS, self._signed(said.addresses)
        for one in said.message_ids:
            yield Clue.QUOTED_REFERENCE, self._about([one])

    def _signed(self, addresses: Iterable[str]) -> Sequence[int]:
        keys = (read_address(one, self.identity.mailbox, self.identity.secret) for one in addresses)
        return self._coded(key for key in keys if key is not None)

    def _coded(self, keys: Iterable[str]) -> Sequence[int]:
        """The requests of these codes; whether there are such requests is not looked at."""
        found: dict[int, None] = {}
        for key in keys:
            if self.identity.is_parcel(key):
                found |= dict.fromkeys(self._within(key, self.sitting.dossier.in_parcel(key)))
            elif (request_id := self.identity.request_of(key)) is not None:
                self._parcels.setdefault(request_id)
                found[request_id] = None
        return tuple(found)

    def _about(self, message_ids: Sequence[str]) -> Sequence[int]:
        parcel, ids = self.sitting.dossier.about(message_ids)
        if parcel is not None:
            return self._within(parcel, self.sitting.dossier.in_parcel(parcel))
        for id_ in ids:
            self._parcels.setdefault(id_)
        return ids

    def _within(self, parcel: str, ids: Sequence[int]) -> Sequence[int]:
        for id_ in ids:
            self._parcels.setdefault(id_, parcel)
        return ids

    def _owed_by_sender(self, sender: str) -> list[Candidate]:
        """The reports that somebody who names none of them owes, with what else speaks for each."""
        number = _number(self._opening)
        tx = self.sitting.tx
        plans = [plan_id for plan_id, one in correspondence.plan_numbers(tx) if _bears(number, one)]
        owed = correspondence.live(tx, address=sender, plan_ids=plans)
        return [
            self._candidate(one, set())
            for one in owed
            if any(agency.writes_from(sender) for agency in self._answering(one))
        ]

    def _candidate(self, one: Concerned, clues: set[Clue]) -> Candidate:
        plan = self._plan(one)
        name = wording.cycle_name(plan.period, self._agency(one).language)
        if clues <= HINTS:
            clues.update(self._content(plan, one.task, name))
        return Candidate(
            request_id=one.id,
            clues=frozenset(clues),
            writer=self._writer(one),
            other_period=other_period(self.read.subject, name),
            together=self._parcels.get(one.id),
            form=plan.by_id[one.task].report.form,
            reported=one.status in _REPORTED,
        )

    def _content(self, plan: CyclePlan, task: str, period: str) -> Iterator[Clue]:
        """What the mail says that fits a request."""
        opening, form = self._opening, plan.form(task)
        if _bears(_number(opening), plan.bundle.spec.plan.number):
            yield Clue.PLAN_NUMBER
        if same_period(opening, period):
            yield Clue.PERIOD
        if form is not None and read_values(self.read, form).values:
            yield Clue.ANSWERS
        if {"bao cao", "report"} & _pairs(fold(self.read.subject)):
            yield Clue.CALLED_REPORT

    def _writer(self, one: Concerned) -> Writer:
        """Who the sender is to a request: on file when we wrote to them about it, or its agency is known to
        write from there.
        """
        sender = self.read.sender
        if sender is None or self.read.doubt is not None:
            return Writer.STRANGER
        plan, own = self._plan(one), self._answering(one)
        if any(agency.writes_from(sender) for agency in own):
            return Writer.ON_FILE
        if sender in self.sitting.dossier.written_to(one.id):
            return Writer.ON_FILE
        names = {agency.id for agency in own}
        beside = (plan.bundle.agencies[other] for other in plan.by_id[one.task].owners if other not in names)
        if any(agency.writes_from(sender) for agency in beside):
            return Writer.ANOTHER
        in_house = any(_host(sender) in _hosts(agency) for agency in own)
        return Writer.IN_HOUSE if in_house else Writer.STRANGER

    def _answering(self, one: Concerned) -> Sequence[Agency]:
        """The agency that owes a report, and the one that it was handed over to."""
        plan = self._plan(one)
        names = dict.fromkeys((one.agency, plan.answering(one.task, one.agency)))
        return [plan.bundle.agencies[name] for name in names]

    @property
    def _opening(self) -> str:
        return f"{self.read.subject}\n{self.read.text[:_OPENING]}"

    def _agency(self, one: Concerned) -> Agency:
        return self._plan(one).bundle.agencies[one.agency]

    def _plan(self, one: Concerned) -> CyclePlan:
        return self.sitting.plan(one.cycle_id)


def _hosts(agency: Agency) -> frozenset[str]:
    """The domains of an agency's addresses, but for those where anybody may have one."""
    people = (agency, agency.head, agency.deputy, agency.focal_point)
    known = [one.mailbox for one in people if one is not None and one.mailbox is not None]
    return frozenset(_host(one) for one in (*known, *agency.aliases)) - _PUBLIC_HOSTS


def _host(address: str) -> str:
    return address.casefold().rpartition("@")[2]


def _number(text: str) -> str:
    """A text as plans' numbers are looked for in it: without spaces, between bars."""
    return f"|{fold(text).replace(' ', '|')}|"


def _bears(text: str, number: str) -> bool:
    """Whether a text prepared so bears a plan's number, and not only the end of a longer one."""
    folded = _number(number)
    return len(folded) > _SHORTEST_NUMBER + 1 and folded in text


def _pairs(folded: str) -> set[str]:
    """The words of a text, and every two that stand together."""
    words = folded.split()
    return {*words, *(f"{one} {two}" for one, two in pairwise(words))}
