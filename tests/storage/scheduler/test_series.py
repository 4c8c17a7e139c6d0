"""Series that go on by themselves, whoever looks and however often: each date once, each card once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from community import calendars, events, series
from community.records import Event
from community.series import Repetition
from community.series_records import Series
from delivery.records import Outbox
from scheduler import calendars as renewals
from scheduler import series as going_on
from storage import Database
from tests.town import Town, draft, fresh

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
DAY = timedelta(days=1)


def daily(town: Town) -> list[Event]:
    with town.database.begin() as session:
        first = draft(NOW + 3 * DAY, time_zone="UTC")
        kept = series.draft(session, town.organizer, first, Repetition("FREQ=DAILY"), NOW)
        return series.confirm(session, town.organizer, kept.id, NOW)[1]


def cards(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.scalars(select(Outbox.key).where(Outbox.key.like("event:%:card"))))


def test_cards_come_two_weeks_ahead_and_once_however_many_look(database: Database) -> None:
    town = Town(database)
    rows = daily(town)
    gone = rows[1]
    with database.begin() as session:
        events.cancel(session, town.organizer, gone.id, gone.version, NOW)
    ready = threading.Barrier(4)

    def look() -> None:
        ready.wait()
        going_on.go_on(database, NOW, town.id)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shown = [event for event in rows if event.starts_at <= NOW + series.CARD_AHEAD and event.id != gone.id]
    assert cards(database) == sorted(f"event:{event.id}:card" for event in shown)
    assert going_on.go_on(database, NOW, town.id) == 0
    with database.read() as session:
        assert fresh(session, rows[0]).version == rows[0].version, "a card is no change that a form must not overwrite"


def test_after_a_long_silence_what_is_over_gets_no_card_and_the_series_goes_on(database: Database) -> None:
    town = Town(database)
    rows = daily(town)
    later = NOW + 40 * DAY
    assert going_on.go_on(database, later, town.id + 1) == 0, "another community's"
    assert going_on.go_on(database, later, town.id) > 30
    while going_on.go_on(database, later, town.id):
        continue
    due = [event.id for event in rows if later < event.ends_at and event.starts_at <= later + series.CARD_AHEAD]
    assert set(cards(database)) == {f"event:{number}:card" for number in due}
    with database.read() as session:
        of = session.scalars(select(Series)).one()
        assert len([event for event in series.to_come(session, of, later) if event.starts_at > later]) == 60
        assert len(events.upcoming(session, town.id, later, 10, each_series_once=True)) == 1
        assert len(events.upcoming(session, town.id, later, 10)) == 10


def test_a_changed_event_goes_to_those_who_have_it_in_their_calendar_once(database: Database) -> None:
    town = Town(database)
    event, ben = town.event(NOW + 3 * DAY, now=NOW), town.person("Ben")
    with database.begin() as session:
        calendars.take(session, ben, event, NOW)
        events.change(session, town.organizer, event.id, event.version, draft(NOW + 4 * DAY), NOW)
    assert [renewals.renew(database, NOW, town.id) for _ in range(2)] == [1, 0]
    with database.read() as session:
        (row,) = session.scalars(select(Outbox).where(Outbox.key.like("calendar:%"))).all()
        assert row.user == ben.slack_user_id


def test_a_series_that_cannot_be_planned_stops_no_other(database: Database) -> None:
    town = Town(database)
    broken, later = daily(town)[0].series_id, NOW + 40 * DAY
    with database.begin() as session:
        of = session.get_one(Series, broken)
        of.template = {**of.template, "minutes": 0}  # as a limit that a later version draws closer would do
    daily(town)
    while going_on.go_on(database, later, town.id):
        continue
    with database.read() as session:
        first, second = session.scalars(select(Series).order_by(Series.id)).all()
        assert first.next_plan_at == later + going_on.AGAIN
        assert len([event for event in series.to_come(session, second, later) if event.starts_at > later]) == 60
