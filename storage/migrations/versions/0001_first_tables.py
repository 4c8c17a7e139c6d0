"""The first tables: communities, entries, delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows


def upgrade() -> None:
    op.create_table(
        "calibration",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.Double(), nullable=False),
        sa.Column("suggest", sa.Double(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_calibration"),
    )
    op.create_table(
        "community",
        sa.Column("id", ID, nullable=False),
        sa.Column("slack_team_id", sa.String(32), nullable=False),
        sa.Column("slack_enterprise_id", sa.String(32)),
        sa.Column("bot_user_id", sa.String(32)),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_community"),
        sa.UniqueConstraint("slack_team_id", name="uq_community_slack_team_id"),
    )
    op.create_table(
        "embedding",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_embedding"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True)),
        sa.Column("state", NAME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.Column("last_error", sa.String(500)),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
    )
    op.create_index("ix_inbox_state_lease_until", "inbox", ["state", "lease_until"])
    op.create_table(
        "payload",
        sa.Column("id", ID, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payload"),
    )
    op.create_table(
        "direct_message",
        sa.Column("community_id", ID, nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_direct_message_community_id"),
        sa.PrimaryKeyConstraint("community_id", "user", name="pk_direct_message"),
    )
    op.create_table(
        "entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.String(2000)),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("related", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_entry_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("community_id", "slug", name="uq_entry_community_id_slug"),
    )
    op.create_table(
        "knowledge_version",
        sa.Column("community_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_knowledge_version_community_id"),
        sa.PrimaryKeyConstraint("community_id", name="pk_knowledge_version"),
    )
    op.create_table(
        "member",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("slack_user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(320)),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("slack_locale", sa.String(16)),
        sa.Column("chosen_locale", sa.String(2)),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("wants_announcements", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("refreshed_at", INSTANT),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_member_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("community_id", "slack_user_id", name="uq_member_community_id_slack_user_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("method", NAME, nullable=False),
        sa.Column("channel", sa.String(32)),
        sa.Column("user", sa.String(32)),
        sa.Column("conversation", sa.String(80), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("thread_ts", sa.String(32)),
        sa.Column("payload", sa.JSON(none_as_null=True)),
        sa.Column("payload_id", ID),
        sa.Column("subject", sa.String(64)),
        sa.Column("target_key", sa.String(200)),
        sa.Column("state", NAME, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("in_doubt_since", INSTANT),
        sa.Column("insisted", sa.Boolean(), nullable=False),
        sa.Column("lease_until", INSTANT),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("ts", sa.String(32)),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_outbox_community_id"),
        sa.ForeignKeyConstraint(["payload_id"], ["payload.id"], name="fk_outbox_payload_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("community_id", "key", name="uq_outbox_community_id_key"),
    )
    op.create_index("ix_outbox_conversation_state", "outbox", ["conversation", "state"])
    op.create_index("ix_outbox_due", "outbox", ["state", "priority", "not_before", "id"])
    op.create_index("ix_outbox_subject_state", "outbox", ["subject", "state"])
    op.create_table(
        "pause",
        sa.Column("community_id", ID, nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_pause_community_id"),
        sa.PrimaryKeyConstraint("community_id", "method", "channel", name="pk_pause"),
    )
    op.create_table(
        "alias",
        sa.Column("id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_alias_entry_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
        sa.UniqueConstraint("entry_id", "locale", "text", name="uq_alias_entry_id_locale_text"),
    )
    op.create_table(
        "announcement",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("mention", sa.String(8)),
        sa.Column("created_by_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_announcement_community_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name="fk_announcement_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
    )
    op.create_table(
        "channel_member",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_channel_member_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_channel_member_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_channel_member"),
        sa.UniqueConstraint(
            "community_id", "channel", "member_id", name="uq_channel_member_community_id_channel_member_id"
        ),
    )
    op.create_table(
        "code_try",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("tried_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_code_try_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_code_try"),
    )
    op.create_index("ix_code_try_member_id_tried_at", "code_try", ["member_id", "tried_at"])
    op.create_table(
        "entry_text",
        sa.Column("id", ID, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_entry_text_entry_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_entry_text"),
        sa.UniqueConstraint("entry_id", "locale", name="uq_entry_text_entry_id_locale"),
    )
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("title_en", sa.String(150), nullable=False),
        sa.Column("title_fr", sa.String(150), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("description_fr", sa.Text(), nullable=False),
        sa.Column("local_start", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("link", sa.String(2000)),
        sa.Column("capacity", sa.Integer()),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("check_in_code", sa.String(4), nullable=False),
        sa.Column("check_in_opens_minutes", sa.Integer(), nullable=False),
        sa.Column("late_after_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by_id", ID, nullable=False),
        sa.Column("updated_by_id", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="ck_event_capacity_positive"),
        sa.CheckConstraint("minutes > 0", name="ck_event_minutes_positive"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_event_community_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name="fk_event_created_by_id"),
        sa.ForeignKeyConstraint(["updated_by_id"], ["member.id"], name="fk_event_updated_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_community_id_starts_at", "event", ["community_id", "starts_at"])
    op.create_table(
        "member_role",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("granted_by_id", ID),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["granted_by_id"], ["member.id"], name="fk_member_role_granted_by_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_member_role_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_member_role"),
        sa.UniqueConstraint("member_id", "role", name="uq_member_role_member_id_role"),
    )
    op.create_table(
        "question",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("channel", sa.String(32)),
        sa.Column("thread_ts", sa.String(32)),
        sa.Column("message_ts", sa.String(32)),
        sa.Column("outcome", NAME, nullable=False),
        sa.Column("entry_id", ID),
        sa.Column("score", sa.Double()),
        sa.Column("suggestions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("helpful", sa.Boolean()),
        sa.Column("passed_on_at", INSTANT),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_question_community_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_question_entry_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_question_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
    )
    op.create_index("ix_question_community_id_outcome", "question", ["community_id", "outcome"])
    op.create_index("ix_question_thread", "question", ["channel", "thread_ts"])
    op.create_table(
        "attendance",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("status", NAME, nullable=False),
        sa.Column("evidence", NAME, nullable=False),
        sa.Column("checked_in_at", INSTANT),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_attendance_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_attendance_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
        sa.UniqueConstraint("event_id", "member_id", name="uq_attendance_event_id_member_id"),
    )
    op.create_table(
        "attendance_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("before", NAME),
        sa.Column("after", NAME, nullable=False),
        sa.Column("evidence", NAME, nullable=False),
        sa.Column("changed_by_id", ID),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["member.id"], name="fk_attendance_change_changed_by_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_attendance_change_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_attendance_change_member_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_change"),
    )
    op.create_index("ix_attendance_change_event_id", "attendance_change", ["event_id"])
    op.create_table(
        "reminder",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("local_due", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", INSTANT),
        sa.Column("reason", sa.String(200)),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_reminder_community_id"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_reminder_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("event_id", "kind", "occurrence", name="uq_reminder_event_id_kind_occurrence"),
    )
    op.create_index("ix_reminder_state_due_at", "reminder", ["state", "due_at"])
    op.create_table(
        "rsvp",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("reply", NAME, nullable=False),
        sa.Column("turn", sa.Integer()),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_rsvp_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_rsvp_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_rsvp"),
        sa.UniqueConstraint("event_id", "member_id", name="uq_rsvp_event_id_member_id"),
    )
    op.create_index("ix_rsvp_event_id_reply", "rsvp", ["event_id", "reply"])


def downgrade() -> None:
    op.drop_index("ix_rsvp_event_id_reply", table_name="rsvp")
    op.drop_table("rsvp")
    op.drop_index("ix_reminder_state_due_at", table_name="reminder")
    op.drop_table("reminder")
    op.drop_index("ix_attendance_change_event_id", table_name="attendance_change")
    op.drop_table("attendance_change")
    op.drop_table("attendance")
    op.drop_index("ix_question_thread", table_name="question")
    op.drop_index("ix_question_community_id_outcome", table_name="question")
    op.drop_table("question")
    op.drop_table("member_role")
    op.drop_index("ix_event_community_id_starts_at", table_name="event")
    op.drop_table("event")
    op.drop_table("entry_text")
    op.drop_index("ix_code_try_member_id_tried_at", table_name="code_try")
    op.drop_table("code_try")
    op.drop_table("channel_member")
    op.drop_table("announcement")
    op.drop_table("alias")
    op.drop_table("pause")
    op.drop_index("ix_outbox_subject_state", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_index("ix_outbox_conversation_state", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("member")
    op.drop_table("knowledge_version")
    op.drop_table("entry")
    op.drop_table("direct_message")
    op.drop_table("payload")
    op.drop_index("ix_inbox_state_lease_until", table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("embedding")
    op.drop_table("community")
    op.drop_table("calibration")
