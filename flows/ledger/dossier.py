"""A dossier: what the ledger holds about the requests that a few mails are about, read at once; and what
follows from these mails, seen by whoever looks here, and written at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from flows.ledger import cycles, inbox, outbox, petitions, tables
from flows.ledger.correspondence import Concerned
from flows.ledger.cycles import StoredCycle, StoredRequest
from flows.ledger.database import Transaction
from flows.ledger.inbox import Placing, Requested
from flows.ledger.outbox import MailStatus
from flows.ledger.upshot import Upshot
from notifiers.conversation import Written


@dataclass(kw_only=True)
class _File:
    """What is held about one request."""

    place: Requested
    stored: StoredRequest
    petitioned: bool
    addresses: set[str] = field(default_factory=set)
    mails: list[tuple[Written, datetime]] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A mail that was dealt with, as another may say the same again."""

    id: int
    said_hash: str | None
    request_id: int | None


class Dossier:
    """Reads and writes for the mails that are dealt with in one transaction; for one thread.

    What is changed here is in the database only after `write`.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._cycles: dict[int, StoredCycle] = {}
        self._locked: set[int] = set()
        self.upshot = Upshot()
        """What follows, and is not written yet."""
        self._forget()

    def _forget(self) -> None:
        self._files: dict[int, _File | None] = {}
        self._about: dict[str, list[tuple[int, str | None]]] = {}
        self._parcels: dict[str, tuple[int, ...]] = {}
        self._seen: dict[str, list[_Seen]] = {}
        self._answers: dict[str, list[datetime]] = {}

    @property
    def tx(self) -> Transaction:
        """The transaction, for all that is not kept here: what waits is written first, and what was read is
        read again. Ask for it anew for each use.
        """
        self.write()
        return self._tx

    @property
    def beside(self) -> Transaction:
        """The transaction, to look at what is never kept here; not to write with."""
        return self._tx

    def write(self) -> None:
        """Write all that follows, and read anew what is looked at from now on."""
        self.upshot.write(self._tx)
        self._forget()

    def read(self, request_ids: Iterable[int]) -> None:
        """Read all about these requests that was not read before."""
        missing = [id_ for id_ in dict.fromkeys(request_ids) if id_ not in self._files]
        if not missing:
            return
        self._files |= dict.fromkeys(missing)
        asked = {"ids": missing}
        open_petitions = petitions.waiting_about(self._tx, missing)
        for row in self._tx.execute(_REQUESTS, asked):
            self._files[row.id] = _File(
                place=inbox.requested(row),
                stored=cycles.stored_request(row),
                petitioned=row.id in open_petitions,
            )
        for row in self._tx.execute(_CORRESPONDENTS, asked):
            if (file := self._files[row.request_id]) is not None:
                file.addresses.add(row.address)
        for row in self._tx.execute(_MAILS, asked):
            if (file := self._files[row.request_id]) is not None:
                file.mails.append((_written_as(row), row.created_at))
                if row.status == MailStatus.FAILED:
                    file.dead.add(row.envelope_to[0].casefold())

    def request(self, request_id: int) -> Requested | None:
        """The request of that id."""
        self.read([request_id])
        file = self._files[request_id]
        return file.place if file is not None else None

    def stored(self, request_id: int) -> StoredRequest:
        """A request's own row, as it will be."""
        return self._file(request_id).stored

    def petitioned(self, request_id: int) -> bool:
        """Whether something was asked for about a request that nobody has decided."""
        return self._file(request_id).petitioned

    def concerned(self, ids: Sequence[int]) -> Sequence[Concerned]:
        """The requests of these ids, by id; ids of none are left out."""
        self.read(ids)
        return [
            Concerned(
                id=file.place.id,
                cycle_id=file.place.cycle_id,
                plan_id=file.place.plan_id,
                task=file.place.task,
                agency=file.place.agency,
                status=file.stored.facts.status,
            )
            for id_ in sorted(ids)
            if (file := self._files[id_]) is not None
        ]

    def written_to(self, request_id: int) -> frozenset[str]:
        """The addresses that we wrote to about a request, in one case."""
        return frozenset(self._file(request_id).addresses)

    def dead(self, request_id: int) -> frozenset[str]:
        """The addresses, in one case, that a mail about a request could not be delivered to."""
        return frozenset(self._file(request_id).dead)

    def so_far(self, request_id: int) -> tuple[Written, ...]:
        """The mails written about a request so far, the oldest first."""
        return tuple(mail for mail, _ in self._file(request_id).mails)

    def addressees(self, request_id: int, kinds: Iterable[str]) -> frozenset[str]:
        """Whom mails of these kinds about a request were meant for, in one case; not who had a copy."""
        wanted = frozenset(kinds)
        of_them = (one for one in self.so_far(request_id) if one.to and one.kind in wanted)
        return frozenset(one.to[0].casefold() for one in of_them)

    def answers_since(self, request_id: int, kinds: Iterable[str], since: datetime) -> int:
        """How many mails of these kinds were written about a request since an instant."""
        wanted = frozenset(kinds)
        return sum(one.kind in wanted and at >= since for one, at in self._file(request_id).mails)

    def read_answers(self, addresses: Iterable[str], kinds: Iterable[str], since: datetime) -> None:
        """Read when mails of these kinds were written about what concerns these addresses."""
        missing = {one.casefold() for one in addresses} - self._answers.keys()
        if missing:
            self._answers |= {address: [] for address in missing}
            asked = {"addresses": sorted(missing), "kinds": list(kinds), "since": since}
            for row in self._tx.execute(_ANSWERS, asked):
                self._answers[row.address].append(row.created_at)

    def answers_to(self, address: str, kinds: Iterable[str], since: datetime) -> int:
        """How many mails of these kinds, the same for each mail, were written since an instant about whatever
        concerns an address.
        """
        self.read_answers([address], kinds, since)
        own, wanted = address.casefold(), frozenset(kinds)
        waiting = [
            row["created_at"]
            for row in self.upshot.mails
            if row["kind"] in wanted and own in self._file(row["request_id"]).addresses
        ]
        return sum(at >= since for at in (*self._answers[own], *waiting))

    def about(self, message_ids: Sequence[str]) -> tuple[str | None, tuple[int, ...]]:
        """What we wrote one of these Message-IDs about, the last named first: the token of a mail about
        several requests, None for any other; and the requests, none when we wrote none of them.
        """
        self.read_about(message_ids)
        last = next((found for one in reversed(message_ids) if (found := self._about[one])), [])
        return (last[0][1] if last else None), tuple(request_id for request_id, _ in last)

    def read_about(self, message_ids: Iterable[str]) -> None:
        """Read what was written under these Message-IDs."""
        missing = [one for one in dict.fromkeys(message_ids) if one not in self._about]
        if missing:
            self._about |= {one: [] for one in missing}
            for row in self._tx.execute(_ABOUT, {"message_ids": missing}):
                self._about[row.message_id].append((row.request_id, row.parcel))

    def in_parcel(self, parcel: str) -> tuple[int, ...]:
        """The requests of a mail about several, in the order of its sections; none when it is not known."""
        if parcel not in self._parcels:
            self._parcels[parcel] = outbox.in_parcel(self._tx, parcel)
        return self._parcels[parcel]

    def came_before(self, inbox_id: int, *, message_id: str, said_hash: str, request_id: int | None) -> bool:
        """Whether another mail of that Message-ID said the same about the same request before."""
        self.read_seen([message_id])
        return any(
            one.id != inbox_id and (one.said_hash, one.request_id) == (said_hash, request_id)
            for one in self._seen[message_id]
        )

    def read_seen(self, message_ids: Iterable[str]) -> None:
        """Read which mails of these Message-IDs were dealt with. Nobody else looks at mails of these until
        the transaction ends.
        """
        missing = sorted(set(message_ids) - self._seen.keys())
        if missing:
            if self._tx.dialect.name == "postgresql":
                self._tx.execute(_ALONE, {"message_ids": missing})
            self._seen |= {one: [] for one in missing}
            for row in self._tx.execute(_SEEN, {"message_ids": missing}):
                one = _Seen(id=row.id, said_hash=row.said_hash, request_id=row.request_id)
                self._seen[row.message_id].append(one)

    def cycle(self, cycle_id: int) -> StoredCycle:
        """A cycle's own row."""
        if cycle_id not in self._cycles:
            self._cycles[cycle_id] = cycles.by_id(self._tx, cycle_id)
        return self._cycles[cycle_id]

    def cycles_of(self, request_ids: Iterable[int]) -> frozenset[int]:
        """The cycles of these requests; ids of none are left out."""
        return frozenset(self._tx.execute(_CYCLES_OF, {"ids": list(request_ids)}).scalars())

    def lock(self, cycle_ids: Iterable[int]) -> frozenset[int]:
        """Let nobody else change these cycles until the transaction ends. Those that were not locked before:
        what was read about them is read again.
        """
        fresh = frozenset(cycle_ids) - self._locked
        if fresh:
            self._cycles |= {one.id: one for one in cycles.locked(self._tx, fresh)}
            self._locked |= fresh
            about = [id_ for id_, file in self._files.items() if file and file.place.cycle_id in fresh]
            for id_ in about:
                del self._files[id_]
        return fresh

    def release(self) -> None:
        """Look the cycles up anew: what was just done may have changed them."""
        self._cycles.clear()
        self._locked.clear()

    def change(self, stored: StoredRequest) -> None:
        """Change a request's own row, whose cycle is locked."""
        self._file(stored.id).stored = self.upshot.requests[stored.id] = stored

    def enqueue(self, row: tables.Row) -> None:
        """Add a mail about one request to the outbox."""
        file = self._file(row["request_id"])
        mail = Written(
            message_id=row["message_id"],
            kind=row["kind"],
            subject=row["subject"],
            to=tuple(row["envelope_to"]),
        )
        file.mails.append((mail, row["created_at"]))
        file.addresses.update(address.casefold() for address in row["envelope_to"])
        self.upshot.mails.append(row)

    def place(
        self,
        inbox_id: int,
        placing: Placing,
        *,
        request_id: int | None,
        message_id: str | None,
        said_hash: str | None,
        **columns: str,
    ) -> None:
        """Note what was made of a mail, as `inbox.place` does."""
        if message_id is not None and placing is not Placing.DUPLICATE:
            self.read_seen([message_id])
            self._seen[message_id].append(_Seen(id=inbox_id, said_hash=said_hash, request_id=request_id))
        known: Mapping[str, Any] = {"message_id": message_id, "said_hash": said_hash}
        self.upshot.place(inbox_id, placing, request_id=request_id, **known, **columns)

    def _file(self, request_id: int) -> _File:
        if request_id not in self._files:
            self.read([request_id])
        file = self._files[request_id]
        if file is None:
            raise LookupError(request_id)
        return file


def _written_as(row: Row[Any]) -> Written:
    return Written(message_id=row.message_id, kind=row.kind, subject=row.subject, to=tuple(row.envelope_to))


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_REQUESTS: Select[Any] = (
    select(tables.request, tables.cycle.c.plan_id, tables.cycle.c.key)
    .join(tables.cycle, tables.cycle.c.id == tables.request.c.cycle_id)
    .where(tables.request.c.id.in_(_IDS))
)
_CYCLES_OF = select(tables.request.c.cycle_id).where(tables.request.c.id.in_(_IDS)).distinct()
_CORRESPONDENTS = select(tables.correspondent).where(tables.correspondent.c.request_id.in_(_IDS))
_MAILS = (
    select(
        tables.outbox.c.request_id,
        tables.outbox.c.message_id,
        tables.outbox.c.kind,
        tables.outbox.c.subject,
        tables.outbox.c.envelope_to,
        tables.outbox.c.created_at,
        tables.outbox.c.status,
    )
    .where(tables.outbox.c.request_id.in_(_IDS))
    .order_by(tables.outbox.c.id)
)
_ANSWERS = (
    select(tables.correspondent.c.address, tables.outbox.c.created_at)
    .join(tables.outbox, tables.outbox.c.request_id == tables.correspondent.c.request_id)
    .where(
        tables.correspondent.c.address.in_(bindparam("addresses", expanding=True)),
        tables.outbox.c.kind.in_(bindparam("kinds", expanding=True)),
        tables.outbox.c.created_at >= bindparam("since"),
    )
)
_MESSAGE_IDS: BindParameter[Any] = bindparam("message_ids", expanding=True)
_ABOUT = (
    select(tables.outbox.c.message_id, tables.outbox.c.request_id, tables.outbox.c.parcel)
    .where(tables.outbox.c.message_id.in_(_MESSAGE_IDS), tables.outbox.c.request_id.is_not(None))
    .order_by(tables.outbox.c.id)
)
_SEEN = select(
    tables.inbox.c.id, tables.inbox.c.message_id, tables.inbox.c.said_hash, tables.inbox.c.request_id
).where(
    tables.inbox.c.message_id.in_(_MESSAGE_IDS),
    tables.inbox.c.status.not_in([Placing.NEW, Placing.DUPLICATE]),
)
# in one order everywhere, so that no two transactions wait for each other
_KEYS = (
    select(func.hashtext(func.unnest(bindparam("message_ids", type_=ARRAY(Text)))).label("key"))
    .distinct()
    .order_by("key")
    .subquery()
)
_ALONE = select(func.pg_advisory_xact_lock(_KEYS.c.key))
