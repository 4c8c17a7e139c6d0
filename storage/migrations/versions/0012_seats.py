"""Seats in the room and online, offered to the waitlist for a time; events for those invited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OPEN = sa.text("offer = 'open'")
FLAGS = ("hybrid", "by_invitation")


def upgrade() -> None:
    with op.batch_alter_table("event") as event:
        for flag in FLAGS:
            event.add_column(sa.Column(flag, sa.Boolean(), nullable=False, server_default=sa.false()))
        event.add_column(sa.Column("online_capacity", sa.Integer()))
        event.create_check_constraint(
            "ck_event_online_capacity_positive", "online_capacity IS NULL OR online_capacity > 0"
        )
    with op.batch_alter_table("event") as event:
        for flag in FLAGS:
            event.alter_column(flag, server_default=None)
    with op.batch_alter_table("rsvp") as rsvp:
        rsvp.add_column(sa.Column("seat", sa.String(24), nullable=False, server_default="room"))
        rsvp.add_column(sa.Column("offer", sa.String(24)))
        rsvp.add_column(sa.Column("offer_ends_at", INSTANT))
        rsvp.add_column(sa.Column("offers", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("rsvp") as rsvp:
        for name in ("seat", "offers"):
            rsvp.alter_column(name, server_default=None)
    op.create_index("ix_rsvp_offer_ends_at", "rsvp", ["offer_ends_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_rsvp_offer_ends_at", table_name="rsvp")
    with op.batch_alter_table("rsvp") as rsvp:
        for name in ("offers", "offer_ends_at", "offer", "seat"):
            rsvp.drop_column(name)
    with op.batch_alter_table("event") as event:
        event.drop_constraint("ck_event_online_capacity_positive", type_="check")
        for name in ("online_capacity", "by_invitation", "hybrid"):
            event.drop_column(name)
