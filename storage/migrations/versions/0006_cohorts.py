"""What organizers choose, cohorts, invitations, and why somebody does not come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "community_setting",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_community_setting_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_community_setting"),
        sa.UniqueConstraint("community_id", "name", name="uq_community_setting_community_id_name"),
    )
    op.create_table(
        "cohort",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name_en", sa.String(150), nullable=False),
        sa.Column("name_fr", sa.String(150), nullable=False),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_cohort_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cohort"),
        sa.UniqueConstraint("community_id", "code", name="uq_cohort_community_id_code"),
    )
    op.create_table(
        "cohort_member",
        sa.Column("id", ID, nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_cohort_member_cohort_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_cohort_member_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_cohort_member"),
        sa.UniqueConstraint("cohort_id", "member_id", name="uq_cohort_member_cohort_id_member_id"),
    )
    op.create_index("ix_cohort_member_member_id", "cohort_member", ["member_id"])
    op.create_table(
        "event_invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("enrolled", sa.Boolean(), nullable=False),
        sa.Column("invited_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_invitation_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_event_invitation_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event_invitation"),
        sa.UniqueConstraint("event_id", "member_id", name="uq_event_invitation_event_id_member_id"),
    )
    op.create_index("ix_event_invitation_member_id", "event_invitation", ["member_id"])
    op.add_column("rsvp", sa.Column("reason", sa.String(500)))


def downgrade() -> None:
    op.drop_column("rsvp", "reason")
    op.drop_index("ix_event_invitation_member_id", table_name="event_invitation")
    op.drop_table("event_invitation")
    op.drop_index("ix_cohort_member_member_id", table_name="cohort_member")
    op.drop_table("cohort_member")
    op.drop_table("cohort")
    op.drop_table("community_setting")
