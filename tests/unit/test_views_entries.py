"""Entries as those who look after them see them, in both languages, whatever an entry holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.entry_list import Listed, Show
from knowledge.records import EntryAct, EntryState
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.test_views_answers import a_shown
from tests.unit.views_people import HOSTILE
from views import answers, entries, entry_fields, entry_form, entry_news
from views.entries import Page, Past, Query
from views.entry_fields import Filled
from views.entry_form import Clash

LOCALES = ("en", "fr")
ZONE = "America/Toronto"
AT = datetime(2026, 11, 22, 15, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CONTENT = EntryDraft(
    slug="bike-shed",
    source="The guide",
    source_url="https://example.org/guide",
    reviewed_on=date(2025, 11, 1),
    owner="Ann Lee",
    related=("parking",),
    sample=True,
    texts={
        "en": TextDraft("Where is the bike shed?", ("bike shed", "where to leave my bike"), "Behind **hall 3**."),
        "fr": TextDraft("Où est l’abri à vélos?", ("abri à vélos",), "Derrière la *salle 3*.", "Le guide"),
    },
    owner_user_id="U0ANN",
)
BIKES = {"en": "Where is the bike shed?", "fr": "Où est l’abri?"}
FOUND = [
    Listed("a-draft", {"en": "What is new?"}, EntryState.draft, None, None, None),
    Listed("bike-shed", BIKES, EntryState.published, TODAY, "Ann", "U1"),
    Listed("old", {"en": "Who was it?", "fr": "Qui était-ce?"}, EntryState.retired, date(2020, 1, 1), None, None),
]


@pytest.mark.parametrize("locale", LOCALES)
def test_list(locale: str) -> None:
    shown = entries.listing(FOUND, Query("bike"), TODAY, locale, both_languages=True, may_manage=True)
    looks_as_before(f"entries/list.{locale}", shown)


def test_many_entries_are_paged_and_a_page_too_far_is_the_last() -> None:
    many = [replace(FOUND[1], slug=f"entry-{n}") for n in range(32)]
    last = entries.listing(many, Query(page=99), TODAY, "en", both_languages=False, may_manage=False)
    ids = [name for name, _ in action_ids(last)]
    assert ids.count("entry.open") == 2
    assert "entry.previous" in ids
    assert "entry.next" not in ids
    assert "entry.gate" not in ids
    none = entries.listing([], Query(show=Show.due), TODAY, "en", both_languages=False, may_manage=False)
    assert "No entry fits." in texts(none)


@pytest.mark.parametrize("locale", LOCALES)
def test_page_of_an_entry_whose_review_is_overdue(locale: str) -> None:
    page = Page(CONTENT, EntryState.published, 3, "Ann Lee", AT, edit=True, manage=True)
    looks_as_before(f"entries/page.{locale}", entries.page(page, TODAY, locale, ZONE, Query("bike"), "*Not so fast.*"))


@pytest.mark.parametrize(
    ("state", "edit", "manage", "offered"),
    [
        (EntryState.draft, True, True, ["publish", "edit", "retire", "history"]),
        (EntryState.draft, True, False, ["edit", "history"]),
        (EntryState.published, True, False, ["edit", "review", "history"]),
        (EntryState.published, False, False, ["history"]),
        (EntryState.retired, True, True, ["edit", "restore", "history"]),
    ],
)
def test_a_page_offers_what_the_person_may_do(state: EntryState, edit: bool, manage: bool, offered: list[str]) -> None:
    shown = entries.page(Page(CONTENT, state, 1, None, AT, edit=edit, manage=manage), TODAY, "en", ZONE)
    assert [name.removeprefix("entry.") for name, _ in action_ids(shown)] == offered


@pytest.mark.parametrize("locale", LOCALES)
def test_history_and_a_revision(locale: str) -> None:
    past = [
        Past(2, EntryAct.changed, "Ann Lee", AT, "A <b>note</b>"),
        Past(1, EntryAct.imported, None, AT, None),
    ]
    looks_as_before(f"entries/history.{locale}", entries.history(CONTENT, past, locale, ZONE))
    shown = entries.revision(CONTENT, past[1], 2, locale, ZONE, may_restore=True)
    looks_as_before(f"entries/revision.{locale}", shown)
    assert ("entry.revert", "bike-shed:2:1") in action_ids(shown)
    newest = entries.revision(CONTENT, past[0], 2, locale, ZONE, may_restore=True)
    assert [name for name, _ in action_ids(newest)] == ["entry.past"]


def test_a_very_long_history_fits() -> None:
    past = [Past(n, EntryAct.phrased, "Ann", AT, "n" * 500) for n in range(300, 0, -1)]
    assert "260 older revisions are kept too." in texts(entries.history(CONTENT, past, "en", ZONE))


@pytest.mark.parametrize("locale", LOCALES)
def test_forms(locale: str) -> None:
    looks_as_before(f"entries/form_new.{locale}", entry_form.new_form(locale, Filled(), may_publish=True))
    theirs = {"answer_en": "Their *answer* <!here>", "source_url": "", "review_months": "6"}
    form = entry_form.edit_form(
        locale, ZONE, CONTENT, 4, Filled.of(CONTENT, "Ann Lee"), note="Mine", clash=Clash("Bo", AT, theirs)
    )
    looks_as_before(f"entries/form_clash.{locale}", form)


def test_who_changes_an_entry_that_another_retired_is_told_so() -> None:
    for retired in (True, False):
        form = entry_form.edit_form("en", ZONE, CONTENT, 4, Filled.of(CONTENT), clash=Clash("Bo", AT, {}, retired))
        assert ("It is retired now" in texts(form)) is retired


def test_a_form_says_when_a_message_was_too_long_for_it() -> None:
    form = entry_form.new_form("en", Filled(answer_fr="a" * 10_000), may_publish=False)
    assert "10,000 characters, of which 2,900 fit" in texts(form)
    assert "longer than" not in texts(entry_form.new_form("en", Filled(answer_fr="a" * 2_900), may_publish=False))


def test_a_form_gives_back_what_it_was_filled_with() -> None:
    assert Filled.of(CONTENT, "Ann Lee").content(CONTENT) == replace(CONTENT, owner=None)  # the name follows the person
    assert Filled.of(CONTENT).content(CONTENT) == CONTENT
    team = replace(CONTENT, owner="A team", owner_user_id=None, review_months=7, source_url=None, sample=False)
    assert Filled.of(team).content(team) == team


def test_phrasings_that_do_not_fit_into_the_field_stay() -> None:
    many = tuple(f"phrasing number {n} of very many, and long at that" for n in range(100))
    content = replace(CONTENT, texts={"en": replace(CONTENT.texts["en"], phrasings=many)})
    filled = Filled.of(content)
    assert len(filled.phrasings_en) <= entry_fields.FITS
    assert filled.content(content) == content
    shorter = replace(filled, phrasings_en="only this")
    kept = len(filled.phrasings_en.splitlines())
    assert shorter.content(content).texts["en"].phrasings == ("only this", *many[kept:])
    form = entry_form.edit_form("en", ZONE, content, 1, filled)
    assert f"{100 - kept} more phrasings do not fit" in texts(form)


def test_two_changes_are_brought_together() -> None:
    base = Filled(title_en="T", answer_en="A", source="S", owner="O")
    mine = replace(base, answer_en="mine", source="same")
    now = replace(base, answer_en="theirs", source="same", owner="new owner")
    wanted, theirs = entry_fields.merged(base, mine, now)
    assert wanted == replace(base, answer_en="mine", source="same", owner="new owner")
    assert theirs == {"answer_en": "theirs"}


@pytest.mark.parametrize("locale", LOCALES)
def test_an_answer_says_that_its_review_is_overdue_from_the_day_it_is_due(locale: str) -> None:
    shown = a_shown(locale=locale, review_due_on=TODAY)
    looks_as_before(f"answers/overdue.{locale}", answers.answer(shown, locale, today=TODAY))
    before = answers.answer(shown, locale, today=date(2026, 11, 21))
    assert before == answers.answer(shown, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_owners_and_organizers_are_told_of_reviews(locale: str) -> None:
    many = [replace(FOUND[1], slug=f"entry-{n}") for n in range(12)]
    looks_as_before(f"entries/due.{locale}", entry_news.due(many[:1], many, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_what_an_entry_holds_stays_text(locale: str) -> None:
    text = TextDraft(HOSTILE[:300], (HOSTILE[:500],), HOSTILE[:2900], HOSTILE[:900])
    content = replace(CONTENT, texts={"en": text, "fr": text}, owner=HOSTILE[:200], source=HOSTILE[:900])
    page = Page(content, EntryState.draft, 1, HOSTILE[:200], AT, edit=True, manage=True)
    past = Past(1, EntryAct.changed, HOSTILE[:200], AT, HOSTILE[:300])
    listed = Listed("x", {"en": HOSTILE[:300]}, EntryState.draft, None, HOSTILE[:200], None)
    clash = Clash(HOSTILE[:200], AT, {"answer_en": HOSTILE[:2900], "owner": HOSTILE[:200]})
    filled = Filled.of(content)
    for number, view in enumerate((
        entries.listing([listed], Query(HOSTILE[:200]), TODAY, locale, both_languages=True, may_manage=True),
        entries.page(page, TODAY, locale, ZONE),
        entries.history(content, [past], locale, ZONE),
        entries.revision(content, past, 2, locale, ZONE, may_restore=True),
        entry_form.edit_form(locale, ZONE, content, 1, filled, clash=clash),
        entry_news.saved("x", HOSTILE[:300], locale, published=True),
    )):  # fmt: skip
        looks_as_before(f"entries/hostile_{number}.{locale}", view)
