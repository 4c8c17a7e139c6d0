"""The page and the real bot together: what a person types reaches the bot, and what the bot says reaches the person."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from runtime.process import Access, Process
from settings import Settings
from tests.page.conftest import Site, Visit, fresh_site

OpenWindow = Callable[..., Visit]


@pytest.fixture
def day(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A workspace with the bot itself, on a database with the starter entries."""
    shutil.copy(prepared, tmp_path / "praxis.db")
    with fresh_site() as site:
        slack = site.running
        bot = Process(
            Settings(_env_file=None, DATABASE_URL=f"sqlite:///{tmp_path / 'praxis.db'}"),
            Access(slack.api_url, slack.bot_token, slack.app_token, slack.signing_secret),
        )
        bot.start()
        yield site
        bot.stop()


def test_an_event_goes_from_the_organizers_form_to_the_attendance_of_two_people(
    day: Site, open_window: OpenWindow
) -> None:
    window = open_window()
    page = window.go(day, "olivia")
    page.get_by_role("button", name="Create an event").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Title in English").fill("Open *data* & <!channel>")
    form.get_by_label("Title in French").fill("Données ouvertes")
    form.get_by_label("Date").fill("2020-02-29")
    form.get_by_label("Start time").fill("09:00")
    form.get_by_label("Number of seats (optional)").fill("1")
    form.get_by_label("Channel").select_option(label="#im-community")
    form.get_by_role("button", name="Create", exact=True).click()
    expect(form.get_by_text("past")).to_be_visible()
    then = date.fromisoformat(day.http.get("/clock").json()["now"][:10]) + timedelta(days=2)
    form.get_by_label("Date").fill(then.isoformat())
    form.get_by_role("button", name="Create", exact=True).click()
    expect(form).to_have_count(0)

    window.go(day, "amelie", "im-community")
    card = page.locator(".message", has_text="Open *data* & <!channel>")
    expect(card).to_contain_text("1 place libre")
    card.get_by_role("button", name=re.compile("Je participe")).click()
    expect(page.locator(".message.ephemeral")).to_contain_text("Visible par vous uniquement")
    expect(card).not_to_contain_text("1 place libre")

    start = f"{then.isoformat()}T14:00:00Z"  # nine in the winter's Eastern Time
    day.http.post("/clock", json={"to": start}).raise_for_status()
    window.go(day, "amelie", "%40praxis")
    asked = page.locator(".message", has=page.get_by_role("button", name="Signaler ma présence"))
    asked.get_by_role("button").first.click()
    expect(page.locator(".message").last).to_contain_text("est consignée")

    window.go(day, "olivia", "home")
    expect(page.get_by_text("1 person is going. 1 person has checked in.")).to_be_visible()
