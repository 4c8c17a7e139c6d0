"""Material, recordings and notes of events, and who wants to be told of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "event_material",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("title", sa.String(150), nullable=False),
        sa.Column("link", sa.String(2000), nullable=False),
        sa.Column("added_by_id", ID, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["member.id"], name="fk_event_material_added_by_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_event_material_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_event_material"),
    )
    op.create_index("ix_event_material_event_id", "event_material", ["event_id"])
    op.create_table(
        "material_wish",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_material_wish_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_material_wish_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_material_wish"),
        sa.UniqueConstraint("event_id", "member_id", name="uq_material_wish_event_id_member_id"),
    )


def downgrade() -> None:
    # An older version knows no questions that found their answer later; those were settled all the same.
    op.execute("UPDATE question SET settled_as = 'drafted' WHERE settled_as = 'answered'")
    op.drop_table("material_wish")
    op.drop_index("ix_event_material_event_id", table_name="event_material")
    op.drop_table("event_material")
