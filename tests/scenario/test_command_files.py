"""`bot.py … import` and `export`: files in and out, once, and refused line by line."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from community import cohorts, events, invitations, people
from community.attendance_records import MeetingQuestion
from community.cohorts import CohortDraft
from community.people import Profile
from community.records import Attendance, AttendanceChange, Community
from delivery.records import Outbox
from knowledge.catalogue import editing, loaded
from knowledge.records import Entry
from runtime import event_import
from storage import Database
from tests.scenario.command_kit import Run, own, process, run
from tests.town import draft
from workspace.state_file import StateFile

__all__ = ["own", "process", "run"]  # fixtures of the tests here


def test_a_folder_with_problems_is_refused_whole_with_file_and_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "broken.md").write_text("---\nid: broken\nsource: [unclosed\n---\nText\n")
    checked, imported = run("knowledge", "validate", str(folder)), run("knowledge", "import", str(folder))
    assert (checked.returncode, imported.returncode) == (1, 1)
    assert "broken.md" in checked.stdout
    assert "nothing was imported" in imported.stderr


def test_importing_twice_changes_nothing_and_a_dry_run_never_does(run: Run) -> None:
    dry, first, second = run("knowledge", "import", "--dry-run"), run("knowledge", "import"), run("knowledge", "import")
    assert "nothing was changed" in dry.stdout
    for done in (dry, first, second):
        assert "0 added, 0 changed" in done.stdout, done.stdout + done.stderr


def test_what_is_exported_can_be_imported_unchanged(run: Run, tmp_path: Path) -> None:
    exported = run("knowledge", "export", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    assert len(list((tmp_path / "out").glob("*.md"))) >= 40
    assert "0 added, 0 changed" in run("knowledge", "import", str(tmp_path / "out")).stdout


def test_entries_go_out_and_come_back_as_one_table(run: Run, tmp_path: Path) -> None:
    table, nonsense = tmp_path / "entries.csv", tmp_path / "nonsense.csv"
    assert run("knowledge", "export", str(table)).returncode == 0
    assert "0 added, 0 changed" in run("knowledge", "import", str(table)).stdout
    text = table.read_text("utf-8-sig")
    table.write_text(text.replace("What does ATIP stand for?", "What does ATIP mean nowadays?", 1), "utf-8")
    dry = run("knowledge", "import", str(table), "--dry-run")
    assert "changed: acronym-atip" in dry.stdout
    assert "0 added, 1 changed" in dry.stdout
    nonsense.write_text(text.partition("\n")[0] + "\n" + "n,o,n,s,e,n,s,e\n" * 10_000, "utf-8")
    refused = run("knowledge", "import", str(nonsense))
    assert refused.returncode == 1
    assert "more" in refused.stdout
    assert len(refused.stdout.splitlines()) < 500
    assert "nothing was imported" in refused.stderr


def test_catalogue_with_problems_is_refused_whole_line_by_line(run: Run, tmp_path: Path) -> None:
    assert run("catalogue", "export", str(tmp_path / "out")).returncode == 0
    courses = tmp_path / "out" / "courses.csv"
    courses.write_text(courses.read_text(encoding="utf-8").replace("self_paced", "by pigeon"), encoding="utf-8")
    checked, imported = run("catalogue", "validate", str(courses)), run("catalogue", "import", str(courses))
    assert (checked.returncode, imported.returncode) == (1, 1)
    assert "by_pigeon" in checked.stdout
    assert "2 problems; nothing was imported" in imported.stderr
    missing = run("catalogue", "import", str(tmp_path / "nowhere"))
    assert missing.returncode == 2
    assert "There is no" in missing.stderr


def test_a_table_of_courses_says_line_by_line_what_it_would_set_back(run: Run, own: Path, tmp_path: Path) -> None:
    book = tmp_path / "tables.xlsx"
    assert run("catalogue", "export", str(book)).returncode == 0
    database, now = Database(f"sqlite:///{own}"), datetime(2026, 11, 20, 15, tzinfo=UTC)
    with database.begin() as session:
        community = session.scalars(select(Community)).one()
        course = loaded.load(session, community.id).courses["RM-101"]
        cells = editing.cells_of(course, "en") | {"title_en": "Records, from the start"}
        draft, _ = editing.check(loaded.load(session, community.id), cells, now.date(), new=False)
        assert draft is not None
        editing.save(session, community.id, draft, now)
    database.close()
    for arguments, fate in ((["--dry-run"], "kept"), (["--dry-run", "--overwrite"], "set back"), ([], "kept")):
        done = run("catalogue", "import", str(book), *arguments)
        assert done.returncode == 0
        assert (
            "RM-101 was changed in Slack on 2026-11-20; the table would set “title_en” from “Records, from the start” "
            f"to “Records management fundamentals”: {fate}."
        ) in done.stdout
        assert ("changed: course RM-101" in done.stdout) is (fate == "set back")
        assert ("--overwrite takes the table" in done.stdout) is (fate == "kept")
    done = run("catalogue", "import", str(book), "--overwrite")
    assert "0 added, 1 changed" in done.stdout
    assert "in Slack" not in run("catalogue", "import", str(book), "--dry-run").stdout


def test_what_is_imported_is_taken_in_at_the_time_that_the_workspace_lives_by(run: Run, own: Path) -> None:
    database, now = Database(f"sqlite:///{own}"), datetime.now(UTC)
    kept = StateFile(own.with_name(f"{own.stem}-workspace.db"))
    kept.write([("clock", "", json.dumps({"offset": 3 * 86_400.0, "last": 1}))], {})
    with database.begin() as session:
        community = session.scalars(select(Community)).one()
        admin = Profile("U0ANN", "Ann Martin", is_admin=True)
        organizer = people.ensure_member(session, community, "U0ANN", now, admin)
        people.seed_organizers(session, community, [admin], (), now)
        cohort = cohorts.create(session, organizer, CohortDraft("2027-A", "Winter", "Hiver"), now)
        event = events.plan(session, organizer, draft(now + timedelta(days=1), time_zone="UTC"), now)
        held = invitations.open_for(session, organizer, event.id, now)
        invitations.for_cohort(session, held, cohort.id, enrolled=True)
        local = now.astimezone(ZoneInfo(community.time_zone)).date()
    people_there, entries, courses = (own.parent / name for name in ("people.csv", "entries.csv", "courses"))
    people_there.write_text("person,cohort\nU0ANN,2027-A\n", encoding="utf-8")
    done = run("cohorts", "import", str(people_there))
    assert "1 added to cohorts" in done.stdout, done.stdout + done.stderr
    assert run("knowledge", "export", str(entries)).returncode == 0
    text = entries.read_text("utf-8-sig")
    entries.write_text(text.replace("What does ATIP stand for?", "What does ATIP mean nowadays?", 1), "utf-8")
    assert "0 added, 1 changed" in run("knowledge", "import", str(entries)).stdout
    assert run("catalogue", "export", str(courses)).returncode == 0
    table = courses / "courses.csv"
    text = re.sub(r"\d{4}-\d\d-\d\d", (local + timedelta(days=2)).isoformat(), table.read_text("utf-8-sig"))
    table.write_text(text, "utf-8")
    checked = run("catalogue", "validate", str(table))
    assert "Problems: 0." in checked.stdout
    assert "14 changed" in run("catalogue", "import", str(table)).stdout
    with database.read() as session:
        assert session.scalars(select(Outbox.key).where(Outbox.user == "U0ANN")).all() == [], "it is over"
        changed = session.scalars(select(Entry.updated_at).where(Entry.slug == "acronym-atip")).one()
        assert changed - now > timedelta(days=2)
    kept.close()
    database.close()


def test_a_years_events_are_imported_once_and_refused_line_by_line(run: Run, own: Path, tmp_path: Path) -> None:
    year = datetime.now(UTC).year + 1
    good = tmp_path / "year.csv"
    good.write_text(
        f"uid,title_en,title_fr,date,time,channel\na,Plain :x:,Clair,{year}-03-09,9 h,C0GENERAL1\n", "utf-8"
    )
    nobody = run("events", "import", str(good))
    assert (nobody.returncode, "start the bot once" in nobody.stderr) == (3, True)
    database = Database(f"sqlite:///{own}")
    with database.begin() as session:
        community = session.scalars(select(Community)).one()
        profile = people.Profile("U0OLIVIA01", "Olivia", is_admin=True)
        people.ensure_member(session, community, profile.slack_user_id, datetime.now(UTC), profile)
        people.seed_organizers(session, community, [profile], (), datetime.now(UTC))
    sunday = next(day for day in (date(year, 3, 8 + number) for number in range(7)) if day.weekday() == 6)
    missing = tmp_path / "missing.csv"
    missing.write_text(good.read_text("utf-8").replace(f"{year}-03-09,9 h", f"{sunday},2 h 30"), "utf-8")
    now = datetime.now(UTC)
    _, problems = event_import.run(database, community.id, missing, now, channel=None, dry_run=True)
    assert [problem.sentence[:21] for problem in problems] == ["time: There is no 02:"]  # named as the column is
    database.close()
    tried = run("events", "import", str(good), "--dry-run").stdout
    assert "Dry run, nothing was changed" in tried
    assert "Plain :x:" in tried  # as the file has it, no picture
    assert "1 added, 0 changed, 0 cancelled, 0 unchanged, 0 past." in run("events", "import", str(good)).stdout
    assert "0 added, 0 changed, 0 cancelled, 1 unchanged, 0 past." in run("events", "import", str(good)).stdout
    series = tmp_path / "series.ics"
    start, rule = f"DTSTART;TZID=America/Toronto:{year}0112T120000", "RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3"
    whole = ["VCALENDAR", "VEVENT\nUID:s\nSUMMARY:Circle", f"{start}\nDURATION:PT1H\n{rule}"]
    series.write_text(f"BEGIN:{whole[0]}\nBEGIN:{whole[1]}\n{whole[2]}\nEND:VEVENT\nEND:VCALENDAR\n", "utf-8")
    tried = run("events", "import", str(series), "--dry-run", "--channel", "C0GENERAL1").stdout
    assert "+ Circle: " in tried
    assert "Their dates: 3 added, 0 changed, 0 cancelled." in tried
    bad = tmp_path / "bad.ics"
    every_second = "BEGIN:VEVENT\nUID:x\nDTSTART:20270112T140000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT"
    bad.write_text(f"BEGIN:VCALENDAR\n{every_second}\nEND:VCALENDAR\n", "utf-8")
    refused = run("events", "import", str(bad))
    assert (refused.returncode, "1 problem; nothing was imported" in refused.stderr) == (1, True)
    assert "Events repeat once a day" in refused.stdout


def test_a_meetings_list_is_imported_by_day_and_says_who_is_unsure(run: Run, own: Path) -> None:
    database, now = Database(f"sqlite:///{own}"), datetime.now(UTC)
    with database.begin() as session:
        community = session.scalars(select(Community)).one()
        admin = Profile("U1", "Ann Martin", is_admin=True)
        organizer = people.ensure_member(session, community, "U1", now, admin)
        people.seed_organizers(session, community, [admin], (), now)
        people.ensure_member(session, community, "U2", now, Profile("U2", "Luc Roy"))
        event = events.plan(session, organizer, draft(now + timedelta(minutes=10), time_zone="UTC"), now)
    listed = own.parent / "list.csv"
    listed.write_text("Nom;Durée\nMARTIN, Ann;60 min\nLuc Royer;60\n=1+2;60\n", encoding="cp1252")
    # Two days on, as people in the local workspace have it: what is recorded, and asked, bears their time.
    kept = StateFile(own.with_name(f"{own.stem}-workspace.db"))
    kept.write([("clock", "", json.dumps({"offset": 2 * 86_400.0, "last": 1}))], {})
    unknown = run("attendance", "import", "99", str(listed))
    assert (unknown.returncode, f"{event.id}: Plain language" in unknown.stderr) == (2, True)
    nonsense = own.parent / "nonsense.csv"
    nonsense.write_bytes(b"\x00\xff" * 5000)
    assert run("attendance", "import", str(event.id), str(nonsense)).returncode == 1
    for arguments, records in (((str(event.id), "--dry-run"), 0), ((event.local_start[:10],), 1)):
        done = run("attendance", "import", arguments[0], str(listed), *arguments[1:])
        assert done.returncode == 0, done.stderr
        assert "1 recorded as present." in done.stdout
        assert "unsure: Luc Royer (60 min) may be Luc Roy" in done.stdout
        assert "nobody: =1+2" in done.stdout
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(Attendance)) == records
    with database.read() as session:
        for moment in (Attendance.recorded_at, MeetingQuestion.asked_at, AttendanceChange.changed_at):
            assert session.scalars(select(moment)).one() - now > timedelta(days=2)
    kept.close()
    database.close()
