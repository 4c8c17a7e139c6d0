"""Members offer what they know, by competency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "expertise",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("competency_code", sa.String(32), nullable=False),
        sa.Column("level", sa.Integer()),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_expertise_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_expertise_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_expertise"),
        sa.UniqueConstraint("member_id", "competency_code", name="uq_expertise_member_id_competency_code"),
    )
    op.create_index("ix_expertise_community_id_competency_code", "expertise", ["community_id", "competency_code"])


def downgrade() -> None:
    op.drop_index("ix_expertise_community_id_competency_code", table_name="expertise")
    op.drop_table("expertise")
