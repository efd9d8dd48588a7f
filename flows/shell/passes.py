"""A pass over a cycle: load, decide, commit the intents, act task by task, record how things then stand."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from flows.clock import Clock, clock_of
from flows.core.graph import in_order
from flows.ledger import cycles, inbox, plans
from flows.ledger.cycles import StoredCycle
from flows.ledger.database import Ledger, LedgerBusy, open_ledger
from flows.ledger.pacing import UNPACED, Pace
from flows.settings import Settings, read_settings
from flows.shell.astray.rerouting import Rerouter
from flows.shell.incoming.intake import Intake
from flows.shell.incoming.readers import Readers
from flows.shell.sending import mail_servers
from flows.shell.sending.connections import Connections
from flows.shell.sending.dispatch import Dispatch
from flows.shell.sending.posting import Posting
from flows.shell.showing.board import Board
from flows.shell.showing.view import CycleView, PlanOutline, TaskNode, TaskView
from flows.shell.versions import Versions
from flows.shell.writing.identity import Identity, identity_of
from flows.shell.writing.joining import Joining
from notifiers.chat import Chat
from notifiers.ports import Mailer
from notifiers.smtp import SmtpMailer

_TRIES = 3


class UnknownPlan(LookupError):
    """The ledger has no plan of that id; apply it first."""

    def __init__(self, plan_id: str) -> None:
        self.plan_id = plan_id
        super().__init__(f'no plan "{plan_id}" has been applied')


class UnknownCycle(LookupError):
    """The plan has no such cycle."""

    def __init__(self, plan_id: str, cycle_key: str) -> None:
        self.plan_id = plan_id
        self.cycle_key = cycle_key
        super().__init__(f'the plan "{plan_id}" has no cycle "{cycle_key}"')


@dataclass(frozen=True, kw_only=True)
class Shell:
    """What a pass works with: the ledger, the applied versions, a clock, an identity and a mail server."""

    ledger: Ledger
    versions: Versions
    clock: Clock
    identity: Identity
    mailer: Mailer
    connections: Connections = field(default_factory=lambda: Connections(2))
    pace: Pace = UNPACED
    vouching_server: str | None = None
    """The name under which the mail server in front of us writes `Authentication-Results`."""
    chat: Chat = field(default_factory=Chat)
    operator: str | None = None
    """Who hears of mails that belong to nobody, by mail."""

    def outline(self, plan_id: str) -> PlanOutline:
        """What the plan's flow is compiled from. Raises UnknownPlan."""
        with self.ledger.read() as tx:
            versions = plans.plan_versions(tx)
            if plan_id not in versions:
                raise UnknownPlan(plan_id)
            bundle = self.versions.bundle(tx, versions[plan_id])
        spec = bundle.spec
        tasks = {task.id: task for task in spec.tasks}
        order = in_order({task.id: [rule.task for rule in task.after] for task in spec.tasks})
        return PlanOutline(
            plan_id=plan_id,
            number=spec.plan.number,
            title=spec.plan.title,
            issuer=bundle.agencies[spec.plan.issuer].called,
            tasks=tuple(
                TaskNode(
                    id=id_,
                    title=tasks[id_].title,
                    after=tuple(rule.task for rule in tasks[id_].after if rule.task in tasks),
                )
                for id_ in order
            ),
        )

    def outlines(self) -> tuple[PlanOutline, ...]:
        """The outlines of all applied plans."""
        with self.ledger.read() as tx:
            ids = list(plans.plan_versions(tx))
        return tuple(self.outline(plan_id) for plan_id in ids)

    def start_pass(self, plan_id: str, cycle_key: str) -> Pass:
        """Load the cycle, decide, and commit what follows in one transaction. Raises UnknownCycle.

        Mail that is kept and not yet read is read first: nobody is chased for an answer that we have.
        Two cycles that concern each other may lock each other out; the database then ends one of the two
        transactions, and that pass decides again.
        """
        for _ in range(_TRIES - 1):
            with suppress(LedgerBusy):
                return self._start_pass(plan_id, cycle_key)
        return self._start_pass(plan_id, cycle_key)

    def _start_pass(self, plan_id: str, cycle_key: str) -> Pass:
        with self.ledger.read() as tx:
            unread = inbox.waiting(tx)
        while unread > 0 and (read := self.intake().take_in()):
            unread -= read
        with self.ledger.write() as tx:
            done = Joining(
                versions=self.versions,
                clock=self.clock,
                identity=self.identity,
                owner=self.ledger.owner,
                tx=tx,
            ).decide(plan_id, cycle_key)
        if done is None:
            raise UnknownCycle(plan_id, cycle_key)
        stored, decided = done
        return Pass(shell=self, stored=stored, board=decided.board, mailed_tasks=decided.mailed_tasks)

    def reroute(self) -> int:
        """Deal with the mails that cannot be delivered; how many there were."""
        return Rerouter(
            ledger=self.ledger, versions=self.versions, identity=self.identity, clock=self.clock
        ).reroute()

    def intake(self, readers: int = 0) -> Intake:
        """What takes mail in, for the same ledger, with so many processes to read mails when many wait."""
        return Intake(
            ledger=self.ledger,
            versions=self.versions,
            clock=self.clock,
            identity=self.identity,
            vouching_server=self.vouching_server,
            readers=Readers(readers),
        )

    def dispatch(self) -> Dispatch:
        """A round of sending."""
        return Dispatch(
            ledger=self.ledger,
            mailer=self.mailer,
            clock=self.clock,
            connections=self.connections,
            pace=self.pace,
        )

    def posting(self) -> Posting:
        """What posts to chat channels."""
        return Posting(ledger=self.ledger, clock=self.clock, chat=self.chat)


def open_shell(settings: Settings | None = None) -> Shell:
    """The shell that this machine's settings describe.

    Raises SettingError, LedgerUnreachable and LedgerTooNew.
    """
    told = settings or read_settings()
    ledger = open_ledger(told.database_url)
    return Shell(
        ledger=ledger,
        versions=Versions(ledger),
        clock=clock_of(told.clock_file),
        identity=identity_of(told),
        mailer=SmtpMailer(mail_servers.outgoing(told.outgoing)),
        connections=Connections(told.outgoing.connections),
        pace=Pace(all_together=told.outgoing.per_minute, to_a_domain=told.outgoing.per_domain),
        vouching_server=told.incoming.authserv_id,
        chat=Chat(addresses=told.channels),
        operator=told.operator,
    )


@dataclass(kw_only=True)
class Pass:
    """One pass, decided and committed; `act` sends a task's mails, `finish` says how the cycle stands."""

    shell: Shell
    stored: StoredCycle
    board: Board
    mailed_tasks: frozenset[str]
    _views: dict[str, TaskView] = field(default_factory=dict, init=False)
    _dispatch: Dispatch | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._dispatch is not None:
            self._dispatch.__exit__(kind, error, trace)

    def changed_tasks(self) -> frozenset[str]:
        """The tasks with mails to send, and those that stand otherwise than when they were last drawn."""
        shown = self.stored.shown
        tasks = self.board.cycle.bundle.spec.tasks
        changed = {one.id for one in tasks if shown.get(one.id) != self.board.signature(one.id)}
        return self.mailed_tasks | changed

    def act(self, task_id: str) -> TaskView:
        """Send what is owed for the task, in one batch, and say how it stands."""
        sent, down = 0, False
        if task_id in self.mailed_tasks and not self.board.stopped:
            if self._dispatch is None:
                self._dispatch = self.shell.dispatch()
            result = self._dispatch.send(cycle_id=self.stored.id, task=task_id)
            sent, down = result.sent, result.server_down is not None
        view = self.board.task(task_id, mails_sent=sent, mail_down=down)
        self._views[task_id] = view
        return view

    def finish(self) -> CycleView:
        """Record what was drawn, and say where the cycle stands."""
        tasks = self.board.cycle.bundle.spec.tasks
        with self.shell.ledger.write() as tx:
            cycles.record_shown(tx, self.stored.id, {one.id: self.board.signature(one.id) for one in tasks})
        return self.board.view(pass_no=self.stored.pass_no + 1, tasks=self._views)
