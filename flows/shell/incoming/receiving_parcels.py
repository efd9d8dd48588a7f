"""Receiving answers to a mail about several requests: to each its own part, and one answer about all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.ledger import outbox
from flows.ledger.inbox import KeptMail
from flows.shell.incoming.answering import written_to_many
from flows.shell.incoming.receiving import Assessment, Matter, Receiver
from flows.shell.incoming.sharing import Shared, shared
from flows.shell.writing.bundling import Posted, conversation, posted_rows
from notifiers.address import signed_address
from notifiers.ports import LetterKind, Parcel, Section
from notifiers.replies import ReplyKind, Understood, is_courtesy

_WORST_FIRST = (
    LetterKind.PARTLY,
    LetterKind.REFUSED,
    LetterKind.CLOSED,
    LetterKind.WITHDRAWN,
    LetterKind.ACCEPTED,
)
UNATTRIBUTED = "answers a mail about several reports, and does not say which"


@dataclass(frozen=True, kw_only=True)
class ParcelReceiver:
    """Deals with a mail about the requests of one parcel, with the hands of a receiver."""

    receiver: Receiver
    parcel: str

    def take(self, mail: KeptMail, understood: Understood) -> str | None:
        """Deal with a mail; why a person must read it too, when that is so."""
        desk = self.receiver
        ids = desk.dossier.in_parcel(self.parcel)
        if not understood.kind.by_person:
            for request_id in ids:
                desk.take(request_id, mail, understood)
            return None
        found = shared(desk.tx, desk.versions, desk.identity, self.parcel, ids, understood)
        matters = {request_id: desk.matter(request_id, lock=True) for request_id in ids}
        if not found.by_request:
            return self._unattributed(mail, understood, matters, found)
        assessed = {id_: desk.assessed(matters[id_], part) for id_, part in found.by_request.items()}
        for request_id, assessment in assessed.items():
            desk.settle(matters[request_id], mail, found.by_request[request_id], assessment)
        self._answer(mail, understood, matters, assessed, found.unclear)
        return next((one.for_a_person for one in assessed.values() if one.for_a_person is not None), None)

    def _unattributed(
        self, mail: KeptMail, understood: Understood, matters: Mapping[int, Matter], found: Shared
    ) -> str | None:
        """It says nothing that surely belongs to one of the reports: never guess. Ask which report is meant,
        where something was reported; a person looks at what else it says, and at its files.
        """
        desk = self.receiver
        reports = understood.kind is ReplyKind.REPLY and not (
            is_courtesy(understood.text) and not understood.attachments
        )
        above = all(desk.is_from_above(matter, understood) for matter in matters.values())
        asked = {id_: one for id_, one in matters.items() if one.stored.facts.status.asked and one.running}
        refused = Assessment(verdict="refused", letter=LetterKind.REFUSED)
        if not reports:
            worth = desk.nothing_reported(understood)
        elif above or not asked:
            worth = Assessment(verdict="noted", for_a_person=UNATTRIBUTED)
        else:
            worth = refused
        for matter in (asked or matters).values():
            desk.settle(matter, mail, understood, replace(worth, petition=False))
        if worth.petition:
            # who asks for more time, or hands over, without saying for what, means all that is still owed;
            # a question is one, whatever it is about
            meant = list(asked or matters)
            once = understood.kind in (ReplyKind.QUESTION, ReplyKind.FORWARD)
            desk.petitions.file_all(meant[:1] if once else meant, meant, mail, understood)
        if worth is not refused:
            return worth.for_a_person
        self._answer(mail, understood, matters, dict.fromkeys(asked, refused), found.unclear)
        return UNATTRIBUTED if understood.attachments else None

    def _answer(
        self,
        mail: KeptMail,
        understood: Understood,
        matters: Mapping[int, Matter],
        assessed: Mapping[int, Assessment],
        unclear: tuple[str, ...],
    ) -> None:
        """One mail on how each of the reports stands."""
        desk = self.receiver
        sections: list[Section] = []
        posted: list[Posted] = []
        for request_id, matter in matters.items():
            found = assessed.get(request_id)
            if found is None or found.letter is None:
                sections.append(Section(letter=desk.standing(matter, _standing(matter)), answered=False))
                continue
            draft = desk.draft(matter, mail, found)
            if draft is None:
                desk.journal(matter, "no-mailbox", {"action": found.letter})
                return
            sections.append(Section(letter=draft.letter))
            posted.append(
                Posted(
                    draft=draft,
                    cycle_id=matter.cycle.id,
                    request_id=request_id,
                    task=matter.place.task,
                    agency=matter.place.agency,
                )
            )
        if not posted:
            return
        why = written_to_many(desk.identity, understood)
        enough = desk.wrote_enough(posted[0].draft) or any(
            desk.answered_enough(one.request_id) for one in posted
        )
        if why is not None or enough:
            detail = {"inbox": mail.id} if why is None else {"inbox": mail.id, "why": why}
            for one in posted:
                desk.journal(matters[one.request_id], "answer-withheld", detail)
            return
        kinds = {one.draft.letter.kind for one in posted}
        thread = dict.fromkeys(id_ for section in sections for id_ in section.letter.thread)
        whole = Parcel(
            kind=next(kind for kind in _WORST_FIRST if kind in kinds),
            sections=tuple(sections),
            unclear=unclear,
            message_id=posted[0].draft.letter.message_id,
            reply_to=signed_address(desk.identity.mailbox, self.parcel, desk.identity.secret),
            thread=tuple(thread),
            conversation=conversation(section.letter for section in sections),
        )
        rows = posted_rows(desk.identity, posted, whole, self.parcel, at=desk.at)
        outbox.enqueue_parcel(desk.tx, rows)


def _standing(matter: Matter) -> LetterKind:
    """How a report stands that the mail said nothing about, as the letter that would say so."""
    if matter.stored.accepted is not None:
        return LetterKind.ACCEPTED
    return LetterKind.REQUEST if matter.running and matter.stored.facts.status.asked else LetterKind.CLOSED
