"""How people check in, chosen for an event and for those to come; what is due follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from community import attendance, check_in_settings, codes, events
from community.check_in_settings import CheckInSettings
from community.errors import Invalid, NotAllowed
from community.records import Event, Reminder, ReminderKind, ReminderState, Status
from storage import Database
from tests.town import NOW, Town

MINUTE = timedelta(minutes=1)
K = ReminderKind


def due(database: Database, event: Event) -> dict[ReminderKind, timedelta]:
    """When what is pending is due, from the start."""
    with database.read() as session:
        rows = session.scalars(
            select(Reminder).where(Reminder.event_id == event.id, Reminder.state == ReminderState.pending)
        )
        return {row.kind: row.due_at - event.starts_at for row in rows}


def test_windows_are_as_chosen_and_what_is_due_follows(town: Town, database: Database) -> None:
    event, other = town.event(), town.event()
    for chosen, nudge in (
        (CheckInSettings(30, 20, 5, None, False), None),
        (CheckInSettings(10, 60, 5, 25), 25 * MINUTE),
    ):
        with database.begin() as session:
            done = check_in_settings.choose(session, town.organizer, event.id, chosen, NOW, for_new_ones=True)
            assert CheckInSettings.of(done) == chosen
        seen = due(database, event)
        assert seen[K.check_in_opens] == -chosen.opens * MINUTE
        assert seen[K.attendance_close] == (60 + chosen.closes) * MINUTE
        assert seen.get(K.attendance_nudge) == nudge
        assert seen[K.attendance_prompt] == timedelta(0)
    assert due(database, other)[K.attendance_close] == 60 * MINUTE
    assert CheckInSettings.of(town.event()) == CheckInSettings(10, 60, 5, 25), "new ones begin with it"
    assert CheckInSettings.of(Town(database).event()) == CheckInSettings(), "those of other communities do not"


def test_late_is_what_organizers_say_and_codes_work_as_long_as_check_in_is_open(town: Town, database: Database) -> None:
    event, day = town.event(), timedelta(days=1)
    with database.begin() as session:
        chosen = CheckInSettings(opens=1440, closes=1440, late=25)
        check_in_settings.choose(session, town.organizer, event.id, chosen, NOW, for_new_ones=False)
    for at, status in (
        (event.starts_at - day, Status.present),
        (event.starts_at + 25 * MINUTE, Status.present),
        (event.starts_at + 26 * MINUTE, Status.late),
        (event.ends_at + day - MINUTE, Status.late),
    ):
        ann, ben = town.people(2)
        with database.begin() as session:
            assert attendance.check_in(session, ann, event.id, at).status is status
            code = codes.shown(event, at).digits
            assert attendance.check_in_with_code(session, ben, code, at).status is status


def test_what_cannot_be_is_refused_at_the_field(town: Town, database: Database) -> None:
    event, cancelled, ann = town.event(), town.event(), town.person()
    with database.begin() as session:
        events.cancel(session, town.organizer, cancelled.id, cancelled.version, NOW)
    good = CheckInSettings()
    with database.begin() as session:
        with pytest.raises(NotAllowed):
            check_in_settings.choose(session, ann, event.id, good, NOW, for_new_ones=False)
        with pytest.raises(Invalid, match="event_cancelled"):
            check_in_settings.choose(session, town.organizer, cancelled.id, good, NOW, for_new_ones=False)
        for name in ("opens", "closes", "late", "nudge"):
            bad = replace(good, **{name: 1441})  # type: ignore[arg-type]  # names of fields
            with pytest.raises(Invalid, match="check_in_minutes") as caught:
                check_in_settings.choose(session, town.organizer, event.id, bad, NOW, for_new_ones=False)
            assert caught.value.field == name
