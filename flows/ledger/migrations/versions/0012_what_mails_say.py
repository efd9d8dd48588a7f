"""What a mail says is kept beside its row of the outbox, which changes while the mail is sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "mail_content",
        sa.Column("mail_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox.id"], name=op.f("fk_mail_content_mail_id")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_mail_content")),
    )
    op.execute("INSERT INTO mail_content (mail_id, raw) SELECT id, raw FROM outbox WHERE carried_by IS NULL")
    op.drop_column("outbox", "raw")


def downgrade() -> None:
    """Take the change back."""
    nothing = sa.text("x''" if op.get_bind().dialect.name == "sqlite" else "''")
    op.add_column("outbox", sa.Column("raw", sa.LargeBinary(), nullable=False, server_default=nothing))
    op.execute(
        "UPDATE outbox SET raw = mail_content.raw FROM mail_content WHERE mail_content.mail_id = outbox.id"
    )
    op.drop_table("mail_content")
