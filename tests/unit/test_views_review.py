"""The review queue as organizers see it, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.answering import Answer, Shown
from knowledge.gaps import Page, Wording
from knowledge.records import Outcome
from knowledge.store import KnownEntry, KnownText
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE, NOW, READERS, a_group
from views import answers, review
from views.answers import Asked
from views.review import Place
from workspace.blocks import surfaces

LOCALES = ("en", "fr")
PARKING = Shown("parking", "Where to park", "Door B.", "en", "Guide", None, NOW.date(), None, (), False, 12)


def queue(locale: str, *, page: int = 1, total: int = 12) -> dict[str, object]:
    groups = [
        replace(
            a_group("bike parking?", 7, waiting=2), wordings=(Wording("bike parking?", "en"), Wording("vélo", "fr"))
        ),
        replace(a_group(HOSTILE), leader=2),
        replace(a_group("x" * 2000, 2), leader=3),
    ]
    nearest = {
        1: Answer("", locale, Outcome.answered, PARKING, 0.9, ()),
        2: Answer("", locale, Outcome.suggested, None, 0.3, (PARKING,)),
    }
    reader = READERS[locale]
    return review.queue(
        Page(tuple(groups), total, 40), nearest, Place(30, page), reader.locale, reader.time_zone, "Done."
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_queue_shows_groups_with_what_can_be_done_about_each(locale: str) -> None:
    looks_as_before(f"review/queue.{locale}", queue(locale))
    empty = review.queue(Page((), 0, 0), {}, Place(), locale, "America/Toronto")
    looks_as_before(f"review/empty.{locale}", empty)


def test_queue_is_turned_page_by_page_and_is_a_modal_that_slack_takes() -> None:
    turns = [name for name, _ in action_ids(queue("en")) if name in ("review.next", "review.previous")]
    assert turns == ["review.previous", "review.next"]
    assert "review.previous" not in dict(action_ids(queue("en", page=0)))
    assert "review.next" not in dict(action_ids(queue("en", page=2)))
    assert surfaces.view_problems(queue("fr"), kinds=("modal",)) == []


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"days": 7}', '{"days": "x"}', '{"days": null, "page": -4}', "null"])
def test_metadata_of_somebody_s_own_making_leads_to_the_first_page(kept: str) -> None:
    assert Place.read(kept) == Place(90, 0)


def test_entries_are_found_by_words_of_either_language() -> None:
    known = [
        KnownEntry(
            number,
            str(number),
            "s",
            None,
            NOW.date(),
            None,
            None,
            (),
            False,
            {"en": KnownText("en", english, "a"), "fr": KnownText("fr", french, "a")},
        )
        for number, (english, french) in enumerate([("Parking a bike", "Garer un vélo"), ("Lunch", "Dîner")], 1)
    ]
    assert [option["value"] for option in review.entry_options(known, "", "fr")] == ["2", "1"]
    assert [option["value"] for option in review.entry_options(known, "velo garer", "en")] == ["1"]
    assert review.entry_options(known, "nothing", "en") == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_was_done_is_said(locale: str) -> None:
    said = [review.phrased("Where to park", added, waiting, locale) for added, waiting in ((1, 0), (3, 2), (0, 1))]
    looks_as_before(f"review/said.{locale}", {"said": said})


@pytest.mark.parametrize("locale", LOCALES)
def test_asker_can_wish_to_be_told_and_take_it_back(locale: str) -> None:
    looks_as_before(f"answers/wished.{locale}", answers.unknown(locale, Asked(4, wants_news=True)))
    news = answers.news("bike parking?", PARKING, locale)
    assert "bike parking?" in texts(news)
    assert "Door B." in texts(news)
    passed_on = answers.unknown(locale, Asked(4, passed_on=True))
    assert [name for name, _ in action_ids(passed_on)] == ["question.news"]
