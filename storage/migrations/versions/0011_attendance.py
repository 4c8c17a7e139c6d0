"""Attendance: windows to the end and after, a nudge, why a record changed, minutes in a video meeting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = sa.String(24)


def upgrade() -> None:
    op.add_column("event", sa.Column("check_in_closes_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("event", sa.Column("nudge_after_minutes", sa.Integer()))
    op.add_column("attendance", sa.Column("minutes", sa.Integer()))
    with op.batch_alter_table("attendance_change") as change:
        change.add_column(sa.Column("reason", sa.Text()))
        change.alter_column("after", existing_type=NAME, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM attendance_change WHERE after IS NULL")
    with op.batch_alter_table("attendance_change") as change:
        change.alter_column("after", existing_type=NAME, nullable=False)
        change.drop_column("reason")
    op.drop_column("attendance", "minutes")
    # What an older version does not know of.
    op.execute("DELETE FROM reminder WHERE kind = 'attendance_nudge'")
    op.execute("UPDATE attendance SET evidence = 'closing' WHERE evidence IN ('excuse', 'minutes')")
    op.execute("UPDATE attendance_change SET evidence = 'closing' WHERE evidence IN ('excuse', 'minutes')")
    op.drop_column("event", "nudge_after_minutes")
    op.drop_column("event", "check_in_closes_minutes")
