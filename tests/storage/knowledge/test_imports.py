"""Imports beside what is changed in Slack: nothing is undone in silence, on both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from community import choices
from knowledge import entry_rows, files, revisions, store
from knowledge.entry_checks import BOTH_LANGUAGES
from knowledge.entry_file import render
from knowledge.records import Entry, EntryState
from runtime.importing import take
from storage import Database
from tests.storage.knowledge.conftest import NOW, People
from tests.storage.knowledge.test_entries import APPLES, PEARS, PLUMS, bring_in
from tests.storage.knowledge.test_revisions import LATER, content, drafted, known


def in_slack(database: Database, people: People, slug: str, **changes: Any) -> None:
    """What somebody changes in Slack."""
    now, version = content(database, people, slug)
    with database.begin() as session:
        revisions.change(
            session, people.community_id, replace(now, **changes), version,
            by_member_id=people.asker.id, now=LATER, both_languages=True,
        )  # fmt: skip


def test_an_import_does_not_undo_what_was_changed_in_slack(database: Database, people: People) -> None:
    bring_in(database, people, APPLES, PEARS)
    in_slack(database, people, "apples", source="From Slack")
    again = bring_in(database, people, APPLES, PEARS)
    assert (again.kept, again.changed, again.unchanged, again.problems) == (("apples",), 0, 1, ())
    edited = replace(APPLES, source="From a file", file="apples.md", line=2)
    with database.begin() as session:
        refused = files.import_entries(session, people.community_id, [edited], LATER)
    assert [(p.file, p.line, p.code) for p in refused.problems] == [("apples.md", 2, "changed_in_slack")]
    assert "apples" in refused.problems[0].sentence
    assert content(database, people, "apples")[0].source == "From Slack"
    with database.begin() as session:
        taken = files.import_entries(session, people.community_id, [edited], LATER, overwrite=True)
        assert taken.changes == (("apples", "changed"),)
        told = entry_rows.revisions(session, revisions.get(session, people.community_id, "apples"))
    assert [r.content.source for r in told] == ["From a file", "From Slack", APPLES.source]
    # From here on the file is the newest again.
    assert bring_in(database, people, replace(edited, source="And again")).changed == 1


def test_retired_in_slack_stays_retired_whatever_old_file_comes(database: Database, people: People) -> None:
    bring_in(database, people, APPLES)
    with database.begin() as session:
        revisions.retire(session, people.community_id, "apples", by_member_id=people.asker.id, now=LATER)
    assert bring_in(database, people, APPLES).kept == ("apples",)
    assert known(database, people) == set()
    drafted(database, people, slug="plums")
    with database.begin() as session:
        report = files.import_entries(session, people.community_id, [replace(PEARS, slug="plums")], LATER)
    assert [problem.code for problem in report.problems] == ["changed_in_slack"]


def test_a_file_made_from_the_newest_revision_is_taken(database: Database, people: People, tmp_path: Path) -> None:
    bring_in(database, people, APPLES)
    in_slack(database, people, "apples", source="From Slack")
    with database.read() as session:
        files.export(session, people.community_id, tmp_path)
    (exported,), problems = files.read_folder(tmp_path)
    assert problems == []
    assert bring_in(database, people, exported).unchanged == 1
    first = replace(exported, source="From the exported file")
    assert bring_in(database, people, first).changed == 1
    assert bring_in(database, people, replace(first, owner="Cy")).changed == 1  # the same file, edited once more
    in_slack(database, people, "apples", owner="From Slack")
    stale = bring_in(database, people, replace(first, source="Not knowing of it"))
    assert [problem.code for problem in stale.problems] == ["changed_in_slack"]
    assert bring_in(database, people, first).kept == ("apples",)


def test_somebody_may_go_back_to_an_older_file_where_nobody_changed_it_in_slack(
    database: Database, people: People
) -> None:
    bring_in(database, people, APPLES)
    bring_in(database, people, replace(APPLES, source="Newer"))
    assert bring_in(database, people, APPLES).changed == 1
    assert content(database, people, "apples") == (APPLES, 3)


def test_an_import_is_all_or_nothing_and_minds_the_gate_and_what_is_published(
    database: Database, people: People, tmp_path: Path
) -> None:
    bring_in(database, people, PEARS)
    one_language = replace(APPLES, texts={"en": APPLES.texts["en"]})
    (tmp_path / "apples.md").write_text(render(one_language), "utf-8")
    assert [problem.code for problem in take(database, people.community_id, tmp_path, NOW)[1]] == ["missing_language"]
    with database.begin() as session:
        choices.set(session, people.community_id, BOTH_LANGUAGES, False)
    report, _ = take(database, people.community_id, tmp_path, NOW, dry_run=True)
    assert report is not None
    assert report.added == 1
    assert known(database, people) == {"pears"}
    shared = replace(one_language.texts["en"], phrasings=("pears", "one", "two"))
    (tmp_path / "apples.md").write_text(render(replace(APPLES, texts={"en": shared})), "utf-8")
    assert [problem.code for problem in take(database, people.community_id, tmp_path, NOW)[1]] == ["shared_phrasing"]
    (tmp_path / "apples.md").write_text(render(replace(one_language, related=("pears",))), "utf-8")
    report, problems = take(database, people.community_id, tmp_path, NOW)
    assert report is not None
    assert (report.added, list(problems)) == (1, [])
    in_slack(database, people, "pears", source="From Slack")
    (tmp_path / "pears.md").write_text(render(replace(PEARS, source="From a file")), "utf-8")
    (tmp_path / "plums.md").write_text(render(replace(PEARS, slug="plums", texts=PLUMS.texts)), "utf-8")
    report, problems = take(database, people.community_id, tmp_path, NOW)
    assert report is None
    assert [(problem.file, problem.line, problem.code) for problem in problems] == [("pears.md", 2, "changed_in_slack")]
    assert known(database, people) == {"apples", "pears"}
    report, _ = take(database, people.community_id, tmp_path, NOW, overwrite=True)
    assert report is not None
    assert (report.added, report.changed) == (1, 1)


def states(database: Database, community_id: int) -> dict[str, str]:
    with database.read() as session:
        found = session.execute(select(Entry.slug, Entry.state).where(Entry.community_id == community_id))
        return {slug: state.value for slug, state in found}


@pytest.mark.parametrize("target", ["entries", "entries.csv"])
def test_drafts_and_retired_entries_go_out_and_come_back_as_what_they_are(
    database: Database, people: People, tmp_path: Path, target: str
) -> None:
    retired = replace(PEARS, related=("apples",))
    bring_in(database, people, APPLES, retired, PLUMS)
    with database.begin() as session:
        revisions.retire(session, people.community_id, "pears", by_member_id=people.asker.id, now=LATER)
        revisions.draft(
            session, people.community_id, slug="figs", texts={"fr": ("Qui connaît les figues?", "Moi.")},
            phrasings={"fr": PLUMS.texts["fr"].phrasings[:1]}, source="Us", by_member_id=people.asker.id, now=LATER,
        )  # fmt: skip
        assert files.export(session, people.community_id, tmp_path / target) == 4
    expected = {"apples": "published", "figs": "draft", "pears": "retired", "plums": "published"}
    here, problems = take(database, people.community_id, tmp_path / target, NOW)
    assert (problems, here and here.unchanged) == ((), 4)
    stranger = people.stranger.community_id
    for turn in (1, 2):
        report, problems = take(database, stranger, tmp_path / target, NOW)
        assert problems == ()
        assert report is not None
        assert (report.added, report.unchanged) == ((4, 0) if turn == 1 else (0, 4))
        assert states(database, stranger) == expected
    with database.read() as session:
        assert set(store.entries(session, stranger)) == {"apples", "plums"}
    # A state that is changed in the file is taken: the draft is published by it.
    drafts, _ = files.read(tmp_path / target)
    fig = next(draft for draft in drafts if draft.slug == "figs")
    with database.begin() as session:
        files.import_entries(session, stranger, [replace(fig, state=EntryState.published)], LATER)
    assert states(database, stranger)["figs"] == "published"


def test_a_state_that_does_not_exist_is_told_by_file_and_line(tmp_path: Path) -> None:
    whole = render(APPLES).replace("related:", "state: asleep\nrelated:")
    (tmp_path / "apples.md").write_text(whole, "utf-8")
    entries, problems = files.read_folder(tmp_path)
    assert entries == []
    assert [(problem.line, problem.code) for problem in problems] == [(7, "bad_state")]
    assert "published, draft or retired" in problems[0].sentence
