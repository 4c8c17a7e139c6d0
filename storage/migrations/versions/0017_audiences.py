"""Cohorts that events are for, and people who ask to come as guests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "event_audience",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("enrolled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_event_audience_cohort_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_audience_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event_audience"),
        sa.UniqueConstraint("event_id", "cohort_id", name="uq_event_audience_event_id_cohort_id"),
    )
    op.create_index("ix_event_audience_cohort_id", "event_audience", ["cohort_id"])
    op.create_table(
        "guest_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("approved", sa.Boolean()),
        sa.Column("decided_by_id", ID),
        sa.Column("decided_at", INSTANT),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"], name="fk_guest_request_decided_by_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_guest_request_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_guest_request_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_guest_request"),
        sa.UniqueConstraint("event_id", "member_id", name="uq_guest_request_event_id_member_id"),
    )


def downgrade() -> None:
    op.drop_table("guest_request")
    op.drop_index("ix_event_audience_cohort_id", table_name="event_audience")
    op.drop_table("event_audience")
