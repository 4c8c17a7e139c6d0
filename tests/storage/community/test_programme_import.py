"""A year's events taken into the community: all or nothing, once, and those concerned told of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from community import drafts, events, rsvp
from community.programme_import import Report
from community.records import Event, EventState, Reminder, Reply
from delivery import outbox
from delivery.records import Outbox, OutboxState, Payload
from reports import calendars as files
from runtime import event_import
from runtime.line_files import Problem
from storage import Database
from tests.town import CHANNEL, Town

NOW = datetime.now(UTC)
NEXT_YEAR = NOW.year + 1
HEADER = "uid,title_en,title_fr,date,time,minutes,place,seats,course,cancelled"
Import = Callable[..., tuple[Report, list[Problem]]]


@pytest.fixture
def take(town: Town, tmp_path: Path) -> Import:
    """Imports lines as a table."""

    def call(
        *lines: str, dry_run: bool = False, channel: str | None = CHANNEL, name: str = "year.csv", raw: bytes = b""
    ) -> tuple[Report, list[Problem]]:
        path = tmp_path / name
        path.write_bytes(raw or "\n".join([HEADER, *lines]).encode())
        return event_import.run(town.database, town.id, path, NOW, channel=channel, dry_run=dry_run)

    return call


def planned(town: Town) -> list[Event]:
    with town.database.read() as session:
        mine = select(Event).where(Event.community_id == town.id)
        return list(session.scalars(mine.order_by(Event.starts_at)))


def told(town: Town) -> list[str]:
    with town.database.read() as session:
        mine = select(Outbox, Payload).outerjoin(Payload, Payload.id == Outbox.payload_id)
        rows = session.execute(mine.where(Outbox.community_id == town.id).order_by(Outbox.id)).all()
        return [str((row.payload or stored.body).get("text")) for row, stored in rows if row.user]


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return len(report.added), len(report.changed), len(report.cancelled), report.unchanged, report.past


def line(uid: str, day: str = "03-09", place: str = "Room 1", cancelled: str = "", minutes: int = 420) -> str:
    return f"{uid},Plain {uid},Clair {uid},{NEXT_YEAR}-{day},09:00,{minutes},{place},23,,{cancelled}"


def test_the_same_file_again_changes_nothing_and_a_dry_run_nothing_at_all(town: Town, take: Import) -> None:
    year = [line(f"m{month:02}", f"{month:02}-10") for month in range(1, 13)]
    report, problems = take(*year, dry_run=True)
    assert (counts(report), problems, planned(town)) == ((12, 0, 0, 0, 0), [], [])
    assert counts(take(*year)[0]) == (12, 0, 0, 0, 0)
    assert counts(take(*year)[0]) == (0, 0, 0, 12, 0)
    rows = planned(town)
    assert len(rows) == 12
    assert all(row.card_at == max(NOW, row.starts_at - timedelta(days=14)) for row in rows), "cards come in their time"
    with town.database.read() as session:
        assert session.scalars(select(Reminder.id).where(Reminder.event_id == rows[5].id)).all()


def test_with_one_problem_nothing_is_imported(town: Town, take: Import) -> None:
    report, problems = take(
        line("good"), line("short", minutes=0), line("skipped", "02-30"), line("odd").replace(",23,,", ",23,NO-1,")
    )
    assert [(problem.line, problem.sentence.partition(":")[0]) for problem in problems] == [
        (3, "minutes"), (4, "date"), (5, "course"),
    ]  # fmt: skip
    assert "from 5 minutes to 7 days" in problems[0].sentence
    assert len(report.added) == 1
    assert planned(town) == []
    assert "--channel" in take(line("good"), channel=None)[1][0].sentence
    assert planned(town) == []


def test_people_hear_of_what_changed_once_each(town: Town, take: Import) -> None:
    take(line("a"), line("b", "04-13"), line("c", "05-11"))
    ben, kept = town.person("Ben"), planned(town)
    with town.database.begin() as session:
        for event in kept:
            rsvp.respond(session, ben, event.id, Reply.going, NOW)
    report, _ = take(line("a", "03-10"), line("b", "04-13", place="Room 9"), line("c", "05-11", cancelled="yes"))
    assert counts(report) == (0, 2, 1, 0, 0)
    moved, relocated, cancelled = told(town)
    assert "*Plain a* was moved." in moved
    assert "The place or the link of *Plain b* has changed." in relocated
    assert "is cancelled." in cancelled
    again, _ = take(line("a", "03-10"), line("b", "04-13", place="Room 9"), line("c", "05-11", cancelled="yes"))
    assert counts(again) == (0, 0, 0, 3, 0)
    assert len(told(town)) == 3


def test_what_slack_added_and_the_file_does_not_name_is_left(town: Town, take: Import) -> None:
    take(line("a"))
    (event,) = planned(town)
    with town.database.begin() as session:
        draft = drafts.of(events.get(session, town.id, event.id))
        richer = {**vars(draft), "description_en": "Bring a page.", "link": "https://example.org/join"}
        events.change(session, town.organizer, event.id, event.version, type(draft)(**richer), NOW)
    assert counts(take(line("a"))[0]) == (0, 0, 0, 1, 0)
    (event,) = planned(town)
    assert (event.description_en, event.link) == ("Bring a page.", "https://example.org/join")
    # Nor does a line that ends before the columns do take anything away.
    ends_early = f"a,Plain a,Clair a,{NEXT_YEAR}-03-09,10:00"
    assert counts(take(raw=f"{HEADER},description_en,link\n{ends_early}".encode())[0]) == (0, 1, 0, 0, 0)
    (event,) = planned(town)
    assert (event.place, event.capacity, event.local_start[11:16]) == ("Room 1", 23, "10:00")
    assert (event.description_en, event.link) == ("Bring a page.", "https://example.org/join")


def test_what_is_over_is_left_alone_and_what_was_called_off_stays_so(town: Town, take: Import) -> None:
    past = line("old").replace(str(NEXT_YEAR), "2020")
    assert counts(take(past, line("a"))[0]) == (1, 0, 0, 0, 1)
    (event,) = planned(town)
    with town.database.begin() as session:
        events.cancel(session, town.organizer, event.id, event.version, NOW)
    assert counts(take(past, line("a"))[0]) == (0, 0, 0, 1, 1)
    assert planned(town)[0].state is EventState.cancelled


def test_what_praxis_writes_for_calendars_it_reads_as_the_same_events(town: Town, take: Import) -> None:
    take(line("a"), line("b", "04-13"))
    written = files.feed([(event, True) for event in planned(town)], "Town", "fr")
    assert counts(take(name="year.ics", raw=written)[0]) == (0, 0, 0, 2, 0)
    assert {event.title_en for event in planned(town)} == {"Plain a", "Plain b"}


def test_an_event_in_the_room_and_online_comes_with_its_link_and_both_numbers_of_seats(
    town: Town, take: Import
) -> None:
    header = f"{HEADER},link,hybrid,online_seats"
    both = f"{line('a')},https://example.org/join,yes,40"
    report, problems = take(raw=f"{header}\n{both}".encode())
    assert (counts(report), problems) == ((1, 0, 0, 0, 0), [])
    (event,) = planned(town)
    assert (event.hybrid, event.capacity, event.online_capacity) == (True, 23, 40)
    assert event.link == "https://example.org/join"
    assert counts(take(raw=f"{header}\n{both}".encode())[0]) == (0, 0, 0, 1, 0)
    _, (problem,) = take(raw=f"{header}\n{line('b')},,no,40".encode())
    assert (problem.line, problem.sentence.partition(":")[0]) == (2, "online_seats")
    assert len(planned(town)) == 1


def test_two_communities_may_have_events_of_one_uid(town: Town, database: Database, tmp_path: Path) -> None:
    other, path = Town(database), tmp_path / "year.csv"
    path.write_text("\n".join([HEADER, line("a")]), encoding="utf-8")
    for place in (town, other):
        report, _ = event_import.run(database, place.id, path, NOW, channel=CHANNEL, dry_run=False)
        assert counts(report) == (1, 0, 0, 0, 0)


def test_whoever_was_reminded_hears_of_the_move_though_they_never_replied(town: Town, take: Import) -> None:
    take(line("a"))
    (event,), silent = planned(town), town.person("Silent")
    with town.database.begin() as session:
        outbox.post(
            session,
            community_id=town.id,
            key=f"reminder:{event.id}:day_before:0:{silent.id}",
            payload={"text": "A reminder"},
            user=silent.slack_user_id,
            subject=f"event:{event.id}",
        )
        session.execute(update(Outbox).where(Outbox.community_id == town.id).values(state=OutboxState.sent))
    take(line("a", "03-10"))
    assert "*Plain a* was moved." in told(town)[-1]
