"""Series as people see them, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from community import series
from community.events import Change
from community.records import Event, EventKind, EventState
from community.recurrence import PRESETS, preset, times, until
from community.series import Repetition
from community.series_changes import Following, Moved
from community.series_dates import Outcome
from community.series_records import OnHoliday, Series, SeriesState
from tests.golden_files import looks_as_before
from tests.kit import texts
from tests.unit.views_people import HOSTILE, NOW, READERS, START, an_event
from views import event_form, series_news, series_words
from views import series as view
from views import series_dates as series_dates_view
from views.i18n import translator


def a_series(**changes: object) -> Series:
    """Every Friday from four before Christmas, with the days off of Ontario."""
    values: dict[str, object] = {
        "id": 5,
        "community_id": 1,
        "state": SeriesState.draft,
        "rule": "FREQ=WEEKLY;COUNT=6;BYDAY=FR",
        "local_start": "2026-12-04T09:00",
        "time_zone": "America/Toronto",
        "holidays": "CA-ON",
        "days_off": ["2026-12-11"],
        "left_out": [],
        "on_holiday": OnHoliday.after,
        "template": {
            "kind": EventKind.learning_event.value,
            "title_en": "Plain language & you",
            "title_fr": "Le langage clair et vous",
            "description_en": "",
            "description_fr": "",
            "at": "09:00",
            "time_zone": "America/Toronto",
            "minutes": 60,
            "place": "",
            "link": None,
            "capacity": None,
            "channel": "C0EVENTS",
        },
    }
    return Series(**(values | changes))


def its_events() -> list[Event]:
    return [
        an_event(id=1, series_id=5),
        an_event(id=2, series_id=5, apart=True, starts_at=START + timedelta(days=8)),
        an_event(id=3, series_id=5, state=EventState.cancelled, starts_at=START + timedelta(days=14)),
    ]


@pytest.mark.parametrize("locale", READERS)
def test_series_looks(locale: str) -> None:
    reader, of = READERS[locale], a_series()
    looks_as_before(f"series/repeat.{locale}", view.repeat_form(locale, of, custom=False))
    looks_as_before(f"series/repeat_custom.{locale}", view.repeat_form(locale, of, custom=True))
    looks_as_before(f"series/preview.{locale}", view.preview(locale, of, series.preview(of, 16), custom=False))
    looks_as_before(f"series/page.{locale}", view.page(reader, of, its_events(), NOW, may_change=True))
    ended = a_series(state=SeriesState.ended)
    looks_as_before(f"series/page_ended.{locale}", view.page(reader, ended, [], NOW, may_change=True))
    looks_as_before(f"series/planned.{locale}", view.planned(reader, of, its_events()))
    looks_as_before(f"series/scope.{locale}", event_form.edit_form(locale, its_events()[0]))
    first, second, third = its_events()
    moved = [
        Moved(Change(first, True, [], frozenset({"starts_at", "place"})), START - timedelta(days=1), 90),
        Moved(Change(second, True, [], frozenset({"minutes", "ends_at"})), second.starts_at, 30),
    ]
    looks_as_before(f"series/changed.{locale}", series_news.changed(reader, of, moved, [third]))
    looks_as_before(f"series/dates.{locale}", series_dates_view.form(reader, of, first, "weekly"))
    outcome = Outcome(of, [first], [second], [third] * 12, series.preview(of, 1))
    repetition = Repetition(of.rule, of.holidays, of.on_holiday, tuple(of.days_off))
    shown = series_dates_view.outcome(reader, first, outcome, series.preview(of, 16), repetition)
    looks_as_before(f"series/outcome.{locale}", shown)
    done = Following(of, moved, [third], [second], [])
    assert len(series_news.saved(reader, done, 2)) < 300


@pytest.mark.parametrize("locale", READERS)
def test_every_way_to_repeat_and_to_end_has_its_words(locale: str) -> None:
    t = translator(locale)
    first = series.first_day(a_series())
    said = {
        series_words.words(a_series(rule=ended), t)
        for name in PRESETS
        for ended in (preset(name, first), times(preset(name, first), 3), until(preset(name, first), first))
    }
    assert len(said) == 12
    assert not any("FREQ" in words for words in said)
    assert "`FREQ=WEEKLY;BYDAY=MO,WE`" in series_words.words(a_series(rule="FREQ=WEEKLY;BYDAY=MO,WE"), t)


def test_nothing_that_was_typed_comes_alive() -> None:
    of = a_series()
    of.template = {**of.template, "title_en": HOSTILE, "title_fr": HOSTILE}
    for locale, reader in READERS.items():
        shown = [
            view.planned(reader, of, [an_event(title_en=HOSTILE, title_fr=HOSTILE)] * 2),
            series_news.changed(reader, of, [], its_events()),
            {"text": series_news.saved(reader, Following(of, [], [], [], []), 0)},
        ]
        assert not any("<!channel>" in texts(message) or "<@U1" in texts(message) for message in shown), locale


def test_many_changed_dates_still_make_one_message_that_slack_takes() -> None:
    many = [an_event(id=number, starts_at=START + timedelta(days=number)) for number in range(60)]
    shown = texts(series_news.changed(READERS["en"], a_series(), [], many))
    assert shown.count("is cancelled.") == series_news.LINES
    assert "40 more are on the page" in shown


def test_the_preview_names_the_holiday_a_date_moves_from() -> None:
    of = a_series()
    en, fr = (series_words.dates(of, series.preview(of, 6), translator(name)) for name in ("en", "fr"))
    assert "Tuesday, December 29, 2026, 9:00\u202fa.m. EST, in place of December 25, 2026: Christmas Day" in en
    assert "au lieu du 25 décembre 2026\u00a0: Jour de Noël" in fr
    left_out = replace(series.preview(of, 1)[0], day=None)
    assert "is left out: the day is taken" in series_words.dates(of, [left_out], translator("en"))
