"""Entries keep what they said before; drafts, owners in Slack, and when a review is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows


def upgrade() -> None:
    op.create_table(
        "entry_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("member_id", ID),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_revision_entry_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_entry_revision_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry_revision"),
        sa.UniqueConstraint("entry_id", "number", name="uq_entry_revision_entry_id_number"),
    )
    with op.batch_alter_table("entry") as entry:
        entry.add_column(sa.Column("state", NAME))
        entry.add_column(sa.Column("version", sa.Integer()))
        entry.add_column(sa.Column("review_months", sa.Integer()))
        entry.add_column(sa.Column("review_due_on", sa.Date()))
        entry.add_column(sa.Column("owner_user_id", sa.String(32)))
        entry.add_column(sa.Column("imported_version", sa.Integer()))
        entry.add_column(sa.Column("imported_mark", sa.String(32)))
    # All entries came by import so far, and a review holds for a year.
    op.execute("UPDATE entry SET state = 'published', version = 1, imported_version = 1, review_months = 12")
    op.execute("UPDATE entry SET state = 'retired' WHERE retired")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE entry SET review_due_on = date(reviewed_on, '+12 months')")
    else:
        op.execute("UPDATE entry SET review_due_on = CAST(reviewed_on + INTERVAL '12 months' AS date)")
    with op.batch_alter_table("entry") as entry:
        entry.alter_column("state", existing_type=NAME, nullable=False)
        entry.alter_column("version", existing_type=sa.Integer(), nullable=False)
        entry.alter_column("review_months", existing_type=sa.Integer(), nullable=False)
        entry.drop_column("retired")
    op.create_index("ix_entry_community_id_state_review_due_on", "entry", ["community_id", "state", "review_due_on"])


def downgrade() -> None:
    op.drop_index("ix_entry_community_id_state_review_due_on", table_name="entry")
    with op.batch_alter_table("entry") as entry:
        entry.add_column(sa.Column("retired", sa.Boolean()))
    # What was never published must not come to light.
    op.execute("UPDATE entry SET retired = (state <> 'published')")
    with op.batch_alter_table("entry") as entry:
        entry.alter_column("retired", existing_type=sa.Boolean(), nullable=False)
        for column in ("state", "version", "review_months", "review_due_on", "owner_user_id", "imported_version"):
            entry.drop_column(column)
        entry.drop_column("imported_mark")
    op.drop_table("entry_revision")
