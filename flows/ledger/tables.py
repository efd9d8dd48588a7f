"""The tables of the ledger. Instants are stored in UTC and come back aware."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Instant(TypeDecorator[datetime]):
    """An aware instant: a timestamp with time zone, or UTC without one where the database has none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstant(value)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class names it
        """Always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class NaiveInstant(TypeError):
    """An instant without a time zone cannot go into the ledger."""

    def __init__(self, value: datetime) -> None:
        self.value = value
        super().__init__(f"{value} has no time zone")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


LONGEST_KEY = 700
"""Three ids of 80 characters, what is done, and whom it was sent on to; SQLite does not count."""


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id"), nullable=nullable)


version = Table(
    "plan_version",
    metadata,
    _id(),
    Column("plan_id", String(80), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("bundle", Text, nullable=False),  # the plan with all that it names, as JSON
    Column("applied_at", Instant, nullable=False),
    UniqueConstraint("plan_id", "content_hash"),
)

plan = Table(
    "plan",
    metadata,
    Column("plan_id", String(80), primary_key=True),
    _ref("version_id", "plan_version"),
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
)

cycle = Table(
    "cycle",
    metadata,
    _id(),
    _ref("version_id", "plan_version"),
    Column("plan_id", String(80), nullable=False),
    Column("key", String(20), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("to_on", Date, nullable=False),
    Column("state", String(10), nullable=False),  # planned, active, ended, stopped
    Column("wake_at", Instant),
    Column("claimed_by", String(120)),
    Column("claimed_until", Instant),  # of the machine's own time, never of a demo's clock
    Column("run_id", String(40)),
    Column("run_no", Integer, nullable=False, default=0),
    Column("pass_no", Integer, nullable=False, default=0),
    Column("ended_at", Instant),
    Column("stopped_why", Text),
    Column("outlook", JSON(none_as_null=True)),  # the next action, for people
    Column("result", JSON(none_as_null=True)),  # the consolidated values that went up
    Column("shown", JSON(none_as_null=True)),  # standing of each task as last drawn
    Column("demand", JSON(none_as_null=True)),  # what a person asked for, when it is no period of the plan
    UniqueConstraint("plan_id", "key"),
)
Index("ix_cycle_due", cycle.c.state, cycle.c.wake_at)

request = Table(
    "request",
    metadata,
    _id(),
    _ref("cycle_id", "cycle"),
    Column("task", String(80), nullable=False),
    Column("agency", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("opened_at", Instant),
    Column("due_on", Date),
    Column("reminders", Integer, nullable=False, default=0),
    Column("rung", Integer, nullable=False, default=0),
    Column("escalated_at", Instant),
    Column("settled_at", Instant),
    Column("edition", Integer, nullable=False, default=0, server_default="0"),
    _ref("version_id", "plan_version", nullable=True),  # the last to ask for it, when the cycle's does not
    Column("kept", JSON(none_as_null=True)),  # values understood so far, accepted or not
    Column("accepted", JSON(none_as_null=True)),  # values of the accepted report
    Column("text", Text),  # what the person wrote with it
    Column("resolved", Integer, nullable=False, default=0, server_default="0"),
    Column("away", JSON(none_as_null=True)),  # who was asked for it and is away, by address
    Column("acting", JSON(none_as_null=True)),  # the agency that answers in the place of the one that owes
    UniqueConstraint("cycle_id", "task", "agency"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", String(250).with_variant(String(LONGEST_KEY), "postgresql"), nullable=False, unique=True),
    _ref("cycle_id", "cycle"),
    _ref("request_id", "request", nullable=True),
    Column("task", String(80)),
    Column("kind", String(16), nullable=False),
    Column("step", Integer, nullable=False),
    Column("message_id", String(80), nullable=False),
    Column("parcel", String(20)),  # the token of a mail about several requests, each with a row of its own
    _ref("carried_by", "outbox", nullable=True),  # the row whose mail says what this one is for, too
    Column("envelope_from", Text, nullable=False),
    Column("envelope_to", JSON(none_as_null=True), nullable=False),
    Column("subject", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("status", String(10), nullable=False),  # queued, sending, sent, failed, in-doubt
    Column("claimed_by", String(120)),
    Column("claimed_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("resent_in_doubt", Boolean, nullable=False, default=False),
    Column("not_before_at", Instant),
    Column("answer", Text),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("delayed_at", Instant),  # when a server first said that it is held up on its way
    Column("failure_seen_at", Instant),  # when it was dealt with that it cannot be delivered
)
Index("ix_outbox_unsent", outbox.c.status, outbox.c.not_before_at)
Index("ix_outbox_delayed", outbox.c.delayed_at)
Index("ix_outbox_request", outbox.c.request_id)
Index("ix_outbox_message", outbox.c.message_id)
Index("ix_outbox_parcel", outbox.c.parcel)
Index("ix_outbox_carried", outbox.c.carried_by)
Index("ix_outbox_cycle", outbox.c.cycle_id, outbox.c.status)

mail_content = Table(  # by itself: a row of the outbox is written anew at each step of its mail
    "mail_content",
    metadata,
    Column("mail_id", Integer, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
)

correspondent = Table(
    "correspondent",
    metadata,
    Column("address", String(320), primary_key=True),  # in one case
    Column("request_id", Integer, ForeignKey("request.id"), primary_key=True),
)
Index("ix_correspondent_request", correspondent.c.request_id)

listing = Table(  # whose addresses stand in the directories of the plans, as they were last applied
    "listing",
    metadata,
    Column("address", String(320), primary_key=True),  # in one case
    Column("plan_id", String(80), primary_key=True),
    Column("agency", String(80), primary_key=True),
)
Index("ix_listing_plan", listing.c.plan_id)

bulletin = Table(
    "bulletin",
    metadata,
    _id(),
    Column("key", String(320).with_variant(String(LONGEST_KEY), "postgresql"), nullable=False, unique=True),
    _ref("cycle_id", "cycle"),
    Column("channel", String(60), nullable=False),
    Column("about", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("status", String(10), nullable=False),  # as a mail's
    Column("claimed_by", String(120)),
    Column("claimed_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before_at", Instant),
    Column("answer", String(20)),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
)
Index("ix_bulletin_unsent", bulletin.c.status, bulletin.c.channel)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("content_hash", String(64), nullable=False, unique=True),
    Column("raw", LargeBinary, nullable=False),
    Column("envelope_from", Text, nullable=False),
    Column("envelope_to", JSON(none_as_null=True), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", String(10), nullable=False),  # new, placed, unplaced, ignored, discarded
    Column("kind", String(20)),
    Column("sender", Text),
    Column("subject", Text),
    Column("reason", Text),
    _ref("request_id", "request", nullable=True),
    Column("decided_at", Instant),  # when a person last decided what becomes of it
    Column("decided_by", String(80)),
    Column("note", Text),  # what that person said
    Column("message_id", String(512)),  # as it says itself
    Column("said_hash", String(64)),  # of what it says, whichever way it came
)
Index("ix_inbox_status", inbox.c.status)
Index("ix_inbox_message", inbox.c.message_id)
Index("ix_inbox_sender", inbox.c.sender, inbox.c.received_at)

reply = Table(
    "reply",
    metadata,
    _id(),
    _ref("request_id", "request"),
    _ref("inbox_id", "inbox", nullable=True),
    _ref("from_cycle_id", "cycle", nullable=True),
    Column("received_at", Instant, nullable=False),
    Column("verdict", String(12), nullable=False),  # accepted, corrected, partly, refused, closed, noted
    Column("given", JSON(none_as_null=True), nullable=False),
    Column("problems", JSON(none_as_null=True), nullable=False),
    Column("text", Text, nullable=False),
)
Index("ix_reply_request", reply.c.request_id)
Index("ix_reply_inbox", reply.c.inbox_id)

petition = Table(
    "petition",
    metadata,
    _id(),
    _ref("request_id", "request"),
    _ref("inbox_id", "inbox"),
    Column("kind", String(20), nullable=False),  # as the parser names kinds of mail
    Column("asked_at", Instant, nullable=False),
    Column("asked_until_on", Date),
    Column("handed_to", Text),
    Column("sender", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("standing", String(12), nullable=False),  # waiting, granted, refused, handed-over, answered …
    Column("until_on", Date),  # granted until
    Column("to_agency", String(80)),  # handed over to
    Column("note", Text),  # what whoever decided said
    Column("decided_by", String(80)),
    Column("decided_at", Instant),
    UniqueConstraint("inbox_id", "request_id"),
)
Index("ix_petition_request", petition.c.request_id)
Index("ix_petition_standing", petition.c.standing)

inquiry = Table(  # a mail whose sender was asked which report is meant
    "inquiry",
    metadata,
    _id(),
    Column("inbox_id", Integer, ForeignKey("inbox.id"), nullable=False, unique=True),
    Column("address", String(320), nullable=False),  # who was asked, in one case
    Column("message_id", String(80), nullable=False),  # of the question
    Column("request_ids", JSON(none_as_null=True), nullable=False),  # in the order of their numbers
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    _ref("answered_by", "inbox", nullable=True),  # the mail that said which
)
Index("ix_inquiry_address", inquiry.c.address)
Index("ix_inquiry_message", inquiry.c.message_id)

escalation = Table(
    "escalation",
    metadata,
    _id(),
    _ref("request_id", "request"),
    Column("step", Integer, nullable=False),
    Column("to_agency", String(80), nullable=False),
    Column("to_mailbox", Text),
    Column("at", Instant, nullable=False),
    UniqueConstraint("request_id", "step"),
)

landing = Table(
    "landing",
    metadata,
    _id(),
    _ref("from_cycle_id", "cycle"),
    Column("plan_id", String(80), nullable=False),
    Column("cycle_key", String(20), nullable=False),
    Column("task", String(80), nullable=False),
    Column("agency", String(80), nullable=False),
    Column(
        "status", String(12), nullable=False
    ),  # pending, landed, kept-aside, too-late, incomplete, no-place
    Column("answer", JSON(none_as_null=True), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("landed_at", Instant),
    UniqueConstraint("from_cycle_id", "plan_id", "task"),
)
Index("ix_landing_place", landing.c.plan_id, landing.c.cycle_key)

journal = Table(
    "journal",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    _ref("cycle_id", "cycle", nullable=True),
    _ref("request_id", "request", nullable=True),
    Column("event", String(30), nullable=False),
    Column("detail", JSON(none_as_null=True), nullable=False),
)
Index("ix_journal_cycle", journal.c.cycle_id)

mail_cursor = Table(
    "mail_cursor",
    metadata,
    Column("mailbox", String(400), primary_key=True),
    # unsigned 32 bits, as IMAP counts
    Column("uid_validity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("pending", JSON(none_as_null=True), nullable=False),
)

Row = dict[str, Any]
"""A row to insert, by column."""
