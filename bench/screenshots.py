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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench import documents, event_day
from bench.morning import ROOT, START_SECONDS, People
from bench.shots import STAGES, Shot

FOLDER = ROOT / "build" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


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
        elif word == "command":  # its words with + between
            page.locator("#pane .composer-text").fill(f"/praxis {rest.replace('+', ' ')}")
            page.locator("#pane .composer-text").press("Enter")
            page.wait_for_selector("dialog[open]")
        elif word == "on":  # further, within the modal; the first of several, or the one of that number
            before = page.locator("dialog[open]").inner_text()
            action, _, number = rest.partition(":")
            page.locator(f"dialog[open] [data-action='{action}']").nth(int(number or 0)).click()
            page.wait_for_function("old => document.querySelector('dialog[open]')?.innerText !== old", arg=before)
        elif word == "down":
            page.locator("dialog[open] .modal-body").evaluate("body => body.scrollTo(0, body.scrollHeight)")
        elif word == "open":  # in the newest message that has it; the first of several, or the one of that number
            action, _, number = rest.partition(":")
            button = f"[data-action='{action}']"
            page.locator(".message", has=page.locator(button)).last.locator(button).nth(int(number or 0)).click()
            page.wait_for_selector("dialog[open]")
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
def running() -> Iterator[tuple[str, dict[str, str]]]:
    """The bot in its local workspace, as `make run` starts it, on a database of its own.

    Yields the page's address and the bot's environment.
    """
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+", encoding="utf-8") as log:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        environment |= {"DATABASE_URL": f"sqlite:///{folder}/praxis.db"}
        command = [sys.executable, str(ROOT / "bot.py"), "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own program
        try:
            yield _address(process, Path(folder) / "log"), environment
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


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser of this machine."""
    path = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if path is None:
        sys.exit("No Chromium here: install one (Debian, Ubuntu: apt-get install chromium).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def photograph(browser: Browser, url: str, shots: Sequence[Shot]) -> int:
    """Take these pictures; returns how many failed."""
    locales = {one["name"]: one["locale"] for one in httpx.get(f"{url}/people", trust_env=False).json()["people"]}
    failed = 0
    for shot in shots:
        try:
            take(browser, url, shot, locales[shot.who])
            print(FOLDER / f"{shot.name}.png")
        except Error as error:
            failed += 1
            print(f"{shot.name}: {error.message.splitlines()[0]}", file=sys.stderr)
    return failed


def main() -> int:
    """The command line; returns how many pictures failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a workspace that runs already")
    parser.add_argument("--only", default="", help="a pattern of names")
    parser.add_argument("--as-is", action="store_true", help="let nobody act first")
    options = parser.parse_args()
    stages = STAGES[:1] if options.as_is else STAGES
    wanted = [[shot for shot in shots if re.search(options.only, shot.name)] for _, shots in stages]
    last = max((number for number, shots in enumerate(wanted) if shots), default=0)
    failed = 0
    with running() if options.url is None else _given(options.url) as (url, environment), browsing() as browser:
        people = People(url, environment)
        for number, (happens, _) in enumerate(stages[: last + 1]):
            if not options.as_is:
                happens(people)
            failed += photograph(browser, url, wanted[number])
            if environment and happens is event_day.a_year:
                failed += documents.sheets(environment, FOLDER, options.only)
        if environment and not options.as_is:
            documents.screens(browser, environment, FOLDER, options.only)
    return failed


@contextmanager
def _given(url: str) -> Iterator[tuple[str, None]]:
    yield url.rstrip("/"), None


if __name__ == "__main__":
    sys.exit(main())
