"""Quiet hours, how often a day people are told something unasked, and what waits for another hour or day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notice_day",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_notice_day_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "day", name="pk_notice_day"),
    )
    op.create_table(
        "waiting_letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("event_id", ID),
        sa.Column("payload_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("useful_until", INSTANT, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_waiting_letter_community_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_waiting_letter_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_waiting_letter_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_letter"),
        sa.UniqueConstraint("community_id", "key", name="uq_waiting_letter_community_id_key"),
    )
    op.create_index("ix_waiting_letter_state_due_at", "waiting_letter", ["state", "due_at"])
    op.create_index("ix_waiting_letter_event_id_member_id", "waiting_letter", ["event_id", "member_id"])
    op.add_column("member", sa.Column("quiet_from", sa.String(5)))
    op.add_column("member", sa.Column("quiet_until", sa.String(5)))
    for name in ("told", "waiting", "held"):
        op.add_column("reminder", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        with op.batch_alter_table("reminder") as reminder:
            reminder.alter_column(name, server_default=None)
    op.add_column("announcement", sa.Column("mandatory", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("announcement") as announcement:
        announcement.alter_column("mandatory", server_default=None)


def downgrade() -> None:
    op.drop_column("announcement", "mandatory")
    for name in ("held", "waiting", "told"):
        op.drop_column("reminder", name)
    op.drop_column("member", "quiet_until")
    op.drop_column("member", "quiet_from")
    op.drop_index("ix_waiting_letter_event_id_member_id", table_name="waiting_letter")
    op.drop_index("ix_waiting_letter_state_due_at", table_name="waiting_letter")
    op.drop_table("waiting_letter")
    op.drop_table("notice_day")
