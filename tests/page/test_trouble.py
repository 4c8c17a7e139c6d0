"""A cut connection, a bot that is away, and text that means harm."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Site, Visit, fresh_site
from tests.page.sink_blocks import HOSTILE, LONG_WORD, Block
from workspace import server


def test_cut_stream_is_said_and_everything_is_read_again_afterwards(window: Visit) -> None:
    window.allow("Failed to load resource|ERR_|EventSource")
    with fresh_site() as site:
        page = window.go(site, "olivia", "general")
        port = int(site.url.rsplit(":", 1)[1])
        site.running.stop()
        expect(page.locator("#banner")).to_have_text("Connection lost. Reconnecting…")
        box = page.get_by_role("textbox", name="Message #general")
        box.fill("Written while away")
        box.press("Enter")
        expect(page.locator(".toast-error")).to_contain_text("The workspace cannot be reached.")
        expect(box).to_have_value("Written while away")
        site.running = server.start(port=port, manifest=site.manifest)
        expect(page.locator("#banner")).to_be_hidden()
        box.press("Enter")
        expect(page.locator(".message", has_text="Written while away")).to_be_visible()
        site.say("ben", "general", "Back again")
        expect(page.locator(".message", has_text="Back again")).to_be_visible()


def test_absent_bot_is_explained_everywhere_it_is_asked(window: Visit) -> None:
    window.allow("504")
    with fresh_site() as site:
        page = window.go(site, "amelie", "home")
        expect(page.get_by_text("Praxis n’est pas connecté à cet espace de travail.")).to_be_visible()
        page.get_by_role("button", name="Réessayer").click()
        expect(page.get_by_text("Praxis n’est pas connecté")).to_be_visible()
        page.get_by_role("button", name="general").click()
        box = page.get_by_role("textbox", name="Écrire à #general")
        box.fill("/sink form")
        box.press("Enter")
        expect(page.locator(".toast-error")).to_contain_text("Démarrez-le, puis réessayez.")
        expect(page.locator(".message.ephemeral")).to_contain_text("/sink n’a pas fonctionné : Praxis n’a pas répondu.")


def harmless(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.locator(".messages script, .messages img[onerror]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    pieces = page.locator(".message, .message-content")
    assert pieces.evaluate_all("nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth + 1).length") == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_hostile_text_is_text_and_does_not_break_the_page(site: Site, window: Visit, width: int) -> None:
    window.page.set_viewport_size({"width": width, "height": 700})
    channel = site.direct("sam")
    escaped = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    blocks: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": HOSTILE[:140]}},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{escaped} {LONG_WORD[:2000]}"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "<javascript:alert(1)|press me> <data:text/html,x|or me>"},
        },
        {"type": "context", "elements": [{"type": "plain_text", "text": LONG_WORD[:1900]}]},
        {"type": "markdown", "text": f"{HOSTILE}\n[bad](javascript:alert(1)) | {LONG_WORD}"},
    ]
    site.client.chat_postMessage(channel=channel, text="hostile", blocks=blocks)
    site.say("sam", channel, HOSTILE + LONG_WORD)
    page = window.go(site, "sam", "@praxis")
    expect(page.locator(".message", has_text="press me").last).to_be_visible()
    expect(page.locator(".message h3").last).to_contain_text("<script>window.hacked = 1</script>")
    expect(page.locator("a[href^='javascript:'], a[href^='data:']")).to_have_count(0)
    harmless(page)


def test_forty_thousand_characters_are_folded_and_can_be_unfolded(site: Site, window: Visit) -> None:
    site.say("ben", "random", "*_~`<" * 7_990 + " the end")
    page = window.go(site, "ben", "random")
    long = page.locator(".message", has_text="the end").last
    height = long.bounding_box()
    assert height is not None
    assert height["height"] < 500
    toggle = long.locator(".link-button")
    expect(toggle).to_have_text("Show more")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    unfolded = long.bounding_box()
    assert unfolded is not None
    assert unfolded["height"] > height["height"]
    harmless(page)


def test_text_marks_are_read_in_time_that_grows_with_their_number(site: Site, window: Visit) -> None:
    page = window.go(site, "olivia", "general")
    milliseconds = page.evaluate(
        """async () => {
          const { mrkdwn } = await import("/static/js/mrkdwn.js");
          const { markdown } = await import("/static/js/markdown.js");
          const started = performance.now();
          for (const piece of ["*a ", "_a", "~x ~", "`", "```", "<", "<@", ":a", "> ", "[a](", "**a", "http://"]) {
            mrkdwn(piece.repeat(Math.floor(40000 / piece.length)));
            markdown(piece.repeat(Math.floor(12000 / piece.length)));
          }
          return performance.now() - started;
        }"""
    )
    assert milliseconds < 4_000


def test_unknown_address_falls_back_to_home(site: Site, window: Visit) -> None:
    page = window.go(site, "nobody", "nowhere")
    expect(page).to_have_url(re.compile("#/olivia/home$"))
