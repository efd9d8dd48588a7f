"""Drafts: a letter under its idempotency key, before it is a mail in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from flows.core.ladder import Addressee
from flows.shell.writing.enclosing import enclosures
from flows.shell.writing.identity import Identity
from notifiers.address import return_path
from notifiers.compose import Sender, compose
from notifiers.conversation import Written, continued
from notifiers.ports import Enclosure, Letter
from notifiers.rendering import subject

if TYPE_CHECKING:
    from flows.ledger.tables import Row


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter under its idempotency key, before it is composed."""

    key: str
    letter: Letter
    why: str
    to: Addressee
    edition: int = 0
    """How often the report was asked for or dated anew."""
    before: tuple[Written, ...] = ()
    """What was written about the report before, the oldest first."""

    def after(self, written: Sequence[Written]) -> Draft:
        """The same, when that was written before it too."""
        before = (*self.before, *written)
        return replace(self, letter=continued(self.letter, before), before=before)

    def subject(self, identity: Identity) -> str:
        """The subject of the mail."""
        return subject(self.letter, identity.templates)

    def enclosures(self, identity: Identity) -> tuple[Enclosure, ...]:
        """The files that go with it."""
        return enclosures(self.letter, edition=self.edition, organizer=(identity.name, identity.mailbox))

    def row(self, identity: Identity, *, cycle_id: int, request_id: int, task: str, at: datetime) -> Row:
        """The row of the outbox, the mail composed."""
        token = identity.token(request_id)
        sender = Sender(
            name=identity.name,
            mailbox=identity.mailbox,
            return_path=return_path(identity.mailbox, token, identity.secret),
        )
        enclosed = self.enclosures(identity)
        letter = replace(self.letter, enclosures=enclosed) if enclosed else self.letter
        mail = compose(letter, sender, identity.templates)
        return {
            "key": self.key,
            "cycle_id": cycle_id,
            "request_id": request_id,
            "task": task,
            "kind": self.letter.kind,
            "step": self.letter.step,
            "message_id": mail.message_id,
            "envelope_from": mail.envelope_from,
            "envelope_to": list(mail.envelope_to),
            "subject": self.subject(identity),
            "why": self.why,
            "raw": mail.raw,
            "created_at": at,
        }
