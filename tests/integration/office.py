"""An office at work without Prefect: ledger, passes and intake over a plan, a clock turned by hand, and a
mail server that only notes what it is given.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from typing import Self

from flows.core.state import RequestKey
from flows.ledger import cycles as cycle_rows
from flows.ledger import inbox, outbox
from flows.ledger.cycles import StoredRequest
from flows.ledger.database import Ledger, open_ledger
from flows.ledger.inbox import ListedMail, Placing
from flows.shell.incoming.intake import Intake
from flows.shell.passes import Shell
from flows.shell.showing.view import CycleView
from flows.shell.versions import Versions
from flows.shell.writing.identity import Identity
from notifiers.ports import Accepted, Mail, Outcome, RawMail
from schemas.catalogue import Bundle
from tests.bundles import at
from tests.ledgers import applied

KEY = "once"


@dataclass
class Hands:
    """A clock turned by hand."""

    instant: datetime

    def now(self) -> datetime:
        """Where the hands stand."""
        return self.instant


@dataclass
class NotingMailer:
    """Takes every mail."""

    sent: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> Outcome:
        """Note it."""
        self.sent.append(mail)
        return Accepted(answer="250 ok")

    @asynccontextmanager
    async def session(self) -> AsyncIterator[NotingMailer]:
        """Itself."""
        yield self


class Office:
    """Follows one plan; its requests are open once it is made."""

    def __init__(
        self,
        url: str,
        bundle: Bundle,
        *,
        now: str = "2024-11-20",
        key: str = KEY,
        mailer: NotingMailer | None = None,
    ) -> None:
        self.plan = bundle.spec.plan.id
        self.key = key
        self.hands = Hands(at(now))
        self.mailer = mailer or NotingMailer()
        self.ledger: Ledger = open_ledger(url)
        applied(self.ledger, bundle, when=self.hands.now())
        self.identity = Identity(name="Đôn đốc", mailbox="baocao@dondoc.example", secret=b"s" * 32)
        versions = Versions(self.ledger)
        self.shell = Shell(
            ledger=self.ledger,
            versions=versions,
            clock=self.hands,
            identity=self.identity,
            mailer=self.mailer,
        )
        self.intake = Intake(ledger=self.ledger, versions=versions, clock=self.hands, identity=self.identity)
        self.look()

    def __enter__(self) -> Self:
        """Nothing more to do."""
        return self

    def __exit__(self, *exc: object) -> None:
        """Give the ledger's connections back."""
        self.ledger.close()

    def look(self) -> CycleView:
        """One pass over the cycle, its mails sent."""
        with self.shell.start_pass(self.plan, self.key) as current:
            for task in current.changed_tasks():
                current.act(task)
            return current.finish()

    def turn(self, to: str) -> CycleView:
        """Turn the clock from one waking to the next until `to`, and look."""
        while True:
            with self.ledger.read() as tx:
                wake_at = cycle_rows.next_wake(tx)
            if wake_at is None or wake_at > at(to):
                break
            self.hands.instant = max(self.hands.instant, wake_at)
            self.look()
        self.hands.instant = at(to)
        return self.look()

    def requests(self) -> Mapping[RequestKey, StoredRequest]:
        """The requests of the cycle."""
        with self.ledger.read() as tx:
            found = cycle_rows.find(tx, self.plan, self.key)
            assert found is not None
            return cycle_rows.requests(tx, found.id)

    def request(self, task: str = "bao-cao", agency: str = "xa-1") -> StoredRequest:
        """One of them."""
        return self.requests()[task, agency]

    def reply_to(self, task: str = "bao-cao", agency: str = "xa-1") -> str:
        """The signed address of a request."""
        return self.identity.reply_address(self.request(task, agency).id)

    def receive(
        self,
        text: str,
        *to: str,
        sender: str = "xa-1@xa.example",
        envelope_from: str | None = None,
        headers: str = "",
    ) -> ListedMail:
        """A mail comes in and is looked at; what was made of it."""
        raw = (
            f"From: {sender}\r\nTo: {', '.join(to)}\r\nSubject: Re: bao cao\r\n{headers}"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
        ).encode()
        return self.receive_raw(raw, *to, envelope_from=sender if envelope_from is None else envelope_from)

    def receive_raw(self, raw: bytes, *to: str, envelope_from: str = "") -> ListedMail:
        """The same of a mail as it comes; without an envelope sender, from a server."""
        self.intake.keep(RawMail(envelope_from=envelope_from, envelope_to=to, raw=raw))
        while self.intake.take_in():
            pass
        with self.ledger.read() as tx:
            return inbox.listed(tx, list(Placing), 1)[0]

    def written(self) -> list[tuple[str, str]]:
        """Kind and addressee of every letter so far, sent or about to be."""
        with self.shell.dispatch() as dispatch:
            dispatch.send()
        return [
            (str(message_from_bytes(mail.raw)["X-Dondoc-Letter"]).partition(";")[0], mail.envelope_to[0])
            for mail in self.mailer.sent
        ]

    def unsent(self) -> int:
        """Letters not handed over."""
        with self.ledger.read() as tx:
            return outbox.unsent(tx, self.hands.now())
