"""How far each mailbox on an IMAP server has been read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from flows.ledger import tables
from flows.ledger.database import Transaction
from notifiers.cursors import MailCursor


def load(tx: Transaction, mailbox: str) -> MailCursor | None:
    """Where reading stopped; None for a mailbox that was never read."""
    row = tx.execute(select(tables.mail_cursor).where(tables.mail_cursor.c.mailbox == mailbox)).one_or_none()
    if row is None:
        return None
    return MailCursor(uid_validity=row.uid_validity, last_uid=row.last_uid, pending=tuple(row.pending))


def store(tx: Transaction, mailbox: str, cursor: MailCursor) -> None:
    """Note where reading stopped."""
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    place = {
        "uid_validity": cursor.uid_validity,
        "last_uid": cursor.last_uid,
        "pending": list(cursor.pending),
    }
    tx.execute(
        dialect.insert(tables.mail_cursor)
        .values(mailbox=mailbox, **place)
        .on_conflict_do_update(index_elements=["mailbox"], set_=place)
    )
