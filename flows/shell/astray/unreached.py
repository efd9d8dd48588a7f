"""Unreached: the addresses on file that mail does not reach, since when, why, and what was tried instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.core import ladder
from flows.core.cycle import CyclePlan
from flows.ledger import cycles, failures
from flows.ledger.correspondence import Concerned
from flows.ledger.database import Transaction
from flows.ledger.failures import Dead
from flows.shell.versions import Versions
from flows.shell.writing.letters import contacts
from notifiers.ports import LetterKind
from notifiers.wording import printable, shortened
from schemas.model import Agency

_LONGEST_ANSWER = 200


@dataclass(frozen=True, kw_only=True)
class Unreached:
    """An address that is on file for an agency, and that mail about its reports, or others', does not reach.

    Once a mail comes from it, or the directory names another, it is none.
    """

    address: str
    agency: Agency
    """Whose it is."""
    since_at: datetime
    answer: str
    """What a server said last."""
    requests: tuple[Concerned, ...]
    """The reports asked for that mail to it was about."""
    instead: tuple[str, ...]
    """The addresses that these mails reached in its place."""

    def as_json(self) -> dict[str, Any]:
        """One object: address, agency, since, answer, reports, instead."""
        return {
            "address": self.address,
            "agency": self.agency.id,
            "since": self.since_at.isoformat(),
            "answer": self.answer,
            "reports": len(self.requests),
            "instead": list(self.instead),
        }


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What mail about the reports that are asked for reaches."""

    unreached: Sequence[Unreached]
    reports_of_nobody: int
    """How many reports are asked for of which no mail reaches anybody."""


def reached(tx: Transaction, versions: Versions) -> Reached:
    """The same of all periods under way."""
    troubled = failures.troubled(tx)
    if not troubled:
        return Reached(unreached=(), reports_of_nobody=0)
    plans = {
        id_: versions.standing(tx, cycles.by_id(tx, id_))
        for id_ in {one.cycle_id for one in troubled.values()}
    }
    dead = failures.dead(tx, troubled)
    nobody = sum(_nobody(plans[one.cycle_id], one, dead.get(id_, {})) for id_, one in troubled.items())
    return Reached(unreached=tuple(_unreached(tx, plans, troubled, dead)), reports_of_nobody=nobody)


def _nobody(plan: CyclePlan, request: Concerned, dead: Mapping[str, Dead]) -> bool:
    known = contacts(plan, LetterKind.REQUEST, (request.task, request.agency))
    return bool(dead) and ladder.first_but(known, dead) is None


def _unreached(
    tx: Transaction,
    plans: Mapping[int, CyclePlan],
    troubled: Mapping[int, Concerned],
    dead: Mapping[int, Mapping[str, Dead]],
) -> Iterator[Unreached]:
    sent_on = failures.sent_on(tx, troubled)
    known = {id_: _addresses(plan) for id_, plan in plans.items()}
    together: dict[str, list[int]] = {}
    for id_, of_request in dead.items():
        for address in of_request:
            if address in known[troubled[id_].cycle_id]:
                together.setdefault(address, []).append(id_)
    for address, ids in together.items():
        found = [dead[id_][address] for id_ in ids]
        other = {one for id_ in ids for one in dead[id_]}
        instead = dict.fromkeys(to for id_ in ids for to in sent_on.get(id_, ()))
        yield Unreached(
            address=found[0].address,
            agency=known[troubled[ids[0]].cycle_id][address],
            since_at=min(one.since_at for one in found),
            answer=shortened(printable(found[-1].answer), _LONGEST_ANSWER),
            requests=tuple(troubled[id_] for id_ in ids),
            instead=tuple(to for to in instead if to.casefold() not in other),
        )


def _addresses(plan: CyclePlan) -> Mapping[str, Agency]:
    """Whose each address is, in one case."""
    return {
        address.casefold(): agency
        for agency in plan.bundle.agencies.values()
        for address in (*agency.aliases, *(one.mailbox for one in ladder.people(agency)))
        if address is not None
    }
