"""Check-in codes that change: a secret of each event, tries at each, and who shows a code until when."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
EVENT = sa.table("event", sa.column("id", ID), sa.column("check_in_secret"), sa.column("check_in_code"))


def upgrade() -> None:
    op.add_column("event", sa.Column("check_in_secret", sa.String(64)))
    op.add_column("event", sa.Column("check_in_button", sa.Boolean()))
    connection = op.get_bind()
    for event_id in connection.scalars(sa.select(EVENT.c.id)).all():
        secret = sa.update(EVENT).where(EVENT.c.id == event_id).values(check_in_secret=secrets.token_hex(32))
        connection.execute(secret)
    with op.batch_alter_table("event") as event:
        event.alter_column("check_in_secret", existing_type=sa.String(64), nullable=False)
        event.drop_column("check_in_code")
    with op.batch_alter_table("code_try") as code_try:
        code_try.add_column(sa.Column("event_id", ID))
        code_try.create_foreign_key("fk_code_try_event_id", "event", ["event_id"], ["id"], ondelete="CASCADE")
    op.create_index("ix_code_try_event_id_tried_at", "code_try", ["event_id", "tried_at"])
    op.create_table(
        "code_display",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("page_digest", sa.String(64)),
        sa.Column("opens", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_code_display_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_code_display_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_code_display"),
        sa.UniqueConstraint("page_digest", name="uq_code_display_page_digest"),
    )


def downgrade() -> None:
    op.drop_table("code_display")
    op.drop_index("ix_code_try_event_id_tried_at", table_name="code_try")
    with op.batch_alter_table("code_try") as code_try:
        code_try.drop_constraint("fk_code_try_event_id", type_="foreignkey")
        code_try.drop_column("event_id")
    op.add_column("event", sa.Column("check_in_code", sa.String(4)))
    connection = op.get_bind()
    for event_id in connection.scalars(sa.select(EVENT.c.id)).all():
        code = sa.update(EVENT).where(EVENT.c.id == event_id).values(check_in_code=f"{secrets.randbelow(10_000):04}")
        connection.execute(code)
    with op.batch_alter_table("event") as event:
        event.alter_column("check_in_code", existing_type=sa.String(4), nullable=False)
        event.drop_column("check_in_button")
        event.drop_column("check_in_secret")
