"""Entries changed by people: drafted, published, changed, retired, restored, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge import entry_rows, revisions, store
from knowledge.answering import Answers
from knowledge.entry_file import EntryDraft
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.records import EntryAct, EntryState
from storage import Database
from tests.storage.knowledge.conftest import NOW, People
from tests.storage.knowledge.test_entries import APPLES, PEARS, bring_in

LATER = NOW + timedelta(days=3)


def drafted(database: Database, people: People, **changes: Any) -> str:
    given: dict[str, Any] = {
        "slug": None,
        "texts": {"en": ("Where is the *parking*?", "Behind."), "fr": ("Où se stationner?", "Derrière.")},
        "phrasings": {"en": ["parking", " is there\n parking "], "fr": ["stationnement"]},
        "source": "The guide",
    }
    with database.begin() as session:
        entry = revisions.draft(
            session, people.community_id, by_member_id=people.asker.id, now=NOW, **{**given, **changes}
        )  # fmt: skip
        return entry.slug


def known(database: Database, people: People) -> set[str]:
    with database.read() as session:
        return set(store.entries(session, people.community_id))


def content(database: Database, people: People, slug: str) -> tuple[EntryDraft, int]:
    with database.read() as session:
        entry = revisions.get(session, people.community_id, slug)
        return entry_rows.content_of(session, entry), entry.version


def test_a_draft_is_found_once_it_is_published_and_until_it_is_retired(database: Database, people: People) -> None:
    answers = Answers(database, people.community_id, encoder="none")
    answers.load()
    slug = drafted(database, people)
    assert slug == "where-is-the-parking"
    answers.refresh()
    assert answers.show(slug, "en") is None
    who: dict[str, Any] = {"by_member_id": people.colleague.id, "now": LATER, "both_languages": True}
    with database.begin() as session:
        assert revisions.publish(session, people.community_id, slug, **who).state is EntryState.published
        version = revisions.publish(session, people.community_id, slug, **who).version
        assert version == 2  # publishing again changes nothing
    assert answers.refresh()
    found = answers.ask("is there parking").answer
    assert found is not None
    assert (found.id, found.text) == (slug, "Behind.")
    with database.begin() as session:
        revisions.retire(
            session, people.community_id, slug, by_member_id=people.asker.id, now=LATER, note="The garage closed"
        )
        with pytest.raises(Conflict, match="entry_retired"):
            revisions.publish(session, people.community_id, slug, **who)
    assert answers.refresh()
    assert answers.show(slug, "en") is None
    with database.begin() as session:
        revisions.restore(session, people.community_id, slug, **who)
    assert answers.refresh()
    assert answers.show(slug, "fr") is not None
    with database.read() as session:
        told = entry_rows.revisions(session, revisions.get(session, people.community_id, slug))
    assert [(r.number, r.act, r.state, r.member_id, r.note) for r in told] == [
        (4, EntryAct.restored, EntryState.published, people.colleague.id, None),
        (3, EntryAct.retired, EntryState.retired, people.asker.id, "The garage closed"),
        (2, EntryAct.published, EntryState.published, people.colleague.id, None),
        (1, EntryAct.drafted, EntryState.draft, people.asker.id, None),
    ]
    assert told[0].made_at == LATER
    assert told[3].content.texts["en"].phrasings == ("parking", "is there parking")


def test_a_draft_that_was_retired_comes_back_as_a_draft(database: Database, people: People) -> None:
    slug = drafted(database, people)
    who: dict[str, Any] = {"by_member_id": people.asker.id, "now": NOW}
    with database.begin() as session:
        revisions.retire(session, people.community_id, slug, **who)
        assert (
            revisions.restore(session, people.community_id, slug, both_languages=True, **who).state is EntryState.draft
        )
    assert known(database, people) == set()


def test_who_comes_second_overwrites_nothing(database: Database, people: People) -> None:
    bring_in(database, people, APPLES)
    first, version = content(database, people, "apples")
    how: dict[str, Any] = {"by_member_id": people.asker.id, "now": LATER, "both_languages": True}
    with database.begin() as session:
        revisions.change(session, people.community_id, replace(first, source="New guide"), version, **how)
    with database.begin() as session, pytest.raises(Conflict, match="entry_changed"):
        revisions.change(session, people.community_id, replace(first, source="Other guide"), version, **how)
    now, version = content(database, people, "apples")
    assert (now.source, version) == ("New guide", 2)
    with database.begin() as session:  # the same once more is no change
        assert revisions.change(session, people.community_id, now, 2, **how).version == 2
    with database.read() as session:
        told = entry_rows.revisions(session, revisions.get(session, people.community_id, "apples"))
    assert [(r.number, r.act, r.content.source, r.made_at) for r in told] == [
        (2, EntryAct.changed, "New guide", LATER),
        (1, EntryAct.imported, APPLES.source, NOW),
    ]
    assert told[1].content == APPLES


def test_an_old_revision_comes_back_word_for_word(database: Database, people: People) -> None:
    bring_in(database, people, APPLES)
    how: dict[str, Any] = {"by_member_id": people.asker.id, "now": LATER, "both_languages": True}
    with database.begin() as session:
        changed = replace(APPLES, sample=True, related=("pears",), owner="Bo", owner_user_id="U2", review_months=3)
        revisions.change(session, people.community_id, changed, 1, **how)
        with pytest.raises(NotFound, match="revision_unknown"):
            revisions.restore(session, people.community_id, "apples", number=7, **how)
        revisions.restore(session, people.community_id, "apples", number=1, **how)
    now, version = content(database, people, "apples")
    assert (now, version) == (APPLES, 3)
    assert now.digest == APPLES.digest


def test_what_is_still_to_be_translated_is_not_published(database: Database, people: People) -> None:
    texts = {"en": ("Where to park?", "Behind."), "fr": ("[À traduire] Where to park?", "[À traduire] Behind.")}
    slug = drafted(database, people, texts=texts)
    with database.begin() as session, pytest.raises(Invalid) as refused:
        revisions.publish(
            session, people.community_id, slug, both_languages=False, by_member_id=people.asker.id, now=NOW
        )
    assert (refused.value.code, refused.value.field) == ("entry_untranslated", "title_fr")


def test_the_gate_wants_both_languages(database: Database, people: People) -> None:
    slug = drafted(database, people, texts={"fr": ("Où se stationner?", "Derrière.")})
    who: dict[str, Any] = {"by_member_id": people.asker.id, "now": NOW}
    with database.begin() as session, pytest.raises(Invalid) as refused:
        revisions.publish(session, people.community_id, slug, both_languages=True, **who)
    assert (refused.value.code, refused.value.field) == ("entry_one_language", "title_en")
    with database.begin() as session:
        revisions.publish(session, people.community_id, slug, both_languages=False, **who)
    assert known(database, people) == {slug}


def test_a_phrasing_is_added_once_and_belongs_to_one_entry(database: Database, people: People) -> None:
    bring_in(database, people, APPLES, PEARS)
    add = (people.asker.id, LATER)
    with database.begin() as session:
        assert revisions.add_phrasing(session, people.community_id, "apples", "en", "who grows fruit", *add)
        assert not revisions.add_phrasing(session, people.community_id, "apples", "en", "Who GROWS fruit?", *add)
        for text in ("pears expert", "Pears Expert", "Who knows about pears?"):
            with pytest.raises(Invalid) as refused:
                revisions.add_phrasing(session, people.community_id, "apples", "en", text, *add)
            assert refused.value.code == "phrasing_shared"
            assert refused.value.params["other"] == "Who knows about pears?"
        with pytest.raises(NotFound):
            revisions.add_phrasing(session, people.stranger.community_id, "apples", "en", "x", *add)
    now, version = content(database, people, "apples")
    assert now.texts["en"].phrasings[-1] == "who grows fruit"
    assert version == 2
    with database.read() as session:
        assert "who grows fruit" in store.entries(session, people.community_id)["apples"].phrasings


REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"texts": {}}, "empty", "title_en"),
    ({"texts": {"en": ("A title", " \n")}}, "empty", "answer_en"),
    ({"texts": {"fr": ("", "Une réponse")}}, "empty", "title_fr"),
    ({"texts": {"en": ("???", "An answer")}}, "phrasing_wordless", "title_en"),
    ({"texts": {"en": ("t" * 301, "An answer")}}, "too_long", "title_en"),
    ({"texts": {"en": ("A title", "<" * 800)}}, "too_long", "answer_en"),
    ({"texts": {"en": ("A title", "One\n<!-- fr -->\ntwo")}}, "answer_marker", "answer_en"),
    ({"phrasings": {"en": ["😀"]}}, "phrasing_wordless", "phrasings_en"),
    ({"phrasings": {"fr": [f"w{n}" for n in range(201)]}}, "phrasings_many", "phrasings_fr"),
    ({"source": "\0 "}, "empty", "source"),
    ({"source_url": "javascript:alert(1)"}, "link_form", "source_url"),
    ({"slug": "Not an id"}, "entry_slug_form", "slug"),
    ({"slug": "apples"}, "entry_slug_taken", "slug"),
    ({"review_months": -1}, "review_months_range", "review_months"),
)


def test_what_cannot_be_an_entry_is_refused_at_its_field(database: Database, people: People) -> None:
    bring_in(database, people, APPLES)
    for changes, code, field in REFUSED:
        with pytest.raises(Invalid) as refused:
            drafted(database, people, **changes)
        assert (refused.value.code, refused.value.field) == (code, field), changes


def test_ids_made_from_titles_do_not_meet(database: Database, people: People) -> None:
    texts = {"en": ("Où est l’été? %_", "There.")}
    assert [drafted(database, people, texts=texts, phrasings={}) for _ in range(3)] == [
        "ou-est-l-ete",
        "ou-est-l-ete-2",
        "ou-est-l-ete-3",
    ]
    assert drafted(database, people, texts={"en": ("你好", "Hello.")}, phrasings={}) == "entry"


def test_an_id_is_made_from_the_title_that_somebody_wrote(database: Database, people: People) -> None:
    texts = {"en": ("[To be translated] Où stationner?", "[To be translated] Ici."), "fr": ("Où stationner?", "Ici.")}
    assert drafted(database, people, texts=texts, phrasings={}) == "ou-stationner"


def test_a_review_holds_for_the_months_it_says(database: Database, people: People) -> None:
    slug = drafted(database, people, review_months=3, today=date(2026, 11, 30))
    with database.begin() as session:
        assert revisions.get(session, people.community_id, slug).review_due_on == date(2027, 2, 28)
        reviewed = revisions.review(
            session, people.community_id, slug, by_member_id=people.colleague.id, now=LATER, today=date(2027, 3, 1)
        )
        assert reviewed.review_due_on == date(2027, 6, 1)
        assert entry_rows.revisions(session, reviewed)[0].act is EntryAct.reviewed
    for_ever = drafted(database, people, review_months=0, slug="for-ever")
    with database.read() as session:
        assert revisions.get(session, people.community_id, for_ever).review_due_on is None
