"""Answering: which mails a machine may answer at all (RFC 3834), whatever it would say."""

from __future__ import annotations

from flows.ledger.inbox import KeptMail
from flows.shell.identity import Identity
from notifiers.replies import Understood

_MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce")


def unanswerable(identity: Identity, mail: KeptMail, understood: Understood) -> str | None:
    """Why a mail is not to be answered, in short words for the record; None when it may be.

    What came through a list that carries our own mailbox was still written to us.
    """
    if not understood.kind.by_person:
        return "no person wrote it"
    if not mail.envelope_from.strip("<> "):
        return "it has no sender to answer"
    sender = understood.sender or mail.envelope_from
    if identity.is_own(sender) or identity.is_own(mail.envelope_from):
        return "it is from an address of ours"
    local = sender.casefold().rpartition("@")[0]
    if local in _MACHINES or local.startswith("owner-") or local.endswith("-request"):
        return "it is from an address that no person reads"
    if understood.lists and not any(_names(one, identity.mailbox) for one in understood.lists):
        return "it came through a mailing list"
    return None


def _names(said: str, mailbox: str) -> bool:
    """Whether a header of a list names our mailbox: `<mailto:baocao@…>`, or as an id `<baocao.…>`."""
    told, own = said.casefold(), mailbox.casefold()
    return own in told or f"<{own.replace('@', '.')}>" in told
