"""The catalogue is kept as its files say, on both engines."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from knowledge.catalogue import editing, importing, loaded
from knowledge.catalogue.changes import Report
from knowledge.catalogue.drafts import CompetencyDraft, CourseDraft
from knowledge.catalogue.files import Drafts
from knowledge.catalogue.loaded import Catalogue, Shelf
from knowledge.catalogue.records import Course
from knowledge.errors import Conflict
from runtime import cataloguing
from runtime.content import import_sample_catalogue
from storage import Database
from tests.storage.knowledge.catalogue_kit import DRAFTS, take
from tests.town import NOW, Town


def catalogue(town: Town) -> Catalogue:
    with town.database.read() as session:
        return loaded.load(session, town.id)


def test_importing_twice_changes_nothing(town: Town) -> None:
    assert take(town) == Report(added=50)
    first = catalogue(town)
    assert take(town) == Report(unchanged=50)
    again = catalogue(town)
    assert again.version == first.version == 1
    assert (again.courses, again.competencies, again.scale) == (first.courses, first.competencies, first.scale)
    assert first.courses["RM-301"].prerequisites == ("RM-201",)
    assert first.courses["SD-220"].develops == {"SYS": 2, "RM": 2}
    assert first.below("IM-G") == ["IM-G", "SYS", "ATIP", "POL"]


def test_one_changed_line_is_one_change_and_the_links_follow(town: Town) -> None:
    take(town)
    assert DRAFTS.courses is not None
    changed = [
        replace(draft, develops={"RM": 4}, prerequisites=("RM-101", "RM-102")) if draft.code == "RM-301" else draft
        for draft in DRAFTS.courses
    ]
    assert take(town, Drafts(None, None, changed)) == Report(changed=1, unchanged=13)
    course = catalogue(town).courses["RM-301"]
    assert (course.develops, course.prerequisites) == ({"RM": 4}, ("RM-101", "RM-102"))


def test_line_that_is_gone_is_hidden_and_comes_back_with_what_refers_to_it(town: Town) -> None:
    take(town)
    assert DRAFTS.courses is not None
    assert DRAFTS.competencies is not None
    fewer = [draft for draft in DRAFTS.courses if draft.code != "AP-310"]
    assert take(town, Drafts(None, None, fewer)).retired == 1
    assert "AP-310" not in catalogue(town).courses
    assert take(town).changed == 1
    assert catalogue(town).courses["AP-310"].prerequisites == ("AP-210",)
    without_records = [draft for draft in DRAFTS.competencies if draft.code != "RM"]
    assert take(town, Drafts(None, without_records, None)).retired == 1
    assert catalogue(town).courses["RM-101"].develops == {}
    take(town)
    assert catalogue(town).courses["RM-101"].develops == {"RM": 1}


def in_slack(town: Town, code: str, **said: object) -> None:
    """Somebody changes a course in Slack, or writes a new one."""
    assert DRAFTS.courses is not None
    base = next((draft for draft in DRAFTS.courses if draft.code == code), DRAFTS.courses[0])
    with town.database.begin() as session:
        editing.save(session, town.id, replace(base, code=code, **said), NOW)  # type: ignore[arg-type]  # fields by name


def test_a_table_sets_nothing_back_that_was_changed_in_slack_unless_told_to(town: Town) -> None:
    take(town)
    assert DRAFTS.courses is not None
    titles = {"en": "Records, from the start", "fr": "Les documents, depuis le début"}
    in_slack(town, "RM-101", titles=titles, cost_cents=5_000)
    in_slack(town, "ZZ-900", titles={"en": "New", "fr": "Nouveau"}, prerequisites=())
    with town.database.begin() as session:
        editing.retire(session, town.id, catalogue(town), "LS-230", NOW)
    newer = [
        replace(draft, minutes=900, titles=draft.titles | {"fr": titles["fr"]}) if draft.code == "RM-101" else draft
        for draft in DRAFTS.courses
    ]
    for times in range(2):  # the same table again keeps the same, and says so again
        report = take(town, Drafts(None, None, newer))
        assert (report.added, report.retired, report.changed) == (0, 0, 1 - times)
        kept = {one.code: one for one in report.kept}
        assert set(kept) == {"RM-101", "ZZ-900", "LS-230"}
        assert kept["RM-101"].columns == {
            "title_en": (titles["en"], "Records management fundamentals"), "cost": ("50", "0"),
        }  # fmt: skip
        assert (kept["RM-101"].line, kept["ZZ-900"].line, kept["RM-101"].changed_at) == (2, None, NOW)
        now = catalogue(town).courses
        # What only the table changed is taken, in the same line too.
        assert (now["RM-101"].titles, now["RM-101"].cost_cents, now["RM-101"].minutes) == (titles, 5_000, 900)
        assert "ZZ-900" in now
        assert "LS-230" not in now
    said = list(cataloguing.told(report.kept, ZoneInfo("America/Toronto"), overwrite=False))
    assert any(
        "courses.csv:2: RM-101 was changed in Slack on" in line and "“Records management f" in line for line in said
    )
    assert any("LS-230 was retired in Slack on" in line for line in said)
    assert said[-1] == "What was changed in Slack is kept in 3 courses; --overwrite takes the table for them."
    one = replace(kept["LS-230"], changed_at=datetime(2026, 11, 3, 2, tzinfo=UTC))
    told, last = cataloguing.told([one], ZoneInfo("America/Toronto"), overwrite=False)
    assert "on 2026-11-02;" in told, "the day where the community is"
    assert last == "What was changed in Slack is kept in 1 course; --overwrite takes the table for it."

    with town.database.begin() as session:
        report = importing.take(session, town.id, Drafts(None, None, newer), overwrite=True)
    assert (report.changed, report.retired, len(report.kept)) == (2, 1, 3)
    now = catalogue(town).courses
    assert (now["RM-101"].title("en"), "ZZ-900" in now, "LS-230" in now) == (
        "Records management fundamentals", False, True,
    )  # fmt: skip
    assert take(town, Drafts(None, None, newer)).kept == []


def test_a_table_that_does_not_go_with_what_slack_changed_is_refused_as_a_whole(town: Town, tmp_path: Path) -> None:
    take(town)
    assert DRAFTS.courses is not None
    assert DRAFTS.competencies is not None
    in_slack(town, "RM-102", prerequisites=("AP-110",), develops={"RM": 2, "POL": 1})
    in_slack(town, "ZZ-900", titles={"en": "New", "fr": "Nouveau"}, prerequisites=("LS-230",))

    def table(code: str, **said: object) -> list[CourseDraft]:
        return [
            replace(draft, **said) if draft.code == code else draft  # type: ignore[arg-type]  # fields by name
            for draft in DRAFTS.courses or ()
            if said or draft.code != code
        ]

    def refused(courses: list[CourseDraft], competencies: list[CompetencyDraft] | None = None) -> tuple[int, str]:
        before = catalogue(town)
        drafts = Drafts(None, competencies, courses)
        report, (problem,) = cataloguing.take(town.database, town.id, drafts, dry_run=False)
        after = catalogue(town)
        assert (report, after.version, after.courses) == (Report(), before.version, before.courses)
        assert "--overwrite" in problem.sentence
        return problem.line, problem.sentence

    assert "With what was changed in Slack, these" in refused(table("AP-110", prerequisites=("RM-102",)))[1]
    needs_it_now, nobody_needed = table("AP-110"), table("LS-230")
    line, said = refused([replace(draft, prerequisites=()) for draft in needs_it_now])
    assert (line, "“RM-102” would require “AP-110”" in said) == (3, True)
    line, said = refused(nobody_needed)
    assert (line, "“ZZ-900” would require “LS-230”" in said) == (1, True)
    assert "“zz900” differs from “ZZ-900”" in refused([*table(""), replace(DRAFTS.courses[0], code="zz900")])[1]
    fewer = [draft for draft in DRAFTS.competencies if draft.code != "POL"]
    line, said = refused([replace(draft, develops={"RM": 1}) for draft in DRAFTS.courses], fewer)
    assert (line, "“RM-102” develops “POL”" in said) == (3, True)

    # Who asks only whether the table is right hears of it too.
    cataloguing.export(town.database, town.id, tmp_path / "tables")
    file = tmp_path / "tables" / "courses.csv"
    with file.open(encoding="utf-8-sig", newline="") as there:
        lines = list(csv.DictReader(there))
    with file.open("w", encoding="utf-8", newline="") as there:
        writer = csv.DictWriter(there, lines[0])
        writer.writeheader()
        writer.writerows(
            line | ({"prerequisites": "RM-102"} if line["code"] == "AP-110" else {"prerequisites": ""})
            for line in lines
        )
    _, (problem,) = cataloguing.validate(town.database, town.id, file, NOW)
    assert problem.code == "kept_circle"

    with town.database.begin() as session:
        importing.take(session, town.id, Drafts(None, None, table("AP-110", prerequisites=("RM-102",))), overwrite=True)
    assert catalogue(town).courses["AP-110"].prerequisites == ("RM-102",)


def test_before_any_line_is_known_a_change_in_slack_still_keeps_its_own_cell_alone(town: Town) -> None:
    take(town)
    assert DRAFTS.courses is not None
    with town.database.begin() as session:
        session.execute(update(Course).values(imported=None))  # as a database of an earlier version has them
    in_slack(town, "RM-101", titles={"en": "Renamed", "fr": "Renommé"})
    with town.database.begin() as session:
        editing.retire(session, town.id, catalogue(town), "LS-230", NOW)
        editing.restore(session, town.id, catalogue(town), "LS-230", NOW)
    newer = [replace(draft, cost_cents=12_300) for draft in DRAFTS.courses]
    kept = {one.code: set(one.columns) for one in take(town, Drafts(None, None, newer)).kept}
    assert kept == {"RM-101": {"title_en", "title_fr"}}
    now = catalogue(town).courses
    assert (now["RM-101"].title("en"), now["RM-101"].cost_cents, now["LS-230"].cost_cents) == (
        "Renamed",
        12_300,
        12_300,
    )


def test_a_course_comes_back_after_those_that_it_requires(town: Town) -> None:
    take(town)

    def does(act: Callable[..., bool], *codes: str) -> None:
        for code in codes:
            with town.database.begin() as session:
                assert act(session, town.id, loaded.load(session, town.id), code, NOW)

    does(editing.retire, "AP-310", "AP-210", "AP-110")
    with pytest.raises(Conflict) as refused:
        does(editing.restore, "AP-210")
    assert (refused.value.code, refused.value.params["courses"]) == ("course_needs_retired", "AP-110")
    does(editing.restore, "AP-110", "AP-210", "AP-310")
    assert catalogue(town).courses["AP-310"].prerequisites == ("AP-210",)


def test_tables_that_are_not_there_stay_as_they_are(town: Town) -> None:
    take(town)
    assert take(town, Drafts(DRAFTS.levels, None, None)) == Report(unchanged=28)
    assert len(catalogue(town).courses) == 14


def test_sample_comes_once_and_never_over_a_catalogue(town: Town) -> None:
    import_sample_catalogue(town.database, town.id)
    assert len(catalogue(town).courses) == 14
    take(town, Drafts(None, None, []))
    import_sample_catalogue(town.database, town.id)
    assert catalogue(town).courses == {}


def test_two_communities_have_a_catalogue_each(database: Database) -> None:
    first, second = Town(database), Town(database)
    take(first)
    assert catalogue(second).courses == {}
    take(second, Drafts(DRAFTS.levels, DRAFTS.competencies, []))
    assert len(catalogue(first).courses) == 14


def test_change_is_seen_by_whoever_holds_the_catalogue(town: Town) -> None:
    shelf = Shelf()
    take(town)
    with town.database.read() as session:
        held = shelf.catalogue(session, town.id)
        assert shelf.catalogue(session, town.id) is held
    take(town, Drafts(None, None, []))
    with town.database.read() as session:
        assert shelf.catalogue(session, town.id).courses == {}
