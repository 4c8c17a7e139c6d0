"""English and French: translators, dates in Canadian usage, and a catalogue in which nothing is missing."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from settings import ROOT
from tests.unit.views_people import START, an_event
from views import catalogue
from views.i18n import both, clock, count, day, locale_of, mark, translator, when, when_plain, written_date


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("fr_FR", "fr"),
        ("FR-ca", "fr"),
        ("en-US", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_locale_goes_by_its_prefix(name: str | None, locale: str) -> None:
    assert locale_of(name) == locale
    assert translator(name).locale == locale


def test_sentence_is_in_the_persons_language_with_its_fields_filled() -> None:
    values = {"source": "a {curly} source"}
    assert translator("en")("Source: {source}", **values) == "Source: a {curly} source"
    assert translator("fr")("Source: {source}", **values) == "Source\N{NO-BREAK SPACE}: a {curly} source"


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0 seats left.", "0 place libre."),
        (1, "1 seat left.", "1 place libre."),
        (2, "2 seats left.", "2 places libres."),
        (1200, "1,200 seats left.", "1\N{NO-BREAK SPACE}200 places libres."),
    ],
)
def test_plural_follows_each_languages_rule(number: int, english: str, french: str) -> None:
    say = ("{n} seat left.", "{n} seats left.", number)
    assert both(lambda t: t.n(*say)) == (english, french)


def test_message_without_a_translation_is_shown_in_english() -> None:
    assert translator("fr")("Nobody wrote this.") == "Nobody wrote this."
    assert mark("Nobody wrote this.") == "Nobody wrote this."


def spaced(text: str) -> str:
    """Babel's no-break spaces as plain ones."""
    return " ".join(text.split())


def test_date_is_written_as_in_canada_with_the_zones_name() -> None:
    assert spaced(when_plain(START, "en", "America/Toronto")) == "Tuesday, December 1, 2026, 9:00 a.m. EST"
    assert spaced(when_plain(START, "fr", "America/Toronto")) == "mardi 1er décembre 2026, 9 h HNE"
    assert spaced(when_plain(START, "en", "America/Los_Angeles")) == "Tuesday, December 1, 2026, 6:00 a.m. PST"
    assert spaced(day(START, "fr", "Asia/Tokyo")) == "mardi 1er décembre 2026"
    assert spaced(clock(datetime(2026, 7, 1, 13, tzinfo=UTC), "en", "America/Toronto")) == "9:00 a.m. EDT"
    assert written_date(date(2026, 11, 1), "fr") == "1er novembre 2026"
    assert spaced(clock(datetime(2026, 7, 11, 17, 5, tzinfo=UTC), "fr", "America/Toronto")) == "13 h 05 HAE"
    assert written_date(date(2026, 11, 11), "fr") == "11 novembre 2026"


def test_zone_whose_name_would_be_that_of_another_hour_is_told_by_its_distance_from_greenwich() -> None:
    # British Columbia stays seven hours behind all year; "PST", which tables of names still give it, is eight.
    assert spaced(clock(START, "en", "America/Vancouver")) == "7:00 a.m. GMT-07:00"
    assert spaced(clock(START, "fr", "America/Vancouver")) == "7 h UTC-07:00"


def test_slack_shows_the_date_in_the_readers_zone_and_names_ours_where_it_cannot() -> None:
    shown = when(an_event(), "en", "America/Toronto")
    assert shown.startswith(f"<!date^{int(START.timestamp())}^{{date_long}}, {{time}}|Tuesday, December 1, 2026")
    assert spaced(shown).endswith("EST>")


def test_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        when(datetime(2026, 1, 1), "en", "UTC")  # noqa: DTZ001  # that is the point


def test_number_is_grouped_as_the_language_does() -> None:
    assert count(12345, "en") == "12,345"
    assert count(12345, "fr") == "12\N{NO-BREAK SPACE}345"


def test_every_sentence_has_its_french() -> None:
    assert catalogue.defects(catalogue.stored(), catalogue.extract()) == []


def test_missing_fuzzy_and_crippled_translations_are_found() -> None:
    template, french = Catalog(), Catalog(locale="fr")
    for text in ("Missing", "Fuzzy", "With {field}", "Good {field}"):
        template.add(text)
    template.add(("{n} seat", "{n} seats"))
    french.add("Fuzzy", "Flou", flags=["fuzzy"])
    french.add("With {field}", "Sans champ")
    french.add("Good {field}", "{field}\N{NO-BREAK SPACE}: bien")
    french.add(("{n} seat", "{n} seats"), ("{n} place", ""))
    found = " ".join(catalogue.defects(french, template))
    assert "Missing" in found
    assert "fuzzy: 'Fuzzy'" in found
    assert "'Sans champ'" in found
    assert "seat" in found
    assert "Good" not in found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Source : {source}", "Source~: {source}"),
        ("*Source :* {source}", "*Source~:* {source}"),
        ("Source:\nRM:2", "Source~:\nRM:2"),
        ("« {title} »; «{title}» !", "«~{title}~»; «~{title}~»!"),
        ("Un ; deux\N{NARROW NO-BREAK SPACE}?", "Un; deux?"),
        ("{rate} %, 100%, 250 $", "{rate}~%, 100~%, 250~$"),
        ("{hours} h {minutes:02d} min, 3 h", "{hours}~h~{minutes:02d}~min, 3~h"),
        ("À 12:30, voyez https://example.org/?x=1 !ici", "À 12:30, voyez https://example.org/?x=1 !ici"),
    ],
)
def test_french_is_spaced_as_in_canada(text: str, wanted: str) -> None:
    wanted = wanted.replace("~", "\N{NO-BREAK SPACE}")
    assert catalogue.spaced(text) == wanted
    assert catalogue.spaced(wanted) == wanted
    template, french = Catalog(), Catalog(locale="fr")
    template.add(text)
    french.add(text, text)
    assert bool(catalogue.defects(french, template)) == (text != wanted)


def french_texts() -> Iterator[str]:
    """What is shown in French and is in no catalogue."""
    words = (ROOT / "workspace" / "static" / "js" / "words.js").read_text("utf-8")
    yield from re.findall(r'"([^"]*)",?\s*\]', words)
    features = json.loads((ROOT / "manifest.json").read_text("utf-8"))["features"]
    yield from (shortcut["description"].partition(" · ")[2] for shortcut in features["shortcuts"])
    for table in (ROOT / "knowledge" / "catalogue" / "sample").glob("*.csv"):
        with table.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                yield from (cell for column, cell in line.items() if column.endswith("_fr"))


def test_french_of_page_manifest_and_sample_is_spaced_as_in_the_catalogue() -> None:
    texts = list(french_texts())
    assert len(texts) > 200
    assert "Prochain rappel\N{NO-BREAK SPACE}: {when}" in texts
    assert [text for text in texts if text != catalogue.spaced(text)] == []


def test_message_is_found_wherever_it_is_translated() -> None:
    source = """
t("one"); w.t("two {a}", a=1); t.n("three", "threes", n); en("four"); fr("five"); mark("six")
f"{t('seven')}"; translator(locale)("eight"); other("nine"); t(name); t("")
"""
    assert set(catalogue.messages(source)) == {
        "one", "two {a}", ("three", "threes"), "four", "five", "six", "seven", "eight",
    }  # fmt: skip


def test_unused_translation_is_kept_for_its_return_and_spaced_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "praxis.po"
    monkeypatch.setattr(catalogue, "CATALOGUE", path)
    known = Catalog()
    known.add("Kept", "Gardé")
    monkeypatch.setattr(catalogue, "extract", lambda: known)
    catalogue.update()
    path.write_text(catalogue.HEADER + 'msgid "Kept"\nmsgstr "Gardé !"\n', "utf-8")
    monkeypatch.setattr(catalogue, "extract", Catalog)
    catalogue.update()
    assert '#~ msgstr "Gardé!"' in path.read_text("utf-8")
    monkeypatch.setattr(catalogue, "extract", lambda: known)
    catalogue.update()
    assert catalogue.stored().get("Kept").string == "Gardé!"  # type: ignore[union-attr]  # it is there
