"""Answering: which mails a machine may answer at all (RFC 3834), whatever it would say."""

from __future__ import annotations

from flows.ledger.inbox import KeptMail
from flows.shell.writing.identity import Identity
from notifiers.replies import Understood

FROM_US = "it is from an address of ours"
_MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce")


def unanswerable(identity: Identity, mail: KeptMail, understood: Understood) -> str | None:
    """Why the sender of a mail is not to be answered, in short words for the record; None when they may."""
    if not understood.kind.by_person:
        return "no person wrote it"
    if not mail.envelope_from.strip("<> "):
        return "it has no sender to answer"
    local = (understood.sender or mail.envelope_from).casefold().rpartition("@")[0]
    if local in _MACHINES or local.startswith("owner-") or local.endswith("-request"):
        return "it is from an address that no person reads"
    if identity.is_own(mail.envelope_from):
        return FROM_US
    return written_to_many(identity, understood)


def written_to_many(identity: Identity, understood: Understood) -> str | None:
    """Why nothing at all is to be written about a mail by itself, not even to an agency's own mailbox: it
    came through a list, or from us. None when something may be.

    What came through a list that carries our own mailbox was still written to us.
    """
    if understood.sender is not None and identity.is_own(understood.sender):
        return FROM_US
    if understood.lists and not any(_names(one, identity.mailbox) for one in understood.lists):
        return "it came through a mailing list"
    return None


def _names(said: str, mailbox: str) -> bool:
    """Whether a header of a list names our mailbox: `<mailto:baocao@…>`, or as an id `<baocao.…>`."""
    told, own = said.casefold(), mailbox.casefold()
    return own in told or f"<{own.replace('@', '.')}>" in told
