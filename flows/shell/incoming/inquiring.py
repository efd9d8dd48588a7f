"""Inquiring: the sender of a mail in doubt is asked which report is meant, and the answer is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flows.ledger import inbox, inquiries, outbox
from flows.ledger.inbox import KeptMail, Placing
from flows.ledger.inquiries import Inquiry
from flows.shell import wording
from flows.shell.incoming.answering import unanswerable
from flows.shell.incoming.evidence import MOST_ASKED
from flows.shell.incoming.placing import ANSWERS_OURS, Place
from flows.shell.incoming.receiving import Matter, Receiver
from flows.shell.incoming.which_report import called, which_report
from flows.shell.writing.letters import Desk, is_classified
from notifiers.address import return_path, signed_address
from notifiers.compose import Sender, compose
from notifiers.ports import LetterKind
from notifiers.rendering import subject
from notifiers.replies import (
    Named,
    ReplyKind,
    Understood,
    is_courtesy,
    own_part,
    read_choice,
    read_values,
    understand,
)

_DAY = timedelta(days=1)
_ASKED_A_DAY = 3
"""Questions to one address in a day."""
_OPEN_FOR = timedelta(days=7)
"""While one of its mails is asked about, an address is asked about no other."""
_SAYS_NOTHING = (ReplyKind.ACKNOWLEDGEMENT, ReplyKind.FORWARD)
_LONGEST_NUMBER = 60
"""Characters of a mail that says nothing but a number."""
_LONGEST_ANSWER = 200
"""Characters; whoever writes more says more than which report is meant."""

AS_SAID = "as its sender says"
NONE_OF_THEM = "its sender says that it is about none of the reports that we know of"
NOT_PLAIN = "answers our question which report is meant, and does not say plainly"
NOT_ASKED = "answers our question which report is meant, from an address that was not asked"
SETTLED = "answers a question of ours that is settled"
SAYS_MORE = "says which report another mail is about, and more"


@dataclass(frozen=True, kw_only=True)
class Inquiries:
    """Asks about mails, and takes answers, with the hands of a receiver."""

    receiver: Receiver
    server: str | None = None
    """The name under which the mail server in front of us vouches for senders."""

    def ask(self, mail: KeptMail, understood: Understood, found: Place) -> tuple[Placing, str] | None:
        """Ask the sender of a mail in doubt which of the requests it may be about is meant. Nobody is asked
        for a machine, a list, or thanks, nor too often.

        While a question of ours is open, a mail that says nothing but a number answers it, in whatever
        thread: what becomes of that mail then.
        """
        desk, sender = self.receiver, understood.sender
        if not found.may_mean or sender is None or understood.doubt is not None:
            return None
        thanks = is_courtesy(understood.text) and not understood.attachments
        if thanks or understood.kind in _SAYS_NOTHING or unanswerable(desk.identity, mail, understood):
            return None
        inquiries.alone(desk.tx, sender)
        asked = inquiries.open_to(desk.tx, sender, desk.at - _OPEN_FOR)
        if asked is not None:
            return self.take(asked.id, mail, understood) if _says_a_number(understood) else None
        asked_today = inquiries.asked_since(desk.tx, sender, desk.at - _DAY)
        if asked_today >= _ASKED_A_DAY or inquiries.of_mail(desk.tx, mail.id) is not None:
            return None
        matters = [desk.matter(id_, lock=False) for id_ in found.may_mean]
        self._write(mail, understood, sender, matters)
        return None

    def take(self, inquiry_id: int, mail: KeptMail, understood: Understood) -> tuple[Placing, str]:
        """Carry out what an answer says: what becomes of the answer itself.

        The mail that was asked about is dealt with as any answer to that request, once; what is not plain, or
        comes from elsewhere, leaves it to a person.
        """
        desk = self.receiver
        inquiry = inquiries.find(desk.tx, inquiry_id)
        if inquiry is None:
            return Placing.UNPLACED, NOT_PLAIN
        sender = understood.sender
        if sender is None or understood.doubt is not None or not self._may_say(inquiry, sender):
            return Placing.UNPLACED, NOT_ASKED
        asked_about = inbox.kept(desk.tx, inquiry.inbox_id)
        listed = inbox.listed_one(desk.tx, inquiry.inbox_id)
        if inquiry.answered_at is not None or listed is None or listed.placing is not Placing.UNPLACED:
            return (Placing.UNPLACED if _says_more(understood) else Placing.IGNORED), SETTLED
        matters = [desk.matter(id_, lock=False) for id_ in inquiry.request_ids]
        choice = read_choice(understood.text, [_named(one) for one in matters])
        if choice is None or asked_about is None:
            return Placing.UNPLACED, NOT_PLAIN
        inquiries.record_answer(desk.tx, inquiry.id, at=desk.at, by=mail.id)
        if choice.place is None:
            inbox.explain(desk.tx, asked_about.id, NONE_OF_THEM)
            return (Placing.UNPLACED if _says_more(understood) else Placing.PLACED), ANSWERS_OURS
        request_id = inquiry.request_ids[choice.place]
        self._placed(request_id, asked_about, mail, sender)
        return self._beside(request_id, mail, understood)

    def _placed(self, request_id: int, mail: KeptMail, answer: KeptMail, sender: str) -> None:
        """Deal with the mail that was asked about as with one that had named its request."""
        desk = self.receiver
        read = understand(mail.raw, server=self.server)
        why = desk.take(request_id, mail, own_part(read, desk.identity.token(request_id)))
        inbox.place(
            desk.tx,
            mail.id,
            Placing.PLACED if why is None else Placing.UNPLACED,
            kind=read.kind,
            sender=read.sender or mail.envelope_from,
            subject=read.subject,
            reason=AS_SAID if why is None else why,
            request_id=request_id,
        )
        detail = {"inbox": mail.id, "answer": answer.id, "sender": sender}
        desk.journal(desk.matter(request_id, lock=True), "sender-said", detail)

    def _beside(self, request_id: int, mail: KeptMail, understood: Understood) -> tuple[Placing, str]:
        """What an answer brings besides: values or files are the report's, and correct what came before."""
        desk = self.receiver
        matter = desk.matter(request_id, lock=True)
        form = matter.plan.form(matter.place.task)
        own = own_part(understood, desk.identity.token(request_id))
        if own.attachments or (form is not None and read_values(own, form).found):
            why = desk.take(request_id, mail, own)
            return (Placing.PLACED, ANSWERS_OURS) if why is None else (Placing.UNPLACED, why)
        if len(understood.text) > _LONGEST_ANSWER:
            return Placing.UNPLACED, SAYS_MORE
        return Placing.PLACED, ANSWERS_OURS

    def _may_say(self, inquiry: Inquiry, sender: str) -> bool:
        """Whether somebody was asked, or stands in the directory for the same agency."""
        if sender == inquiry.address:
            return True
        for id_ in inquiry.request_ids:
            matter = self.receiver.matter(id_, lock=False)
            answering = matter.plan.answering(matter.place.task, matter.place.agency)
            agency = matter.plan.bundle.agencies[answering]
            if agency.has_address(sender) and agency.has_address(inquiry.address):
                return True
        return False

    def _write(self, mail: KeptMail, understood: Understood, sender: str, matters: Sequence[Matter]) -> None:
        desk, identity = self.receiver, self.receiver.identity
        key = f"{LetterKind.WHICH_REPORT}/{mail.id}"
        inquiry_id = inquiries.ask(
            desk.tx,
            inbox_id=mail.id,
            address=sender,
            message_id=identity.message_id(key),
            request_ids=[one.place.id for one in matters],
            asked_at=desk.at,
        )
        token = identity.inquiry_token(inquiry_id)
        letter = which_report(
            matters,
            received_at=mail.received_at,
            understood=understood,
            desk=Desk(cycle=matters[0].plan, identity=identity),
            at=desk.at,
            message_id=identity.message_id(key),
            reply_to=signed_address(identity.mailbox, token, identity.secret),
        )
        bounces = return_path(identity.mailbox, token, identity.secret)
        from_us = Sender(name=identity.name, mailbox=identity.mailbox, return_path=bounces)
        written = compose(letter, from_us, identity.templates)
        language = matters[0].plan.bundle.spec.plan.language
        row = {
            "key": key,
            "cycle_id": matters[0].cycle.id,
            "request_id": None,
            "task": None,
            "kind": letter.kind,
            "step": 1,
            "message_id": written.message_id,
            "envelope_from": written.envelope_from,
            "envelope_to": list(written.envelope_to),
            "subject": subject(letter, identity.templates),
            "why": wording.text("why_which-report", language),
            "raw": written.raw,
            "created_at": desk.at,
        }
        outbox.enqueue(desk.tx, [row])
        detail = {"inbox": mail.id, "to": sender, "requests": [one.place.id for one in matters]}
        event = {
            "at": desk.at,
            "cycle_id": None,
            "request_id": None,
            "event": "asked-which",
            "detail": detail,
        }
        desk.dossier.upshot.journal.append(event)


def _named(matter: Matter) -> Named:
    """A request as an answer would call it; a classified one has no name in mails."""
    plan, task = matter.plan, matter.place.task
    return Named(
        title="" if is_classified(plan, task) else plan.by_id[task].task.title,
        period=called(plan, plan.bundle.spec.plan.language),
        plan_number=plan.bundle.spec.plan.number,
    )


def _says_a_number(understood: Understood) -> bool:
    """Whether a mail that answers none of ours says which of several is meant, and nothing else."""
    one = Named(title="", period="", plan_number="")
    choice = read_choice(understood.text, [one] * MOST_ASKED) if not _says_more(understood) else None
    return choice is not None and choice.place is not None and len(understood.text) <= _LONGEST_NUMBER


def _says_more(understood: Understood) -> bool:
    return bool(understood.attachments) or len(understood.text) > _LONGEST_ANSWER
