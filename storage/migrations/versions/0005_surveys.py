"""Surveys; a member's department and supervisor; what belongs to the sample year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows
SAMPLES = ("member", "event")


def upgrade() -> None:
    for table in SAMPLES:
        op.add_column(table, sa.Column("sample", sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table) as changed:
            changed.alter_column("sample", server_default=None)
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("department", sa.String(120)))
        member.add_column(sa.Column("supervisor_id", ID))
        member.create_foreign_key("fk_member_supervisor_id", "member", ["supervisor_id"], ["id"])
    op.create_table(
        "survey",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("purpose", NAME, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.CheckConstraint("floor >= 5 AND floor <= 10", name="ck_survey_floor_range"),
        sa.CheckConstraint("open_days > 0", name="ck_survey_open_days_positive"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_survey_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
        sa.UniqueConstraint("community_id", "purpose", name="uq_survey_community_id_purpose"),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", ID, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("text_en", sa.String(300), nullable=False),
        sa.Column("text_fr", sa.String(300), nullable=False),
        sa.Column("choices_en", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("choices_fr", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("agreeing", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("headline", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_question_survey_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_question"),
    )
    op.create_index("ix_survey_question_survey_id", "survey_question", ["survey_id"])
    op.create_table(
        "survey_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("survey_id", ID, nullable=False),
        sa.Column("event_id", ID),
        sa.Column("wave", NAME),
        sa.Column("question_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("remind_at", INSTANT),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_survey_run_community_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_survey_run_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_run_survey_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_run"),
        sa.UniqueConstraint("event_id", name="uq_survey_run_event_id"),
    )
    op.create_index("ix_survey_run_community_id_state", "survey_run", ["community_id", "state"])
    op.create_table(
        "survey_cell",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("cohort", sa.String(32)),
        sa.Column("department", sa.String(120)),
        sa.ForeignKeyConstraint(["run_id"], ["survey_run.id"], name="fk_survey_cell_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_cell"),
    )
    op.create_index("ix_survey_cell_run_id", "survey_cell", ["run_id"])
    _people("survey_invitation", sa.Column("cell_id", ID, nullable=False))
    _people("survey_answered")
    op.create_table(
        "survey_response",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("cell_id", ID, nullable=False),
        sa.Column("value", sa.Integer()),
        sa.Column("text", sa.Text()),
        sa.ForeignKeyConstraint(["cell_id"], ["survey_cell.id"], name="fk_survey_response_cell_id"),
        sa.ForeignKeyConstraint(["question_id"], ["survey_question.id"], name="fk_survey_response_question_id"),
        sa.ForeignKeyConstraint(["run_id"], ["survey_run.id"], name="fk_survey_response_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_response"),
    )
    op.create_index("ix_survey_response_run_id", "survey_response", ["run_id"])


def _people(table: str, *more: sa.Column[int]) -> None:
    """A table of who is asked, or has answered, about whom."""
    foreign = [
        sa.ForeignKeyConstraint([f"{column}_id"], [f"{of}.id"], name=f"fk_{table}_{column}_id", ondelete="CASCADE")
        for column, of in (("about", "member"), ("member", "member"), ("run", "survey_run"))
    ]
    if more:
        foreign.append(
            sa.ForeignKeyConstraint(["cell_id"], ["survey_cell.id"], name=f"fk_{table}_cell_id", ondelete="CASCADE")
        )
    op.create_table(
        table,
        sa.Column("run_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("about_id", ID, nullable=False),
        *more,
        *foreign,
        sa.PrimaryKeyConstraint("run_id", "member_id", "about_id", name=f"pk_{table}"),
    )


def downgrade() -> None:
    for table in (
        "survey_response", "survey_answered", "survey_invitation", "survey_cell", "survey_run", "survey_question",
        "survey",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("member") as member:
        member.drop_constraint("fk_member_supervisor_id", type_="foreignkey")
        member.drop_column("supervisor_id")
        member.drop_column("department")
    for table in SAMPLES:
        op.drop_column(table, "sample")
