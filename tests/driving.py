"""The engine without Prefect and without a mail server: a ledger on disk, a clock turned by hand, mail in
memory. What serving does in loops and threads is done here step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flows.clock import FileClock, WallClock
from flows.ledger import bulletins, cycles, delivery, inbox
from flows.ledger.database import open_ledger
from flows.shell.incoming.intake import Intake
from flows.shell.passes import Pass, Shell
from flows.shell.sending.connections import Connections
from flows.shell.sending.dispatch import Sent
from flows.shell.versions import Versions
from notifiers.chat import Chat
from notifiers.memory import MemoryMailer
from notifiers.ports import RawMail
from schemas.catalogue import Bundle
from tests.ledgers import IDENTITY, applied, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.ledger.database import Ledger
    from flows.shell.showing.view import CycleView
    from notifiers.ports import Mail

GOOD = "Số tin, bài: 12\nKinh phí: 3,5\nKết quả nổi bật: Đã mở chuyên mục trên đài truyền thanh\n"
"""A whole answer to the form of `tests.bundles`."""


class PowerCut(BaseException):
    """The machine stops: nothing that the engine could catch."""


@dataclass
class Driven:
    """An engine at work. `start` is when its clock begins."""

    folder: Path
    start: datetime
    bundles: Iterable[Bundle] = ()
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    chat: Chat = field(default_factory=Chat)
    ended: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = FileClock(path=self.folder / "clock")
        self.clock.set(self.start)
        (self.folder / "ledger.db").write_bytes(_empty_ledger())
        self.ledger = open_ledger(f"sqlite:///{self.folder / 'ledger.db'}")
        self.restart("may-1:1")
        for one in self.bundles:
            applied(self.ledger, one, when=self.start)

    def restart(self, owner: str) -> None:
        """A new process, after the one before was found to be dead."""
        with self.ledger.write() as tx:
            gone = cycles.claim_owners(tx) | bulletins.owners(tx)
            cycles.release_owners(tx, gone)
            delivery.release_owners(tx, gone)
            bulletins.release_owners(tx, gone)
        self.ledger: Ledger = replace(self.ledger, owner=owner)
        versions = Versions(self.ledger)
        self.shell = Shell(
            ledger=self.ledger,
            versions=versions,
            clock=self.clock,
            identity=IDENTITY,
            mailer=self.mailer,
            connections=Connections(1),
            chat=self.chat,
        )
        self.intake = Intake(ledger=self.ledger, versions=versions, clock=self.clock, identity=IDENTITY)

    # ------------------------------------------------------------ passes

    def begin_pass(self, plan_id: str = "ke-hoach", key: str = "once") -> Pass:
        """Decide and commit, and no more."""
        return self.shell.start_pass(plan_id, key)

    def one_pass(self, plan_id: str = "ke-hoach", key: str = "once") -> CycleView:
        """A whole pass."""
        with self.begin_pass(plan_id, key) as one:
            for task in sorted(one.changed_tasks()):
                one.act(task)
            return one.finish()

    def run_until(self, end: datetime, at_each: Callable[[datetime], None] | None = None) -> None:
        """Let everything happen that falls due until `end`, the clock jumping from one thing to the next."""
        while True:
            self.postman()
            self.intake.take_in()
            with self.ledger.read() as tx:
                following = cycles.next_wake(tx)
            if following is None or following > end:
                break
            self.clock.set(max(following, self.clock.now()))
            if at_each is not None:
                at_each(self.clock.now())
            with self.ledger.write() as tx:
                due = cycles.claim_due(
                    tx,
                    owner=self.ledger.owner,
                    now=self.clock.now(),
                    wall_now=WallClock().now(),
                    limit=50,
                )
            for one in due:
                if self.one_pass(one.plan_id, one.key).ended:
                    self.ended.append(f"{one.plan_id}/{one.key}")
        self.clock.set(max(end, self.clock.now()))
        self.postman()

    def postman(self) -> Sent:
        """Send whatever no pass is about to send, and elsewhere what could not be delivered."""
        self.shell.reroute()
        with self.shell.dispatch() as round_:
            return round_.send()

    # ------------------------------------------------------------ mail

    def letters(self, kind: str | None = None) -> list[EmailMessage]:
        """The mails that went out, in order; of one kind, by the ledger."""
        kinds = {row["message_id"]: row["kind"] for row in rows(self.ledger, "outbox", "message_id", "kind")}
        return [read(mail) for mail in self.mailer.sent if kind is None or kinds[mail.message_id] == kind]

    def kinds(self) -> list[str]:
        """The kinds of the mails that went out, in order."""
        kinds = {row["message_id"]: row["kind"] for row in rows(self.ledger, "outbox", "message_id", "kind")}
        return [kinds[mail.message_id] for mail in self.mailer.sent]

    def reply(self, message: EmailMessage, text: str, **headers: str) -> None:
        """An agency answers a mail; the answer is taken in, and what is answered to it goes out."""
        to = headers.get("to") or str(message["Reply-To"])
        self.receive(reply_to(message, text, **headers), to)
        self.postman()

    def receive(self, raw: bytes, to: str, sender: str = "xa-1@xa.example") -> None:
        """A mail comes in."""
        self.intake.keep(RawMail(envelope_from=sender, envelope_to=(to,), raw=raw))
        self.intake.take_in()

    # ------------------------------------------------------------ what the ledger says

    def request(self, agency: str = "xa-1", task: str = "bao-cao") -> Mapping[str, Any]:
        """The row of a request."""
        (row,) = rows(self.ledger, "request", agency=agency, task=task)
        return row

    def journal(self, event: str) -> Sequence[Mapping[str, Any]]:
        """What was noted under that word."""
        return [row["detail"] for row in rows(self.ledger, "journal", event=event)]

    def mails(self) -> list[str]:
        """How each outgoing mail stands."""
        return [row["status"] for row in rows(self.ledger, "outbox")]

    def placed(self) -> list[tuple[str, str]]:
        """What was made of each incoming mail, and why."""
        return [(row["status"], row["reason"]) for row in rows(self.ledger, "inbox")]

    def unplaced(self) -> Sequence[inbox.ListedMail]:
        """What a person must look at."""
        with self.ledger.read() as tx:
            return inbox.listed(tx, [inbox.Placing.UNPLACED], 100)

    def close(self) -> None:
        """Give the connections back."""
        self.ledger.close()


@cache
def _empty_ledger() -> bytes:
    """A migrated ledger as a file: migrating takes longer than most stories."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        open_ledger(f"sqlite:///{path}").close()
        return path.read_bytes()


@contextmanager
def driven(folder: Path, start: datetime, *bundles: Bundle) -> Iterator[Driven]:
    """An engine over these plans."""
    engine = Driven(folder=folder, start=start, bundles=bundles)
    try:
        yield engine
    finally:
        engine.close()


def read(mail: Mail) -> EmailMessage:
    """A mail that went out, as a client sees it."""
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def flowing(message: EmailMessage) -> str:
    """The same as it is read, wherever its lines end."""
    return " ".join(text_of(message).split())


def reply_to(message: EmailMessage, text: str, *, sender: str = "xa-1@xa.example", **headers: str) -> bytes:
    """The bytes of an answer to a mail."""
    answer = EmailMessage(policy=policy.SMTP)
    answer["From"] = sender
    answer["To"] = headers.pop("to", None) or str(message["Reply-To"])
    answer["Subject"] = "Re: " + str(message["Subject"]).removeprefix("Re: ")
    answer["Message-ID"] = f"<{abs(hash((text, sender)))}@xa.example>"
    if headers.pop("thread", "yes") == "yes":
        answer["In-Reply-To"] = str(message["Message-ID"])
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    answer.set_content(text)
    return answer.as_bytes()
