"""Saying, replying, reacting, mentioning, commanding."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.page.conftest import Site, Visit


def test_message_sent_with_enter_is_seen_by_another_window(site: Site, open_window: Callable[..., Visit]) -> None:
    mine = open_window().go(site, "olivia", "general")
    theirs = open_window().go(site, "ben", "general")
    box = mine.get_by_role("textbox", name="Message #general")
    box.fill("First line")
    box.press("Shift+Enter")
    box.type("second line @amelie")
    box.press("Enter")
    for page in (mine, theirs):
        said = page.locator(".message", has_text="second line").last
        expect(said).to_contain_text("First line")
        expect(said.locator(".mention")).to_have_text("@Amélie Gagnon")
    expect(box).to_have_value("")
    expect(theirs.locator("#live")).to_contain_text("Olivia Bennett: First line")


def test_unread_messages_are_counted_until_the_channel_is_opened(site: Site, window: Visit) -> None:
    page = window.go(site, "sam", "general")
    site.say("ben", "im-community", "Something new")
    entry = page.get_by_role("button", name=re.compile("im-community"))
    expect(entry.locator(".count")).to_have_text(re.compile(r"\d+"))
    entry.click()
    expect(page.get_by_text("Something new")).to_be_visible()
    expect(entry.locator(".count")).to_have_count(0)
    expect(page).to_have_url(re.compile("#/sam/im-community$"))


def test_thread_opens_beside_takes_replies_and_gives_the_focus_back(site: Site, window: Visit) -> None:
    site.say("ben", "general", "Who chairs today?")
    page = window.go(site, "olivia", "general")
    message = page.locator("#pane .message", has_text="Who chairs today?")
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    panel = page.get_by_role("complementary", name="Thread")
    panel.get_by_role("textbox").fill("I do")
    panel.get_by_role("textbox").press("Enter")
    expect(panel.locator(".message", has_text="I do")).to_be_visible()
    summary = message.get_by_role("button", name=re.compile("1 reply"))
    expect(summary).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    summary.click()
    expect(panel.locator(".replies-head")).to_have_text("1 reply")


def test_command_in_a_thread_is_refused_with_a_reason_and_kept(site: Site, window: Visit) -> None:
    ts = site.say("ben", "general", "A thread to command in")["ts"]
    page = window.go(site, "olivia", f"general/{ts}")
    box = page.get_by_role("complementary", name="Thread").get_by_role("textbox")
    box.fill("/sink blocks")
    box.press("Enter")
    expect(page.locator(".toast-error")).to_contain_text("Commands do not work in a thread.")
    expect(box).to_have_value("/sink blocks")


def test_reaction_is_added_by_the_palette_and_taken_back_by_pressing_it(site: Site, window: Visit) -> None:
    site.say("ben", "general", "React to this")
    page = window.go(site, "olivia", "general")
    message = page.locator(".message", has_text="React to this").last
    message.hover()
    message.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("button", name="tada").click()
    pill = message.locator(".reaction")
    expect(pill).to_have_attribute("aria-pressed", "true")
    expect(pill).to_have_accessible_name("tada, 1 person")
    pill.click()
    expect(pill).to_have_count(0)


def test_slash_completion_is_worked_by_keyboard_alone(site: Site, window: Visit) -> None:
    page = window.go(site, "amelie", "@praxis")
    box = page.get_by_role("textbox", name="Écrire à Praxis")
    box.type("/s")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    box.press("ArrowUp")
    box.press("Enter")
    expect(box).to_have_value("/sink ")
    box.type("whi")
    expect(options).to_have_count(1)
    box.press("Tab")
    expect(box).to_have_value("/sink whisper ")
    box.press("Enter")
    whisper = page.locator(".message.ephemeral").last
    expect(whisper).to_contain_text("Just between us")
    expect(whisper).to_contain_text("Visible par vous uniquement")
    box.type("/sink form")  # a whole word, though a longer one that begins so stands before it
    expect(options).to_have_count(2)
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")


def test_escape_closes_the_completion_and_keeps_the_text(site: Site, window: Visit) -> None:
    page = window.go(site, "olivia", "general")
    box = page.get_by_role("textbox", name="Message #general")
    box.type("/si")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("/si")


def test_unknown_command_is_named_and_stays_in_the_box(site: Site, window: Visit) -> None:
    page = window.go(site, "olivia", "general")
    box = page.get_by_role("textbox", name="Message #general")
    box.fill("/nothing here")
    box.press("Enter")
    expect(page.locator(".toast-error")).to_contain_text("/nothing is not a command")
    expect(box).to_have_value("/nothing here")


def test_file_is_attached_sent_and_shown(site: Site, window: Visit) -> None:
    page = window.go(site, "olivia", "general")
    page.locator(".composer input[type=file]").set_input_files(
        {"name": "minutes.txt", "mimeType": "text/plain", "buffer": b"Minutes of the meeting"}
    )
    expect(page.locator(".composer .chip")).to_contain_text("minutes.txt")
    page.get_by_role("textbox", name="Message #general").press("Enter")
    card = page.locator(".file-card", has_text="minutes.txt").last
    expect(card).to_be_visible()
    assert page.request.get(site.url + (card.get_attribute("href") or "")).text() == "Minutes of the meeting"


def test_message_shortcut_runs_from_more_actions(site: Site, window: Visit) -> None:
    site.say("ben", "general", "Worth keeping")
    page = window.go(site, "olivia", "general")
    message = page.locator(".message", has_text="Worth keeping").first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=re.compile("Keep this message")).press("Enter")
    expect(page.locator(".message.ephemeral").last).to_contain_text("Kept: Worth keeping")


def test_channel_outside_membership_can_be_joined_before_writing(site: Site, window: Visit) -> None:
    site.act("sam", "leave", channel="random")
    page = window.go(site, "sam", "random")
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("button", name="Join #random").click()
    expect(page.get_by_role("textbox", name="Message #random")).to_be_focused()
