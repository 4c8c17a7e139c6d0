"""Series of events; events in people's calendars."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("rule", sa.String(500), nullable=False),
        sa.Column("local_start", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("holidays", sa.String(8)),
        sa.Column("days_off", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("on_holiday", NAME, nullable=False),
        sa.Column("template", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("split_from_id", ID),
        sa.Column("next_plan_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_series_community_id"),
        sa.ForeignKeyConstraint(["split_from_id"], ["series.id"], name="fk_series_split_from_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name="fk_series_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_state_next_plan_at", "series", ["state", "next_plan_at"])
    op.add_column("event", sa.Column("uid", sa.String(255)))
    connection = op.get_bind()
    event = sa.table("event", sa.column("id", ID), sa.column("uid", sa.String(255)))
    for number in connection.scalars(sa.select(event.c.id)).all():
        connection.execute(event.update().where(event.c.id == number).values(uid=str(uuid4())))
    with op.batch_alter_table("event") as table:
        table.alter_column("uid", existing_type=sa.String(255), nullable=False)
        table.add_column(sa.Column("series_id", ID))
        table.add_column(sa.Column("occurrence", sa.Date()))
        table.add_column(sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("card_at", INSTANT))
        table.create_foreign_key("fk_event_series_id", "series", ["series_id"], ["id"])
        table.create_unique_constraint("uq_event_community_id_uid", ["community_id", "uid"])
        table.create_unique_constraint("uq_event_series_id_occurrence", ["series_id", "occurrence"])
    with op.batch_alter_table("event") as table:
        table.alter_column("apart", existing_type=sa.Boolean(), server_default=None)
    op.create_index("ix_event_card_at", "event", ["card_at"])
    op.create_table(
        "calendar_copy",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_calendar_copy_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_calendar_copy_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_copy"),
        sa.UniqueConstraint("event_id", "member_id", name="uq_calendar_copy_event_id_member_id"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_calendar_feed_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_calendar_feed_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feed"),
        sa.UniqueConstraint("member_id", name="uq_calendar_feed_member_id"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_feed_token_hash"),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("calendar_copy")
    op.drop_index("ix_event_card_at", table_name="event")
    with op.batch_alter_table("event") as table:
        table.drop_constraint("uq_event_series_id_occurrence", type_="unique")
        table.drop_constraint("uq_event_community_id_uid", type_="unique")
        table.drop_constraint("fk_event_series_id", type_="foreignkey")
        for name in ("card_at", "apart", "occurrence", "series_id", "uid"):
            table.drop_column(name)
    op.drop_table("series")
