"""Pictures of the local workspace's page, as each role, in both languages, wide and narrow, light and dark.

Writes build/screenshots/*.png. Without `--url` it starts what `make run` starts without tokens, on a database of its
own; with `--url` it looks at a workspace that runs already.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.morning import START_SECONDS, People, a_morning

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WIDE: dict[str, Any] = {"viewport": {"width": 1360, "height": 850}}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TALL: dict[str, Any] = {"viewport": {"width": 1360, "height": 1250}}
DARK: dict[str, Any] = {"color_scheme": "dark"}


@dataclass(frozen=True)
class Shot:
    """One picture: who looks where, through which window, after which steps."""

    name: str
    who: str
    place: str
    steps: str = ""  # words for `act`, one after the other
    window: dict[str, Any] = field(default_factory=lambda: WIDE)


SHOTS = (
    Shot("organizer-home-en", "olivia", "home"),
    Shot("organizer-channel-en", "olivia", "im-community"),
    Shot("organizer-new-event-en", "olivia", "home", "press:event.create"),
    Shot("organizer-announcement-en", "olivia", "home", "press:announcement.write"),
    Shot("organizer-clock-en", "olivia", "im-community", "clock"),
    Shot("organizer-people-en", "olivia", "im-community", "people"),
    Shot("organizer-entries-en", "olivia", "home", "press:entry.list"),
    Shot("organizer-entries-fr", "lucie", "home", "press:entry.list"),
    Shot("organizer-review-en", "olivia", "home", "press:review.open"),
    Shot("organizer-review-fr", "lucie", "home", "press:review.open"),
    Shot("organizer-figures-en", "olivia", "@praxis", window=TALL),
    Shot("organizer-figures-fr", "lucie", "@praxis", window=TALL),
    Shot("answer-card-en", "ben", "@praxis", window=TALL),
    Shot("answer-card-fr", "amelie", "@praxis", window=TALL),
    Shot("course-list-en", "noor", "@praxis", window=TALL),
    Shot("course-list-fr", "leo", "@praxis", window=TALL),
    Shot("expert-card-en", "imani", "@praxis", window=TALL),
    Shot("expert-card-fr", "theo", "@praxis", window=TALL),
    Shot("practitioner-home-fr", "amelie", "home"),
    Shot("practitioner-question-fr", "amelie", "@praxis"),
    Shot("practitioner-channel-fr", "amelie", "im-community", "thread"),
    Shot("practitioner-commands-fr", "amelie", "im-community", "slash"),
    Shot("practitioner-home-en", "ben", "home"),
    Shot("practitioner-question-en", "ben", "@praxis"),
    Shot("facilitator-home-fr", "francois", "home"),
    Shot("facilitator-channel-fr-dark", "francois", "im-community", window=WIDE | DARK),
    Shot("supervisor-home-en", "sam", "home"),
    Shot("supervisor-question-en-dark", "sam", "@praxis", window=WIDE | DARK),
    Shot("narrow-channel-fr", "amelie", "im-community", window=NARROW),
    Shot("narrow-drawer-fr", "amelie", "im-community", "drawer", NARROW),
    Shot("narrow-home-en-dark", "ben", "home", window=NARROW | DARK),
)


def act(page: Page, steps: str) -> None:
    """Carry out the steps of a shot."""
    for step in steps.split():
        word, _, rest = step.partition(":")
        if word == "clock":
            page.locator("#clock").click()
        elif word == "people":
            page.locator("#persona").click()
        elif word == "drawer":
            page.locator("#open-side").click()
        elif word == "thread":
            page.locator(".thread-summary").last.click()
            page.wait_for_selector("#thread .message")
        elif word == "slash":
            page.locator("#pane .composer-text").press_sequentially("/pr")
        elif word == "press":
            page.locator(f"[data-action='{rest}']").first.click()
            page.wait_for_selector("dialog[open]")


def take(browser: Browser, url: str, shot: Shot, locale: str) -> None:
    """One picture, through a window of its own in the person's language."""
    context = browser.new_context(locale=locale, reduced_motion="reduce", **shot.window)
    context.set_default_timeout(10_000)
    try:
        page = context.new_page()
        page.goto(f"{url}/#/{shot.who}/{shot.place}")
        page.wait_for_selector("body[data-ready]")
        page.wait_for_selector(".home .block" if shot.place == "home" else ".message")
        act(page, shot.steps)
        page.wait_for_timeout(250)
        page.screenshot(path=FOLDER / f"{shot.name}.png")
    finally:
        context.close()
        httpx.post(
            f"{url}/people/{shot.who}/close", json={"all": True}, trust_env=False
        )  # an open modal follows the person


@contextmanager
def running() -> Iterator[str]:
    """The bot in its local workspace, as `make run` starts it, on a database of its own; yields the page's address."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+", encoding="utf-8") as log:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        environment |= {"DATABASE_URL": f"sqlite:///{folder}/praxis.db"}
        command = [sys.executable, str(ROOT / "bot.py"), "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own program
        try:
            yield _address(process, Path(folder) / "log")
        finally:
            process.terminate()
            process.wait(20)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8")
        found = re.search(r"http://127\.0\.0\.1:\d+", text)
        if found and httpx.get(f"{found[0]}/delivery", trust_env=False).json()["connections"] > 0:
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.2)
    sys.exit(f"The bot did not start:\n{log.read_text(encoding='utf-8')}")


def photograph(url: str, only: str) -> int:
    """Take every picture whose name matches; returns how many failed."""
    path = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if path is None:
        sys.exit("No Chromium here: install one (Debian, Ubuntu: apt-get install chromium).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    locales = {one["name"]: one["locale"] for one in httpx.get(f"{url}/people", trust_env=False).json()["people"]}
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for shot in SHOTS:
            if not re.search(only, shot.name):
                continue
            try:
                take(browser, url, shot, locales[shot.who])
                print(FOLDER / f"{shot.name}.png")
            except Error as error:
                failed += 1
                print(f"{shot.name}: {error.message.splitlines()[0]}", file=sys.stderr)
        browser.close()
    return failed


def main() -> int:
    """The command line; returns how many pictures failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a workspace that runs already")
    parser.add_argument("--only", default="", help="a pattern of names")
    parser.add_argument("--as-is", action="store_true", help="let nobody act first")
    options = parser.parse_args()
    with running() if options.url is None else _given(options.url) as url:
        if not options.as_is:
            a_morning(People(url))
        return photograph(url, options.only)


@contextmanager
def _given(url: str) -> Iterator[str]:
    yield url.rstrip("/")


if __name__ == "__main__":
    sys.exit(main())
