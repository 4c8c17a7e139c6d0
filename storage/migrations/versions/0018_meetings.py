"""Names on video meetings' lists that somebody is to be asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "meeting_question",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_by_id", ID),
        sa.ForeignKeyConstraint(["answered_by_id"], ["member.id"], name="fk_meeting_question_answered_by_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_meeting_question_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_question"),
    )
    op.create_index("ix_meeting_question_event_id", "meeting_question", ["event_id"])


def downgrade() -> None:
    op.drop_index("ix_meeting_question_event_id", table_name="meeting_question")
    op.drop_table("meeting_question")
