"""Keyboard, names, landmarks, contrast, narrow windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.page.conftest import Site, Visit

Scheme = Literal["light", "dark"]
FAULTS = Path(__file__).with_name("faults.js").read_text(encoding="utf-8")
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


def busy_channel(site: Site, who: str) -> None:
    for text in ("blocks", "press", "whisper"):
        site.command(who, "im-community", text)
    ts = site.say("sam", "im-community", "With <!channel> @olivia `code` https://example.org")["ts"]
    site.say("ben", "im-community", "a reply", thread_ts=ts)
    site.act(who, "react", channel="im-community", ts=ts, name="tada")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_landmarks_and_contrast_hold_in_a_busy_channel(site: Site, window: Visit, scheme: Scheme) -> None:
    window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    busy_channel(site, "olivia")
    site.say("ben", "general", "unread")
    page = window.go(site, "olivia", "im-community")
    page.locator(".message", has_text="With").last.get_by_role("button", name=re.compile("1 reply")).click()
    expect(page.get_by_role("complementary", name="Thread").get_by_text("a reply")).to_be_visible()
    assert page.evaluate(FAULTS) == []
    assert page.evaluate(CONTRAST) == []
    page.get_by_role("button", name=re.compile("Workspace clock")).click()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_and_contrast_hold_in_a_modal_with_every_input_and_its_errors(
    site: Site, window: Visit, scheme: Scheme
) -> None:
    window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page = window.go(site, "amelie", "@praxis")
    box = page.get_by_role("textbox", name="Écrire à Praxis")
    box.fill("/sink form")
    box.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("champs demandent votre attention.")
    dialog.get_by_label("Colours").click()
    expect(page.locator(".listbox")).to_be_visible()
    assert page.evaluate(FAULTS) == []
    assert page.evaluate(CONTRAST) == []


def test_skip_link_comes_first_and_leads_to_the_conversation(site: Site, window: Visit) -> None:
    site.say("ben", "general", "Something to skip to")
    page = window.go(site, "olivia", "home")
    expect(page.get_by_text("Hello @Olivia Bennett")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".home-pane")).to_be_focused()
    page.get_by_role("button", name=re.compile("^general")).click()
    expect(page.locator(".message").last).to_contain_text("Something to skip to")
    page.locator("#skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".message").last).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add a reaction")).to_be_focused()


def test_arrow_keys_walk_through_messages_and_side_bar(site: Site, window: Visit) -> None:
    for text in ("walk one", "walk two"):
        site.say("ben", "general", text)
    page = window.go(site, "olivia", "general")
    last = page.locator(".message", has_text="walk two").last
    last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".message", has_text="walk one").last).to_be_focused()
    page.get_by_role("button", name="Praxis Home").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name=re.compile("^general"))).to_be_focused()


@pytest.mark.parametrize("who", ["olivia", "amelie"])
def test_narrow_window_needs_no_sideways_scrolling_and_has_a_drawer(
    site: Site, open_window: Callable[..., Visit], who: str
) -> None:
    visit = open_window(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    busy_channel(site, who)
    page = visit.go(site, who, "im-community")
    fits = "document.documentElement.scrollWidth <= 360 && document.body.scrollWidth <= 360"
    expect(page.locator(".message", has_text="With").last).to_be_visible()
    assert page.evaluate(fits)
    page.locator("#open-side").click()
    expect(page.locator("#persona")).to_be_focused()
    assert page.evaluate(fits)
    page.keyboard.press("Escape")
    expect(page.locator("#open-side")).to_be_focused()
    expect(page.locator("#side-wrap")).to_be_hidden()
    page.locator("#open-side").click()
    page.locator(".place", has_text="Praxis").last.click()
    expect(page.locator("#side-wrap")).to_be_hidden()
    box = page.locator("#pane .composer-text")
    box.fill("/sink form")
    box.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(fits)
    assert page.evaluate(
        "document.querySelector('.modal-body').scrollWidth <= document.querySelector('.modal-body').clientWidth"
    )
