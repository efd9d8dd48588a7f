"""Resolving: those above who were told of a delay are told once that it is over, in one mail a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flows.core import ladder
from flows.core.actions import Resolve
from flows.core.cycle import CyclePlan
from flows.core.ladder import Addressee
from flows.core.state import RequestKey
from flows.ledger import bulletins, chase, correspondence, outbox
from flows.ledger.chase import ToldAbove
from flows.ledger.cycles import StoredRequest
from flows.ledger.database import Transaction
from flows.shell.writing.announcing import announced
from flows.shell.writing.drafts import Draft
from flows.shell.writing.identity import Identity
from flows.shell.writing.letters import Desk
from notifiers.conversation import Written
from notifiers.ports import LetterKind, Owed
from schemas.model import Contact


@dataclass(frozen=True, kw_only=True)
class _Told:
    """A draft about one request, to one of those who were told of the delay."""

    draft: Draft
    request_id: int
    task: str


@dataclass(frozen=True, kw_only=True)
class Resolving:
    """Writes to those above in one cycle, in one transaction, at one time."""

    plan: CyclePlan
    cycle_id: int
    identity: Identity
    tx: Transaction
    at: datetime

    def write(self, actions: Sequence[Resolve], requests: Mapping[RequestKey, StoredRequest]) -> None:
        """Put the mails into the outbox: one for each mailbox, and by itself what is classified. Nobody is
        written to whom no mail about the delay went out to.
        """
        ids = {(one.task, one.agency): requests[one.task, one.agency].id for one in actions}
        told = chase.told_above(self.tx, ids.values())
        written = correspondence.so_far(self.tx, ids.values())
        together: dict[object, list[_Told]] = {}
        for number, action in enumerate(actions):
            key = (action.task, action.agency)
            before = requests[key].facts.resolved
            steps = [one for one in told.get(ids[key], ()) if one.step > before]
            for step in {one.address.casefold(): one for one in steps}.values():
                found = self._told(action, step, ids[key], written.get(ids[key], ()))
                if found is not None:
                    letter = found.draft.letter
                    alone = number if letter.classified else None
                    together.setdefault((step.address.casefold(), letter.language, alone), []).append(found)
        for bundle in together.values():
            self._enqueue(bundle)

    def _told(
        self, action: Resolve, step: ToldAbove, request_id: int, before: Sequence[Written]
    ) -> _Told | None:
        plan, task = self.plan, self.plan.by_id[action.task]
        agency = plan.answering(action.task, action.agency)
        owed = Owed(
            title=task.task.title,
            due_on=action.due_on,
            agency=plan.bundle.agencies[agency].called,
            came_on=plan.calendar.day_of(action.came_at) if action.came_at is not None else None,
        )
        kind = LetterKind.RESOLVED
        draft = Desk(cycle=plan, identity=self.identity).told(
            kind,
            task_id=task.id,
            agency=agency,
            key=f"{plan.plan_id}/{plan.key}/{task.id}/{action.agency}/{kind}/{step.step}",
            due_on=action.due_on,
            request_id=request_id,
            before=before,
            at=self.at,
            to=self._addressee(step),
            said={"reports": (owed,), "step": step.step},
        )
        return _Told(draft=draft, request_id=request_id, task=task.id) if draft is not None else None

    def _addressee(self, step: ToldAbove) -> Addressee:
        agency = self.plan.bundle.agencies[step.agency]
        for one in ladder.in_charge(agency):
            if one.mailbox is not None and one.mailbox.casefold() == step.address.casefold():
                return one
        return Addressee(agency=agency, contact=Contact(mailbox=step.address))

    def _enqueue(self, bundle: Sequence[_Told]) -> None:
        """One mail, with a row for each request that it is about."""
        first = bundle[0].draft
        if len(bundle) > 1:
            letters = [one.draft.letter for one in bundle]
            whole = replace(
                first.letter,
                reports=tuple(owed for one in letters for owed in one.reports),
                thread=tuple(dict.fromkeys(id_ for one in letters for id_ in one.thread)),
                conversation=None,  # of several reports none speaks for the others
            )
            first = replace(first, letter=whole)
        lead = first.row(
            self.identity,
            cycle_id=self.cycle_id,
            request_id=bundle[0].request_id,
            task=bundle[0].task,
            at=self.at,
        )
        beside = [
            {**lead, "key": one.draft.key, "request_id": one.request_id, "task": one.task}
            for one in bundle[1:]
        ]
        if outbox.written(self.tx, [one.draft.key for one in bundle]):
            return
        outbox.enqueue_parcel(self.tx, [lead, *beside])
        drafts = [one.draft for one in bundle]
        bulletins.enqueue(self.tx, announced(drafts, cycle_id=self.cycle_id, at=self.at))
