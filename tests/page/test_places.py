"""Personas, languages, zones, Home, the clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Site, Visit, fresh_site
from tests.page.sink_blocks import MEETING

WORDS = "Object.entries((await import('/static/js/words.js')).everyWord())"


def test_switching_persona_changes_language_zone_and_what_is_seen(site: Site, window: Visit) -> None:
    site.close_modals("amelie")
    page = window.go(site, "olivia", "general")
    expect(page.locator("html")).to_have_attribute("lang", "en-CA")
    page.get_by_role("button", name=re.compile("Act as somebody else. Now: Olivia Bennett, Organizer")).press("Enter")
    menu = page.get_by_role("menu", name="People of this workspace")
    people = menu.get_by_role("menuitemradio")
    expect(people).to_have_count(5)
    expect(people.first).to_be_focused()
    expect(menu).to_contain_text("Supervisor · English · Eastern Time")
    expect(menu).to_contain_text("Practitioner · English · Pacific Time")
    page.keyboard.press("a")
    expect(menu.get_by_role("menuitemradio", name=re.compile("Amélie"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "fr-CA")
    expect(page.get_by_role("heading", name="Messages directs")).to_be_visible()
    expect(page.get_by_role("textbox", name="Écrire à #general")).to_be_visible()
    expect(page.locator("#persona")).to_be_focused()
    expect(page).to_have_title("#general – Espace de travail Praxis")
    expect(page).to_have_url(re.compile("#/amelie/general$"))
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "en-CA")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("olivia", "Tuesday, June 1, 2027 at 9:30 AM"),
        ("ben", "Tuesday, June 1, 2027 at 6:30 AM"),
        ("amelie", "mardi 1er juin 2027 at 9 h 30"),
    ],
)
def test_dates_are_shown_in_the_viewers_zone_and_language(site: Site, window: Visit, who: str, said: str) -> None:
    channel = site.direct(who)
    text = f"Starts <!date^{MEETING}^{{date_long}} at {{time}}|1 June, 13:30 UTC>"
    site.client.chat_postMessage(channel=channel, text=text)
    page = window.go(site, who, "@praxis")
    shown = page.locator(".message time[datetime^='2027-06-01']").last
    expect(shown).to_have_text(re.compile(re.escape(said).replace(r"\ ", r"\s")))
    expect(page.locator(".day h3").last).to_have_text("Aujourd’hui" if who == "amelie" else "Today")


def test_date_with_an_unknown_token_shows_its_fallback(site: Site, window: Visit) -> None:
    channel = site.direct("sam")
    site.client.chat_postMessage(channel=channel, text=f"At <!date^{MEETING}^{{moon_phase}}|the agreed hour>")
    page = window.go(site, "sam", "@praxis")
    expect(page.locator(".message").last).to_contain_text("At the agreed hour")


def test_home_is_published_on_opening_and_its_buttons_work(site: Site, window: Visit) -> None:
    page = window.go(site, "ben", "home")
    expect(page.get_by_role("heading", name="Praxis Home", level=1)).to_be_visible()
    expect(page.get_by_text("Hello @Ben Nakamura, pressed 0 times.")).to_be_visible()
    press = page.get_by_role("button", name="Press")
    press.click()
    expect(page.get_by_text("pressed 1 times.")).to_be_visible()
    expect(press).to_be_focused()


def test_every_word_of_the_page_is_there_in_both_languages(site: Site, window: Visit) -> None:
    page = window.go(site, "olivia", "general")
    words = page.evaluate(f"(async () => {WORDS})()")
    assert len(words) > 100
    for key, texts in words:
        fields = []
        for text in texts:  # a sentence, or its two plural forms
            forms = [text] if isinstance(text, str) else text
            assert all(form and form == form.strip() for form in forms), key
            fields.append({field for form in forms for field in re.findall(r"\{(\w+)\}", form)})
        assert len(fields) == 2, key
        assert fields[0] == fields[1], key


@pytest.fixture
def clocked(window: Visit) -> Iterator[Callable[[], tuple[Site, Page]]]:
    """A workspace whose clock may be moved without moving that of other tests."""
    with fresh_site() as site:
        page = window.go(site, "olivia", "general")
        page.get_by_role("button", name=re.compile("Workspace clock")).press("Enter")
        yield lambda: (site, page)


def test_clock_skips_to_the_next_reminder_once_one_is_known(clocked: Callable[[], tuple[Site, Page]]) -> None:
    site, page = clocked()
    panel = page.get_by_role("dialog", name="Workspace clock")
    skip = panel.get_by_role("button", name="Skip to the next reminder")
    expect(skip).to_have_attribute("aria-disabled", "true")
    expect(panel).to_contain_text("No reminder is planned.")
    expect(panel).to_contain_text("In step with real time")
    site.http.post("/clock/next_due", json={"next_due": "2029-12-01T14:30:00Z"}).raise_for_status()
    expect(panel).to_contain_text("Next reminder: Saturday, December 1, 2029 at 9:30")
    skip.click()
    expect(panel).to_contain_text("ahead of real time")
    expect(page.locator("#clock")).to_contain_text("Sat, Dec 1, 9:30")
    assert site.http.get("/clock").json()["now"].startswith("2029-12-01T14:30")


def test_clock_moves_by_hours_and_to_a_date_but_never_back(clocked: Callable[[], tuple[Site, Page]]) -> None:
    site, page = clocked()
    panel = page.get_by_role("dialog", name="Workspace clock")
    panel.get_by_role("button", name="+1 hour").click()
    expect(panel).to_contain_text("1 hour ahead of real time")
    panel.get_by_label("Move to").fill("2020-01-01T08:00")
    panel.get_by_role("button", name="Go").click()
    expect(panel.get_by_label("Move to")).to_have_accessible_description("The clock only moves ahead.")
    panel.get_by_label("Move to").fill("2030-07-01T08:00")
    panel.get_by_role("button", name="Go").click()
    expect(page.locator("#clock")).to_contain_text("Mon, Jul 1, 8:00")
    assert site.http.get("/clock").json()["now"].startswith("2030-07-01T12:00")
    page.keyboard.press("Escape")
    expect(page.locator("#clock")).to_be_focused()


def test_who_arrives_is_told_what_to_try_until_they_have_read_it(site: Site, window: Visit) -> None:
    page = window.go(site, "amelie", "home")
    welcome = page.get_by_role("complementary", name="Bienvenue")
    expect(welcome.get_by_role("listitem")).to_have_count(4)
    welcome.get_by_role("link", name="Écrire à Praxis").click()
    expect(page).to_have_url(re.compile("#/amelie/%40praxis$"))
    page.go_back()
    welcome.get_by_role("button", name="C’est compris").click()
    expect(welcome).to_be_hidden()
    expect(page.locator(".home-pane")).to_be_focused()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.get_by_role("heading", name="Accueil de Praxis", level=1)).to_be_visible()
    expect(page.locator(".welcome")).to_be_hidden()
