"""Figures with their numerators, denominators and exclusions, from the sample year and from small cases."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import func, select

from community import attendance, excuses, rsvp
from community.attendance_records import Attendance, Evidence, Status
from community.cohorts import CohortDraft, create
from community.errors import CommunityError
from community.records import Event, EventKind, EventState, Member, Reply, Rsvp
from community.survey_records import Wave
from reports import certificate, opened, opinions, page, presence, programme, tables
from reports.presence import Presence
from reports.selection import By, Selection, cohorts, family, last_year, names
from runtime import sample_year
from storage import Base
from tests.town import NOW, Town, fresh
from views.i18n import translator

NEIGHBOURS = ("community", "member", "member_role")


def counts(town: Town) -> dict[str, int]:
    """How many rows each table has, of all communities."""
    with town.database.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_the_sample_year_gives_the_pilots_four_figures_and_leaves_without_a_trace(town: Town) -> None:
    own = town.event()
    with town.database.begin() as session:
        fresh(session, own).state = EventState.closed
    before = counts(town)
    assert sample_year.load(town.database, town.id)
    loaded = counts(town)
    assert not sample_year.load(town.database, town.id)
    assert counts(town) == loaded, "loaded twice"
    with town.database.read() as session:
        selection = last_year(session, town.id)
        assert (selection.since, selection.until) == (date(2025, 9, 1), date(2026, 8, 31))
        report = programme.report(session, selection)
        shown = page.page(report, translator("en"))
        people = session.scalars(select(Member).where(Member.community_id == town.id, Member.sample)).all()
    taking_part = [member for member in people if member.supervisor_id]
    assert (len(taking_part), len({member.department for member in people})) == (23, 17)
    assert not any(member.active for member in people), "nobody who could be written to"
    assert [(measure.value, measure.shown) for measure in shown.measures] == [
        (0.82, "82%"),
        (0.90, "90%"),
        (0.80, "80%"),
        (0.95, "95%"),
    ]
    assert [measure.how for measure in shown.measures] == [
        "205 came, of 250 expected and not excused",
        "144 agree, of 160 who answered",
        "200 came, of 250 expected and not excused",
        "133 agree, of 140 who answered",
    ]
    # What supervisors answered is there in aggregate alone, and nobody of theirs is counted as taking part.
    assert {
        wave: {(tally.n, len(tally.counts) > 1) for tally in found} for wave, found in report.supervisors.items()
    } == {
        Wave.start: {(20, True)},
        Wave.after: {(20, True)},
    }
    assert shown.supervisors[0].endswith("At the start: 50% (10 of 20); after 90 days: 90% (18 of 20)")
    assert report.sample
    assert "Sample data" in page.as_text(shown)
    french = page.as_text(page.page(report, translator("fr")))
    assert "82\u00a0%" in french
    assert "26 absences excusées" in french

    neighbour = Town(town.database)
    with town.database.read() as session:
        assert presence.figures(session, Selection(neighbour.id))[None] == Presence()
        assert opinions.figures(session, Selection(neighbour.id))[None].asked == 0
        assert opinions.words(session, Selection(neighbour.id)) == []
        _by_parts(town, selection)
        written = list(csv.DictReader(io.StringIO(tables.as_csv(session, selection, "fr").decode("utf-8-sig"))))
        (sheet,) = load_workbook(io.BytesIO(tables.as_workbook(session, selection, translator("en")))).worksheets
    assert sheet.max_row == len(written) + 1
    whole = written[0]
    assert (whole["by"], whole["attendance_numerator"], whole["attendance_denominator"]) == ("all", "405", "500")
    assert {row["by"] for row in written} == {"all", *By}
    assert {row["name"] for row in written if row["by"] == "series"} == {
        "Activités d’apprentissage (exemple)",
        "Groupe A (exemple)",
        "Groupe B (exemple)",
    }
    # One person of a department, or a few: their attendance is known to organizers, what they answered is nobody's.
    assert all(row["agreeing_n"] == "" for row in written if row["by"] == "department")

    _a_certificate(town)
    assert sample_year.remove(town.database, town.id)
    assert not sample_year.remove(town.database, town.id)
    with town.database.read() as session:
        assert last_year(session, town.id).until == date(2026, 11, 30), "its own event counts again"
    kept = {name: number - before[name] for name, number in counts(town).items() if number != before[name]}
    assert set(kept) <= {"survey", "survey_question", *NEIGHBOURS}, "the community's own questions stay"


def _by_parts(town: Town, selection: Selection) -> None:
    """The parts of each kind add up to the whole, and a cohort's figures are those of its people."""
    with town.database.read() as session:
        for by in (By.event, By.series, By.month, By.kind, By.department):
            parts = presence.figures(session, selection, by).values()
            assert (sum(part.came for part in parts), sum(part.counted for part in parts)) == (405, 500), by
        for by in (By.event, By.series, By.month, By.kind):
            answers = opinions.figures(session, selection, by).values()
            assert (sum(a.agreeing for a in answers), sum(a.n for a in answers)) == (277, 300), by
        everybody, group_a, group_b = cohorts(session, town.id)
        whole = presence.figures(session, selection, By.cohort)
        assert whole[everybody.id].came == 405 == whole[group_a.id].came + whole[group_b.id].came
        filtered = presence.figures(session, Selection(town.id, cohort=group_a))[None]
        assert filtered == whole[group_a.id]
        series_id = session.scalars(select(Event.series_id).where(Event.sample, Event.kind == "learning_event")).first()
        assert series_id is not None
        of_series = Selection(town.id, series_ids=family(session, town.id, series_id))
        assert presence.figures(session, of_series)[None].rate == 0.82
        pace = next(t for t in opinions.tallies(session, selection) if t.question.text_en == "How was the pace?")
        assert pace.n == sum(pace.counts.values())


def test_a_cohort_named_in_one_language_has_that_name_in_every_report(town: Town) -> None:
    with town.database.begin() as session:
        cohort = create(session, town.organizer, CohortDraft("A", "Winter leaders", ""), NOW)
        for locale in ("en", "fr"):
            assert names(session, Selection(town.id), By.cohort, {cohort.id}, locale) == {cohort.id: "Winter leaders"}


def _a_certificate(town: Town) -> None:
    """It has every accent, and the same figures as the report."""
    with town.database.read() as session:
        member = session.scalars(
            select(Member).where(Member.community_id == town.id, Member.name.startswith("Océane"))
        ).one()
        every = certificate.records(session, member, "fr")
        assert [record.title for record in every] == ["Activités d’apprentissage (exemple)", "Groupe B (exemple)"]
        drawn = certificate.drawn(session, every[0], translator("fr"), date(2026, 9, 1))
        parts = presence.figures(session, Selection(town.id, department=member.department))[None]
        assert sum(record.came for record in every) <= parts.came
        with pytest.raises(CommunityError, match="certificate_none"):
            certificate.record(session, member, 0, "fr")
    (sheet,) = PdfReader(io.BytesIO(drawn)).pages
    text = sheet.extract_text()
    assert "Océane Lévesque (sample)" in text
    assert "Activités d’apprentissage (exemple)" in text
    assert f"Jours de présence : {every[0].came} sur {every[0].counted}" in text.replace("\u00a0", " ")
    assert "Délivrée le 1er septembre 2026" in text


def test_whoever_excused_themselves_counts_as_the_roster_counts_them(town: Town) -> None:
    event, (excused, came_all_the_same, coming) = town.event(), town.people(3)
    with town.database.begin() as session:
        for member in (excused, came_all_the_same, coming):
            rsvp.respond(session, member, event.id, Reply.going, NOW)
        for member in (excused, came_all_the_same):
            excuses.give(session, member, event.id, "", NOW)
        attendance.correct(session, town.organizer, event.id, came_all_the_same.id, Status.absent, event.ends_at)
        expected = {line.member.id for line in attendance.close(session, event, event.ends_at).lines if line.expected}
    assert expected == {excused.id, came_all_the_same.id, coming.id}
    with town.database.read() as session:
        found = presence.figures(session, Selection(town.id))[None]
        assert (found.expected, found.excused, found.absent, found.counted) == (3, 1, 2, 2)
        assert {row.member_id for row in presence.rows(session, Selection(town.id)) if row.expected} == expected


def test_who_counts_and_who_is_left_out(town: Town) -> None:
    going = town.people(5)
    guest, declined, waiting = town.people(3)
    event, cancelled, ahead = town.event(), town.event(), town.event()
    replies = [*((member, Reply.going) for member in going), (declined, Reply.not_going), (waiting, Reply.waitlisted)]
    statuses = [Status.present, Status.late, Status.excused, Status.absent]
    with town.database.begin() as session:
        for member, reply in replies:
            session.add(Rsvp(event_id=event.id, member_id=member.id, reply=reply, updated_at=NOW))
        for member, status in [*zip(going, statuses, strict=False), (guest, Status.present)]:
            session.add(
                Attendance(
                    event_id=event.id, member_id=member.id, status=status, evidence=Evidence.button, recorded_at=NOW
                )
            )
        session.get_one(Member, going[0].id).department = "=cmd|'/c calc'!A1"
        fresh(session, event).state = EventState.closed
        fresh(session, cancelled).state = EventState.cancelled
    selection = Selection(town.id)
    with town.database.read() as session:
        found = presence.figures(session, selection)[None]
        assert found == Presence(
            invited=7, going=5, expected=5, present=1, late=1, excused=1, absent=1, unsettled=1, unexpected=1
        )
        assert (found.came, found.counted) == (2, 3)
        assert found.rate == pytest.approx(2 / 3)
        left_out = presence.left_out(session, selection)
        assert (left_out.cancelled, left_out.ahead) == (1, 1)
        assert ahead.id not in presence.figures(session, selection, By.event)
        shown = page.as_text(page.page(programme.report(session, selection), translator("en")))
        for reason in ("somebody was excused", "came unexpected", "nothing is known", "cancelled", "not over"):
            assert reason in shown
        parts = opened.attendance(session, selection, EventKind.learning_event, translator("fr"))
        assert parts[1].lines == (
            "5 attendues\u00a0: réponse positive ou inscription au début",
            "dont 1 excusée\u00a0: non comptée",
            "dont 1 sans présence consignée\u00a0: non comptée",
            "1 absence\u00a0: comptée",
        )
        # A department is typed by people: no cell of it comes alive in a spreadsheet.
        assert "\n=cmd" not in (text := tables.as_csv(session, selection, "en").decode("utf-8-sig"))
        assert "department,'=cmd|'/c calc'!A1" in text
        (sheet,) = load_workbook(io.BytesIO(tables.as_workbook(session, selection, translator("en")))).worksheets
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        empty = presence.figures(session, Selection(town.id, since=date(2030, 1, 1)))[None]
        assert (empty, empty.rate) == (Presence(), None)
