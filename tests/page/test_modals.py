"""Modals: every input, errors at their fields, stacks, closing, the keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.conftest import Site, Visit
from tests.page.sink_blocks import MEETING

OpenForm = Callable[[str], tuple[Page, Locator]]


@pytest.fixture
def open_form(site: Site, window: Visit) -> OpenForm:
    def open_one(word: str) -> tuple[Page, Locator]:
        page = window.go(site, "olivia", "@praxis")
        box = page.get_by_role("textbox", name="Message Praxis")
        box.fill(f"/sink {word}")
        box.press("Enter")
        return page, page.get_by_role("dialog")

    return open_one


def entered(state: dict[str, Any]) -> Any:
    """The one value of a field's state, beside its type."""
    return next((value for key, value in state.items() if key != "type"), None)


def listed(page: Page, name: str) -> Locator:
    """An option of the list that is open now (not of a plain select)."""
    return page.locator(".listbox").get_by_role("option", name=name)


def fill(page: Page, dialog: Locator, name: str) -> None:
    """Fills in every field that must be filled in."""
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("E-mail").fill("olivia@example.org")
    dialog.get_by_label("Seats").fill("12")
    dialog.get_by_label("Day").fill("2026-12-24")
    dialog.get_by_label("Colour", exact=True).select_option(label="Teal")
    dialog.get_by_label("Colours").click()
    listed(page, "Green").click()
    dialog.get_by_label("Colours").fill("amb")
    dialog.get_by_label("Colours").press("Enter")
    dialog.get_by_label("Topic").fill("rec")
    listed(page, "Recordkeeping").click()
    dialog.get_by_label("Person").select_option(label="Ben Nakamura")
    dialog.get_by_label("Channel", exact=True).select_option(label="#general")


def test_conversations_to_choose_from_are_those_the_filter_names(open_form: OpenForm) -> None:
    _, dialog = open_form("form")
    expect(dialog.get_by_label("Friend")).to_be_visible()
    every, places, friends = (
        dialog.get_by_label(label, exact=False).locator("option:not([value=''])").all_inner_texts()
        for label in ("Conversation", "Place", "Friend")
    )
    assert places == [one for one in every if one.startswith("#")]
    assert "#general" in places
    assert set(friends) == set(every) - set(places) - {"Praxis"}
    assert "Ben Nakamura" in friends


def test_every_input_reaches_the_bot_as_it_was_entered(site: Site, open_form: OpenForm) -> None:
    page, dialog = open_form("form")
    expect(dialog).to_have_accessible_name("Every input")
    fill(page, dialog, "Olivia")
    dialog.get_by_label("Notes (optional)").fill("Line one\nline two")
    dialog.get_by_label("Remarks").fill("In plain words")
    dialog.get_by_label("Hour").fill("10:45")
    dialog.get_by_label("Web site").fill("https://example.org")
    dialog.get_by_label("People").fill("sam")
    listed(page, "Sam Whitfield").click()
    dialog.get_by_label("Blue").first.check()
    dialog.get_by_role("radio", name="Amber").check()
    dialog.get_by_label("Documents").set_input_files({"name": "plan.txt", "mimeType": "text/plain", "buffer": b"plan"})
    expect(dialog.locator(".file-list")).to_contain_text("plan.txt")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message Praxis")).to_be_focused()
    values = json.loads(page.locator(".message", has_text="Saved").last.locator("pre").inner_text())
    picked = {block: entered(state) for block, state in values.items()}
    assert picked["name"] == "Olivia"
    assert picked["notes"] == "Line one\nline two"
    assert picked["rich"]["elements"][0]["elements"][0]["text"] == "In plain words"
    assert picked["seats"] == "12"
    assert (picked["day"], picked["hour"], picked["moment"]) == ("2026-12-24", "10:45", MEETING)
    assert picked["colour"]["value"] == "teal"
    assert [one["value"] for one in picked["colours"]] == ["green", "amber"]
    assert picked["topic"]["value"] == "recordkeeping"
    assert picked["zone"]["value"] == "eastern"  # as the bot filled it in, before anything was looked up
    assert (picked["person"], picked["people"], picked["channel"]) == ("U0BEN00001", ["U0SAM00001"], "C0GENERAL1")
    assert [one["value"] for one in picked["ticks"]] == ["blue"]
    assert picked["radio"]["value"] == "amber"
    assert picked["files"][0]["name"] == "plan.txt"


def test_moment_is_entered_in_the_viewers_own_zone(open_form: OpenForm) -> None:
    _, dialog = open_form("form")
    expect(dialog.get_by_label("Moment")).to_have_value("2027-06-01T09:30")
    expect(dialog.get_by_text("Times are in Eastern Time.")).to_be_visible()


def test_missing_and_wrong_entries_are_said_at_their_fields_before_anything_is_sent(
    open_form: OpenForm,
) -> None:
    _, dialog = open_form("form")
    dialog.get_by_label("Name").fill("x")
    dialog.get_by_label("E-mail").fill("nowhere")
    dialog.get_by_label("Seats").fill("2.5")
    dialog.get_by_label("Web site").fill("example")
    dialog.get_by_role("button", name="Save").click()
    expected = {
        "Name": "Please enter at least 2 characters.",
        "E-mail": "Please enter an e-mail address such as name@example.org.",
        "Seats": "Please enter a whole number.",
        "Web site": "Please enter an address that begins with https://.",
        "Day": "Please fill in this field.",
    }
    for label, sentence in expected.items():
        control = dialog.get_by_label(label)
        expect(control).to_have_attribute("aria-invalid", "true")
        expect(control).to_have_accessible_description(re.compile(re.escape(sentence)))
    expect(dialog.get_by_label("Name")).to_be_focused()
    expect(dialog.get_by_role("alert")).to_contain_text("fields need your attention.")


def test_errors_of_the_bot_stand_at_their_fields_and_keep_what_was_entered(
    open_form: OpenForm,
) -> None:
    page, dialog = open_form("form")
    fill(page, dialog, "Nobody")
    dialog.get_by_role("button", name="Save").click()
    name = dialog.get_by_label("Name")
    expect(name).to_have_accessible_description(re.compile("Somebody has to have a name."))
    expect(dialog.get_by_label("Seats")).to_have_accessible_description(re.compile("No seats for nobody."))
    expect(name).to_be_focused()
    expect(name).to_have_value("Nobody")
    name.fill("Somebody")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def test_update_from_a_button_inside_keeps_what_was_entered(open_form: OpenForm) -> None:
    page, dialog = open_form("form")
    fill(page, dialog, "Kept")
    dialog.get_by_role("button", name="Add a line").click()
    expect(dialog).to_contain_text("One more line.")
    expect(dialog.get_by_label("Name")).to_have_value("Kept")
    expect(dialog.locator(".chip")).to_have_text(["Green", "Amber"])
    expect(dialog.get_by_label("Topic")).to_have_value("Recordkeeping")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def test_steps_are_pushed_updated_gone_back_and_cleared(open_form: OpenForm) -> None:
    _, dialog = open_form("wizard")
    dialog.get_by_label("Answer 1").fill("remember me")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_have_accessible_name("Step 2")
    dialog.get_by_role("button", name="Back").first.click()
    expect(dialog).to_have_accessible_name("Step 1")
    expect(dialog.get_by_label("Answer 1")).to_have_value("remember me")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_have_accessible_name("Step 2")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_have_accessible_name("Step 3")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_have_count(0)


def test_escape_closes_tells_the_bot_and_gives_the_focus_back(open_form: OpenForm) -> None:
    page, dialog = open_form("form")
    expect(dialog.get_by_label("Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(".message").last).to_contain_text("You left the form.")
    expect(page.get_by_role("textbox", name="Message Praxis")).to_be_focused()


def test_escape_in_an_open_list_closes_the_list_alone(open_form: OpenForm) -> None:
    page, dialog = open_form("form")
    dialog.get_by_label("Colours").click()
    expect(listed(page, "Green")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".listbox")).to_have_count(0)
    expect(dialog).to_be_visible()


def test_focus_stays_inside_the_modal(open_form: OpenForm) -> None:
    page, dialog = open_form("wizard")
    expect(dialog.get_by_label("Answer 1")).to_be_focused()
    for key in ["Tab"] * 6 + ["Shift+Tab"] * 9:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.closest('dialog') !== null")


def test_global_shortcut_opens_its_modal(site: Site, window: Visit) -> None:
    page = window.go(site, "olivia", "general")
    page.get_by_role("button", name="Shortcuts").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Step 1")).to_be_visible()
