"""The catalogue: competencies, courses, who waits for a session; questions answered from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows


def upgrade() -> None:
    op.create_table(
        "catalogue_version",
        sa.Column("community_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_catalogue_version_community_id"),
        sa.PrimaryKeyConstraint("community_id", name="pk_catalogue_version"),
    )
    op.create_table(
        "competency",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("parent", sa.String(32)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("title_fr", sa.String(200), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("description_fr", sa.Text(), nullable=False),
        sa.Column("phrasings_en", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("phrasings_fr", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_competency_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_competency"),
        sa.UniqueConstraint("community_id", "code", name="uq_competency_community_id_code"),
    )
    op.create_table(
        "course",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("title_fr", sa.String(200), nullable=False),
        sa.Column("provider", sa.String(200), nullable=False),
        sa.Column("languages", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("mode", NAME, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("cost_cents", sa.Integer()),
        sa.Column("level", NAME, nullable=False),
        sa.Column("equivalences", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cost_cents IS NULL OR cost_cents >= 0", name="ck_course_cost_not_negative"),
        sa.CheckConstraint("minutes > 0", name="ck_course_minutes_positive"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_course_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_course"),
        sa.UniqueConstraint("community_id", "code", name="uq_course_community_id_code"),
    )
    op.create_table(
        "proficiency",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("title_fr", sa.String(200), nullable=False),
        sa.Column("descriptor_en", sa.Text(), nullable=False),
        sa.Column("descriptor_fr", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_proficiency_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_proficiency"),
        sa.UniqueConstraint("community_id", "level", name="uq_proficiency_community_id_level"),
    )
    op.create_table(
        "course_competency",
        sa.Column("id", ID, nullable=False),
        sa.Column("course_id", ID, nullable=False),
        sa.Column("competency_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name="fk_course_competency_competency_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name="fk_course_competency_course_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_course_competency"),
        sa.UniqueConstraint("course_id", "competency_id", name="uq_course_competency_course_id_competency_id"),
    )
    op.create_index("ix_course_competency_competency_id", "course_competency", ["competency_id"])

    op.create_table(
        "descriptor",
        sa.Column("id", ID, nullable=False),
        sa.Column("competency_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name="fk_descriptor_competency_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_descriptor"),
        sa.UniqueConstraint("competency_id", "level", name="uq_descriptor_competency_id_level"),
    )
    op.create_table(
        "prerequisite",
        sa.Column("id", ID, nullable=False),
        sa.Column("course_id", ID, nullable=False),
        sa.Column("required_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_prerequisite_course_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["required_id"], ["course.id"], name="fk_prerequisite_required_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_prerequisite"),
        sa.UniqueConstraint("course_id", "required_id", name="uq_prerequisite_course_id_required_id"),
    )
    op.create_table(
        "course_watch",
        sa.Column("id", ID, nullable=False),
        sa.Column("course_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("told_at", INSTANT),
        sa.Column("event_id", ID),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_course_watch_course_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_course_watch_event_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_course_watch_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_course_watch"),
        sa.UniqueConstraint("course_id", "member_id", name="uq_course_watch_course_id_member_id"),
    )
    op.add_column("event", sa.Column("course_code", sa.String(32)))
    op.create_index("ix_event_community_id_course_code", "event", ["community_id", "course_code"])

    op.add_column("question", sa.Column("answered_by", sa.String(32)))
    op.add_column("question", sa.Column("understood", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    op.drop_column("question", "understood")
    op.drop_column("question", "answered_by")

    op.drop_index("ix_event_community_id_course_code", table_name="event")
    op.drop_column("event", "course_code")

    op.drop_table("course_watch")
    op.drop_table("prerequisite")
    op.drop_table("descriptor")
    op.drop_index("ix_course_competency_competency_id", table_name="course_competency")

    op.drop_table("course_competency")
    op.drop_table("proficiency")
    op.drop_table("course")
    op.drop_table("competency")
    op.drop_table("catalogue_version")
