"""Every block is shown, every element of a message works."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.conftest import Site, Visit


@pytest.fixture
def shown(site: Site, window: Visit) -> Locator:
    """The message with every block, as Olivia sees it."""
    site.command("olivia", "@praxis", "blocks")
    page = window.go(site, "olivia", "@praxis")
    return page.locator(".message", has_text="Every block").last


def test_text_marks_become_elements_and_nothing_else(shown: Locator) -> None:
    expect(shown.locator("strong", has_text="Bold")).to_be_visible()
    expect(shown.locator("em", has_text="italic")).to_be_visible()
    expect(shown.locator("s", has_text="struck")).to_be_visible()
    expect(shown.locator("code", has_text="code").first).to_be_visible()
    expect(shown.get_by_role("link", name="a link")).to_have_attribute("href", "https://example.org/a?b=1&c=2")
    expect(shown.locator(".mention", has_text="@Amélie Gagnon")).to_be_visible()
    expect(shown.get_by_role("button", name="#general")).to_be_visible()
    expect(shown.locator("blockquote", has_text="quoted").first).to_be_visible()
    expect(shown.locator("ul > li")).to_have_text(["first", "second"])
    expect(shown.locator("pre", has_text="fenced *not bold*")).to_be_visible()
    expect(shown.get_by_text("a <tag> and")).to_be_visible()
    expect(shown.locator(".mention-all")).to_have_text("@channel")
    expect(shown.locator("h3 .emoji")).to_have_text("🎉")


def test_every_block_is_shown(shown: Locator) -> None:
    expect(shown.locator(".fields .field")).to_have_count(2)
    expect(shown.locator("hr").first).to_be_visible()
    expect(shown.locator(".context")).to_contain_text("Reviewed on 1 November")
    picture = shown.get_by_role("img", name="a picture from here")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 48
    expect(shown.get_by_text("A picture", exact=True)).to_be_visible()
    expect(shown.locator("ol > li")).to_have_text(["one", "two", "uno", "due"])
    expect(shown.locator(".mention", has_text="@Ben Nakamura")).to_be_visible()
    expect(shown.get_by_role("link", name="rich link")).to_be_visible()
    expect(shown.locator("pre", has_text="rich = code")).to_be_visible()
    expect(shown.get_by_role("columnheader")).to_have_text(["Name", "Attendance"])
    expect(shown.get_by_role("cell", name="Amélie")).to_be_visible()
    expect(shown.locator(".md-heading")).to_have_text("A heading")
    expect(shown.locator(".unsupported")).to_have_count(0)


def test_outside_image_is_a_card_and_nothing_is_fetched_from_outside(site: Site, window: Visit) -> None:
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    site.command("ben", "@praxis", "blocks")
    page = window.go(site, "ben", "@praxis")
    card = page.locator("a.outside").last
    expect(card).to_contain_text("a picture from outside")
    expect(card).to_contain_text("pictures.example.org")
    assert [url for url in asked if not url.startswith(site.url)] == []


def press_page(site: Site, window: Visit) -> tuple[Page, Locator]:
    site.command("olivia", "im-community", "press")
    page = window.go(site, "olivia", "im-community")
    return page, page.locator(".message").last


def test_button_updates_its_message_and_marks_it_edited_in_place(site: Site, window: Visit) -> None:
    _, message = press_page(site, window)
    message.get_by_role("button", name="Approve").click()
    expect(message).to_contain_text("Approved by @Olivia Bennett")
    expect(message.get_by_role("button", name="Approve")).to_be_focused()


def test_confirm_dialog_asks_first_and_keeps_its_word(site: Site, window: Visit) -> None:
    page, message = press_page(site, window)
    remove = message.get_by_role("button", name="Remove")
    remove.click()
    dialog = page.get_by_role("alertdialog", name="Remove it?")
    expect(dialog).to_contain_text("This cannot be undone.")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    expect(remove).to_be_focused()
    expect(message.locator(".thread-summary")).to_have_count(0)
    remove.click()
    dialog.get_by_role("button", name="Remove it").click()
    message.locator(".thread-summary").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Removed: gone")


def test_selects_menus_and_pickers_tell_the_bot_at_once(site: Site, window: Visit) -> None:
    page, message = press_page(site, window)
    message.get_by_role("combobox", name="Pick one – Colour").select_option("blue")
    expect(message.locator(".thread-summary")).to_contain_text("1 reply")
    message.locator(".overflow").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(message.locator(".thread-summary")).to_contain_text("2 replies")
    message.locator("input[type=date]").fill("2027-02-28")
    message.locator(".thread-summary", has_text="3 replies").click()
    panel = page.get_by_role("complementary", name="Thread")
    for said in ("Colour: blue", "Menu: archive", "Day: 2027-02-28"):
        expect(panel).to_contain_text(said)


def test_pressed_button_is_marked_until_answered_and_silence_is_explained(site: Site, window: Visit) -> None:
    window.allow("504")
    site.http.post("/delivery", json={"ack_seconds": 1}).raise_for_status()
    page, message = press_page(site, window)
    button = message.get_by_role("button", name="Silence")
    button.click()
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".toast-error")).to_contain_text("Praxis did not answer within three seconds.")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    site.http.post("/delivery", json={"ack_seconds": 3}).raise_for_status()
