"""Replies and attendance against their models, a hundred steps each; more by `play` with larger numbers."""

from __future__ import annotations

from storage import Database
from tests.storage.community.machines import Presence, play
from tests.storage.community.reply_machine import Replies


def test_replies_follow_their_model(database: Database) -> None:
    play(Replies, database, examples=4, steps=25)


def test_attendance_follows_its_model(database: Database) -> None:
    play(Presence, database, examples=4, steps=25)
